"""What the functions write down: JSON lines, one for each invocation at least.

The line of an invocation is its metrics as well: CloudWatch takes the numbers that ``_aws`` names out of it (embedded
metric format), so nothing has to be called for them. No line names a person: not by a phone, a name, an openid, a token
or a code; a unit's code is public.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TextIO

from tean import bootstrap

log = logging.getLogger("tean")

Facts = dict[str, Any]
_noted: ContextVar[Facts | None] = ContextVar("noted", default=None)
_METRICS = {"milliseconds": "Milliseconds", "faults": "Count", "read_units": "Count", "write_units": "Count"}
_warm = False


def write_json_lines(stream: TextIO | None = None) -> None:
    """Let every floor's logger write to standard output, from where Lambda takes it, or to another stream."""
    root = logging.getLogger()
    if any(isinstance(handler, _JsonLines) for handler in root.handlers):
        return
    # Lambda's own handler would write each line once more, as text.
    for handler in [one for one in root.handlers if type(one).__module__.startswith("awslambdaric")]:
        root.removeHandler(handler)
    root.addHandler(_JsonLines(stream or sys.stdout))
    log.setLevel(logging.INFO)


class JsonLine(logging.Formatter):
    """One record in one line; within an invocation it says which."""

    def format(self, record: logging.LogRecord) -> str:
        """Its level, time and message, the facts that came with it, and where an exception came from."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"level": record.levelname, "time": at, "message": record.getMessage()}
        if noted := _noted.get():
            line["request"] = noted["request"]
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, "facts", {}), ensure_ascii=False, separators=(",", ":"))

    def formatException(self, ei: Any) -> str:
        """Where it happened, and the class, but never the message: that may quote an item, which may name a person."""
        _, error, _ = ei
        return super().formatException((type(error), _hidden(error), error.__traceback__))


class _JsonLines(logging.StreamHandler[TextIO]):
    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(JsonLine())


def note(**facts: Any) -> None:
    """Something worth knowing of the invocation that is on; its line will say it."""
    if (noted := _noted.get()) is not None:
        noted.update(facts)


def tell_request(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """The middleware of HTTP: route, status, and what was noted on the way."""
    context = event.context or {}
    with _told(context.get("requestId", "-"), event.lambda_context) as noted:
        noted["route"] = f"{event.method} {context.get('resourcePath', '-')}"
        response = get_response(event)
        noted |= {"status": response.status_code, "faults": int(response.status_code >= 500)}
        return response


def told(handle: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """What Lambda calls for a schedule or a queue: its line says how many messages came, and how many of them failed.

    Not a middleware of the app: Lambda calls these without loading it. What nothing caught is raised without its words,
    because the runtime writes those down.
    """

    @wraps(handle)
    def tell(event: Any, context: Any) -> Any:
        with _told(context.aws_request_id, context) as noted:
            try:
                answer = handle(event, context)
            except Exception as error:
                log.error("failed: %s", type(error).__name__, exc_info=error)
                raise Hidden(type(error).__name__) from None
            failed = len(answer.get("batchItemFailures", ()))
            noted |= {"messages": len(event.get("Records", ())), "failed": failed, "faults": failed}
            return answer

    return tell


class Hidden(Exception):
    """Stands in a log for a failure whose own words are not to be written there."""


def _hidden(error: BaseException) -> Exception:
    name = type(error).__name__
    if not isinstance(error, BaseExceptionGroup):
        return Hidden(name)
    return ExceptionGroup(name, [_hidden(one).with_traceback(one.__traceback__) for one in error.exceptions])


@contextmanager
def _told(request: str, context: Any) -> Iterator[Facts]:
    """Measure an invocation and tell of it, however it ends."""
    global _warm
    # Lambda's own lines, of a timeout above all, know the invocation alone.
    invocation = getattr(context, "aws_request_id", "-")
    function = getattr(context, "function_name", "-")
    noted: Facts = {"request": request, "invocation": invocation, "function": function, "cold": not _warm}
    token, begun, _warm = _noted.set(noted), time.perf_counter(), True
    bootstrap.consumed()
    # Taken back when it comes to its end: else it was a fault that nothing caught.
    noted["faults"] = 1
    try:
        yield noted
    finally:
        noted["milliseconds"] = round((time.perf_counter() - begun) * 1000, 1)
        log.info("invocation", extra={"facts": _with_metrics(noted | bootstrap.consumed())})
        _noted.reset(token)


def _with_metrics(facts: Facts) -> Facts:
    metrics = [{"Name": name, "Unit": unit} for name, unit in _METRICS.items()]
    # By function alone: each further dimension is a metric of its own, and is paid for.
    directive = {"Namespace": "tean", "Dimensions": [["function"]], "Metrics": metrics}
    return facts | {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}}
