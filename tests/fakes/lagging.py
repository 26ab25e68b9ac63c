"""A store whose index of sheets follows one write behind, as DynamoDB's may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tean.adapters.ports.days import DayWrite
from tean.domain.tasks import Sheet
from tests.fakes.store import FakeStore


class LaggingStore(FakeStore):
    """``sheets``, the one read of an index that a run makes, does not know of the last write until it caught up."""

    def __init__(self) -> None:
        super().__init__()
        self._index = dict(self._sheets)

    def catch_up(self) -> None:
        self._index = dict(self._sheets)

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        before = dict(self._sheets)
        written = super().write_day(unit, writes)
        if written:
            self._index = before
        return written

    def sheets(self, *args: Any) -> Sequence[Sheet]:
        now, self._sheets = self._sheets, self._index
        try:
            return super().sheets(*args)
        finally:
            self._sheets = now
