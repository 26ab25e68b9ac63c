"""To-do rows and sheets, as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.adapters.ports.common import Page
    from tean.domain.tasks import Row, Sheet


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
