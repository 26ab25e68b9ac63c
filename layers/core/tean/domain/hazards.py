"""A hazard (隐患) and the steps that follow it until it is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schemas.instants import Instant
from schemas.language import Act, Age, Duty, Grade, Handling, HazardState, Role, UnitKind
from tean.domain import calendar


@dataclass(frozen=True)
class Hazard:
    """What was found, and where it stands. ``version`` counts its steps; every step demands the version it saw.

    ``target`` is what was inspected, weekly and monthly a target kind; ``devices`` are then those it was found on.
    Of a 重大 left pending, ``stop_use`` says that the target was stopped for it, ``kept_in_use`` why it was not.
    """

    id: str
    unit: str
    target: str
    target_name: str
    location: str
    unit_kind: UnitKind
    kind: str
    duty: Duty
    item: str
    requirement: str
    sentence: str
    finder: str
    finder_name: str
    found_at: Instant
    record: str
    grade: Grade
    handling: Handling
    photos: tuple[str, ...] = ()
    outcome: str | None = None
    remark: str | None = None
    state: HazardState = HazardState.REPORTED
    version: int = 1
    assignee: str | None = None
    deadline: date | None = None
    rectified_at: Instant | None = None
    last_step: str | None = None
    """Digest of the latest step, so that a lost answer can be told from somebody else's step."""
    devices: tuple[str, ...] = ()
    extension: date | None = None
    stop_use: bool = False
    kept_in_use: str | None = None

    @property
    def counted_at(self) -> tuple[str, ...]:
        """What counts it among its open hazards: each device it names, else what was inspected."""
        return self.devices or (self.target,)


@dataclass(frozen=True)
class Step:
    """One step after the report. ``deadline`` of an extension is what was asked for, ``grade`` what a regrade made of
    it."""

    hazard: str
    version: int
    state: HazardState
    by: str
    by_name: str
    at: Instant
    text: str
    act: Act
    assignee: str | None = None
    deadline: date | None = None
    photos: tuple[str, ...] = ()
    same_person_reason: str | None = None
    """Why finder and approver are one person (同一人)."""
    grade: Grade | None = None


CONFIRMS = {Duty.DAILY: Role.OFFICER, Duty.WEEKLY: Role.DIRECTOR, Duty.MONTHLY: Role.PRINCIPAL}
"""Who confirms that a hazard is rectified, by the duty that found it: daily the officer it was ordered to, weekly the
director, monthly the principal (guide 2.5, 3.7, 4.4)."""


FINDS = tuple(CONFIRMS)
"""The duties that find hazards."""


def opened_at(hazards: Iterable[Hazard]) -> dict[str, Counter[Grade]]:
    """How many open hazards each target or target kind gets by these, by grade."""
    opened: dict[str, Counter[Grade]] = {}
    for hazard in hazards:
        if hazard.state is not HazardState.RECTIFIED:
            for place in hazard.counted_at:
                opened.setdefault(place, Counter())[hazard.grade] += 1
    return opened


def officers_rectify(duty: Duty) -> bool:
    """Whether what a duty finds is ordered to an officer, and listed with him until it is gone."""
    return CONFIRMS[duty] is Role.OFFICER


def principal_settles(duty: Duty) -> bool:
    """Whether what a duty finds is the principal's own to settle; else it is the director's, or done by his order."""
    return CONFIRMS[duty] is Role.PRINCIPAL


def first_state(duty: Duty) -> HazardState:
    """How a hazard that is left to be dealt with begins: a daily one is reported to the director, who orders measures;
    weekly the director, monthly the principal has it put right himself, nobody orders (guide 3.7, 4.4)."""
    return HazardState.REPORTED if officers_rectify(duty) else HazardState.ORDERED


def age(hazard: Hazard, today: date) -> Age:
    """How long ago it was found."""
    days = (today - calendar.business_date(hazard.found_at)).days
    return next((age for age, most in _AGES.items() if days <= most), Age.OLDER)


_AGES = {Age.WEEK: 7, Age.MONTH: 30}
"""Until how many days after it was found it is that old."""


def overdue(hazard: Hazard, today: date) -> bool:
    """Past its deadline and not rectified. Derived whenever asked, never stored."""
    return hazard.state is HazardState.ORDERED and hazard.deadline is not None and hazard.deadline < today
