"""One side in a process of its own: ``python -m tests.bench.serve MODULE:SIDE``.

It is told the routes as JSON, answers each with the side's Lambda handler, and tells how many microseconds of processor
time a request took. Only the standard library, because the others run it too.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

Handler = Callable[[Any, Any], Mapping[str, Any]]
Side = Callable[[], AbstractContextManager[Handler]]

WARM_UP = 100


@dataclass(frozen=True)
class Route:
    """An event as API Gateway sends it, and what has to be answered."""

    event: Mapping[str, Any]
    status: int
    answer: Any


class Context:
    """What Lambda tells a function about its invocation."""

    function_name = "api"
    memory_limit_in_mb = 512
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    invoked_function_arn = "arn:aws-cn:lambda:cn-northwest-1:000000000000:function:api"

    def get_remaining_time_in_millis(self) -> int:
        """Enough."""
        return 10_000


class OtherAnswer(Exception):
    """A side does not do the work that is measured."""


def check(handler: Handler, route: Route) -> None:
    """Refuse a side that answers anything else."""
    said = handler(_received(route), Context())
    answer = int(said["statusCode"]), json.loads(said["body"])
    if answer != (route.status, route.answer):
        raise OtherAnswer(f"{answer} instead of {(route.status, route.answer)}")


def check_refusal(handler: Handler, event: Mapping[str, Any]) -> None:
    """Refuse a side that takes what it should have found wrong."""
    status = int(handler(event, Context())["statusCode"])
    if not 400 <= status < 500:
        raise OtherAnswer(f"{status} for a body that is not valid")


def microseconds(handler: Handler, route: Route, requests: int) -> float:
    """What one of ``requests`` costs on average, in processor time: others on the machine do not count."""
    for event in [_received(route) for _ in range(WARM_UP)]:
        handler(event, Context())
    events = [_received(route) for _ in range(requests)]
    gc.collect()
    start = time.process_time()
    for event in events:
        handler(event, Context())
    return (time.process_time() - start) / requests * 1e6


def _received(route: Route) -> Any:
    """Each request gets an event of its own, as Lambda's runtime reads it."""
    return json.loads(json.dumps(route.event))


def main() -> None:
    """Check each route, then measure it."""
    module, _, side = sys.argv[1].partition(":")
    told = json.load(sys.stdin)
    routes = {name: Route(**route) for name, route in told["routes"].items()}
    with getattr(importlib.import_module(module), side)() as handler:
        for route in routes.values():
            check(handler, route)
        check_refusal(handler, told["refused"])
        took = {name: microseconds(handler, route, told["requests"]) for name, route in routes.items()}
    sys.stdout.write(json.dumps(took))


if __name__ == "__main__":
    main()
