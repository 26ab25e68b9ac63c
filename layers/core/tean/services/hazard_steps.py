"""The steps that follow the report of a hazard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemas.hazards import ExtensionRequest, OrderRequest, RectificationRequest, RegradeRequest, Seen, StepAnswer
from schemas.language import Act, Duty, HazardState, Role, UnitKind, role_words
from tean.adapters.ports.hazards import Hazards, Move, NotMoved
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden, Invalid, Problem, Unavailable
from tean.domain.hazard_ids import finder_of, target_of
from tean.domain.hazards import CONFIRMS, Hazard, Step, officers_rectify, principal_settles
from tean.domain.records import canonical, digest
from tean.domain.registry import side_of
from tean.domain.visibility import covers
from tean.services.hazards import hazard_unknown

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.domain.membership import Membership


@dataclass(frozen=True)
class HazardStepService:
    """The hazard flow (acceptance 32-35). Daily: reported, ordered by the director, rectified by the assignee. Weekly
    and monthly: waiting from the start, rectified by the director or the principal."""

    hazards: Hazards
    clock: Clock

    def order(self, member: Membership, id: str, request: OrderRequest) -> StepAnswer:
        """下达整改措施: measures, a deadline and who rectifies. One TransactWrite, no read.

        It is the director's; where there is none, the principal's (domain.md §4.9).
        """
        now = self.clock()
        _require_directors_place(member, id)
        if request.seen.state is HazardState.RECTIFIED:
            raise Conflict("hazard.not_this_step", _TURN[HazardState.RECTIFIED], state=HazardState.RECTIFIED)
        if not officers_rectify(request.seen.duty):
            raise Invalid("hazard.no_order", "周排查、月调度发现的隐患不用下达措施，整改完直接确认。")
        if request.deadline < calendar.business_date(now):
            raise Invalid("hazard.deadline_past", "整改期限不能早于今天，请重新选择日期。")
        # Kept only where it is true: wherever it stands, 同一人 is printed.
        reason = request.same_person_reason if finder_of(id) == member.person else None
        step = self._step(
            member, id, request.seen, Act.ORDER, HazardState.ORDERED, request.measures,
            assignee=request.assignee or finder_of(id), deadline=request.deadline, same_person_reason=reason,
        )  # fmt: skip
        return self._move(
            member, step, request.seen, request.seen.state or HazardState.REPORTED,
            in_directors_place=member.role is Role.PRINCIPAL, other_than_finder=reason is None,
        )  # fmt: skip

    def ask_extension(self, member: Membership, id: str, request: ExtensionRequest) -> StepAnswer:
        """申请延期: the assignee says why and until when; the director answers with a new order. One TransactWrite, no
        read."""
        if request.until <= calendar.business_date(self.clock()):
            raise Invalid("hazard.deadline_past", "申请延到的日期要晚于今天，请重新选择。")
        step = self._step(
            member, id, request.seen, Act.EXTENSION, HazardState.ORDERED, request.reason, deadline=request.until
        )
        return self._move(member, step, request.seen, HazardState.ORDERED, assignee_only=True)

    def regrade(self, member: Membership, id: str, request: RegradeRequest) -> StepAnswer:
        """调整等级, with a reason: an officer raises what he found or is to rectify, a director may lower it too; of
        what a monthly inspection found, the principal (design.md §6). One TransactWrite, no read."""
        seen = request.seen
        if seen.state not in (HazardState.REPORTED, HazardState.ORDERED) or request.grade is seen.grade:
            raise Invalid("hazard.grade_unchanged", "没有整改完成的隐患才能调整等级，并且要选一个不同的等级。")
        if member.role is Role.OFFICER and request.grade.rank < seen.grade.rank:
            raise Forbidden(
                "hazard.grade_lowered", "安全员只能把等级调高；调低由安全总监决定，没有安全总监的由主要负责人决定。"
            )
        if not principal_settles(seen.duty):
            _require_directors_place(member, id)
        elif member.role is not Role.PRINCIPAL:
            raise Forbidden("hazard.principals_own", "月调度发现的隐患由主要负责人处理。")
        step = self._step(member, id, seen, Act.REGRADE, seen.state, request.reason, grade=request.grade)
        return self._move(
            member, step, seen, seen.state, his_own=member.role is Role.OFFICER,
            in_directors_place=_in_directors_place(member, seen.duty),
        )  # fmt: skip

    def rectify(self, member: Membership, id: str, request: RectificationRequest) -> StepAnswer:
        """确认完成整改, with the result and photos: daily by the assignee, weekly by the director, monthly by the
        principal. One TransactWrite, no read."""
        seen, found_himself = request.seen, finder_of(id) == member.person
        _require_confirmer(member, id, seen.duty)
        if len(set(request.photos)) < len(request.photos):
            raise Invalid("inspection.file_twice", "同一个文件只能用一次，请重新拍照。")
        # Daily the director approved it by his order; otherwise who confirms approves.
        approves = not officers_rectify(seen.duty)
        reason = request.same_person_reason if approves and found_himself else None
        step = self._step(
            member, id, seen, Act.RECTIFICATION, HazardState.RECTIFIED, request.result,
            photos=request.photos, same_person_reason=reason,
        )  # fmt: skip
        return self._move(
            member, step, seen, HazardState.ORDERED, assignee_only=not approves,
            other_than_finder=approves and reason is None, in_directors_place=_in_directors_place(member, seen.duty),
        )  # fmt: skip

    def _step(
        self, member: Membership, id: str, seen: Seen, act: Act, state: HazardState, text: str, **more: Any
    ) -> Step:
        return Step(
            hazard=id, version=seen.version + 1, act=act, state=state, by=member.person, by_name=member.name,
            at=self.clock(), text=text, **more,
        )  # fmt: skip

    def _move(self, member: Membership, step: Step, seen: Seen, from_state: HazardState, **demands: bool) -> StepAnswer:
        move = Move(
            membership=member, step=step, digest=_digest(step), seen_version=seen.version, seen_grade=seen.grade,
            from_state=from_state, duty=seen.duty, devices=seen.devices, **demands,
        )  # fmt: skip
        refused = self.hazards.move(move)
        if refused is not None and not _taken_before(move, refused):
            raise _why(move, refused)
        return StepAnswer(hazard=move.step.hazard, state=move.step.state, version=move.step.version)


def _digest(step: Step) -> str:
    """The same for a step sent twice, whatever its time."""
    return digest(canonical([
        step.hazard, step.version, step.state, step.by, step.text, step.assignee, str(step.deadline), step.photos,
        step.same_person_reason, *([step.act, step.grade] if step.act in (Act.EXTENSION, Act.REGRADE) else []),
    ]))  # fmt: skip


def _in_directors_place(member: Membership, duty: Duty) -> bool:
    """Whether a step that is the director's is taken by a principal."""
    return member.role is Role.PRINCIPAL and not principal_settles(duty)


def _require_directors_place(member: Membership, id: str) -> None:
    if member.role is Role.PRINCIPAL and not member.stands_in:
        raise _directors_own(id)


def _require_confirmer(member: Membership, id: str, duty: Duty) -> None:
    """Whose it is to confirm, of his role; where no director is appointed, his is the principal's."""
    confirms = CONFIRMS[duty]
    if member.role is confirms:
        return
    if confirms is Role.DIRECTOR and member.role is Role.PRINCIPAL:
        _require_directors_place(member, id)
        return
    raise Forbidden("hazard.not_yours", _CONFIRMERS[duty])


_CONFIRMERS = {
    Duty.DAILY: "日管控发现的隐患由指定的整改人确认完成。",
    Duty.WEEKLY: "周排查发现的隐患由安全总监确认完成，没有安全总监的由主要负责人确认。",
    Duty.MONTHLY: "月调度发现的隐患由主要负责人确认完成。",
}


def _taken_before(move: Move, refused: NotMoved) -> bool:
    """The answer to the same step got lost: the hazard already stands where it leads."""
    return refused.hazard is not None and refused.hazard.last_step == move.digest


def _why(move: Move, refused: NotMoved) -> Problem:
    if refused.dismissed:
        return Forbidden("person.dismissed", "您已不在本单位任职，不能再处理隐患。")
    if refused.missing:
        return hazard_unknown()
    if refused.hazard is not None:
        return _why_not_as_it_stands(move, refused.hazard)
    if refused.assignee_unfit:
        return Invalid("hazard.assignee_unfit", "整改人必须是负责这个对象的在岗安全员，请另选一位。")
    if refused.files_unfit:
        return Conflict("file.pending", "照片还没有核验完或没有通过，稍等几秒再试，或重新拍照。")
    # Nothing was decided: whoever sends it again gets through.
    return Unavailable("hazard.contended", "同时有人在处理，您填的内容没有丢，请再试一次。")


def _why_not_as_it_stands(move: Move, hazard: Hazard) -> Problem:
    member = move.membership
    if member.role is Role.DIRECTOR and not covers(member, hazard.unit_kind, hazard.kind):
        return hazard_unknown()
    if move.in_directors_place and hazard.kind not in member.stands_in:
        return _directors_own(hazard.id)
    if hazard.duty is not move.duty or hazard.devices != move.devices:
        return Conflict("hazard.moved", "这条隐患和您看到的不一样，请看过最新内容再处理。", version=hazard.version)
    if hazard.state is not move.from_state:
        return Conflict("hazard.not_this_step", _TURN[hazard.state], state=hazard.state, version=hazard.version)
    if move.assignee_only and hazard.assignee != member.person:
        return Forbidden("hazard.not_yours", "这条隐患指定由别人整改，确认完成和申请延期都由整改人来做。")
    if move.his_own and member.person not in (hazard.finder, hazard.assignee):
        return Forbidden("hazard.not_yours", "这条隐患不是您发现或整改的，不能调整等级。")
    if move.other_than_finder and hazard.finder == member.person:
        return Invalid("hazard.same_person", "发现人和批准人是同一人，请写明原因，记录会注明同一人。")
    return Conflict("hazard.moved", "这条隐患刚有变化，请看过最新内容再处理。", version=hazard.version)


_TURN = {
    HazardState.REPORTED: "还没有下达整改措施，下达后才能确认。",
    HazardState.ORDERED: "整改措施已经下达，请刷新查看。",
    HazardState.RECTIFIED: "这条隐患已经整改完成，不用再处理。",
}


def _directors_own(id: str) -> Forbidden:
    director = role_words(Role.DIRECTOR, side_of(target_of(id)) or UnitKind.USE)
    return Forbidden("hazard.directors_own", f"这类对象有{director}，这一步由{director}来做；您可以查看进度。")
