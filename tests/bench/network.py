"""DynamoDB that answers at once: requests are built, signed and read back as always, and never leave the process."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from tean.adapters.models import CONNECTION, Table
from tests.fakes.dynamo import REGION
from tests.fakes.wire import body_of, json_of

NOTHING = b"{}"
EMPTY = b'{"Items":[],"Count":0,"ScannedCount":0}'


class Network:
    """A Query finds what was laid into its table, anything else is done without a word; ``calls`` counts them."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._found: dict[str, bytes] = {}
        self._kept: list[Mapping[str, Any]] | None = None

    def lay(self, table: type[Table], items: Iterable[Mapping[str, Any]]) -> None:
        """What every Query of ``table`` finds from now on."""
        there = list(items)
        answer = {"Items": there, "Count": len(there), "ScannedCount": len(there)}
        self._found[table.Meta.table_name] = json.dumps(answer, ensure_ascii=False).encode()

    @contextmanager
    def keeping(self) -> Iterator[list[Mapping[str, Any]]]:
        """Every request within the block."""
        self._kept = kept = list[Mapping[str, Any]]()
        yield kept
        self._kept = None

    def answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        """In place of the network."""
        operation = event_name.rpartition(".")[2]
        self.calls[operation] += 1
        if self._kept is not None:
            self._kept.append(json_of(body_of(request)))
        headers = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, _Body(self._reply(operation, request)))

    def _reply(self, operation: str, request: Any) -> bytes:
        if operation != "Query":
            return NOTHING
        return self._found.get(json_of(body_of(request))["TableName"], EMPTY)


class _Body(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        """All at once."""
        yield self.read()


@contextmanager
def no_network() -> Iterator[tuple[Network, Any]]:
    """What answers our adapter and a bare client, and that client, as boto3 makes it."""
    network = Network()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "of-nobody")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "of-nothing")
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        bare = boto3.client("dynamodb")
        clients = [bare, CONNECTION.client]
    for client in clients:
        client.meta.events.register_first("before-send.*.*", network.answer, unique_id="no-network")
    try:
        yield network, bare
    finally:
        for client in clients:
            client.meta.events.unregister("before-send.*.*", unique_id="no-network")
