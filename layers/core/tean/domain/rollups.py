"""What a bucket came to: the numbers statistics are made of, counted from its rows by the close."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

from schemas.instants import Instant
from schemas.language import Duty, Grade, Handling, Role, Stamp, TargetState, TaskState
from tean.domain import calendar
from tean.domain.hazards import Hazard
from tean.domain.shares import asked_by_kind
from tean.domain.tasks import Row, group_by


@dataclass(frozen=True)
class Counts:
    """``due`` is the sum of ``on_time``, ``late``, ``missed`` and ``suspended``; ``withdrawn`` is not due.

    Found suspended counts as that, on time or late: it was not inspected. ``zero_risk`` are the records stamped 零风险,
    ``fails`` the items that were 不合格 in what was first recorded, as corrected until it is frozen.
    """

    due: int = 0
    on_time: int = 0
    late: int = 0
    missed: int = 0
    suspended: int = 0
    withdrawn: int = 0
    zero_risk: int = 0
    fails: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in _COUNTED})

    def times(self, many: int) -> Counts:
        """So many times as much."""
        return Counts(**{name: many * getattr(self, name) for name in _COUNTED})


_COUNTED = tuple(each.name for each in fields(Counts))


@dataclass(frozen=True)
class Finds:
    """What one day did to the hazards of a target kind that one duty finds.

    ``general``, ``serious`` and ``major`` were found that day, in the grade they had when it was counted; of them
    ``on_site`` were put right on the spot. ``rectified`` were confirmed that day, whenever they were found, those on
    the spot not among them; it took ``minutes`` in all from finding to confirming them.
    """

    general: int = 0
    serious: int = 0
    major: int = 0
    on_site: int = 0
    rectified: int = 0
    minutes: int = 0

    def __add__(self, other: Finds) -> Finds:
        return Finds(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Finds)})

    @property
    def found(self) -> int:
        """How many were found, of whatever grade."""
        return self.general + self.serious + self.major


@dataclass(frozen=True)
class Rollup:
    """One bucket of one duty in numbers.

    ``kinds`` counts each record that was due once, by target kind; ``people`` counts the rows of each post, so what a
    colleague closed counts for both. ``closed_at`` is when it was first closed. ``asked`` is False when the bucket was
    never opened while it lasted: nobody was asked, what is missed then is the system's fault. Once ``final`` it never
    changes. ``version`` counts its writes.

    Where a kind is inspected by its officers and by those above them, ``officers`` is the officers' part of ``kinds``.
    ``inspected`` and ``unchecked`` are told by a bucket that looks back over days: how many targets of a kind were
    inspected on any of them, and how many were asked for and inspected on none. ``hazards`` is told by a day, by kind
    and by the duty that finds them. ``lists`` are the digests of the lists beside it, of what became of each record,
    part by part. Read as a tally, it tells neither people apart nor these."""

    duty: Duty
    due: date
    closed_at: Instant
    kinds: Mapping[str, Counts] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, Counts]] = field(default_factory=dict)
    asked: bool = True
    final: bool = False
    version: int = 1
    officers: Mapping[str, Counts] = field(default_factory=dict)
    inspected: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, int] = field(default_factory=dict)
    hazards: Mapping[str, Mapping[Duty, Finds]] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def counted_by_kind(rows: Iterable[Row]) -> Mapping[str, Counts]:
    """Each record that was due once, by how it stands in the end."""
    return _by_kind(map(decisive, group_by(rows, lambda row: row.shared).values()))


def counted_by_person(rows: Iterable[Row]) -> Mapping[str, Mapping[str, Counts]]:
    """Every row, for the post whose it is."""
    return {post: _by_kind(own) for post, own in sorted(group_by(_agreed(rows), lambda row: row.post).items())}


def counted_of_officers(duty: Duty, rows: Iterable[Row]) -> Mapping[str, Counts]:
    """The officers' part of what is counted by kind, where others inspect the same kinds; else it is all of it, and
    not told apart."""
    return counted_by_kind(row for row in rows if row.role is Role.OFFICER) if asked_by_kind(duty) else {}


def finds_of(day: date, hazards: Iterable[Hazard]) -> Mapping[str, Mapping[Duty, Finds]]:
    """What was found, and what was confirmed, in one day in Shanghai, by kind and by the duty that finds it."""
    finds: dict[str, dict[Duty, Finds]] = {}
    for hazard in hazards:
        one = _finds(day, hazard)
        if one != Finds():
            of_kind = finds.setdefault(hazard.kind, {})
            of_kind[hazard.duty] = of_kind.get(hazard.duty, Finds()) + one
    return {kind: dict(sorted(of_kind.items())) for kind, of_kind in sorted(finds.items())}


def _finds(day: date, hazard: Hazard) -> Finds:
    on_site, gone_at = hazard.handling is Handling.ON_SITE, hazard.rectified_at
    finds = Finds()
    if calendar.business_date(hazard.found_at) == day:
        finds += Finds(**{_GRADES[hazard.grade]: 1}, on_site=int(on_site))
    if gone_at and not on_site and calendar.business_date(gone_at) == day:
        finds += Finds(rectified=1, minutes=(gone_at - hazard.found_at) // MINUTE)
    return finds


_GRADES = {Grade.GENERAL: "general", Grade.SERIOUS: "serious", Grade.MAJOR: "major"}
MINUTE = timedelta(minutes=1)


def decisive(rows: Iterable[Row]) -> Row:
    """Of the rows that share one record the one that says how it stands: what was recorded first, else missed, else
    withdrawn.

    They differ when the officers of a target changed during the day, or when a colleague sent a supplement.
    """
    return min(rows, key=_precedence)


def _precedence(row: Row) -> tuple[int, str, bool, str]:
    order = {TaskState.DONE: 0, TaskState.LATE: 0, TaskState.WITHDRAWN: 2}
    at = row.closed_at.isoformat() if row.closed_at else ""
    # Of those that one record closed, its maker's: a correction is sure to have reached that.
    return order.get(row.state, 1), at, row.person != row.closed_by, row.person


def _agreed(rows: Iterable[Row]) -> Iterator[Row]:
    """What one record closed counts for everybody as it does for its maker, corrections included."""
    for own in group_by(rows, lambda row: row.shared).values():
        first = decisive(own)
        yield from (row.closed_like(first) if _is_closed_with(first, row) else row for row in own)


def _is_closed_with(first: Row, row: Row) -> bool:
    return row.is_closed and (row.closed_by, row.closed_at) == (first.closed_by, first.closed_at)


def _by_kind(rows: Iterable[Row]) -> Mapping[str, Counts]:
    counts: dict[str, Counts] = {}
    for row in rows:
        counts[row.kind] = counts.get(row.kind, Counts()) + _counts(row)
    return dict(sorted(counts.items()))


def _counts(row: Row) -> Counts:
    if row.state is TaskState.WITHDRAWN:
        return Counts(withdrawn=1)
    if row.state in (TaskState.OPEN, TaskState.MISSED):
        return Counts(due=1, missed=1)
    if row.target_state is TargetState.SUSPENDED:
        return Counts(due=1, suspended=1)
    late = row.state is TaskState.LATE
    return Counts(
        due=1, on_time=int(not late), late=int(late), zero_risk=int(row.stamp is Stamp.ZERO_RISK), fails=row.fails
    )
