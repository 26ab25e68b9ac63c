"""What closed buckets came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.adapters.ports.common import Page
    from tean.domain.months import PeopleMonth
    from tean.domain.outcomes import Listing, Outcomes
    from tean.domain.rollups import Rollup

PARTS_AT_ONCE: Mapping[Listing, int] = {"exceptions": 60, "done": 12}
"""How many parts of a list a page reads. Of a large unit those of what was done are full, and to unpack twelve takes as
long as all the rest of a request; what went wrong is some few in a part."""


class Rollups(Protocol):
    """What closed buckets came to; :meth:`DayWrites.write_day` writes it with what it was counted from."""

    def rollups(self, unit: str, duty: Duty, *, until: date, limit: int) -> Sequence[Rollup]:
        """The last ones up to and with ``until``, newest first. One Query."""

    def tallies(self, unit: str, since: date, until: date) -> Sequence[Rollup]:
        """Of every duty the buckets whose last day is from ``since`` to ``until``, by that day, without ``people``.
        One Query for a year, however large the unit."""

    def months(self, unit: str, duty: Duty, months: Iterable[date]) -> Mapping[date, PeopleMonth]:
        """What was summed of a duty in these months, each by its 1st; those without anything are left out. One
        BatchGet."""

    def people_months(self, unit: str, since: date, until: date) -> Sequence[PeopleMonth]:
        """Of every duty the months from that of ``since`` to that of ``until``, by month. One Query for a year of some
        hundred people."""

    def outcomes(
        self, unit: str, listing: Listing, duty: Duty, since: date, until: date, *, place: str | None = None
    ) -> Page[Outcomes]:
        """Of the buckets whose last day is from ``since`` to ``until`` a list of what became of what was due, newest
        first, from ``place`` on, itself included. At most as many parts as ``PARTS_AT_ONCE`` says, fewer when they
        are more than a megabyte; ``next`` is then the last place. One Query."""
