"""What closed buckets came to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schemas.language import Duty
from tean.adapters.dynamo import codec, keys
from tean.adapters.dynamo.calls import Part
from tean.adapters.models import RollupItem
from tean.adapters.ports import Rollups
from tean.domain.rollups import Rollup


class DynamoRollups(Part, Rollups):
    """Read here; written with what they were counted from (``tean.adapters.dynamo.tasks``)."""

    def rollups(self, unit: str, duty: Duty, *, until: date, limit: int) -> Sequence[Rollup]:
        days = RollupItem.sk.between(keys.rollups(duty), keys.rollup(duty, until))
        found = self._calls.query(RollupItem, unit, days, limit=limit, newest_first=True)
        return [codec.read_rollup(item, duty) for item in found.items]

    def tallies(self, unit: str, since: date, until: date) -> Sequence[Rollup]:
        days = RollupItem.sk.between(keys.tallies(since), f"{keys.tallies(until)}{keys.LAST}")
        return [codec.read_tally(item) for item in self._calls.query_all(RollupItem, unit, days)]
