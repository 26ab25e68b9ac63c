"""How a bucket is opened and closed, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tean.domain.months import PeopleMonth
    from tean.domain.outcomes import Outcomes
    from tean.domain.rollups import Rollup
    from tean.domain.tasks import Missed, Row, Sheet


@dataclass(frozen=True)
class PutRow:
    """A new row; it must not exist yet."""

    row: Row


@dataclass(frozen=True)
class WithdrawRow:
    """Take an open row back; it is kept as ``withdrawn``."""

    row: Row


@dataclass(frozen=True)
class ReopenRow:
    """Give a withdrawn row back; it asks and is shared as ``row`` says."""

    row: Row


@dataclass(frozen=True)
class ReviseRow:
    """Let a row ask, and be shared, as ``row`` says; it must still be in that state."""

    row: Row


@dataclass(frozen=True)
class PutSheet:
    """A new sheet; it must not exist yet."""

    sheet: Sheet


@dataclass(frozen=True)
class ReviseSheet:
    """Change what is owed on a sheet whose plan is still ``replaces`` and that is not closed; what is done stays."""

    sheet: Sheet
    replaces: str


@dataclass(frozen=True)
class CloseRow:
    """Close a row at the close of its bucket: an open one as ``missed``, an open or missed one by the record that
    closed a colleague's. ``row`` is how it stands then."""

    row: Row


@dataclass(frozen=True)
class PutMissed:
    """Put a marker beside a target's records; one that is there stays as it is."""

    missed: Missed


@dataclass(frozen=True)
class PutRollup:
    """Write a roll-up in the place of the version before it, which must be the last and not final; the first of a
    bucket must not exist yet. With it go the month it is summed in, likewise, and the lists behind its numbers."""

    rollup: Rollup
    month: PeopleMonth | None = None
    lists: tuple[Outcomes, ...] = ()


@dataclass(frozen=True)
class CloseSheet:
    """Close a sheet whose plan is still the one that was seen."""

    sheet: Sheet


DayWrite = (
    PutRow | WithdrawRow | ReopenRow | ReviseRow | CloseRow
    | PutSheet | ReviseSheet | CloseSheet | PutMissed | PutRollup
)  # fmt: skip


def actions(write: DayWrite) -> int:
    """How many items a change writes: a roll-up lies there once for the close and once, as a tally, for its readers."""
    if not isinstance(write, PutRollup):
        return 1
    return 2 + int(write.month is not None) + len(write.lists)


class DayWrites(Protocol):
    """How a bucket is opened and closed."""

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        """Write changes of at most 100 actions together; False, and nothing written, when one no longer fits."""
