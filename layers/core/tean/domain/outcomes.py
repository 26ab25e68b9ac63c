"""What became of what was due, one by one: the lists behind the numbers of a bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from schemas.instants import Instant
from schemas.language import Duty, Fate, Role, Stamp, TargetState, TaskState, UnitKind
from schemas.typed import typed
from tean.domain import calendar
from tean.domain.lookback import unchecked
from tean.domain.records import digest
from tean.domain.rollups import decisive
from tean.domain.shares import role_of_share
from tean.domain.tasks import Row, group_by

Listing = Literal["exceptions", "done"]
"""``exceptions`` holds what was not done on time, ``done`` what was done, on time or late. They lie apart because what
goes wrong is rare, and a year of it is read without all the rest; late is in both, because zero risk is told of all
that was done."""
LISTINGS: tuple[Listing, ...] = get_args(Listing)
_LISTED_IN: Mapping[Fate, tuple[Listing, ...]] = {
    Fate.ON_TIME: ("done",),
    Fate.LATE: ("exceptions", "done"),
    Fate.MISSED: ("exceptions",),
    Fate.SUSPENDED: ("exceptions",),
    Fate.UNCHECKED: ("exceptions",),
}
PART = 1000
"""Outcomes in one item: packed some ten kilobytes, and below the 400 an item may have however long names are."""
MOST_PARTS = 40
"""Items of one list of a bucket; they are all written in one transaction."""


@dataclass(frozen=True)
class Outcome:
    """What became of one record of a bucket, or one target that was unchecked in all of it.

    ``people`` were to do it; where it was recorded, who did comes first. ``at`` is when it was recorded. ``share`` says
    for whom it stands when not all share one record. ``zero_risk`` is how it was stamped."""

    what: Fate
    target: str
    name: str
    unit_kind: UnitKind
    kind: str
    people: tuple[str, ...]
    at: Instant | None = None
    share: str = ""
    zero_risk: bool = False

    @property
    def role(self) -> Role:
        """As what they were to do it."""
        return role_of_share(self.share)

    @property
    def place(self) -> str:
        """Where it stands among those of its bucket."""
        return f"{self.target}#{self.share}#{self.what}"


@dataclass(frozen=True)
class Outcomes:
    """Those of one bucket and one list, or a part of them, in the order of their places. ``cut`` says of the last part
    that there were more than are kept."""

    listing: Listing
    duty: Duty
    due: date
    part: int = 0
    entries: tuple[Outcome, ...] = ()
    cut: bool = False

    @property
    def place(self) -> str:
        """Where it stands among those of its duty: by the last day, of one bucket the first part last, so that it comes
        first where the newest does."""
        return f"{calendar.last_day(self.duty, self.due).isoformat()}#{99 - self.part:02d}"

    @property
    def digest(self) -> str:
        """Tells whether it says the same."""
        entries = typed(tuple[Outcome, ...]).dump_json(self.entries, exclude_defaults=True)
        return digest(f"{self.cut} {entries.decode()}")[:16]


def outcomes_of(
    duty: Duty, due: date, rows: Iterable[Row], days: Iterable[Row], known: Mapping[str, tuple[str, ...]]
) -> Sequence[Outcomes]:
    """What became of a bucket with these rows, which looks back over ``days``, list by list; of each as many parts as
    have a ``known`` digest or more, because nothing is ever taken away."""
    found = sorted([*_of_records(rows), *map(_unchecked, unchecked(days))], key=lambda one: one.place)
    return [
        part
        for listing in LISTINGS
        for part in _parts(
            Outcomes(listing, duty, due),
            [one for one in found if listing in _LISTED_IN[one.what]],
            least=len(known.get(listing, ())),
        )
    ]


def digests_of(parts: Iterable[Outcomes]) -> Mapping[str, tuple[str, ...]]:
    """The digest of each part, list by list."""
    digests: dict[str, tuple[str, ...]] = {}
    for part in parts:
        digests[part.listing] = (*digests.get(part.listing, ()), part.digest)
    return digests


def changed(parts: Iterable[Outcomes], known: Mapping[str, tuple[str, ...]]) -> tuple[Outcomes, ...]:
    """Those that say something else than was known."""
    return tuple(one for one in parts if one.digest not in known.get(one.listing, ())[one.part : one.part + 1])


def _parts(empty: Outcomes, found: Sequence[Outcome], least: int) -> Iterator[Outcomes]:
    kept, cut = found[: MOST_PARTS * PART], len(found) > MOST_PARTS * PART
    many = max(least, -(-len(kept) // PART))
    for n in range(many):
        yield replace(empty, part=n, entries=tuple(kept[n * PART : (n + 1) * PART]), cut=cut and n == many - 1)


def _of_records(rows: Iterable[Row]) -> Iterator[Outcome]:
    for own in group_by(rows, lambda row: row.shared).values():
        first = decisive(own)
        if what := _what(first):
            yield Outcome(
                what, first.target, first.name, first.unit_kind, first.kind, _people(first, own),
                first.closed_at, first.share, first.stamp is Stamp.ZERO_RISK,
            )  # fmt: skip


def _what(row: Row) -> Fate | None:
    if row.state is TaskState.WITHDRAWN:
        return None
    if not row.is_closed:
        return Fate.MISSED
    if row.target_state is TargetState.SUSPENDED:
        return Fate.SUSPENDED
    return Fate.LATE if row.state is TaskState.LATE else Fate.ON_TIME


def _people(first: Row, rows: Iterable[Row]) -> tuple[str, ...]:
    closed, there = first.is_closed, (row for row in rows if row.state is not TaskState.WITHDRAWN)
    others = sorted(row.person for row in there if row.is_closed is closed)
    return tuple(dict.fromkeys([first.closed_by, *others] if first.closed_by else others))


def _unchecked(rows: Sequence[Row]) -> Outcome:
    last, people = rows[-1], tuple(sorted({row.person for row in rows}))
    return Outcome(Fate.UNCHECKED, last.target, last.name, last.unit_kind, last.kind, people)
