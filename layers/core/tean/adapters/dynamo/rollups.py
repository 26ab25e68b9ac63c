"""What closed buckets came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from tean.adapters.dynamo import count_codec, keys
from tean.adapters.dynamo.calls import Part
from tean.adapters.models import RollupItem
from tean.adapters.ports.common import Page
from tean.adapters.ports.rollups import PARTS_AT_ONCE, Rollups

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.domain.months import PeopleMonth
    from tean.domain.outcomes import Listing, Outcomes
    from tean.domain.rollups import Rollup


class DynamoRollups(Part, Rollups):
    """Read here; written with what they were counted from (``tean.adapters.dynamo.days``)."""

    def rollups(self, unit: str, duty: Duty, *, until: date, limit: int) -> Sequence[Rollup]:
        days = RollupItem.sk.between(keys.rollups(duty), keys.rollup(duty, until))
        found = self._calls.query(RollupItem, unit, days, limit=limit, newest_first=True)
        return [count_codec.read_rollup(item, duty) for item in found.items]

    def tallies(self, unit: str, since: date, until: date) -> Sequence[Rollup]:
        days = RollupItem.sk.between(keys.tallies(since), f"{keys.tallies(until)}{keys.LAST}")
        return [count_codec.read_tally(item) for item in self._calls.query_all(RollupItem, unit, days)]

    def months(self, unit: str, duty: Duty, months: Iterable[date]) -> Mapping[date, PeopleMonth]:
        found = self._calls.get_all((RollupItem, unit, keys.people_of(duty, month)) for month in months)
        return {month.month: month for month in map(count_codec.read_month, found.values())}

    def people_months(self, unit: str, since: date, until: date) -> Sequence[PeopleMonth]:
        months = RollupItem.sk.between(keys.people(since), f"{keys.people(until)}{keys.LAST}")
        return [count_codec.read_month(item) for item in self._calls.query_all(RollupItem, unit, months)]

    def outcomes(
        self, unit: str, listing: Listing, duty: Duty, since: date, until: date, *, place: str | None = None
    ) -> Page[Outcomes]:
        last = keys.outcomes(listing, duty, place or f"{until.isoformat()}#{keys.LAST}")
        buckets = RollupItem.sk.between(keys.outcomes(listing, duty, since.isoformat()), last)
        found = self._calls.query(RollupItem, unit, buckets, newest_first=True, limit=PARTS_AT_ONCE[listing])
        parts = tuple(map(count_codec.read_outcomes, found.items))
        return Page(parts, parts[-1].place if found.last else None)
