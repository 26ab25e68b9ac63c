"""A roster while it is being checked: what was written, on which line, and which of it could be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from schemas.language import Role, UnitKind
from schemas.roster import (
    EquipmentRow,
    Finding,
    LicenceRow,
    PersonRow,
    RosterFile,
    Row,
    StationRow,
    Table,
    TargetRow,
    UnitRow,
)
from tean.domain.roster_file import references, sides_of

R = TypeVar("R", bound=Row, covariant=True)
Shape = TypeVar("Shape", bound=Row)


@dataclass(frozen=True)
class RawRow:
    """The cells of a row as they were written, by field; ``lines`` of those that stand on a line of their own."""

    table: Table
    line: int
    cells: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Its code, right or wrong."""
        return str(self.cells.get("code", ""))

    def line_of(self, field: str | None) -> int:
        """Where a cell stands."""
        return self.lines.get(field or "", self.line)

    def finding(self, sentence: str, field: str | None = None, *, blocking: bool = True) -> Finding:
        """A finding about this row, or one cell of it."""
        line = self.line_of(field)
        return Finding(sentence=sentence, table=self.table, line=line, code=self.code, field=field, blocking=blocking)


@dataclass(frozen=True)
class Reading:
    """A file taken apart: its rows, what is wrong with their form, and what did not even make a row."""

    rows: Sequence[RawRow]
    findings: Sequence[Finding] = ()
    lost: Sequence[Finding] = ()


@dataclass(frozen=True)
class Entry(Generic[R]):
    """A row that could be read, and how it was written."""

    raw: RawRow
    row: R


@dataclass(frozen=True)
class Draft:
    """What a file says, as far as it could be read."""

    raws: Sequence[RawRow]
    entries: Sequence[Entry[Row]]
    nothing_lost: bool = True

    @property
    def readable(self) -> bool:
        """Whether every row could be read. Only then it can be told what is missing: a director with a wrong phone
        number is not a unit without a director."""
        return self.nothing_lost and len(self.entries) == len(self.raws)

    @cached_property
    def unit(self) -> Entry[UnitRow] | None:
        """The unit's row, if it could be read."""
        return next(iter(self.of(UnitRow)), None)

    @cached_property
    def kinds(self) -> frozenset[UnitKind]:
        """The kinds of the unit, none while its row cannot be read."""
        return self.unit.row.kinds if self.unit else frozenset()

    @cached_property
    def people(self) -> Sequence[Entry[PersonRow]]:
        """Everybody whose row could be read."""
        return self.of(PersonRow)

    @cached_property
    def targets(self) -> Sequence[Entry[TargetRow]]:
        """Equipment, licences and stations whose rows could be read."""
        return self.of(TargetRow)

    @cached_property
    def references(self) -> Mapping[str, tuple[str, ...]]:
        """Whom a cell may mean, those whose row could not be read included."""
        people = (raw for raw in self.raws if raw.table is Table.PEOPLE)
        return references((raw.code, str(raw.cells.get("name", ""))) for raw in people)

    def of(self, shape: type[Shape]) -> list[Entry[Shape]]:
        """The rows of one shape."""
        return [Entry(entry.raw, entry.row) for entry in self.entries if isinstance(entry.row, shape)]

    def holders(self, role: Role, side: UnitKind) -> list[Entry[PersonRow]]:
        """Who holds a post on a side."""
        return [entry for entry in self.people if side in sides_of(entry.row, role, self.kinds)]

    def file(self) -> RosterFile | None:
        """The roster the rows make; None without a unit."""
        if self.unit is None:
            return None
        return RosterFile(
            unit=self.unit.row,
            people=self._rows(PersonRow),
            equipment=self._rows(EquipmentRow),
            licences=self._rows(LicenceRow),
            stations=self._rows(StationRow),
        )

    def _rows(self, shape: type[Shape]) -> tuple[Shape, ...]:
        return tuple(entry.row for entry in self.of(shape))
