"""Weekly inspection and monthly dispatch, from to-do to record, over every store (acceptance 25-31)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import pytest
from pydantic import ValidationError

from schemas import checklists
from schemas.language import Duty, Grade, Handling, HazardState, Result, Role, Stamp, TargetState, TaskState, UnitKind
from schemas.records import RecordQuery
from tean.adapters.ports.store import Store
from tean.domain import calendar
from tean.domain.errors import Conflict, Invalid, NotFound, Problem
from tean.domain.membership import Membership
from tean.domain.registry import Roster
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target, unit
from tests.fakes.day import Day, failed, mended, passed
from tests.fakes.store import FakeStore

ALL = tuple(Duty)
WEEK, MONTH = DAY, DAY.replace(day=1)
DUE = {Duty.WEEKLY: WEEK, Duty.MONTHLY: MONTH}
BOTH = pytest.mark.parametrize("duty", list(DUE))
P1, P2 = membership("P1"), membership("P2")
D1, D2 = membership("D1", Role.DIRECTOR), membership("D2", Role.DIRECTOR)
B1 = membership("B1", Role.PRINCIPAL)
ITEM = {Duty.WEEKLY: "EL-W-01", Duty.MONTHLY: "EL-M-01"}


def mall(**fields: Any) -> Roster:
    people = (
        person("P1"), person("P2"), person("D1", Role.DIRECTOR), person("D2", Role.DIRECTOR),
        person("B1", Role.PRINCIPAL),
    )  # fmt: skip
    things = (target("E-1", officers=("P1", "P2")), target("E-2"), target("E-9", kind="1000", subtype=None))
    return roster(people, things, **fields)


@pytest.fixture
def day(store: Store) -> Day:
    return Day(mall(), cast(FakeStore, store), duties=ALL)


def states(day: Day, member: Membership, duty: Duty, due: date | None = None) -> dict[str, TaskState]:
    rows = day.store.rows(UNIT, member.post, duty, due or DUE[duty])
    return {row.target: row.state for row in rows}


def refusal(day: Day, member: Membership, kind: type[Problem], **fields: Any) -> Problem:
    with pytest.raises(kind) as caught:
        day.inspections.submit(member, day.inspection(member.person, **fields))
    return caught.value


def number_of_records(day: Day, kind: str = "3000") -> int:
    return day.store.facts(UNIT, "P1", kind, Duty.WEEKLY, WEEK).head.seq


@BOTH
def test_a_task_of_a_kind_asks_its_whole_list_and_bears_its_statutory_title(day: Day, duty: Duty) -> None:
    task = day.tasks.open(P1, duty, DUE[duty], "3000")
    assert (task.target.name, task.target.kind_name, task.target.unit_kind) == ("电梯", "电梯", UnitKind.USE)
    assert task.record_title == {
        Duty.WEEKLY: "每周电梯安全排查治理报告", Duty.MONTHLY: "每月电梯安全调度会议纪要",
    }[duty]  # fmt: skip
    assert task.checklist.items[0].code == ITEM[duty]
    assert task.late_until == calendar.late_until(DUE[duty], duty)


@BOTH
def test_each_officer_inspects_for_himself(day: Day, duty: Duty) -> None:
    first = day.inspections.submit(P1, day.inspection(duty=duty))
    assert (states(day, P1, duty)["3000"], states(day, P2, duty)["3000"]) == (TaskState.DONE, TaskState.OPEN)
    second = day.inspections.submit(P2, day.inspection("P2", duty=duty))
    assert (first.record, second.record) == (
        f"{duty}.{DUE[duty]}.officer-P1.v01", f"{duty}.{DUE[duty]}.officer-P2.v01",
    )  # fmt: skip
    assert (first.first, second.first) == (None, None)
    assert number_of_records(day) == 2


@BOTH
def test_directors_share_theirs_and_the_second_check_is_kept_as_a_supplement(day: Day, duty: Duty) -> None:
    first = day.inspections.submit(D1, day.inspection("D1", duty=duty))
    assert states(day, D1, duty)["3000"] is states(day, D2, duty)["3000"] is TaskState.DONE
    second = day.inspections.submit(D2, day.inspection("D2", duty=duty, answers={ITEM[duty]: failed(ITEM[duty])}))
    assert second.first is not None and second.first.person == "D1"
    assert (first.record, second.record) == (
        f"{duty}.{DUE[duty]}.director.v01", f"{duty}.{DUE[duty]}.director.v01.D2",
    )  # fmt: skip
    assert len(second.hazards) == 1


def test_what_a_role_did_closes_nothing_of_another_role(day: Day) -> None:
    day.inspections.submit(D1, day.inspection("D1", duty=Duty.MONTHLY))
    assert states(day, B1, Duty.MONTHLY) == {"1000": TaskState.OPEN, "3000": TaskState.OPEN}
    assert states(day, P1, Duty.MONTHLY)["3000"] is TaskState.OPEN


def test_the_principal_has_no_weekly_inspection_where_a_director_is_appointed(day: Day) -> None:
    assert refusal(day, B1, NotFound).code == "task.unknown"


def test_a_lost_answer_gets_the_first_one_and_other_content_is_refused(day: Day) -> None:
    request = day.inspection()
    assert day.inspections.submit(P1, request) == day.inspections.submit(P1, request)
    assert refusal(day, P1, Conflict, remark="另一份").code == "inspection.already_submitted"
    assert number_of_records(day) == 1


def test_a_clean_inspection_is_stamped_and_numbered_without_a_signature(day: Day) -> None:
    receipt = day.inspections.submit(P1, day.inspection())
    assert (receipt.stamp, receipt.number, receipt.late) == (Stamp.ZERO_RISK, "20261123-3000-W-P1-01", False)
    monthly = day.inspections.submit(B1, day.inspection("B1", duty=Duty.MONTHLY))
    assert monthly.number == "20261101-3000-M-principal-01"


@BOTH
@pytest.mark.parametrize("member", [P1, D1, B1])
def test_the_history_of_a_kind_leads_to_a_record_with_every_item(day: Day, duty: Duty, member: Membership) -> None:
    made = day.inspections.submit(
        P1, day.inspection(duty=duty, answers={ITEM[duty]: failed(ITEM[duty], remark="摇晃")})
    )
    (listed,) = day.records.page(member, "3000", RecordQuery(duty=duty)).items
    assert (listed.record, listed.due, listed.person, listed.fails) == (made.record, DUE[duty], "P1", 1)
    shown = day.records.detail(member, "3000", listed.record)
    asked = checklists.asked(("3000",), duty).items
    assert [(item.code, item.text) for item in shown.items] == [(item.code, item.text) for item in asked]
    assert (shown.items[0].remark, {item.result for item in shown.items[1:]}) == ("摇晃", {Result.PASS})


@pytest.mark.parametrize(("fields", "code"), [
    ({"state": TargetState.SUSPENDED, "reason": "停", "answers_": ()}, "inspection.kind_suspended"),
    ({"due": WEEK + timedelta(days=1)}, "inspection.future"),
    ({"checklist": None}, "inspection.checklist_unknown"),
])  # fmt: skip
def test_what_makes_no_inspection_of_a_kind_is_refused(day: Day, fields: dict[str, Any], code: str) -> None:
    request = day.inspection().model_copy(update={key.rstrip("_"): value for key, value in fields.items()})
    if fields.get("state"):
        request = request.model_copy(update={"checklist": None})
    with pytest.raises(Invalid) as caught:
        day.inspections.submit(P1, request)
    assert caught.value.code == code
    assert number_of_records(day) == 0


def test_a_bucket_is_only_known_by_its_first_day(day: Day) -> None:
    day.clock.move(days=2)
    assert refusal(day, P1, NotFound, due=WEEK + timedelta(days=1)).code == "task.unknown"
    with pytest.raises(NotFound):
        day.tasks.open(P1, Duty.WEEKLY, WEEK + timedelta(days=1), "3000")


def test_a_report_is_not_inspected(day: Day) -> None:
    with pytest.raises(ValidationError):
        day.inspection().model_validate({**day.inspection().model_dump(), "duty": Duty.WEEKLY_REPORT})


# --- devices --------------------------------------------------------------------------------------------------------


def on(*devices: str, **fields: Any) -> dict[str, Any]:
    return {"EL-W-01": failed("EL-W-01", devices=devices, **fields)}


def open_at(day: Day, where: str) -> int:
    return sum(day.store.facts(UNIT, "P1", where, Duty.DAILY, DAY).head.open_hazards.values())


def test_a_hazard_counts_at_each_device_it_names_else_at_the_kind(day: Day) -> None:
    day.inspections.submit(P1, day.inspection(answers=on("E-1", "E-2")))
    assert {where: open_at(day, where) for where in ("E-1", "E-2", "3000")} == {"E-1": 1, "E-2": 1, "3000": 0}
    day.inspections.submit(P2, day.inspection("P2", answers=on()))
    assert {where: open_at(day, where) for where in ("E-1", "E-2", "3000")} == {"E-1": 1, "E-2": 1, "3000": 1}


def test_a_device_never_checked_before_takes_its_first_check_after_a_hazard_named_it(day: Day) -> None:
    day.inspections.submit(P1, day.inspection(answers=on("E-1")))
    receipt = day.check("P1", "E-1")
    assert (receipt.stamp, day.head("E-1").seq, open_at(day, "E-1")) == (Stamp.NO_NEW_HAZARD, 1, 1)


def test_a_hazard_of_a_kind_waits_for_nobodys_order_and_may_bear_a_deadline(day: Day) -> None:
    deadline = DAY + timedelta(days=5)
    receipt = day.inspections.submit(P1, day.inspection(answers=on("E-1", deadline=deadline)))
    found = day.store.hazard(UNIT, receipt.hazards[0])
    assert found is not None
    hazard, _ = found
    assert (hazard.state, hazard.deadline, hazard.devices) == (HazardState.ORDERED, deadline, ("E-1",))
    assert (hazard.target, hazard.kind, hazard.duty, hazard.assignee) == ("3000", "3000", Duty.WEEKLY, None)


def test_what_was_put_right_on_the_spot_is_born_rectified(day: Day) -> None:
    receipt = day.inspections.submit(P1, day.inspection(answers={"EL-W-01": mended("EL-W-01")}))
    assert (receipt.hazards, receipt.fails, open_at(day, "3000")) == ((), 1, 0)


@pytest.mark.parametrize("device", ["E-9", "E-77", "L-1"])
def test_a_device_of_another_kind_or_none_is_refused(day: Day, device: str) -> None:
    assert refusal(day, P1, Invalid, answers=on("E-1", device)).code == "inspection.device_unknown"
    assert (number_of_records(day), open_at(day, "E-1")) == (0, 0)


@pytest.mark.parametrize("answer", [
    {"EL-W-01": failed("EL-W-01", Handling.ON_SITE, outcome="好了", deadline=DAY)},
    {"EL-W-01": failed("EL-W-01", deadline=DAY - timedelta(days=1))},
    {"EL-W-01": passed("EL-W-01", devices=("E-1",))},
])  # fmt: skip
def test_a_deadline_or_a_device_where_it_means_nothing_is_a_fault(day: Day, answer: dict[str, Any]) -> None:
    assert refusal(day, P1, Invalid, answers=answer).code == "inspection.answers"


PERFORMED = [
    (timedelta(0), True),
    (-timedelta(days=1), True),
    (timedelta(hours=20), False),
    (timedelta(days=900), False),
    (-timedelta(days=900), True),
]
"""How long after the Monday of the deadline, at 09:00, a phone says it was signed; whether the unit takes it."""


@pytest.mark.parametrize(("later", "taken"), PERFORMED)
def test_a_deadline_is_judged_by_when_it_was_signed_not_by_when_it_arrives(
    day: Day, later: timedelta, taken: bool
) -> None:
    signed = day.clock() + later
    request = day.inspection(answers=on("E-1", deadline=DAY), performed_at=signed)
    day.clock.move(days=2)
    if not taken:
        with pytest.raises(Invalid) as caught:
            day.inspections.submit(P1, request)
        assert caught.value.details["faults"] == [{"item": "EL-W-01", "reason": "整改期限不能早于签字那天"}]
        return
    receipt = day.inspections.submit(P1, request)
    found = day.store.hazard(UNIT, receipt.hazards[0])
    assert found is not None and found[0].deadline == DAY


def test_a_phone_that_says_it_was_signed_before_the_week_began_is_not_believed(day: Day) -> None:
    before = DAY - timedelta(days=1)
    performed_at = day.clock() - timedelta(days=9)
    assert refusal(day, P1, Invalid, answers=on("E-1", deadline=before), performed_at=performed_at).code == (
        "inspection.answers"
    )


def test_daily_control_names_no_device_and_no_deadline(day: Day) -> None:
    for fields in ({"devices": ("E-2",)}, {"deadline": DAY}):
        request = day.request(answers={"EL-D-01": failed("EL-D-01", grade=Grade.GENERAL, **fields)})
        with pytest.raises(Invalid) as caught:
            day.submit(request)
        assert caught.value.code == "inspection.answers"


# --- late, closed, counted ------------------------------------------------------------------------------------------


@BOTH
def test_a_bucket_closes_takes_late_entries_for_two_days_and_is_counted_again(day: Day, duty: Duty) -> None:
    due = DUE[duty]
    day.inspections.submit(P1, day.inspection(duty=duty))
    day.clock.set(calendar.closes_at(due, duty))
    day.run()
    assert states(day, P2, duty, due) == {"3000": TaskState.MISSED}
    day.clock.move(hours=30)
    receipt = day.inspections.submit(P2, day.inspection("P2", duty=duty, due=due))
    assert receipt.late
    day.clock.set(calendar.late_until(due, duty) + timedelta(days=1))
    day.run()
    (rollup,) = day.store.rollups(UNIT, duty, until=due, limit=1)
    assert (rollup.due, rollup.final) == (due, True)
    assert {post: counts["3000"].late for post, counts in rollup.people.items()}["P2"] == 1
    assert rollup.people["P1"]["3000"].on_time == 1
    refused = refusal(day, D1, Conflict, duty=duty, due=due)
    assert refused.code == "inspection.closed"


def test_what_an_officer_missed_is_marked_for_him_alone(day: Day) -> None:
    day.inspections.submit(P1, day.inspection())
    day.clock.set(calendar.closes_at(WEEK, Duty.WEEKLY))
    day.run()
    query = RecordQuery(duty=Duty.WEEKLY)
    mine, his = (day.records.page(who, "3000", query) for who in (P1, P2))
    assert ([item.person for item in mine.items], mine.missed) == (["P1"], ())
    assert ([item.person for item in his.items], [marker.names for marker in his.missed]) == ([], [("示例人员P2",)])
    whole = day.records.page(B1, "3000", query)
    assert [marker.names for marker in whole.missed] == [("示例人员P2",), ("示例人员D1", "示例人员D2")]


def test_those_above_see_how_far_the_officers_are_in_the_same_bucket(day: Day) -> None:
    day.inspections.submit(P1, day.inspection())
    day.inspections.submit(D1, day.inspection("D1"))
    told = day.progress.progress(B1, Duty.WEEKLY)
    assert (told.due, told.owed, told.done) == (WEEK, 3, 1)
    assert [(one.name, one.owed, one.done) for one in told.officers] == [("示例人员P1", 2, 1), ("示例人员P2", 1, 0)]


def test_a_list_is_sorted_by_what_has_to_be_done_first(day: Day) -> None:
    listed = [(todo.duty, todo.target) for todo in day.todos.page(P1, None).items]
    assert listed == [
        (Duty.DAILY, "E-1"), (Duty.DAILY, "E-2"), (Duty.DAILY, "E-9"),
        (Duty.WEEKLY, "1000"), (Duty.WEEKLY, "3000"), (Duty.MONTHLY, "1000"), (Duty.MONTHLY, "3000"),
    ]  # fmt: skip
    assert {todo.duty for todo in day.todos.page(D1, None).items} == set(Duty) - {Duty.DAILY}
    assert {todo.duty for todo in day.todos.page(B1, None).items} == {Duty.MONTHLY, Duty.MONTHLY_REPORT}


GAS, TANK = "GC_FILL", "MPV_FILL"
FILLS = frozenset({UnitKind.FILLING})


def filling(*kinds: str, gone: str = "") -> Roster:
    """A filling unit with a station of each of these kinds; the one of ``gone`` was removed."""
    fields: dict[str, Any] = {"unit_kind": UnitKind.FILLING, "subtype": None, "officers": ()}
    people = [person(who, roles={role: FILLS}) for who, role in (("P1", Role.OFFICER), ("D1", Role.DIRECTOR))]
    return roster(
        people,
        [target(f"S-{kind}", kind=kind, removed=kind == gone, **fields) for kind in kinds],
        unit=unit(kinds=FILLS),
    )


@BOTH
def test_a_station_of_another_kind_is_asked_for_at_once_by_what_is_open(store: Store, duty: Duty) -> None:
    day = Day(filling(GAS), cast(FakeStore, store), duties=ALL)
    officer, director = membership("P1", sides=FILLS), membership("D1", Role.DIRECTOR, sides=FILLS)

    receipt = day.inspections.submit(director, day.inspection("D1", "filling", duty, lists=(GAS,)))
    day.change(filling(GAS, TANK))
    codes = [item.code for item in day.tasks.open(officer, duty, DUE[duty], "filling").checklist.items]
    assert codes == [item.code for item in checklists.asked((GAS, TANK), duty).items]
    kept = day.tasks.open(director, duty, DUE[duty], "filling")
    assert kept.done is not None and kept.done.record == receipt.record
    assert [item.code for item in kept.checklist.items] == [item.code for item in checklists.asked((GAS,), duty).items]
    assert day.open() == 0, "once it follows, nothing is left to write"


def test_a_row_that_was_taken_back_asks_what_there_is_when_it_is_given_back(store: Store) -> None:
    day = Day(filling(GAS), cast(FakeStore, store), duties=ALL)
    day.change(filling(GAS, gone=GAS))
    assert states(day, P1, Duty.WEEKLY) == {"filling": TaskState.WITHDRAWN}
    day.change(filling(GAS, TANK, gone=GAS))
    task = day.tasks.open(membership("P1", sides=FILLS), Duty.WEEKLY, WEEK, "filling")
    assert [item.code for item in task.checklist.items] == [
        item.code for item in checklists.asked((TANK,), Duty.WEEKLY).items
    ]


def test_who_comes_at_noon_is_done_with_what_a_colleague_checks_where_nobody_is_named(store: Store) -> None:
    day = Day(filling(GAS), cast(FakeStore, store), duties=ALL)
    whole = filling(GAS)
    second = person("P2", roles={Role.OFFICER: FILLS})
    day.change(roster((*whole.people.values(), second), whole.targets.values(), unit=whole.unit))
    day.submit(day.request("P1", f"S-{GAS}"), "P1", sides=FILLS)
    row = day.row("P2", f"S-{GAS}")
    assert row is not None and (row.state, row.closed_by) == (TaskState.DONE, "P1")
    assert day.open() == 0


@BOTH
def test_who_is_named_director_later_is_done_with_what_another_records_after_that(day: Day, duty: Duty) -> None:
    whole = mall()
    day.change(roster((*whole.people.values(), person("D3", Role.DIRECTOR)), whole.targets.values()))
    day.inspections.submit(D1, day.inspection("D1", duty=duty))
    for who in ("D1", "D2", "D3"):
        assert states(day, membership(who, Role.DIRECTOR), duty)["3000"] is TaskState.DONE, who
    assert day.open() == 0


def test_filling_is_inspected_on_the_lists_of_all_its_kinds(store: Store) -> None:
    day = Day(filling(GAS, TANK), cast(FakeStore, store), duties=ALL)
    officer = membership("P1", sides=FILLS)
    lists = (GAS, TANK)
    task = day.tasks.open(officer, Duty.WEEKLY, WEEK, "filling")
    assert task.record_title == "每周气瓶充装安全排查治理报告、每周移动式压力容器充装安全排查治理报告"
    asked = checklists.asked(lists, Duty.WEEKLY)
    assert [item.code for item in task.checklist.items] == [item.code for item in asked.items]
    half = day.inspection(kind="filling", lists=lists[:1])
    with pytest.raises(Invalid):
        day.inspections.submit(officer, half)
    receipt = day.inspections.submit(officer, day.inspection(kind="filling", lists=lists))
    detail = day.records.detail(officer, "filling", receipt.record)
    assert (detail.title, detail.kind, len(detail.items)) == (task.record_title, "filling", len(task.checklist.items))
