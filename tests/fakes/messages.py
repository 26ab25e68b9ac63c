"""A queue that only remembers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schemas.language import Duty


class FakeMessages:
    """``opened`` is every (unit, duty, day) a worker was asked to open, in order."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, Duty, date]] = []

    def open_units(self, units: Sequence[str], duty: Duty, due: date) -> None:
        """Remember one message per unit."""
        self.opened.extend((unit, duty, due) for unit in units)
