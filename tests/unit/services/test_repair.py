"""Nights without a run, and runs that died: made good by the next run, or by who opens his list."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.language import Duty, TargetState, TaskState
from tean.adapters.ports.days import PutRollup
from tean.domain.calendar import closes_at
from tean.domain.errors import Unavailable
from tean.domain.rollups import Counts
from tean.services import days as turning
from tests.fakes import builders
from tests.fakes.builders import DAY, UNIT, changes, membership, person, roster, target
from tests.fakes.day import Day
from tests.fakes.watched import Died, WatchedStore, die

OPEN, LATE, MISSED = TaskState.OPEN, TaskState.LATE, TaskState.MISSED
NEXT = DAY + timedelta(days=1)
BOTH = ("P1", "P2")


def shared(*codes: str, store: WatchedStore | None = None) -> Day:
    """``P1`` and ``P2`` share these elevators."""
    return Day(roster(targets=[target(code, officers=BOTH) for code in codes or ("E-1",)]), store)


def test_nights_without_a_run_are_made_good_by_the_next_one() -> None:
    day = shared("E-1", "E-2")
    day.night()
    day.clock.move(days=3)
    day.run()
    for days in range(1, 4):
        due = DAY + timedelta(days=days)
        assert day.states("P1", due) == day.states("P2", due) == {"E-1": MISSED, "E-2": MISSED}, due
        rollup, marker = day.rollup(due), day.missed("E-1", due)
        assert rollup is not None and marker is not None
        assert (rollup.asked, marker.asked) == (days == 1, days == 1)
        sheet = day.sheet("P1", due)
        assert sheet is not None and sheet.closed and sheet.owed == {"3000": 2}
    assert day.states("P1", DAY + timedelta(days=4)) == {"E-1": OPEN, "E-2": OPEN}
    assert day.run() == 0


def test_a_day_that_was_never_opened_asks_nothing_of_what_is_suspended() -> None:
    day = Day(roster(targets=(target("E-1"), target("E-2", state=TargetState.SUSPENDED))))
    day.night()
    day.clock.move(days=1)
    day.run()
    due = NEXT + timedelta(days=1)
    day.clock.move(days=1)
    day.run()
    assert day.states(due=NEXT) == {"E-1": MISSED, "E-2": MISSED}, "it was opened: both were asked"
    day.clock.move(days=2)
    day.run()
    due = due + timedelta(days=2)
    assert day.states(due=due) == {"E-1": MISSED}
    assert day.missed("E-2", due) is None


def test_a_day_that_was_never_opened_still_takes_late_entries() -> None:
    day = shared()
    day.clock.move(days=2)
    day.run()
    assert day.submit(day.request("P2", due=NEXT), "P2").late
    assert day.states("P1", NEXT) == day.states("P2", NEXT) == {"E-1": LATE}
    day.night()
    assert day.counts(NEXT).late == 1


def test_one_run_makes_good_a_week_and_the_next_goes_on_from_there() -> None:
    day = Day()
    day.clock.move(days=17)
    day.run()
    ends = []
    for today in (17, 18, 19):
        assert day.states(due=DAY + timedelta(days=today)) == {"E-1": OPEN}, "today is always opened"
        ends.append((day.store.rollups(UNIT, Duty.DAILY, until=DAY + timedelta(days=30), limit=1)[0].due - DAY).days)
        day.night()
    assert ends == [6, 13, 18]
    assert [day.states(due=DAY + timedelta(days=days)) for days in range(19)] == [{"E-1": MISSED}] * 19


def test_a_unit_that_is_new_owes_nothing_of_the_days_before_it() -> None:
    day = Day()
    assert day.rollup(DAY - timedelta(days=1)) is None
    day.night()
    assert (day.rollup(DAY - timedelta(days=1)), day.rows(due=DAY - timedelta(days=1))) == (None, ())


def test_a_day_without_anything_to_check_stays_so_when_targets_come_later() -> None:
    day = Day(roster(targets=(target(removed=True),)))
    for _ in range(2):
        day.clock.move(days=1)
        day.store.write_day(UNIT, [PutRollup(builders.rollup(due=DAY, kinds={}, people={}))])
        day.run()
    assert day.counts(NEXT) == Counts()
    day.store.apply(changes(roster()))
    day.night()
    assert (day.counts(NEXT), day.rows(due=NEXT), day.missed(due=NEXT)) == (Counts(), (), None)


@pytest.mark.parametrize("survived", range(8))
def test_a_week_that_is_made_good_may_be_broken_off_anywhere(survived: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning, "MOST_WRITES", 2)
    store = WatchedStore()
    day = Day(store=store)
    day.clock.move(days=3)
    store.let(die, after=survived)
    with suppress(Died):
        day.run()
    store.let_nothing()
    day.run()
    for due in (DAY + timedelta(days=after) for after in range(3)):
        sheet = day.sheet(due=due)
        assert sheet is not None and (sheet.closed, sheet.owed) == (True, {"3000": 1}), due
        assert (day.states(due=due), day.counts(due)) == ({"E-1": MISSED}, Counts(due=1, missed=1))
        assert day.missed(due=due) is not None
    assert day.run() == 0


def test_an_opening_that_died_and_was_never_finished_is_finished_by_the_close() -> None:
    store = WatchedStore()
    things = [*(target(f"E-{n:03d}", officers=("P1",)) for n in range(120)), target("E-999", officers=("P2",))]
    day = Day(roster((person("P1"), person("P2")), things), store)
    store.let(die, after=4)
    with pytest.raises(Died):
        day.night()
    assert day.sheet("P1", NEXT) is None
    day.clock.move(days=1)
    day.run()
    assert set(day.states("P1", NEXT).values()) == set(day.states("P2", NEXT).values()) == {MISSED}
    assert day.counts(NEXT) == Counts(due=121, missed=121)
    assert day.missed("E-119", NEXT) is not None


def test_whoever_opens_his_list_repairs_the_day_of_his_whole_unit() -> None:
    day = shared()
    day.clock.move(days=1)
    page = day.todos.page(membership("P2"), None)
    assert [(todo.due, todo.state) for todo in page.items] == [(DAY, MISSED), (NEXT, OPEN)]
    assert day.states("P1", NEXT) == {"E-1": OPEN}


def closed(day: Day, days: int, start: int = 0) -> list[bool]:
    """Which days from ``DAY`` on were counted and are vouched for."""
    dues = [DAY + timedelta(days=after) for after in range(start, days)]
    return [bool((sheet := day.sheet(due=due)) and sheet.closed and day.rollup(due)) for due in dues]


def test_who_opens_his_list_gets_today_first_and_each_list_closes_one_day_more() -> None:
    day = Day()
    day.clock.move(days=4)
    for lists in range(1, 5):
        page = day.todos.page(membership(), None)
        assert page.items[-1].due == DAY + timedelta(days=4)
        assert closed(day, 4) == [True] * lists + [False] * (4 - lists)
    assert [(todo.due, todo.state) for todo in page.items[:-1]] == [
        (DAY + timedelta(days=after), MISSED) for after in (2, 3)
    ]
    assert day.days.repair(UNIT, Duty.DAILY) == day.run() == 0


def test_a_list_costs_as_much_after_seven_nights_without_a_run_as_after_one() -> None:
    """Today's rows and sheets; the rows of the oldest day, with as many markers, its sheets and its roll-up."""
    sent = []
    for nights in (1, 7):
        store = WatchedStore()
        things = [target(f"E-{n:03d}", officers=(f"P{n % 3 + 1}",)) for n in range(300)]
        day = Day(roster([person(who) for who in ("P1", "P2", "P3")], things), store)
        day.clock.move(days=nights)
        store.days.clear()
        day.todos.page(membership(), None)
        writes = [write for batch in store.days for write in batch]
        assert len(writes) == (300 + 3) + (300 + 300 + 3 + 1)
        assert {row.due for row in day.rows(due=day.clock().date())} == {day.clock().date()}
        sent.append(len(store.days))
    assert sent == [4 + 7, 4 + 7]


def test_today_is_opened_before_anything_is_closed() -> None:
    store = WatchedStore()
    day = Day(store=store)
    day.clock.move(days=7)
    store.let(die, after=1)
    with pytest.raises(Died):
        day.days.repair(UNIT, Duty.DAILY)
    assert day.states(due=DAY + timedelta(days=7)) == {"E-1": OPEN}
    assert closed(day, 1) == [False]


def test_a_run_closes_everything_that_lists_have_left() -> None:
    day = Day()
    day.clock.move(days=5)
    day.todos.page(membership(), None)
    day.run()
    assert closed(day, 5) == [True] * 5
    assert day.run() == 0


def test_a_roster_that_comes_after_a_list_was_opened_finds_every_day_closed() -> None:
    day = Day()
    day.clock.move(days=17)
    day.todos.page(membership(), None)
    day.days.catch_up(UNIT, Duty.DAILY)
    assert closed(day, 17) == [True] * 17


@pytest.mark.parametrize("survived", range(1, 10))
def test_what_a_list_broke_off_the_next_one_finishes_before_it_goes_on(
    survived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also between the sheets, which vouch only when they are all there."""
    monkeypatch.setattr(turning, "MOST_WRITES", 1)
    store = WatchedStore()
    day = shared("E-1", store=store)
    day.clock.move(days=2)
    day.todos.page(membership(), None)
    store.let(die, after=survived)
    with suppress(Died):
        day.todos.page(membership(), None)
    store.let_nothing()
    for who in BOTH:
        day.todos.page(membership(who), None)
    for due in (DAY, NEXT):
        for who in BOTH:
            sheet = day.sheet(who, due)
            assert sheet is not None and sheet.closed, (who, due)
            assert day.states(who, due) == {"E-1": MISSED}
        assert day.missed(due=due) is not None and day.counts(due) == Counts(due=1, missed=1)
    assert day.days.repair(UNIT, Duty.DAILY) == 0


def test_a_day_whose_making_good_is_broken_off_twice_gets_every_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet made after the count says as well how many there must be: the first alone must not vouch for all."""
    monkeypatch.setattr(turning, "MOST_WRITES", 1)
    store = WatchedStore()
    day = shared(store=store)
    day.clock.move(days=2)
    day.days.repair(UNIT, Duty.DAILY)
    for survived in (4, 2):
        store.let(die, after=survived)
        with pytest.raises(Died):
            day.days.repair(UNIT, Duty.DAILY)
    day.days.repair(UNIT, Duty.DAILY)
    assert all((sheet := day.sheet(who, NEXT)) and sheet.closed for who in BOTH)


def test_a_list_is_not_repaired_between_midnight_and_the_close() -> None:
    day = Day()
    day.clock.set(closes_at(DAY) - timedelta(milliseconds=1))
    assert [todo.due for todo in day.todos.page(membership(), None).items] == [DAY]
    assert day.rows(due=NEXT) == ()


def test_a_close_that_died_half_way_is_repaired_by_who_opens_his_list() -> None:
    store = WatchedStore()
    things = [target(f"E-{n:03d}", officers=("P1",)) for n in range(60)]
    day = Day(roster(targets=things), store)
    store.let(die, after=1)
    with pytest.raises(Died):
        day.night()
    day.todos.page(membership(), None)
    assert day.counts() == Counts(due=60, missed=60)
    sheet = day.sheet()
    assert sheet is not None and sheet.closed


def test_a_day_that_was_followed_but_never_closed_is_closed_by_who_opens_his_list() -> None:
    """A roster applied between midnight and the close opens today; then the run of 00:05 never comes."""
    day = Day()
    day.clock.set(closes_at(DAY) - timedelta(minutes=2))
    day.open(NEXT)
    day.clock.move(hours=1)
    page = day.todos.page(membership(), None)
    assert [(todo.due, todo.state) for todo in page.items] == [(DAY, MISSED), (NEXT, OPEN)]


def test_an_earlier_day_that_cannot_be_closed_now_does_not_take_todays_list_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    day = Day()
    day.clock.set(closes_at(DAY) - timedelta(minutes=2))
    day.open(NEXT)
    day.clock.move(hours=1)
    monkeypatch.setattr(day.store, "write_day", lambda unit, writes: False)
    page = day.todos.page(membership(), None)
    assert [(todo.due, todo.state) for todo in page.items] == [(DAY, OPEN), (NEXT, OPEN)]
    assert "day.contended" in caplog.text


def test_a_repair_that_fails_after_it_opened_today_is_followed_by_todays_list() -> None:
    day = Day()
    day.clock.move(days=1)

    def failing(unit: str, duty: Duty) -> int:
        if duty is not Duty.DAILY:
            return 0
        day.days.repair(unit, duty)
        raise Unavailable("storage.unavailable", "系统暂时繁忙。")

    page = replace(day.todos, repair=failing).page(membership(), None)
    assert [(todo.due, todo.state) for todo in page.items] == [(DAY, MISSED), (NEXT, OPEN)]


def test_a_list_whose_day_could_not_be_opened_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    day = Day()
    day.clock.move(days=1)
    monkeypatch.setattr(day.store, "write_day", lambda unit, writes: False)
    with pytest.raises(Unavailable):
        day.todos.page(membership(), None)
