"""Our side of Lambda's Runtime API, told by the client that talks to it on Lambda."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.stack.artefact import PYTHON
from infra.stack.runtime import FunctionFailed, Runtime
from tests.package.making import set_up

HANDLERS = """
import os, threading

calls = []

def answer(event, context):
    calls.append(event)
    return {
        "event": event, "calls": len(calls), "request": len(context.aws_request_id),
        "left": context.get_remaining_time_in_millis(), "name": context.function_name,
    }

def fail(event, context):
    raise LookupError("a name") if event else SystemExit(3)

def hang(event, context):
    if event:
        threading.Event().wait()
    return os.getpid()

def end(event, context):
    os._exit(3)

def nothing(event, context):
    pass
"""

Start = Callable[..., Runtime]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    set_up()
    folder = tmp_path_factory.mktemp("handlers")
    (folder / "handlers.py").write_text(HANDLERS)
    return folder


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    started: list[Runtime] = []

    def run(handler: str, seconds: int = 20) -> Runtime:
        told = {"LAMBDA_TASK_ROOT": str(folder), "AWS_LAMBDA_FUNCTION_NAME": "tiny", "PATH": os.defpath}
        command = [str(PYTHON), "-m", "awslambdaric", f"handlers.{handler}"]
        started.append(Runtime("tiny", command, told, folder, seconds))
        return started[-1]

    yield run
    for runtime in started:
        runtime.end()


def test_a_function_is_told_the_event_and_its_invocation(start: Start) -> None:
    answer = start("answer").invoke({"duty": "daily", "单位": ["a"]})
    left = answer.pop("left")
    assert answer == {"event": {"duty": "daily", "单位": ["a"]}, "calls": 1, "request": 36, "name": "tiny"}
    assert 0 < left <= 20_000


def test_the_next_event_meets_the_same_process(start: Start) -> None:
    runtime = start("answer")
    assert [runtime.invoke(number)["calls"] for number in range(3)] == [1, 2, 3]


def test_no_answer_is_none(start: Start) -> None:
    assert start("nothing").invoke({}) is None


def test_what_it_raises_is_named_and_its_words_stay_in_its_own_log(start: Start) -> None:
    runtime = start("fail")
    with pytest.raises(FunctionFailed) as failure:
        runtime.invoke({"who": 1})
    assert (failure.value.kind, "a name" in str(failure.value)) == ("LookupError", False)
    assert runtime.alive


def test_one_that_takes_too_long_is_ended(start: Start) -> None:
    runtime = start("hang", seconds=2)
    assert runtime.invoke(None) > 0
    with pytest.raises(FunctionFailed) as failure:
        runtime.invoke({"wait": True})
    assert (failure.value.kind, runtime.alive) == ("Sandbox.Timedout", False)


def test_a_process_that_ends_fails_the_event_it_held_and_every_later_one(start: Start) -> None:
    runtime = start("end")
    for _ in range(2):
        with pytest.raises(FunctionFailed) as failure:
            runtime.invoke({})
        assert failure.value.kind == "Runtime.ExitError"


def test_code_that_cannot_be_imported_fails(start: Start) -> None:
    runtime = start("missing")
    with pytest.raises(FunctionFailed) as failure:
        runtime.invoke({})
    assert failure.value.kind in ("Runtime.HandlerNotFound", "Runtime.ExitError")


def test_ended_it_leaves_no_process_and_no_complaint(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    runtime = start("answer")
    runtime.invoke({})
    runtime.end()
    assert not runtime.alive
    assert "Exception" not in capsys.readouterr().err
