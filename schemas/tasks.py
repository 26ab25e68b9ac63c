"""A task opened with its target and checklist."""

from __future__ import annotations

from datetime import date

from schemas.base import Answer, Code, Day, Request
from schemas.checklists import InspectionDuty
from schemas.instants import Instant
from schemas.language import Duty, Grade, Stamp, TaskState
from schemas.targets import TargetFacts


class TaskPath(Request):
    """Which task: ``target`` is a target or, weekly and monthly, a target kind; ``due`` the first day of its bucket."""

    duty: InspectionDuty
    due: Day
    target: Code


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
