"""A run and a submission at once, their storage calls in every order: neither is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Thread, current_thread
from typing import Any

import pytest

from schemas.inspections import Receipt
from schemas.language import Duty, TaskState
from tean.adapters.ports.inspections import Facts, NotSubmitted, Submission
from tean.domain.calendar import closes_at
from tean.domain.months import PeopleMonth
from tean.domain.registry import Roster
from tean.domain.rollups import Counts, Rollup
from tean.domain.tasks import Evidence
from tests.fakes.builders import DAY, UNIT, changes, person, roster, target
from tests.fakes.day import Day
from tests.property.test_generation import TakingTurns, small_transactions

BOTH = ("P1", "P2")
CALLS = 24
"""At least as many calls as a run needs for two elevators, also one that loses to a submission and looks again."""
TURNS = [[*"A" * before, "B", *"A" * between, "B"] for before in range(CALLS) for between in range(CALLS - before)]
"""A submission reads once and writes once: every place among the calls of a run where either can fall."""


class EveryCall(TakingTurns):
    """Takes turns at every call that a run or a submission makes, and counts them by thread."""

    def __init__(self, turns: Sequence[str]) -> None:
        super().__init__(turns)
        self.calls: Counter[str] = Counter()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        self.calls[current_thread().name] += 1
        with super()._in_turn():
            yield

    def roster(self, unit: str) -> Roster | None:
        with self._in_turn():
            return super().roster(unit)

    def rollups(self, *args: Any, **fields: Any) -> Sequence[Rollup]:
        with self._in_turn():
            return super().rollups(*args, **fields)

    def months(self, *args: Any) -> Mapping[date, PeopleMonth]:
        with self._in_turn():
            return super().months(*args)

    def firsts(self, *args: Any) -> Mapping[str, Sequence[Evidence]]:
        with self._in_turn():
            return super().firsts(*args)

    def facts(self, *args: Any, **fields: Any) -> Facts:
        with self._in_turn():
            return super().facts(*args, **fields)

    def submit(self, submission: Submission) -> NotSubmitted | None:
        with self._in_turn():
            return super().submit(submission)


def at_once(store: EveryCall, turns: list[str], run: Callable[[], object], act: Callable[[], Receipt]) -> Receipt:
    """``run`` is A, ``act`` is B; the receipt of ``act``."""
    receipts: list[Receipt] = []
    store._turns.extend(turns)
    store._finished.clear()

    def finishing(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            store.finish()

    threads = [
        Thread(target=finishing, args=(run,), name="A"),
        Thread(target=finishing, args=(lambda: receipts.append(act()),), name="B"),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    store._turns.clear()
    # A run that makes more has places at which no submission ever falls.
    assert 0 < store.calls["A"] <= CALLS
    (receipt,) = receipts
    return receipt


def shared(*codes: str) -> tuple[Day, EveryCall]:
    store = EveryCall([])
    people = [person(who) for who in BOTH]
    return Day(roster(people, [target(code, officers=BOTH) for code in codes]), store), store


@pytest.mark.parametrize("late", [False, True], ids=["on time", "late"])
@pytest.mark.parametrize("turns", TURNS, ids="".join)
def test_the_close_and_a_submission_lose_neither_in_any_order(turns: list[str], late: bool) -> None:
    """Received a moment before the close it is on time, wherever its write falls; a moment after it is late."""
    day, store = shared("E-1", "E-2")
    request = day.request("P1", "E-1")
    received = closes_at(DAY) + timedelta(milliseconds=0 if late else -1)
    submitter = Day.__new__(Day)
    submitter.__dict__ = {**day.__dict__, "inspections": type(day.inspections)(store, lambda: received)}
    day.clock.set(closes_at(DAY))

    with small_transactions:
        receipt = at_once(store, turns, lambda: day.run(), lambda: submitter.submit(request, "P1"))
        assert receipt.late is late
        closed = TaskState.LATE if late else TaskState.DONE
        for who in BOTH:
            assert day.states(who) == {"E-1": closed, "E-2": TaskState.MISSED}
        assert [record.person for record in day.chain("E-1")] == ["P1"]
        day.night()
        assert day.counts() == Counts(due=2, on_time=int(not late), late=int(late), missed=1, zero_risk=1)


@pytest.mark.parametrize("turns", TURNS, ids="".join)
def test_a_newcomers_row_and_a_submission_leave_nothing_open_for_ever(turns: list[str]) -> None:
    store = EveryCall([])
    people = [person(who) for who in BOTH]
    day = Day(roster(people, [target("E-1"), target("E-2", officers=BOTH)]), store)
    store.apply(changes(roster(people, [target("E-1", officers=("P2", "P1")), target("E-2", officers=BOTH)])))
    request = day.request("P1", "E-1")

    with small_transactions:
        at_once(store, turns, lambda: day.open(), lambda: day.submit(request, "P1"))
        assert day.states("P1")["E-1"] is TaskState.DONE
        day.night()
        for who in BOTH:
            assert day.states(who) == {"E-1": TaskState.DONE, "E-2": TaskState.MISSED}
        row = day.row("P2", "E-1")
        assert row is not None and row.closed_by == "P1"
        assert day.counts() == Counts(due=2, on_time=1, missed=1, zero_risk=1)
        sheets = store.sheets(UNIT, Duty.DAILY, DAY)
        assert sum(sum(sheet.owed.values()) for sheet in sheets) == 2
