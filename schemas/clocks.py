"""What ends when: inspections of equipment, and licences."""

from __future__ import annotations

from datetime import date

from schemas.base import Answer, Cursor, Request
from schemas.targets import TargetFacts


class ExpiryQuery(Request):
    """Until which day, itself included; without it, as far ahead as is warned of. Which page."""

    until: date | None = None
    cursor: Cursor | None = None


class ExpiryPage(Answer):
    """A page of what ends until then, earliest first, what has ended before too. It may be short and still have a
    ``next``."""

    today: date
    until: date
    items: tuple[TargetFacts, ...]
    next: str | None = None
