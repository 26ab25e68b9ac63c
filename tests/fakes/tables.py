"""All that moto's tables hold, to be compared and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tests.fakes.dynamo import REGION
from tests.fakes.wire import Wire

Place = tuple[str, str, str]
"""Table, partition key, sort key."""


def everything() -> Mapping[Place, Mapping[str, Any]]:
    """Every item as it is now, its attributes as DynamoDB writes them."""
    return {
        (name, pk.value, sk.value): item.to_json()["Attributes"]
        for name, table in _tables().items()
        for pk, items in table.items.items()
        for sk, item in items.items()
    }


def _tables() -> Mapping[str, Any]:
    found: Mapping[str, Any] = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    return found


class Kept:
    """The tables as they were when this was made."""

    def __init__(self) -> None:
        self._items = {name: deepcopy(table.items) for name, table in _tables().items()}

    def restore(self) -> None:
        """Bring back what was written since."""
        for name, table in _tables().items():
            table.items = deepcopy(self._items[name])


class Watched(Kept):
    """The same, looked through only when a write was sent since: most requests send none."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.everything = everything()
        self._wire = wire
        wire.calls.clear()

    @property
    def wrote(self) -> bool:
        """Whether a write was sent; it may have been refused."""
        return any(call.actions for call in self._wire.calls)

    @property
    def changed(self) -> bool:
        """Whether anything is kept otherwise now."""
        return self.wrote and everything() != self.everything

    def restore(self) -> None:
        """Bring back what was written since, if anything was."""
        if self.wrote:
            super().restore()
        self._wire.calls.clear()
