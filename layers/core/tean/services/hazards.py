"""Hazards: lists, history, and the two steps that follow a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.hazards import (
    HazardDetail,
    HazardItem,
    HazardPage,
    OfficerItem,
    OrderRequest,
    RectificationRequest,
    Seen,
    StepAnswer,
    StepItem,
)
from schemas.language import Duty, Grade, HazardState, Role, UnitKind, role_words
from tean.adapters.cursors import Cursors
from tean.adapters.ports import PAGE, Access, Clock, Hazards, Move, NotMoved, Page, Registry
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from tean.domain.hazards import Hazard, Step, finder_of, overdue, target_of
from tean.domain.membership import Membership
from tean.domain.records import canonical, digest
from tean.domain.registry import side_of
from tean.domain.visibility import covers, may_see_hazard


@dataclass(frozen=True)
class HazardService:
    """The daily hazard flow: reported -> ordered by the director -> rectified by the assignee (acceptance 32, 33)."""

    hazards: Hazards
    registry: Registry
    access: Access
    cursors: Cursors
    clock: Clock

    def page(
        self, member: Membership, state: HazardState, cursor: str | None, grade: Grade | None = None
    ) -> HazardPage:
        """The caller's list in one state: an officer's own, otherwise the unit's. One Query."""
        scope = f"hazards {member.unit} {member.person} {member.role} {state} {grade}"
        page = self._listed(member, state, grade, self.cursors.open(scope, cursor))
        now = self.clock()
        items = tuple(_item(hazard, now) for hazard in page.items if _listable(member, hazard))
        return HazardPage(items=items, next=self.cursors.seal(scope, page.next))

    def _listed(self, member: Membership, state: HazardState, grade: Grade | None, after: str | None) -> Page[Hazard]:
        if member.role is Role.OFFICER:
            return self.hazards.mine(member.unit, member.person, state, after=after, limit=PAGE, grade=grade)
        return self.hazards.queue(member.unit, Duty.DAILY, state, after=after, limit=PAGE, grade=grade)

    def detail(self, member: Membership, id: str) -> HazardDetail:
        """One hazard with every step, and who it may be ordered to."""
        found = self.hazards.hazard(member.unit, id)
        target = self.registry.target(member.unit, target_of(id)) if found else None
        if found is None or not may_see_hazard(member, target, found[0]):
            raise _unknown()
        hazard, steps = found
        officers = target.officers if target else ()
        people = {
            hazard.assignee or hazard.finder,
            hazard.finder,
            *officers,
            *(step.assignee for step in steps if step.assignee),
        }
        return _detail(hazard, steps, officers, self._names(member.unit, people), self.clock())

    def _names(self, unit: str, people: Iterable[str]) -> Mapping[str, str]:
        return {person.code: person.name for _, person in self.access.people({(unit, code) for code in people})}

    def order(self, member: Membership, id: str, request: OrderRequest) -> StepAnswer:
        """下达整改措施: measures, a deadline and who rectifies. One TransactWrite, no read.

        It is the director's; where there is none, the principal's (domain.md §4.9).
        """
        now = self.clock()
        if member.role is Role.PRINCIPAL and not member.stands_in:
            raise _directors_own(id)
        if request.deadline < calendar.business_date(now):
            raise Invalid("hazard.deadline_past", "整改期限不能早于今天，请重新选择日期。")
        # Kept only where it is true: wherever it stands, 同一人 is printed.
        reason = request.same_person_reason if finder_of(id) == member.person else None
        step = self._step(member, id, request.seen, HazardState.ORDERED, request.measures, now, {
            "assignee": request.assignee or finder_of(id),
            "deadline": request.deadline,
            "same_person_reason": reason,
        })  # fmt: skip
        return self._move(Move(
            membership=member, step=step, digest=_digest(step), seen_version=request.seen.version,
            seen_grade=request.seen.grade, from_state=HazardState.REPORTED,
            other_than_finder=reason is None,
        ))  # fmt: skip

    def rectify(self, member: Membership, id: str, request: RectificationRequest) -> StepAnswer:
        """确认完成整改: the assignee's result and photos. One TransactWrite, no read."""
        if len(set(request.photos)) < len(request.photos):
            raise Invalid("inspection.file_twice", "同一个文件只能用一次，请重新拍照。")
        step = self._step(member, id, request.seen, HazardState.RECTIFIED, request.result, self.clock(), {
            "photos": request.photos,
        })  # fmt: skip
        return self._move(Move(
            membership=member, step=step, digest=_digest(step), seen_version=request.seen.version,
            seen_grade=request.seen.grade, from_state=HazardState.ORDERED, assignee_only=True,
        ))  # fmt: skip

    def _step(
        self, member: Membership, id: str, seen: Seen, state: HazardState, text: str, at: datetime, more: dict[str, Any]
    ) -> Step:
        return Step(
            hazard=id, version=seen.version + 1, state=state, by=member.person, by_name=member.name, at=at, text=text,
            **more,
        )  # fmt: skip

    def _move(self, move: Move) -> StepAnswer:
        refused = self.hazards.move(move)
        if refused is not None and not _taken_before(move, refused):
            raise _why(move, refused)
        return StepAnswer(hazard=move.step.hazard, state=move.step.state, version=move.step.version)


def _digest(step: Step) -> str:
    """The same for a step sent twice, whatever its time."""
    return digest(canonical([
        step.hazard, step.version, step.state, step.by, step.text, step.assignee, str(step.deadline), step.photos,
        step.same_person_reason,
    ]))  # fmt: skip


def _taken_before(move: Move, refused: NotMoved) -> bool:
    """The answer to the same step got lost: the hazard already stands where it leads."""
    return refused.hazard is not None and refused.hazard.last_step == move.digest


def _why(move: Move, refused: NotMoved) -> Problem:
    if refused.dismissed:
        return Forbidden("person.dismissed", "您已不在本单位任职，不能再处理隐患。")
    if refused.missing:
        return _unknown()
    if refused.hazard is not None:
        return _why_not_as_it_stands(move, refused.hazard)
    if refused.assignee_unfit:
        return Invalid("hazard.assignee_unfit", "整改人必须是负责这个对象的在岗安全员，请另选一位。")
    if refused.files_unfit:
        return Conflict("file.pending", "照片还没有核验完或没有通过，稍等几秒再试，或重新拍照。")
    return Conflict("hazard.contended", "刚才有人同时在处理，请再试一次。")


def _why_not_as_it_stands(move: Move, hazard: Hazard) -> Problem:
    member = move.membership
    if member.role is Role.DIRECTOR and not covers(member, hazard.unit_kind, hazard.kind):
        return _unknown()
    if member.role is Role.PRINCIPAL and hazard.kind not in member.stands_in:
        return _directors_own(hazard.id)
    if hazard.state is not move.from_state:
        return Conflict("hazard.not_this_step", _TURN[hazard.state], state=hazard.state, version=hazard.version)
    if move.assignee_only and hazard.assignee != member.person:
        return Forbidden("hazard.not_yours", "这条隐患指定由别人整改，只有整改人能确认完成。")
    if move.other_than_finder and hazard.finder == member.person:
        return Invalid("hazard.same_person", "发现人和下达人是同一人，请写明原因，记录会注明同一人。")
    return Conflict("hazard.moved", "这条隐患刚有变化，请看过最新内容再处理。", version=hazard.version)


_TURN = {
    HazardState.REPORTED: "还没有下达整改措施，等安全总监下达后再确认。",
    HazardState.ORDERED: "整改措施已经下达，请刷新查看。",
    HazardState.RECTIFIED: "这条隐患已经整改完成，不用再处理。",
}


def _directors_own(id: str) -> Forbidden:
    director = role_words(Role.DIRECTOR, side_of(target_of(id)) or UnitKind.USE)
    return Forbidden("hazard.directors_own", f"这类对象有{director}，整改措施由{director}下达；您可以查看进度。")


def _unknown() -> NotFound:
    return NotFound("hazard.unknown", "没有找到这条隐患，请回到列表下拉刷新。")


def _listable(member: Membership, hazard: Hazard) -> bool:
    return member.role is not Role.DIRECTOR or covers(member, hazard.unit_kind, hazard.kind)


def _facts(hazard: Hazard, now: datetime) -> dict[str, Any]:
    return {
        "hazard": hazard.id,
        "target": hazard.target,
        "target_name": hazard.target_name,
        "location": hazard.location or None,
        "unit_kind": hazard.unit_kind,
        "kind": hazard.kind,
        "sentence": hazard.sentence,
        "grade": hazard.grade,
        "state": hazard.state,
        "version": hazard.version,
        "finder_name": hazard.finder_name,
        "found_at": hazard.found_at,
        "assignee": hazard.assignee,
        "deadline": hazard.deadline,
        "rectified_at": hazard.rectified_at,
        "overdue": overdue(hazard, calendar.business_date(now)),
        "stop_use": hazard.stop_use or None,
        "kept_in_use": hazard.kept_in_use,
    }


def _item(hazard: Hazard, now: datetime) -> HazardItem:
    return HazardItem(**_facts(hazard, now))


def _detail(
    hazard: Hazard, steps: Sequence[Step], officers: Sequence[str], names: Mapping[str, str], now: datetime
) -> HazardDetail:
    return HazardDetail(
        **_facts(hazard, now),
        duty=hazard.duty,
        item=hazard.item,
        requirement=hazard.requirement,
        handling=hazard.handling,
        photos=hazard.photos,
        outcome=hazard.outcome,
        remark=hazard.remark,
        record=hazard.record,
        officers=tuple(_officers(hazard, officers, names)),
        steps=(_report(hazard), *(_step_item(step, names) for step in steps)),
    )


def _officers(hazard: Hazard, officers: Sequence[str], names: Mapping[str, str]) -> Iterable[OfficerItem]:
    # The finder, or who took over from him.
    holder = hazard.assignee or hazard.finder
    listed = sorted(officers, key=lambda code: code != holder) or [holder]
    return (OfficerItem(person=code, name=names[code]) for code in listed if code in names)


def _report(hazard: Hazard) -> StepItem:
    """The first step is the report itself; a hazard handled on site was rectified with it."""
    on_site = hazard.outcome is not None
    return StepItem(
        version=1,
        state=HazardState.RECTIFIED if on_site else HazardState.REPORTED,
        by=hazard.finder,
        by_name=hazard.finder_name,
        at=hazard.found_at,
        text=hazard.outcome or hazard.sentence,
        photos=hazard.photos,
    )


def _step_item(step: Step, names: Mapping[str, str]) -> StepItem:
    name = names.get(step.assignee) if step.assignee else None
    return StepItem.model_validate(step).model_copy(update={"assignee_name": name})
