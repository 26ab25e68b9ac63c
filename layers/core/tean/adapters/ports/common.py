"""What every port speaks of: the clock, and pages of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")

Clock = Callable[[], datetime]
"""The present instant, in UTC."""


PAGE = 50
"""Items in one page of any list."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list; ``next`` is the sort key to go on after, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


SHARDS = 16
"""Parts of the directory of units."""
MOST_WRITES = 100
"""Actions in one transaction (DynamoDB's limit)."""
