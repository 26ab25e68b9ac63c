"""To-dos, and a task opened with its target and checklist."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Answer, Code, Day, Request
from schemas.checklists import InspectionDuty
from schemas.instants import Instant, ListedInstant
from schemas.language import ClockLevel, Duty, Grade, Stamp, TargetState, TaskState, UnitKind

Cursor = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[A-Za-z0-9_.-]+$")]
"""An opaque, signed place in a list."""


class TodoQuery(Request):
    """Which page."""

    cursor: Cursor | None = None


class Todo(Answer):
    """One row. ``suspended`` is left out while the target is in use; of a closed row it is what the record says.

    ``stamp`` and ``fails`` (how many items were 不合格) are those of the record that closed it.
    """

    duty: Duty
    due: date
    target: str
    name: str
    location: str | None = None
    unit_kind: UnitKind
    kind: str
    state: TaskState
    suspended: bool | None = None
    closed_by: str | None = None
    closed_at: ListedInstant | None = None
    stamp: Stamp | None = None
    fails: int | None = None


class TodoPage(Answer):
    """A page of to-dos; ``today`` is the business date in Asia/Shanghai.

    ``names`` are the names, as on the records, of everybody in ``closed_by``: once a page, because in each of fifty
    rows they would not fit its 12 KB.
    """

    today: date
    items: tuple[Todo, ...]
    names: dict[str, str] = Field(default_factory=dict)
    next: str | None = None


class ProgressPath(Request):
    """Of which duty."""

    duty: InspectionDuty


class OfficerProgress(Answer):
    """How far one officer is."""

    person: str
    name: str
    owed: int
    done: int


class ProgressAnswer(Answer):
    """How far the officers are in the bucket that is on, over all that the caller sees: each target counted once or,
    weekly and monthly, each target kind of each officer.

    ``done`` counts what was checked in use, ``suspended`` the targets declared suspended: both are dealt with.
    ``officers`` are only told weekly and monthly, where each owes his own.
    """

    today: date
    due: date
    owed: int
    done: int
    suspended: int
    officers: tuple[OfficerProgress, ...] = ()


class TaskPath(Request):
    """Which task: ``target`` is a target or, weekly and monthly, a target kind; ``due`` the first day of its bucket."""

    duty: InspectionDuty
    due: Day
    target: Code


class ClockAnswer(Answer):
    """How long the inspection of equipment, or a licence, still lasts today: ``days`` below zero have passed since.

    ``level`` is the warning that was reached; ``apply_by`` the last day to apply for the next inspection (equipment).
    """

    days: int
    level: ClockLevel | None = None
    apply_by: date | None = None


class TargetFacts(Answer):
    """The nameplate of a target: what it is, where, since when in which state, inspected until when."""

    target: str
    name: str
    unit_kind: UnitKind
    kind: str
    kind_name: str
    subtype: str | None = None
    subtype_name: str | None = None
    location: str | None = None
    state: TargetState
    state_reason: str | None = None
    next_inspection: date | None = None
    clock: ClockAnswer | None = None
    """Of what has a date."""
    identifiers: dict[str, str]


class ItemAnswer(Answer):
    """One item to check; ``hazard`` is the sentence shown on a fail."""

    code: str
    group: str
    text: str
    hazard: str
    grade: Grade
    basis: tuple[str, ...]
    na_allowed: bool
    stop_use: bool
    custom: bool = False
    """Whether the unit asks it of its own accord."""


class ChecklistAnswer(Answer):
    """The items that apply to the target; ``sha256`` names the released lists and is sent back with the answers."""

    sha256: str
    title: str
    version: int
    items: tuple[ItemAnswer, ...]


class Done(Answer):
    """Who has already checked it, and when; ``record`` and ``stamp`` are those of its newest version."""

    record: str
    person: str
    person_name: str
    received_at: Instant
    late: bool
    stamp: Stamp | None = None


class TaskAnswer(Answer):
    """A task, ready to be worked on. ``late_until`` is the last instant it can be entered, ``late`` if it is so now."""

    duty: Duty
    due: date
    state: TaskState
    late: bool
    late_until: Instant
    target: TargetFacts
    record_title: str
    """The statutory title of the record this task makes."""
    checklist: ChecklistAnswer
    open_hazards: dict[Grade, int]
    done: Done | None = None
