"""An index that follows one write behind costs a run rounds, never a wrong write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language import Duty
from tean.domain.errors import Unavailable
from tean.domain.registry import Roster
from tean.services.days import ROUNDS
from tests.fakes.builders import UNIT, changes, membership, person, roster, target
from tests.fakes.day import Day
from tests.fakes.lagging import LaggingStore
from tests.fakes.store import FakeStore
from tests.property.test_generation import small_transactions

WHO = ("P1", "P2", "P3")
Act = Callable[[Day], object]


def whole(*gone: int) -> Roster:
    things = [target(f"E-{n}", officers=(WHO[n % 3], WHO[(n + 1) % 3]), removed=n in gone) for n in range(6)]
    return roster([person(who) for who in WHO], things)


def days_go_by(day: Day) -> None:
    day.clock.move(days=3)


def a_list_is_opened(day: Day) -> None:
    day.todos.page(membership(), None)


def a_repair(day: Day) -> int:
    return day.days.repair(UNIT, Duty.DAILY)


def a_smaller_roster(day: Day) -> None:
    day.store.apply(changes(whole(0, 1, 2, 3)))


def the_whole_roster(day: Day) -> None:
    day.store.apply(changes(whole()))


def a_roster_catches_up(day: Day) -> None:
    day.days.catch_up(UNIT, Duty.DAILY)


ACTS: list[Act] = [
    Day.run, Day.night, days_go_by, a_list_is_opened, a_repair, a_smaller_roster, the_whole_roster, a_roster_catches_up,
]  # fmt: skip


LATER = (Day.night, days_go_by, a_smaller_roster, the_whole_roster)
"""What does not come in the moment in which the index is behind: a night, and another roster (ADR 10)."""


class LateDay(Day):
    """Its index catches up while a run pauses, and only then."""

    def __init__(self) -> None:
        self.lagging = LaggingStore()
        super().__init__(whole(), self.lagging)

    def pause(self, attempt: int) -> None:
        super().pause(attempt)
        self.lagging.catch_up()


def shelves(store: FakeStore) -> Mapping[str, Any]:
    """Everything that a run writes."""
    return {name: getattr(store, name) for name in ("_rows", "_sheets", "_missed", "_rollups")}


@pytest.mark.campaign
@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_whatever_comes_at_once_after_another_ends_as_if_the_index_knew(acts: list[Act]) -> None:
    with small_transactions:
        prompt, late = Day(whole()), LateDay()
        for act in acts:
            if act in LATER:
                late.lagging.catch_up()
            act(prompt)
            act(late)
            assert shelves(late.store) == shelves(prompt.store)


@pytest.mark.parametrize("delivered", [Day.run, a_repair])
def test_a_second_delivery_at_once_writes_nothing_and_ends_well_after_a_pause(delivered: Act) -> None:
    day = LateDay()
    before = {name: dict(shelf) for name, shelf in shelves(day.store).items()}
    assert (delivered(day), day.pauses) == (0, [1])
    assert shelves(day.store) == before


def test_an_index_that_never_follows_is_told_after_growing_pauses() -> None:
    store = LaggingStore()
    day = Day(whole(), store)
    with pytest.raises(Unavailable, match="正在生成"):
        day.run()
    assert day.pauses == list(range(1, ROUNDS))
