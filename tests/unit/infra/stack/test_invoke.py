"""The seam: a function by its name, with what Lambda would give it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chalice import Chalice

from infra.manifest import load
from infra.stack.invoke import Functions

app = Chalice("tiny")
seen: list[Any] = []


@app.route("/v1/who", methods=["GET"])
def who() -> dict[str, Any]:
    first = caller()
    sum(range(20_000))
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
    assert functions.invoke("api_handler", api_event("A"))["statusCode"] == 200


def test_invocations_of_one_process_never_mix() -> None:
    """Chalice keeps the current request on the app: two at once would read each other's."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: functions.invoke("api_handler", api_event(str(n)))["body"], range(64)))
    assert [f'"first":"{n}","second":"{n}"' in answer for n, answer in enumerate(answers)] == [True] * 64
