"""Messages to workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from schemas.language import Duty


class Messages(Protocol):
    """Messages to workers."""

    def open_units(self, units: Sequence[str], duty: Duty, due: date) -> None:
        """Ask a worker to open this day for each unit."""


class Arrivals(Protocol):
    """Messages to the file worker."""

    def arrived(self, keys: Sequence[str]) -> None:
        """Ask it to judge these files of the incoming bucket, as S3 does of each that arrives."""
