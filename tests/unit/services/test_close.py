"""The end of a day: what becomes of its rows, what is left beside the records, what it came to, and until when."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.events import OpenUnit
from schemas.language import Duty, Stamp, TargetState, TaskState
from tean.adapters.ports import PutRollup
from tean.domain.calendar import closes_at, late_until
from tean.domain.errors import Conflict, Unavailable
from tean.domain.rollups import Counts
from tean.services import days as turning
from tests.fakes import builders
from tests.fakes.builders import DAY, UNIT, changes, membership, person, roster, target
from tests.fakes.day import Day
from tests.fakes.watched import Died, WatchedStore, die

OPEN, DONE, LATE, MISSED = TaskState.OPEN, TaskState.DONE, TaskState.LATE, TaskState.MISSED
NEXT = DAY + timedelta(days=1)
BOTH = ("P1", "P2")


def shared(*codes: str, store: WatchedStore | None = None) -> Day:
    """``P1`` and ``P2`` share these elevators."""
    return Day(roster(targets=[target(code, officers=BOTH) for code in codes or ("E-1",)]), store)


# --- what becomes of the rows ---------------------------------------------------------------------------------------


def test_what_is_open_when_the_day_closes_is_missed_and_what_was_done_stays() -> None:
    day = shared("E-1", "E-2")
    day.check("P1", "E-1")
    day.night()
    assert day.states("P1") == day.states("P2") == {"E-1": DONE, "E-2": MISSED}
    row = day.row("P2", "E-2")
    assert row is not None and row.missed_at == closes_at(DAY)
    assert day.states("P1", NEXT) == {"E-1": OPEN, "E-2": OPEN}


def test_nothing_is_missed_before_the_close() -> None:
    day = Day()
    day.clock.set(closes_at(DAY) - timedelta(milliseconds=1))
    assert day.run() == 0
    day.open(NEXT)
    assert (day.states(), day.states(due=NEXT)) == ({"E-1": OPEN}, {"E-1": OPEN})


def test_a_missed_target_gets_one_marker_that_names_its_officers_and_is_no_record() -> None:
    day = shared("E-1", "E-2")
    day.check("P1", "E-2")
    day.night()
    marker = day.missed("E-1")
    assert marker is not None
    assert (marker.officers, marker.closed_at, marker.asked, marker.kind) == (BOTH, closes_at(DAY), True, "3000")
    assert (day.missed("E-2"), day.chain("E-1"), day.head("E-1").seq) == (None, (), 0)


def test_a_closed_day_closed_again_writes_nothing() -> None:
    day = shared("E-1", "E-2")
    day.night()
    for _ in range(2):
        assert day.run() == 0


def test_a_message_that_comes_a_day_late_opens_no_day_that_is_over() -> None:
    day = Day()
    day.night()
    day.store.apply(changes(roster(targets=(target("E-1"), target("E-2")))))
    day.days.open(OpenUnit(unit=UNIT, duty=Duty.DAILY, due=DAY))
    assert (day.states(), day.states(due=NEXT)) == ({"E-1": MISSED}, {"E-1": OPEN, "E-2": OPEN})


def test_a_sheet_that_a_straggling_run_leaves_behind_is_closed_by_the_next() -> None:
    store = WatchedStore()
    day = Day(store=store)
    store.apply(changes(roster(targets=(target("E-1"), target("E-2", officers=("P2",))))))
    store.let(lambda: day.night())
    day.days.open(OpenUnit(unit=UNIT, duty=Duty.DAILY, due=DAY))
    day.run()
    assert OPEN not in (*day.states("P1").values(), *day.states("P2").values())
    assert day.run() == 0


# --- a submission against the close ---------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 1])
def test_a_submission_between_look_and_write_of_the_close_is_kept(at: int) -> None:
    store = WatchedStore()
    day = shared("E-1", "E-2", store=store)
    request = day.request("P1", "E-1")
    store.let(lambda: day.submit(request, "P1"), after=at)
    day.night()
    state = LATE
    assert day.states("P1") == day.states("P2") == {"E-1": state, "E-2": MISSED}
    assert [record.person for record in day.chain("E-1")] == ["P1"]


def test_what_was_received_before_the_close_and_written_after_it_is_on_time() -> None:
    store = WatchedStore()
    day = shared(store=store)
    day.clock.set(closes_at(DAY) - timedelta(milliseconds=1))
    request = day.request("P1")

    store.let(lambda: day.night())
    receipt = day.submit(request, "P1")
    assert not receipt.late
    assert day.states("P1") == day.states("P2") == {"E-1": DONE}
    row = day.row("P2")
    assert row is not None and row.missed_at is None
    assert day.missed() is not None, "at the close it was true; the record goes before it"
    day.night()
    assert (day.counts().on_time, day.counts().missed) == (1, 0)


# --- late entry -----------------------------------------------------------------------------------------------------


def test_a_late_entry_turns_the_row_late_keeps_both_times_and_leaves_the_marker() -> None:
    day = shared()
    day.night()
    day.clock.move(hours=30)
    receipt = day.submit(day.request("P2"), "P2")
    assert receipt.late
    for who in BOTH:
        row = day.row(who)
        assert row is not None
        assert (row.state, row.missed_at, row.closed_at) == (LATE, closes_at(DAY), day.clock())
    assert day.missed() is not None


def test_a_late_entry_is_counted_by_the_next_close() -> None:
    day = shared("E-1", "E-2")
    day.night()
    assert day.counts() == Counts(due=2, missed=2)
    day.clock.move(hours=1)
    day.submit(day.request("P2", "E-1"), "P2")
    assert day.counts().late == 0, "only the close writes roll-ups"
    day.night()
    assert day.counts() == Counts(due=2, late=1, missed=1, zero_risk=1)


def test_after_its_late_entry_a_miss_is_final_and_told_in_a_sentence() -> None:
    day = Day()
    for _ in range(3):
        day.night()
    day.clock.set(late_until(DAY))
    with pytest.raises(Conflict, match="已经封存") as caught:
        day.submit(day.request())
    assert caught.value.code == "inspection.closed"
    assert day.states() == {"E-1": MISSED}


@pytest.mark.parametrize("minutes", [0, 1])
def test_a_day_is_frozen_by_the_first_close_after_nothing_can_change_it(minutes: int) -> None:
    """At 00:05 of D+3 what was received a moment before may still be on its way; a minute later it is not."""
    day = Day()
    finals = []
    for _ in range(4):
        day.night(minutes=minutes)
        rollup = day.rollup(DAY)
        assert rollup is not None
        finals.append(rollup.final)
    assert finals == [False, False, bool(minutes), True]


def test_a_frozen_day_is_never_written_again() -> None:
    day = Day()
    for _ in range(4):
        day.night()
    frozen = day.rollup(DAY)
    row = day.row()
    assert frozen is not None and frozen.final and row is not None
    # Somebody changes what it was counted from, against every rule.
    day.store._rows[UNIT, "P1", DAY, Duty.DAILY, "E-1"] = replace(row, state=DONE)
    for _ in range(3):
        day.night()
    assert day.rollup(DAY) == frozen


def test_a_submission_received_in_the_last_moment_of_late_entry_is_counted() -> None:
    store = WatchedStore()
    day = Day(store=store)
    for _ in range(2):
        day.night()
    day.clock.set(late_until(DAY) - timedelta(milliseconds=1))
    request = day.request()
    store.let(lambda: day.night())
    assert day.submit(request).late
    assert day.counts().late == 0
    day.night()
    rollup = day.rollup(DAY)
    assert rollup is not None and (rollup.final, rollup.kinds["3000"].late) == (True, 1)


# --- the numbers ----------------------------------------------------------------------------------------------------


def test_the_unit_counts_each_target_once_and_a_person_his_rows() -> None:
    day = shared("E-1", "E-2", "E-3", "E-4")
    day.check("P1", "E-1")
    day.found("EL-D-02", who="P2", where="E-2")
    day.submit(day.stopped("P2", "E-3"), "P2")
    day.night()
    numbers = Counts(due=4, on_time=2, missed=1, suspended=1, zero_risk=1, fails=1)
    rollup = day.rollup()
    assert rollup is not None
    assert (rollup.kinds, rollup.people) == ({"3000": numbers}, {who: {"3000": numbers} for who in BOTH})
    assert (rollup.asked, rollup.final, rollup.closed_at) == (True, False, closes_at(DAY))


def test_what_was_taken_back_is_told_and_not_due() -> None:
    day = Day(roster(targets=(target("E-1"), target("E-2"))))
    day.change(roster(targets=(target("E-1"), target("E-2", removed=True))))
    day.night()
    assert day.counts() == Counts(due=1, missed=1, withdrawn=1)


def test_a_supplement_adds_nothing_to_the_numbers_of_what_was_first() -> None:
    day = shared()
    day.check("P1")
    day.found("EL-D-02", who="P2")
    day.night()
    assert day.counts() == Counts(due=1, on_time=1, zero_risk=1)


def test_kinds_are_counted_apart() -> None:
    day = Day(roster(targets=(target("E-1"), target("E-2", kind="4000", subtype="4100"))))
    day.check("P1", "E-2")
    day.night()
    assert (day.counts(), day.counts(kind="4000").on_time) == (Counts(due=1, missed=1), 1)


# --- repair ---------------------------------------------------------------------------------------------------------


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
    assert day.sheet() is not None and day.sheet().closed  # type: ignore[union-attr]


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


# --- during the day -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Day.check, lambda day: day.submit(day.stopped())], ids=["checked", "suspended"])
def test_who_is_named_for_what_is_already_done_gets_it_as_done(act: Callable[[Day], object]) -> None:
    day = Day()
    act(day)
    day.change(roster(targets=(target(officers=("P2", "P1")),)))
    theirs, his = day.row("P2"), day.row("P1")
    assert theirs is not None and his is not None
    assert theirs == replace(his, person="P2", officers=("P2", "P1"), target_state=his.target_state)
    owed = [sheet.owed.get("3000", 0) for who in BOTH if (sheet := day.sheet(who))]
    assert sum(owed) == 1
    day.night()
    assert day.counts().due == 1 and day.counts().missed == 0


def test_a_submission_between_look_and_row_of_a_newcomer_is_settled_by_the_close() -> None:
    store = WatchedStore()
    day = Day(store=store)
    store.apply(changes(roster(targets=(target(officers=BOTH),))))
    store.let(lambda: day.submit(day.request("P1"), "P1"))
    day.open()
    day.night()
    row = day.row("P2")
    assert row is not None and (row.state, row.closed_by, row.stamp) == (DONE, "P1", Stamp.ZERO_RISK)
    assert day.counts() == Counts(due=1, on_time=1, zero_risk=1)
