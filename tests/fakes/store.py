"""Storage in memory: plain dicts, one lock, and the same conditions as the real adapter.

Each half of ``FakeStore`` is one port; what a transaction demands is looked at whole before anything is written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from threading import RLock
from typing import TypeVar

from schemas.language import Duty, Grade, HazardState, PersonState, Role, TargetState, TaskState, UnitKind, Verdict
from tean.adapters.ports import (
    MOST_WRITES,
    AppToken,
    DayWrite,
    Facts,
    Move,
    NotMoved,
    NotSubmitted,
    Page,
    PutRow,
    PutSheet,
    ReopenRow,
    ReviseSheet,
    RosterChanges,
    Store,
    Submission,
    WithdrawRow,
)
from tean.domain.files import Upload
from tean.domain.hazards import Hazard, Step, target_of
from tean.domain.membership import Membership
from tean.domain.records import Head, Record
from tean.domain.registry import Person, Roster, Target, Unit
from tean.domain.tasks import Row, Sheet

T = TypeVar("T")
RowKey = tuple[str, str, date, Duty, str]
SheetKey = tuple[str, Duty, date, str]

ENTERABLE = (TaskState.OPEN, TaskState.MISSED)
SHARDS = 16


class Shelves:
    """Everything that is kept, by its natural key."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.bindings: dict[str, str] = {}
        self.phones: dict[str, set[tuple[str, str]]] = {}
        self.token: AppToken | None = None
        self.units: dict[str, tuple[Unit, str]] = {}
        self.persons: dict[tuple[str, str], Person] = {}
        self.things: dict[tuple[str, str], Target] = {}
        self.task_rows: dict[RowKey, Row] = {}
        self.task_sheets: dict[SheetKey, Sheet] = {}
        self.heads: dict[tuple[str, str], Head] = {}
        self.kept_records: dict[tuple[str, str, str], Record] = {}
        self.kept_hazards: dict[tuple[str, str], Hazard] = {}
        self.steps: dict[tuple[str, str], list[Step]] = {}
        self.files: dict[tuple[str, str, str], Upload] = {}

    def may_act(self, member: Membership) -> bool:
        """Whether the caller still holds the post his session names."""
        person = self.persons.get((member.unit, member.person))
        return person is not None and person.state is PersonState.ACTIVE and member.role in person.roles


def cut(found: Mapping[str, T], after: str | None, limit: int, *, newest_first: bool = False) -> Page[T]:
    """The page of ``found`` that follows the sort key ``after``."""
    keys = sorted(found, reverse=newest_first)
    left = [key for key in keys if after is None or (key < after if newest_first else key > after)]
    page = left[:limit]
    return Page(tuple(found[key] for key in page), page[-1] if len(left) > limit else None)


class FakeAccess(Shelves):
    """Who may come in."""

    def binding(self, openid: str) -> str | None:
        return self.bindings.get(openid)

    def bind(self, openid: str, phone: str) -> None:
        self.bindings[openid] = phone

    def memberships(self, phone: str) -> Sequence[tuple[str, str]]:
        with self.lock:
            return sorted(self.phones.get(phone, ()))

    def people(self, refs: Iterable[tuple[str, str]]) -> Sequence[tuple[Unit, Person]]:
        with self.lock:
            known = [ref for ref in dict.fromkeys(refs) if ref[0] in self.units and ref in self.persons]
            return [(self.units[unit][0], self.persons[unit, code]) for unit, code in known]

    def app_token(self) -> AppToken | None:
        return self.token

    def keep_app_token(self, token: AppToken) -> None:
        with self.lock:
            if self.token is None or self.token.expires_at <= token.expires_at:
                self.token = token


class FakeRegistry(Shelves):
    """Units, their people and targets."""

    def roster(self, unit: str) -> Roster | None:
        with self.lock:
            if unit not in self.units:
                return None
            people = {code: person for (owner, code), person in sorted(self.persons.items()) if owner == unit}
            targets = {code: target for (owner, code), target in sorted(self.things.items()) if owner == unit}
            return Roster(self.units[unit][0], people, targets, self.units[unit][1])

    def apply(self, changes: RosterChanges) -> None:
        unit = changes.unit.code
        with self.lock:
            for person in changes.people:
                self.persons[unit, person.code] = person
            for target in changes.targets:
                self._put_target(unit, target)
            for phone, code in changes.phones_removed:
                self.phones.get(phone, set()).discard((unit, code))
            for phone, code in changes.phones_added:
                self.phones.setdefault(phone, set()).add((unit, code))
            self.units[unit] = (changes.unit, changes.version)

    def _put_target(self, unit: str, target: Target) -> None:
        known = self.things.get((unit, target.code))
        kept = replace(target, state=known.state, state_reason=known.state_reason) if known else target
        self.things[unit, target.code] = kept

    def target(self, unit: str, target: str) -> Target | None:
        return self.things.get((unit, target))

    def targets(
        self, unit: str, *, after: str | None, limit: int,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        def wanted(target: Target) -> bool:
            his = officer is None or not target.officers or officer in target.officers
            return his and (not kinds or target.kind in kinds) and (not sides or target.unit_kind in sides)

        with self.lock:
            there = {code: target for (owner, code), target in self.things.items() if owner == unit}
        return cut({code: one for code, one in there.items() if not one.removed and wanted(one)}, after, limit)

    def units_of(self, shard: int) -> Sequence[str]:
        return sorted(unit for unit in self.units if _shard(unit) == shard)


def _shard(unit: str) -> int:
    return hashlib.sha256(unit.encode()).digest()[0] % SHARDS
