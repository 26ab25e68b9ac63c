"""Records: lists and the whole of one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Answer, Code, Cursor, Request
from schemas.checklists import InspectionDuty
from schemas.inspections import FirstAnswer
from schemas.instants import Instant
from schemas.language import Duty, Grade, Handling, Result, Role, Stamp, TargetState, UnitKind
from schemas.targets import TargetFacts

RecordId = Annotated[
    str,
    StringConstraints(
        pattern=r"^(daily|weekly|monthly)\.\d{4}-\d{2}-\d{2}(\.officer-[A-Za-z0-9][A-Za-z0-9_-]{0,31}|\.director|\.principal)?"
        r"\.v\d{2}(\.[A-Za-z0-9][A-Za-z0-9_-]{0,31})?$"
    ),
]
"""``<duty>.<bucket>[.<share>].v<version>``, a supplement with its person behind."""


class TargetQuery(Request):
    """Which page."""

    cursor: Cursor | None = None


class TargetPage(Answer):
    """A page of targets. It may be short and still have a ``next``."""

    items: tuple[TargetFacts, ...]
    next: str | None = None


class TargetPath(Request):
    """Whose records: a target's or, weekly and monthly, a target kind's."""

    target: Code


class RecordQuery(Request):
    """Which duty, which days, both ends included; which page."""

    duty: InspectionDuty = Duty.DAILY
    since: date = date(2023, 5, 5)
    """Orders 73 and 74 are in force from this day: there is nothing before."""
    until: date = date(9999, 12, 30)
    cursor: Cursor | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        # DynamoDB refuses such a range; emulators answer it with an empty page.
        if self.since > self.until:
            raise ValueError("开始日期不能晚于结束日期")
        return self


class RecordPath(Request):
    """Which record."""

    target: Code
    record: RecordId


class RecordItem(Answer):
    """A record in a list."""

    record: str
    number: str
    duty: Duty
    due: date
    state: TargetState
    person: str
    person_name: str
    role: Role = Role.OFFICER
    received_at: Instant
    late: bool
    fails: int
    stamp: Stamp | None = None
    version: int = 1
    correction: str | None = None
    """Why this version corrects the one before."""
    supplement: bool = False
    first: FirstAnswer | None = None
    """Who had checked it before a supplement came in."""


class MissedItem(Answer):
    """What nobody had recorded at the close (漏检). ``names`` are those who were to do it; ``asked`` is False when the
    bucket was never opened while it lasted, which is no fault of theirs."""

    duty: Duty
    due: date
    closed_at: Instant
    asked: bool
    role: Role = Role.OFFICER
    names: tuple[str, ...]


class RecordPage(Answer):
    """A page of a target's history, newest bucket first: what was recorded in it and what was missed."""

    target: TargetFacts
    items: tuple[RecordItem, ...]
    missed: tuple[MissedItem, ...] = ()
    next: str | None = None


class AnsweredItem(Answer):
    """One item of the list as it was, with the verdict it got."""

    code: str
    group: str
    text: str
    hazard: str
    result: Result
    grade: Grade | None = None
    handling: Handling | None = None
    outcome: str | None = None
    photos: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    """Weekly and monthly: the codes of those it was found on; none is all of the kind, or no certain one."""
    deadline: date | None = None
    remark: str | None = None
    hazard_id: str | None = None
    """The hazard that it opened, or that an earlier version opened for it; passed since, it does not fail again."""
    custom: bool = False


class VersionItem(Answer):
    """A version of a record."""

    record: str
    version: int
    received_at: Instant


class RecordDetail(RecordItem):
    """A whole record under its legal title. ``sha256`` is its link in the chain, ``previous`` the one before."""

    title: str
    unit_kind: UnitKind
    kind: str
    target: str
    target_name: str
    location: str | None = None
    reason: str | None = None
    stop_use: bool = False
    kept_in_use: str | None = None
    remark: str | None = None
    signature: str | None = None
    performed_at: Instant | None = None
    checklist: str | None = None
    items: tuple[AnsweredItem, ...]
    seq: Annotated[int, Field(ge=1)]
    sha256: str
    previous: str | None = None
    versions: tuple[VersionItem, ...] = ()
    """Every version there is, the first one first."""
