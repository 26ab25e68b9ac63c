"""Submitting a checklist: judged by one read, written by one transaction, the same answer however often it is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from schemas import checklists
from schemas.checklists import Asked, Checklist
from schemas.inspections import FirstAnswer, InspectionRequest, Receipt
from schemas.language import Handling, Stamp, TargetState, TaskState
from tean.adapters.ports.inspections import Facts, Inspections, NotSubmitted, Submission
from tean.adapters.ports.registry import CustomKey
from tean.domain.corrections import as_asked, judge_correction
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from tean.domain.hazard_ids import hazard_id
from tean.domain.inspections import Draft, check_draft, check_files, judge, require_open, subject
from tean.domain.membership import Membership, post_of
from tean.domain.records import Answer, Record, canonical, digest
from tean.domain.registry import Person, Target, asked_as, kinds_of
from tean.domain.shares import asked_by_kind

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.domain.tasks import Row

ATTEMPTS = 6
"""How often a submission is judged anew because something it was judged by has moved meanwhile."""


@dataclass(frozen=True)
class InspectionService:
    """From draft to record: daily control, weekly inspection, monthly dispatch (acceptance 18-31)."""

    inspections: Inspections
    clock: Clock

    def submit(self, member: Membership, request: InspectionRequest) -> Receipt:
        """One BatchGet and one TransactWrite; again only when another write came between the two.

        Same person, same content: the first answer. Same person, other content: ``inspection.already_submitted``.
        Another person was first: kept as a supplement that names him.
        """
        # One instant for every attempt: what was received before the close is on time, however often it is judged.
        now = self.clock()
        draft, own_list = _draft(request)
        check_files(draft)
        version = request.correction.version if request.correction else 1
        lost: frozenset[str] = frozenset()
        for _ in range(ATTEMPTS):
            facts = self.inspections.facts(
                member.unit, member.post, draft.target, draft.duty, draft.due,
                draft.files(), draft.devices(), own_list, version,
            )  # fmt: skip
            if not request.correction and (answered := _answered(facts, draft, member)):
                return _receipt(answered)
            if request.correction and (kept := self._kept_correction(_corrected_record(facts, member), draft)):
                return _receipt(kept)
            judge_it = _corrected if request.correction else _judged
            submission = judge_it(member, _with_own_list(draft, own_list, facts), facts, lost, now)
            submission = self._stamped(submission)
            refused = self.inspections.submit(submission)
            if refused is None:
                return _receipt(submission.record)
            lost |= _lost_rows(refused, member)
        raise Unavailable("inspection.contended", "同时有人在提交这个对象，您的内容没有丢，请再提交一次。")

    def _kept_correction(self, before: Record, draft: Draft) -> Record | None:
        """The correction of this version that is there already, when it is the same content; another is refused."""
        there = self.inspections.record(before.unit, before.target, replace(before, version=before.version + 1).id)
        if there is not None and there.payload != draft.payload:
            raise Conflict("record.corrected_already", "这条记录已经更正过，请看最新一版；还要改就在最新一版上更正。")
        return there

    def _stamped(self, submission: Submission) -> Submission:
        """Of a kind 零风险 is only said while nothing of it is open anywhere. Its head counts what names no device, so
        a clean inspection asks for the rest."""
        record = submission.record
        if not asked_by_kind(record.duty) or record.stamp is not Stamp.ZERO_RISK or record.correction:
            return submission
        if not self.inspections.any_open(record.unit, kinds_of(record.kind)):
            return submission
        return replace(submission, record=replace(record, stamp=Stamp.NO_NEW_HAZARD))


def _corrected_record(facts: Facts, member: Membership) -> Record:
    before = _own(facts, member)
    if before is None:
        raise NotFound("record.unknown", "没有找到要更正的记录；只能更正自己提交的记录。")
    return before


def _corrected(member: Membership, draft: Draft, facts: Facts, lost: frozenset[str], now: datetime) -> Submission:
    before = _corrected_record(facts, member)
    row = as_asked(require_open(facts.row, draft.due, now, correcting=True), before)
    person, known = _known(facts, row)
    # Its items are those it was asked then.
    target = replace(known, subtype=before.subtype)
    _checked(draft, row, target, member, facts, now)
    judged = judge_correction(
        draft, member=member, person=person, target=target, head=facts.head, before=before, now=now
    )
    closed = () if before.first else (member.post, *sorted(_colleagues(target, row, member) - lost))
    return Submission(
        membership=member,
        record=judged.record,
        head=facts.head,
        close=closed,
        hazards=judged.hazards,
        target_state=judged.target_state,
        state_reason=judged.state_reason,
        seen_state=target.state,
    )


def _judged(member: Membership, draft: Draft, facts: Facts, lost: frozenset[str], now: datetime) -> Submission:
    row = require_open(facts.row, draft.due, now)
    person, target = _known(facts, row)
    _checked(draft, row, target, member, facts, now)
    judged = judge(draft, member=member, person=person, target=target, head=facts.head, first=facts.first, now=now)
    closable = row.state in (TaskState.OPEN, TaskState.MISSED)
    colleagues = _colleagues(target, row, member) - lost if facts.first is None else frozenset()
    return Submission(
        membership=member,
        record=judged.record,
        head=facts.head,
        close=(*((member.post,) if closable else ()), *sorted(colleagues)),
        hazards=judged.hazards,
        target_state=judged.target_state,
        state_reason=judged.state_reason,
        seen_state=target.state,
    )


def _checked(draft: Draft, row: Row, target: Target, member: Membership, facts: Facts, now: datetime) -> None:
    check_draft(
        draft, row, target, person=member.person, now=now,
        uploads=facts.uploads, devices=facts.devices,
    )  # fmt: skip


def _colleagues(target: Target, row: Row, member: Membership) -> frozenset[str]:
    """Which posts may have a row to close besides: who got one when the bucket was opened, and who is named for the
    target now."""
    people = {*row.officers, *target.officers} - {member.person}
    return frozenset(post_of(person, member.role) for person in people)


def _known(facts: Facts, row: Row) -> tuple[Person, Target]:
    if facts.person is None:
        raise Forbidden("person.dismissed", "您已不在本单位任职，不能再提交。")
    target = subject(row, facts.target)
    if target is None:
        raise NotFound("task.unknown", "没有找到这项任务，请回到待办列表下拉刷新。")
    return facts.person, target


def _lost_rows(refused: NotSubmitted, member: Membership) -> frozenset[str]:
    if refused.dismissed:
        raise Forbidden("person.dismissed", "您已不在本单位任职，不能再提交。")
    return frozenset(refused.rows) - {member.post}


def _answered(facts: Facts, draft: Draft, member: Membership) -> Record | None:
    """His own record of the same target and day, when it is the same content; other content is refused."""
    own = _own(facts, member)
    if own is not None and own.payload != draft.payload:
        raise Conflict(
            "inspection.already_submitted",
            "这个对象这一次您已经提交过，以那一份为准；这一份内容不同，没有保存。要改请打开那条记录，选更正。",
            record=own.id,
            received_at=own.received_at.isoformat(),
        )
    return own


def _own(facts: Facts, member: Membership) -> Record | None:
    first = facts.first
    return first if first and first.post == member.post else facts.supplement


def _draft(request: InspectionRequest) -> tuple[Draft, CustomKey | None]:
    """The draft, and where the unit's own list lies that it answered besides."""
    lists, own = _cited(request.checklist) if request.checklist else ((), None)
    kind = asked_as(lists[0].target_kind, request.duty) if lists else ""
    return _drafted(request, lists), CustomKey(request.duty, kind, own) if own else None


def _with_own_list(draft: Draft, own_list: CustomKey | None, facts: Facts) -> Draft:
    if own_list is None or draft.checklist is None:
        return draft
    if facts.custom is None:
        raise _checklist_unknown()
    return replace(draft, checklist=replace(draft.checklist, custom=facts.custom))


def _drafted(request: InspectionRequest, lists: tuple[Checklist, ...]) -> Draft:
    return Draft(
        target=request.target,
        duty=request.duty,
        due=request.due,
        state=request.state,
        payload=digest(canonical(request.model_dump(mode="json", exclude_defaults=True))),
        checklist=Asked(lists, due=request.due) if lists else None,
        answers=tuple(Answer(**dict(answer)) for answer in request.answers),
        reason=request.reason,
        stop_use=request.stop_use,
        kept_in_use=request.kept_in_use,
        remark=request.remark,
        signature=request.signature,
        performed_at=request.performed_at,
        correction=request.correction.reason if request.correction else None,
    )


def _cited(reference: str) -> tuple[tuple[Checklist, ...], str | None]:
    try:
        return checklists.cited(reference)
    except LookupError:
        raise _checklist_unknown() from None


def _checklist_unknown() -> Invalid:
    return Invalid("inspection.checklist_unknown", "清单与检查对象不符，请重新打开这项任务。")


def _receipt(record: Record) -> Receipt:
    """Made of the record alone, so that it is the same whenever it is asked for."""
    return Receipt(
        record=record.id,
        number=record.number,
        target=record.target,
        duty=record.duty,
        due=record.due,
        state=TargetState(record.state),
        received_at=record.received_at,
        late=record.late,
        fails=record.fails,
        hazards=tuple(
            hazard_id(record.received_at, record.target, answer.item, record.person)
            for answer in record.answers
            if answer.handling is Handling.PENDING and answer.hazard is None
        ),
        stamp=record.stamp,
        stop_use=record.stop_use,
        kept_in_use=record.kept_in_use,
        first=FirstAnswer.model_validate(record.first) if record.first else None,
    )
