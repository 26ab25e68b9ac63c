"""A hazard goes one way, one step at a time, whoever pushes at once; heads and lists always say where it stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from schemas.hazards import HazardQuery, OrderRequest, RectificationRequest, Seen
from schemas.language import Grade, HazardState, Role, Stamp
from tean.domain.calendar import business_date
from tean.domain.errors import Problem
from tean.domain.membership import Membership
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target
from tests.fakes.day import Day
from tests.fakes.watched import WatchedStore

REPORTED, ORDERED, RECTIFIED = HazardState.REPORTED, HazardState.ORDERED, HazardState.RECTIFIED
OFFICERS = ("P1", "P2", "D2")
"""``D2`` is officer and director at once; all three hold the one elevator."""
WHO = st.sampled_from(OFFICERS)
DIRECTORS = st.sampled_from(["D1", "D2"])
ITEMS = {"EL-D-01": Grade.GENERAL, "EL-D-02": Grade.SERIOUS, "EL-D-05": Grade.MAJOR}
REASONS = st.sampled_from([None, "只有一名总监"])
SLIPS = st.sampled_from([0, 0, 0, 1])
"""How far what a person saw is behind what is; mostly not at all."""

Request = OrderRequest | RectificationRequest


@dataclass
class Known:
    """A hazard as the model knows it."""

    finder: str
    grade: Grade
    state: HazardState = REPORTED
    assignee: str | None = None
    deadline: date | None = None
    steps: list[tuple[str, Request]] = field(default_factory=list)

    @property
    def version(self) -> int:
        return 1 + len(self.steps)

    def outcome(self, who: str, request: Request, today: date) -> str:
        """``taken``, ``again``, or the code of the refusal; in the first case it is taken."""
        ordering = isinstance(request, OrderRequest)
        if isinstance(request, OrderRequest) and request.deadline < today:
            return "hazard.deadline_past"
        if self.steps and self.steps[-1] == (who, self.meant(who, request)):
            return "again"
        if self.state is not (REPORTED if ordering else ORDERED):
            return "hazard.not_this_step"
        if not ordering and self.assignee != who:
            return "hazard.not_yours"
        if isinstance(request, OrderRequest) and self.finder == who and request.same_person_reason is None:
            return "hazard.same_person"
        if request.seen != Seen(version=self.version, grade=self.grade):
            return "hazard.moved"
        return self.unfit(who, request) or self.take(who, request)

    def unfit(self, who: str, request: Request) -> str | None:
        if isinstance(request, OrderRequest):
            return None if (request.assignee or self.finder) in OFFICERS else "hazard.assignee_unfit"
        return None if all(photo.startswith(f"{who}.") for photo in request.photos) else "file.pending"

    def meant(self, who: str, request: Request) -> Request:
        """What makes a step the same when it is sent again: the grade is only seen, the finder may be named or meant,
        a reason counts only where finder and approver are one person."""
        seen = request.seen.model_copy(update={"grade": self.grade})
        if isinstance(request, RectificationRequest):
            return request.model_copy(update={"seen": seen})
        reason = request.same_person_reason if who == self.finder else None
        assignee = request.assignee or self.finder
        return request.model_copy(update={"seen": seen, "assignee": assignee, "same_person_reason": reason})

    def take(self, who: str, request: Request) -> str:
        self.steps.append((who, self.meant(who, request)))
        if isinstance(request, OrderRequest):
            self.state, self.assignee, self.deadline = ORDERED, request.assignee or self.finder, request.deadline
        else:
            self.state = RECTIFIED
        return "taken"


class HazardFlow(RuleBasedStateMachine):
    """One elevator, three officers, two directors, many days."""

    def __init__(self) -> None:
        super().__init__()
        double = person("D2", roles={role: membership().sides for role in (Role.OFFICER, Role.DIRECTOR)})
        people = (person("P1"), person("P2"), double, person("D1", Role.DIRECTOR))
        self.store = WatchedStore()
        self.day = Day(roster(people, (target(officers=OFFICERS),)), self.store)
        self.known: dict[str, Known] = {}
        self.sent: list[tuple[str, str, Request]] = []

    @property
    def today(self) -> date:
        return business_date(self.day.clock())

    def push(self, id: str, who: str, request: Request) -> None:
        """Try a step, and hold the answer against the model's."""
        known = self.known[id]
        try:
            answer = self.step(id, who, request)
        except Problem as problem:
            assert known.outcome(who, request, self.today) == problem.code
            return
        assert known.outcome(who, request, self.today) in ("taken", "again")
        assert (answer.hazard, answer.state, answer.version) == (id, known.state, known.version)

    def step(self, id: str, who: str, request: Request) -> Any:
        if isinstance(request, OrderRequest):
            return self.day.hazard_steps.order(membership(who, Role.DIRECTOR), id, request)
        return self.day.hazard_steps.rectify(membership(who, Role.OFFICER), id, request)

    def order_of(self, id: str, data: st.DataObject) -> OrderRequest:
        return OrderRequest(
            seen=self.seen(id, data),
            measures=data.draw(st.sampled_from(["更换", "维修"])),
            deadline=self.today + timedelta(days=data.draw(st.integers(-1, 3))),
            assignee=data.draw(st.sampled_from([None, *OFFICERS, "P9"])),
            same_person_reason=data.draw(REASONS),
        )

    def confirmation_of(self, id: str, who: str, data: st.DataObject) -> RectificationRequest:
        owner = data.draw(st.sampled_from([who, who, who, "P1"]))
        photos = (self.day.file(owner),)
        return RectificationRequest(seen=self.seen(id, data), result="已整改", photos=photos)

    def seen(self, id: str, data: st.DataObject) -> Seen:
        known = self.known[id]
        grade = data.draw(st.sampled_from([known.grade, known.grade, known.grade, Grade.GENERAL]))
        return Seen(version=max(1, known.version - data.draw(SLIPS)), grade=grade)

    def pick(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.known)))

    def pushed(self, id: str, data: st.DataObject) -> tuple[str, Request]:
        """Somebody and a step he tries."""
        if data.draw(st.booleans()):
            who, request = data.draw(DIRECTORS), self.order_of(id, data)
            self.sent.append((id, who, request))
            return who, request
        officer = data.draw(WHO)
        confirmation = self.confirmation_of(id, officer, data)
        self.sent.append((id, officer, confirmation))
        return officer, confirmation

    @rule(who=WHO, items=st.lists(st.sampled_from(sorted(ITEMS)), unique=True))
    def another_day_is_checked(self, who: str, items: list[str]) -> None:
        self.day.clock.move(days=1)
        self.day.open(self.today)
        answers = self.day.failing(*items, who=who)
        kept = "已派人看守" if "EL-D-05" in items else None
        receipt = self.day.check(who, due=self.today, answers=answers, kept_in_use=kept)
        clean = (
            Stamp.NO_NEW_HAZARD if any(one.state is not RECTIFIED for one in self.known.values()) else Stamp.ZERO_RISK
        )
        assert receipt.stamp is (None if items else clean)
        for id in receipt.hazards:
            self.known[id] = Known(who, ITEMS[id.split(".")[2]])
        assert len(receipt.hazards) == len(items)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def somebody_pushes(self, data: st.DataObject) -> None:
        id = self.pick(data)
        self.push(id, *self.pushed(id, data))

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def two_push_at_once(self, data: st.DataObject) -> None:
        id = self.pick(data)
        slow, fast = self.pushed(id, data), self.pushed(id, data)
        self.store.let(lambda: self.push(id, *fast))
        self.push(id, *slow)
        self.store.let_nothing()

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def an_answer_got_lost(self, data: st.DataObject) -> None:
        self.push(*data.draw(st.sampled_from(self.sent)))

    @rule(days=st.integers(1, 4))
    def time_goes_by(self, days: int) -> None:
        self.day.clock.move(days=days)

    @invariant()
    def the_history_is_the_steps_that_were_taken(self) -> None:
        for id, known in self.known.items():
            found = self.store.hazard(UNIT, id)
            assert found is not None
            hazard, steps = found
            assert (hazard.state, hazard.version, hazard.assignee) == (known.state, known.version, known.assignee)
            assert [(step.version, step.by) for step in steps] == [
                (number, who) for number, (who, _) in enumerate(known.steps, start=2)
            ]

    @invariant()
    def the_head_counts_what_is_not_rectified(self) -> None:
        still_open = Counter(known.grade for known in self.known.values() if known.state is not RECTIFIED)
        assert +Counter(self.day.head().open_hazards) == still_open

    @invariant()
    def every_hazard_is_in_the_list_of_its_state_and_of_its_person(self) -> None:
        for state in HazardState:
            here = {id: known for id, known in self.known.items() if known.state is state}
            assert set(self.listed(membership("D1", Role.DIRECTOR), state)) == here.keys()
            for who in OFFICERS:
                his = {id for id, known in here.items() if (known.assignee or known.finder) == who}
                assert set(self.listed(membership(who, Role.OFFICER), state)) == his

    @invariant()
    def overdue_is_ordered_and_past_its_deadline(self) -> None:
        items = self.listed(membership("D1", Role.DIRECTOR), ORDERED)
        for id, overdue in items.items():
            assert overdue == ((self.known[id].deadline or DAY) < self.today)

    def listed(self, member: Membership, state: HazardState) -> dict[str, bool]:
        items, cursor = {}, None
        while True:
            page = self.day.hazards.page(member, HazardQuery(state=state, cursor=cursor))
            items.update({item.hazard: item.overdue for item in page.items})
            cursor = page.next
            if cursor is None:
                return items


def test_a_hazard_goes_one_way_one_step_at_a_time() -> None:
    run_state_machine_as_test(HazardFlow)
