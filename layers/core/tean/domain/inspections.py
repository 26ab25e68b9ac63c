"""Judging a submitted checklist: is it complete and honest, what record does it make, which hazards does it open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schemas.checklists import Asked, Item
from schemas.language import (
    Duty,
    FileKind,
    Grade,
    Handling,
    HazardState,
    Result,
    Stamp,
    TargetState,
    TaskState,
    UnitKind,
    Verdict,
)
from tean.domain import calendar
from tean.domain.clocks import has_ended
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound
from tean.domain.files import Upload, owner_of
from tean.domain.hazard_ids import hazard_id
from tean.domain.hazards import Hazard, first_state
from tean.domain.membership import Membership
from tean.domain.records import Answer, First, Head, Record
from tean.domain.registry import Person, Target, as_target, inspected_as
from tean.domain.shares import asked_by_kind
from tean.domain.tasks import Row

MOST_FILES = 60
"""Files one submission may cite."""
MOST_PHOTOS = 9
"""Photos of one item."""
MOST_DEVICES = 20
"""Devices one weekly or monthly inspection may name: each one's count of open hazards is written with it."""


@dataclass(frozen=True)
class Draft:
    """What somebody sends. ``checklist`` is what he answered, ``payload`` the hash of it all.

    ``stop_use`` and ``kept_in_use`` are what he decided on a 重大 that he leaves pending: the target is stopped, or the
    reason why it is not.
    """

    target: str
    duty: Duty
    due: date
    state: TargetState
    payload: str
    checklist: Asked | None = None
    answers: tuple[Answer, ...] = ()
    reason: str | None = None
    stop_use: bool = False
    kept_in_use: str | None = None
    remark: str | None = None
    signature: str | None = None
    performed_at: datetime | None = None
    correction: str | None = None

    def files(self) -> tuple[str, ...]:
        """Every file it cites, in order, the signature last."""
        photos = [photo for answer in self.answers for photo in answer.photos]
        return (*photos, self.signature) if self.signature else tuple(photos)

    def devices(self) -> tuple[str, ...]:
        """Every device it names, each once."""
        return tuple(dict.fromkeys(device for answer in self.answers for device in answer.devices))


@dataclass(frozen=True)
class Judged:
    """A submission that may be written."""

    record: Record
    hazards: tuple[Hazard, ...]
    target_state: TargetState | None
    state_reason: str | None = None
    """Why the target is in that state."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one item, for the person who answered it."""

    item: str
    reason: str


# --- may he, may it be now ------------------------------------------------------------------------------------------


def require_open(row: Row | None, due: date, now: datetime, *, correcting: bool = False) -> Row:
    """The task must be his, its day must have come and still take entries (late until 00:05 of D+3). What is there may
    be corrected later too: that enters nothing, and changes no number that is frozen."""
    if due > calendar.business_date(now):
        raise Invalid("inspection.future", "这一天还没有到，到当天再检查。")
    if row is None or row.due != due:
        raise NotFound("task.unknown", "没有找到这项任务，请回到待办列表下拉刷新。")
    if now >= calendar.late_until(due, row.duty) and not correcting:
        raise Conflict("inspection.closed", f"{_BUCKETS[row.duty]}已经封存，不能再补录；现在要做的请从待办进入。")
    if row.state is TaskState.WITHDRAWN and not correcting:
        raise Conflict("task.withdrawn", "这项任务已撤回，对象不再由您检查，请下拉刷新待办。")
    return row


_BUCKETS = {
    Duty.DAILY: "这一天", Duty.WEEKLY: "这一周", Duty.MONTHLY: "这个月",
    Duty.WEEKLY_REPORT: "这一周", Duty.MONTHLY_REPORT: "这个月",
}  # fmt: skip


def subject(row: Row, target: Target | None) -> Target | None:
    """What a row asks to inspect: its target or, weekly and monthly, a target kind, which is always in use."""
    return as_target(row.target) if asked_by_kind(row.duty) else target


def kinds_asked(row: Row, target: Target) -> tuple[str, ...]:
    """The target kinds whose checklists are asked."""
    return row.lists or (target.kind,)


def require_restartable(target: Target, head: Head, today: date) -> None:
    """A suspended target goes back into use only with a valid inspection and no open 重大 hazard (design.md §6)."""
    if has_ended(target, today):
        raise Conflict("target.inspection_expired", "检验已过期，不能恢复在用；检验合格并更新日期后再恢复。")
    if head.open_hazards.get(Grade.MAJOR, 0):
        raise Conflict("target.major_hazard_open", "还有重大隐患没有整改完成，不能恢复在用。")


# --- is it complete and honest --------------------------------------------------------------------------------------


def check_draft(
    draft: Draft, row: Row, target: Target, *, person: str, now: datetime,
    uploads: Mapping[str, Upload], devices: Mapping[str, Target],
) -> None:  # fmt: skip
    """Refuse a draft with every fault named at once; nothing of it is kept."""
    if draft.state is TargetState.SUSPENDED:
        _check_suspension(draft)
    else:
        _check_answers(draft, row, target, now)
    _check_stop_use(draft, target)
    _check_devices(draft, target, devices)
    # Required where one is asked to sign (design.md §6); weekly and monthly it is offered.
    signed_before = draft.state is target.state is TargetState.SUSPENDED
    if draft.signature is None and not asked_by_kind(draft.duty) and not signed_before:
        raise Invalid("inspection.signature_missing", "还没有签名，请签字后再提交。")
    _check_uploads(draft, uploads, person)


def _check_suspension(draft: Draft) -> None:
    if asked_by_kind(draft.duty):
        raise Invalid("inspection.kind_suspended", "周排查和月调度按种类逐项检查，没有停用可选，请逐项检查后提交。")
    if draft.answers or draft.checklist:
        raise Invalid("inspection.suspended_with_answers", "选了停用就不再逐项检查，请去掉检查项或改选在用。")
    if not draft.reason:
        raise Invalid("inspection.reason_missing", "停用要写明原因。")


def _check_answers(draft: Draft, row: Row, target: Target, now: datetime) -> None:
    checklist = draft.checklist
    if draft.reason:
        raise Invalid("inspection.reason_unexpected", "在用的检查不填停用原因。")
    if checklist is None or not _is_asked(checklist, row, target):
        raise Invalid("inspection.checklist_unknown", "清单与检查对象不符，请重新打开这项任务。")
    items = {item.code: item for item in checklist.items_for(target.subtype)}
    # In a correction what was found before keeps its deadline, past or not; what is new is judged with it.
    deadlines = () if draft.correction else deadline_faults(draft, now)
    require_no_faults((*_faults(items, draft.answers), *_place_faults(draft), *deadlines))


def require_no_faults(faults: Iterable[Fault]) -> None:
    """Name every fault at once."""
    if found := [{"item": fault.item, "reason": fault.reason} for fault in faults]:
        raise Invalid("inspection.answers", f"有 {len(found)} 处需要补充，请按提示改好再提交。", faults=found)


def _is_asked(checklist: Asked, row: Row, target: Target) -> bool:
    """Whether it is what the task asks: the fixed lists of its kinds in any version ever released, and the unit's own
    as it was when the task was made."""
    own = checklist.custom.sha256 if checklist.custom else None
    return (checklist.kinds, checklist.duties, own) == (kinds_asked(row, target), frozenset((row.duty,)), row.custom)


def _check_stop_use(draft: Draft, target: Target) -> None:
    grave = [item.code for item in grave_items(draft)] if may_be_stopped(target) else []
    decided = draft.stop_use or draft.kept_in_use is not None
    if grave and not decided:
        raise Invalid(
            "inspection.stop_use_undecided", "有重大隐患待处理：请确认停用，或写明为什么暂不停用。", items=grave
        )
    if decided and not grave:
        raise Invalid("inspection.stop_use_unexpected", "没有待处理的重大隐患，不用决定是否停用；请去掉后再提交。")
    if draft.stop_use and draft.kept_in_use is not None:
        raise Invalid("inspection.stop_use_twice", "停用和暂不停用只能选一样，请重新选择。")


def may_be_stopped(target: Target) -> bool:
    """A licence is suspended only for a day without production."""
    return target.unit_kind is not UnitKind.PRODUCTION


def grave_items(draft: Draft) -> Iterator[Item]:
    """Failed items of daily control that are 重大 and left pending: each proposes to stop the target (design.md §6)."""
    if draft.checklist is None or asked_by_kind(draft.duty):
        return
    items = {item.code: item for item in draft.checklist.items}
    for answer in draft.answers:
        item = items[answer.item]
        if answer.handling is Handling.PENDING and grade_of(item, answer) is Grade.MAJOR:
            yield item


def _faults(items: Mapping[str, Item], answers: Sequence[Answer]) -> Iterator[Fault]:
    times = Counter(answer.item for answer in answers)
    yield from (Fault(code, "这一项还没有检查") for code in items if code not in times)
    yield from (Fault(code, "这一项答了不止一次") for code, count in times.items() if count > 1)
    yield from (Fault(code, "清单里没有这一项") for code in times if code not in items)
    for answer in answers:
        if answer.item in items:
            yield from (Fault(answer.item, reason) for reason in _answer_faults(items[answer.item], answer))


def _answer_faults(item: Item, answer: Answer) -> Iterator[str]:
    if answer.result is Result.NOT_APPLICABLE and not item.na_allowed:
        yield "这一项不能选无此项"
    yield from _fail_faults(item, answer) if answer.result is Result.FAIL else _other_faults(answer)


def _fail_faults(item: Item, answer: Answer) -> Iterator[str]:
    if answer.handling is None:
        yield "请选择立即处理或待处理"
    if answer.handling is Handling.ON_SITE and not answer.outcome:
        yield "立即处理要写处理结果"
    if answer.handling is Handling.PENDING and answer.outcome:
        yield "待处理的隐患还没有处理结果"
    if answer.grade and answer.grade.rank < item.grade.rank:
        yield "隐患等级只能调高，不能调低"
    if grade_of(item, answer) is Grade.MAJOR and not answer.photos:
        yield "重大隐患要有照片"
    if len(answer.photos) > MOST_PHOTOS:
        yield f"照片最多 {MOST_PHOTOS} 张"


def _signed_on(draft: Draft, now: datetime) -> date:
    """The day it was signed, as far as the phone can be believed: not before its bucket began, not after now. What
    waits for a network arrives later, and is judged by what its person could know."""
    signed = min(draft.performed_at or now, now)
    return max(calendar.business_date(signed), draft.due)


def deadline_faults(draft: Draft, now: datetime, known: Collection[str] = ()) -> Iterator[Fault]:
    """Deadlines that had passed when it was signed; ``known`` are items that were found before."""
    for answer in draft.answers:
        if answer.deadline and answer.deadline < _signed_on(draft, now) and answer.item not in known:
            yield Fault(answer.item, "整改期限不能早于签字那天")


def _place_faults(draft: Draft) -> Iterator[Fault]:
    """Where and until when: only weekly and monthly, where an item is asked of a whole kind and nobody orders."""
    for answer in draft.answers:
        if answer.devices and (not asked_by_kind(draft.duty) or answer.result is not Result.FAIL):
            yield Fault(answer.item, "只有周排查、月调度的不合格才选设备")
        if answer.deadline and (not asked_by_kind(draft.duty) or answer.handling is not Handling.PENDING):
            yield Fault(answer.item, "只有周排查、月调度的待处理才定整改期限")


def _check_devices(draft: Draft, target: Target, devices: Mapping[str, Target]) -> None:
    named = draft.devices()
    if len(named) > MOST_DEVICES:
        raise Invalid("inspection.too_many_devices", f"一次最多选 {MOST_DEVICES} 个，再多请选全部/不特定。")
    for code in named:
        device = devices.get(code)
        if device is None or device.removed or inspected_as(device) != target.kind:
            raise Invalid("inspection.device_unknown", "选了不属于这一类的对象，请重新选择。", device=code)


def _other_faults(answer: Answer) -> Iterator[str]:
    if answer.handling or answer.outcome or answer.grade or answer.photos:
        yield "只有不合格才填处理方式、等级和照片"


def check_files(draft: Draft) -> None:
    """Refuse too many files, or one cited twice; to be asked before any of them is looked up."""
    files = draft.files()
    if len(files) > MOST_FILES:
        raise Invalid("inspection.too_many_files", f"一次最多 {MOST_FILES} 个文件，请减少照片。")
    if len(set(files)) < len(files):
        raise Invalid("inspection.file_twice", "同一个文件只能用一次，请重新拍照。")


def _check_uploads(draft: Draft, uploads: Mapping[str, Upload], person: str) -> None:
    for file in draft.files():
        kind = FileKind.SIGNATURE if file == draft.signature else FileKind.PHOTO
        require_citable(uploads.get(file), file, kind, person)


def require_citable(upload: Upload | None, file: str, kind: FileKind, person: str) -> None:
    """Only a file of one's own, of the right kind, that the worker has verified may be cited."""
    if owner_of(file) != person or upload is None:
        raise Invalid("file.unknown", "引用了不是您上传的文件，请重新拍照或签名。", file=file)
    if upload.kind is not kind:
        raise Invalid("file.wrong_kind", "照片和签名不能混用，请重新拍照或签名。", file=file)
    if upload.verdict is Verdict.PENDING:
        raise Conflict("file.pending", "照片还没有核验完，稍等几秒再提交，已填的内容不会丢。", file=file)
    if upload.verdict is Verdict.REFUSED:
        raise Invalid("file.refused", upload.reason or "文件没有通过核验，请重新拍照。", file=file)


# --- what it makes --------------------------------------------------------------------------------------------------


def judge(
    draft: Draft, *, member: Membership, person: Person, target: Target, head: Head, first: Record | None, now: datetime
) -> Judged:
    """Turn a checked draft into its record, its hazards and the target's new state."""
    if target.unit_kind not in member.sides:
        raise Forbidden("target.other_side", "这个对象不归您现在的岗位检查，请切换岗位。")
    return _judged(draft, record_of(draft, member, person, target, head, first, now), target, head, now)


def _judged(draft: Draft, record: Record, target: Target, head: Head, now: datetime) -> Judged:
    state = _new_state(record, target)
    if state is TargetState.IN_USE:
        require_restartable(target, head, calendar.business_date(now))
        _require_nothing_grave(draft)
    return Judged(record, tuple(hazards_of(draft, record)), state, state_reason(draft, record) if state else None)


def record_of(
    draft: Draft, member: Membership, person: Person, target: Target, head: Head, first: Record | None, now: datetime
) -> Record:
    """The record a draft makes, as the next link of its target's chain."""
    return Record(
        unit=member.unit,
        target=target.code,
        target_name=target.name,
        location=target.location,
        unit_kind=target.unit_kind,
        kind=target.kind,
        subtype=target.subtype,
        duty=draft.duty,
        due=draft.due,
        person=person.code,
        person_name=person.name,
        state=draft.state,
        reason=draft.reason,
        stop_use=draft.stop_use,
        kept_in_use=draft.kept_in_use,
        checklist=draft.checklist.reference if draft.checklist else None,
        answers=draft.answers,
        remark=draft.remark,
        signature=draft.signature,
        received_at=now,
        performed_at=draft.performed_at,
        late=calendar.is_late(draft.due, now, draft.duty),
        payload=draft.payload,
        seq=head.seq + 1,
        previous=head.hash,
        stamp=_stamp(draft, head),
        first=First(first.person, first.person_name, first.received_at) if first else None,
        role=member.role,
    )


def _stamp(draft: Draft, head: Head) -> Stamp | None:
    if draft.state is TargetState.SUSPENDED or any(answer.result is Result.FAIL for answer in draft.answers):
        return None
    return Stamp.NO_NEW_HAZARD if head.has_open_hazards else Stamp.ZERO_RISK


def _new_state(record: Record, target: Target) -> TargetState | None:
    """The state a record brings its target to; None when it leaves it.

    A licence without production is suspended for that day only. A late entry says how an earlier day was, a supplement
    what somebody found who did not know of the first: either may still stop a target, but says nothing of one that was
    suspended since, and never puts it back into use.
    """
    if not may_be_stopped(target):
        return None
    if target.state is TargetState.SUSPENDED and (record.late or record.first):
        return None
    if record.stop_use:
        return TargetState.SUSPENDED
    return None if record.state is target.state else record.state


def _require_nothing_grave(draft: Draft) -> None:
    if any(grave_items(draft)):
        raise Conflict("target.major_hazard_found", "这次检查发现了重大隐患，不能恢复在用；请选继续停用，再提交。")


def state_reason(draft: Draft, record: Record) -> str | None:
    """Why a record brings its target to another state."""
    if not record.stop_use:
        return record.reason
    first, *others = grave_items(draft)
    return f"重大隐患：{first.hazard}" + (f"，等 {len(others) + 1} 条" if others else "")


def grade_of(item: Item, answer: Answer) -> Grade:
    """The grade of a failed item: the list's, unless the officer raised it."""
    return answer.grade or item.grade


def hazards_of(draft: Draft, record: Record) -> Iterator[Hazard]:
    """The hazards a record opens: one for each fail that no earlier version opened already."""
    items = {item.code: item for item in draft.checklist.items} if draft.checklist else {}
    for answer in record.answers:
        if answer.result is Result.FAIL and answer.hazard is None:
            yield _hazard(items[answer.item], answer, record)


def _hazard(item: Item, answer: Answer, record: Record) -> Hazard:
    on_site = answer.handling is Handling.ON_SITE
    grade = grade_of(item, answer)
    decided = grade is Grade.MAJOR and not on_site
    return Hazard(
        id=hazard_id(record.received_at, record.target, item.code, record.person),
        unit=record.unit,
        target=record.target,
        target_name=record.target_name,
        location=record.location,
        unit_kind=record.unit_kind,
        kind=record.kind,
        duty=record.duty,
        item=item.code,
        requirement=item.text,
        sentence=item.hazard,
        finder=record.person,
        finder_name=record.person_name,
        found_at=record.received_at,
        record=record.id,
        grade=grade,
        stop_use=decided and record.stop_use,
        kept_in_use=record.kept_in_use if decided else None,
        handling=Handling.ON_SITE if on_site else Handling.PENDING,
        photos=answer.photos,
        outcome=answer.outcome,
        remark=answer.remark,
        state=HazardState.RECTIFIED if on_site else first_state(record.duty),
        deadline=answer.deadline,
        rectified_at=record.received_at if on_site else None,
        devices=answer.devices,
    )
