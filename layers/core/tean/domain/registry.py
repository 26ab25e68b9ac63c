"""A unit and what it has: people, equipment, licences and stations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from schemas.catalogue import FILLING, target_kind, target_kinds
from schemas.language import Duty, PersonState, Role, TargetState, UnitKind
from tean.domain.errors import NotFound
from tean.domain.shares import asked_by_kind

PREFIX = {UnitKind.USE: "E-", UnitKind.PRODUCTION: "L-", UnitKind.FILLING: "S-"}
"""What makes the codes of equipment, licences and stations one name space."""
MOST_OFFICERS = 8
"""Officers of one target: their rows are closed together in one transaction."""


@dataclass(frozen=True)
class Unit:
    """A unit (单位), named by its unified social credit code (GB 32100)."""

    code: str
    name: str
    kinds: frozenset[UnitKind]
    contact: str = ""
    """Customer-service contact its people see: a phone number or a sentence."""
    undirected: frozenset[str] = frozenset()
    """Target kinds without a director, as its roster was last applied (see :attr:`Roster.undirected`)."""
    target_kinds: frozenset[str] = frozenset()
    """The kinds of what it has, or ever had."""


@dataclass(frozen=True)
class Person:
    """Somebody the unit registered. ``code`` is his number in the unit and never changes; the phone may.

    ``phone`` is the keyed hash of his number, ``phone_tail`` its last four digits; the number itself is not kept.
    ``kinds`` narrows a director to target kinds; empty means all.
    """

    code: str
    name: str
    phone: str
    phone_tail: str
    roles: Mapping[Role, frozenset[UnitKind]]
    kinds: frozenset[str] = frozenset()
    state: PersonState = PersonState.ACTIVE


@dataclass(frozen=True)
class Target:
    """A piece of equipment, a licence or a station.

    ``code`` is its key within the unit (``E-``, ``L-`` or ``S-`` and the roster's own code); ``kind`` the category,
    licence kind or filling kind. Without named ``officers`` a licence or station falls to all officers of its side.
    """

    code: str
    name: str
    unit_kind: UnitKind
    kind: str
    subtype: str | None = None
    location: str = ""
    officers: tuple[str, ...] = ()
    state: TargetState = TargetState.IN_USE
    state_reason: str | None = None
    next_inspection: date | None = None
    """Inspection of equipment due by, or licence valid until, this day; ``YYYY-MM`` in a roster is its last day."""
    removed: bool = False
    identifiers: Mapping[str, str] = field(default_factory=dict)
    """Further official numbers by name: ``device_code``, ``certificate``, ``licence_number`` …"""


def unit_unknown() -> NotFound:
    """The unit of somebody who is logged in is registered no more."""
    return NotFound("unit.unknown", "没有找到本单位，请重新登录。")


def inspected_as(target: Target) -> str:
    """The kind under which a target is inspected weekly and monthly: its own, or filling as one (guide 2.1)."""
    return kind_inspected(target.kind)


def kind_inspected(kind: str) -> str:
    """The same of what is of ``kind``."""
    return FILLING if target_kind(kind).unit_kind is UnitKind.FILLING else kind


def asked_as(kind: str, duty: Duty) -> str:
    """The kind under which a duty asks for what is of ``kind``."""
    return kind_inspected(kind) if asked_by_kind(duty) else kind


def as_target(kind: str) -> Target:
    """A target kind as if it were one target, always in use: what a weekly or monthly inspection is about.

    NotFound when there is no such kind.
    """
    try:
        known = target_kind(kind)
    except LookupError:
        raise NotFound("target.unknown", "没有找到这个种类，请回到列表下拉刷新。") from None
    return Target(code=kind, name=known.short, unit_kind=known.unit_kind, kind=kind)


def kinds_of(kind: str) -> tuple[str, ...]:
    """Under which kinds hazards of it may be found: filling as one holds what is found at the stations of each."""
    if kind != FILLING:
        return (kind,)
    return (kind, *(one.code for one in target_kinds(UnitKind.FILLING)))


def covered(kinds: frozenset[str]) -> frozenset[str]:
    """What a director answers for who is narrowed to ``kinds``: with any kind of filling also filling as one."""
    return kinds | {FILLING} if kinds.intersection(kinds_of(FILLING)) else kinds


def cover(kinds: frozenset[str], kind: str) -> bool:
    """Whether a director who is narrowed to ``kinds`` (empty: not narrowed) answers for ``kind``."""
    return not kinds or kind in covered(kinds)


def side_of(target: str) -> UnitKind | None:
    """The side a target code is on, which it tells by its prefix; None for what is no target's code."""
    return next((side for side, prefix in PREFIX.items() if target.startswith(prefix)), None)


@dataclass(frozen=True)
class Roster:
    """Everything registered for one unit, as of ``version``; a version is the digest of the applied roster file."""

    unit: Unit
    people: Mapping[str, Person]
    targets: Mapping[str, Target]
    version: str = ""
    custom: Mapping[tuple[Duty, str], str] = field(default_factory=dict)
    """By duty and kind, the SHA-256 of the unit's own list that is in force."""
    unlisted: frozenset[str] = frozenset()
    """Targets that are not kept in storage by their date yet, as an earlier release wrote them."""

    @property
    def undirected(self) -> frozenset[str]:
        """The kinds of what the unit has that no director answers for: that work falls to the principal. Also of what
        it had: a hazard of it may still be open."""
        kinds = {kind for target in self.targets.values() for kind in (target.kind, inspected_as(target))}
        return frozenset(kind for kind in kinds if not self.directors_of(kind))

    @property
    def target_kinds(self) -> frozenset[str]:
        """The kinds of what the unit has, or had."""
        return frozenset(target.kind for target in self.targets.values())

    def present(self) -> Iterable[Target]:
        """What there is to check, by code: nothing removed, nothing of a side the unit is no more."""
        targets = (target for _, target in sorted(self.targets.items()))
        return (target for target in targets if not target.removed and target.unit_kind in self.unit.kinds)

    def active(self) -> Iterable[Person]:
        """Who may act for the unit, in the order of their codes."""
        return (person for _, person in sorted(self.people.items()) if person.state is PersonState.ACTIVE)

    def holders(self, role: Role, side: UnitKind) -> Iterable[Person]:
        """Who holds a post on one side, in the order of their codes."""
        return (person for person in self.active() if side in person.roles.get(role, frozenset()))

    def active_officers(self, kind: UnitKind) -> Iterable[Person]:
        """Officers of one side, in the order of their codes."""
        return self.holders(Role.OFFICER, kind)

    def directors_of(self, kind: str) -> tuple[str, ...]:
        """Who answers for a target kind as director."""
        directors = self.holders(Role.DIRECTOR, target_kind(kind).unit_kind)
        return tuple(person.code for person in directors if cover(person.kinds, kind))

    def principals_of(self, side: UnitKind) -> tuple[str, ...]:
        """Who answers for one side as principal."""
        return tuple(person.code for person in self.holders(Role.PRINCIPAL, side))

    def officers_of(self, target: Target) -> tuple[str, ...]:
        """Who checks ``target``: its named officers who are still active, else every officer of its side."""
        active = [person.code for person in self.active_officers(target.unit_kind)]
        named = [code for code in target.officers if code in active]
        if named or target.unit_kind is UnitKind.USE:
            return tuple(named)
        return tuple(active)
