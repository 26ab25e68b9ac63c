"""Weekly and monthly duties and their reports: whatever roster, triggers and people do, every bucket ends as a small
model says that is told in plain words here. What each night does to a day is tried in ``test_turnover``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from schemas.events import OpenUnit
from schemas.language import Duty, PersonState, Role
from tean.domain.calendar import SHANGHAI
from tean.domain.errors import Problem
from tean.domain.membership import post_of
from tean.domain.registry import Person, Roster
from tean.domain.rollups import Counts
from tean.services import days
from tests.campaign import size
from tests.fakes import books
from tests.fakes.builders import UNIT, changes, membership, person, roster, target
from tests.fakes.day import Day
from tests.fakes.watched import Died, WatchedStore, die
from tests.property import killed

OFFICERS, DIRECTORS, PRINCIPALS = ("P1", "P2", "P3"), ("D1", "D2"), ("B1", "B2")
ROLES = {
    **dict.fromkeys(OFFICERS, Role.OFFICER),
    **dict.fromkeys(DIRECTORS, Role.DIRECTOR),
    **dict.fromkeys(PRINCIPALS, Role.PRINCIPAL),
}
KINDS = {"E-0": "3000", "E-1": "3000", "E-2": "1000", "E-3": "4000"}
SOMEBODY, SOMETHING = st.sampled_from(sorted(ROLES)), st.sampled_from(sorted(KINDS))
KIND = st.sampled_from(sorted(set(KINDS.values())))
NAMED = st.lists(st.sampled_from(OFFICERS), unique=True, max_size=3).map(tuple)
NARROWED = st.lists(KIND, unique=True, max_size=2).map(frozenset)
STARTS = st.one_of(
    st.sampled_from([date(2026, 12, 28), date(2027, 1, 31), date(2028, 2, 28), date(2028, 12, 30), date(2030, 1, 1)]),
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
)
WRITES = st.integers(0, 6)
MOST = 7
FIVE_MINUTES = timedelta(minutes=5)
WEEKLY = (Duty.WEEKLY, Duty.WEEKLY_REPORT)


def bucket(duty: Duty, day: date) -> date:
    return day - timedelta(days=day.weekday()) if duty in WEEKLY else day.replace(day=1)


def over_on(duty: Duty, due: date) -> date:
    """The first day after a bucket."""
    return due + timedelta(days=7) if duty in WEEKLY else (due + timedelta(days=32)).replace(day=1)


def at_five_past(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 0, 5, tzinfo=SHANGHAI)


@dataclass
class Line:
    """One post's row of one bucket; ``known`` are the people its record is known to stand for."""

    state: str
    known: tuple[str, ...]


@dataclass
class Model:
    """What the rules say should be there; it knows neither store nor service nor domain."""

    duty: Duty
    begun: date
    lines: dict[date, dict[tuple[str, str], Line]] = field(default_factory=dict)
    late: dict[tuple[str, str, date], bool] = field(default_factory=dict)
    """Of what was recorded, by kind, share and bucket: whether late."""
    closed: set[date] = field(default_factory=set)

    def asked(self, people: dict[str, Person], targets: dict[str, tuple[tuple[str, ...], bool]]) -> dict[Any, Any]:
        there = {who: one for who, one in people.items() if one.state is PersonState.ACTIVE}
        owned = {KINDS[code] for code, (_, removed) in targets.items() if not removed}
        checkers: dict[str, set[str]] = {}
        for code, (named, removed) in targets.items():
            for who in named:
                if who in there and not removed:
                    checkers.setdefault(KINDS[code], set()).add(who)
        wanted: dict[tuple[str, str], tuple[str, ...]] = {}
        if self.duty in (Duty.WEEKLY, Duty.MONTHLY):
            wanted |= {(who, kind): (who,) for kind, his in checkers.items() for who in his}
        for kind in owned:
            directors = tuple(
                who for who in DIRECTORS if who in there and (not there[who].kinds or kind in there[who].kinds)
            )
            if kind in checkers:
                wanted |= {(who, kind): directors for who in directors}
            if self.duty not in WEEKLY or (kind in checkers and not directors):
                principals = tuple(who for who in PRINCIPALS if who in there)
                wanted |= {(who, kind): principals for who in principals}
        return wanted

    def run(self, now: datetime, wanted: dict[tuple[str, str], tuple[str, ...]]) -> None:
        on = bucket(self.duty, (now.astimezone(SHANGHAI) - FIVE_MINUTES).date())
        due = self.begun
        while due < on:
            if due not in self.closed:
                # Never opened: by the roster as it is now.
                self.lines.setdefault(due, {key: Line("open", known) for key, known in wanted.items()})
            self.settle(due)
            for line in self.lines[due].values():
                line.state = "missed" if line.state == "open" else line.state
            self.closed.add(due)
            due = over_on(self.duty, due)
        self.open(on, wanted)

    def open(self, on: date, wanted: dict[tuple[str, str], tuple[str, ...]]) -> None:
        lines = self.lines.setdefault(on, {})
        for key, line in lines.items():
            recorded = (key[1], self.share(key[0]), on) in self.late
            if key not in wanted and line.state == "open":
                line.state = "withdrawn"
            if key in wanted and line.state == "withdrawn" and not recorded:
                line.state = "open"
        for key, known in wanted.items():
            recorded = (key[1], self.share(key[0]), on) in self.late
            lines.setdefault(key, Line("done" if recorded else "open", known))

    def settle(self, due: date) -> None:
        for (who, kind), line in self.lines[due].items():
            late = self.late.get((kind, self.share(who), due))
            if late is not None and line.state in ("open", "missed"):
                line.state = "late" if late else "done"

    def share(self, who: str) -> str:
        return who if ROLES[who] is Role.OFFICER else str(ROLES[who])

    def may_submit(self, who: str, kind: str, due: date, now: datetime) -> bool:
        line = self.lines.get(due, {}).get((who, kind))
        ends = at_five_past(over_on(self.duty, due) + timedelta(days=2))
        return line is not None and line.state != "withdrawn" and now < ends

    def submit(self, who: str, kind: str, due: date, received: datetime) -> None:
        late = received >= at_five_past(over_on(self.duty, due))
        self.late[kind, self.share(who), due] = late
        for (other, what), line in self.lines[due].items():
            known = other in self.lines[due][who, kind].known
            if what == kind and known and self.share(other) == self.share(who) and line.state in ("open", "missed"):
                line.state = "late" if late else "done"

    def counts(self, due: date, who: str, kind: str, state: str) -> Counts:
        if state == "withdrawn":
            return Counts(withdrawn=1)
        late = self.late.get((kind, self.share(who), due))
        if late is None:
            return Counts(due=1, missed=1)
        return Counts(due=1, late=int(late), on_time=int(not late), zero_risk=1)

    def of_kind(self, due: date, kind: str) -> Counts:
        shares: dict[str, tuple[str, str]] = {}
        for (who, what), line in self.lines[due].items():
            if what == kind and shares.get(self.share(who), ("", "withdrawn"))[1] == "withdrawn":
                shares[self.share(who)] = (who, line.state)
        return sum((self.counts(due, who, kind, state) for who, state in shares.values()), Counts())

    def of_post(self, due: date, who: str, kind: str) -> Counts:
        line = self.lines[due].get((who, kind))
        return self.counts(due, who, kind, line.state) if line else Counts()


class Weeks(RuleBasedStateMachine):
    """Some buckets of one duty of a unit with three officers, two directors and two principals."""

    duty: Duty

    @initialize(start=STARTS)
    def begin(self, start: date) -> None:
        self.people = {who: person(who, role) for who, role in ROLES.items()}
        self.targets: dict[str, tuple[tuple[str, ...], bool]] = dict.fromkeys(KINDS, (("P1",), False))
        self.store = WatchedStore()
        self.day = Day(self.roster(), self.store, duties=())
        self.day.clock.set(at_five_past(start) + timedelta(hours=8))
        self.kills = 0
        self.model = Model(self.duty, bucket(self.duty, start))
        self.trigger()

    def roster(self) -> Roster:
        things = [
            target(code, kind=KINDS[code], subtype=None, officers=named, removed=removed)
            for code, (named, removed) in self.targets.items()
        ]
        return roster(self.people.values(), things)

    @property
    def now(self) -> datetime:
        return self.day.clock()

    @property
    def on(self) -> date:
        return bucket(self.duty, (self.now.astimezone(SHANGHAI) - FIVE_MINUTES).date())

    def trigger(self, back: int = 0) -> None:
        due = self.now.astimezone(SHANGHAI).date() - timedelta(days=back)
        self.day.days.open(OpenUnit(unit=UNIT, duty=self.duty, due=min(due, self.on)))
        self.model.run(self.now, self.model.asked(self.people, self.targets))

    # --- what happens -----------------------------------------------------------------------------------------------

    @rule(code=SOMETHING, officers=NAMED, removed=st.booleans())
    def a_target_changes(self, code: str, officers: tuple[str, ...], removed: bool) -> None:
        self.trigger()
        self.targets[code] = (officers, removed)
        self.apply()

    @rule(who=SOMEBODY, there=st.booleans(), kinds=NARROWED)
    def a_person_changes(self, who: str, there: bool, kinds: frozenset[str]) -> None:
        self.trigger()
        state = PersonState.ACTIVE if there else PersonState.DISMISSED
        narrowed = kinds if who in DIRECTORS else frozenset[str]()
        self.people[who] = replace(self.people[who], state=state, kinds=narrowed)
        self.apply()

    def apply(self) -> None:
        """To be called when what is over was closed with the roster as it was."""
        self.store.apply(changes(self.roster()))
        self.trigger()

    @rule(back=st.integers(0, 3))
    def a_trigger_comes(self, back: int) -> None:
        self.trigger(back)

    @rule(after=WRITES)
    def a_trigger_is_interrupted_and_delivered_again(self, after: int) -> None:
        self.store.let(die, after=after)
        try:
            self.trigger()
        except Died:
            self.kills += 1
            self.store.let_nothing()
            self.trigger()
        self.store.let_nothing()

    @rule(after=WRITES, back=st.integers(0, 3))
    def two_triggers_come_at_once(self, after: int, back: int) -> None:
        self.store.let(lambda: self.trigger(back), after=after)
        self.trigger()
        self.store.let_nothing()

    @rule(hours=st.integers(1, 60))
    def time_goes_by(self, hours: int) -> None:
        self.go_to(self.now + timedelta(hours=hours))

    @rule(days=st.integers(3, 12))
    def nothing_runs_for_days(self, days: int) -> None:
        self.go_to(self.now + timedelta(days=days))

    @rule(to_the_close=st.booleans())
    def the_bucket_ends(self, to_the_close: bool) -> None:
        self.go_to(at_five_past(over_on(self.duty, self.on)) - timedelta(milliseconds=int(not to_the_close)))

    def go_to(self, then: datetime) -> None:
        """Not further than one run can make good."""
        left, due = 0, self.model.begun
        while due < bucket(self.duty, (then.astimezone(SHANGHAI) - FIVE_MINUTES).date()):
            left += due not in self.model.closed
            due = over_on(self.duty, due)
        if left <= MOST:
            self.day.clock.set(then)

    @rule(who=SOMEBODY, kind=KIND, earlier=st.booleans())
    def somebody_submits(self, who: str, kind: str, earlier: bool) -> None:
        self.submit(who, kind, self.bucket_of(earlier))

    @rule(who=SOMEBODY, kind=KIND, earlier=st.booleans(), after=WRITES)
    def somebody_submits_while_a_trigger_is_at_work(self, who: str, kind: str, earlier: bool, after: int) -> None:
        self.trigger()
        self.store.let(lambda: self.submit(who, kind, self.bucket_of(earlier)), after=after)
        self.trigger()
        self.store.let_nothing()
        self.trigger()

    def bucket_of(self, earlier: bool) -> date:
        return bucket(self.duty, self.on - timedelta(days=1)) if earlier else self.on

    def submit(self, who: str, kind: str, due: date) -> None:
        if self.duty not in (Duty.WEEKLY, Duty.MONTHLY) or (kind, self.model.share(who), due) in self.model.late:
            return
        gone = self.people[who].state is not PersonState.ACTIVE
        may = self.model.may_submit(who, kind, due, self.now) and not gone
        member = membership(who, ROLES[who])
        try:
            self.day.inspections.submit(member, self.day.inspection(who, kind, self.duty, due=due))
        except Problem as problem:
            assert not may, problem
            return
        assert may
        self.model.submit(who, kind, due, self.now)

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
        end = self.on
        self.rows_are_as_told(end)
        self.day.clock.set(at_five_past(over_on(self.duty, end)))
        self.trigger()
        self.day.clock.set(self.now + timedelta(days=3))
        self.trigger()
        assert self.day.days.open(OpenUnit(unit=UNIT, duty=self.duty, due=self.on)) == 0
        for due in sorted(self.model.closed):
            self.rows_are_as_told(due)
            self.sheets_sum_to_each_record_once(due)
            self.markers_lie_where_something_was_missed(due)
            self.numbers_are_as_told(due)

    def rows_are_as_told(self, due: date) -> None:
        told = {key: line.state for key, line in self.model.lines[due].items()}
        actual = {
            (who, row.target): str(row.state)
            for who, role in ROLES.items()
            for row in self.store.rows(UNIT, post_of(who, role), self.duty, due)
        }
        assert actual == told, due

    def sheets_sum_to_each_record_once(self, due: date) -> None:
        sheets = self.store.sheets(UNIT, self.duty, due)
        recorded = [one for one in self.model.late if one[2] == due]
        assert sum(sum(sheet.done.values()) for sheet in sheets) == len(recorded), due
        assert all(sheet.closed for sheet in sheets)

    def markers_lie_where_something_was_missed(self, due: date) -> None:
        for (who, kind), line in self.model.lines[due].items():
            share = f"officer-{who}" if ROLES[who] is Role.OFFICER else str(ROLES[who])
            marker = self.store.missed(UNIT, kind, self.duty, due, share)
            if line.state == "missed":
                assert marker is not None and who in marker.officers, (who, kind, due)

    def numbers_are_as_told(self, due: date) -> None:
        known = {rollup.due: rollup for rollup in self.store.rollups(UNIT, self.duty, until=due, limit=1)}
        assert known[due].final
        for kind in set(KINDS.values()):
            assert known[due].kinds.get(kind, Counts()) == self.model.of_kind(due, kind), (due, kind)
            for who, role in ROLES.items():
                his = known[due].people.get(post_of(who, role), {}).get(kind, Counts())
                assert his == self.model.of_post(due, who, kind), (due, who, kind)


@pytest.mark.campaign
@pytest.mark.parametrize("duty", [duty for duty in Duty if duty is not Duty.DAILY])
def test_after_any_history_every_bucket_ends_as_the_model_says(duty: Duty) -> None:
    machine = type(f"Weeks{duty}", (Weeks,), {"duty": duty})
    # Three writes a transaction: a handful of rows already needs several.
    with patch.object(days, "MOST_WRITES", 3):
        run_state_machine_as_test(machine, settings=settings(max_examples=size(settings().max_examples, 500)))
    killed.told()
