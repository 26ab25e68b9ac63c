"""The hazard flow as the rules tell it, in plain words: what every step anybody tries should come to. It knows neither
store nor service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from schemas.hazards import ExtensionRequest, OrderRequest, RectificationRequest, RegradeRequest
from schemas.language import Duty, Grade, HazardState, Role
from tean.domain.membership import Membership

REPORTED, ORDERED, RECTIFIED = HazardState.REPORTED, HazardState.ORDERED, HazardState.RECTIFIED
STANDS = "stands"

Request = OrderRequest | ExtensionRequest | RegradeRequest | RectificationRequest


class Push(NamedTuple):
    """A step that somebody tries."""

    member: Membership
    request: Request

    @property
    def who(self) -> str:
        return self.member.person

    @property
    def starts_from(self) -> HazardState | None:
        """In which state the hazard has to be."""
        if isinstance(self.request, OrderRequest):
            return self.request.seen.state or REPORTED
        return self.request.seen.state if isinstance(self.request, RegradeRequest) else ORDERED


class Told(NamedTuple):
    """What came of it: it stands, taken now or before, when the answer got lost; or the code of the refusal. And the
    version it is told by, which says who was faster."""

    what: str
    version: int | None = None


@dataclass(frozen=True)
class Known:
    """A hazard as it should be. ``officers`` may be ordered to rectify it."""

    finder: str
    grade: Grade
    officers: Sequence[str]
    duty: Duty = Duty.DAILY
    devices: tuple[str, ...] = ()
    state: HazardState = REPORTED
    assignee: str | None = None
    deadline: date | None = None
    extension: date | None = None
    steps: tuple[tuple[str, Any], ...] = ()
    """Who took each, and what it was: the same, sent again, is not another one."""

    @property
    def version(self) -> int:
        return 1 + len(self.steps)

    def answer(self, push: Push, today: date) -> tuple[Told, Known]:
        """What comes of a step, and how the hazard stands then."""
        if refusal := wrong(push, today):
            return Told(refusal), self
        if refusal := self.in_the_way(push):
            if self.steps and self.steps[-1] == (push.who, self.meant(push)):
                return Told(STANDS, self.version), self
            tells = refusal in ("hazard.moved", "hazard.not_this_step")
            return Told(refusal, self.version if tells else None), self
        if refusal := self.unfit(push):
            return Told(refusal), self
        after = self.after(push)
        return Told(STANDS, after.version), after

    def in_the_way(self, push: Push) -> str | None:
        """Why it is not the turn of this step, as the hazard stands."""
        seen = push.request.seen
        if (seen.duty, seen.devices) != (self.duty, self.devices):
            return "hazard.moved"
        if self.state is not push.starts_from:
            return "hazard.not_this_step"
        if not self.is_his(push):
            return "hazard.not_yours"
        if self.is_unexplained(push):
            return "hazard.same_person"
        return None if (seen.version, seen.grade) == (self.version, self.grade) else "hazard.moved"

    def is_his(self, push: Push) -> bool:
        """The assignee confirms, and asks for more time; an officer grades what he found or is to rectify."""
        if isinstance(push.request, RegradeRequest):
            return push.member.role is not Role.OFFICER or push.who in (self.finder, self.assignee)
        asks = isinstance(push.request, ExtensionRequest)
        confirms = isinstance(push.request, RectificationRequest) and self.duty is Duty.DAILY
        return push.who == self.assignee or not (asks or confirms)

    def is_unexplained(self, push: Push) -> bool:
        """The finder approves, and does not say why it is him."""
        return self.finder == push.who and approves(push.request) and not push.request.same_person_reason  # type: ignore[union-attr]  # who approves may give it

    def unfit(self, push: Push) -> str | None:
        request = push.request
        if isinstance(request, OrderRequest) and (request.assignee or self.finder) not in self.officers:
            return "hazard.assignee_unfit"
        photos = request.photos if isinstance(request, RectificationRequest) else ()
        return None if all(photo.startswith(f"{push.who}.") for photo in photos) else "file.pending"

    def meant(self, push: Push) -> Any:
        """What makes a step the same when it is sent again: what else was seen does not matter, the finder may be named
        or meant, a reason counts only where finder and approver are one person."""
        request, version = push.request, push.request.seen.version
        reason = getattr(request, "same_person_reason", None)
        reason = reason if self.finder == push.who and approves(request) else None
        match request:
            case OrderRequest():
                holder = request.assignee or self.finder
                return version, ORDERED, request.measures, holder, request.deadline, reason
            case ExtensionRequest():
                return version, "extension", request.reason, request.until
            case RegradeRequest():
                return version, request.seen.state, request.reason, request.grade
        return version, RECTIFIED, request.result, request.photos, reason

    def after(self, push: Push) -> Known:
        taken = replace(self, steps=(*self.steps, (push.who, self.meant(push))))
        match push.request:
            case OrderRequest(assignee=assignee, deadline=deadline):
                return replace(
                    taken, state=ORDERED, assignee=assignee or self.finder, deadline=deadline, extension=None
                )
            case ExtensionRequest(until=until):
                return replace(taken, extension=until)
            case RegradeRequest(grade=grade):
                return replace(taken, grade=grade)
        return replace(taken, state=RECTIFIED, extension=None)


def wrong(push: Push, today: date) -> str | None:
    """What is refused however the hazard stands."""
    request, role, duty = push.request, push.member.role, push.request.seen.duty
    match request:
        case OrderRequest():
            return wrong_order(role, request, today)
        case ExtensionRequest():
            return "hazard.deadline_past" if request.until <= today else None
        case RegradeRequest():
            return wrong_grade(role, request)
    confirms = {Duty.DAILY: Role.OFFICER, Duty.WEEKLY: Role.DIRECTOR, Duty.MONTHLY: Role.PRINCIPAL}[duty]
    if role is confirms:
        return None
    return "hazard.directors_own" if (confirms, role) == (Role.DIRECTOR, Role.PRINCIPAL) else "hazard.not_yours"


def wrong_order(role: Role, request: OrderRequest, today: date) -> str | None:
    if role is Role.PRINCIPAL:
        return "hazard.directors_own"
    if request.seen.state is RECTIFIED:
        return "hazard.not_this_step"
    if request.seen.duty is not Duty.DAILY:
        return "hazard.no_order"
    return "hazard.deadline_past" if request.deadline < today else None


def wrong_grade(role: Role, request: RegradeRequest) -> str | None:
    seen = request.seen
    if seen.state not in (REPORTED, ORDERED) or seen.grade is request.grade:
        return "hazard.grade_unchanged"
    if role is Role.OFFICER and request.grade.rank < seen.grade.rank:
        return "hazard.grade_lowered"
    if seen.duty is Duty.MONTHLY:
        return None if role is Role.PRINCIPAL else "hazard.principals_own"
    return "hazard.directors_own" if role is Role.PRINCIPAL else None


def approves(request: Request) -> bool:
    """Daily who orders, weekly and monthly who confirms."""
    return isinstance(request, OrderRequest) or (
        isinstance(request, RectificationRequest) and request.seen.duty is not Duty.DAILY
    )


def in_some_order(known: Known, told: Sequence[tuple[Push, Told]], today: date) -> Known | None:
    """How a hazard stands after steps that were tried at once; None when they can have been told this in no order."""
    if not told:
        return known
    for number, (push, was) in enumerate(told):
        answer, after = known.answer(push, today)
        left = [*told[:number], *told[number + 1 :]]
        if answer == was and (end := in_some_order(after, left, today)):
            return end
    return None
