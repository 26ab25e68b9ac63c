"""Storage in memory: plain dicts, one lock, and the same conditions as the real adapter.

Each base of ``FakeStore`` is one port; what a transaction demands is looked at whole before anything is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from schemas.checklists import CustomList
from schemas.language import Duty, TaskState, UnitKind
from tean.adapters.ports.access import AppToken, Binding
from tean.adapters.ports.common import MOST_WRITES, SHARDS, Page
from tean.adapters.ports.days import (
    CloseRow,
    CloseSheet,
    DayWrite,
    PutMissed,
    PutRollup,
    PutRow,
    PutSheet,
    ReopenRow,
    ReviseRow,
    ReviseSheet,
    WithdrawRow,
    actions,
)
from tean.adapters.ports.registry import CustomKey, NotRevised
from tean.adapters.ports.rollups import PARTS_AT_ONCE
from tean.adapters.ports.store import Store
from tean.adapters.ports.tasks import Listed
from tean.domain import calendar
from tean.domain.membership import Membership
from tean.domain.months import PeopleMonth
from tean.domain.outcomes import Listing, Outcomes
from tean.domain.registry import Person, Roster, Target, Unit
from tean.domain.rollups import Rollup
from tean.domain.roster import RosterChanges
from tean.domain.tasks import Row, Sheet
from tean.domain.turns import Turn
from tests.fakes.evidence import FakeHazards, FakeInspections, FakeUploads
from tests.fakes.reporting import FakeReports
from tests.fakes.shelves import ENTERABLE, Shelves, cut, row_key, sheet_key

K = TypeVar("K")


class FakeAccess(Shelves):
    """Who may come in."""

    def binding(self, openid: str) -> Binding | None:
        return self._bindings.get(openid)

    def take_login(self, openid: str, turn: Turn) -> bool:
        with self._lock:
            return self.turn_taken(f"logins of {openid}", turn)

    def bind(self, openid: str, binding: Binding) -> None:
        self._bindings[openid] = binding

    def memberships(self, phone: str) -> Sequence[tuple[str, str]]:
        with self._lock:
            return sorted(self._phones.get(phone, ()))

    def people(self, refs: Iterable[tuple[str, str]]) -> Sequence[tuple[Unit, Person]]:
        with self._lock:
            known = [ref for ref in dict.fromkeys(refs) if ref[0] in self._units and ref in self._people]
            return [(self._units[unit][0], self._people[unit, code]) for unit, code in known]

    def app_token(self) -> AppToken | None:
        return self._token

    def keep_app_token(self, token: AppToken) -> None:
        with self._lock:
            if self._token is None or self._token.expires_at <= token.expires_at:
                self._token = token


class FakeRegistry(Shelves):
    """Units, their people and targets."""

    def roster(self, unit: str) -> Roster | None:
        with self._lock:
            if unit not in self._units:
                return None
            people = {code: person for (owner, code), person in sorted(self._people.items()) if owner == unit}
            targets = {code: target for (owner, code), target in sorted(self._targets.items()) if owner == unit}
            return Roster(self._units[unit][0], people, targets, self._units[unit][1], self._own_lists(unit))

    def _own_lists(self, unit: str) -> Mapping[tuple[Duty, str], str]:
        return {(duty, kind): sha256 for (owner, duty, kind), sha256 in self._in_force.items() if owner == unit}

    def custom(self, unit: str, list: CustomKey) -> CustomList | None:
        return self._customs.get((unit, list))

    def own_lists(self, unit: str, lists: Iterable[CustomKey]) -> Mapping[CustomKey, CustomList]:
        found = {list: self._customs.get((unit, list)) for list in lists}
        return {key: list for key, list in found.items() if list}

    def customs(self, unit: str) -> tuple[Unit, Mapping[tuple[Duty, str], str]] | None:
        with self._lock:
            return (self._units[unit][0], self._own_lists(unit)) if unit in self._units else None

    def revise(self, member: Membership, list: CustomList, replaces: str | None) -> NotRevised | None:
        place = member.unit, list.duty, list.target_kind
        with self._lock:
            gone = member.role not in self.roles_of(member.unit, member.person)
            refusal = NotRevised(gone, self._in_force.get(place) != replaces)
            if refusal != NotRevised():
                return refusal
            self._customs[member.unit, CustomKey(list.duty, list.target_kind, list.sha256)] = list
            self._in_force[place] = list.sha256
        return None

    def apply(self, changes: RosterChanges) -> None:
        unit = changes.unit.code
        with self._lock:
            for person in changes.people:
                self._people[unit, person.code] = person
            for target in changes.targets:
                self._put_target(unit, target)
            for phone, code in changes.phones_removed:
                self._phones.get(phone, set()).discard((unit, code))
            for phone, code in changes.phones_added:
                self._phones.setdefault(phone, set()).add((unit, code))
            self._units[unit] = (changes.unit, changes.version)

    def _put_target(self, unit: str, target: Target) -> None:
        known = self._targets.get((unit, target.code))
        kept = replace(target, state=known.state, state_reason=known.state_reason) if known else target
        self._targets[unit, target.code] = kept

    def target(self, unit: str, target: str) -> Target | None:
        return self._targets.get((unit, target))

    def sender_and_target(self, unit: str, person: str, target: str | None) -> tuple[Person | None, Target | None]:
        return self._people.get((unit, person)), self._targets.get((unit, target or ""))

    def targets(
        self, unit: str, *, after: str | None, limit: int,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        def wanted(target: Target) -> bool:
            his = officer is None or not target.officers or officer in target.officers
            return his and (not kinds or target.kind in kinds) and (not sides or target.unit_kind in sides)

        with self._lock:
            there = {code: target for (owner, code), target in self._targets.items() if owner == unit}
        return cut({code: one for code, one in there.items() if not one.removed and wanted(one)}, after, limit)

    def expiring(
        self, unit: str, *, until: date, after: str | None, limit: int | None,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        whole = self.targets(unit, after=None, limit=len(self._targets), officer=officer, kinds=kinds, sides=sides)
        dated = [(one.next_inspection, one) for one in whole.items if one.next_inspection]
        ending = {f"{day}#{one.code}": one for day, one in dated if day <= until}
        return cut(ending, after, len(ending) if limit is None else limit)

    def units(self, shard: int) -> Sequence[str]:
        return sorted(unit for unit in self._units if _shard(unit) == shard)


def _shard(unit: str) -> int:
    return hashlib.sha256(unit.encode()).digest()[0] % SHARDS


class FakeTasks(Shelves):
    """To-do rows and sheets."""

    def todos(self, unit: str, post: str, *, today: date, since: date, after: str | None, limit: int) -> Listed:
        def shown(row: Row) -> bool:
            if _last(row) >= today:
                return row.due <= today and row.state is not TaskState.WITHDRAWN
            return since <= _last(row) and row.state in ENTERABLE

        with self._lock:
            his = [row for (owner, who, *_), row in self._rows.items() if (owner, who) == (unit, post)]
            sheets = [one for key, one in sorted(self._sheets.items()) if (key[0], key[3]) == (unit, post)]
        page = cut({f"{_last(row)}#{row.duty}#{row.target}": row for row in his if shown(row)}, after, limit)
        begun = [one for one in sheets if since <= _last(one) and one.due <= today]
        there = [one for one in begun if f"{_last(one)}#{one.duty}" > (after or "")]
        return Listed(page, tuple(sorted(there, key=lambda one: (_last(one), one.duty))))

    def sheet(self, unit: str, post: str, duty: Duty, due: date) -> Sheet | None:
        return self._sheets.get((unit, duty, due, post))

    def sheets(self, unit: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Sheet]:
        with self._lock:
            his = [(key, sheet) for key, sheet in self._sheets.items() if key[:2] == (unit, duty)]
            return [sheet for key, sheet in sorted(his, key=_key) if due <= key[2] <= (until or due)]

    def rows(self, unit: str, post: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Row]:
        with self._lock:
            his = [(key, row) for key, row in self._rows.items() if key[:2] == (unit, post) and key[3] is duty]
            return [row for key, row in sorted(his, key=_key) if due <= key[2] <= (until or due)]

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        keys = {key for write in writes for key in _keys_of(unit, write)}
        if sum(map(actions, writes)) > MOST_WRITES or len(keys) < sum(map(actions, writes)):
            raise ValueError("a transaction takes at most 100 actions, each on an item of its own")
        with self._lock:
            fits = all(self._fits(unit, write) for write in writes)
            for write in writes if fits else ():
                self._write(unit, write)
        return fits

    def _fits(self, unit: str, write: DayWrite) -> bool:
        match write:
            case PutRow(row):
                return row_key(unit, row) not in self._rows
            case WithdrawRow(row):
                return self._row_state(unit, row) is TaskState.OPEN
            case ReviseRow(row) | ReopenRow(row):
                seen = TaskState.WITHDRAWN if isinstance(write, ReopenRow) else row.state
                return self._row_state(unit, row) is seen
            case PutSheet(sheet):
                return sheet_key(unit, sheet) not in self._sheets
            case ReviseSheet(sheet, replaces):
                return self._plan_is(unit, sheet, replaces)
            case CloseSheet(sheet):
                return self._plan_is(unit, sheet, sheet.plan)
            case CloseRow(row):
                return self._row_state(unit, row) in (ENTERABLE if row.is_closed else (TaskState.OPEN,))
            case PutMissed():
                return True
            case PutRollup(rollup, month):
                known = self._rollups.get((unit, rollup.duty, rollup.due))
                follows = not known.final and known.version + 1 == rollup.version if known else rollup.version == 1
                return follows and (month is None or self._month_fits(unit, month))

    def _month_fits(self, unit: str, month: PeopleMonth) -> bool:
        there = self._months.get((unit, month.duty, month.month))
        return month.version == (there.version if there else 0) + 1

    def _plan_is(self, unit: str, sheet: Sheet, plan: str) -> bool:
        there = self._sheets.get(sheet_key(unit, sheet))
        return there is not None and there.plan == plan and not there.closed

    def _row_state(self, unit: str, row: Row) -> TaskState | None:
        there = self._rows.get(row_key(unit, row))
        return there.state if there else None

    def _write(self, unit: str, write: DayWrite) -> None:
        match write:
            case PutRow(row):
                self._rows[row_key(unit, row)] = row
            case WithdrawRow(row):
                self._rows[row_key(unit, row)] = replace(self._rows[row_key(unit, row)], state=TaskState.WITHDRAWN)
            case ReopenRow(row) | ReviseRow(row):
                self._rows[row_key(unit, row)] = _asked_anew(self._rows[row_key(unit, row)], write)
            case PutSheet(sheet):
                self._sheets[sheet_key(unit, sheet)] = sheet
            case ReviseSheet(sheet, _):
                key = sheet_key(unit, sheet)
                self._sheets[key] = replace(self._sheets[key], plan=sheet.plan, owed=sheet.owed, crew=sheet.crew)
            case CloseSheet(sheet):
                key = sheet_key(unit, sheet)
                self._sheets[key] = replace(self._sheets[key], closed=True)
            case CloseRow(row):
                self._rows[row_key(unit, row)] = row
            case PutMissed(missed):
                self._missed.setdefault((unit, missed.target, missed.duty, missed.due, missed.share), missed)
            case PutRollup(rollup, month, lists):
                self._rollups[unit, rollup.duty, rollup.due] = rollup
                self._months |= {(unit, month.duty, month.month): month} if month else {}
                self._lists |= {(unit, one.listing, one.duty, one.place): one for one in lists}


def _key(item: tuple[K, object]) -> K:
    return item[0]


def _asked_anew(there: Row, write: ReopenRow | ReviseRow) -> Row:
    asked = replace(there, lists=write.row.lists, officers=write.row.officers)
    return replace(asked, state=TaskState.OPEN) if isinstance(write, ReopenRow) else asked


def _last(one: Row | Sheet | Outcomes) -> date:
    return calendar.last_day(one.duty, one.due)


def _keys_of(unit: str, write: DayWrite) -> list[tuple[object, ...]]:
    """One for each item it writes."""
    match write:
        case PutSheet(sheet) | ReviseSheet(sheet) | CloseSheet(sheet):
            return [sheet_key(unit, sheet)]
        case PutMissed(missed):
            return [("missed", missed.target, missed.duty, missed.due, missed.share)]
        case PutRollup(rollup, month, lists):
            both = [(name, rollup.duty, rollup.due) for name in ("rollup", "tally")]
            summed = [("month", month.duty, month.month)] if month else []
            return [*both, *summed, *(("list", one.listing, one.duty, one.place) for one in lists)]
        case _:
            return [row_key(unit, write.row)]


class FakeRollups(Shelves):
    """What closed buckets came to."""

    def rollups(self, unit: str, duty: Duty, *, until: date, limit: int) -> Sequence[Rollup]:
        with self._lock:
            there = [one for key, one in sorted(self._rollups.items(), reverse=True) if key[:2] == (unit, duty)]
        return [one for one in there if one.due <= until][:limit]

    def tallies(self, unit: str, since: date, until: date) -> Sequence[Rollup]:
        with self._lock:
            there = [one for (owner, *_), one in self._rollups.items() if owner == unit]
        ended = ((calendar.last_day(one.duty, one.due), one) for one in there)
        within = sorted(((last, one.duty, one) for last, one in ended if since <= last <= until), key=lambda at: at[:2])
        return [replace(one, people={}, lists={}) for *_, one in within]

    def months(self, unit: str, duty: Duty, months: Iterable[date]) -> Mapping[date, PeopleMonth]:
        with self._lock:
            found = {month: self._months.get((unit, duty, month)) for month in months}
        return {month: one for month, one in found.items() if one}

    def people_months(self, unit: str, since: date, until: date) -> Sequence[PeopleMonth]:
        with self._lock:
            there = [one for (owner, *_), one in self._months.items() if owner == unit]
        within = [one for one in there if since.replace(day=1) <= one.month <= until]
        return sorted(within, key=lambda one: (one.month, one.duty))

    def outcomes(
        self, unit: str, listing: Listing, duty: Duty, since: date, until: date, *, place: str | None = None
    ) -> Page[Outcomes]:
        with self._lock:
            there = [one for (owner, *what, _), one in self._lists.items() if (owner, *what) == (unit, listing, duty)]
        within = (one for one in there if since <= _last(one) <= until and one.place <= (place or one.place))
        found = sorted(within, key=lambda one: one.place, reverse=True)
        kept = found[: PARTS_AT_ONCE[listing]]
        return Page(tuple(kept), kept[-1].place if len(kept) < len(found) else None)


class FakeStore(
    FakeAccess, FakeRegistry, FakeTasks, FakeInspections, FakeRollups, FakeHazards, FakeReports, FakeUploads, Store
):
    """All of storage, in memory."""
