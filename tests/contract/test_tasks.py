"""To-do rows and sheets: how a day is written, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.language import Duty, Stamp, TargetState, TaskState, UnitKind
from tean.adapters.ports.common import MOST_WRITES, Page
from tean.adapters.ports.days import (
    CloseRow,
    CloseSheet,
    DayWrite,
    PutMissed,
    PutRollup,
    PutRow,
    PutSheet,
    ReopenRow,
    ReviseRow,
    ReviseSheet,
    WithdrawRow,
)
from tean.adapters.ports.store import Store
from tean.domain import calendar
from tean.domain.rollups import Counts, Rollup
from tean.domain.tasks import Row, Sheet
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, OTHER_UNIT, UNIT

YESTERDAY = DAY - timedelta(days=1)
TWO_DAYS_AGO = DAY - timedelta(days=2)
AT = datetime(2026, 11, 23, 16, 5, 0, 1000, tzinfo=UTC)
CLOSED: dict[str, Any] = {"closed_by": "P2", "closed_at": datetime(2026, 11, 23, 23, 59, 59, 999000, tzinfo=UTC)}


# --- round trips ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        builders.row(),
        builders.row(name="", location="", target_state=TargetState.SUSPENDED),
        builders.row("P-1", "L-1", name="电梯制造许可（A1）", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG"),
        builders.row(duty=Duty.WEEKLY_REPORT, state=TaskState.MISSED),
        builders.row(state=TaskState.LATE, **CLOSED),
        builders.row(state=TaskState.DONE, **CLOSED, closed_by_name="示例人员", stamp=Stamp.NO_NEW_HAZARD),
        builders.row(state=TaskState.DONE, **CLOSED, closed_by_name="示例人员", fails=12),
        builders.row(state=TaskState.MISSED, missed_at=AT),
        builders.row(state=TaskState.LATE, **CLOSED, missed_at=AT),
    ],
)
def test_a_row_comes_back_as_it_was_written(store: Store, row: Row) -> None:
    assert store.write_day(UNIT, [PutRow(row)])

    assert list(store.rows(UNIT, row.person, row.duty, row.due)) == [row]


@pytest.mark.parametrize(
    "sheet",
    [
        builders.sheet(),
        builders.sheet(owed={}),
        builders.sheet(owed={"3000": 12, "GC_FILL": 0, "5000": 1}, done={"3000": 3}, suspended={"5000": 1}),
        builders.sheet(crew=3, closed=True),
    ],
)
def test_a_sheet_comes_back_as_it_was_written(store: Store, sheet: Sheet) -> None:
    assert store.write_day(UNIT, [PutSheet(sheet)])

    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == sheet
    assert list(store.sheets(UNIT, Duty.DAILY, DAY)) == [sheet]


# --- writing a day --------------------------------------------------------------------------------------------------


def test_nothing_to_write_is_written(store: Store) -> None:
    assert store.write_day(UNIT, [])


def test_an_open_row_is_withdrawn_and_kept(store: Store) -> None:
    _write(store, PutRow(builders.row()))

    assert store.write_day(UNIT, [WithdrawRow(builders.row())])
    assert _rows(store) == [builders.row(state=TaskState.WITHDRAWN)]


def test_a_withdrawn_row_is_given_back(store: Store) -> None:
    _write(store, PutRow(builders.row()))
    _write(store, WithdrawRow(builders.row()))

    assert store.write_day(UNIT, [ReopenRow(builders.row(state=TaskState.WITHDRAWN))])
    assert _rows(store) == [builders.row()]


def test_a_row_that_is_given_back_or_open_asks_and_is_shared_as_it_is_said(store: Store) -> None:
    shared: dict[str, Any] = {"lists": ("GC_FILL", "MPV_FILL"), "officers": ("P1", "P2")}
    _write(store, PutRow(builders.row()), PutRow(builders.row(where="E-2", custom="a" * 64)))
    _write(store, WithdrawRow(builders.row()))

    revised = builders.row(where="E-2", custom="a" * 64, **shared)
    assert store.write_day(UNIT, [ReopenRow(builders.row(state=TaskState.WITHDRAWN, **shared)), ReviseRow(revised)])
    assert _rows(store) == [builders.row(**shared), revised]


def test_what_is_owed_is_revised_and_what_is_done_stays(store: Store) -> None:
    _write(store, PutSheet(builders.sheet(done={"3000": 1}, suspended={"5000": 2})))
    revised = builders.sheet(plan="plan-2", owed={"3000": 2, "5000": 3})

    assert store.write_day(UNIT, [ReviseSheet(revised, replaces="plan-1")])
    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == replace(revised, done={"3000": 1}, suspended={"5000": 2})
    assert list(store.sheets(UNIT, Duty.DAILY, DAY)) == [store.sheet(UNIT, "P1", Duty.DAILY, DAY)]


MISFITS: dict[str, DayWrite] = {
    "a row that is there": PutRow(builders.row(name="另一个名字")),
    "a withdrawn row put again": PutRow(builders.row(where="E-withdrawn")),
    "withdrawing what was never there": WithdrawRow(builders.row(where="E-9")),
    "withdrawing a done row": WithdrawRow(builders.row(where="E-done")),
    "withdrawing a missed row": WithdrawRow(builders.row(where="E-missed")),
    "withdrawing a withdrawn row": WithdrawRow(builders.row(where="E-withdrawn")),
    "giving back what was never there": ReopenRow(builders.row(where="E-9")),
    "giving back an open row": ReopenRow(builders.row()),
    "giving back a done row": ReopenRow(builders.row(where="E-done")),
    "revising what was never there": ReviseRow(builders.row(where="E-9")),
    "revising a done row": ReviseRow(builders.row(where="E-done")),
    "revising a withdrawn row": ReviseRow(builders.row(where="E-withdrawn")),
    "revising a missed row": ReviseRow(builders.row(where="E-missed")),
    "a sheet that is there": PutSheet(builders.sheet(plan="plan-9")),
    "revising a sheet by an old plan": ReviseSheet(builders.sheet(plan="plan-3"), replaces="plan-0"),
    "revising a sheet that is closed": ReviseSheet(builders.sheet("P8", plan="plan-3"), replaces="plan-1"),
    "closing a sheet that stands for another plan": CloseSheet(builders.sheet(plan="plan-0")),
    "closing a sheet that is closed": CloseSheet(builders.sheet("P8")),
    "closing a sheet that is not there": CloseSheet(builders.sheet("P9")),
    "missing a row that is done": CloseRow(builders.row(where="E-done", state=TaskState.MISSED, missed_at=AT)),
    "missing a row that is missed": CloseRow(builders.row(where="E-missed", state=TaskState.MISSED, missed_at=AT)),
    "missing what was never there": CloseRow(builders.row(where="E-9", state=TaskState.MISSED, missed_at=AT)),
    "settling a row that is done": CloseRow(builders.row(where="E-done", state=TaskState.LATE, **CLOSED)),
    "settling a withdrawn row": CloseRow(builders.row(where="E-withdrawn", state=TaskState.DONE, **CLOSED)),
    "a first roll-up where one is": PutRollup(builders.rollup()),
    "a roll-up after a version that is not the last": PutRollup(builders.rollup(version=3)),
    "a roll-up after one that is final": PutRollup(builders.rollup(due=YESTERDAY, version=2)),
    "a later roll-up where none is": PutRollup(builders.rollup(due=TWO_DAYS_AGO, version=2)),
    "revising a sheet that is not there": ReviseSheet(builders.sheet("P9", plan="plan-3"), replaces="plan-1"),
}


@pytest.mark.parametrize("misfit", MISFITS.values(), ids=MISFITS.keys())
def test_one_change_that_no_longer_fits_stops_all(store: Store, misfit: DayWrite) -> None:
    _write(store, *_day_of_all_states())
    before = _rows(store), list(store.sheets(UNIT, Duty.DAILY, DAY)), _rollups(store)
    row, sheet = PutRow(builders.row(where="E-new")), PutSheet(builders.sheet("P2"))

    assert not store.write_day(UNIT, [misfit, row, sheet])
    assert not store.write_day(UNIT, [row, sheet, misfit])
    assert (_rows(store), list(store.sheets(UNIT, Duty.DAILY, DAY)), _rollups(store)) == before


def test_an_open_row_is_missed_and_says_when(store: Store) -> None:
    missed = builders.row(state=TaskState.MISSED, missed_at=AT)
    _write(store, PutRow(builders.row()))

    assert store.write_day(UNIT, [CloseRow(missed)])
    assert _rows(store) == [missed]


@pytest.mark.parametrize("before", [{}, {"state": TaskState.MISSED, "missed_at": AT}], ids=["open", "missed"])
@pytest.mark.parametrize(
    "record",
    [
        {"state": TaskState.DONE, "stamp": Stamp.ZERO_RISK},
        {"state": TaskState.LATE, "missed_at": AT, "fails": 2, "target_state": TargetState.SUSPENDED},
    ],
    ids=["done", "late"],
)
def test_a_row_is_settled_by_the_record_that_closed_a_colleagues(
    store: Store, before: dict[str, Any], record: dict[str, Any]
) -> None:
    settled = builders.row(**CLOSED, closed_by_name="示例人员P2", **record)
    _write(store, PutRow(builders.row(**before)))

    assert store.write_day(UNIT, [CloseRow(settled)])
    assert _rows(store) == [settled]


def test_a_closed_sheet_keeps_counting_what_is_entered_late(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    _write(store, CloseSheet(builders.sheet()), CloseRow(builders.row(state=TaskState.MISSED, missed_at=AT)))
    scenes.inspected(store, late=True)

    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(done={"3000": 1}, closed=True)
    row = _rows(store)[0]
    assert (row.state, row.missed_at, row.closed_at) == (TaskState.LATE, AT, builders.NOW)


def test_a_row_recorded_in_time_and_written_after_the_close_was_never_missed(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    _write(store, CloseRow(builders.row(state=TaskState.MISSED, missed_at=AT)))
    scenes.inspected(store)

    row = _rows(store)[0]
    assert (row.state, row.missed_at) == (TaskState.DONE, None)


# --- markers and roll-ups -------------------------------------------------------------------------------------------


def test_the_first_marker_of_a_bucket_stays(store: Store) -> None:
    first, second = builders.missed(), builders.missed(officers=("P1",), asked=False)

    assert store.write_day(UNIT, [PutMissed(first)])
    assert store.write_day(UNIT, [PutMissed(second), PutRow(builders.row())])
    assert store.missed(UNIT, "E-1", Duty.DAILY, DAY) == first
    assert store.missed(UNIT, "E-1", Duty.DAILY, YESTERDAY) is None
    assert store.missed(OTHER_UNIT, "E-1", Duty.DAILY, DAY) is None


def test_a_roll_up_is_replaced_version_by_version_until_it_is_final(store: Store) -> None:
    first = builders.rollup()
    second = replace(first, version=2, kinds={"3000": Counts(due=2, late=2)}, final=True)

    assert [store.write_day(UNIT, [PutRollup(one)]) for one in (first, first, second, second)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert _rollups(store) == [second]
    assert not store.write_day(UNIT, [PutRollup(replace(second, version=3))])


def test_the_last_roll_ups_come_newest_first_and_only_of_their_duty_and_unit(store: Store) -> None:
    days = [DAY - timedelta(days=back) for back in range(4)]
    others = [builders.rollup(duty=Duty.WEEKLY), builders.rollup(due=DAY + timedelta(days=1))]
    _write(store, *(PutRollup(builders.rollup(due=due)) for due in reversed(days)), *map(PutRollup, others))
    assert store.write_day(OTHER_UNIT, [PutRollup(builders.rollup())])

    found = store.rollups(UNIT, Duty.DAILY, until=DAY, limit=3)
    assert [one.due for one in found] == days[:3]


def test_tallies_come_of_every_duty_by_their_last_day_and_tell_nobody_apart(store: Store) -> None:
    friday = DAY + timedelta(days=4)
    week, month = builders.rollup(duty=Duty.WEEKLY), builders.rollup(duty=Duty.MONTHLY, due=DAY.replace(day=1))
    days = [builders.rollup(due=due) for due in (DAY - timedelta(days=7), DAY, friday)]
    _write(store, *map(PutRollup, [*reversed(days), month, week]))
    assert store.write_day(OTHER_UNIT, [PutRollup(builders.rollup())])

    found = store.tallies(UNIT, DAY, friday + timedelta(days=2))
    assert list(found) == [replace(one, people={}) for one in (*days[1:], week)]


def test_a_tally_says_what_its_roll_up_last_said(store: Store) -> None:
    first = builders.rollup()
    second = replace(first, version=2, kinds={"3000": Counts(due=2, on_time=1, late=1)})
    _write(store, PutRollup(first))
    _write(store, PutRollup(second))
    assert not store.write_day(UNIT, [PutRollup(replace(first, version=2))])
    assert list(store.tallies(UNIT, DAY, DAY)) == [replace(second, people={})]


def test_a_roll_up_takes_two_actions_of_a_transaction(store: Store) -> None:
    days = [builders.rollup(due=DAY - timedelta(days=back)) for back in range(51)]
    assert store.write_day(UNIT, list(map(PutRollup, days[:50])))
    with pytest.raises(ValueError, match="100"):
        store.write_day(OTHER_UNIT, list(map(PutRollup, days)))


def test_sheets_and_rows_of_several_days_come_in_one_list_of_their_duty(store: Store) -> None:
    sheets = [builders.sheet(who, due=due) for due in (TWO_DAYS_AGO, YESTERDAY, DAY) for who in ("P1", "P2")]
    rows = [builders.row(due=due, where=where) for due in (TWO_DAYS_AGO, YESTERDAY, DAY) for where in ("E-1", "E-2")]
    row, sheet = builders.row(due=YESTERDAY, duty=Duty.WEEKLY), builders.sheet(duty=Duty.WEEKLY)
    _write(store, *map(PutSheet, [*sheets, sheet]), *map(PutRow, [*rows, row]))

    assert list(store.sheets(UNIT, Duty.DAILY, YESTERDAY, DAY)) == sheets[2:]
    assert list(store.rows(UNIT, "P1", Duty.DAILY, TWO_DAYS_AGO, YESTERDAY)) == rows[:4]


def test_a_day_written_twice_is_written_once(store: Store) -> None:
    writes: list[DayWrite] = [PutRow(builders.row()), PutSheet(builders.sheet())]

    assert [store.write_day(UNIT, writes), store.write_day(UNIT, writes)] == [True, False]
    assert _rows(store) == [builders.row()]


def test_a_transaction_holds_as_many_changes_as_it_may(store: Store) -> None:
    rows = [builders.row(where=f"E-{number:03d}") for number in range(MOST_WRITES - 1)]

    assert store.write_day(UNIT, [PutSheet(builders.sheet()), *(PutRow(row) for row in rows)])
    assert _rows(store) == rows


def test_more_changes_than_a_transaction_may_hold_are_not_begun(store: Store) -> None:
    rows = [builders.row(where=f"E-{number:03d}") for number in range(MOST_WRITES + 1)]

    with pytest.raises(ValueError, match="100"):
        store.write_day(UNIT, [PutRow(row) for row in rows])

    assert _rows(store) == []


def test_the_same_day_of_another_unit_is_another_day(store: Store) -> None:
    _write(store, PutRow(builders.row()), PutSheet(builders.sheet()))

    assert store.write_day(OTHER_UNIT, [PutRow(builders.row(name="别家的")), PutSheet(builders.sheet(plan="theirs"))])
    assert _rows(store) == [builders.row()]
    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet()
    assert list(store.sheets(UNIT, Duty.DAILY, DAY)) == [builders.sheet()]


# --- sheets and rows of one day -------------------------------------------------------------------------------------


def test_a_sheet_that_is_not_there_is_none(store: Store) -> None:
    _write(store, PutRow(builders.row()), PutSheet(builders.sheet("P2")))

    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) is None


def test_the_sheets_of_a_day_are_those_of_everybody_and_no_other(store: Store) -> None:
    todays = [builders.sheet("P1"), builders.sheet("P10"), builders.sheet("P2")]
    weekly = builders.sheet(duty=Duty.WEEKLY)
    report = builders.sheet(duty=Duty.WEEKLY_REPORT)
    other_day = builders.sheet(due=YESTERDAY)
    _write(store, *(PutSheet(sheet) for sheet in [*todays, weekly, report, other_day]), PutRow(builders.row()))

    assert _by_person(store.sheets(UNIT, Duty.DAILY, DAY)) == todays
    assert list(store.sheets(UNIT, Duty.WEEKLY, DAY)) == [weekly]
    assert list(store.sheets(UNIT, Duty.WEEKLY_REPORT, DAY)) == [report]
    assert list(store.sheets(OTHER_UNIT, Duty.DAILY, DAY)) == []


def test_the_rows_of_a_day_are_one_persons_whatever_their_state(store: Store) -> None:
    states = [builders.row(where=f"E-{state}", state=state) for state in TaskState]
    others = [
        builders.row("P10"),
        builders.row(due=YESTERDAY),
        builders.row(duty=Duty.WEEKLY),
        builders.row(duty=Duty.WEEKLY_REPORT),
    ]
    _write(store, PutSheet(builders.sheet()), *(PutRow(row) for row in [*states, *others]))

    assert sorted(_rows(store), key=lambda row: row.target) == sorted(states, key=lambda row: row.target)
    assert list(store.rows(UNIT, "P1", Duty.WEEKLY, DAY)) == [others[2]]
    assert list(store.rows(UNIT, "P1", Duty.DAILY, DAY + timedelta(days=1))) == []


def test_a_list_brings_the_sheets_of_its_days(store: Store) -> None:
    sheets = [builders.sheet(due=due, closed=due < DAY) for due in (TWO_DAYS_AGO, YESTERDAY, DAY)]
    others = [builders.sheet(due=DAY + timedelta(days=1)), builders.sheet("P2")]
    _write(store, *map(PutSheet, [*sheets, *others]), PutRow(builders.row()))

    listed = store.todos(UNIT, "P1", today=DAY, since=TWO_DAYS_AGO, after=None, limit=50)
    assert (listed.sheets, listed.page) == (tuple(sheets), Page((builders.row(),)))


# --- the to-do list -------------------------------------------------------------------------------------------------


def test_nobody_has_to_dos_before_a_day_is_opened(store: Store) -> None:
    assert _page(store) == Page(())


def test_to_dos_come_by_last_day_duty_and_target(store: Store) -> None:
    month, week = DAY.replace(day=1), calendar.bucket(Duty.WEEKLY, YESTERDAY)
    rows = [
        builders.row(where="E-9", due=TWO_DAYS_AGO),
        builders.row(where="E-1", due=YESTERDAY),
        builders.row(where="3000", duty=Duty.WEEKLY, due=week),
        builders.row(where="E-10"),
        builders.row(where="E-2"),
        builders.row(where="3000", duty=Duty.WEEKLY),
        builders.row(where="1000", duty=Duty.MONTHLY, due=month),
        builders.row(where="3000", duty=Duty.MONTHLY, due=month),
    ]
    _write(store, *(PutRow(row) for row in reversed(rows)), PutSheet(builders.sheet()))

    assert _page(store) == Page(tuple(rows))


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (DAY + timedelta(days=1), set()),
        (DAY, {TaskState.OPEN, TaskState.DONE, TaskState.LATE, TaskState.MISSED}),
        (YESTERDAY, {TaskState.OPEN, TaskState.MISSED}),
        (TWO_DAYS_AGO, {TaskState.OPEN, TaskState.MISSED}),
        (TWO_DAYS_AGO - timedelta(days=1), set()),
    ],
)
def test_which_rows_are_shown_depends_on_their_day(store: Store, due: date, shown: set[TaskState]) -> None:
    _write(store, *(PutRow(builders.row(where=f"E-{state}", due=due, state=state)) for state in TaskState))

    assert {row.state for row in _page(store).items} == shown


def test_to_dos_are_ones_own(store: Store) -> None:
    _write(store, PutRow(builders.row("P1")), PutRow(builders.row("P10")))
    assert store.write_day(OTHER_UNIT, [PutRow(builders.row("P1", "E-7"))])

    assert _page(store) == Page((builders.row("P1"),))


def test_pages_of_to_dos_lose_and_double_none(store: Store) -> None:
    rows = [builders.row(where=f"E-{number}", due=due) for due in (YESTERDAY, DAY) for number in range(1, 4)]
    hidden = [
        builders.row(where="E-2x", due=YESTERDAY, state=TaskState.DONE, **CLOSED),
        builders.row(where="E-4", due=YESTERDAY, state=TaskState.WITHDRAWN),
        builders.row(where="E-0", state=TaskState.WITHDRAWN),
    ]
    last = builders.row(where="E-9")
    _write(store, *(PutRow(row) for row in [*rows, *hidden, last]), PutSheet(builders.sheet()))

    for limit in (1, 2, 3, 6, 7, 8, 50):
        assert scenes.walk(_pages(store, limit), limit) == [*rows, last], limit


def test_the_place_in_the_list_holds_while_rows_are_done(store: Store) -> None:
    rows = [builders.row(where=f"E-{number}") for number in range(1, 5)]
    _write(store, *(PutRow(row) for row in rows))
    first = _page(store, limit=2)
    _write(store, WithdrawRow(rows[1]), WithdrawRow(rows[2]))

    assert _page(store, after=first.next, limit=2).items == (rows[3],)


def _page(store: Store, after: str | None = None, limit: int = 50) -> Page[Row]:
    return store.todos(UNIT, "P1", today=DAY, since=TWO_DAYS_AGO, after=after, limit=limit).page


def _pages(store: Store, limit: int) -> Callable[[str | None], Page[Row]]:
    return lambda after: _page(store, after, limit)


def _rollups(store: Store) -> list[Rollup]:
    return list(store.rollups(UNIT, Duty.DAILY, until=DAY, limit=10))


def _rows(store: Store) -> list[Row]:
    return list(store.rows(UNIT, "P1", Duty.DAILY, DAY))


def _by_person(sheets: Iterable[Sheet]) -> list[Sheet]:
    return sorted(sheets, key=lambda sheet: sheet.person)


def _write(store: Store, *writes: DayWrite) -> None:
    assert store.write_day(UNIT, writes)


def _day_of_all_states() -> list[DayWrite]:
    """``E-1`` is open, ``E-<state>`` is in its state; the sheets stand on ``plan-1``, that of ``P8`` is closed.
    The day has a roll-up, the one before it a final one."""
    acted_on = (TaskState.DONE, TaskState.MISSED, TaskState.WITHDRAWN)
    rows = [builders.row(), *(builders.row(where=f"E-{state}", state=state) for state in acted_on)]
    sheets = [builders.sheet(), builders.sheet("P8", closed=True)]
    rollups = [builders.rollup(), builders.rollup(due=YESTERDAY, final=True)]
    return [*map(PutRow, rows), *map(PutSheet, sheets), *map(PutRollup, rollups)]
