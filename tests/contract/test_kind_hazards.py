"""What weekly and monthly inspections find, and what may befall a hazard besides its order, over every store
(acceptance 29, 31, 33-35; design.md §6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import pytest
from pydantic import ValidationError

from schemas import checklists
from schemas.hazards import (
    ExtensionRequest,
    HazardQuery,
    OrderRequest,
    RectificationRequest,
    RegradeRequest,
    Seen,
)
from schemas.language import Act, Duty, Grade, HazardState, Role, Stamp, UnitKind
from tean.adapters.ports.store import Store
from tean.domain.errors import Conflict, Forbidden, Invalid, Problem
from tean.domain.hazards import Hazard, Step
from tean.domain.membership import Membership
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target, unit
from tests.fakes.day import Day, failed
from tests.fakes.store import FakeStore

P1, P2 = membership("P1"), membership("P2")
D1, D2 = membership("D1", Role.DIRECTOR), membership("D2", Role.DIRECTOR, kinds=frozenset({"1000"}))
B1 = membership("B1", Role.PRINCIPAL)
STANDING_IN = membership("B1", Role.PRINCIPAL, stands_in=frozenset({"3000"}))
ITEM = {Duty.WEEKLY: "EL-W-01", Duty.MONTHLY: "EL-M-01"}
REPORTED, ORDERED, RECTIFIED = HazardState.REPORTED, HazardState.ORDERED, HazardState.RECTIFIED


@pytest.fixture
def day(store: Store) -> Day:
    people = (
        person("P1"), person("P2"), person("D1", Role.DIRECTOR), person("D2", Role.DIRECTOR),
        person("B1", Role.PRINCIPAL),
    )  # fmt: skip
    things = (target("E-1", officers=("P1", "P2")), target("E-2"))
    return Day(roster(people, things), cast(FakeStore, store), duties=tuple(Duty))


def found(day: Day, member: Membership = P1, duty: Duty = Duty.WEEKLY, **fields: Any) -> str:
    answers = {ITEM[duty]: failed(ITEM[duty], **fields)}
    return day.inspections.submit(member, day.inspection(member.person, duty=duty, answers=answers)).hazards[0]


def stands(day: Day, id: str) -> tuple[Hazard, list[Step]]:
    there = day.store.hazard(UNIT, id)
    assert there is not None
    return there[0], list(there[1])


def seen(day: Day, id: str, **fields: Any) -> Seen:
    hazard, _ = stands(day, id)
    known = {
        "version": hazard.version, "grade": hazard.grade, "state": hazard.state, "duty": hazard.duty,
        "devices": hazard.devices,
    }  # fmt: skip
    return Seen(**known | fields)


def confirm(day: Day, member: Membership, id: str, *, seen_: Seen | None = None, **fields: Any) -> Any:
    request = RectificationRequest(
        seen=seen_ or seen(day, id), result="已更换，试验有效", photos=(day.file(member.person),), **fields
    )
    return day.hazard_steps.rectify(member, id, request)


def listed(day: Day, member: Membership, duty: Duty, state: HazardState = ORDERED) -> list[str]:
    return [item.hazard for item in day.hazards.page(member, HazardQuery(duty=duty, state=state)).items]


def open_at(day: Day, where: str) -> dict[Grade, int]:
    head = day.store.facts(UNIT, "P1", where, Duty.DAILY, DAY).head
    return {grade: count for grade, count in head.open_hazards.items() if count}


def refusal(kind: type[Problem], step: Any, *args: Any, **fields: Any) -> str:
    with pytest.raises(kind) as caught:
        step(*args, **fields)
    return caught.value.code


# --- weekly and monthly ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("duty", "confirms"), [(Duty.WEEKLY, D1), (Duty.MONTHLY, B1)])
def test_what_a_duty_found_waits_in_its_list_until_its_leader_confirms(
    day: Day, duty: Duty, confirms: Membership
) -> None:
    id = found(day, duty=duty)
    assert listed(day, confirms, duty) == [id]
    assert listed(day, confirms, Duty.DAILY) == listed(day, confirms, Duty.DAILY, REPORTED) == []
    answer = confirm(day, confirms, id)
    assert (answer.state, answer.version) == (RECTIFIED, 2)
    assert (listed(day, confirms, duty), listed(day, confirms, duty, RECTIFIED)) == ([], [id])
    assert open_at(day, "3000") == {}
    hazard, (step,) = stands(day, id)
    assert (hazard.state, step.act, step.by, step.text) == (
        RECTIFIED,
        Act.RECTIFICATION,
        confirms.person,
        "已更换，试验有效",
    )


def test_a_hazard_is_counted_off_at_each_device_it_names(day: Day) -> None:
    id = found(day, devices=("E-1", "E-2"))
    grade = stands(day, id)[0].grade
    assert open_at(day, "E-1") == open_at(day, "E-2") == {grade: 1}
    confirm(day, D1, id)
    assert open_at(day, "E-1") == open_at(day, "E-2") == open_at(day, "3000") == {}


@pytest.mark.parametrize(("duty", "member"), [
    (Duty.WEEKLY, P1), (Duty.WEEKLY, B1), (Duty.MONTHLY, P1), (Duty.MONTHLY, D1),
])  # fmt: skip
def test_nobody_else_confirms(day: Day, duty: Duty, member: Membership) -> None:
    id = found(day, P2, duty)
    code = "hazard.directors_own" if member is B1 else "hazard.not_yours"
    assert refusal(Forbidden, confirm, day, member, id) == code
    assert stands(day, id)[0].state is ORDERED


def test_a_director_of_other_kinds_does_not_know_of_it(day: Day) -> None:
    id = found(day)
    assert listed(day, D2, Duty.WEEKLY) == []
    with pytest.raises(Problem) as caught:
        confirm(day, D2, id)
    assert caught.value.code == "hazard.unknown"


def test_where_no_director_is_appointed_the_principal_confirms_what_a_week_found(day: Day) -> None:
    id = found(day)
    assert confirm(day, STANDING_IN, id).state is RECTIFIED


def test_who_found_it_himself_says_why_he_confirms_it(day: Day) -> None:
    id = found(day, D1)
    assert refusal(Invalid, confirm, day, D1, id) == "hazard.same_person"
    confirm(day, D1, id, same_person_reason="本单位只有一名总监")
    assert stands(day, id)[1][0].same_person_reason == "本单位只有一名总监"


def test_a_reason_is_only_kept_where_it_is_true(day: Day) -> None:
    id = found(day)
    confirm(day, D1, id, same_person_reason="不相干")
    assert stands(day, id)[1][0].same_person_reason is None


@pytest.mark.parametrize("fields", [{"duty": Duty.MONTHLY}, {"devices": ("E-1",)}, {"devices": ()}])
def test_a_step_that_takes_it_for_another_hazard_changes_nothing(day: Day, fields: dict[str, Any]) -> None:
    id = found(day, devices=("E-2",))
    member = B1 if fields.get("duty") else D1
    assert refusal(Conflict, confirm, day, member, id, seen_=seen(day, id, **fields)) == "hazard.moved"
    assert (stands(day, id)[0].version, sum(open_at(day, "E-2").values())) == (1, 1)


def test_a_lost_answer_gets_the_first_one(day: Day) -> None:
    id = found(day)
    request = RectificationRequest(seen=seen(day, id), result="好了", photos=(day.file("D1"),))
    assert day.hazard_steps.rectify(D1, id, request) == day.hazard_steps.rectify(D1, id, request)
    assert len(stands(day, id)[1]) == 1


def test_what_a_week_found_is_not_ordered(day: Day) -> None:
    id = found(day)
    request = OrderRequest(seen=seen(day, id), measures="更换", deadline=DAY)
    assert refusal(Invalid, day.hazard_steps.order, D1, id, request) == "hazard.no_order"


def test_without_a_deadline_it_is_never_overdue_and_with_one_it_is(day: Day) -> None:
    never, soon = found(day), found(day, P2, deadline=DAY + timedelta(days=1))
    day.clock.move(days=5)
    late = {
        item.hazard: item.overdue for item in day.hazards.page(D1, HazardQuery(duty=Duty.WEEKLY, state=ORDERED)).items
    }
    assert late == {soon: True, never: False}
    assert listed(day, D1, Duty.WEEKLY) == [soon, never]


@pytest.mark.parametrize("duty", [Duty.WEEKLY, Duty.MONTHLY])
def test_an_officer_has_no_list_of_them(day: Day, duty: Duty) -> None:
    assert refusal(Forbidden, listed, day, P1, duty) == "hazard.not_officers"


# --- more time, another grade ---------------------------------------------------------------------------------------


def daily(day: Day, item: str = "EL-D-01", **fields: Any) -> str:
    return day.found(item, **fields).hazards[0]


def order(day: Day, id: str, *, deadline: date = DAY + timedelta(days=3), **fields: Any) -> str:
    day.hazard_steps.order(D1, id, OrderRequest(seen=seen(day, id), measures="更换", deadline=deadline, **fields))
    return id


def more_time(day: Day, id: str, member: Membership = P1, until: date = DAY + timedelta(days=9)) -> Any:
    request = ExtensionRequest(seen=seen(day, id), reason="配件没有到货", until=until)
    return day.hazard_steps.ask_extension(member, id, request)


def test_the_assignee_asks_for_more_time_and_the_director_answers_with_a_new_order(day: Day) -> None:
    id = order(day, daily(day))
    more_time(day, id)
    hazard, steps = stands(day, id)
    assert (hazard.state, hazard.extension, hazard.deadline) == (
        ORDERED,
        DAY + timedelta(days=9),
        DAY + timedelta(days=3),
    )
    assert (steps[-1].act, steps[-1].text) == (Act.EXTENSION, "配件没有到货")
    order(day, id, deadline=DAY + timedelta(days=6))
    hazard, steps = stands(day, id)
    assert (hazard.extension, hazard.deadline, hazard.assignee) == (None, DAY + timedelta(days=6), "P1")
    assert [step.act for step in steps] == [Act.ORDER, Act.EXTENSION, Act.ORDER]
    day.hazard_steps.rectify(P1, id, RectificationRequest(seen=seen(day, id), result="好了", photos=(day.file(),)))
    assert open_at(day, "E-1") == {}


def test_only_the_assignee_asks_and_only_for_a_day_to_come(day: Day) -> None:
    id = daily(day)
    assert refusal(Conflict, more_time, day, id) == "hazard.not_this_step"
    order(day, id)
    assert refusal(Forbidden, more_time, day, id, P2) == "hazard.not_yours"
    assert refusal(Invalid, more_time, day, id, until=DAY) == "hazard.deadline_past"
    assert len(stands(day, id)[1]) == 1


def regrade(day: Day, id: str, member: Membership, grade: Grade, **fields: Any) -> Any:
    request = RegradeRequest(seen=seen(day, id, **fields), grade=grade, reason="复核后调整")
    return day.hazard_steps.regrade(member, id, request)


@pytest.mark.parametrize("waiting", [True, False])
def test_an_officer_raises_a_grade_and_a_director_lowers_it(day: Day, waiting: bool) -> None:
    other = daily(day, "EL-D-02")
    id = daily(day, where="E-1", who="P2")
    was = stands(day, id)[0].grade
    if not waiting:
        order(day, id)
    regrade(day, id, P2, Grade.MAJOR)
    assert stands(day, id)[0].grade is Grade.MAJOR
    assert open_at(day, "E-1")[Grade.MAJOR] == 1
    if waiting:
        assert listed(day, D1, Duty.DAILY, REPORTED) == [id, other]
    regrade(day, id, D1, was)
    hazard, steps = stands(day, id)
    assert (hazard.grade, [step.grade for step in steps][-2:]) == (was, [Grade.MAJOR, was])
    assert Grade.MAJOR not in open_at(day, "E-1") and sum(open_at(day, "E-1").values()) == 2


def test_an_officer_lowers_no_grade_and_changes_none_that_is_not_his(day: Day) -> None:
    id = daily(day, "EL-D-02", who="P2")
    assert stands(day, id)[0].grade is not Grade.GENERAL
    assert refusal(Forbidden, regrade, day, id, P2, Grade.GENERAL) == "hazard.grade_lowered"
    assert refusal(Forbidden, regrade, day, id, P1, Grade.MAJOR) == "hazard.not_yours"
    assert refusal(Forbidden, regrade, day, id, B1, Grade.MAJOR) == "hazard.directors_own"
    assert stands(day, id)[1] == []


def test_what_is_rectified_or_stays_as_it_is_takes_no_other_grade(day: Day) -> None:
    id = daily(day)
    grade = stands(day, id)[0].grade
    assert refusal(Invalid, regrade, day, id, D1, grade) == "hazard.grade_unchanged"
    assert refusal(Invalid, regrade, day, id, D1, Grade.MAJOR, state=None) == "hazard.grade_unchanged"
    assert refusal(Conflict, regrade, day, id, D1, Grade.MAJOR, state=ORDERED) == "hazard.not_this_step"


@pytest.mark.parametrize(("duty", "may", "may_not"), [(Duty.WEEKLY, D1, B1), (Duty.MONTHLY, B1, D1)])
def test_who_confirms_what_a_duty_found_also_grades_it(
    day: Day, duty: Duty, may: Membership, may_not: Membership
) -> None:
    id = found(day, duty=duty, devices=("E-1",))
    other = Grade.MAJOR if stands(day, id)[0].grade is not Grade.MAJOR else Grade.GENERAL
    with pytest.raises(Forbidden):
        regrade(day, id, may_not, other)
    regrade(day, id, may, other)
    assert (stands(day, id)[0].grade, open_at(day, "E-1"), open_at(day, "3000")) == (other, {other: 1}, {})
    assert listed(day, may, duty) == [id]


# --- what would leave a hazard open for ever ------------------------------------------------------------------------


def test_a_device_is_named_once() -> None:
    with pytest.raises(ValidationError):
        failed("EL-W-01", devices=("E-1", "E-1"))
    with pytest.raises(ValidationError):
        Seen(version=1, grade=Grade.GENERAL, devices=("E-1", "E-1"))


def test_what_is_rectified_is_not_ordered_again(day: Day) -> None:
    id = order(day, daily(day))
    day.hazard_steps.rectify(P1, id, RectificationRequest(seen=seen(day, id), result="好了", photos=(day.file(),)))
    assert refusal(Conflict, order, day, id) == "hazard.not_this_step"
    assert (stands(day, id)[0].state, open_at(day, "E-1")) == (RECTIFIED, {})


def filling_day(store: Store, **director: Any) -> Day:
    side = frozenset({UnitKind.FILLING})
    fields: dict[str, Any] = {"unit_kind": UnitKind.FILLING, "subtype": None, "officers": ()}
    stations = (target("S-1", kind="GC_FILL", **fields), target("S-2", kind="MPV_FILL", **fields))
    people = (
        person("P1", roles={Role.OFFICER: side}), person("D1", roles={Role.DIRECTOR: side}, **director),
        person("B1", roles={Role.PRINCIPAL: side}),
    )  # fmt: skip
    return Day(roster(people, stations, unit=unit(kinds=side)), cast(FakeStore, store), duties=tuple(Duty))


def test_a_director_of_one_kind_of_filling_confirms_what_a_week_of_filling_found(store: Store) -> None:
    kinds, side = frozenset({"GC_FILL"}), frozenset({UnitKind.FILLING})
    day = filling_day(store, kinds=kinds)
    officer, lists = membership("P1", sides=side), ("GC_FILL", "MPV_FILL")
    item = checklists.asked(lists, Duty.WEEKLY).items[0].code
    request = day.inspection(kind="filling", lists=lists, answers={item: failed(item)})
    (id,) = day.inspections.submit(officer, request).hazards
    leader = membership("D1", Role.DIRECTOR, sides=side, kinds=kinds)
    assert listed(day, leader, Duty.WEEKLY) == [id]
    assert confirm(day, leader, id).state is RECTIFIED


def test_where_the_last_of_a_kind_is_gone_the_principal_still_answers_for_what_is_open(store: Store) -> None:
    people = (person("P1"), person("B1", Role.PRINCIPAL))
    day = Day(roster(people, (target("E-1"),)), cast(FakeStore, store))
    day.found("EL-D-01")
    after = roster(people, (target("E-1", removed=True),))
    assert after.undirected == {"3000"}


def test_who_holds_a_device_sees_what_a_week_found_on_it(day: Day) -> None:
    id = found(day, D1, devices=("E-2",))
    assert day.hazards.detail(P1, id).hazard == id
    with pytest.raises(Problem) as caught:
        day.hazards.detail(P2, id)
    assert caught.value.code == "hazard.unknown"


def test_nothing_of_a_kind_is_without_risk_while_anything_of_it_is_open(day: Day) -> None:
    found(day, P1, devices=("E-1",))
    assert day.inspections.submit(D1, day.inspection("D1")).stamp is Stamp.NO_NEW_HAZARD
    daily(day, "EL-D-02", where="E-1", who="P2")
    assert day.inspections.submit(B1, day.inspection("B1", duty=Duty.MONTHLY)).stamp is Stamp.NO_NEW_HAZARD


def test_a_deadline_lies_ahead(day: Day) -> None:
    past = {"EL-M-01": failed("EL-M-01", deadline=DAY - timedelta(days=1))}
    request = day.inspection("P1", duty=Duty.MONTHLY, answers=past)
    assert refusal(Invalid, day.inspections.submit, P1, request) == "inspection.answers"
