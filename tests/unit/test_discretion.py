"""What no log line may hold is found, and what only looks like it is not."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from infra import demo
from tests import discretion
from tests.discretion import Watch, finds

PLANTED = {
    "a phone number": "called by 10000000101 at noon",
    "a name": f"{demo.people()[0].name} was here",
    "an openid": "o" + "0123456789abcdef01234567890" + " came in",
    "a session's token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMDAwIn0.c2lnbmF0dXJl",
    "an authorization": "Authorization: Bearer 0123456789abcdef0123",
    "WeChat's token": "POST /wxa/business/getuserphonenumber?access_token=abc",
    "WeChat's secret": "GET /sns/jscode2session?appid=wx0&secret=abc",
    "a WeChat code": "GET /sns/jscode2session?js_code=abc",
}


def test_every_kind_is_planted_once() -> None:
    assert PLANTED.keys() == discretion.PRIVATE.keys()


@pytest.mark.parametrize("kind", PLANTED)
def test_each_is_found_and_told_without_being_repeated(kind: str) -> None:
    (told,) = finds(PLANTED[kind])
    assert told.startswith(kind)
    assert len(told) <= len(kind) + discretion.SHOWN + len(" (…)")


@pytest.mark.parametrize(
    "text", ["+8610000000101", "+86 10000000101", "+86-10000000101", "call 10000000101.", "10000000101. Then"]
)
def test_a_phone_number_is_found_with_its_country_and_at_the_end_of_a_sentence(text: str) -> None:
    (told,) = finds(text)
    assert told.startswith("a phone number")


@pytest.mark.parametrize(
    "text",
    [
        "1795829557179", "2026-11-28T01:32:37.179+00:00", "91990000MA00000008", "abc10000000101", "1.10000000101",
        "123456789012", "10000000101.5", "10000000101.xlsx",
        "+10000000101", "POST /v1/login", "secret", "the openid is kept as a hash", "access_token", "Bearer",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert list(finds(text)) == []


@pytest.fixture
def planted() -> Iterator[tuple[Watch, logging.Logger]]:
    """A watch of its own: the one of this run must not hear what is planted here."""
    watch, logger = Watch(), logging.getLogger("planted")
    logger.propagate = False
    logger.addHandler(watch)
    yield watch, logger
    logger.removeHandler(watch)
    logger.propagate = True


def test_a_line_that_names_a_person_fails_its_test_and_says_where(planted: tuple[Watch, logging.Logger]) -> None:
    watch, logger = planted
    logger.warning("called by %s", PLANTED["a phone number"].split()[2])
    logger.warning("invocation", extra={"facts": {"who": PLANTED["a name"]}})
    teardown = watch.pytest_runtest_teardown()
    next(teardown)
    with pytest.raises(AssertionError, match=r"planted \(test_discretion\.py:\d+\): a phone number \(10…\)") as failed:
        next(teardown)
    assert "a name" in str(failed.value)
    assert "10000000101" not in str(failed.value)
    watch.judge()


RUN_OF_ITS_OWN = {
    "conftest.py": """
from tests import discretion
def pytest_configure(config):
    discretion.watch(config)
""",
    "test_last.py": """
import logging
import pytest
@pytest.fixture(scope="session")
def shared():
    yield
    logging.getLogger("tean").info("called by " + "10000000" + "101")
def test_last(shared):
    pass
""",
}


def test_what_is_logged_while_all_is_taken_down_after_the_last_test_fails_the_run(tmp_path: Path) -> None:
    """In a worker too, whose own exit status nobody asks for."""
    for name, text in RUN_OF_ITS_OWN.items():
        (tmp_path / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "no:cacheprovider", "--numprocesses=1"]
    run = subprocess.run([*command, tmp_path], capture_output=True, text=True, check=False)
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert "tean (test_last.py:7): a phone number (10…)" in run.stdout


def test_the_words_of_an_exception_are_not_printed_and_so_not_found(planted: tuple[Watch, logging.Logger]) -> None:
    watch, logger = planted
    try:
        raise ValueError(PLANTED["a phone number"])
    except ValueError:
        logger.exception("failed")
    assert watch.found == []


def test_a_line_in_a_file_of_a_stack_is_found_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "gateway.log").write_text(f"all is well\n{PLANTED['a phone number']}\n", "utf-8")
    (tmp_path / "pump.log").write_text("all is well\n", "utf-8")
    assert discretion.of_files(tmp_path) == ["gateway.log:2: a phone number (10…)"]
    with pytest.raises(AssertionError, match="gateway"):
        discretion.assert_nothing(discretion.of_files(tmp_path))


def test_this_very_run_is_watched_down_to_what_a_function_says_in_passing() -> None:
    import_module("app")
    (watch,) = (handler for handler in logging.getLogger().handlers if isinstance(handler, Watch))
    logging.getLogger("tean").info("called by %s", PLANTED["a phone number"].split()[2])
    with pytest.raises(AssertionError, match=r"tean \(test_discretion\.py:\d+\): a phone number"):
        watch.judge()


def test_everybody_whom_a_test_invents_bears_a_name_that_is_found() -> None:
    """A name of another shape could be logged, and nobody would notice."""
    named = re.compile(r'\bname(?:": |=)f?"([^"]*[一-鿿][^"]*)", (?:"phone": |roles=)|somebody\([^()]*name="([^"]*)"')
    texts = {file: file.read_text("utf-8") for file in Path("tests").rglob("*.py")}
    people = {
        name: str(file) for file, text in texts.items() for found in named.findall(text) for name in found if name
    }
    assert len(people) > 10
    assert {name: file for name, file in people.items() if not discretion.PRIVATE["a name"].search(name)} == {}
