"""What a unit's set-up lacks or has wrong: what keeps tasks from being made, or its duty from being proved.

Much that could be missing is refused when a roster is applied (:mod:`tean.domain.roster_checks`). Here is what it only
warns of, what comes with time (a date passes), and what an application leaves of targets that was cut short; who is
missing among its people then is found by applying it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schemas.catalogue import target_kind
from schemas.language import Gap, Role, TargetState, UnitKind, words
from tean.domain.clocks import has_ended
from tean.domain.menus import in_order
from tean.domain.registry import Person, Roster, Target


@dataclass(frozen=True)
class Lacking:
    """One thing that has a gap: a target, a person, a target kind or a side, by its code.

    ``kind`` is the target kind; ``due`` the day by which what has expired was to be inspected or renewed.
    """

    code: str
    name: str
    kind: str | None = None
    location: str | None = None
    due: date | None = None


@dataclass(frozen=True)
class Found:
    """Everything on one side of a unit that has the same gap, by code."""

    gap: Gap
    side: UnitKind
    lacking: Sequence[Lacking]


@dataclass(frozen=True)
class Filled:
    """How many of the targets of one side have everything filled in."""

    side: UnitKind
    targets: int
    complete: int


def find(roster: Roster, today: date) -> Sequence[Found]:
    """Every gap there is, the gravest first."""
    sides = in_order(roster.unit.kinds)
    found = (Found(gap, side, lacking(roster, gap, side, today)) for gap in Gap for side in sides)
    return [one for one in found if one.lacking]


def lacking(roster: Roster, gap: Gap, side: UnitKind, today: date) -> Sequence[Lacking]:
    """What has one gap, by code."""
    return list(_RULES[gap](roster, side, today)) if side in roster.unit.kinds else []


def filled(roster: Roster, found: Iterable[Found]) -> Sequence[Filled]:
    """How complete each side is. A date that has passed is filled in, and a gap all the same."""
    bare = {one.code for each in found if each.gap in _NOT_FILLED_IN for one in each.lacking}
    sides = {side: [target.code for target in _targets(roster, side)] for side in in_order(roster.unit.kinds)}
    return [Filled(side, len(codes), len(set(codes) - bare)) for side, codes in sides.items()]


_NOT_FILLED_IN = frozenset({Gap.UNATTENDED, Gap.UNDATED, Gap.UNTYPED})

Rule = Callable[[Roster, UnitKind, date], Iterator[Lacking]]


def _no_targets(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    if not any(_targets(roster, side)):
        yield Lacking(side, words(side))


def _unattended(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    """A roster names officers for all equipment; one whose application was cut short may have dismissed the old ones
    and not yet named the new."""
    return (_of(target) for target in _targets(roster, side) if not roster.officers_of(target))


def _expired(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    """What is suspended may well be waiting for its inspection: it cannot be restarted before (design.md §6)."""
    in_use = (target for target in _targets(roster, side) if target.state is TargetState.IN_USE)
    return (replace(_of(target), due=target.next_inspection) for target in in_use if has_ended(target, today))


def _undirected(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    """Orders 73 and 74 want a director for every category; without one his work falls to the principal."""
    kinds = sorted({target.kind for target in _targets(roster, side)})
    return (Lacking(kind, target_kind(kind).short, kind) for kind in kinds if not roster.directors_of(kind))


def _doubled(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    """Order 73 Art. 5-6: the quality-safety director of a production unit is not its quality-safety officer."""
    directors = roster.holders(Role.DIRECTOR, side) if side is UnitKind.PRODUCTION else ()
    return (_who(person) for person in directors if side in person.roles.get(Role.OFFICER, ()))


def _undated(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    """A licence always brings its date, a station has none."""
    equipment = _targets(roster, side) if side is UnitKind.USE else ()
    return (_of(target) for target in equipment if target.next_inspection is None)


def _untyped(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    equipment = _targets(roster, side) if side is UnitKind.USE else ()
    return (_of(target) for target in equipment if target.subtype is None)


def _idle(roster: Roster, side: UnitKind, today: date) -> Iterator[Lacking]:
    """Where nobody checks anything, that is another gap."""
    busy = {officer for target in _targets(roster, side) for officer in roster.officers_of(target)}
    return (_who(person) for person in roster.active_officers(side) if busy and person.code not in busy)


_RULES: Mapping[Gap, Rule] = {
    Gap.NO_TARGETS: _no_targets,
    Gap.UNATTENDED: _unattended,
    Gap.EXPIRED: _expired,
    Gap.UNDIRECTED: _undirected,
    Gap.DOUBLED: _doubled,
    Gap.UNDATED: _undated,
    Gap.UNTYPED: _untyped,
    Gap.IDLE: _idle,
}


def _targets(roster: Roster, side: UnitKind) -> Iterable[Target]:
    return (target for target in roster.present() if target.unit_kind is side)


def _of(target: Target) -> Lacking:
    return Lacking(target.code, target.name, target.kind, target.location or None)


def _who(person: Person) -> Lacking:
    return Lacking(person.code, person.name)
