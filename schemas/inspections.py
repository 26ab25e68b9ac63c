"""Submitting a checklist."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.base import Answer, Checklists, Code, Day, Devices, FileId, Line, Request, Text
from schemas.checklists import InspectionDuty
from schemas.instants import Instant, PhoneInstant
from schemas.language import Duty, Grade, Handling, Result, Stamp, TargetState


class AnswerRequest(Request):
    """The verdict on one item. Only a fail has handling, outcome (of on-site handling), grade (raised) and photos.

    A fail of a weekly or monthly inspection may name the ``devices`` it was found on and, left pending, a ``deadline``.
    """

    item: Code
    result: Result
    grade: Grade | None = None
    handling: Handling | None = None
    outcome: Text | None = None
    photos: Annotated[tuple[FileId, ...], Field(max_length=9)] = ()
    devices: Devices = ()
    deadline: date | None = None
    remark: Text | None = None
    seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None


class CorrectionRequest(Request):
    """更正: of which version of one's own record this is the next, and why."""

    version: Annotated[int, Field(ge=1, le=98)]
    reason: Text


class InspectionRequest(Request):
    """One checklist of one target (daily) or target kind (weekly, monthly). ``checklist`` is what the task named;
    ``performed_at`` the phone's time: by it the deadlines he chose are judged, and nothing else.

    Who leaves a 重大 of equipment or a station pending decides one of two: ``stop_use`` stops it with this submission,
    ``kept_in_use`` says why it stays in use. With ``correction`` it is the next version of a record that is there.
    """

    target: Code
    duty: InspectionDuty
    due: Day
    state: TargetState
    reason: Line | None = None
    stop_use: bool = False
    kept_in_use: Line | None = None
    checklist: Checklists | None = None
    answers: Annotated[tuple[AnswerRequest, ...], Field(max_length=100)] = ()
    remark: Text | None = None
    signature: FileId | None = None
    performed_at: PhoneInstant | None = None
    correction: CorrectionRequest | None = None


class FirstAnswer(Answer):
    """Who had checked the target before; this record is kept as a supplement to his."""

    person: str
    person_name: str
    received_at: Instant


class Receipt(Answer):
    """What the unit now holds. The same submission sent again gets the same receipt."""

    record: str
    number: str
    target: str
    duty: Duty
    due: date
    state: TargetState
    received_at: Instant
    late: bool
    fails: int
    hazards: tuple[str, ...]
    """Ids of the hazards reported upwards."""
    stamp: Stamp | None = None
    stop_use: bool = False
    kept_in_use: str | None = None
    first: FirstAnswer | None = None
