"""After any history of roster changes, deaths and races, one more run leaves exactly what the roster asks for."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Condition, Thread, current_thread
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from schemas.events import OpenUnit
from schemas.language import Duty, PersonState, TaskState
from tean.adapters.ports.days import DayWrite
from tean.domain.registry import Roster
from tean.domain.tasks import Row, Sheet
from tean.services import days
from tean.services.days import DayService
from tests.fakes.builders import DAY, UNIT, changes, person, roster, target
from tests.fakes.clock import FakeClock
from tests.fakes.day import Day
from tests.fakes.store import FakeStore
from tests.fakes.watched import Died, WatchedStore, die
from tests.property import killed

OFFICERS = ("P1", "P2", "P3")
OWN = {who: target(f"E-{who}", officers=(who,)) for who in OFFICERS}
"""One target of each officer's own, never taken from him: see ``Generation.died``."""
CODES = tuple(f"E-{number}" for number in range(6))
SOMEBODY = st.sampled_from(OFFICERS)
SOMETHING = st.sampled_from(CODES)
NAMED = st.lists(SOMEBODY, unique=True, max_size=3).map(tuple)
WRITES = st.integers(0, 4)

small_transactions = patch.object(days, "MOST_WRITES", 3)
"""Three writes a transaction: a handful of rows already needs several."""


class Generation(RuleBasedStateMachine):
    """Runs of the generator against a roster that changes under it."""

    def __init__(self) -> None:
        super().__init__()
        things = {code: target(code, officers=("P1",)) for code in CODES}
        self.people = {who: person(who) for who in OFFICERS}
        self.targets = things | {own.code: own for own in OWN.values()}
        self.acted_on: set[tuple[str, str]] = set()
        self.submitted: Counter[str] = Counter()
        self.store = WatchedStore()
        self.day = Day(self.roster(), self.store)
        # A run that died may leave rows without a sheet. The next run finds them as long as their person still has
        # something to do; so until then nobody is dismissed here.
        self.died = False
        self.kills = 0

    def roster(self) -> Roster:
        return roster(self.people.values(), self.targets.values())

    def change(self, **fields: Any) -> None:
        code = fields.pop("code")
        self.targets[code] = replace(self.targets[code], **fields)
        self.store.apply(changes(self.roster()))

    @rule(code=SOMETHING, officers=NAMED)
    def name(self, code: str, officers: tuple[str, ...]) -> None:
        self.change(code=code, officers=officers)

    @rule(code=SOMETHING, removed=st.booleans())
    def remove_or_return(self, code: str, removed: bool) -> None:
        self.change(code=code, removed=removed)

    @precondition(lambda self: not self.died)
    @rule(who=SOMEBODY, state=st.sampled_from(PersonState))
    def dismiss_or_return(self, who: str, state: PersonState) -> None:
        self.people[who] = person(who, state=state)
        self.store.apply(changes(self.roster()))

    @rule()
    def run(self) -> None:
        self.day.open()
        self.died = False

    @rule(after=WRITES)
    def run_and_die(self, after: int) -> None:
        self.store.let(die, after=after)
        try:
            self.day.open()
        except Died:
            self.died = True
            self.kills += 1
        self.store.let_nothing()

    @rule(after=WRITES, code=SOMETHING, officers=NAMED)
    def run_while_the_roster_changes_and_another_run_follows_it(
        self, after: int, code: str, officers: tuple[str, ...]
    ) -> None:
        def meanwhile() -> None:
            self.change(code=code, officers=officers)
            self.day.open()

        self.store.let(meanwhile, after=after)
        self.day.open()
        self.store.let_nothing()

    @rule(who=SOMEBODY, code=SOMETHING)
    def submit(self, who: str, code: str) -> None:
        row = self.day.row(who, code)
        active = self.people[who].state is PersonState.ACTIVE
        if active and self.day.sheet(who) and row and row.state is TaskState.OPEN:
            supplement = self.day.check(who, code).first is not None
            self.submitted[who] += not supplement
            self.acted_on |= {(one, code) for one in OFFICERS if self.state(one, code) is TaskState.DONE}
            assert (who, code) in self.acted_on

    def state(self, who: str, code: str) -> TaskState | None:
        row = self.day.row(who, code)
        return row.state if row else None

    @invariant()
    def what_was_acted_on_stays(self) -> None:
        assert all(self.state(who, code) is TaskState.DONE for who, code in self.acted_on)

    @invariant()
    def sheets_count_what_their_people_submitted(self) -> None:
        done = {who: sum(sheet.done.values()) for who in OFFICERS if (sheet := self.day.sheet(who))}
        assert +Counter(done) == +self.submitted

    def teardown(self) -> None:
        killed.note(self.kills)
        self.store.let_nothing()
        self.day.open()
        self.everything_is_as_the_roster_says()
        assert self.day.open() == 0

    def everything_is_as_the_roster_says(self) -> None:
        for who in OFFICERS:
            wanted = {code for code in self.targets if who in self.officers_of(code)}
            for code in self.targets:
                assert self.as_wanted(who, code, code in wanted), (who, code)
            first = sum(self.officers_of(code)[:1] == [who] for code in self.targets)
            sheet = self.day.sheet(who)
            assert (sum(sheet.owed.values()) if sheet else 0) == first

    def as_wanted(self, who: str, code: str, wanted: bool) -> bool:
        state = self.state(who, code)
        if (who, code) in self.acted_on:
            return state is TaskState.DONE
        if any(done == code for _, done in self.acted_on):
            # Somebody had checked it before he was named: he was given it as done, and so it stays.
            given = state in (TaskState.DONE, TaskState.WITHDRAWN)
            return given if wanted else given or state is None
        return state is TaskState.OPEN if wanted else state in (None, TaskState.WITHDRAWN)

    def officers_of(self, code: str) -> list[str]:
        thing = self.targets[code]
        there = [who for who in thing.officers if self.people[who].state is PersonState.ACTIVE]
        return [] if thing.removed else there


@pytest.mark.campaign
def test_after_any_history_one_more_run_leaves_what_the_roster_asks_for() -> None:
    with small_transactions:
        run_state_machine_as_test(Generation)
    killed.told()


class TakingTurns(FakeStore):
    """Lets two runs into the store only in the order of ``turns``: threads without chance."""

    def __init__(self, turns: Sequence[str]) -> None:
        super().__init__()
        self._turns = deque(turns)
        self._finished: set[str] = set()
        self._moved = Condition()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._moved:
            assert self._moved.wait_for(self._mine, timeout=10)
            yield
            if self._turns:
                self._turns.popleft()
            self._moved.notify_all()

    def _mine(self) -> bool:
        while self._turns and self._turns[0] in self._finished:
            self._turns.popleft()
        return not self._turns or self._turns[0] == current_thread().name

    def finish(self) -> None:
        with self._moved:
            self._finished.add(current_thread().name)
            self._moved.notify_all()

    def sheets(self, *args: Any) -> Sequence[Sheet]:
        with self._in_turn():
            return super().sheets(*args)

    def rows(self, *args: Any) -> Sequence[Row]:
        with self._in_turn():
            return super().rows(*args)

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        with self._in_turn():
            return super().write_day(unit, writes)


def run_both(store: TakingTurns, act: Callable[[], int]) -> list[int]:
    written: list[int] = []

    def run() -> None:
        written.append(act())
        store.finish()

    threads = [Thread(target=run, name=name) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return written


@pytest.mark.campaign
@given(st.lists(st.sampled_from("AB"), max_size=40))
def test_two_runs_write_every_row_once_however_their_steps_fall(turns: list[str]) -> None:
    store = TakingTurns(turns)
    things = [target(code, officers=officers) for code in CODES for officers in [("P1", "P2")]]
    store.apply(changes(roster((person("P1"), person("P2")), things)))
    service = DayService(store, FakeClock(), lambda attempt: None)
    message = OpenUnit(unit=UNIT, duty=Duty.DAILY, due=DAY)
    with small_transactions:
        written = run_both(store, lambda: service.open(message))
        assert sum(written) == 2 * len(CODES) + 2
        store._turns.clear()
        assert service.open(message) == 0
