"""The seam: a function by its name, with what Lambda would give it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from chalice import Chalice

from infra.manifest import load
from infra.stack.invoke import Functions

app = Chalice("tiny")
seen: list[Any] = []
met: list[str] = []
meeting = Barrier(2)
"""Where two invocations would meet if they ran at once."""


@app.route("/v1/who", methods=["GET"])
def who() -> dict[str, Any]:
    first = caller()
    with suppress(BrokenBarrierError):
        meeting.wait(0.2)
        met.append(first)
    return {"first": first, "second": caller()}


def caller() -> str:
    assert app.current_request
    return str(app.current_request.headers["who"])


@app.lambda_function(name="open_days")
def open_days(event: Any, context: Any) -> Any:
    seen.append((event, context))
    return {"units": 3, "pair": (1, 2)}


@app.lambda_function(name="open_unit")
def open_unit(event: Any, context: Any) -> Any:
    raise RuntimeError("broken")


functions = Functions(app, load())


def api_event(who: str) -> dict[str, Any]:
    context = {"httpMethod": "GET", "resourcePath": "/v1/who", "path": "/v1/who"}
    return {
        "requestContext": context,
        "headers": {"who": who},
        "pathParameters": {},
        "stageVariables": {},
        "multiValueQueryStringParameters": None,
        "body": None,
        "isBase64Encoded": False,
    }


def test_a_function_is_called_by_its_name_with_a_context() -> None:
    seen.clear()
    assert functions.invoke("open_days", {"day": ("2026-11-23",)}) == {"units": 3, "pair": [1, 2]}
    event, context = seen[0]
    assert event == {"day": ["2026-11-23"]}, "both sides only see JSON, as across the network"
    assert (context.function_name, context.memory_limit_in_mb) == ("open_days", 256)
    assert 59_000 < context.get_remaining_time_in_millis() <= 60_000
    functions.invoke("open_days", {})
    assert context.aws_request_id != seen[1][1].aws_request_id


def test_a_failing_function_fails_its_caller() -> None:
    with pytest.raises(RuntimeError, match="broken"):
        functions.invoke("open_unit", {})
    assert functions.invoke("open_days", {})["units"] == 3, "the next invocation gets its turn"


def test_the_api_is_the_app_itself() -> None:
    assert functions.routes == ["/v1/who"]
    meeting.abort()
    assert functions.invoke("api_handler", api_event("A"))["statusCode"] == 200
    meeting.reset()


def test_invocations_of_one_process_never_meet() -> None:
    """Chalice keeps the current request on the app: two at once would read each other's."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: functions.invoke("api_handler", api_event(who))["body"], "AB"))
    assert met == []
    assert answers == ['{"first":"A","second":"A"}', '{"first":"B","second":"B"}']
