"""Whatever roster, triggers and people do, every day ends as a small model says that is told in plain words here.

Triggers come twice, late, out of order, are interrupted between any two writes, or never come; rosters change under
them; people submit on time, late, and at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from schemas.events import OpenUnit
from schemas.language import Duty
from tean.domain.calendar import SHANGHAI, closes_at, late_until
from tean.domain.errors import Problem
from tean.domain.registry import Roster
from tean.domain.rollups import Counts
from tean.services import days
from tests.campaign import size
from tests.fakes import books
from tests.fakes.builders import UNIT, changes, membership, person, roster, target
from tests.fakes.day import Day
from tests.fakes.watched import Died, WatchedStore, die
from tests.property import killed

WHO = ("P1", "P2", "P3")
CODES = ("E-0", "E-1", "E-2", "E-3")
TURNS = [date(2026, 12, 30), date(2027, 1, 30), date(2028, 2, 27), date(2029, 2, 27), date(2030, 12, 30)]
STARTS = st.one_of(st.sampled_from(TURNS), st.dates(date(2026, 1, 1), date(2030, 12, 31)))
SOMEBODY, SOMETHING = st.sampled_from(WHO), st.sampled_from(CODES)
NAMED = st.lists(SOMEBODY, unique=True, max_size=3).map(tuple)
WRITES = st.integers(0, 6)
ONE_DAY = timedelta(days=1)
MOST = 7

small_transactions = patch.object(days, "MOST_WRITES", 3)
"""Three writes a transaction: a handful of rows already needs several."""


def day_on(now: datetime) -> date:
    """The day whose turn it is: it begins at 00:05."""
    return (now.astimezone(SHANGHAI) - timedelta(minutes=5)).date()


@dataclass
class Line:
    """One person's row of one day."""

    state: str
    officers: tuple[str, ...]


@dataclass
class Check:
    """The record of a target and day: on time or late, in use or suspended."""

    late: bool
    suspended: bool


@dataclass
class Model:
    """What the rules say should be there; it knows neither store nor service nor domain."""

    officers: dict[str, tuple[str, ...]]
    suspended: set[str] = field(default_factory=set)
    days: dict[date, dict[tuple[str, str], Line]] = field(default_factory=dict)
    checks: dict[tuple[str, date], Check] = field(default_factory=dict)
    owed: dict[date, set[str]] = field(default_factory=dict)
    closed: list[date] = field(default_factory=list)
    missed: set[tuple[str, date]] = field(default_factory=set)
    vague: set[date] = field(default_factory=set)
    """Days that something broke off, or that somebody raced: what the close found then is not told here."""

    def run(self, now: datetime) -> None:
        today = day_on(now)
        self.close_until(today, MOST)
        self.open(today)

    def list_opened(self, now: datetime) -> None:
        today = day_on(now)
        self.open(today)
        self.close_until(today, 1)

    def close_until(self, today: date, most: int) -> None:
        begun = min(self.days, default=today)
        due = max(self.closed) + ONE_DAY if self.closed else begun
        for _ in range(most):
            if due >= today:
                break
            self.close(due)
            due += ONE_DAY
        # What colleagues entered late for somebody they did not know of is found at the next close.
        for past in self.closed:
            self.settle(past)

    def close(self, due: date) -> None:
        if due not in self.days:
            self.days[due] = {
                (who, code): Line("open", named)
                for code, named in self.officers.items()
                for who in named
                if code not in self.suspended
            }
            self.owed[due] = {code for _, code in self.days[due]}
        self.settle(due)
        for (_, code), line in self.days[due].items():
            if line.state == "open":
                line.state = "missed"
                self.missed.add((code, due))
        self.closed.append(due)

    def settle(self, due: date) -> None:
        for (_, code), line in self.days[due].items():
            check = self.checks.get((code, due))
            if check and line.state in ("open", "missed"):
                line.state = "late" if check.late else "done"

    def open(self, today: date) -> None:
        lines = self.days.setdefault(today, {})
        wanted = {(who, code): named for code, named in self.officers.items() for who in named}
        self.owed[today] = {code for _, code in wanted}
        for key, line in lines.items():
            if key not in wanted and line.state == "open":
                line.state = "withdrawn"
            if key in wanted and line.state == "withdrawn" and (key[1], today) not in self.checks:
                line.state = "open"
        for key, named in wanted.items():
            if key not in lines:
                lines[key] = Line("done" if (key[1], today) in self.checks else "open", named)

    def may_submit(self, who: str, code: str, due: date, now: datetime) -> bool:
        line = self.days.get(due, {}).get((who, code))
        return line is not None and line.state != "withdrawn" and now < late_until(due)

    def submit(self, who: str, code: str, due: date, received: datetime, *, suspended: bool) -> None:
        late = received >= closes_at(due)
        self.checks[code, due] = Check(late, suspended)
        lines = self.days[due]
        known = {who, *lines[who, code].officers, *self.officers.get(code, ())}
        for (other, what), line in lines.items():
            if what == code and other in known and line.state in ("open", "missed"):
                line.state = "late" if late else "done"
        if suspended:
            self.suspended.add(code)
        elif not late:
            self.suspended.discard(code)

    def counts(self, due: date, code: str, state: str) -> Counts:
        if state == "withdrawn":
            return Counts(withdrawn=1)
        check = self.checks.get((code, due))
        if check is None:
            return Counts(due=1, missed=1)
        if check.suspended:
            return Counts(due=1, suspended=1)
        return Counts(due=1, late=int(check.late), on_time=int(not check.late), zero_risk=1)

    def of_unit(self, due: date) -> Counts:
        states: dict[str, str] = {}
        for (_, code), line in self.days[due].items():
            states[code] = line.state if states.get(code, "withdrawn") == "withdrawn" else states[code]
        return sum((self.counts(due, code, state) for code, state in states.items()), Counts())

    def of_person(self, due: date, who: str) -> Counts:
        his = [(code, line.state) for (other, code), line in self.days[due].items() if other == who]
        return sum((self.counts(due, code, state) for code, state in his), Counts())


class Turnover(RuleBasedStateMachine):
    """Some days of a unit of three officers and four elevators."""

    @initialize(start=STARTS)
    def begin(self, start: date) -> None:
        self.targets = {code: target(code, officers=("P1",), next_inspection=None) for code in CODES}
        self.store = WatchedStore()
        self.day = Day(self.roster(), self.store)
        # ``Day`` opened the day of its own clock; this unit begins on its own.
        for shelf in (self.store._rows, self.store._sheets):
            shelf.clear()
        self.day.clock.set(closes_at(start - ONE_DAY) + timedelta(hours=8))
        self.start = start
        self.broken = self.unfollowed = False
        self.kills = 0
        self.was_suspended: set[str] = set()
        self.model = Model(self.officers())
        self.trigger()

    def roster(self) -> Roster:
        return roster([person(who) for who in WHO], self.targets.values())

    def officers(self) -> dict[str, tuple[str, ...]]:
        return {code: thing.officers for code, thing in self.targets.items() if not thing.removed}

    @property
    def now(self) -> datetime:
        return self.day.clock()

    def trigger(self, back: int = 0) -> None:
        due = day_on(self.now) - back * ONE_DAY
        self.day.days.open(OpenUnit(unit=UNIT, duty=Duty.DAILY, due=due))
        self.follow()

    def follow(self) -> None:
        """A run came through: the model does what it should have done."""
        self.model.run(self.now)
        self.broken = self.unfollowed = False

    # --- what happens -----------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.broken)
    @rule(code=SOMETHING, officers=NAMED, removed=st.booleans(), lost=st.booleans())
    def roster_changes(self, code: str, officers: tuple[str, ...], removed: bool, lost: bool) -> None:
        self.targets[code] = replace(self.targets[code], officers=officers, removed=removed)
        self.store.apply(changes(self.roster()))
        self.model.officers = self.officers()
        self.unfollowed = True
        if not lost:
            self.trigger()

    @rule(back=st.integers(0, 3))
    def a_trigger_comes(self, back: int) -> None:
        self.trigger(back)

    @rule(after=WRITES)
    def a_trigger_is_interrupted(self, after: int) -> None:
        if self.unfollowed and day_on(self.now) in self.model.days:
            # How far it came in turning a day that is open already to a newer roster would be anybody's guess.
            return
        self.note_vague()
        self.store.let(die, after=after)
        try:
            self.trigger()
        except Died:
            self.broken = True
            self.kills += 1
        self.store.let_nothing()

    @rule(after=WRITES, back=st.integers(0, 3))
    def two_triggers_come_at_once(self, after: int, back: int) -> None:
        self.store.let(lambda: self.trigger(back), after=after)
        self.trigger()
        self.store.let_nothing()

    @rule(after=WRITES, trigger_first=st.booleans())
    def a_trigger_and_a_list_come_at_once(self, after: int, trigger_first: bool) -> None:
        first, second = (self.trigger, self.repair) if trigger_first else (self.repair, self.trigger)
        self.store.let(second, after=after)
        first()
        self.store.let_nothing()
        self.trigger()

    def repair(self) -> None:
        self.day.days.repair(UNIT, Duty.DAILY)

    @rule(who=SOMEBODY)
    def somebody_opens_his_list(self, who: str) -> None:
        self.store.calls.clear()
        self.day.todos.page(membership(who), None)
        if not self.store.calls["roster"]:
            return
        if self.broken:
            # How many days the broken run had closed would be anybody's guess.
            self.model.open(day_on(self.now))
        else:
            self.model.list_opened(self.now)
        self.unfollowed = False

    @rule(hours=st.integers(1, 40))
    def time_goes_by(self, hours: int) -> None:
        self.move(timedelta(hours=hours))

    @rule(days=st.integers(3, 6))
    def nothing_runs_for_days(self, days: int) -> None:
        self.move(timedelta(days=days))

    def move(self, time: timedelta) -> None:
        """Not further than one run can make good; how the next one goes on is told elsewhere."""
        last = max(self.model.closed, default=self.start - ONE_DAY)
        if day_on(self.now + time) - last <= MOST * ONE_DAY:
            self.day.clock.set(self.now + time)

    @rule(who=SOMEBODY, code=SOMETHING, back=st.integers(0, 3), suspended=st.booleans())
    def somebody_submits(self, who: str, code: str, back: int, suspended: bool) -> None:
        self.submit(who, code, day_on(self.now) - back * ONE_DAY, suspended=suspended)

    @rule(who=SOMEBODY, code=SOMETHING, back=st.integers(0, 3), after=WRITES)
    def somebody_submits_while_a_trigger_is_at_work(self, who: str, code: str, back: int, after: int) -> None:
        self.note_vague()
        due = day_on(self.now) - back * ONE_DAY
        turning = self.unfollowed and due == day_on(self.now)
        if self.model.days.get(due) and not self.broken:
            self.store.let(lambda: self.submit(who, code, due, suspended=False, sure=not turning), after=after)
            self.trigger()
            self.store.let_nothing()
            self.model.run(self.now)
            if turning and (code, due) in self.model.checks:
                self.either_was_first(code, due)

    def either_was_first(self, code: str, due: date) -> None:
        """A row that a newer roster takes away is withdrawn before the submission, or closed by it."""
        for (who, what), line in self.model.days[due].items():
            if what == code:
                found = self.day.row(who, code, due)
                assert found is not None and str(found.state) in {line.state, "withdrawn", "done"}
                line.state = str(found.state)

    @rule(who=SOMEBODY, code=SOMETHING)
    def the_day_closes_while_a_submission_is_on_its_way(self, who: str, code: str) -> None:
        due = day_on(self.now)
        self.day.clock.set(closes_at(due) - timedelta(milliseconds=1))
        self.note_vague()

        def close() -> None:
            self.day.clock.set(closes_at(due))
            self.trigger()

        self.store.let(close)
        self.submit(who, code, due, suspended=False)
        self.store.let_nothing()

    def note_vague(self) -> None:
        today = day_on(self.now)
        self.model.vague |= {self.start + ONE_DAY * n for n in range((today - self.start).days + 1)} - {
            due for due in self.model.closed if due < today
        }

    def submit(self, who: str, code: str, due: date, *, suspended: bool, sure: bool = True) -> None:
        """``sure``: the model knows whether he may; it does not of a row that a newer roster just brings or takes."""
        if (code, due) in self.model.checks or self.broken:
            return
        received = self.now
        act: Callable[..., object] = self.day.stopped if suspended else self.day.request
        may = self.model.may_submit(who, code, due, received)
        try:
            self.day.submit(act(who, code, due=due), who)  # type: ignore[arg-type]
        except Problem as problem:
            assert not (may and sure), problem
            return
        assert may or not sure
        if not sure:
            self.model.days[due].setdefault((who, code), Line("open", self.model.officers.get(code, ())))
        self.model.submit(who, code, due, received, suspended=suspended)
        self.was_suspended |= self.model.suspended

    # --- what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def sums_and_lists_agree_with_what_was_counted(self) -> None:
        """Also when a run broke off between two of its transactions, or another one was faster."""
        books.balance(self.store)

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        killed.note(self.kills)
        self.trigger()
        self.todays_rows_are_those_of_the_roster()
        # As many nights as it takes to catch up and to freeze what was there.
        end = day_on(self.now)
        while not (self.model.closed and max(self.model.closed) >= end + 4 * ONE_DAY):
            self.day.clock.set(closes_at(day_on(self.now)))
            self.trigger()
        assert self.day.run() == 0
        for due in (day for day in self.model.closed if day <= end):
            self.rows_are_as_told(due)
            self.sheets_sum_to_each_target_once(due)
            self.markers_lie_where_something_was_missed(due)
            self.numbers_are_as_told(due)

    def actual(self, due: date) -> dict[tuple[str, str], str]:
        return {(who, row.target): str(row.state) for who in WHO for row in self.day.rows(who, due)}

    def told(self, due: date) -> dict[tuple[str, str], str]:
        return {key: line.state for key, line in self.model.days[due].items()}

    def todays_rows_are_those_of_the_roster(self) -> None:
        today = day_on(self.now)
        assert self.actual(today) == self.told(today)

    def rows_are_as_told(self, due: date) -> None:
        actual, told = self.actual(due), self.told(due)
        if due in self.model.vague:
            # An opening that broke off and was never gone on with asks nothing of what was suspended by then.
            gone = {key for key in told.keys() - actual.keys() if told[key] == "missed"}
            assert {code for _, code in gone} <= self.was_suspended
            told = {key: state for key, state in told.items() if key not in gone}
        assert actual == told, due

    def sheets_sum_to_each_target_once(self, due: date) -> None:
        sheets = self.store.sheets(UNIT, Duty.DAILY, due)
        assert all(sheet.closed for sheet in sheets)
        checked = [code for (code, day) in self.model.checks if day == due]
        assert sum(sum((*sheet.done.values(), *sheet.suspended.values())) for sheet in sheets) == len(checked)
        owed = sum(sum(sheet.owed.values()) for sheet in sheets)
        if due in self.model.vague:
            assert owed <= len({code for (_, code), state in self.actual(due).items() if state != "withdrawn"})
        else:
            assert owed == len(self.model.owed[due]), due

    def markers_lie_where_something_was_missed(self, due: date) -> None:
        for code in CODES:
            marker = self.day.missed(code, due)
            still = {who for who in WHO if (row := self.day.row(who, code, due)) and row.missed_at}
            assert marker or not still, (code, due)
            if due not in self.model.vague:
                assert bool(marker) == ((code, due) in self.model.missed), (code, due)

    def numbers_are_as_told(self, due: date) -> None:
        rollup = self.day.rollup(due)
        assert rollup is not None and rollup.final, due
        if self.actual(due) == self.told(due):
            assert rollup.kinds.get("3000", Counts()) == self.model.of_unit(due), due
            for who in WHO:
                assert rollup.people.get(who, {}).get("3000", Counts()) == self.model.of_person(due, who), (due, who)


@pytest.mark.campaign
def test_after_any_history_every_day_ends_as_the_model_says() -> None:
    # What makes a day end otherwise takes several things at once: four times as many histories as elsewhere.
    many = settings(max_examples=size(4 * settings().max_examples, 1_200))
    with small_transactions:
        run_state_machine_as_test(Turnover, settings=many)
    killed.told()
