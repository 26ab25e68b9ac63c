"""Judging a correction: the next version of a record that its maker goes over again (ADR 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from schemas import checklists
from schemas.checklists import Item
from schemas.language import Result, TargetState
from tean.domain.errors import Conflict
from tean.domain.hazard_ids import hazard_id
from tean.domain.inspections import (
    Draft,
    Judged,
    deadline_faults,
    grade_of,
    grave_items,
    hazards_of,
    may_be_stopped,
    record_of,
    require_no_faults,
    state_reason,
)
from tean.domain.membership import Membership
from tean.domain.records import Answer, Head, Record
from tean.domain.registry import Person, Target
from tean.domain.tasks import Row


def as_asked(row: Row, record: Record) -> Row:
    """The task as it was when ``record`` was made: what changed of the roster on its way asks nothing more of it."""
    if record.checklist is None:
        return row
    lists, own = checklists.cited(record.checklist)
    return replace(row, lists=tuple(one.target_kind for one in lists), custom=own)


def judge_correction(
    draft: Draft, *, member: Membership, person: Person, target: Target, head: Head, before: Record, now: datetime
) -> Judged:
    """Turn a checked draft into the next version of ``before``. What was found then already is no new hazard; the
    hazard it opened goes its own way."""
    if draft.state is not before.state:
        raise Conflict(
            "record.correction_state", "更正不能把在用改成停用，或反过来；状态变了请在下一次检查里如实选择。"
        )
    _require_hazards_kept(draft, before)
    known = {answer.item for answer in before.answers if answer.result is Result.FAIL}
    require_no_faults(deadline_faults(draft, now, known))
    version = replace(
        record_of(draft, member, person, target, head, None, now),
        version=before.version + 1, correction=draft.correction, late=before.late, first=before.first,
        subtype=before.subtype, answers=tuple(_carried(answer, before) for answer in draft.answers),
    )  # fmt: skip
    if version.stamp and before.stamp:
        # It tells what was open then, not what is open now.
        version = replace(version, stamp=before.stamp)
    state = _stopped_by(draft, version, target)
    return Judged(version, tuple(hazards_of(draft, version)), state, state_reason(draft, version) if state else None)


def _stopped_by(draft: Draft, version: Record, target: Target) -> TargetState | None:
    """A correction says how it was, not how it is: it only stops a target for a 重大 that is new in it."""
    new = {answer.item for answer in version.answers if answer.hazard is None}
    found = grave_items(replace(draft, answers=tuple(answer for answer in draft.answers if answer.item in new)))
    stops = draft.stop_use and may_be_stopped(target) and any(found)
    return TargetState.SUSPENDED if stops and target.state is TargetState.IN_USE else None


def _carried(answer: Answer, before: Record) -> Answer:
    """The answer with the hazard that an earlier version opened for its item, passed meanwhile or not."""
    known = {one.item: one for one in before.answers}.get(answer.item)
    if known is None:
        return answer
    found = known.hazard
    if found is None and known.result is Result.FAIL:
        found = hazard_id(before.received_at, before.target, known.item, before.person)
    return replace(answer, hazard=found)


def _require_hazards_kept(draft: Draft, before: Record) -> None:
    """What was found goes its own way: how grave it is, where, and how it is dealt with is changed there; a correction
    would only say so."""
    known = {one.item: one for one in before.answers}
    items = {item.code: item for item in draft.checklist.items} if draft.checklist else {}
    changed = [
        answer.item
        for answer in draft.answers
        if answer.item in known and _changes_hazard(items[answer.item], answer, known[answer.item])
    ]
    if changed:
        raise Conflict(
            "record.correction_hazard",
            "报过的隐患不能在更正里改处理方式、等级、所在对象和期限；等级请在隐患里调整，其余请在隐患里办理。",
            items=changed,
        )


def _changes_hazard(item: Item, answer: Answer, before: Answer) -> bool:
    if answer.result is not Result.FAIL:
        return False
    if before.result is not Result.FAIL:
        return before.hazard is not None
    what = (answer.handling, grade_of(item, answer), answer.devices, answer.deadline)
    return what != (before.handling, grade_of(item, before), before.devices, before.deadline)
