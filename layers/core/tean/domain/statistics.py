"""The arithmetic of statistics: what tallies, months and open hazards add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from schemas.language import Age, Duty, Grade, HazardState
from tean.domain import calendar
from tean.domain.hazards import Hazard, age, overdue
from tean.domain.rollups import Counts, Finds, Rollup


@dataclass(frozen=True)
class OfDuty:
    """What became of one duty, by target kind, and the officers' part of it where others have it too."""

    kinds: Mapping[str, Counts]
    officers: Mapping[str, Counts]


@dataclass(frozen=True)
class Week:
    """What is asked every day in one week, as far as its days were counted: so many. ``unchecked`` is how many targets
    of each kind were asked for and inspected on none."""

    monday: date
    days: int
    kinds: Mapping[str, Counts]
    unchecked: Mapping[str, int] = field(default_factory=dict)


def by_duty(tallies: Iterable[Rollup]) -> Mapping[Duty, OfDuty]:
    """Each duty that was counted, in their order."""
    known = list(tallies)
    return {duty: _of_duty([one for one in known if one.duty is duty]) for duty in Duty if _has(known, duty)}


def _has(tallies: Iterable[Rollup], duty: Duty) -> bool:
    return any(one.duty is duty for one in tallies)


def _of_duty(tallies: Sequence[Rollup]) -> OfDuty:
    return OfDuty(total(one.kinds for one in tallies), total(one.officers for one in tallies))


def total(parts: Iterable[Mapping[str, Counts]]) -> Mapping[str, Counts]:
    """Counts by kind, added up; what was only withdrawn stays, a kind of which nothing was asked does not."""
    sums: dict[str, Counts] = {}
    for kinds in parts:
        for kind, counts in kinds.items():
            sums[kind] = sums.get(kind, Counts()) + counts
    return dict(sorted(sums.items()))


def weeks(tallies: Iterable[Rollup]) -> Sequence[Week]:
    """The weeks of which any day was counted, the first one first."""
    known = list(tallies)
    days: dict[date, list[Rollup]] = {}
    for one in known:
        if calendar.nightly(one.duty):
            days.setdefault(calendar.monday(one.due), []).append(one)
    unchecked = {calendar.monday(last_day(one)): one.unchecked for one in known if one.unchecked}
    return [
        Week(monday, len(own), total(one.kinds for one in own), unchecked.get(monday, {}))
        for monday, own in sorted(days.items())
    ]


def finds(tallies: Iterable[Rollup]) -> Mapping[tuple[str, Duty], Finds]:
    """What days found and confirmed of hazards, by kind and by the duty that finds them."""
    sums: dict[tuple[str, Duty], Finds] = {}
    for one in tallies:
        for kind, duties in one.hazards.items():
            for duty, own in duties.items():
                sums[kind, duty] = sums.get((kind, duty), Finds()) + own
    return dict(sorted(sums.items()))


def last_day(tally: Rollup) -> date:
    """The day by which a bucket belongs to a range."""
    return calendar.last_day(tally.duty, tally.due)


def last_days(tallies: Iterable[Rollup]) -> tuple[date, ...]:
    """Those of some buckets, each once."""
    return tuple(sorted({last_day(one) for one in tallies}))


def whole_months(since: date, until: date, today: date) -> Sequence[date]:
    """The months, each by its 1st, that lie whole in a range; of the one that is on as much as is over."""
    months, first = [], since if since.day == 1 else calendar.next_month(since)
    while first <= min(until, today):
        following = calendar.next_month(first)
        if min(following, today) <= until + calendar.DAY:
            months.append(first)
        first = following
    return months


def uncounted(duty: Duty, tallies: Sequence[Rollup], since: date, until: date) -> Sequence[date]:
    """The last days of the buckets of a duty that ended in a range, which is over, and were not counted.

    Buckets are counted oldest first, so they lie after the last one that was; before the first tally of whatever duty
    the unit had not begun. Without a tally of this duty whether it was ever asked cannot be told from here."""
    begun = min(map(last_day, tallies), default=since)
    counted = max((last_day(one) for one in tallies if one.duty is duty), default=date.min)
    return [last for last in _ended(duty, max(since, begun), until) if last > counted]


def _ended(duty: Duty, since: date, until: date) -> Iterator[date]:
    due = calendar.bucket(duty, since)
    while (last := calendar.last_day(duty, due)) <= until:
        yield last
        due = calendar.following(duty, due)


Alike = tuple[str, Grade, HazardState, Age, bool]
"""Kind, grade, state, age and whether overdue."""


def alike(hazards: Iterable[Hazard], today: date) -> Mapping[Alike, int]:
    """How many open hazards are alike."""
    counts = Counter((one.kind, one.grade, one.state, age(one, today), overdue(one, today)) for one in hazards)
    return dict(sorted(counts.items()))
