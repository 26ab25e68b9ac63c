"""The numbers of a report: counted from tallies and from what is open, frozen when it is saved (acceptance 36, 38)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from schemas.language import Duty, Grade
from schemas.typed import typed
from tean.domain import calendar
from tean.domain.hazards import Hazard, overdue
from tean.domain.records import canonical, digest
from tean.domain.registry import kinds_of
from tean.domain.rollups import Counts, Finds, Rollup

EXPIRING = timedelta(days=30)
"""What ends so soon is told in the minutes of a month."""


@dataclass(frozen=True)
class Numbers:
    """What a report says of a target kind from ``since`` to ``until``, both included.

    ``targets`` were inspected on at least one of these days; ``officers`` is the officers' own inspection of the kind.
    ``found`` are hazards found in these days, in the grade they had when their day was counted, ``rectified`` those of
    them that are gone by now. ``open`` is all that is open now, by grade, ``carried`` what of it was found before.
    ``expiring`` are inspections or licences that end within 30 days, or have ended. ``uncounted`` are days of which
    there is no count; ``provisional`` says that late entries may still change some number.
    """

    since: date
    until: date
    daily: Counts = field(default_factory=Counts)
    found: Mapping[Grade, int] = field(default_factory=dict)
    rectified: int = 0
    open: Mapping[Grade, int] = field(default_factory=dict)
    carried: int = 0
    overdue: int = 0
    targets: int | None = None
    officers: Counts | None = None
    expiring: int | None = None
    uncounted: tuple[date, ...] = ()
    provisional: bool = False

    @property
    def all_found(self) -> int:
        """How many hazards were found, of whatever grade."""
        return sum(self.found.values())


@dataclass(frozen=True)
class _Told:
    """What a kind of report tells: hazards of which duties; of whose inspection beside the days'."""

    hazards: frozenset[Duty]
    inspection: Duty | None = None


_DAYS = Duty.DAILY
_TOLD: Mapping[Duty, _Told] = {
    Duty.WEEKLY_REPORT: _Told(frozenset({Duty.DAILY, Duty.WEEKLY}), Duty.WEEKLY),
    Duty.MONTHLY_REPORT: _Told(frozenset({Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY})),
}
"""The week's hazards are those of its days and its inspection; a month's meeting hears of all."""


@dataclass(frozen=True)
class Sources:
    """What numbers are counted from, as of ``today``: ``tallies`` of the unit, its ``open`` hazards, and by duty the
    last days of buckets that are over and ``uncounted``."""

    today: date
    tallies: Sequence[Rollup]
    open: Sequence[Hazard]
    uncounted: Mapping[Duty, Sequence[date]] = field(default_factory=dict)


def numbers(duty: Duty, kind: str, since: date, until: date, sources: Sources, expiring: int | None = None) -> Numbers:
    """The numbers that a report of ``duty`` tells of ``kind``. Before a meeting on the 1st there is no day to count."""
    told, kinds = _TOLD[duty], kinds_of(kind)
    within = [one for one in sources.tallies if since <= one.due <= until]
    days = [one for one in within if one.duty is _DAYS]
    inspections = [one for one in within if one.duty is told.inspection]
    left = [one for one in sources.open if one.kind in kinds]
    counted = {one.due for one in days}
    # What is open of a day that was not counted was not found by any count either.
    still = sum(one.duty in told.hazards and found_on(one) in counted for one in left)
    found = _found(days, kinds, told.hazards)
    uncounted = tuple(day for day in sources.uncounted.get(_DAYS, ()) if since <= day <= until)
    return Numbers(
        since=since,
        until=until,
        daily=_sum((one.kinds for one in days), kinds),
        found=found,
        # A correction made today may have opened one that an earlier count did not know.
        rectified=max(0, sum(found.values()) - still),
        open=_by_grade(left),
        carried=sum(found_on(one) < since for one in left),
        overdue=sum(overdue(one, sources.today) for one in left),
        targets=_targets(inspections, kinds) if told.inspection else None,
        officers=_sum((one.officers for one in inspections), kinds) if told.inspection else None,
        expiring=expiring,
        uncounted=uncounted,
        provisional=bool(uncounted) or not all(one.final for one in (*days, *inspections)),
    )


def counted_from(duty: Duty) -> tuple[Duty, ...]:
    """Of which duties the buckets must be closed before a report of ``duty`` has its numbers."""
    inspection = _TOLD[duty].inspection
    return (_DAYS, inspection) if inspection else (_DAYS,)


def found_on(hazard: Hazard) -> date:
    """The business date a hazard was found on."""
    return calendar.business_date(hazard.found_at)


def digest_of(open: Iterable[Hazard], *numbers: Numbers) -> str:
    """Names these numbers and what is open: what was before somebody's eyes when he signed."""
    told = [typed(Numbers).dump_python(one, mode="json") for one in numbers]
    return digest(canonical([told, sorted(one.id for one in open)]))


def _sum(counted: Iterable[Mapping[str, Counts]], kinds: Collection[str]) -> Counts:
    return sum((counts for by_kind in counted for kind, counts in by_kind.items() if kind in kinds), Counts())


def _targets(inspections: Iterable[Rollup], kinds: Collection[str]) -> int:
    return sum(many for one in inspections for kind, many in one.inspected.items() if kind in kinds)


def _found(days: Iterable[Rollup], kinds: Collection[str], duties: Collection[Duty]) -> Mapping[Grade, int]:
    told = (
        finds
        for day in days
        for kind, by_duty in day.hazards.items()
        for duty, finds in by_duty.items()
        if kind in kinds and duty in duties
    )
    whole = sum(told, Finds())
    return _there({Grade.GENERAL: whole.general, Grade.SERIOUS: whole.serious, Grade.MAJOR: whole.major})


def _by_grade(hazards: Iterable[Hazard]) -> Mapping[Grade, int]:
    counts = Counter(one.grade for one in hazards)
    return _there({grade: counts[grade] for grade in Grade})


def _there(counts: Mapping[Grade, int]) -> Mapping[Grade, int]:
    return {grade: many for grade, many in counts.items() if many}
