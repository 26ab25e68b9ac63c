"""One TransactWriteItems whose demands have names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import CancellationReason, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from tean.adapters.dynamo.calls import ROUNDS, Calls, available
from tean.adapters.dynamo.codec import Item, plain

if TYPE_CHECKING:
    from tean.adapters.models import Table

_FAILED = "ConditionalCheckFailed"
_TRAFFIC = frozenset({"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"})


@dataclass(frozen=True)
class Refused:
    """Which demands did not hold, by name, each with its item as it stands where that was asked for.

    Empty when only other traffic was in the way, every time it was tried.
    """

    demands: Mapping[str, Item | None]

    def __contains__(self, demand: str) -> bool:
        return demand in self.demands


class Transaction:
    """Writes that happen together or not at all.

    Reasons come back by position, and PynamoDB sends checks, deletes, puts and updates in this order whatever the
    order they were added in; the names are kept the same way.

    botocore gives every commit one idempotency token for all its tries, so an answer that gets lost between them does
    not write twice. Meeting another transaction on an item cancels this one without any condition having failed: such
    a commit is tried again after a pause, because nothing of it was written.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._write = TransactWrite(connection=calls.connection)
        self._checks: list[str] = []
        self._deletes: list[str] = []
        self._puts: list[str] = []
        self._updates: list[str] = []

    def check(self, demand: str, table: type[Table], pk: str, sk: str, condition: Condition) -> None:
        """Demand something of an item that is not written."""
        self._write.condition_check(table, pk, sk, condition)
        self._checks.append(demand)

    def delete(self, demand: str, item: Table) -> None:
        """Take an item away."""
        self._write.delete(item)
        self._deletes.append(demand)

    def put(self, demand: str, item: Table, condition: Condition | None = None) -> None:
        """Write a whole item."""
        self._write.save(item, condition)
        self._puts.append(demand)

    def update(
        self, demand: str, item: Table, actions: Sequence[Action], condition: Condition | None = None,
        *, show: bool = False,
    ) -> None:  # fmt: skip
        """Change an item, of which only the key is looked at. ``show`` asks how it stands when the condition fails."""
        self._write.update(item, list(actions), condition, return_values="ALL_OLD" if show else None)
        self._updates.append(demand)

    def commit(self) -> Refused | None:
        """Write everything; None when written."""
        refused = self._try()
        for attempt in range(ROUNDS):
            if refused is None or refused.demands:
                break
            self._calls.pause(attempt)
            refused = self._try()
        return refused

    def _try(self) -> Refused | None:
        try:
            with available(), self._write:
                return None
        except TransactWriteError as error:
            return self._refused(error)

    def _refused(self, error: TransactWriteError) -> Refused:
        reasons = error.cancellation_reasons
        if not reasons or any(reason and reason.code not in {_FAILED, *_TRAFFIC} for reason in reasons):
            raise error
        names = [*self._checks, *self._deletes, *self._puts, *self._updates]
        return Refused({name: _as_it_stands(why) for name, why in zip_longest(names, reasons) if _failed(why)})


def _failed(reason: CancellationReason | None) -> bool:
    return reason is not None and reason.code == _FAILED


def _as_it_stands(reason: CancellationReason | None) -> Item | None:
    return plain(reason.raw_item) if reason and reason.raw_item else None


def kept(attribute: UnicodeAttribute, value: str | None) -> Action:
    """Let an attribute hold a value; where there is none the item has no such attribute."""
    return attribute.remove() if value is None else attribute.set(value)
