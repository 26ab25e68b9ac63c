from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.events import OpenUnit
from schemas.language import Duty, PersonState, TargetState, TaskState
from tean.adapters.ports.days import PutRow, PutSheet
from tean.domain.errors import Unavailable
from tean.domain.registry import Roster
from tests.fakes.builders import DAY, UNIT, changes, person, roster, target, unit
from tests.fakes.day import Day, codes
from tests.fakes.watched import Died, WatchedStore, die

OPEN, DONE, WITHDRAWN = TaskState.OPEN, TaskState.DONE, TaskState.WITHDRAWN
NEXT = DAY + timedelta(days=1)


def elevators(many: int, *officers: str, start: int = 1) -> list[Any]:
    return [target(f"E-{number:04d}", officers=officers or ("P1",)) for number in range(start, start + many)]


def of(*things: Any, **people: PersonState) -> Roster:
    states = {"P1": PersonState.ACTIVE, "P2": PersonState.ACTIVE} | people
    return roster([person(code, state=state) for code, state in states.items()], things)


def watched(*things: Any) -> tuple[Day, WatchedStore]:
    """A unit with a roster whose ``NEXT`` day nobody has opened yet."""
    store = WatchedStore()
    day = Day(of(*things), store)
    store.calls.clear()
    store.days.clear()
    return day, store


def picture(day: Day, due: date = NEXT) -> dict[str, Any]:
    """Everything a day consists of."""
    people = sorted(day.store.roster(UNIT).people)  # type: ignore[union-attr]
    return {who: (day.rows(who, due), day.sheet(who, due)) for who in people}


def test_a_day_opens_with_a_row_for_each_task_and_a_sheet_for_each_person() -> None:
    day = Day(of(target("E-1"), target("E-2", officers=("P2", "P1"))))
    assert (codes(day.rows("P1")), codes(day.rows("P2"))) == (["E-1", "E-2"], ["E-2"])
    assert (day.sheet("P1").owed, day.sheet("P2").owed) == ({"3000": 1}, {"3000": 1})  # type: ignore[union-attr]


def test_opened_a_second_time_nothing_is_written() -> None:
    day, store = watched(*elevators(3))
    day.night()
    store.calls.clear()
    assert day.open(NEXT) == day.days.repair(UNIT, Duty.DAILY) == 0
    assert store.calls == {"roster": 2, "sheets": 2}


def test_the_first_day_of_a_unit_has_none_before_it_that_vouches_and_looks_where_the_unit_began() -> None:
    day, store = watched(*elevators(3))
    assert day.days.repair(UNIT, Duty.DAILY) == 0
    assert store.calls == {"roster": 1, "sheets": 2, "rollups": 1}


def test_opening_reads_the_roster_and_the_sheets_once_and_no_row() -> None:
    day, store = watched(*elevators(3))
    day.night()
    store.calls.clear()
    day.open(NEXT + timedelta(days=1))
    assert store.calls == {"roster": 1, "sheets": 1, "write_day": 1}


def test_a_unit_that_was_never_closed_is_asked_once_when_it_began() -> None:
    day, store = watched(*elevators(3))
    day.open(NEXT)
    assert store.calls == {"roster": 1, "sheets": 2, "rollups": 1, "write_day": 1}


@pytest.mark.parametrize(("rows", "transactions"), [(1, 1), (98, 1), (99, 2), (198, 2), (250, 3)])
def test_a_day_takes_as_many_transactions_as_rows_and_sheets_fill(rows: int, transactions: int) -> None:
    day, store = watched(*elevators(rows))
    assert day.open(NEXT) == rows + 2
    assert store.calls["write_day"] == transactions


def test_transactions_are_shared_by_people() -> None:
    day, store = watched(*elevators(60), *elevators(138, "P2", start=100))
    assert day.open(NEXT) == 200
    assert [len(writes) for writes in store.days] == [100, 100]


def test_a_sheet_is_written_after_every_row_it_vouches_for() -> None:
    day, store = watched(*elevators(150), *elevators(30, "P2", start=200))
    day.open(NEXT)
    order = [write for writes in store.days for write in writes]
    for who in ("P1", "P2"):
        rows = [at for at, write in enumerate(order) if isinstance(write, PutRow) and write.row.person == who]
        sheet = [at for at, write in enumerate(order) if isinstance(write, PutSheet) and write.sheet.person == who]
        assert max(rows) < sheet[0]


@pytest.mark.parametrize("survived", [0, 1, 2])
def test_a_run_that_died_half_way_is_finished_by_the_next(survived: int) -> None:
    whole = (*elevators(150), *elevators(120, "P2", "P1", start=200))
    day, store = watched(*whole)
    store.let(die, after=survived)
    with pytest.raises(Died):
        day.open(NEXT)
    day.open(NEXT)
    fresh, _ = watched(*whole)
    fresh.open(NEXT)
    assert picture(day) == picture(fresh)
    assert day.open(NEXT) == 0


@pytest.mark.parametrize("survived", [0, 1, 2])
def test_a_roster_that_changed_after_a_run_died_is_followed_whole(survived: int) -> None:
    day, store = watched(*elevators(250))
    store.let(die, after=survived)
    with pytest.raises(Died):
        day.open(NEXT)
    store.apply(changes(of(target("E-0000"), *elevators(250), target("E-9999", officers=("P2",)))))
    day.open(NEXT)
    assert len(day.rows("P1", NEXT)) == 251
    assert Counter(day.states("P1", NEXT).values()) == {OPEN: 251}
    assert day.sheet("P1", NEXT).owed == {"3000": 251}  # type: ignore[union-attr]


@pytest.mark.parametrize("removed", [100, 150])
def test_a_change_that_died_half_way_is_undone_when_the_roster_goes_back(removed: int) -> None:
    """The sheet must not vouch for the plan it had before: rows of that plan are already withdrawn."""
    whole, store = of(*elevators(250)), WatchedStore()
    day = Day(whole, store)
    store.apply(changes(of(*[replace(thing, removed=True) for thing in elevators(removed)])))
    store.let(die, after=1)
    with pytest.raises(Died):
        day.open()
    assert Counter(day.states().values()) == {OPEN: 151, WITHDRAWN: 99}
    assert day.change(whole) == 100
    assert Counter(day.states().values()) == {OPEN: 250}


def test_a_persons_later_changes_are_one_transaction_when_they_fit() -> None:
    store = WatchedStore()
    day = Day(of(*elevators(90), *elevators(90, "P2", start=200)), store)
    gone = [replace(thing, removed=True) for thing in (*elevators(60), *elevators(60, "P2", start=200))]
    store.days.clear()
    day.change(of(*gone))
    assert [len(writes) for writes in store.days] == [61, 61]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_two_runs_at_once_make_one_day(at: int) -> None:
    whole = (*elevators(150), *elevators(120, "P2", start=200))
    day, store = watched(*whole)
    store.let(lambda: day.open(NEXT), after=at)
    written = day.open(NEXT)
    fresh, _ = watched(*whole)
    fresh.open(NEXT)
    assert picture(day) == picture(fresh)
    assert written <= at * 100


def test_a_run_with_an_old_roster_does_not_undo_a_newer_one() -> None:
    day, store = watched(target("E-1"))

    def newer() -> None:
        store.apply(changes(of(target("E-1"), target("E-2"))))
        day.open(NEXT)

    store.let(newer)
    day.open(NEXT)
    assert day.states("P1", NEXT) == {"E-1": OPEN, "E-2": OPEN}


def test_a_run_that_never_gets_a_word_in_says_that_trying_again_is_safe() -> None:
    class Busy(WatchedStore):
        def write_day(self, unit: str, writes: Any) -> bool:
            return False

    busy = Busy()
    busy.apply(changes())
    with pytest.raises(Unavailable) as caught:
        Day(store=busy)
    assert caught.value.code == "day.contended"
    assert busy.calls["roster"] == 5


def test_a_target_added_during_the_day_gets_its_task_at_once() -> None:
    day = Day(of(target("E-1")))
    day.check()
    assert day.change(of(target("E-1"), target("E-2"))) == 2
    assert day.states() == {"E-1": DONE, "E-2": OPEN}
    sheet = day.sheet()
    assert sheet is not None
    assert (sheet.owed, sheet.done) == ({"3000": 2}, {"3000": 1})


def test_a_removed_target_takes_its_open_row_back_and_keeps_it() -> None:
    day = Day(of(target("E-1"), target("E-2")))
    day.change(of(target("E-1"), target("E-2", removed=True)))
    assert day.states() == {"E-1": OPEN, "E-2": WITHDRAWN}
    assert day.sheet().owed == {"3000": 1}  # type: ignore[union-attr]


def test_a_removed_target_keeps_the_row_that_was_done() -> None:
    day = Day(of(target("E-1"), target("E-2")))
    day.check()
    day.change(of(target("E-1", removed=True), target("E-2")))
    assert day.states() == {"E-1": DONE, "E-2": OPEN}


def test_a_target_that_comes_back_gives_the_row_back() -> None:
    whole = of(target("E-1"), target("E-2"))
    day = Day(whole)
    day.change(of(target("E-1"), target("E-2", removed=True)))
    day.change(whole)
    assert day.states() == {"E-1": OPEN, "E-2": OPEN}
    assert day.sheet().owed == {"3000": 2}  # type: ignore[union-attr]


def test_a_target_that_moves_to_a_colleague_moves_its_open_row() -> None:
    day = Day(of(target("E-1", officers=("P1",)), target("E-2")))
    day.change(of(target("E-1", officers=("P2",)), target("E-2")))
    assert (day.states("P1"), day.states("P2")) == ({"E-1": WITHDRAWN, "E-2": OPEN}, {"E-1": OPEN})
    assert (day.sheet("P1").owed, day.sheet("P2").owed) == ({"3000": 1}, {"3000": 1})  # type: ignore[union-attr]


def test_the_last_target_of_a_person_leaves_an_empty_sheet() -> None:
    day = Day(of(target("E-1", officers=("P1",))))
    day.change(of(target("E-1", officers=("P2",))))
    assert day.sheet("P1").owed == {}  # type: ignore[union-attr]
    assert day.open() == 0


def test_a_dismissed_officers_open_rows_are_withdrawn_and_his_work_stays() -> None:
    whole = of(target("E-1", officers=("P1", "P2")), target("E-2", officers=("P1", "P2")))
    day = Day(whole)
    day.check("P1", "E-1")
    day.change(of(*whole.targets.values(), P1=PersonState.DISMISSED))
    assert (day.states("P1"), day.states("P2")) == ({"E-1": DONE, "E-2": WITHDRAWN}, {"E-1": DONE, "E-2": OPEN})
    assert (day.sheet("P1").owed, day.sheet("P1").done) == ({}, {"3000": 1})  # type: ignore[union-attr]
    assert day.sheet("P2").owed == {"3000": 2}  # type: ignore[union-attr]


def test_a_submission_that_comes_between_look_and_withdrawal_is_kept() -> None:
    store = WatchedStore()
    day = Day(of(target("E-1"), target("E-2")), store)
    store.apply(changes(of(target("E-1", removed=True), target("E-2", removed=True))))
    store.let(lambda: day.check("P1", "E-1"))
    day.open()
    assert day.states() == {"E-1": DONE, "E-2": WITHDRAWN}


def test_a_suspended_target_comes_back_the_next_day_marked_as_such() -> None:
    day = Day(of(target("E-1")))
    day.submit(day.stopped())
    day.open(NEXT)
    row = day.row(due=NEXT)
    assert row is not None
    assert (row.state, row.target_state) == (OPEN, TargetState.SUSPENDED)


def test_a_unit_nobody_knows_has_no_day() -> None:
    day = Day()
    assert day.days.open(OpenUnit(unit="91990000MA9999999X", duty=Duty.DAILY, due=DAY)) == 0


def test_every_unit_of_every_shard_is_announced_once() -> None:
    day = Day()
    units = [f"91990000MB{number:08d}" for number in range(100)]
    for code in units:
        day.store.apply(changes(roster(unit=unit(code))))
    assert len({shard for shard in range(16) if day.store.units(shard)}) == 16
    assert day.announcements.announce(NEXT + timedelta(days=2)) == 101
    turned = ((Duty.DAILY, NEXT + timedelta(days=2)), (Duty.WEEKLY, DAY), (Duty.WEEKLY_REPORT, DAY))
    assert sorted(day.messages.opened) == sorted((code, *one) for code in [UNIT, *units] for one in turned)


def test_a_schedule_means_the_day_of_its_own_time_however_late_it_is_handled() -> None:
    day = Day()
    day.clock.move(days=2)
    assert day.announcements.day_of("2026-11-22T16:05:00Z") == DAY
    assert day.announcements.day_of(None) == DAY + timedelta(days=2)


def test_who_has_nothing_to_check_has_an_empty_sheet_that_proves_the_day_was_opened() -> None:
    day = Day(replace(of(target()), targets={}))
    sheet = day.sheet()
    assert sheet is not None
    assert (day.rows(), sheet.owed, sheet.crew) == ((), {}, 2)
