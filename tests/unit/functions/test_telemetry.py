"""What the functions write down: one line for each invocation, in JSON, with its metrics, and nobody's name."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from chalice.test import Client

from app import app
from chalicelib import events
from chalicelib.telemetry import Hidden, write_json_lines
from infra.stack.invoke import Context
from schemas.language import Role
from tests.discretion import Watch
from tests.fakes import builders, scenes
from tests.fakes.builders import UNIT
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.wechat import FakeWeChat
from tests.unit.functions.conftest import OPENID, Api, installed
from tests.unit.functions.test_events import message, queue_event


@dataclass
class Log:
    """What was written."""

    stream: io.StringIO

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, message: str = "invocation") -> list[dict[str, Any]]:
        """Those with this message."""
        return [line for line in map(json.loads, self.text.splitlines()) if line["message"] == message]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    """From a root where nobody else listens but who watches every run."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [one for one in root.handlers if isinstance(one, Watch)])
    log = Log(io.StringIO())
    write_json_lines(log.stream)
    return log


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """Over DynamoDB."""
    with moto_store() as store:
        yield installed(Api(store), monkeypatch)


# --- requests ---------------------------------------------------------------------------------------------------------


def test_a_request_is_one_line_that_says_what_became_of_it(api: Api, log: Log) -> None:
    reply = api.call("GET", "/v1/todos?limit=5", token=api.token())
    (line,) = log.lines()
    assert (line["level"], line["request"]) == ("INFO", reply.headers["X-Request-Id"])
    told = {name: line[name] for name in ("route", "status", "unit", "faults")}
    assert told == {"route": "GET /v1/todos", "status": reply.status, "unit": UNIT, "faults": 0}
    assert line["milliseconds"] >= 0


def test_a_route_is_told_without_what_stood_in_its_place(api: Api, log: Log) -> None:
    api.call("GET", "/v1/tasks/daily/2026-11-23/E-1", token=api.token())
    (line,) = log.lines()
    assert (line["route"], line["code"]) == ("GET /v1/tasks/{duty}/{due}/{target}", "task.unknown")


def test_what_is_refused_says_with_which_code(api: Api, log: Log) -> None:
    reply = api.call("GET", "/v1/statistics?since=2026-11-01&until=2026-11-02", token=api.token(Role.OFFICER))
    (line,) = log.lines()
    assert (line["status"], line["code"], line["faults"]) == (403, reply.json["code"], 0)
    assert line["unit"] == UNIT


def test_a_fault_is_counted_and_the_line_of_its_place_names_the_same_request(
    api: Api, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(api.services.todos), "page", broken)
    reply = api.call("GET", "/v1/todos", token=api.token())
    (line,) = log.lines()
    (place,) = log.lines("failed: RuntimeError")
    assert (line["status"], line["faults"]) == (500, 1)
    assert line["request"] == place["request"] == reply.headers["X-Request-Id"]
    assert "in broken" in place["exception"]


def test_no_line_names_a_person(api: Api, log: Log) -> None:
    person = builders.person("P1")
    api.store.apply(builders.changes())
    token = api.token()
    api.call("GET", "/v1/session", token=token)
    api.call("GET", "/v1/todos", token=token)
    api.call("POST", "/v1/login", {"code": "c" * 20})
    assert len(log.lines()) == 3
    for private in (token, OPENID, person.name, person.phone, '"P1"', "c" * 20):
        assert private not in log.text


def test_what_fails_outside_of_a_handler_is_told_in_the_same_way(
    api: Api, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    """As a request without what API Gateway always says."""
    context = {"resourcePath": "/v1/progress/{duty}", "httpMethod": "GET", "requestId": "r1"}
    event = {
        "requestContext": context, "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": {},
        "body": None, "isBase64Encoded": False, "stageVariables": None,
    }  # fmt: skip
    answer = app(event, Context("api_handler", memory_limit_in_mb=512, seconds=10))
    (line,) = log.lines()
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (500, "server.error")
    assert (line["status"], line["faults"], line["request"]) == (500, 1, "r1")
    assert "duty" not in log.lines("failed: KeyError")[0]["exception"].splitlines()[-1]


# --- metrics and consumption ------------------------------------------------------------------------------------------


def test_the_metrics_are_numbers_of_the_line_by_function_alone(api: Api, log: Log) -> None:
    api.call("GET", "/v1/todos", token=api.token())
    (line,) = log.lines()
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("tean", [["function"]])
    assert isinstance(line["function"], str)
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    assert units == {"milliseconds": "Milliseconds", "faults": "Count", "read_units": "Count", "write_units": "Count"}
    assert all(isinstance(line[name], int | float) for name in units)
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000


def test_what_storage_consumed_is_told_of_each_request_alone(stored: Api, log: Log) -> None:
    hazard, director = scenes.reported(stored.store), stored.token(Role.DIRECTOR, person="D1")
    wechat = stored.services.wechat = FakeWeChat()
    nobody = {"code": wechat.login.hand_out("o"), "phone_code": wechat.phones.hand_out("10000000099")}
    with watch() as wire:
        stored.call("GET", f"/v1/hazards/{hazard.id}", token=director)
    # It is counted, and then looked for: one write and one read. Of transactions moto does not say what they consume.
    stored.call("POST", "/v1/login", nobody)
    read, write = log.lines()
    assert (read["requests"], read["read_units"] > 0, read["write_units"]) == (len(wire.operations), True, 0)
    assert (write["requests"], write["read_units"] > 0, write["write_units"] > 0) == (2, True, True)


# --- events -----------------------------------------------------------------------------------------------------------


def test_a_batch_tells_how_many_messages_failed(api: Api, log: Log) -> None:
    with Client(app) as client:
        event = queue_event(message(unit="NOBODY"), message(unit="NOBODY"))
        answer = client.lambda_.invoke("open_unit", event).payload
    (line,) = log.lines()
    assert (line["messages"], line["failed"], line["faults"]) == (2, len(answer["batchItemFailures"]), line["failed"])
    assert line["function"] == "open_unit"


def test_a_message_that_failed_names_its_unit_and_day(api: Api, monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(api.store, "roster", broken)
    context = Context("open_unit", memory_limit_in_mb=512, seconds=60)
    events.open_unit(queue_event(message(), "{"), context)
    failed = log.lines("message m0 failed: RuntimeError")
    assert [(one["unit"], one["duty"], one["due"]) for one in failed] == [(UNIT, "daily", builders.DAY.isoformat())]
    assert ["unit" in one for one in log.lines("message m1 failed: ValidationError")] == [False]


def test_an_event_that_nothing_caught_is_a_fault_and_reaches_the_runtime_without_its_words(
    api: Api, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    words = "示例人员张 10000000901"

    def broken(*args: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(type(api.announcements), "announce", broken)
    with pytest.raises(Hidden, match=r"^RuntimeError$") as raised:
        events.open_days({"time": "2026-11-22T16:05:00Z"}, Context("open_days", memory_limit_in_mb=256, seconds=60))
    (line,) = log.lines()
    assert line["faults"] == 1
    assert words not in log.text + "".join(traceback.format_exception(raised.value))
    assert "in broken" in log.lines("failed: RuntimeError")[0]["exception"]


ALONE = """
from chalicelib import events
import logging, sys
logging.getLogger("tean").info("heard")
print("app" in sys.modules)
"""


def test_a_worker_that_loads_no_app_writes_as_the_api_does() -> None:
    run = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    said, app_loaded = run.stdout.splitlines()
    assert (json.loads(said)["message"], app_loaded) == ("heard", "False")


# --- the handler ------------------------------------------------------------------------------------------------------


def test_lambdas_own_handler_makes_room_and_nothing_is_written_twice(log: Log) -> None:
    lambdas = type("LambdaLoggerHandler", (logging.Handler,), {"__module__": "awslambdaric.bootstrap"})
    root, theirs = logging.getLogger(), lambdas()
    root.addHandler(theirs)
    root.handlers[:] = [one for one in root.handlers if type(one).__module__ != write_json_lines.__module__]
    write_json_lines(log.stream)
    write_json_lines(log.stream)
    logging.getLogger("tean").info("said once")
    assert len(log.lines("said once")) == 1
    assert theirs not in root.handlers


@pytest.mark.parametrize("logger", ["tean", "pynamodb"])
def test_what_went_wrong_is_one_line_with_its_place_and_without_its_words(log: Log, logger: str) -> None:
    words = "示例人员张 10000000901"

    def quoting() -> None:
        raise ExceptionGroup(words, [ValueError(words)])

    try:
        quoting()
    except ExceptionGroup:
        logging.getLogger(logger).exception("上")
    (line,) = log.lines("上")
    assert ("上" in log.text, words in log.text) == (True, False)
    assert "in quoting" in line["exception"] and "ValueError" in line["exception"]
