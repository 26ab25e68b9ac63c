"""A network that fails where botocore sends: before a request arrives or after it was carried out, and processes that
die there. botocore's own tries go on above it, and the adapter's above those."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

from tests.fakes.faults import response
from tests.fakes.wire import body_of, json_of

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "PutObject", "SendMessageBatch"})
"""What changes anything; whatever else is sent only reads."""


class Killed(BaseException):
    """The process ended here: nothing of it may go on."""


class Fault(StrEnum):
    """What becomes of one request."""

    CONFLICT = "conflict"
    THROTTLED = "throttled"
    BROKEN = "broken"
    UNREACHED = "unreached"
    KILLED = "killed"
    BROKEN_AFTER = "broken_after"
    UNANSWERED = "unanswered"
    KILLED_AFTER = "killed_after"

    @property
    def kills(self) -> bool:
        """Whether nobody is left to try again."""
        return self in (Fault.KILLED, Fault.KILLED_AFTER)

    @property
    def applied(self) -> bool:
        """Whether the request is carried out all the same."""
        return self in (Fault.BROKEN_AFTER, Fault.UNANSWERED, Fault.KILLED_AFTER)

    def may_befall(self, operation: str) -> bool:
        """Only what writes to DynamoDB is ever in the way of a transaction; to have read something is not applied."""
        if self is Fault.CONFLICT:
            return operation.endswith(("Item", "TransactWriteItems")) and operation in WRITES
        return operation in WRITES or not self.applied


@dataclass(frozen=True)
class Strike:
    """``fault`` at the request of this number, from 0; ``lasting``: and at all that follow."""

    at: int
    fault: Fault
    lasting: bool = False

    def hits(self, number: int) -> bool:
        """Whether the request of this number is struck."""
        return number == self.at or (self.lasting and number > self.at)


class Injector:
    """Stands between botocore and moto. It remembers tokens as DynamoDB does, which moto does not."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.last: list[str] = []
        """What was sent before it was armed for the last time."""
        self.injected = 0
        self._strike: Strike | None = None
        self._tokens: set[str] = set()

    @contextmanager
    def installed(self) -> Iterator[Injector]:
        """Within this block everything that is sent passes here."""
        moto = BotocoreStubber.__call__

        def send(stubber: BotocoreStubber, event_name: str, request: Any, **more: Any) -> Any:
            return self._send(event_name, request, lambda: moto(stubber, event_name, request, **more))

        with pytest.MonkeyPatch.context() as stage:
            stage.setattr(BotocoreStubber, "__call__", send)
            yield self

    def arm(self, strike: Strike | None = None) -> None:
        """Count anew; ``strike`` is what will happen."""
        self.last, self.sent, self._strike = self.sent, [], strike

    def forget(self) -> None:
        """No token was ever seen."""
        self._tokens.clear()

    def _send(self, event_name: str, request: Any, carry_out: Any) -> Any:
        _, service, operation = event_name.split(".")
        number = len(self.sent)
        self.sent.append(operation)
        strike = self._strike
        if strike is None or not strike.hits(number) or not strike.fault.may_befall(operation):
            return self._carried_out(operation, request, carry_out)
        self.injected += 1
        if strike.fault.applied:
            self._carried_out(operation, request, carry_out)
        return _struck(strike.fault, service, operation, request)

    def _carried_out(self, operation: str, request: Any, carry_out: Any) -> Any:
        token = json_of(body_of(request)).get("ClientRequestToken") if operation == "TransactWriteItems" else None
        if token in self._tokens:
            return response(request.url, 200, "{}")
        answer = carry_out()
        if token and answer.status_code == 200:
            self._tokens.add(token)
        return answer


def _struck(fault: Fault, service: str, operation: str, request: Any) -> Any:
    match fault:
        case Fault.KILLED | Fault.KILLED_AFTER:
            raise Killed
        case Fault.UNREACHED:
            raise ConnectTimeoutError(endpoint_url=request.url)
        case Fault.UNANSWERED:
            raise ReadTimeoutError(endpoint_url=request.url)
        case Fault.CONFLICT:
            return response(request.url, 400, _conflict(operation, json_of(body_of(request))))
        case Fault.THROTTLED:
            return response(request.url, *_THROTTLED[service])
        case _:
            return response(request.url, 500, _BROKEN[service])


def _conflict(operation: str, asked: Any) -> str:
    """One action of a transaction met another one; a single write is told so in another way."""
    if operation != "TransactWriteItems":
        return _json("TransactionConflictException")
    reasons = [{"Code": "None"} for _ in asked["TransactItems"][1:]]
    return _json("TransactionCanceledException", CancellationReasons=[*reasons, {"Code": "TransactionConflict"}])


def _json(code: str, **more: Any) -> str:
    return json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code} | more)


def _xml(code: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'


_THROTTLED = {
    "dynamodb": (400, _json("ThrottlingException")),
    "sqs": (403, json.dumps({"__type": "com.amazonaws.sqs#RequestThrottled", "message": "slower"})),
    "s3": (503, _xml("SlowDown")),
}
_BROKEN = {
    "dynamodb": _json("InternalServerError"),
    "sqs": json.dumps({"__type": "com.amazonaws.sqs#InternalFailure", "message": "broken"}),
    "s3": _xml("InternalError"),
}
