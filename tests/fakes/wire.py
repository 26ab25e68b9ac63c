"""What goes over the wire: every request a botocore client really sends, counted, weighed and priced.

Budgets are promises about requests, so they are counted where requests leave the process, retries included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from threading import RLock, local
from typing import Any

from tests.fakes.read_units import item_bytes, read_units, unfiltered

Item = Mapping[str, Mapping[str, Any]]
Key = tuple[str, str, str]
"""Table, partition key, sort key."""

KILOBYTE = 1024
_TRANSACTED = ("ConditionCheck", "Delete", "Put", "Update")
_SINGLE = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}


@dataclass(frozen=True)
class Action:
    """One item that a request writes or demands something of."""

    kind: str
    table: str
    key: Item

    @property
    def name(self) -> Key:
        """Its key in one tuple."""
        return self.table, self.key["pk"]["S"], self.key["sk"]["S"]


@dataclass
class Call:
    """One request as it was sent. When prices are wanted, ``before`` and ``after`` are the items it touches, ``answer``
    what DynamoDB read for it, that is before any filter."""

    operation: str
    request: Mapping[str, Any]
    size: int
    before: Mapping[Key, Item] = field(default_factory=dict)
    after: Mapping[Key, Item] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actions(self) -> list[Action]:
        """Everything it writes or demands, in the order sent."""
        return list(_actions(self.operation, self.request))

    @property
    def keys(self) -> frozenset[Key]:
        """Every item two such requests could meet on."""
        return frozenset(action.name for action in self.actions)

    @property
    def read_keys(self) -> frozenset[Key]:
        """Every item a GetItem or BatchGetItem asks for."""
        wanted = self.request.get("RequestItems") or {
            self.request.get("TableName"): {"Keys": [self.request.get("Key")]}
        }
        pairs = [(table, key) for table, what in wanted.items() for key in what["Keys"] if key]
        return frozenset((table, key["pk"]["S"], key["sk"]["S"]) for table, key in pairs)


class Wire:
    """The requests of one client while it is watched."""

    def __init__(self, client: Any, *, priced: bool = False) -> None:
        self.calls: list[Call] = []
        self._client = client
        self._priced = priced
        self._own = local()
        self._lock = RLock()
        self._indexes: dict[str, list[tuple[str, str, str]]] = {}

    @property
    def operations(self) -> list[str]:
        """The names of all operations, in the order sent."""
        return [call.operation for call in self.calls]

    @property
    def keys(self) -> frozenset[Key]:
        """Every item that was written or demanded something of."""
        return frozenset().union(*(call.keys for call in self.calls))

    @property
    def write_units(self) -> int:
        """What all of it costs, in DynamoDB's write units; only of a priced wire."""
        return sum(sum(self.price(call).values()) for call in self.calls)

    @property
    def read_units(self) -> float:
        """What all of it costs, in DynamoDB's read units; only of a priced wire."""
        assert self._priced, "watch with priced=True"
        return sum(read_units(call.operation, call.request, call.answer) for call in self.calls)

    def price(self, call: Call) -> dict[str, int]:
        """Write units by what they are paid for: each item, and each entry of an index that changes.

        A transaction pays twice per started kilobyte of the larger image of each item, demands included; an index
        entry pays once, and both for the old and the new one when its key changes.
        """
        assert self._priced, "watch with priced=True"
        times = 2 if call.operation == "TransactWriteItems" else 1
        prices: dict[str, int] = {}
        for action in call.actions:
            old, new = call.before.get(action.name), call.after.get(action.name)
            prices[" ".join((action.kind, *action.name))] = times * max(_kilobytes(old), _kilobytes(new), 1)
            for index, hash_key, range_key in self._indexes[action.table]:
                if units := _index_units(old, new, hash_key, range_key):
                    prices[" ".join((f"index {index}", *action.name))] = units
        return prices

    def watch(self) -> None:
        """Begin; :func:`watching` ends it again."""
        events = self._client.meta.events
        # First, because whoever answers in place of the network ends the round of handlers.
        events.register_first("before-send.*.*", self._sent, unique_id=f"wire-sent-{id(self)}")
        events.register_first("after-call.*.*", self._answered, unique_id=f"wire-answered-{id(self)}")

    def rest(self) -> None:
        """End."""
        events = self._client.meta.events
        events.unregister("before-send.*.*", unique_id=f"wire-sent-{id(self)}")
        events.unregister("after-call.*.*", unique_id=f"wire-answered-{id(self)}")

    def _sent(self, request: Any, event_name: str, **_: Any) -> None:
        if getattr(self._own, "looking", False):
            return
        body = body_of(request)
        call = Call(event_name.rpartition(".")[2], json_of(body), len(body))
        call.before = self._images(call)
        self._own.call = call
        with self._lock:
            self.calls.append(call)

    def _answered(self, parsed: Mapping[str, Any], **_: Any) -> None:
        call = getattr(self._own, "call", None)
        if call is not None and not getattr(self._own, "looking", False):
            call.after = self._images(call)
            call.answer = self._read(call, parsed)

    def _read(self, call: Call, parsed: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is filtered away was read, and is paid for."""
        if not self._priced or "FilterExpression" not in call.request:
            return parsed
        self._own.looking = True
        try:
            found: Mapping[str, Any] = self._client.query(**unfiltered(call.request))
            return found
        finally:
            self._own.looking = False

    def _images(self, call: Call) -> Mapping[Key, Item]:
        if not self._priced or not call.actions:
            return {}
        self._own.looking = True
        try:
            for action in call.actions:
                self._learn_indexes(action.table)
            return {action.name: item for action in call.actions if (item := self._image(action))}
        finally:
            self._own.looking = False

    def _image(self, action: Action) -> Item | None:
        answer = self._client.get_item(TableName=action.table, Key=dict(action.key), ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item

    def _learn_indexes(self, table: str) -> None:
        if table not in self._indexes:
            described = self._client.describe_table(TableName=table)["Table"]
            self._indexes[table] = [_index_key(index) for index in described.get("GlobalSecondaryIndexes", ())]


@contextmanager
def watching(client: Any, *, priced: bool = False) -> Iterator[Wire]:
    """Every request of ``client`` from here to the end of the block."""
    wire = Wire(client, priced=priced)
    wire.watch()
    try:
        yield wire
    finally:
        wire.rest()


def body_of(request: Any) -> bytes:
    """The bytes of a prepared request."""
    return request.body if isinstance(request.body, bytes) else (request.body or "").encode()


def json_of(body: bytes) -> Mapping[str, Any]:
    """What a body says, nothing when it is not a JSON object."""
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _actions(operation: str, request: Mapping[str, Any]) -> Iterator[Action]:
    if operation in _SINGLE:
        yield _action(_SINGLE[operation], request)
    for item in request.get("TransactItems", ()):
        for kind in _TRANSACTED:
            if kind in item:
                yield _action(kind, item[kind])


def _action(kind: str, request: Mapping[str, Any]) -> Action:
    attributes = request.get("Key") or request["Item"]
    return Action(kind, request["TableName"], {name: attributes[name] for name in ("pk", "sk")})


def _index_key(index: Mapping[str, Any]) -> tuple[str, str, str]:
    """Its name, its partition attribute and its sort attribute."""
    names = {part["KeyType"]: part["AttributeName"] for part in index["KeySchema"]}
    return index["IndexName"], names["HASH"], names["RANGE"]


def _index_units(old: Item | None, new: Item | None, hash_key: str, range_key: str) -> int:
    before, after = (_entry(item, hash_key, range_key) for item in (old, new))
    if before == after:
        return 0
    if before and after and all(before[name] == after[name] for name in (hash_key, range_key)):
        return max(_kilobytes(before), _kilobytes(after))
    return _kilobytes(before) + _kilobytes(after)


def _entry(item: Item | None, hash_key: str, range_key: str) -> Item | None:
    return item if item and hash_key in item and range_key in item else None


def _kilobytes(item: Item | None) -> int:
    return ceil(item_bytes(item) / KILOBYTE) if item else 0
