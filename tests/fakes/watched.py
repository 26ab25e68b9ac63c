"""A store that counts what is asked of it and lets something else happen just before a write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from tean.adapters.ports.days import DayWrite
from tean.adapters.ports.hazards import Move, NotMoved
from tean.adapters.ports.inspections import Facts, NotSubmitted, Submission
from tean.domain.hazards import Hazard
from tean.domain.months import PeopleMonth
from tean.domain.registry import Roster
from tean.domain.rollups import Rollup
from tean.domain.tasks import Evidence, Row, Sheet
from tests.fakes.store import FakeStore


class WatchedStore(FakeStore):
    """``calls`` counts by port method; ``days`` and ``submissions`` keep what was asked to be written."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()
        self._before: list[Callable[[], object]] = []
        self.days: list[Sequence[DayWrite]] = []
        self.submissions: list[Submission] = []

    def let(self, act: Callable[[], object], *, after: int = 0) -> None:
        """Let ``act`` happen once, when ``after`` more writes are through and the next is about to be."""
        self._before = [*[_nothing] * after, act]

    def let_nothing(self) -> None:
        """Forget what was to happen and did not."""
        self._before = []

    def _next(self) -> None:
        if self._before:
            self._before.pop(0)()

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        self._next()
        self.calls["write_day"] += 1
        self.days.append(writes)
        return super().write_day(unit, writes)

    def submit(self, submission: Submission) -> NotSubmitted | None:
        self._next()
        self.calls["submit"] += 1
        self.submissions.append(submission)
        return super().submit(submission)

    def move(self, move: Move) -> NotMoved | None:
        self._next()
        self.calls["move"] += 1
        return super().move(move)

    def facts(self, *args: Any, **kwargs: Any) -> Facts:
        self.calls["facts"] += 1
        return super().facts(*args, **kwargs)

    def roster(self, unit: str) -> Roster | None:
        self.calls["roster"] += 1
        return super().roster(unit)

    def sheets(self, *args: Any) -> Sequence[Sheet]:
        self.calls["sheets"] += 1
        return super().sheets(*args)

    def rows(self, *args: Any) -> Sequence[Row]:
        self.calls["rows"] += 1
        return super().rows(*args)

    def rollups(self, *args: Any, **kwargs: Any) -> Sequence[Rollup]:
        self.calls["rollups"] += 1
        return super().rollups(*args, **kwargs)

    def months(self, *args: Any) -> Mapping[date, PeopleMonth]:
        self.calls["months"] += 1
        return super().months(*args)

    def found(self, *args: Any) -> Sequence[Hazard]:
        self.calls["found"] += 1
        return super().found(*args)

    def rectified(self, *args: Any) -> Sequence[Hazard]:
        self.calls["rectified"] += 1
        return super().rectified(*args)

    def firsts(self, *args: Any) -> Mapping[str, Sequence[Evidence]]:
        self.calls["firsts"] += 1
        return super().firsts(*args)


def _nothing() -> None: ...


class Died(Exception):
    """The process ended here."""


def die() -> None:
    """Ends the run that is about to write."""
    raise Died
