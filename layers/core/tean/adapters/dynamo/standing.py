"""What writes demand of who makes them, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from schemas.language import PersonState, Role, UnitKind
from tean.adapters.dynamo import marks
from tean.adapters.dynamo.conditions import all_of, any_of
from tean.adapters.models import HazardItem, RegistryItem
from tean.domain.registry import covered, side_of

if TYPE_CHECKING:
    from tean.adapters.ports.hazards import Move


def acts_as(role: Role, sides: Iterable[UnitKind]) -> Condition:
    """The person is active and still holds the post, on every side named."""
    held = marks.role_marks(role, sorted(sides))
    return all_of([RegistryItem.state == PersonState.ACTIVE, *(RegistryItem.roles.contains(mark) for mark in held)])


def officer_of(target: str) -> Condition:
    """The person is an active officer on the side of this target."""
    side = side_of(target)
    return acts_as(Role.OFFICER, (side,) if side else ())


def names_or_nobody(officer: str) -> Condition:
    """The target names this officer, or none at all."""
    return any_of([RegistryItem.officers.contains(officer), Path(RegistryItem.officers) == []])


def his_turn(move: Move) -> Condition:
    """The hazard is as he saw it, and the step is his to take."""
    return all_of([
        HazardItem.version == move.seen_version,
        HazardItem.state == move.from_state,
        HazardItem.grade == move.seen_grade,
        HazardItem.duty == move.duty,
        (Path(HazardItem.devices) == list(move.devices)) if move.devices else HazardItem.devices.does_not_exist(),
        *_covered(move),
        *([HazardItem.assignee == move.membership.person] if move.assignee_only else []),
        *([_his_own(move.membership.person)] if move.his_own else []),
        *([HazardItem.finder != move.membership.person] if move.other_than_finder else []),
    ])  # fmt: skip


def _his_own(person: str) -> Condition:
    return any_of([HazardItem.finder == person, HazardItem.assignee == person])


def _covered(move: Move) -> Iterable[Condition]:
    """A director's posts cover the hazard's side and kind; a principal takes his steps only where there is none. Other
    steps are not narrowed."""
    member = move.membership
    if member.role is Role.DIRECTOR:
        yield HazardItem.unit_kind.is_in(*sorted(member.sides))
        if member.kinds:
            yield HazardItem.kind.is_in(*sorted(covered(member.kinds)))
    elif move.in_directors_place:
        yield HazardItem.kind.is_in(*sorted(member.stands_in))
