"""To-dos: how they are listed, how a bucket is opened and closed, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from schemas.language import Duty
from tean.adapters.ports.common import Page
from tean.domain.months import PeopleMonth
from tean.domain.outcomes import Listing, Outcomes
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
MOST_WRITES = 100
"""Actions in one transaction (DynamoDB's limit)."""


def actions(write: DayWrite) -> int:
    """How many items a change writes: a roll-up lies there once for the close and once, as a tally, for its readers."""
    if not isinstance(write, PutRollup):
        return 1
    return 2 + int(write.month is not None) + len(write.lists)


@dataclass(frozen=True)
class Listed:
    """A page of somebody's to-dos, and his sheets of the days it was taken from (as far as they follow the cursor)."""

    page: Page[Row]
    sheets: tuple[Sheet, ...] = ()


class Tasks(Protocol):
    """To-do rows and sheets."""

    def todos(self, unit: str, post: str, *, today: date, since: date, after: str | None, limit: int) -> Listed:
        """Rows of the buckets whose last day is ``since`` or later, by last day, duty and target: of those that last
        till ``today`` or longer all but the withdrawn, of earlier ones only the open and missed. One Query."""

    def sheet(self, unit: str, post: str, duty: Duty, due: date) -> Sheet | None:
        """The sheet of one post."""

    def sheets(self, unit: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Sheet]:
        """Every sheet of a unit's bucket, or of all from ``due`` to ``until``. One Query."""

    def rows(self, unit: str, post: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Row]:
        """Every row of one post's bucket, withdrawn ones included, or of all from ``due`` to ``until``. One Query."""

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        """Write changes of at most 100 actions together; False, and nothing written, when one no longer fits."""


PARTS_AT_ONCE: Mapping[Listing, int] = {"exceptions": 60, "done": 12}
"""How many parts of a list a page reads. Of a large unit those of what was done are full, and to unpack twelve takes as
long as all the rest of a request; what went wrong is some few in a part."""


class Rollups(Protocol):
    """What closed buckets came to. They are written by :meth:`Tasks.write_day`, with what they were counted from."""

    def rollups(self, unit: str, duty: Duty, *, until: date, limit: int) -> Sequence[Rollup]:
        """The last ones up to and with ``until``, newest first. One Query."""

    def tallies(self, unit: str, since: date, until: date) -> Sequence[Rollup]:
        """Of every duty the buckets whose last day is from ``since`` to ``until``, by that day, without ``people``.
        One Query for a year, however large the unit."""

    def months(self, unit: str, duty: Duty, months: Iterable[date]) -> Mapping[date, PeopleMonth]:
        """What was summed of a duty in these months, each by its 1st; those without anything are left out. One
        BatchGet."""

    def people_months(self, unit: str, since: date, until: date) -> Sequence[PeopleMonth]:
        """Of every duty the months from that of ``since`` to that of ``until``, by month. One Query for a year of some
        hundred people."""

    def outcomes(
        self, unit: str, listing: Listing, duty: Duty, since: date, until: date, *, place: str | None = None
    ) -> Page[Outcomes]:
        """Of the buckets whose last day is from ``since`` to ``until`` a list of what became of what was due, newest
        first, from ``place`` on, itself included. At most as many parts as ``PARTS_AT_ONCE`` says, fewer when they
        are more than a megabyte; ``next`` is then the last place. One Query."""


class Messages(Protocol):
    """Messages to workers."""

    def open_units(self, units: Sequence[str], duty: Duty, due: date) -> None:
        """Ask a worker to open this day for each unit."""
