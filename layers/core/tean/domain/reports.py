"""Weekly and monthly reports (周报告, 月报告): what they are about, what may be said in them, and what is kept.

A report is evidence as an inspection's record is: immutable, and a link in the chain of its target kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from schemas.catalogue import record_title, target_kind
from schemas.instants import Instant
from schemas.language import Duty, Evaluation, FileKind, Grade, Role, Stamp, TargetState, UnitKind, words
from schemas.typed import typed
from tean.domain import calendar
from tean.domain.errors import Conflict, Invalid
from tean.domain.figures import Numbers
from tean.domain.files import Upload
from tean.domain.hazards import Hazard
from tean.domain.inspections import require_citable
from tean.domain.membership import Membership
from tean.domain.records import Head, canonical, digest
from tean.domain.registry import Person
from tean.domain.tasks import Row

MOST_REPORTS = 9
"""Reports of one kind in one bucket by one role: the first is the duty, the others add to it."""
REPORTERS = (Role.DIRECTOR, Role.PRINCIPAL)
"""Who reports."""

_TITLED: Mapping[Duty, Duty] = {Duty.WEEKLY_REPORT: Duty.WEEKLY, Duty.MONTHLY_REPORT: Duty.MONTHLY}
"""Under whose statutory title a report stands: orders 73 and 74 name a report of the week and minutes of the month."""


@dataclass(frozen=True)
class Report:
    """One report of a target kind. ``n`` counts those of its bucket and role. ``numbers`` are as they were when it was
    saved; ``before``, of a month, those of the month before. ``text`` is the summary of the week, or the minutes;
    ``sentence`` the evaluation word by word, ``override`` why it was chosen although a 较大 or 重大 was open.

    What a director drafted and the principal signed bears the name of who drafted it, and names the ``minutes``.
    """

    unit: str
    kind: str
    unit_kind: UnitKind
    duty: Duty
    due: date
    n: int
    title: str
    person: str
    person_name: str
    role: Role
    received_at: Instant
    payload: str
    seq: int
    numbers: Numbers
    focus: str
    signature: str
    previous: str | None = None
    late: bool = False
    before: Numbers | None = None
    text: str | None = None
    evaluation: Evaluation | None = None
    sentence: str | None = None
    override: str | None = None
    meeting_at: Instant | None = None
    photos: tuple[str, ...] = ()
    drafted_by: str | None = None
    drafted_by_name: str | None = None
    minutes: str | None = None
    performed_at: Instant | None = None

    @property
    def id(self) -> str:
        """Its natural key within the kind, URL-safe: duty, bucket, role, number."""
        return f"{self.duty}.{self.due.isoformat()}.{self.role}.{self.n:02d}"

    @property
    def number(self) -> str:
        """The number printed on it: bucket, kind, mark, number."""
        return f"{self.due:%Y%m%d}-{self.kind}-{_MARKS[self.duty]}-{self.role}-{self.n:02d}"

    # What a row is closed with, as of a kind in use in which nothing is checked item by item.
    state: ClassVar[TargetState] = TargetState.IN_USE
    stamp: ClassVar[Stamp | None] = None
    fails: ClassVar[int] = 0

    @property
    def evidence(self) -> str:
        """The evidence itself: canonical JSON without what is at its default; read back by :func:`from_text`."""
        return canonical(typed(Report).dump_python(self, mode="json", exclude_defaults=True))

    @property
    def sha256(self) -> str:
        """Its link in the chain."""
        return digest(self.evidence)


_MARKS = {Duty.WEEKLY_REPORT: "WR", Duty.MONTHLY_REPORT: "MR"}


def from_text(text: str) -> Report:
    """The report behind its canonical text."""
    return typed(Report).validate_json(text)


def is_reported(duty: Duty) -> bool:
    """Whether a duty is done by a report, not by going through items."""
    return duty in _TITLED


# --- what it is about -----------------------------------------------------------------------------------------------


def week_reported(duty: Duty, due: date) -> tuple[date, date]:
    """The days a report is about that looks back over the bucket before its own, both included."""
    return calendar.before(duty, due), due - calendar.DAY


def month_reported(duty: Duty, due: date, meeting_at: datetime) -> tuple[date, date]:
    """The days a meeting looks back over: from the 1st to the day before it, which for a meeting that was held late is
    the last of its month."""
    return due, min(calendar.business_date(meeting_at) - calendar.DAY, calendar.last_day(duty, due))


def title_of(row: Row) -> str:
    """The statutory title of the report that a row asks for. Of filling as one it names what the unit fills."""
    return record_title(row.lists or (row.kind,), _TITLED[row.duty])


# --- what may be said -----------------------------------------------------------------------------------------------


def blocked(open: Mapping[Grade, int]) -> str | None:
    """Why the week cannot be called under control without a written reason; None while nothing grave is open."""
    grave = [f"{open[grade]} 条{words(grade)}" for grade in (Grade.MAJOR, Grade.SERIOUS) if open.get(grade)]
    return f"有 {'、'.join(grave)}隐患没有整改完成，不能选这一项；确需选择，请写明理由" if grave else None


@dataclass(frozen=True)
class Said:
    """What somebody says of a kind in a weekly report."""

    kind: str
    seen: str
    summary: str
    evaluation: Evaluation
    focus: str
    override: str | None = None


def check_evaluation(said: Said, numbers: Numbers) -> None:
    """The guide's first evaluation is refused while a 较大 or 重大 is open, unless its choice is explained."""
    grave = blocked(numbers.open)
    under_control = said.evaluation is Evaluation.UNDER_CONTROL
    if under_control and grave and said.override is None:
        raise Invalid("report.evaluation_blocked", f"{grave}。", kind=said.kind)
    if said.override is not None and not (under_control and grave):
        raise Invalid("report.override_unexpected", "这一评价不用写理由，请去掉后再保存。", kind=said.kind)


def require_seen(seen: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Whoever signs must have had before his eyes what is kept."""
    moved = sorted(kind for kind, digest in now.items() if seen.get(kind) != digest)
    if moved:
        raise Conflict(
            "report.numbers_moved", "填写期间数字变了，您填的内容没有丢；请看过新的数字再保存。", kinds=moved
        )


def require_met(due: date, meeting_at: datetime, now: datetime) -> None:
    """A meeting is reported after it was held, in its own month or the days that take late entries."""
    if meeting_at > now:
        raise Invalid("report.meeting_to_come", "会议时间不能晚于现在，开完会再填。")
    if calendar.business_date(meeting_at) < due:
        raise Invalid("report.meeting_before", "会议时间不在这个月，请重新选择。")


def require_told(photos: Collection[str], text: str | None) -> None:
    """Minutes are told in photos or in words."""
    if not photos and not text:
        raise Invalid("report.minutes_missing", "请拍下会议纪要，或写下纪要内容。")


def require_signed(uploads: Mapping[str, Upload], signature: str, person: str) -> None:
    """Signed by himself, and verified."""
    require_citable(uploads.get(signature), signature, FileKind.SIGNATURE, person)


def require_photos(uploads: Mapping[str, Upload], photos: Sequence[str], person: str) -> None:
    """Photos of his own, each once, all verified."""
    if len(set(photos)) < len(photos):
        raise Invalid("report.photo_twice", "同一张照片只能用一次，请重新拍照。")
    for photo in photos:
        require_citable(uploads.get(photo), photo, FileKind.PHOTO, person)


# --- what is drafted ------------------------------------------------------------------------------------------------

_COUNTED = {UnitKind.USE: "台{}", UnitKind.PRODUCTION: "项{}许可", UnitKind.FILLING: "个充装工位"}
NAMED = 3
"""How many open hazards a drafted summary names."""


def summary(kind: str, numbers: Numbers, open: Sequence[Hazard]) -> str:
    """What the guide drafts for a week: inspected, found, rectified; and what is left, by name."""
    known = target_kind(kind)
    what = _COUNTED[known.unit_kind].format(known.short)
    first = (
        f"本周期（{numbers.since:%m-%d}～{numbers.until:%m-%d}）共排查 {numbers.targets or 0} {what}，"
        f"共发现隐患 {numbers.all_found} 条，整改完成 {numbers.rectified} 条。"
    )
    return first + _left("未完成", open)


def paragraph(kind: str, numbers: Numbers, before: Numbers, open: Sequence[Hazard]) -> str:
    """What the minutes of a month begin with, of one kind."""
    daily, last = numbers.daily, before.daily
    ending = f"30 天内到期 {numbers.expiring} {_ENDING[target_kind(kind).unit_kind]}。" if numbers.expiring else ""
    if numbers.until < numbers.since:
        counted = "会议在 1 日召开，本月还没有可汇总的日期。"
    else:
        counted = (
            f"{numbers.since:%m-%d}～{numbers.until:%m-%d} 日管控应查 {daily.due} 次，按时 {daily.on_time}，"
            f"补录 {daily.late}，漏检 {daily.missed}，停用 {daily.suspended}，零风险 {daily.zero_risk} 次；"
            f"发现隐患 {numbers.all_found} 条，整改完成 {numbers.rectified} 条。"
        )
    return (
        f"【{target_kind(kind).short}】{counted}"
        f"上月应查 {last.due} 次，漏检 {last.missed}；发现隐患 {before.all_found} 条，整改完成 {before.rectified} 条。"
        f"{_left('现有未完成隐患', open)}{ending}"
    )


_ENDING = {UnitKind.USE: "台设备的检验", UnitKind.PRODUCTION: "项许可", UnitKind.FILLING: "项许可"}


def _left(word: str, open: Sequence[Hazard]) -> str:
    if not open:
        return ""
    named = "；".join(map(_named, open[:NAMED]))
    return f"{word} {len(open)} 条：{named}{'等' if len(open) > NAMED else ''}。"


def _named(hazard: Hazard) -> str:
    until = f"，期限 {hazard.deadline:%m-%d}" if hazard.deadline else ""
    return f"{hazard.sentence}（{words(hazard.grade)}）{until}"


def gravest_first(open: Iterable[Hazard]) -> Sequence[Hazard]:
    """Open hazards as a reader wants them: the gravest, of these the oldest."""
    return sorted(open, key=lambda one: (-one.grade.rank, one.found_at, one.id))


# --- what is kept ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signing:
    """Who signs, as what, when, with what."""

    member: Membership
    person: Person
    now: datetime
    signature: str
    payload: str
    performed_at: datetime | None = None


def report_of(signing: Signing, row: Row, head: Head, n: int, numbers: Numbers, **said: Any) -> Report:
    """The ``n``-th report of the bucket that ``row`` asks for, as the next link of its kind's chain."""
    common: dict[str, Any] = {
        "unit": signing.member.unit,
        "kind": row.kind,
        "unit_kind": row.unit_kind,
        "duty": row.duty,
        "due": row.due,
        "n": n,
        "title": title_of(row),
        "person": signing.person.code,
        "person_name": signing.person.name,
        "role": signing.member.role,
        "received_at": signing.now,
        "payload": signing.payload,
        "seq": head.seq + 1,
        "previous": head.hash,
        "numbers": numbers,
        "signature": signing.signature,
        "late": calendar.is_late(row.due, signing.now, row.duty),
        "performed_at": signing.performed_at,
    }
    return Report(**common, **said)
