"""Where the numbers of reports come from: tallies, what is open, what ends soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schemas.counts import Numbers as NumbersAnswer
from schemas.language import Duty
from tean.adapters.ports import Clock, Hazards, Registry, Rollups
from tean.domain import calendar
from tean.domain.figures import EXPIRING, Numbers, Sources, counted_from, is_counted, numbers
from tean.domain.hazards import Hazard
from tean.domain.registry import kinds_of
from tean.domain.reports import Report, gravest_first, month_reported


@dataclass(frozen=True)
class MonthFigures:
    """The numbers of a kind for a meeting, those of the month before, and what is open."""

    numbers: Numbers
    before: Numbers
    open: Sequence[Hazard]


@dataclass(frozen=True)
class FigureReader:
    """Reads what reports tell, as it is now."""

    rollups: Rollups
    hazards: Hazards
    registry: Registry
    clock: Clock
    repair: Callable[[str, Duty], int]
    """Closes and opens what a unit should have had closed and opened by now."""

    def sources(self, unit: str, duty: Duty, kinds: Sequence[str], since: date, until: date) -> Sources:
        """Two Queries. Where a night's run never came, what it should have counted is counted first."""
        found = self._sources(unit, kinds, since, until)
        if is_counted(duty, since, until, found):
            return found
        for each in counted_from(duty):
            self.repair(unit, each)
        return self._sources(unit, kinds, since, until)

    def _sources(self, unit: str, kinds: Sequence[str], since: date, until: date) -> Sources:
        # One kind has its own range of what is open; several are cheaper found in all of it.
        narrowed = kinds if len(kinds) == 1 else None
        open, _ = self.hazards.open_hazards(unit, narrowed)
        today = calendar.business_date(self.clock())
        return Sources(today, self.rollups.tallies(unit, since, until), open)

    def month(
        self, unit: str, duty: Duty, kinds: Iterable[str], due: date, met: datetime
    ) -> Mapping[str, MonthFigures]:
        """What a meeting hears of each kind. Three Queries, however many kinds."""
        since, until = month_reported(due, met)
        earlier = calendar.before(duty, due)
        sources = self.sources(unit, duty, (), earlier, max(until, due - calendar.DAY))
        ending = self._expiring(unit, sources.today)

        def told(kind: str) -> MonthFigures:
            soon = sum(ending.get(each, 0) for each in kinds_of(kind))
            now = numbers(duty, kind, since, until, sources, soon)
            last = numbers(duty, kind, earlier, due - calendar.DAY, sources)
            return MonthFigures(now, last, open_of(kind, sources))

        return {kind: told(kind) for kind in kinds}

    def live(self, report: Report) -> Numbers:
        """What a report would say of its days if it were saved now."""
        frozen, kind = report.numbers, report.kind
        sources = self.sources(report.unit, report.duty, (kind,), frozen.since, frozen.until)
        ending = None if frozen.expiring is None else self._expiring(report.unit, sources.today)
        soon = None if ending is None else sum(ending.get(each, 0) for each in kinds_of(kind))
        return numbers(report.duty, kind, frozen.since, frozen.until, sources, soon)

    def _expiring(self, unit: str, today: date) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for target in self.registry.expiring(unit, until=today + EXPIRING, after=None, limit=None).items:
            counts[target.kind] = counts.get(target.kind, 0) + 1
        return counts


def open_of(kind: str, sources: Sources) -> Sequence[Hazard]:
    """What is open of a kind, the gravest first."""
    return gravest_first(one for one in sources.open if one.kind in kinds_of(kind))


def numbers_answer(numbers: Numbers) -> NumbersAnswer:
    """Numbers as a client gets them."""
    return NumbersAnswer.model_validate(numbers)
