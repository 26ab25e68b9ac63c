"""Statistics of a unit (管控统计), and the lists behind each number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.base import Answer, Code, Cursor, Day, Request
from schemas.checklists import InspectionDuty
from schemas.counts import KindCounted
from schemas.hazards import HazardItem
from schemas.instants import Instant
from schemas.language import Age, Duty, Fate, Grade, HazardState, Role, Stamp, UnitKind

LONGEST = timedelta(days=366)


class Range(Request):
    """Days, both ends included, at most a year. A bucket belongs to the range that holds its last day."""

    since: Day
    until: Day

    @model_validator(mode="after")
    def _is_at_most_a_year(self) -> Self:
        if self.since > self.until:
            raise ValueError("开始日期不能晚于结束日期")
        if self.until - self.since >= LONGEST:
            raise ValueError("时段最长一年")
        return self


class StatisticsQuery(Range):
    """Of which days."""


class DutyCounts(Answer):
    """What became of one duty, by target kind. Where officers and those above them inspect the same kind, ``officers``
    is the officers' part of ``kinds``."""

    duty: Duty
    kinds: tuple[KindCounted, ...]
    officers: tuple[KindCounted, ...] = ()


class WeekCounts(Answer):
    """Daily control in one ISO week, as far as its days are in the range and counted: ``days`` of them. ``unchecked``
    are targets, by kind, that were asked for in that week and inspected on none of its days."""

    monday: date
    days: int
    kinds: tuple[KindCounted, ...]
    unchecked: dict[str, int] = Field(default_factory=dict)


class FoundCounts(Answer):
    """Hazards of a target kind that one duty found in the range, by grade; of them ``on_site`` were put right at once.
    ``rectified`` were confirmed in the range, whenever they were found, those on the spot not among them, after
    ``minutes`` in all."""

    duty: Duty
    kind: str
    unit_kind: UnitKind
    general: int = 0
    serious: int = 0
    major: int = 0
    on_site: int = 0
    rectified: int = 0
    minutes: int = 0


class PersonCounts(Answer):
    """One post's own rows of one duty, by target kind, in whole months. What a colleague closed counts for both."""

    person: str
    name: str
    role: Role
    duty: Duty
    kinds: tuple[KindCounted, ...]


class StatisticsAnswer(Answer):
    """A range in numbers. ``provisional`` are days whose numbers may still change by late entries, ``unasked`` days on
    which the system asked nobody, ``uncounted`` days that are over and not counted yet; today is never counted.
    ``months`` are the months, each by its 1st, that lie whole in the range as far as it is over, or are on: ``people``
    is of them."""

    today: date
    since: date
    until: date
    duties: tuple[DutyCounts, ...]
    weeks: tuple[WeekCounts, ...]
    hazards: tuple[FoundCounts, ...]
    months: tuple[date, ...]
    people: tuple[PersonCounts, ...]
    provisional: tuple[date, ...] = ()
    unasked: tuple[date, ...] = ()
    uncounted: tuple[date, ...] = ()


class OutcomeQuery(Range):
    """What became of what was due: of which duty, in which way; of a kind, of a person. ``zero_risk`` asks for what was
    stamped so, late or not; ``unchecked``, of whole weeks, for targets that were asked for and inspected on no day."""

    duty: Duty = Duty.DAILY
    what: Fate | Literal[Stamp.ZERO_RISK]
    kind: Code | None = None
    person: Code | None = None
    role: Role | None = None
    cursor: Cursor | None = None


class OutcomePerson(Answer):
    """Who was to do it, or did."""

    person: str
    name: str


class OutcomeItem(Answer):
    """One target, or target kind, in one bucket. ``at`` is when it was recorded, by the first of ``people``;
    ``zero_risk`` how it was stamped then. ``never`` says of an unchecked target that there is no record of it at
    all."""

    what: Fate
    duty: Duty
    due: date
    target: str
    name: str
    unit_kind: UnitKind
    kind: str
    role: Role = Role.OFFICER
    people: tuple[OutcomePerson, ...]
    at: Instant | None = None
    zero_risk: bool = False
    never: bool = False


class OutcomePage(Answer):
    """A page of them, newest bucket first. It may be short and still have a ``next``. ``cut`` says that a bucket had so
    many that not all are kept."""

    items: tuple[OutcomeItem, ...]
    next: str | None = None
    cut: bool = False


class FoundQuery(Range):
    """Hazards found in these days, as far as they are over; by one duty, of a kind, of a grade; those put right on the
    spot alone."""

    duty: InspectionDuty | None = None
    kind: Code | None = None
    grade: Grade | None = None
    on_site: bool = False
    cursor: Cursor | None = None


class RectifiedQuery(Range):
    """Hazards confirmed in these days, as far as they are over, whenever they were found, those put right on the spot
    not among them; of a kind, of a grade."""

    kind: Code | None = None
    grade: Grade | None = None
    cursor: Cursor | None = None


class OpenQuery(Request):
    """Hazards that are open now; of a kind, a grade, a state, an age; overdue ones alone."""

    kind: Code | None = None
    grade: Grade | None = None
    state: HazardState | None = None
    age: Age | None = None
    overdue: bool = False
    cursor: Cursor | None = None


class OpenCounts(Answer):
    """How many open hazards are alike."""

    kind: str
    unit_kind: UnitKind
    grade: Grade
    state: HazardState
    age: Age
    overdue: bool
    count: int


class OpenAnswer(Answer):
    """All that is open now in numbers, of a kind where one is asked for, and a page of what is asked for, oldest
    first. ``more`` says that there are so many that the numbers are at least these."""

    today: date
    counts: tuple[OpenCounts, ...]
    items: tuple[HazardItem, ...]
    more: bool = False
    next: str | None = None
