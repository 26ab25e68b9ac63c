"""Applying a roster: what must be written to turn what is registered into what the roster says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from schemas.language import PersonState
from tean.domain.records import canonical, digest
from tean.domain.registry import Person, Roster, Target, Unit

Registered = TypeVar("Registered", Person, Target)
PhoneEntry = tuple[str, str]
"""(phone hash, person code)"""


@dataclass(frozen=True)
class RosterChanges:
    """What turns one roster into another: whole items to write, access entries to add and to take away.

    People and targets are never deleted: they are written as dismissed or removed. They are applied in this order:
    ``phones_removed``, ``phones_added``, ``people``, ``targets``, and last ``unit``, which carries the new version.
    So an interrupted application is finished by applying the same file again: an access entry can be derived as long
    as its person is not written.
    """

    unit: Unit
    version: str
    people: tuple[Person, ...] = ()
    targets: tuple[Target, ...] = ()
    phones_added: tuple[PhoneEntry, ...] = ()
    phones_removed: tuple[PhoneEntry, ...] = ()


def difference(before: Roster | None, after: Roster) -> RosterChanges | None:
    """What it takes to get from ``before`` to ``after``; None when nothing changes.

    Who is not in ``after`` is dismissed, what is not in it removed; who and what is in it again comes back. The state
    of a target belongs to its inspections and stays as it is. What is not kept by its date yet is written again.
    """
    before = before or Roster(unit=after.unit, people={}, targets={})
    people = [*_new_or_changed(before.people, after.people), *_dismissed(before, after)]
    registered = {code: one for code, one in before.targets.items() if code not in before.unlisted}
    targets = [*_new_or_changed(registered, _in_their_states(before, after)), *_removed(before, after)]
    whole = replace(after, targets={**before.targets, **after.targets})
    unit = replace(after.unit, undirected=whole.undirected, target_kinds=before.target_kinds | after.target_kinds)
    if not people and not targets and (before.unit, before.version) == (unit, after.version):
        return None
    had, have = set(_phone_entries(before)), set(_phone_entries(after))
    return RosterChanges(
        unit=unit,
        version=after.version,
        people=tuple(people),
        targets=tuple(targets),
        phones_added=tuple(sorted(have - had)),
        phones_removed=tuple(sorted(had - have)),
    )


def rededicated(before: Roster | None, after: Roster) -> tuple[tuple[Target, Target], ...]:
    """Targets whose code now stands for another target kind, before and after.

    The records of a target are one chain of evidence about one thing, so such a roster must be refused.
    """
    known = before.targets if before else {}
    pairs = [(known[code], target) for code, target in after.targets.items() if code in known]
    return tuple((old, new) for old, new in pairs if (old.unit_kind, old.kind) != (new.unit_kind, new.kind))


def version_of(roster: Roster) -> str:
    """The digest of what a roster says, whatever the order of its rows; what only follows from it, and the state of
    targets, are no part of it."""
    says = replace(roster, version="", targets={code: _stateless(target) for code, target in roster.targets.items()})
    plain = _plain(says)
    for derived in ("undirected", "target_kinds"):
        del plain["unit"][derived]
    del plain["custom"], plain["unlisted"]
    return digest(canonical(plain))


def _new_or_changed(before: Mapping[str, Registered], after: Mapping[str, Registered]) -> Iterator[Registered]:
    return (item for code, item in after.items() if before.get(code) != item)


def _dismissed(before: Roster, after: Roster) -> Iterator[Person]:
    gone = (person for code, person in before.people.items() if code not in after.people)
    return (replace(person, state=PersonState.DISMISSED) for person in gone if person.state is PersonState.ACTIVE)


def _removed(before: Roster, after: Roster) -> Iterator[Target]:
    gone = (target for code, target in before.targets.items() if code not in after.targets)
    return (replace(target, removed=True) for target in gone if not target.removed)


def _in_their_states(before: Roster, after: Roster) -> Mapping[str, Target]:
    return {code: _in_state_of(before.targets.get(code), target) for code, target in after.targets.items()}


def _in_state_of(known: Target | None, target: Target) -> Target:
    return replace(target, state=known.state, state_reason=known.state_reason) if known else target


def _stateless(target: Target) -> Target:
    return _in_state_of(Target(code="", name="", unit_kind=target.unit_kind, kind=""), target)


def _phone_entries(roster: Roster) -> Iterable[PhoneEntry]:
    return ((person.phone, person.code) for person in roster.people.values() if person.state is PersonState.ACTIVE)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
