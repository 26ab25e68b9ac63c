"""What ends when: targets by the day their inspection is due or their licence ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from schemas.language import TargetState, UnitKind
from tean.adapters.ports.common import Page
from tean.adapters.ports.store import Store
from tean.domain.registry import Target
from tean.domain.roster import difference
from tests.fakes import builders, scenes
from tests.fakes.builders import OTHER_UNIT, UNIT

JUNE, JULY, AUGUST = date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31)
USE, PRODUCTION = frozenset({UnitKind.USE}), frozenset({UnitKind.PRODUCTION})


def dated(days: Mapping[str, date | None]) -> list[Target]:
    return [builders.target(code, next_inspection=day) for code, day in days.items()]


def codes(store: Store, until: date = AUGUST, limit: int | None = None, **narrowed: Any) -> Sequence[str]:
    page = store.expiring(UNIT, until=until, after=None, limit=limit, **narrowed)
    assert page.next is None or limit is not None
    return [target.code for target in page.items]


def test_what_ends_by_a_day_comes_earliest_first_and_what_is_long_past_too(store: Store) -> None:
    long_past = date(2019, 1, 31)
    scenes.enrol(store, *dated({"E-1": AUGUST, "E-2": JUNE, "E-3": long_past, "E-10": JUNE, "E-4": None}))

    assert codes(store) == ["E-3", "E-10", "E-2", "E-1"]


def test_the_day_itself_is_counted_and_the_next_is_not(store: Store) -> None:
    scenes.enrol(store, *dated({"E-1": JULY, "E-2": date(2027, 8, 1)}))

    assert codes(store, until=JULY) == ["E-1"]
    assert codes(store, until=date(2027, 7, 30)) == []


def test_a_target_comes_whole(store: Store) -> None:
    lift = builders.target(next_inspection=JUNE, state=TargetState.SUSPENDED, state_reason="大修")
    scenes.enrol(store, lift)

    assert store.expiring(UNIT, until=JUNE, after=None, limit=50) == Page((lift,))


def test_nothing_of_another_unit_is_found(store: Store) -> None:
    scenes.enrol(store)

    assert store.expiring(OTHER_UNIT, until=date.max, after=None, limit=50) == Page(())


def test_pages_lose_and_double_none(store: Store) -> None:
    days = {f"E-{number}": JUNE if number % 3 else JULY for number in range(1, 13)}
    scenes.enrol(store, *dated(days))
    everything = codes(store)

    assert sorted(everything) == sorted(days)
    for limit in (1, 2, 5, 12, 13):
        walked = scenes.walk(partial(_next_page, store, limit), limit)
        assert [target.code for target in walked] == everything, limit


def _next_page(store: Store, limit: int, after: str | None, **narrowed: Any) -> Page[Target]:
    return store.expiring(UNIT, until=AUGUST, after=after, limit=limit, **narrowed)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"officer": "P1"}, ["E-1", "E-3", "L-1"]),
        ({"officer": "P9"}, ["L-1"]),
        ({"kinds": frozenset({"3000"})}, ["E-1", "E-3"]),
        ({"sides": PRODUCTION}, ["L-1"]),
        ({"officer": "P1", "kinds": frozenset({"3000"}), "sides": USE}, ["E-1", "E-3"]),
        ({"kinds": frozenset({"3000"}), "sides": PRODUCTION}, []),
    ],
)
def test_they_can_be_narrowed(store: Store, narrowed: Mapping[str, Any], found: Sequence[str]) -> None:
    scenes.enrol(
        store,
        builders.target("E-1", officers=("P1",)),
        builders.target("E-2", officers=("P2",), kind="5000"),
        builders.target("E-3", officers=("P2", "P1")),
        builders.target("L-1", officers=(), kind="EL_MFG", unit_kind=UnitKind.PRODUCTION),
    )

    walked = scenes.walk(partial(_next_page, store, 1, **narrowed), 1, may_be_short=True)
    assert [target.code for target in walked] == codes(store, **narrowed) == found


# --- they follow the roster -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"next_inspection": AUGUST}, {AUGUST}),
        ({"next_inspection": None}, set()),
        ({"removed": True}, set()),
        ({"name": "改名"}, {JUNE}),
    ],
)
def test_a_change_of_the_roster_is_followed(store: Store, change: Mapping[str, Any], found: set[date]) -> None:
    lift = builders.target(next_inspection=JUNE)
    scenes.enrol(store, lift)
    scenes.enrol(store, replace(lift, **change))

    assert {one.next_inspection for one in store.expiring(UNIT, until=AUGUST, after=None, limit=50).items} == found


def test_what_comes_back_is_found_again(store: Store) -> None:
    lift = builders.target(next_inspection=JUNE)
    for state in (lift, replace(lift, removed=True), lift):
        scenes.enrol(store, state)

    assert codes(store) == ["E-1"]


def test_a_side_that_is_given_up_is_found_no_more(store: Store) -> None:
    licence = builders.target("L-1", kind="EL_MFG", unit_kind=UnitKind.PRODUCTION, officers=())
    both = builders.roster((), [builders.target(), licence], unit=builders.unit(kinds=USE | PRODUCTION))
    store.apply(builders.changes(both))
    before = store.roster(UNIT)
    changes = difference(before, builders.roster((), [builders.target()], version="r2"))
    assert changes is not None
    store.apply(changes)

    assert codes(store) == ["E-1"]


def test_an_inspection_that_suspends_a_target_leaves_its_place(store: Store) -> None:
    scenes.enrol(store, builders.target(next_inspection=JUNE))
    scenes.open_day(store)
    record = scenes.next_record(store, state=TargetState.SUSPENDED, reason="大修")
    assert store.submit(scenes.now(store, record, target_state=TargetState.SUSPENDED)) is None

    (found,) = store.expiring(UNIT, until=JUNE, after=None, limit=50).items
    assert (found.code, found.state) == ("E-1", TargetState.SUSPENDED)
