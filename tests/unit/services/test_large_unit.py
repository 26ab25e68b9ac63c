"""A unit with 10,000 targets and 200 officers: a night asks its storage no more than the budgets allow.

On the fake store, call by call: each read here is one Query, or one BatchGet, on the wire as long as it answers no more
than a megabyte (the exact requests of smaller nights are in ``tests/unit/functions/test_budgets.py``). What DynamoDB
adds for size is said below, and worked out from the items as they are written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from math import ceil

import pytest

from schemas.language import Duty, Role, TaskState
from schemas.statistics import OutcomeQuery, StatisticsQuery
from tean.adapters.dynamo import count_codec
from tean.adapters.models import Table
from tean.adapters.ports.common import MOST_WRITES
from tean.adapters.ports.days import PutRollup, actions
from tean.domain.outcomes import outcomes_of
from tests.fakes.builders import DAY, NOW, UNIT, membership, person, roster, target
from tests.fakes.day import Day
from tests.fakes.read_units import item_bytes
from tests.fakes.watched import WatchedStore

OFFICERS, TARGETS = 200, 10_000
PRINCIPAL = membership("B1", Role.PRINCIPAL)
ITEM, TRANSACTION, ANSWER = 400 * 1024, 4 * 1024 * 1024, 1024 * 1024


@pytest.fixture(scope="module")
def day() -> Day:
    """Its second day, of which nothing was done, is about to close."""
    people = [*(person(f"P{n:03d}") for n in range(OFFICERS)), person("B1", Role.PRINCIPAL)]
    held = [
        target(f"E-{n:05d}", name=f"{n} 号乘客电梯", officers=(f"P{n % OFFICERS:03d}", f"P{(n + 1) % OFFICERS:03d}"))
        for n in range(TARGETS)
    ]
    day = Day(roster(people, held), WatchedStore())
    day.night()
    return day


def test_a_night_reads_within_its_budget_and_writes_full_transactions(day: Day) -> None:
    store = day.store
    assert isinstance(store, WatchedStore)
    store.calls.clear()
    store.days.clear()
    day.night()
    rows, writes = 2 * TARGETS, [sum(map(actions, batch)) for batch in store.days]
    queries = Counter({name: many for name, many in store.calls.items() if name not in ("write_day", "months")})
    # 7 and one for each person, within the 1 + persons + 4 and 2 of design.md §5; a roster takes one for each megabyte.
    assert queries == {"roster": 1, "sheets": 1, "rollups": 1, "found": 1, "rectified": 3, "rows": OFFICERS}
    assert store.calls["months"] == 1
    closed, opened = rows + TARGETS + OFFICERS, rows + OFFICERS
    counted = sum(actions(write) for batch in store.days for write in batch if isinstance(write, PutRollup))
    assert sum(writes) == closed + counted + opened
    assert (max(writes), len(writes)) == (MOST_WRITES, ceil((closed + counted) / 100) + ceil(opened / 100))


def test_what_a_night_counts_fits_into_items_and_transactions(day: Day) -> None:
    written = day.store._rollups[UNIT, Duty.DAILY, DAY]
    parts = day.store.outcomes(UNIT, "exceptions", Duty.DAILY, DAY, DAY).items
    (month,) = day.store.people_months(UNIT, DAY, DAY)
    items = [
        count_codec.rollup_item(UNIT, written),
        count_codec.tally_item(UNIT, written),
        count_codec.month_item(UNIT, month),
    ]
    weights = [weight(item) for item in (*items, *(count_codec.outcomes_item(UNIT, part) for part in parts))]
    assert (len(parts), sum(len(part.entries) for part in parts)) == (10, TARGETS)
    assert max(weights) < ITEM / 8
    assert sum(weights) < TRANSACTION / 20
    # Done, each at an instant of its own, they take more: who did it and when.
    rows = (
        replace(row, state=TaskState.DONE, closed_by=row.person, closed_at=NOW + n * timedelta(milliseconds=977))
        for n, row in enumerate(one for one in day.store._rows.values() if one.due == DAY)
    )
    done = [count_codec.outcomes_item(UNIT, part) for part in outcomes_of(Duty.DAILY, DAY, rows, (), {})]
    weights_done = list(map(weight, done))
    assert (len(done), max(weights_done) < ITEM / 8, sum(weights_done) < TRANSACTION / 10) == (10, True, True)
    # A year of sums and of tallies, and of a list that is always as long, is answered by one Query, or few.
    assert 12 * len(Duty) * weights[2] < ANSWER
    assert 365 * weights[1] < ANSWER / 4


def weight(item: Table) -> int:
    return item_bytes(item.serialize())


def test_statistics_of_it_are_read_by_as_many_calls_as_of_a_small_one(day: Day) -> None:
    store = day.store
    assert isinstance(store, WatchedStore)
    store.calls.clear()
    told = day.statistics.overview(PRINCIPAL, StatisticsQuery(since=DAY, until=DAY))
    assert (told.duties[0].kinds[0].missed, told.uncounted, store.calls) == (TARGETS, (), {})


def test_each_of_ten_thousand_missed_targets_is_in_the_list(day: Day) -> None:
    seen: set[str] = set()
    cursor: str | None = None
    for _ in range(TARGETS // 50):
        page = day.statistics.outcomes(PRINCIPAL, OutcomeQuery(since=DAY, until=DAY, what="missed", cursor=cursor))
        assert (len(page.items), page.cut) == (50, False)
        seen |= {one.target for one in page.items}
        cursor = page.next
    assert (len(seen), cursor) == (TARGETS, None)
