"""Hazards and their steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from schemas.base import Answer, Code, Cursor, Devices, FileId, Line, Request, Text
from schemas.checklists import InspectionDuty
from schemas.instants import IN_IDS, Instant
from schemas.language import Act, Duty, Grade, Handling, HazardState, UnitKind


def _of_an_instant(id: str) -> str:
    try:
        datetime.strptime(id.partition(".")[0], IN_IDS)
    except ValueError:
        raise ValueError("格式不对") from None
    return id


_CODES = r"(\.[A-Za-z0-9][A-Za-z0-9_-]{0,31}){3}"
HazardId = Annotated[
    str,
    StringConstraints(pattern=rf"^[0-9]{{8}}T([01][0-9]|2[0-3])([0-5][0-9]){{2}}[0-9]{{3}}Z{_CODES}$", max_length=120),
    # What lies where is told by the instant in its id: one that never was has no place anywhere.
    AfterValidator(_of_an_instant),
]
"""``<found instant>.<target>.<item>.<finder>``"""


class HazardPath(Request):
    """Which hazard."""

    hazard: HazardId


class HazardQuery(Request):
    """Which list, which page: found by which duty, in which state; ``grade`` narrows it."""

    duty: InspectionDuty = Duty.DAILY
    state: HazardState
    grade: Grade | None = None
    cursor: Cursor | None = None


class Seen(Request):
    """What the person had before his eyes; the step is refused when the hazard has moved since.

    ``state`` may be left out where only one leads on: to an order from 待下达, to a confirmation from 待整改.
    """

    version: Annotated[int, Field(ge=1)]
    grade: Grade
    state: HazardState | None = None
    duty: InspectionDuty = Duty.DAILY
    devices: Devices = ()


class OrderRequest(Request):
    """下达整改措施. Without ``assignee`` the finder rectifies. ``same_person_reason`` (同一人) is needed, and kept,
    only when the finder himself orders."""

    seen: Seen
    measures: Text
    deadline: date
    assignee: Code | None = None
    same_person_reason: Line | None = None


class ExtensionRequest(Request):
    """申请延期: why, and until when. The director answers with a new order."""

    seen: Seen
    reason: Text
    until: date


class RegradeRequest(Request):
    """调整等级, with the reason. An officer may only raise it."""

    seen: Seen
    grade: Grade
    reason: Text


class RectificationRequest(Request):
    """确认完成整改, with what was done and how it looks now. ``same_person_reason`` (同一人) is needed, and kept, when
    the finder himself confirms what a weekly or monthly inspection found."""

    seen: Seen
    result: Text
    photos: Annotated[tuple[FileId, ...], Field(min_length=1, max_length=9)]
    same_person_reason: Line | None = None


class StepAnswer(Answer):
    """Where the hazard stands after the step."""

    hazard: str
    state: HazardState
    version: int


class HazardItem(Answer):
    """A hazard in a list. ``overdue`` is derived from the deadline and today.

    Of a 重大 left pending, ``stop_use`` says that the target was stopped for it, ``kept_in_use`` why it was not.
    """

    hazard: str
    duty: Duty
    target: str
    target_name: str
    devices: tuple[str, ...] = ()
    location: str | None = None
    unit_kind: UnitKind
    kind: str
    sentence: str
    grade: Grade
    state: HazardState
    version: int
    finder_name: str
    found_at: Instant
    assignee: str | None = None
    deadline: date | None = None
    extension: date | None = None
    """Until when more time was asked for; gone with the next order."""
    rectified_at: Instant | None = None
    overdue: bool = False
    stop_use: bool | None = None
    kept_in_use: str | None = None


class HazardPage(Answer):
    """A page of hazards."""

    items: tuple[HazardItem, ...]
    next: str | None = None


class StepItem(Answer):
    """One step: who did what, when. The first is the report itself."""

    version: int
    act: Act
    state: HazardState
    by: str
    by_name: str
    at: Instant
    text: str
    assignee: str | None = None
    assignee_name: str | None = None
    deadline: date | None = None
    photos: tuple[str, ...] = ()
    same_person_reason: str | None = None
    grade: Grade | None = None
    """What it was graded then, when the step changed that."""


class OfficerItem(Answer):
    """Somebody who may rectify."""

    person: str
    name: str


class HazardDetail(HazardItem):
    """A hazard with all that was found and every step since."""

    item: str
    requirement: str
    handling: Handling
    photos: tuple[str, ...]
    outcome: str | None = None
    remark: str | None = None
    record: str
    officers: tuple[OfficerItem, ...]
    """To whom it may be ordered: the officers the target names, the finder first; only he when it names none."""
    steps: tuple[StepItem, ...]
