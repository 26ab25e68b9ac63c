"""Services that answer what a test tells them to, in moto's place: nothing of such a request is carried out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from tests.fakes.wire import body_of, json_of

Told = tuple[int, Any]
"""A status and the JSON that comes with it."""


@contextmanager
def answering(answer: Callable[[str, Mapping[str, Any]], Told | None]) -> Iterator[None]:
    """Let ``answer`` speak for an operation and its request, or raise; None leaves it to moto."""
    moto = BotocoreStubber.__call__

    def speak(stubber: BotocoreStubber, event_name: str, request: Any, **more: Any) -> Any:
        told = answer(event_name.rpartition(".")[2], json_of(body_of(request)))
        return (
            response(request.url, told[0], json.dumps(told[1])) if told else moto(stubber, event_name, request, **more)
        )

    with pytest.MonkeyPatch.context() as stage:
        stage.setattr(BotocoreStubber, "__call__", speak)
        yield


def saying(operation: str, *answers: Told | Exception | None) -> Any:
    """These answers to ``operation``, one after the other; None and all further ones are moto's own."""
    left = list(answers)

    def answer(asked: str, request: Mapping[str, Any]) -> Told | None:
        told = left.pop(0) if asked == operation and left else None
        if isinstance(told, Exception):
            raise told
        return told

    return answering(answer)


def response(url: str, status: int, content: str) -> AWSResponse:
    """What comes back from the network."""
    return AWSResponse(url, status, {"content-type": "application/x-amz-json-1.0"}, MockRawResponse(content))
