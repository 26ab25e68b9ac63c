"""Where the numbers of reports come from: tallies, what is open, what ends soon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from schemas.counts import Numbers as NumbersAnswer
from tean.domain import calendar
from tean.domain.figures import EXPIRING, Numbers, Sources, counted_from, numbers
from tean.domain.registry import kinds_of
from tean.domain.reports import Report, gravest_first, month_reported

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.hazards import Hazards
    from tean.adapters.ports.registry import Registry
    from tean.domain.hazards import Hazard
    from tean.services.tallies import TallyReader

AFTERWARDS = timedelta(days=31)
"""How far after the days told of a count is looked for that shows whether the unit was there already."""


@dataclass(frozen=True)
class MonthFigures:
    """The numbers of a kind for a meeting, those of the month before, and what is open."""

    numbers: Numbers
    before: Numbers
    open: Sequence[Hazard]


@dataclass(frozen=True)
class FigureReader:
    """Reads what reports tell, as it is now."""

    tallies: TallyReader
    hazards: Hazards
    registry: Registry
    clock: Clock

    def sources(self, unit: str, duty: Duty, kinds: Iterable[str], since: date, until: date) -> Sources:
        """Two Queries; one more for each kind where a whole unit has more than a megabyte of what is open."""
        wanted = tuple(dict.fromkeys(each for kind in kinds for each in kinds_of(kind)))
        now = self.clock()
        over = calendar.last_over(now)
        tallies, uncounted = self.tallies.read(
            unit, counted_from(duty), since, max(since, min(until, over)), looking_to=min(over, until + AFTERWARDS)
        )
        return Sources(calendar.business_date(now), tallies, self._open(unit, wanted), uncounted)

    def _open(self, unit: str, kinds: Sequence[str]) -> Sequence[Hazard]:
        # One kind has its own range; several are cheaper found in all that is open.
        open, more = self.hazards.open_hazards(unit, kinds if len(kinds) == 1 else None)
        if not more or len(kinds) == 1:
            return open
        return self.hazards.open_hazards(unit, kinds)[0]

    def month(
        self, unit: str, duty: Duty, kinds: Iterable[str], due: date, met: datetime
    ) -> Mapping[str, MonthFigures]:
        """What a meeting hears of each kind. Three Queries, however many kinds."""
        since, until = month_reported(duty, due, met)
        earlier = calendar.before(duty, due)
        wanted = tuple(kinds)
        sources = self.sources(unit, duty, wanted, earlier, max(until, due - calendar.DAY))
        ending = self._expiring(unit, sources.today)

        def told(kind: str) -> MonthFigures:
            soon = sum(ending.get(each, 0) for each in kinds_of(kind))
            now = numbers(duty, kind, since, until, sources, soon)
            last = numbers(duty, kind, earlier, due - calendar.DAY, sources)
            return MonthFigures(now, last, open_of(kind, sources))

        return {kind: told(kind) for kind in wanted}

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
