"""Weekly and monthly reports (周报告, 月报告), and the minutes that a director drafts for the principal."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from schemas.base import Answer, Code, Cursor, Day, FileId, LongText, Request, Text
from schemas.counts import Numbers
from schemas.instants import Instant, PhoneInstant
from schemas.language import Duty, Evaluation, Grade, HazardState, MinutesAct, MinutesState, Role, TaskState, UnitKind
from schemas.records import MissedItem

ReportDuty = Literal[Duty.WEEKLY_REPORT, Duty.MONTHLY_REPORT]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ReportId = Annotated[
    str, StringConstraints(pattern=r"^(weekly_report|monthly_report)\.\d{4}-\d{2}-\d{2}\.(director|principal)\.\d{2}$")
]
"""``<duty>.<bucket>.<role>.<n>``: the n-th of its bucket."""


def _begins_with_a_day(id: str) -> str:
    date.fromisoformat(id[:10])
    return id


MinutesId = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}\.[0-9a-f]{16}\.[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"),
    AfterValidator(_begins_with_a_day),
]
"""``<bucket>.<hash of what was sent first>.<director>``"""

MinutesText = Annotated[LongText, StringConstraints(max_length=6000)]
"""The minutes of a meeting that covers every kind a unit has."""

MOST_KINDS = 20
"""Target kinds that one signature, or one meeting, may cover."""


# --- a report that is there -----------------------------------------------------------------------------------------


class ReportItem(Answer):
    """A report in a list."""

    report: str
    number: str
    duty: Duty
    due: date
    kind: str
    unit_kind: UnitKind
    person: str
    person_name: str
    role: Role
    received_at: Instant
    late: bool
    evaluation: Evaluation | None = None
    meeting_at: Instant | None = None


class ReportQuery(Request):
    """Which reports of a kind, which page."""

    duty: ReportDuty
    cursor: Cursor | None = None


class ReportsPath(Request):
    """Of which target kind."""

    kind: Code


class ReportPath(ReportsPath):
    """Which report."""

    report: ReportId


class ReportPage(Answer):
    """A page of a kind's reports, newest bucket first, and the buckets that went by without one."""

    items: tuple[ReportItem, ...]
    missed: tuple[MissedItem, ...] = ()
    next: str | None = None


class ReportDetail(ReportItem):
    """A whole report under its legal title. ``numbers`` are as they were when it was saved, ``live`` as they are now;
    ``before`` those of the month before. ``text`` is the summary of the week, or the minutes. ``evaluation_sentence``
    is the evaluation word by word; ``override`` why it was chosen although a 较大 or 重大 hazard was open."""

    title: str
    numbers: Numbers
    live: Numbers | None = None
    before: Numbers | None = None
    text: str | None = None
    evaluation_sentence: str | None = None
    override: str | None = None
    focus: str
    photos: tuple[str, ...] = ()
    signature: str
    drafted_by: str | None = None
    drafted_by_name: str | None = None
    performed_at: Instant | None = None
    seq: Annotated[int, Field(ge=1)]
    sha256: str
    previous: str | None = None


class ReportReceipt(Answer):
    """What the unit now holds."""

    report: str
    number: str
    kind: str
    received_at: Instant
    late: bool


class ReportReceipts(Answer):
    """One for each kind that was signed for, in the order they were sent. The same content sent again gets the same."""

    due: date
    reports: tuple[ReportReceipt, ...]


# --- weekly ---------------------------------------------------------------------------------------------------------


class DraftPath(Request):
    """The report of a kind that is due in the week that begins on this Monday."""

    due: Day
    kind: Code


class OpenHazard(Answer):
    """A hazard that is open; ``carried`` when it was found before the days the report is about."""

    hazard: str
    duty: Duty
    sentence: str
    grade: Grade
    state: HazardState
    target_name: str
    found_at: Instant
    deadline: date | None = None
    overdue: bool = False
    carried: bool = False


class EvaluationOption(Answer):
    """One of the two evaluations, word by word; ``blocked`` says why it cannot be chosen without a written reason."""

    evaluation: Evaluation
    sentence: str
    blocked: str | None = None


class WeeklyDraft(Answer):
    """What a weekly report begins with: numbers of the week before, and a ``summary`` drafted from them. ``seen`` names
    these numbers and is sent back. ``state`` is that of the caller's to-do. ``reports`` are those already saved."""

    due: date
    kind: str
    unit_kind: UnitKind
    title: str
    signer: str
    """The title of the post that signs: 安全总监, 质量安全总监, 主要负责人."""
    state: TaskState
    late: bool
    late_until: Instant
    numbers: Numbers
    seen: str
    summary: str
    evaluations: tuple[EvaluationOption, ...]
    open: tuple[OpenHazard, ...] = ()
    reports: tuple[ReportItem, ...] = ()


class WeeklyReportRequest(Request):
    """The report of one kind. ``override`` is why it is judged under control although a 较大 or 重大 hazard is open."""

    kind: Code
    seen: Digest
    summary: LongText
    evaluation: Evaluation
    override: Text | None = None
    focus: LongText


def _each_kind_once(reports: tuple[WeeklyReportRequest, ...]) -> tuple[WeeklyReportRequest, ...]:
    if len({report.kind for report in reports}) < len(reports):
        raise ValueError("同一种类只能填一份")
    return reports


class WeeklyReportsRequest(Request):
    """Weekly reports under one signature: all are saved, or none."""

    due: Day
    reports: Annotated[
        tuple[WeeklyReportRequest, ...], Field(min_length=1, max_length=MOST_KINDS), AfterValidator(_each_kind_once)
    ]
    signature: FileId
    performed_at: PhoneInstant | None = None


# --- monthly --------------------------------------------------------------------------------------------------------


class MonthlyPath(Request):
    """The reports that are due in the month that begins on this day."""

    due: Day


class MonthlyQuery(Request):
    """When the meeting was; without it, as if it were now."""

    meeting_at: PhoneInstant | None = None


class MonthlyKind(Answer):
    """What minutes say of one kind: numbers from the 1st to the day before the meeting, those of the month before, and
    a drafted paragraph. ``seen`` names both numbers and is sent back. ``state`` is that of the caller's to-do."""

    kind: str
    unit_kind: UnitKind
    title: str
    state: TaskState
    numbers: Numbers
    before: Numbers
    seen: str
    text: str
    reports: tuple[ReportItem, ...] = ()


class MonthlyDraft(Answer):
    """What the minutes of a meeting begin with: each kind that is asked of the caller. ``minutes`` are drafts that are
    with the principal, or were sent back."""

    due: date
    meeting_at: Instant
    late: bool
    late_until: Instant
    signer: str
    kinds: tuple[MonthlyKind, ...]
    minutes: tuple[MinutesItem, ...] = ()


class KindSeen(Request):
    """A kind that the meeting covered, and the numbers that were before his eyes."""

    kind: Code
    seen: Digest


def _kinds_once(kinds: tuple[KindSeen, ...]) -> tuple[KindSeen, ...]:
    if len({one.kind for one in kinds}) < len(kinds):
        raise ValueError("同一种类只能选一次")
    return kinds


Kinds = Annotated[tuple[KindSeen, ...], Field(min_length=1, max_length=MOST_KINDS), AfterValidator(_kinds_once)]


class Meeting(Request):
    """A monthly meeting: when, what was said (photos of the minutes, or text), what comes next month."""

    due: Day
    kinds: Kinds
    meeting_at: PhoneInstant
    photos: Annotated[tuple[FileId, ...], Field(max_length=9)] = ()
    text: MinutesText | None = None
    focus: LongText


class MinutesPath(Request):
    """Which drafted minutes."""

    minutes: MinutesId


class MinutesQuery(Request):
    """Of which month."""

    due: Day


class VersionQuery(Request):
    """In which version; without it, as they stand."""

    version: Annotated[int, Field(ge=1, le=99)] | None = None


class Revision(Request):
    """Which version of which minutes this takes the place of."""

    minutes: MinutesId
    version: Annotated[int, Field(ge=1)]


class MinutesRequest(Meeting):
    """提交负责人: minutes drafted by the director; with ``revises`` in the place of what was submitted before."""

    revises: Revision | None = None


class MonthlyReportsRequest(Meeting):
    """生成月调度报告: the principal writes and signs alone. A report for each kind: all are saved, or none."""

    signature: FileId
    performed_at: PhoneInstant | None = None


class SignatureRequest(Request):
    """生成月调度报告: the principal signs what the director drafted, as it is."""

    version: Annotated[int, Field(ge=1)]
    kinds: Kinds
    signature: FileId
    performed_at: PhoneInstant | None = None


class ReturnRequest(Request):
    """退回修改: why."""

    version: Annotated[int, Field(ge=1)]
    reason: Text


class MinutesItem(Answer):
    """Drafted minutes in a list."""

    minutes: str
    due: date
    version: int
    state: MinutesState
    kinds: tuple[str, ...]
    meeting_at: Instant
    by: str
    by_name: str
    at: Instant
    """When this version was submitted."""
    reason: str | None = None
    """Why it was sent back."""


class MinutesList(Answer):
    """The minutes drafted for a month, the latest first."""

    items: tuple[MinutesItem, ...]


class MinutesStep(Answer):
    """Who did what with them, and when."""

    act: MinutesAct
    version: int
    by: str
    by_name: str
    at: Instant
    text: str | None = None


class MinutesDetail(MinutesItem):
    """Drafted minutes whole, with the numbers as they are now and every step."""

    late: bool
    late_until: Instant
    signer: str
    photos: tuple[str, ...] = ()
    text: str | None = None
    focus: str
    of: tuple[MonthlyKind, ...]
    steps: tuple[MinutesStep, ...]


MonthlyDraft.model_rebuild()
