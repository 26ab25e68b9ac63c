"""How often somebody may do something: so many turns in each window of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from tean.domain.errors import TooOften

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Turn:
    """One turn at an instant: at most ``most`` are taken in its window, which is named by when it begins."""

    at: datetime
    most: int
    begins: datetime
    ends: datetime

    def refused(self, code: str, what: str) -> TooOften:
        """The refusal for who has had all of them: what he did too often, and when he may again."""
        return TooOften(code, what, ceil((self.ends - self.at).total_seconds()))


@dataclass(frozen=True)
class Allowance:
    """At most ``most`` turns in each window ``within``; windows follow each other and are the same for everybody."""

    most: int
    within: timedelta

    def turn(self, now: datetime) -> Turn:
        """The turn that is asked for at ``now``."""
        begins = now - (now - _EPOCH) % self.within
        return Turn(now, self.most, begins, begins + self.within)
