"""The end of a day: what becomes of its rows, what is left beside the records, what it came to, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.events import OpenUnit
from schemas.language import Duty, Stamp, TaskState
from tean.domain.calendar import closes_at, late_until
from tean.domain.errors import Conflict
from tean.domain.rollups import Counts
from tests.fakes.builders import DAY, UNIT, changes, roster, target
from tests.fakes.day import Day
from tests.fakes.watched import WatchedStore

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
