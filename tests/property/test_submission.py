"""Whatever officers send, in any order, twice or at once: what was acknowledged is kept, once, in one whole chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from schemas.inspections import AnswerRequest, InspectionRequest, Receipt
from schemas.language import Duty, Grade, Stamp, TargetState, TaskState
from tean.domain.calendar import closes_at, late_until
from tean.domain.errors import Problem
from tests.campaign import size
from tests.fakes.builders import DAY, UNIT, person, roster, target
from tests.fakes.day import Day, failed, mended
from tests.fakes.watched import WatchedStore

HOLDERS = {"E-1": ("P1", "P2"), "E-2": ("P2", "P3")}
DAYS = (DAY - timedelta(days=1), DAY)
WHO = st.sampled_from(["P1", "P2", "P3"])
WHERE = st.sampled_from(sorted(HOLDERS))
DUE = st.sampled_from(DAYS)
WHAT = st.sampled_from(["clean", "serious", "major, kept", "major, stopped", "on site", "suspended"])
FAILS = {"serious": Grade.SERIOUS, "major, kept": Grade.MAJOR, "major, stopped": Grade.MAJOR}
STOPS = ("suspended", "major, stopped")


@dataclass
class Model:
    """What the law of the product says should be there; it knows neither store nor service."""

    firsts: dict[tuple[str, date], str] = field(default_factory=dict)
    kept: dict[tuple[str, date, str], InspectionRequest] = field(default_factory=dict)
    order: dict[str, list[tuple[str, date]]] = field(default_factory=lambda: {code: [] for code in HOLDERS})
    suspended: set[str] = field(default_factory=set)
    open: dict[str, Counter[Grade]] = field(default_factory=lambda: {code: Counter() for code in HOLDERS})
    late: dict[tuple[str, date], bool] = field(default_factory=dict)

    def outcome(self, who: str, request: InspectionRequest, what: str, now: datetime) -> str:
        """``kept``, ``again``, or the code of the refusal; in the first case it is kept."""
        where, due = request.target, request.due
        if before := self.kept.get((where, due, who)):
            return "again" if before == request else "inspection.already_submitted"
        if who not in HOLDERS[where]:
            return "task.unknown"
        if now >= late_until(due):
            return "inspection.closed"
        if what not in STOPS and where in self.suspended and self.restarts(who, where, due, now):
            if self.open[where][Grade.MAJOR]:
                return "target.major_hazard_open"
            if what in FAILS and FAILS[what] is Grade.MAJOR:
                return "target.major_hazard_found"
        self.keep(who, request, what, late=now >= closes_at(due))
        return "kept"

    def restarts(self, who: str, where: str, due: date, now: datetime) -> bool:
        """Whoever says on the day, and first, how the target is; the others only say how they found it."""
        return now < closes_at(due) and self.firsts.get((where, due), who) == who

    def keep(self, who: str, request: InspectionRequest, what: str, *, late: bool) -> None:
        where, due = request.target, request.due
        self.kept[where, due, who] = request
        self.order[where].append((who, due))
        if self.firsts.setdefault((where, due), who) == who:
            self.late[where, due] = late
        if what in STOPS:
            self.suspended.add(where)
        elif not late and self.firsts[where, due] == who:
            self.suspended.discard(where)
        if what in FAILS:
            self.open[where][FAILS[what]] += 1

    def stamp(self, where: str, what: str) -> Stamp | None:
        if what != "clean":
            return None
        return Stamp.NO_NEW_HAZARD if self.open[where].total() else Stamp.ZERO_RISK


class Submissions(RuleBasedStateMachine):
    """Three officers, two shared targets, two days."""

    def __init__(self) -> None:
        super().__init__()
        things = [target(code, officers=officers) for code, officers in HOLDERS.items()]
        self.store = WatchedStore()
        self.day = Day(roster([person(who) for who in ("P1", "P2", "P3")], things), self.store)
        self.day.open(DAYS[0])
        self.model = Model()
        self.sent: list[tuple[str, InspectionRequest, str]] = []
        self.receipts: dict[tuple[str, date, str], Receipt] = {}

    def draft(self, who: str, where: str, due: date, what: str) -> InspectionRequest:
        if what == "suspended":
            return self.day.stopped(who, where, due=due)
        decided: dict[str, Any] = {"major, stopped": {"stop_use": True}, "major, kept": {"kept_in_use": "已派人看守"}}
        return self.day.request(who, where, due=due, answers=self.answers(who, what), **decided.get(what, {}))

    def answers(self, who: str, what: str) -> Mapping[str, AnswerRequest]:
        photos = (self.day.file(who),)
        return {
            "clean": {},
            "serious": {"EL-D-02": failed("EL-D-02", photos=photos)},
            "major, kept": {"EL-D-05": failed("EL-D-05", photos=photos)},
            "major, stopped": {"EL-D-05": failed("EL-D-05", photos=photos)},
            "on site": {"EL-D-01": mended("EL-D-01")},
        }[what]

    def submit(self, who: str, request: InspectionRequest, what: str) -> None:
        """Send it, and hold the answer against the model's."""
        self.day.clock.move(seconds=1)
        try:
            receipt = self.day.submit(request, who)
        except Problem as problem:
            assert self.model.outcome(who, request, what, self.day.clock()) == problem.code
            return
        key = request.target, request.due, who
        stamp = self.model.stamp(request.target, what)
        if self.model.outcome(who, request, what, self.day.clock()) == "again":
            assert receipt == self.receipts[key]
            return
        assert self.receipts.setdefault(key, receipt) is receipt
        assert receipt.stamp is stamp
        assert (receipt.first.person if receipt.first else who) == self.model.firsts[request.target, request.due]

    @rule(who=WHO, where=WHERE, due=DUE, what=WHAT)
    def somebody_submits(self, who: str, where: str, due: date, what: str) -> None:
        request = self.draft(who, where, due, what)
        self.sent.append((who, request, what))
        self.submit(who, request, what)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def something_is_sent_again(self, data: st.DataObject) -> None:
        self.submit(*data.draw(st.sampled_from(self.sent)))

    @rule(who=WHO, other=WHO, where=WHERE, due=DUE, what=WHAT, meanwhile=WHAT)
    def somebody_comes_between(self, who: str, other: str, where: str, due: date, what: str, meanwhile: str) -> None:
        slow, fast = self.draft(who, where, due, what), self.draft(other, where, due, meanwhile)
        self.sent += [(who, slow, what), (other, fast, meanwhile)]
        self.store.let(lambda: self.submit(other, fast, meanwhile))
        self.submit(who, slow, what)
        self.store.let_nothing()

    @rule(hours=st.integers(1, 20))
    def time_goes_by(self, hours: int) -> None:
        self.day.clock.move(hours=hours)

    @invariant()
    def what_was_acknowledged_is_kept_in_its_order(self) -> None:
        for where, order in self.model.order.items():
            chain = self.day.chain(where)
            assert [(record.person, record.due) for record in chain] == order
            ids = {(record.person, record.due): record.id for record in chain}
            receipts = {(who, due): one.record for (place, due, who), one in self.receipts.items() if place == where}
            assert ids == receipts

    @invariant()
    def every_chain_is_whole(self) -> None:
        for where in HOLDERS:
            chain = self.day.chain(where)
            assert [record.seq for record in chain] == list(range(1, len(chain) + 1))
            links = [None, *(record.sha256 for record in chain)]
            assert [record.previous for record in chain] == links[:-1]
            assert (self.day.head(where).seq, self.day.head(where).hash) == (len(chain), links[-1])

    @invariant()
    def sheets_count_each_target_once_for_who_was_first(self) -> None:
        for due in DAYS:
            for who in ("P1", "P2", "P3"):
                sheet = self.day.sheet(who, due)
                counted = sum(sheet.done.values()) + sum(sheet.suspended.values()) if sheet else 0
                assert counted == sum(first == who for (_, day), first in self.model.firsts.items() if day == due)

    @invariant()
    def a_row_is_closed_exactly_when_its_target_was_checked(self) -> None:
        for where, officers in HOLDERS.items():
            for due in DAYS:
                late = self.model.late.get((where, due))
                state = TaskState.OPEN if late is None else TaskState.LATE if late else TaskState.DONE
                assert {self.day.states(who, due)[where] for who in officers} == {state}

    @invariant()
    def heads_count_the_open_hazards_and_targets_stand_as_last_said(self) -> None:
        for where in HOLDERS:
            assert +Counter(self.day.head(where).open_hazards) == +self.model.open[where]
            thing = self.store.target(UNIT, where)
            assert thing is not None
            assert (thing.state is TargetState.SUSPENDED) == (where in self.model.suspended)

    @invariant()
    def every_reported_hazard_is_named_by_a_receipt(self) -> None:
        named = [hazard for receipt in self.receipts.values() for hazard in receipt.hazards]
        assert len(named) == len(set(named)) == sum(count.total() for count in self.model.open.values())
        for id in named:
            assert self.store.hazard(UNIT, id) is not None

    def teardown(self) -> None:
        for (where, due, who), receipt in self.receipts.items():
            kept = self.store.record(UNIT, where, receipt.record)
            assert kept is not None
            assert (kept.duty, kept.due, kept.person, kept.received_at) == (Duty.DAILY, due, who, receipt.received_at)


@pytest.mark.campaign
def test_what_was_acknowledged_is_kept_once_in_a_whole_chain() -> None:
    run_state_machine_as_test(Submissions, settings=settings(max_examples=size(settings().max_examples, 1_500)))
