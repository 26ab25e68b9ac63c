"""What a unit's set-up lacks, for its administrator."""

from __future__ import annotations

from datetime import date

from schemas.base import Answer, Cursor, Request
from schemas.language import Gap, UnitKind


class GapPath(Request):
    """Which gap, on which side of the unit."""

    gap: Gap
    unit_kind: UnitKind


class GapQuery(Request):
    """Which page."""

    cursor: Cursor | None = None


class LackingItem(Answer):
    """One thing that has the gap: a target, a person, a target kind, or the side itself.

    ``kind`` is the target kind; ``due`` the day by which what has expired was to be inspected or renewed.
    """

    code: str
    name: str
    kind: str | None = None
    location: str | None = None
    due: date | None = None


class GapItem(Answer):
    """A gap: how many things have it, and the first of them."""

    gap: Gap
    unit_kind: UnitKind
    count: int
    first: tuple[LackingItem, ...]


class FilledItem(Answer):
    """How many equipment, licences or stations there are, and how many of them have everything filled in."""

    unit_kind: UnitKind
    targets: int
    complete: int


class GapsAnswer(Answer):
    """Every gap there is today, the gravest first; ``people`` is how many may act for the unit."""

    today: date
    people: int
    filled: tuple[FilledItem, ...]
    items: tuple[GapItem, ...]


class GapPage(Answer):
    """A page of what has one gap. It is empty when nothing has it any more."""

    items: tuple[LackingItem, ...]
    next: str | None = None
