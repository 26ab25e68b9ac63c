from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from schemas.hazards import HazardDetail, HazardItem, HazardQuery, OrderRequest, RectificationRequest, Seen, StepAnswer
from schemas.language import (
    Duty,
    Grade,
    Handling,
    HazardState,
    PersonState,
    Role,
    Stamp,
    UnitKind,
    Verdict,
)
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from tean.domain.membership import Membership
from tests.fakes.builders import DAY, UNIT, changes, membership, person, roster, target
from tests.fakes.day import Day, failed, mended
from tests.fakes.scenes import everything
from tests.fakes.watched import WatchedStore

REPORTED, ORDERED, RECTIFIED = HazardState.REPORTED, HazardState.ORDERED, HazardState.RECTIFIED
SEEN = Seen(version=1, grade=Grade.SERIOUS)
SEEN_ORDERED = Seen(version=2, grade=Grade.SERIOUS)
FILLING = frozenset({UnitKind.FILLING})
NEXT = DAY + timedelta(days=1)
P1, P2, PRINCIPAL = membership("P1"), membership("P2"), membership("B1", Role.PRINCIPAL)


def director(code: str = "D1", **fields: Any) -> Membership:
    return membership(code, Role.DIRECTOR, **fields)


@pytest.fixture
def store() -> WatchedStore:
    return WatchedStore()


@pytest.fixture
def day(store: WatchedStore) -> Day:
    """Elevator ``E-1`` of both officers; ``D2`` is officer and director at once."""
    double = person("D2", roles={Role.OFFICER: P1.sides, Role.DIRECTOR: P1.sides})
    people = (person("P1"), person("P2"), double, person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL))
    return Day(roster(people, (target(officers=("P1", "P2", "D2")), target("E-2"))), store)


@pytest.fixture
def hazard(day: Day) -> str:
    """A 较大 hazard of ``E-1`` that ``P1`` has just reported."""
    return day.found("EL-D-02").hazards[0]


def ask(seen: Seen = SEEN, **fields: Any) -> OrderRequest:
    return OrderRequest(seen=seen, **{"measures": "更换对讲机", "deadline": DAY + timedelta(days=3)} | fields)


def confirm(day: Day, who: str = "P1", seen: Seen = SEEN_ORDERED, **fields: Any) -> RectificationRequest:
    return RectificationRequest(seen=seen, **{"result": "已更换，试验有效", "photos": (day.file(who),)} | fields)


def ordered(day: Day, id: str, **fields: Any) -> str:
    day.hazard_steps.order(director(), id, ask(**fields))
    return id


def rectified(day: Day, id: str) -> str:
    day.hazard_steps.rectify(P1, ordered(day, id), confirm(day))
    return id


def refused(day: Day, kind: type[Problem], step: Any, *args: Any) -> Problem:
    """The refusal of a step, after which everything is as it was."""
    before = everything(day.store)
    with pytest.raises(kind) as caught:
        step(*args)
    assert type(caught.value) is kind
    assert caught.value.sentence.endswith("。")
    assert everything(day.store) == before
    return caught.value


def listed(day: Day, member: Membership, state: HazardState = REPORTED) -> tuple[HazardItem, ...]:
    return day.hazards.page(member, HazardQuery(state=state)).items


def detail(day: Day, id: str, member: Membership = P1) -> HazardDetail:
    return day.hazards.detail(member, id)


def test_an_order_names_measures_deadline_and_by_default_the_finder(day: Day, hazard: str) -> None:
    assert day.hazard_steps.order(director(), hazard, ask()) == StepAnswer(hazard=hazard, state=ORDERED, version=2)
    shown = detail(day, hazard)
    assert (shown.state, shown.assignee, shown.deadline) == (ORDERED, "P1", DAY + timedelta(days=3))


def test_another_officer_of_the_target_may_be_named(day: Day, hazard: str) -> None:
    ordered(day, hazard, assignee="P2")
    assert [item.hazard for item in listed(day, P2, ORDERED)] == [hazard]
    assert listed(day, P1, ORDERED) == ()


def test_a_confirmation_ends_the_hazard(day: Day, hazard: str) -> None:
    ordered(day, hazard)
    day.clock.move(hours=2)
    assert day.hazard_steps.rectify(P1, hazard, confirm(day)) == StepAnswer(hazard=hazard, state=RECTIFIED, version=3)
    assert detail(day, hazard).rectified_at == day.clock()


def test_a_step_is_one_write_and_no_read(day: Day, hazard: str, store: WatchedStore) -> None:
    store.calls.clear()
    ordered(day, hazard)
    request = confirm(day)
    day.hazard_steps.rectify(P1, hazard, request)
    assert store.calls == {"move": 2}


def test_every_step_is_kept_with_who_when_and_what(day: Day, hazard: str) -> None:
    found_at = day.clock()
    ordered_at = day.clock.move(hours=1)
    ordered(day, hazard)
    done_at = day.clock.move(hours=1)
    request = confirm(day)
    day.hazard_steps.rectify(P1, hazard, request)
    report, order, confirmation = detail(day, hazard, director()).steps
    assert (report.version, report.state, report.by, report.at) == (1, REPORTED, "P1", found_at)
    assert (order.version, order.state, order.by_name, order.at) == (2, ORDERED, "示例人员D1", ordered_at)
    assert report.photos == detail(day, hazard).photos != ()
    assert (order.text, order.assignee, order.assignee_name, order.deadline) == (
        "更换对讲机",
        "P1",
        "示例人员P1",
        DAY + timedelta(days=3),
    )
    assert (confirmation.state, confirmation.by, confirmation.at) == (RECTIFIED, "P1", done_at)
    assert (confirmation.text, confirmation.photos) == ("已更换，试验有效", request.photos)


def test_a_fail_handled_on_site_has_its_one_step(day: Day) -> None:
    receipt = day.check(answers={"EL-D-01": mended("EL-D-01")})
    (item,) = listed(day, P1, RECTIFIED)
    shown = detail(day, item.hazard)
    (step,) = shown.steps
    assert (step.state, step.text, step.at) == (RECTIFIED, "已当场处理", receipt.received_at)
    assert (shown.handling, shown.outcome) == (Handling.ON_SITE, "已当场处理")


def test_the_next_clean_inspection_after_the_last_hazard_is_gone_is_stamped_zero_risk(day: Day, hazard: str) -> None:
    day.open(NEXT)
    day.clock.move(days=1)
    assert day.check("P2").stamp is Stamp.NO_NEW_HAZARD
    ordered(day, hazard, deadline=NEXT)
    assert day.head().open_hazards == {Grade.SERIOUS: 1}
    day.hazard_steps.rectify(P1, hazard, confirm(day))
    assert not day.head().has_open_hazards
    assert day.check("P2", due=NEXT).stamp is Stamp.ZERO_RISK


def test_one_of_two_hazards_gone_leaves_the_other_counted(day: Day) -> None:
    first, _ = day.found("EL-D-02", "EL-D-05", kept_in_use="已派人看守").hazards
    rectified(day, first)
    assert day.head().open_hazards == {Grade.MAJOR: 1}


def test_nothing_is_confirmed_before_it_is_ordered(day: Day, hazard: str) -> None:
    problem = refused(day, Conflict, day.hazard_steps.rectify, P1, hazard, confirm(day, seen=SEEN))
    assert (problem.code, problem.details) == ("hazard.not_this_step", {"state": REPORTED, "version": 1})
    assert problem.sentence == "还没有下达整改措施，下达后才能确认。"


def test_nothing_is_ordered_twice(day: Day, hazard: str) -> None:
    ordered(day, hazard)
    problem = refused(day, Conflict, day.hazard_steps.order, director(), hazard, ask(measures="再换一次"))
    assert (problem.code, problem.details) == ("hazard.not_this_step", {"state": ORDERED, "version": 2})
    assert problem.sentence == "整改措施已经下达，请刷新查看。"


def test_nothing_follows_a_confirmation(day: Day, hazard: str) -> None:
    rectified(day, hazard)
    again = Seen(version=3, grade=Grade.SERIOUS)
    for step, request in ((day.hazard_steps.order, ask(again)), (day.hazard_steps.rectify, confirm(day, seen=again))):
        member = director() if step == day.hazard_steps.order else P1
        problem = refused(day, Conflict, step, member, hazard, request)
        assert problem.sentence == "这条隐患已经整改完成，不用再处理。"


@pytest.mark.parametrize("seen", [Seen(version=2, grade=Grade.SERIOUS), Seen(version=1, grade=Grade.GENERAL)])
def test_who_saw_something_else_must_look_again(day: Day, hazard: str, seen: Seen) -> None:
    problem = refused(day, Conflict, day.hazard_steps.order, director(), hazard, ask(seen))
    assert (problem.code, problem.details) == ("hazard.moved", {"version": 1})


def test_of_two_directors_at_once_one_orders_and_the_other_is_told(day: Day, hazard: str, store: WatchedStore) -> None:
    store.let(lambda: day.hazard_steps.order(director("D2"), hazard, ask(measures="停用检修")))
    with pytest.raises(Conflict) as caught:
        day.hazard_steps.order(director(), hazard, ask())
    assert caught.value.code == "hazard.not_this_step"
    assert [step.text for step in detail(day, hazard).steps[1:]] == ["停用检修"]


def test_the_same_step_sent_again_gets_the_same_answer_and_is_kept_once(day: Day, hazard: str) -> None:
    request = ask(assignee="P2")
    first = day.hazard_steps.order(director(), hazard, request)
    before = everything(day.store)
    day.clock.move(minutes=5)
    assert day.hazard_steps.order(director(), hazard, request) == first
    assert everything(day.store) == before


def test_the_same_confirmation_sent_again_lowers_the_count_once(day: Day) -> None:
    hazard, _ = day.found("EL-D-02", "EL-D-03").hazards
    request = confirm(day)
    first = day.hazard_steps.rectify(P1, ordered(day, hazard), request)
    assert day.hazard_steps.rectify(P1, hazard, request) == first
    assert day.head().open_hazards == {Grade.SERIOUS: 1}


def test_the_same_order_by_another_director_is_another_order(day: Day, hazard: str) -> None:
    ordered(day, hazard)
    assert refused(day, Conflict, day.hazard_steps.order, director("D2"), hazard, ask()).code == "hazard.not_this_step"


def test_finder_and_approver_may_be_one_person_only_with_a_reason(day: Day) -> None:
    hazard = day.found("EL-D-02", who="D2").hazards[0]
    assert refused(day, Invalid, day.hazard_steps.order, director("D2"), hazard, ask()).code == "hazard.same_person"
    day.hazard_steps.order(director("D2"), hazard, ask(same_person_reason="只有一名总监"))
    assert detail(day, hazard, director()).steps[1].same_person_reason == "只有一名总监"


STANDING_IN = membership("B1", Role.PRINCIPAL, stands_in=frozenset({"3000"}))


def test_without_a_director_the_principal_orders(day: Day, hazard: str) -> None:
    assert day.hazard_steps.order(STANDING_IN, hazard, ask()).state is ORDERED
    assert [(step.state, step.by) for step in detail(day, hazard).steps][-1] == (ORDERED, "B1")


@pytest.mark.parametrize("kinds", [set(), {"1000"}])
def test_where_there_is_a_director_the_principal_does_not_order(day: Day, hazard: str, kinds: set[str]) -> None:
    principal = membership("B1", Role.PRINCIPAL, stands_in=frozenset(kinds))
    problem = refused(day, Forbidden, day.hazard_steps.order, principal, hazard, ask())
    assert problem.code == "hazard.directors_own"
    assert problem.sentence == "这类对象有安全总监，这一步由安全总监来做；您可以查看进度。"


def test_a_principal_who_found_it_himself_says_why_he_orders(day: Day) -> None:
    both = person("B1", roles={Role.PRINCIPAL: P1.sides, Role.OFFICER: P1.sides})
    day.change(roster((both, person("P1")), (target(officers=("B1", "P1")),)))
    hazard = day.found("EL-D-02", who="B1").hazards[0]
    assert refused(day, Invalid, day.hazard_steps.order, STANDING_IN, hazard, ask()).code == "hazard.same_person"
    day.hazard_steps.order(STANDING_IN, hazard, ask(same_person_reason="单位没有任命安全总监"))
    assert detail(day, hazard).steps[-1].same_person_reason == "单位没有任命安全总监"


def test_a_hazard_says_whether_its_target_was_stopped(day: Day) -> None:
    (stopped,) = day.found("EL-D-05", stop_use=True).hazards
    (kept,) = day.found("EL-D-05", where="E-2", kept_in_use="已派人看守").hazards
    told = {item.hazard: (item.stop_use, item.kept_in_use) for item in listed(day, PRINCIPAL)}
    assert told == {stopped: (True, None), kept: (None, "已派人看守")}


def test_a_list_narrowed_to_a_grade_has_cursors_of_its_own(day: Day, hazard: str) -> None:
    (grave,) = day.found("EL-D-05", where="E-2", stop_use=True).hazards
    page = day.hazards.page(PRINCIPAL, HazardQuery(state=REPORTED, grade=Grade.MAJOR))
    assert [item.hazard for item in page.items] == [grave]


def test_nobody_is_marked_as_finder_and_approver_in_one_who_is_not(day: Day, hazard: str) -> None:
    day.hazard_steps.order(director(), hazard, ask(same_person_reason="只有一名总监"))
    assert detail(day, hazard).steps[1].same_person_reason is None


def test_a_reason_is_kept_only_where_finder_and_approver_are_one(day: Day, hazard: str) -> None:
    ordered(day, hazard, same_person_reason="只有一名总监")
    assert detail(day, hazard).steps[1].same_person_reason is None


def test_only_the_assignee_confirms(day: Day, hazard: str) -> None:
    ordered(day, hazard, assignee="P2")
    assert refused(day, Forbidden, day.hazard_steps.rectify, P1, hazard, confirm(day)).code == "hazard.not_yours"
    day.hazard_steps.rectify(P2, hazard, confirm(day, "P2"))
    assert detail(day, hazard).state is RECTIFIED


@pytest.mark.parametrize("nobody", ["P9", "D1", "P3"])
def test_only_an_active_officer_of_the_target_is_assigned(day: Day, hazard: str, nobody: str) -> None:
    day.store.apply(changes(roster((person("P3"),), (target(officers=("P1", "P2", "D2")),))))
    problem = refused(day, Invalid, day.hazard_steps.order, director(), hazard, ask(assignee=nobody))
    assert problem.code == "hazard.assignee_unfit"


def test_a_finder_who_has_left_is_not_assigned(day: Day, hazard: str) -> None:
    gone = person("P1", state=PersonState.DISMISSED)
    day.store.apply(changes(roster((gone,), (target(officers=("P1", "P2", "D2")),))))
    assert refused(day, Invalid, day.hazard_steps.order, director(), hazard, ask()).code == "hazard.assignee_unfit"


def test_a_dismissed_person_takes_no_step(day: Day, hazard: str) -> None:
    gone = (person("D1", Role.DIRECTOR, state=PersonState.DISMISSED),)
    day.store.apply(changes(roster(gone, (target(officers=("P1", "P2", "D2")),))))
    assert refused(day, Forbidden, day.hazard_steps.order, director(), hazard, ask()).code == "person.dismissed"


@pytest.mark.parametrize("member", [director(kinds=frozenset({"1000"})), director("D3", sides=FILLING)])
def test_what_a_director_does_not_cover_does_not_exist_for_him(day: Day, hazard: str, member: Membership) -> None:
    other = person("D3", roles={Role.DIRECTOR: FILLING})
    day.store.apply(changes(roster((other,), (target(officers=("P1", "P2", "D2")),))))
    assert refused(day, NotFound, day.hazard_steps.order, member, hazard, ask()).code == "hazard.unknown"
    assert listed(day, member) == ()
    with pytest.raises(NotFound):
        detail(day, hazard, member)


def test_a_hazard_that_is_not_there_or_of_another_unit_does_not_exist(day: Day, hazard: str) -> None:
    elsewhere = director(unit="91990000MA1111111R")
    day.store.apply(changes(roster((person("D1", Role.DIRECTOR),))))
    unknown = hazard.replace("EL-D-02", "EL-D-03")
    assert refused(day, NotFound, day.hazard_steps.order, director(), unknown, ask()).code == "hazard.unknown"
    with pytest.raises(NotFound):
        detail(day, hazard, elsewhere)
    assert listed(day, elsewhere) == ()


@pytest.mark.parametrize(("deadline", "allowed"), [(DAY - timedelta(days=1), False), (DAY, True)])
def test_a_deadline_is_today_or_later(day: Day, hazard: str, deadline: date, allowed: bool) -> None:
    if allowed:
        assert ordered(day, hazard, deadline=deadline)
    else:
        problem = refused(day, Invalid, day.hazard_steps.order, director(), hazard, ask(deadline=deadline))
        assert problem.code == "hazard.deadline_past"


@pytest.mark.parametrize("verdict", [Verdict.PENDING, Verdict.REFUSED])
def test_photos_must_be_verified(day: Day, hazard: str, verdict: Verdict) -> None:
    ordered(day, hazard)
    request = confirm(day, photos=(day.file(verdict=verdict),))
    assert refused(day, Conflict, day.hazard_steps.rectify, P1, hazard, request).code == "file.pending"


def test_photos_must_be_his_own(day: Day, hazard: str) -> None:
    ordered(day, hazard)
    request = confirm(day, photos=(day.file("P2"),))
    assert refused(day, Conflict, day.hazard_steps.rectify, P1, hazard, request).code == "file.pending"


def test_a_photo_is_cited_once(day: Day, hazard: str) -> None:
    ordered(day, hazard)
    photo = day.file()
    request = confirm(day, photos=(photo, photo))
    assert refused(day, Invalid, day.hazard_steps.rectify, P1, hazard, request).code == "inspection.file_twice"


def test_a_hazard_is_overdue_from_the_day_after_its_deadline_until_it_is_rectified(day: Day, hazard: str) -> None:
    ordered(day, hazard, deadline=DAY)
    assert not listed(day, P1, ORDERED)[0].overdue
    day.clock.set(calendar.closes_at(DAY) - timedelta(minutes=5))
    assert listed(day, P1, ORDERED)[0].overdue
    assert detail(day, hazard).overdue
    day.hazard_steps.rectify(P1, hazard, confirm(day))
    assert not listed(day, P1, RECTIFIED)[0].overdue


def test_an_officer_lists_what_is_his_and_those_above_list_the_units(day: Day, hazard: str) -> None:
    expected = {"P1": [hazard], "P2": [], "D1": [hazard], "B1": [hazard]}
    members = {"P1": P1, "P2": P2, "D1": director(), "B1": PRINCIPAL}
    assert {who: [item.hazard for item in listed(day, member)] for who, member in members.items()} == expected


def test_a_hazard_is_only_in_the_list_of_its_state(day: Day, hazard: str) -> None:
    ordered(day, hazard)
    assert [len(listed(day, director(), state)) for state in HazardState] == [0, 1, 0]


def test_reported_hazards_are_listed_gravest_first_then_oldest(day: Day) -> None:
    old = day.found("EL-D-01", "EL-D-02", "EL-D-05", stop_use=True).hazards
    new = day.found("EL-D-05", where="E-2", stop_use=True).hazards
    shown = [item.hazard for item in listed(day, director())]
    assert shown == [old[2], new[0], old[1], old[0]]


def test_a_director_of_some_kinds_lists_those(day: Day, hazard: str) -> None:
    day.change(roster(targets=(target(officers=("P1", "P2", "D2")), target("B-1", kind="1000", subtype=None))))
    boiler = day.found("BO-D-01", where="B-1").hazards[0]
    assert [item.hazard for item in listed(day, director(kinds=frozenset({"1000"})))] == [boiler]


def test_pages_lead_from_one_to_the_next_and_only_for_their_own_list(day: Day) -> None:
    things = [target(f"E-{number:03d}") for number in range(60)]
    day.change(roster(targets=things))
    found = [day.found("EL-D-02", where=thing.code).hazards[0] for thing in things]
    first = day.hazards.page(director(), HazardQuery(state=REPORTED))
    second = day.hazards.page(director(), HazardQuery(state=REPORTED, cursor=first.next))
    assert [item.hazard for item in (*first.items, *second.items)] == found
    assert (len(first.items), second.next) == (50, None)
    for member, state in ((director(), ORDERED), (PRINCIPAL, REPORTED), (director("D2"), REPORTED)):
        with pytest.raises(Invalid) as caught:
            day.hazards.page(member, HazardQuery(state=state, cursor=first.next))
        assert caught.value.code == "cursor.invalid"


def test_a_hazard_tells_what_was_found_where_and_by_whom(day: Day) -> None:
    photo = day.file()
    answers = {"EL-D-02": failed("EL-D-02", photos=(photo,), remark="时断时续", grade=Grade.MAJOR)}
    receipt = day.check(answers=answers, kept_in_use="已派人看守")
    shown = detail(day, receipt.hazards[0])
    assert (shown.target, shown.target_name, shown.location) == ("E-1", "1 号客梯", "A 座大堂")
    assert (shown.grade, shown.handling, shown.duty) == (Grade.MAJOR, Handling.PENDING, Duty.DAILY)
    assert (shown.photos, shown.remark, shown.record) == ((photo,), "时断时续", receipt.record)
    assert (shown.finder_name, shown.found_at, shown.item) == ("示例人员P1", receipt.received_at, "EL-D-02")


def test_who_may_be_assigned_is_named_with_the_finder_first(day: Day) -> None:
    hazard = day.found("EL-D-02", who="P2").hazards[0]
    listed = [(officer.person, officer.name) for officer in detail(day, hazard).officers]
    assert listed == [("P2", "示例人员P2"), ("P1", "示例人员P1"), ("D2", "示例人员D2")]


def test_a_colleague_of_the_target_sees_the_hazard_and_a_stranger_does_not(day: Day) -> None:
    hazard = day.found("EL-D-02", where="E-2").hazards[0]
    with pytest.raises(NotFound):
        detail(day, hazard, P2)
    assert day.store.target(UNIT, "E-2") is not None
    assert detail(day, hazard, P1).hazard == hazard
