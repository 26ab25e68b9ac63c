"""What a unit's buckets came to, for who reads it: what a run that never came left uncounted is counted first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from schemas.language import Duty
from tean.domain import calendar
from tean.domain.errors import Unavailable
from tean.domain.statistics import uncounted

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.rollups import Rollups
    from tean.domain.rollups import Rollup

log = logging.getLogger("tean")
AT_WORK = timedelta(minutes=10)
"""So long after a bucket closed its night's run may still be at work."""
Uncounted = Mapping[Duty, Sequence[date]]
"""By duty the last days of the buckets that are over and have no count."""


@dataclass(frozen=True)
class TallyReader:
    """Reads tallies, and knows which are missing."""

    rollups: Rollups
    clock: Clock
    close: Callable[[str, Duty], int]
    """Closes the oldest bucket of a unit that is left, and opens nothing; how many changes that took."""

    def read(
        self, unit: str, duties: Iterable[Duty], since: date, until: date, *, looking_to: date | None = None
    ) -> tuple[Sequence[Rollup], Uncounted]:
        """The tallies from ``since`` to ``until``, which is over, and what is uncounted of them. One Query. Those until
        ``looking_to`` are read with them: whether the unit was there already shows in what came later.

        Of what closed last without being counted the run never came: that is made good, and all read again."""
        wanted = tuple(duties)
        last = max(until, looking_to or until)
        tallies, missing = self._read(unit, wanted, since, until, last)
        neglected = [duty for duty, days in missing.items() if self._is_neglected(duty, days, self.clock())]
        changes = sum(self._closed(unit, duty) for duty in neglected)
        return self._read(unit, wanted, since, until, last) if changes else (tallies, missing)

    def _read(
        self, unit: str, duties: Sequence[Duty], since: date, until: date, last: date
    ) -> tuple[Sequence[Rollup], Uncounted]:
        tallies = self.rollups.tallies(unit, since, last)
        missing = {duty: uncounted(duty, tallies, since, until) for duty in duties}
        # Without any tally a unit that has not begun cannot be told from one whose nights never came.
        begun = bool(tallies) or any(days and self._was_counted(unit, duty, since) for duty, days in missing.items())
        return tallies, {duty: days for duty, days in missing.items() if days} if begun else {}

    def _was_counted(self, unit: str, duty: Duty, since: date) -> bool:
        before = calendar.before(duty, calendar.bucket(duty, since))
        return bool(self.rollups.rollups(unit, duty, until=before, limit=1))

    def _is_neglected(self, duty: Duty, days: Sequence[date], now: datetime) -> bool:
        """Whether the bucket that closed last is among them. Others are behind it, or follow it one by one."""
        over = calendar.before(duty, calendar.current(duty, now))
        return calendar.last_day(duty, over) in days and now >= calendar.closes_at(over, duty) + AT_WORK

    def _closed(self, unit: str, duty: Duty) -> int:
        """How many changes that took. What is passing must not take away what was counted."""
        try:
            return self.close(unit, duty)
        except Unavailable as passing:
            log.error("a unit's %s could not be closed by who asked for numbers: %s", duty, passing.code)
            return 0
