"""Where the fake store keeps everything, by natural key, and how it cuts pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from threading import RLock
from typing import TypeVar

from schemas.checklists import CustomList
from schemas.language import Duty, PersonState, Role, TaskState, UnitKind
from tean.adapters.ports.access import AppToken, Binding
from tean.adapters.ports.common import Page
from tean.adapters.ports.registry import CustomKey
from tean.domain.files import Upload
from tean.domain.hazards import Hazard, Step
from tean.domain.minutes import Minutes
from tean.domain.months import PeopleMonth
from tean.domain.outcomes import Listing, Outcomes
from tean.domain.records import Head, Record
from tean.domain.registry import Person, Target, Unit
from tean.domain.reports import Report
from tean.domain.rollups import Rollup
from tean.domain.tasks import Missed, Row, Sheet
from tean.domain.turns import Turn

T = TypeVar("T")
RowKey = tuple[str, str, date, Duty, str]
SheetKey = tuple[str, Duty, date, str]

ENTERABLE = (TaskState.OPEN, TaskState.MISSED)


class Shelves:
    """Everything that is kept, by its natural key."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._bindings: dict[str, Binding] = {}
        self._phones: dict[str, set[tuple[str, str]]] = {}
        self._token: AppToken | None = None
        self._units: dict[str, tuple[Unit, str]] = {}
        self._people: dict[tuple[str, str], Person] = {}
        self._targets: dict[tuple[str, str], Target] = {}
        self._rows: dict[RowKey, Row] = {}
        self._sheets: dict[SheetKey, Sheet] = {}
        self._heads: dict[tuple[str, str], Head] = {}
        self._records: dict[tuple[str, str, str], Record] = {}
        self._hazards: dict[tuple[str, str], Hazard] = {}
        self._steps: dict[tuple[str, str], list[Step]] = {}
        self._uploads: dict[tuple[str, str, str], Upload] = {}
        self._missed: dict[tuple[str, str, Duty, date, str], Missed] = {}
        self._customs: dict[tuple[str, CustomKey], CustomList] = {}
        self._in_force: dict[tuple[str, Duty, str], str] = {}
        self._rollups: dict[tuple[str, Duty, date], Rollup] = {}
        self._reports: dict[tuple[str, str, str], Report] = {}
        self._minutes: dict[tuple[str, str], Minutes] = {}
        self._minutes_versions: dict[tuple[str, str, int], Minutes] = {}
        self._months: dict[tuple[str, Duty, date], PeopleMonth] = {}
        self._taken: dict[tuple[str, datetime], int] = {}
        self._lists: dict[tuple[str, Listing, Duty, str], Outcomes] = {}

    def turn_taken(self, whose: str, turn: Turn) -> bool:
        """Count one more of his turns; False when he has had all of this window."""
        taken = self._taken.get((whose, turn.begins), 0)
        if taken < turn.most:
            self._taken[whose, turn.begins] = taken + 1
        return taken < turn.most

    def roles_of(self, unit: str, code: str) -> frozenset[Role]:
        """What somebody is now; nothing when he is dismissed or was never there."""
        person = self._people.get((unit, code))
        return frozenset(person.roles) if person and person.state is PersonState.ACTIVE else frozenset()

    def sides_of(self, unit: str, code: str, role: Role) -> frozenset[UnitKind]:
        """The sides on which somebody holds a post now; none when he is dismissed or was never there."""
        person = self._people.get((unit, code))
        if person is None or person.state is not PersonState.ACTIVE:
            return frozenset()
        return person.roles.get(role, frozenset())


def cut(found: Mapping[str, T], after: str | None, limit: int, *, newest_first: bool = False) -> Page[T]:
    """The page of ``found`` that follows the sort key ``after``."""
    keys = sorted(found, reverse=newest_first)
    left = [key for key in keys if after is None or (key < after if newest_first else key > after)]
    page = left[:limit]
    return Page(tuple(found[key] for key in page), page[-1] if len(left) > limit else None)


def row_key(unit: str, row: Row) -> RowKey:
    """Where a row lies."""
    return unit, row.post, row.due, row.duty, row.target


def sheet_key(unit: str, sheet: Sheet) -> SheetKey:
    """Where a sheet lies."""
    return unit, sheet.duty, sheet.due, sheet.post
