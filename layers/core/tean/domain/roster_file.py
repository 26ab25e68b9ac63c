"""From a roster file to what is registered: codes, posts and dates as the rest of the product knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from schemas.catalogue import target_kind
from schemas.language import Role, UnitKind
from schemas.roster import EquipmentRow, PersonRow, RosterFile, TargetRow
from tean.domain.registry import PREFIX, Person, Roster, Target, Unit
from tean.domain.roster import version_of


def register(file: RosterFile, hash_phone: Callable[[str], str]) -> Roster:
    """The roster a file without findings describes. ``hash_phone`` keeps the numbers themselves out of it."""
    unit = Unit(code=file.unit.code, name=file.unit.name, kinds=file.unit.kinds, contact=file.unit.contact or "")
    people = {row.code: _person(row, unit, hash_phone) for row in file.people}
    named = references((row.code, row.name) for row in file.people)
    targets = [_target(row, named) for row in file.targets]
    roster = Roster(unit=unit, people=people, targets={target.code: target for target in targets})
    return replace(roster, version=version_of(roster))


def references(people: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Whom a cell may mean: by (code, name), the codes of those who are called so. A code means nobody else."""
    by_name: dict[str, tuple[str, ...]] = {}
    by_code: dict[str, tuple[str, ...]] = {}
    for code, name in people:
        by_code[code] = (code,)
        by_name[name] = (*by_name.get(name, ()), code)
    return by_name | by_code


def sides_of(row: PersonRow, role: Role, kinds: frozenset[UnitKind]) -> frozenset[UnitKind]:
    """The sides a post is held for in a unit of these kinds; empty when it is not held."""
    return row.roles[role] or kinds if role in row.roles else frozenset()


def _person(row: PersonRow, unit: Unit, hash_phone: Callable[[str], str]) -> Person:
    return Person(
        code=row.code,
        name=row.name,
        phone=hash_phone(row.phone),
        phone_tail=row.phone[-4:],
        roles={role: sides_of(row, role, unit.kinds) for role in row.roles},
        kinds=row.kinds,
    )


def _target(row: TargetRow, named: Mapping[str, tuple[str, ...]]) -> Target:
    return Target(
        code=PREFIX[row.side] + row.code,
        name=row.name or target_kind(row.kind).short,
        unit_kind=row.side,
        kind=row.kind,
        subtype=row.subtype if isinstance(row, EquipmentRow) else None,
        location=row.location or "",
        officers=tuple(code for officer in row.officers for code in named[officer]),
        next_inspection=row.expires,
        identifiers=row.identifiers,
    )
