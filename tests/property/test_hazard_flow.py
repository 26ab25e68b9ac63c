"""A hazard goes one way, one step at a time, whoever pushes at once; heads, lists and chain always say where it stands.

Races are threads that start together. What each of them was told has to be what the model tells in some order, and of
all who saw the same version one is through.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from schemas.hazards import ExtensionRequest, HazardQuery, OrderRequest, RectificationRequest, RegradeRequest, Seen
from schemas.inspections import Receipt
from schemas.language import Duty, Grade, HazardState, Role, Stamp
from tean.adapters.ports.days import PutRow, PutSheet
from tean.domain.calendar import bucket, business_date
from tean.domain.errors import Problem
from tean.domain.membership import Membership
from tests.campaign import size, tell
from tests.fakes.builders import UNIT, membership, person, roster, row, sheet, target
from tests.fakes.day import Day, failed
from tests.fakes.dynamo import moto_store, taking_turns
from tests.fakes.flow import ORDERED, RECTIFIED, STANDS, Known, Push, Told, in_some_order
from tests.fakes.scenes import race
from tests.fakes.store import FakeStore

OFFICERS = ("P1", "P2", "D2")
"""``D2`` is officer and director at once; all three hold the one elevator."""
DIRECTORS, PRINCIPAL = ("D1", "D2"), membership("B1", Role.PRINCIPAL)
WHO = st.sampled_from(OFFICERS)
MEMBERS = [
    *map(membership, OFFICERS),
    *(membership(who, Role.DIRECTOR) for who in DIRECTORS),
    PRINCIPAL,
]
ITEMS = {
    "EL-D-01": Grade.GENERAL, "EL-D-02": Grade.SERIOUS, "EL-D-05": Grade.MAJOR,
    "EL-W-01": Grade.SERIOUS, "EL-W-07": Grade.MAJOR, "EL-M-01": Grade.SERIOUS, "EL-M-07": Grade.MAJOR,
}  # fmt: skip
DAILY = [item for item in ITEMS if "-D-" in item]
FOUND_BY = {Duty.WEEKLY: ["EL-W-01", "EL-W-07"], Duty.MONTHLY: ["EL-M-01", "EL-M-07"]}
REASONS = [None, "只有一名总监"]
GRADES = list(Grade)
KINDS: list[type[Any]] = [OrderRequest, ExtensionRequest, RegradeRequest, RectificationRequest]

counted: Counter[str] = Counter()


def mostly(dice: Random) -> bool:
    """Whether a person saw what is, and does what is his."""
    return dice.random() < 0.75


@contextmanager
def restless() -> Iterator[None]:
    """Threads that give way to each other all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class HazardFlow(RuleBasedStateMachine):
    """One elevator, three officers, two directors, a principal, many days, weeks and months."""

    def __init__(self) -> None:
        super().__init__()
        double = person("D2", roles={role: membership().sides for role in (Role.OFFICER, Role.DIRECTOR)})
        people = (
            person("P1"), person("P2"), double, person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL),
        )  # fmt: skip
        self.left = ExitStack()
        self.dice = Random(0)
        self.day = Day(roster(people, (target(officers=OFFICERS),)), self.store(), duties=())
        self.known: dict[str, Known] = {}
        self.sent: list[tuple[str, Push]] = []
        self.checks = 0

    def store(self) -> FakeStore:
        return FakeStore()

    @property
    def today(self) -> date:
        return business_date(self.day.clock())

    @initialize(seed=st.integers(1, 1 << 32))
    def throw(self, seed: int) -> None:
        """Who is faster is left to chance, what is pushed next depends on it, and what hypothesis draws must not."""
        self.dice = Random(seed)

    # What is found.

    @rule(who=WHO, items=st.lists(st.sampled_from(DAILY), unique=True))
    def another_day_is_checked(self, who: str, items: list[str]) -> None:
        clean = self.clean_stamp()
        receipt = self.new_check(who, items)()
        assert receipt.stamp is (None if items else clean)
        self.note(receipt, who)

    @rule(duty=st.sampled_from(sorted(FOUND_BY)), member=st.sampled_from(MEMBERS))
    def another_week_or_month_is_inspected(self, duty: Duty, member: Membership) -> None:
        self.day.clock.move(days=7 if duty is Duty.WEEKLY else 32 - self.today.day)
        items = self.dice.sample(FOUND_BY[duty], self.dice.randint(0, 1))
        devices: tuple[str, ...] = self.dice.choice([(), ("E-1",)])
        deadline = self.dice.choice([None, self.today + timedelta(days=2)])
        photos = (self.day.file(member.person),)
        answers = {item: failed(item, devices=devices, deadline=deadline, photos=photos) for item in items}
        nothing_open = all(one.state is RECTIFIED for one in self.known.values())
        self.owes(member, duty, "3000")
        request = self.day.inspection(member.person, duty=duty, answers=answers)
        receipt = self.day.inspections.submit(member, request)
        assert receipt.stamp is (None if items else Stamp.ZERO_RISK if nothing_open else Stamp.NO_NEW_HAZARD)
        self.note(receipt, member.person, duty=duty, devices=devices, state=ORDERED, deadline=deadline)

    def new_check(self, who: str, items: Sequence[str]) -> Callable[[], Receipt]:
        self.day.clock.move(days=1)
        self.owes(membership(who), Duty.DAILY, "E-1")
        self.checks += 1
        kept = "已派人看守" if "EL-D-05" in items else None
        answers = self.day.failing(*items, who=who)
        request = self.day.request(who, due=self.today, answers=answers, kept_in_use=kept)
        return lambda: self.day.submit(request, who)

    def note(self, receipt: Receipt, finder: str, **fields: Any) -> None:
        assert len(receipt.hazards) == receipt.fails
        for id in receipt.hazards:
            self.known[id] = Known(finder, ITEMS[id.split(".")[2]], OFFICERS, **fields)

    def clean_stamp(self) -> Stamp:
        """What a check without a fail gets now."""
        return Stamp.NO_NEW_HAZARD if self.open_at("E-1") else Stamp.ZERO_RISK

    def open_at(self, place: str) -> Counter[Grade]:
        still = [(id, one) for id, one in self.known.items() if one.state is not RECTIFIED]
        return Counter(one.grade for id, one in still if place in (one.devices or (id.split(".")[1],)))

    def owes(self, member: Membership, duty: Duty, where: str) -> None:
        """His task of today's bucket. How days are turned over is tried elsewhere, and takes longer than all this."""
        due = bucket(duty, self.today)
        task = row(member.person, where, duty=duty, due=due, role=member.role)
        owed = sheet(member.person, duty=duty, due=due, role=member.role)
        assert self.day.store.write_day(UNIT, [PutRow(task), PutSheet(owed)])

    @rule(days=st.integers(1, 4))
    def time_goes_by(self, days: int) -> None:
        self.day.clock.move(days=days)

    # What is pushed.

    @rule(times=st.integers(1, 4))
    def somebody_pushes(self, times: int) -> None:
        for _ in range(times if self.known else 0):
            id = self.dice.choice(sorted(self.known))
            self.push(id, self.some(id))

    @rule()
    def an_answer_got_lost(self) -> None:
        if self.sent:
            self.push(*self.dice.choice(self.sent))

    @rule(times=st.integers(1, 4), others=st.integers(1, 3))
    def many_push_at_once(self, times: int, others: int) -> None:
        for _ in range(times):
            self.race(self.unsettled(), others)

    def race(self, id: str, others: int) -> None:
        pushes = [self.fitting(id), *(self.some(id) for _ in range(others))]
        with restless():
            told = race([partial(self.told, id, one) for one in pushes])
        self.one_was_faster(id, pushes, told)

    @rule(who=WHO, items=st.lists(st.sampled_from(DAILY), unique=True, max_size=2))
    def a_check_and_steps_at_once(self, who: str, items: list[str]) -> None:
        id = self.unsettled()
        submit, before = self.new_check(who, items), self.clean_stamp()
        pushes = [self.fitting(id), self.some(id)]
        steps = [partial(self.told, id, one) for one in pushes]
        with restless():
            receipt, *told = race(cast(list[Callable[[], Any]], [submit, *steps]))
        self.one_was_faster(id, pushes, told)
        assert receipt.stamp in ([None] if items else [before, self.clean_stamp()])
        self.note(receipt, who)

    def unsettled(self) -> str:
        """A hazard that is still open; found now, when there is none."""
        if all(one.state is RECTIFIED for one in self.known.values()):
            self.another_day_is_checked("P1", ["EL-D-02"])
        return self.dice.choice(sorted(id for id, one in self.known.items() if one.state is not RECTIFIED))

    def push(self, id: str, push: Push) -> None:
        """Try a step, and hold the answer against the model's."""
        expected, self.known[id] = self.known[id].answer(push, self.today)
        assert self.told(id, push) == expected
        self.remember(id, push)

    def one_was_faster(self, id: str, pushes: Sequence[Push], told: Sequence[Told]) -> None:
        """Of those who saw the same version one is through, and everybody else was told so."""
        known = self.known[id]
        end = in_some_order(known, list(zip(pushes, told, strict=True)), self.today)
        assert end is not None, (known, pushes, told)
        assert end.version == known.version + 1, (known, pushes, told)
        counted["races"] += 1
        self.known[id] = end
        self.stands(id)
        for push in pushes:
            self.remember(id, push)

    def remember(self, id: str, push: Push) -> None:
        self.sent.append((id, push))
        counted["steps"] += 1

    def told(self, id: str, push: Push) -> Told:
        steps, request = self.day.hazard_steps, push.request
        try:
            match request:
                case OrderRequest():
                    answer = steps.order(push.member, id, request)
                case ExtensionRequest():
                    answer = steps.ask_extension(push.member, id, request)
                case RegradeRequest():
                    answer = steps.regrade(push.member, id, request)
                case _:
                    answer = steps.rectify(push.member, id, request)
        except Problem as problem:
            return Told(problem.code, problem.details.get("version"))
        assert answer.hazard == id
        return Told(STANDS, answer.version)

    # Who pushes, and what.

    def fitting(self, id: str) -> Push:
        """A step that can be taken now."""
        known = self.known[id]
        daily = known.duty is Duty.DAILY
        leader = PRINCIPAL if known.duty is Duty.MONTHLY else membership("D1", Role.DIRECTOR)
        holder = membership(known.assignee) if known.assignee else leader
        seen = Seen(version=known.version, grade=known.grade, state=known.state, duty=known.duty, devices=known.devices)
        kinds: list[type[Any]] = [RegradeRequest]
        kinds += [OrderRequest] if daily else []
        kinds += [RectificationRequest] if known.state is ORDERED else []
        kinds += [ExtensionRequest] if daily and known.state is ORDERED else []
        kind = self.dice.choice(kinds)
        member = holder if kind in (ExtensionRequest, RectificationRequest) else leader
        return Push(member, self.made(kind, member, seen, known, good=True))

    def some(self, id: str) -> Push:
        """A step that somebody tries who may have seen something older, or has no business with it."""
        known = self.known[id]
        kind, good = self.dice.choice(KINDS), mostly(self.dice)
        member = self.dice.choice(self.likely(kind, known) if good else MEMBERS)
        seen = Seen(
            version=max(1, known.version - (0 if mostly(self.dice) else 1)),
            grade=known.grade if mostly(self.dice) else self.dice.choice(GRADES),
            state=known.state if mostly(self.dice) else self.dice.choice([None, *HazardState]),
            duty=known.duty if mostly(self.dice) else self.dice.choice([Duty.DAILY, *FOUND_BY]),
            devices=known.devices if mostly(self.dice) else self.dice.choice([(), ("E-1",)]),
        )
        return Push(member, self.made(kind, member, seen, known, good=good))

    def likely(self, kind: type[Any], known: Known) -> list[Membership]:
        """Whose step it mostly is."""
        directors = [one for one in MEMBERS if one.role is Role.DIRECTOR]
        if known.duty is Duty.MONTHLY:
            return [PRINCIPAL]
        if kind in (RectificationRequest, ExtensionRequest) and known.duty is Duty.DAILY:
            return [membership(known.assignee or "P1")]
        finders = [one for one in MEMBERS if one.person == known.finder]
        return [*directors, *finders] if kind is RegradeRequest else directors

    def made(self, kind: type[Any], member: Membership, seen: Seen, known: Known, *, good: bool) -> Any:
        day = self.today + timedelta(days=self.dice.randint(1 if good else -1, 3))
        if kind is OrderRequest:
            return OrderRequest(
                seen=seen, measures=self.dice.choice(["更换", "维修"]),
                deadline=day,
                assignee=self.dice.choice(OFFICERS if good else [None, *OFFICERS, "P9"]),
                same_person_reason="只有一名总监" if good else self.dice.choice(REASONS),
            )  # fmt: skip
        if kind is ExtensionRequest:
            return ExtensionRequest(seen=seen, reason="配件未到", until=day)
        if kind is RegradeRequest:
            others = [grade for grade in Grade if grade is not known.grade]
            return RegradeRequest(seen=seen, reason="重新评估", grade=self.dice.choice(others if good else GRADES))
        owner = member.person if good else self.dice.choice(OFFICERS)
        return RectificationRequest(
            seen=seen, result="已整改", photos=(self.day.file(owner),),
            same_person_reason="只有一人" if good else self.dice.choice(REASONS),
        )  # fmt: skip

    # What holds.

    def everything_holds(self) -> None:
        self.the_history_is_the_steps_that_were_taken()
        self.heads_count_what_is_not_rectified()
        self.every_hazard_is_in_the_list_of_its_state_and_of_its_person()
        self.overdue_is_past_its_deadline()
        self.the_chain_has_every_check()

    def the_history_is_the_steps_that_were_taken(self) -> None:
        for id in self.known:
            self.stands(id)

    def stands(self, id: str) -> None:
        known, found = self.known[id], self.day.store.hazard(UNIT, id)
        assert found is not None
        hazard, steps = found
        assert (hazard.state, hazard.version, hazard.grade, hazard.assignee, hazard.extension) == (
            known.state, known.version, known.grade, known.assignee, known.extension,
        )  # fmt: skip
        assert [(step.version, step.by) for step in steps] == [
            (number, who) for number, (who, _) in enumerate(known.steps, start=2)
        ]

    def heads_count_what_is_not_rectified(self) -> None:
        for place in ("E-1", "3000"):
            assert +Counter(self.day.head(place).open_hazards) == self.open_at(place)

    def every_hazard_is_in_the_list_of_its_state_and_of_its_person(self) -> None:
        for duty in (Duty.DAILY, *FOUND_BY):
            for state in HazardState:
                here = {id: one for id, one in self.known.items() if (one.duty, one.state) == (duty, state)}
                assert set(self.listed(membership("D1", Role.DIRECTOR), state, duty)) == here.keys()
                for who in OFFICERS if duty is Duty.DAILY else ():
                    his = {id for id, one in here.items() if (one.assignee or one.finder) == who}
                    assert set(self.listed(membership(who), state)) == his

    def overdue_is_past_its_deadline(self) -> None:
        for duty in (Duty.DAILY, *FOUND_BY):
            for id, overdue in self.listed(membership("D1", Role.DIRECTOR), ORDERED, duty).items():
                assert overdue == ((self.known[id].deadline or date.max) < self.today)

    def the_chain_has_every_check(self) -> None:
        chain = self.day.chain()
        assert [record.seq for record in chain] == list(range(1, self.checks + 1))
        assert [record.previous for record in chain[1:]] == [record.sha256 for record in chain[:-1]]

    def listed(self, member: Membership, state: HazardState, duty: Duty = Duty.DAILY) -> dict[str, bool]:
        items, cursor = {}, None
        while True:
            page = self.day.hazards.page(member, HazardQuery(duty=duty, state=state, cursor=cursor))
            items.update({item.hazard: item.overdue for item in page.items})
            cursor = page.next
            if cursor is None:
                return items

    def teardown(self) -> None:
        self.everything_holds()
        self.left.close()


class OnTheFake(HazardFlow):
    """Everything is looked at after every step."""

    @invariant()
    def holds(self) -> None:
        self.everything_holds()


class OnDynamo(HazardFlow):
    """The real adapter. Looking at everything costs more than the step: it is done when the history is over."""

    def store(self) -> FakeStore:
        self.left.enter_context(taking_turns())
        return cast(FakeStore, self.left.enter_context(moto_store()))


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("machine", "histories"), [(OnTheFake, size(40, 650)), (OnDynamo, size(4, 40))], ids=["fake", "dynamo"]
)
def test_a_hazard_goes_one_way_one_step_at_a_time(machine: type[HazardFlow], histories: int) -> None:
    counted.clear()
    run_state_machine_as_test(machine, settings=settings(max_examples=histories))
    assert counted["races"]
    tell("Hazard state machine", "steps", counted["steps"])
    tell("Hazard state machine", "races, each with one winner", counted["races"])
