"""What was not done on time, one by one: the lists behind the numbers of a bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.instants import Instant
from schemas.language import Duty, Role, TargetState, TaskState, UnitKind
from schemas.typed import typed
from tean.domain import calendar
from tean.domain.lookback import unchecked
from tean.domain.records import digest
from tean.domain.rollups import decisive
from tean.domain.shares import role_of_share
from tean.domain.tasks import Row, group_by

What = Literal["missed", "late", "suspended", "unchecked"]
PART = 1000
"""Exceptions in one item: packed some ten kilobytes, and below the 400 an item may have however long names are."""
MOST_PARTS = 80
"""Items of one bucket; they are written in one transaction."""


@dataclass(frozen=True)
class Exceptional:
    """One record of a bucket that was missed, late or found suspended, or one target that was unchecked in all of it.

    ``people`` were to do it; where it was recorded, who did comes first. ``at`` is when it was recorded. ``share`` says
    for whom it stands when not all share one record."""

    what: What
    target: str
    name: str
    unit_kind: UnitKind
    kind: str
    people: tuple[str, ...]
    at: Instant | None = None
    share: str = ""

    @property
    def role(self) -> Role:
        """As what they were to do it."""
        return role_of_share(self.share)

    @property
    def place(self) -> str:
        """Where it stands among those of its bucket."""
        return f"{self.target}#{self.share}#{self.what}"


@dataclass(frozen=True)
class Exceptions:
    """Those of one bucket, or a part of them, in the order of their places. ``cut`` says of the last part that there
    were more than are kept."""

    duty: Duty
    due: date
    part: int = 0
    entries: tuple[Exceptional, ...] = ()
    cut: bool = False

    @property
    def place(self) -> str:
        """Where it stands among those of its duty: by the last day, of one bucket the first part last, so that it comes
        first where the newest does."""
        return f"{calendar.last_day(self.duty, self.due).isoformat()}#{99 - self.part:02d}"

    @property
    def digest(self) -> str:
        """Tells whether it says the same."""
        entries = typed(tuple[Exceptional, ...]).dump_json(self.entries, exclude_defaults=True)
        return digest(f"{self.cut} {entries.decode()}")[:16]


def exceptions_of(
    duty: Duty, due: date, rows: Iterable[Row], days: Iterable[Row], parts: int = 0
) -> Sequence[Exceptions]:
    """What was not done on time of a bucket with these rows, which looks back over ``days``; ``parts`` or more, because
    nothing is ever taken away."""
    found = sorted([*_of_records(rows), *map(_unchecked, unchecked(days))], key=lambda one: one.place)
    kept, cut = found[: MOST_PARTS * PART], len(found) > MOST_PARTS * PART
    wanted = max(parts, -(-len(kept) // PART))
    return [
        Exceptions(duty, due, n, tuple(kept[n * PART : (n + 1) * PART]), cut and n == wanted - 1) for n in range(wanted)
    ]


def _of_records(rows: Iterable[Row]) -> Iterator[Exceptional]:
    for own in group_by(rows, lambda row: row.shared).values():
        first = decisive(own)
        if what := _what(first):
            yield _exceptional(what, first, _people(first, own), first.closed_at)


def _what(row: Row) -> What | None:
    if row.state in (TaskState.OPEN, TaskState.MISSED):
        return "missed"
    if not row.is_closed:
        return None
    if row.target_state is TargetState.SUSPENDED:
        return "suspended"
    return "late" if row.state is TaskState.LATE else None


def _people(first: Row, rows: Iterable[Row]) -> tuple[str, ...]:
    closed, there = first.is_closed, (row for row in rows if row.state is not TaskState.WITHDRAWN)
    others = sorted(row.person for row in there if row.is_closed is closed)
    return tuple(dict.fromkeys([first.closed_by, *others] if first.closed_by else others))


def _unchecked(rows: Sequence[Row]) -> Exceptional:
    people = tuple(sorted({row.person for row in rows}))
    return _exceptional("unchecked", rows[-1], people, None)


def _exceptional(what: What, row: Row, people: tuple[str, ...], at: Instant | None) -> Exceptional:
    share = "" if what == "unchecked" else row.share
    return Exceptional(what, row.target, row.name, row.unit_kind, row.kind, people, at, share)
