"""The calls of DynamoDB that the ports are made of, on the one connection PynamoDB keeps.

Tables are read consistently, because people look at what they have just written; an index can only follow a moment
later. Nothing here scans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from tean.adapters.dynamo.codec import Item, Raw, plain
from tean.adapters.models import CONNECTION, Table
from tean.adapters.patience import pause
from tean.adapters.ports.common import Page
from tean.domain.errors import Unavailable

T = TypeVar("T")
Key = tuple[type[Table], str, str]
"""A table, a partition and a sort key."""

MOST_READS = 100
"""Keys in one BatchGet (DynamoDB's limit)."""
ROUNDS = 6
"""How often what DynamoDB left over, or refused because of other traffic, is asked for again."""

_BUSY = frozenset({
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionInProgressException",
})  # fmt: skip

_UNMET, _TRANSACTED = "ConditionalCheckFailedException", "TransactionConflictException"
_SILENCE = (NoConnection, HTTPClientError)


@dataclass(frozen=True)
class Found:
    """What a Query answered; ``last`` is where it broke off, None at the end."""

    items: list[Item]
    last: Item | None

    def page(self, limit: int, sort: str, read: Callable[[Item], T]) -> Page[T]:
        """At most ``limit`` of them; ``sort`` is the attribute the list is sorted by."""
        kept = self.items[:limit]
        place = kept[-1] if len(kept) < len(self.items) else self.last
        return Page(tuple(read(item) for item in kept), place[sort] if place else None)


@dataclass(frozen=True)
class Calls:
    """Reads in plain values and single writes."""

    connection: Connection = CONNECTION
    pause: Callable[[int], None] = pause

    def get(self, table: type[Table], pk: str, sk: str) -> Item | None:
        """One GetItem."""
        with available():
            answer = self.connection.get_item(table.Meta.table_name, pk, sk, consistent_read=True)
        return plain(answer["Item"]) if "Item" in answer else None

    def get_all(self, wanted: Iterable[Key]) -> Mapping[Key, Item]:
        """One BatchGet for each 100 keys, over any tables; what is not there is left out."""
        keys = list(dict.fromkeys(wanted))
        tables = {key[0].Meta.table_name: key[0] for key in keys}
        found: dict[Key, Item] = {}
        for start in range(0, len(keys), MOST_READS):
            for name, raw in self._batch(keys[start : start + MOST_READS]):
                item = plain(raw)
                found[tables[name], item["pk"], item["sk"]] = item
        return found

    def _batch(self, keys: Sequence[Key]) -> Iterator[tuple[str, Raw]]:
        wanted: dict[str, Any] = {}
        for table, pk, sk in keys:
            request = wanted.setdefault(table.Meta.table_name, {"Keys": [], "ConsistentRead": True})
            request["Keys"].append({"pk": {"S": pk}, "sk": {"S": sk}})
        for attempt in range(ROUNDS):
            with available():
                answer = self.connection.dispatch("BatchGetItem", {"RequestItems": wanted})
            for name, items in answer["Responses"].items():
                yield from ((name, item) for item in items)
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                return
            self.pause(attempt)
        raise unavailable()

    def query(
        self, table: type[Table], partition: str, range_: Condition | None = None, *, only: Condition | None = None,
        index: str | None = None, after: str | None = None, limit: int | None = None, newest_first: bool = False,
    ) -> Found:  # fmt: skip
        """One Query. ``after`` is a sort key of the table itself, within ``range_``; ``only`` filters what was read."""
        start = {"pk": {"S": partition}, "sk": {"S": after}} if after is not None else None
        return self._query(
            table.Meta.table_name, partition, range_key_condition=range_, filter_condition=only, index_name=index,
            exclusive_start_key=start, limit=limit, scan_index_forward=not newest_first, consistent_read=index is None,
        )  # fmt: skip

    def query_all(
        self, table: type[Table], partition: str, range_: Condition | None = None, *,
        only: Condition | None = None, index: str | None = None,
    ) -> Iterator[Item]:  # fmt: skip
        """Everything, by as many Queries as it has megabytes."""
        start: Raw | None = None
        while True:
            with available():
                answer = self.connection.query(
                    table.Meta.table_name, partition, range_key_condition=range_, filter_condition=only,
                    index_name=index, exclusive_start_key=start, consistent_read=index is None,
                )  # fmt: skip
            yield from map(plain, answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if not start:
                return

    def _query(self, table: str, partition: str, **how: Any) -> Found:
        with available():
            answer = self.connection.query(table, partition, **how)
        last = answer.get("LastEvaluatedKey")
        return Found([plain(item) for item in answer["Items"]], plain(last) if last else None)

    def put(self, item: Table, condition: Condition | None = None) -> bool:
        """One PutItem; False when its condition did not hold."""
        return self._written(lambda: item.save(condition=condition))

    def update(self, item: Table, actions: Sequence[Action], condition: Condition) -> bool:
        """One UpdateItem; False when its condition did not hold."""
        table = item.Meta.table_name
        return self._written(
            lambda: self.connection.update_item(table, item.pk, item.sk, actions=actions, condition=condition)
        )

    def _written(self, write: Callable[[], object]) -> bool:
        """Where a transaction is on the item it is tried again: botocore does not know that refusal."""
        for attempt in range(ROUNDS):
            refused = _refusal(write)
            if refused != _TRANSACTED:
                return refused is None
            self.pause(attempt)
        raise unavailable()


def _refusal(write: Callable[[], object]) -> str | None:
    """Why a single write was not carried out, as far as somebody here knows what to do about it; None when it was."""
    try:
        with available():
            write()
    except (PutError, UpdateError) as error:
        if error.cause_response_code in (_UNMET, _TRANSACTED):
            return error.cause_response_code
        raise
    return None


@contextmanager
def available() -> Iterator[None]:
    """Turn silence and overload, after botocore's own tries, into a refusal a person can act on.

    Whether a write arrived may be unknown then; every write here may be sent again.
    """
    try:
        yield
    except (PynamoDBException, ClientError, *_SILENCE) as error:
        cause = error.cause if isinstance(error, PynamoDBException) else error
        code = cause.response["Error"].get("Code", "") if isinstance(cause, ClientError) else ""
        if code in _BUSY or isinstance(cause, _SILENCE):
            raise unavailable() from error
        raise


def unavailable() -> Unavailable:
    """The refusal for a storage that does not answer in time."""
    return Unavailable("storage.unavailable", "系统暂时繁忙，您的内容没有丢，请稍后再试一次。")


class Part:
    """What each port of the store is built on."""

    def __init__(self, calls: Calls | None = None) -> None:
        self._calls = calls or Calls()
