"""Who may see what within a unit (acceptance 43; design.md §6): the one place where that is decided."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.catalogue import target_kind
from schemas.language import Role, UnitKind
from tean.domain.errors import NotFound
from tean.domain.hazards import Hazard
from tean.domain.membership import Membership
from tean.domain.minutes import Minutes
from tean.domain.registry import Target, cover


def holds(member: Membership, target: Target) -> bool:
    """Whether an officer checks ``target`` now: he is named, or nobody is and it is of his side."""
    if target.unit_kind not in member.sides:
        return False
    nobody_named = not target.officers and target.unit_kind is not UnitKind.USE
    return nobody_named or member.person in target.officers


def covers(member: Membership, side: UnitKind, kind: str) -> bool:
    """Whether a director's posts cover a target kind."""
    return side in member.sides and cover(member.kinds, kind)


@dataclass(frozen=True)
class Sight:
    """Which of a unit's targets somebody sees, as storage narrows a list of them: for whom as officer, of which kinds,
    on which sides; empty is all."""

    officer: str | None = None
    kinds: frozenset[str] = frozenset()
    sides: frozenset[UnitKind] = frozenset()


def whose_targets(member: Membership) -> Sight:
    """An officer sees the targets he holds, a director his kinds, principal and administrator all."""
    if member.role is Role.OFFICER:
        return Sight(officer=member.person, sides=member.sides)
    if member.role is Role.DIRECTOR:
        return Sight(kinds=member.kinds, sides=member.sides)
    return Sight()


def sees_kind(member: Membership, kind: str) -> bool:
    """Whether everything of a target kind is his to see: a director's kinds, the principal's all."""
    if member.role is Role.DIRECTOR:
        return covers(member, target_kind(kind).unit_kind, kind)
    return member.role is Role.PRINCIPAL


def whose_records(member: Membership, target: Target | None) -> str | None:
    """Whose records of ``target`` he may list: None is everybody's, else only that person's.

    An officer sees the records of targets he holds now and every record he made; a director his kinds; the
    principal all. What he may not see does not exist for him.
    """
    if target is None:
        raise NotFound("target.unknown", "没有找到这个对象，请回到列表下拉刷新。")
    if member.role is Role.OFFICER:
        return None if holds(member, target) else member.person
    if member.role is Role.DIRECTOR and not covers(member, target.unit_kind, target.kind):
        raise NotFound("target.unknown", "没有找到这个对象，请回到列表下拉刷新。")
    return None


def whose_inspections(member: Membership, kind: str) -> str | None:
    """The same of the weekly and monthly inspections of a target kind: an officer inspects for himself."""
    if member.role is Role.OFFICER:
        return member.person
    if not sees_kind(member, kind):
        raise NotFound("target.unknown", "没有找到这个种类，请回到列表下拉刷新。")
    return None


def may_see_hazard(member: Membership, target: Target | None, hazard: Hazard) -> bool:
    """An officer sees what he found, is to rectify, or is on a target he holds; a director his kinds."""
    if member.role is Role.OFFICER:
        own = member.person in (hazard.finder, hazard.assignee)
        return own or (target is not None and holds(member, target))
    return member.role is Role.PRINCIPAL or covers(member, hazard.unit_kind, hazard.kind)


def sees_minutes(member: Membership, minutes: Minutes) -> bool:
    """Minutes are seen by who sees any kind they are about."""
    return any(sees_kind(member, kind) for kind in minutes.kinds)
