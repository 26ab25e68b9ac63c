"""Setting a unit up: a checked roster becomes what is registered, as a difference to what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from schemas.catalogue import target_kind
from schemas.language import Duty, PersonState
from schemas.roster import RosterFile, Table
from tean.domain import calendar
from tean.domain.errors import Invalid, Unavailable
from tean.domain.registry import PREFIX, Person, Roster, Target, Unit
from tean.domain.roster import RosterChanges, difference, rededicated
from tean.domain.roster_checks import TABLES
from tean.domain.roster_file import register
from tean.services.days import DayService, wait
from tean.services.succession import Succession

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.messages import Messages
    from tean.adapters.ports.store import Store


class Action(StrEnum):
    """What becomes of an entry: 新增, 变更, 恢复 (it had been taken out), 移出."""

    ADDED = "added"
    CHANGED = "changed"
    RETURNED = "returned"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """One entry that is not what it was; ``headings`` are those of the fields that changed."""

    table: Table
    action: Action
    code: str
    name: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What applying a roster does, or did, to a unit."""

    unit: Unit
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()

    def count(self, table: Table, action: Action) -> int:
        """How many entries of a table this happens to."""
        return sum((change.table, change.action) == (table, action) for change in self.changes)


@dataclass(frozen=True)
class UnitSetupService:
    """The operator's and the administrator's way to say who and what a unit has."""

    store: Store
    messages: Messages
    hash_phone: Callable[[str], str]
    clock: Clock
    pause: Callable[[int], None] = wait

    def preview(self, file: RosterFile, successors: Mapping[str, str] | None = None) -> Report:
        """What :meth:`apply` would do, its refusals included. Nothing is written."""
        before, after = self._rosters(file)
        self._succession.require_heirs(before, after, successors or {})
        return _told(before, after)

    def apply(self, file: RosterFile, successors: Mapping[str, str] | None = None) -> Report:
        """Write what differs from what is registered; the same file again writes nothing.

        ``successors`` says, by code, who takes over from whom the file dismisses (see ``tean.services.succession``).
        Invalid ``roster.kind_changed`` when a code now stands for another kind of thing.
        """
        before, after = self._rosters(file)
        self._succession.require_heirs(before, after, successors or {})
        changes, report = difference(before, after), _told(before, after)
        if changes:
            if before:
                self._catch_up(before.unit.code)
            self.store.apply(changes)
        # Asked for even when nothing differs: opening a day twice writes nothing, and a message that was lost after an
        # earlier application is made good by applying the file again. Before the hand-over, which may be refused: the
        # roster is written by then, and the rows have to follow it.
        for duty in Duty:
            self.messages.open_units([file.unit.code], duty, calendar.current(duty, self.clock()))
        self._succession.hand_over(before, after, successors or {})
        return report

    def _catch_up(self, unit: str) -> None:
        """Make good the days whose run never came while the roster is still theirs: what nobody did then was not
        missed by whoever comes now."""
        try:
            for duty in Duty:
                DayService(self.store, self.clock, self.pause).catch_up(unit, duty)
        except Unavailable as passing:
            raise Unavailable(
                passing.code, "这个单位前几天的任务还没有结算完，所以名册没有写入；请稍后再运行一次。"
            ) from passing

    @property
    def _succession(self) -> Succession:
        return Succession(self.store, self.store, self.clock)

    def _rosters(self, file: RosterFile) -> tuple[Roster | None, Roster]:
        before, after = self.store.roster(file.unit.code), register(file, self.hash_phone)
        _refuse_rededication(before, after)
        return before, after


def _told(before: Roster | None, after: Roster) -> Report:
    changes = difference(before, after)
    return _report(before, changes) if changes else Report(after.unit)


def _refuse_rededication(before: Roster | None, after: Roster) -> None:
    pairs = rededicated(before, after)
    if pairs:
        told = "；".join(f"{_code(new)} 原来是{_kind(old)}，名册里成了{_kind(new)}" for old, new in pairs)
        raise Invalid(
            "roster.kind_changed",
            f"{told}。旧记录属于原来那个，不能转给别的：请用新编号，原来那一行可以删去。什么都没有写入。",
            targets=[new.code for _, new in pairs],
        )


def _report(before: Roster | None, changes: RosterChanges) -> Report:
    known = before or Roster(changes.unit, {}, {})
    told = [*_unit_change(before, changes.unit), *_people_changes(known, changes), *_target_changes(known, changes)]
    return Report(changes.unit, tuple(told), tuple(_suspicions(known, changes)))


def _unit_change(before: Roster | None, unit: Unit) -> Iterator[Change]:
    if before is None:
        yield Change(Table.UNIT, Action.ADDED, unit.code, unit.name)
    elif headings := _differing(Table.UNIT, _unit_cells(before.unit), _unit_cells(unit)):
        yield Change(Table.UNIT, Action.CHANGED, unit.code, unit.name, headings)


def _people_changes(known: Roster, changes: RosterChanges) -> Iterator[Change]:
    for person in changes.people:
        old = known.people.get(person.code)
        action = _action(
            there=old is not None and old.state is PersonState.ACTIVE,
            known=old is not None,
            stays=person.state is PersonState.ACTIVE,
        )
        headings = _differing(Table.PEOPLE, _person_cells(old), _person_cells(person)) if old else ()
        yield Change(Table.PEOPLE, action, person.code, person.name, headings)


def _target_changes(known: Roster, changes: RosterChanges) -> Iterator[Change]:
    for target in changes.targets:
        old, table = known.targets.get(target.code), TABLES[target.unit_kind]
        if old == target:
            continue
        action = _action(there=old is not None and not old.removed, known=old is not None, stays=not target.removed)
        headings = _differing(table, _target_cells(old), _target_cells(target)) if old else ()
        yield Change(table, action, _code(target), target.name, headings)


def _action(*, there: bool, known: bool, stays: bool) -> Action:
    if not stays:
        return Action.REMOVED
    if there:
        return Action.CHANGED
    return Action.RETURNED if known else Action.ADDED


def _differing(table: Table, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(heading for heading, field in table.headings.items() if old.get(field) != new.get(field))


def _unit_cells(unit: Unit) -> Mapping[str, Any]:
    return {"name": unit.name, "kinds": unit.kinds, "contact": unit.contact}


def _person_cells(person: Person) -> Mapping[str, Any]:
    return {"name": person.name, "phone": person.phone, "roles": person.roles, "kinds": person.kinds}


def _target_cells(target: Target) -> Mapping[str, Any]:
    expires = {"next_inspection": target.next_inspection, "valid_until": target.next_inspection}
    cells = {"name": target.name, "subtype": target.subtype, "location": target.location, "officers": target.officers}
    return {**cells, **expires, **target.identifiers}


def _suspicions(known: Roster, changes: RosterChanges) -> Iterator[str]:
    for person in changes.people:
        old = known.people.get(person.code)
        if old and old.name != person.name and old.phone != person.phone:
            yield f"工号 {person.code} 的姓名和手机号都变了：如果换了人，请给他新工号，否则他会看到前任的记录"


def _code(target: Target) -> str:
    return target.code.removeprefix(PREFIX[target.unit_kind])


def _kind(target: Target) -> str:
    return target_kind(target.kind).short
