"""A unit's own checklists, from the administrator's edit to the record, over every store (acceptance 24, 26)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import pytest

from schemas import checklists
from schemas.custom import CustomListAnswer, EndedItem, NewItem, RaisedItem, RevisionRequest
from schemas.inspections import InspectionRequest
from schemas.language import Duty, Grade, PersonState, Role, UnitKind
from schemas.tasks import TaskAnswer
from tean.adapters.ports.store import Store
from tean.domain import calendar
from tean.domain.custom import MOST_ITEMS
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from tean.domain.membership import Membership
from tean.domain.registry import Roster
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target, unit
from tests.fakes.day import Day, failed, passed
from tests.fakes.store import FakeStore

ADMIN, P1, D1 = membership("G1", Role.ADMINISTRATOR), membership("P1"), membership("D1", Role.DIRECTOR)
WEEK, NEXT_WEEK = DAY, DAY + timedelta(days=7)
LAMP = NewItem(group="环境", text="机房照明完好", hazard="机房照明损坏")
DOOR = NewItem(group="设备", text="机房门锁完好", hazard="机房门锁损坏", grade=Grade.SERIOUS, na_allowed=False)


def mall(**fields: Any) -> Roster:
    people = (person("P1"), person("P2"), person("D1", Role.DIRECTOR), person("G1", Role.ADMINISTRATOR, **fields))
    return roster(people, (target("E-1"),))


@pytest.fixture
def day(store: Store) -> Day:
    return Day(mall(), cast(FakeStore, store), duties=tuple(Duty))


def revise(day: Day, duty: Duty = Duty.WEEKLY, kind: str = "3000", **fields: Any) -> CustomListAnswer:
    version = day.custom.list(ADMIN, duty, kind).version
    return day.custom.revise(ADMIN, duty, kind, RevisionRequest(**{"version": version} | fields))


def refusal(kind: type[Problem], step: Any, *args: Any, **fields: Any) -> str:
    with pytest.raises(kind) as caught:
        step(*args, **fields)
    return caught.value.code


def task(day: Day, member: Membership = P1, duty: Duty = Duty.WEEKLY, due: date = WEEK) -> TaskAnswer:
    return day.tasks.open(member, duty, due, "E-1" if duty is Duty.DAILY else "3000")


def own(shown: TaskAnswer) -> list[str]:
    return [item.code for item in shown.checklist.items if item.custom]


def answered(shown: TaskAnswer, **fields: Any) -> InspectionRequest:
    defaults: dict[str, Any] = {
        "target": shown.target.target, "duty": shown.duty, "due": shown.due, "state": "in_use",
        "checklist": shown.checklist.sha256, "answers": tuple(passed(item.code) for item in shown.checklist.items),
    }  # fmt: skip
    return InspectionRequest(**defaults | fields)


def next_week(day: Day) -> None:
    day.clock.set(calendar.closes_at(WEEK, Duty.WEEKLY))
    day.run()


def test_what_is_added_is_asked_from_the_next_task_on(day: Day) -> None:
    shown = revise(day, add=(LAMP, DOOR))
    assert [(item.code, item.text) for item in shown.items if item.custom] == [
        ("ZDY-3000-W-01", "机房照明完好"), ("ZDY-3000-W-02", "机房门锁完好"),
    ]  # fmt: skip
    assert (shown.version, shown.edited_by, own(task(day))) == (1, "G1", [])
    next_week(day)
    later = task(day, due=NEXT_WEEK)
    assert own(later) == ["ZDY-3000-W-01", "ZDY-3000-W-02"]
    assert [item.code for item in later.checklist.items][:-2] == [
        item.code for item in checklists.current("3000", Duty.WEEKLY).items
    ]


def test_a_task_made_after_the_edit_asks_the_new_list_one_made_before_the_old(day: Day) -> None:
    revise(day, add=(LAMP,))
    day.change(roster((*mall().people.values(), person("P3")), (target("E-1", officers=("P1", "P3")),)))
    assert (own(task(day)), own(task(day, membership("P3")))) == ([], ["ZDY-3000-W-01"])


@pytest.mark.parametrize("duty", [Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY])
def test_each_duty_has_a_list_of_its_own(day: Day, duty: Duty) -> None:
    revise(day, duty, add=(LAMP,))
    day.change(roster((*mall().people.values(), person("P3")), (target("E-1", officers=("P3",)),)))
    due = {each: calendar.bucket(each, DAY) for each in Duty}
    asked = {
        each: own(task(day, membership("P3"), each, due[each])) for each in (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY)
    }
    assert {each for each, codes in asked.items() if codes} == {duty}


def test_a_record_shows_the_items_it_was_answered_on_however_often_the_list_changes(day: Day) -> None:
    revise(day, add=(LAMP,))
    next_week(day)
    asked = task(day, due=NEXT_WEEK)
    receipt = day.inspections.submit(P1, answered(asked))
    revise(day, add=(DOOR,), end=(EndedItem(item="ZDY-3000-W-01", ends=NEXT_WEEK + timedelta(days=7)),))
    detail = day.records.detail(P1, "3000", receipt.record)
    assert [item.code for item in detail.items if item.custom] == ["ZDY-3000-W-01"]
    assert (detail.checklist, detail.title) == (asked.checklist.sha256, "每周电梯安全排查治理报告")
    assert len(detail.items) == len(asked.checklist.items)


def test_an_item_that_ended_is_asked_until_then_and_stays_in_the_list(day: Day) -> None:
    revise(day, add=(LAMP, DOOR))
    ended = revise(day, end=(EndedItem(item="ZDY-3000-W-01", ends=NEXT_WEEK),))
    assert {item.code: item.ends for item in ended.items if item.custom} == {
        "ZDY-3000-W-01": NEXT_WEEK,
        "ZDY-3000-W-02": None,
    }
    next_week(day)
    assert own(task(day, due=NEXT_WEEK)) == ["ZDY-3000-W-02"]
    assert (
        refusal(Conflict, revise, day, end=(EndedItem(item="ZDY-3000-W-01", ends=date(2027, 1, 4)),)) == "custom.ended"
    )
    again = revise(day, add=(LAMP,))
    assert [item.code for item in again.items if item.custom] == ["ZDY-3000-W-01", "ZDY-3000-W-02", "ZDY-3000-W-03"]


def test_a_grade_is_raised_for_fixed_and_own_items_and_never_lowered(day: Day) -> None:
    fixed = next(item for item in checklists.current("3000", Duty.WEEKLY).items if item.grade is Grade.GENERAL)
    revise(day, add=(LAMP,))
    raised = (RaisedItem(item=fixed.code, grade=Grade.SERIOUS), RaisedItem(item="ZDY-3000-W-01", grade=Grade.MAJOR))
    shown = {item.code: (item.released, item.grade) for item in revise(day, raised=raised).items}
    assert shown[fixed.code] == (Grade.GENERAL, Grade.SERIOUS)
    assert shown["ZDY-3000-W-01"] == (Grade.GENERAL, Grade.MAJOR)
    for grade in (Grade.SERIOUS, Grade.GENERAL):
        assert (
            refusal(Invalid, revise, day, raised=(RaisedItem(item=fixed.code, grade=grade),))
            == "custom.grade_not_raised"
        )
    next_week(day)
    grades = {item.code: item.grade for item in task(day, due=NEXT_WEEK).checklist.items}
    assert (grades[fixed.code], grades["ZDY-3000-W-01"]) == (Grade.SERIOUS, Grade.MAJOR)


def test_a_hazard_of_an_own_item_bears_its_sentence_and_grade(day: Day) -> None:
    revise(day, add=(DOOR,))
    next_week(day)
    asked = task(day, due=NEXT_WEEK)
    answers = {item.code: passed(item.code) for item in asked.checklist.items} | {
        "ZDY-3000-W-01": failed("ZDY-3000-W-01")
    }
    receipt = day.inspections.submit(P1, answered(asked, answers=tuple(answers.values())))
    found = day.store.hazard(UNIT, receipt.hazards[0])
    assert found is not None
    assert (found[0].item, found[0].sentence, found[0].grade) == ("ZDY-3000-W-01", "机房门锁损坏", Grade.SERIOUS)


def test_another_list_than_the_task_asks_is_refused(day: Day) -> None:
    revise(day, add=(LAMP,))
    next_week(day)
    asked = task(day, due=NEXT_WEEK)
    fixed = asked.checklist.sha256.split(".")[0]
    for wrong in (fixed, f"{fixed}.{'0' * 64}", f"{fixed}.{asked.checklist.sha256}"):
        assert (
            refusal(Invalid, day.inspections.submit, P1, answered(asked, checklist=wrong))
            == "inspection.checklist_unknown"
        )
    missing = answered(asked, answers=tuple(passed(item.code) for item in asked.checklist.items[:-1]))
    assert refusal(Invalid, day.inspections.submit, P1, missing) == "inspection.answers"


@pytest.mark.parametrize(("fields", "code"), [
    ({"end": (EndedItem(item="EL-W-01", ends=NEXT_WEEK),)}, "custom.not_own"),
    ({"end": (EndedItem(item="ZDY-3000-W-01", ends=WEEK + timedelta(days=1)),)}, "custom.ends_early"),
    ({"raised": (RaisedItem(item="EL-D-01", grade=Grade.MAJOR),)}, "custom.item_unknown"),
    ({"raised": (RaisedItem(item="ZDY-3000-W-01", grade=Grade.MAJOR),) * 2}, "custom.item_twice"),
    ({"add": (LAMP,) * 20}, "custom.too_many"),
])  # fmt: skip
def test_what_would_take_away_or_change_what_has_begun_is_refused(day: Day, fields: dict[str, Any], code: str) -> None:
    revise(day, add=(LAMP,) * 20)
    before = day.custom.list(ADMIN, Duty.WEEKLY, "3000")
    assert MOST_ITEMS < 40
    assert refusal(Invalid, revise, day, **fields) == code
    assert day.custom.list(ADMIN, Duty.WEEKLY, "3000") == before


def test_who_did_not_see_the_last_version_changes_nothing(day: Day) -> None:
    revise(day, add=(LAMP,))
    stale = RevisionRequest(version=0, add=(DOOR,))
    assert refusal(Conflict, day.custom.revise, ADMIN, Duty.WEEKLY, "3000", stale) == "custom.moved"
    assert day.custom.list(ADMIN, Duty.WEEKLY, "3000").version == 1


def test_an_edit_whose_answer_was_lost_is_not_made_twice(day: Day) -> None:
    for fields in ({"add": (LAMP,)}, {"end": (EndedItem(item="ZDY-3000-W-01", ends=NEXT_WEEK),), "add": (DOOR,)}):
        version = day.custom.list(ADMIN, Duty.WEEKLY, "3000").version
        request = RevisionRequest(**{"version": version} | fields)
        first = day.custom.revise(ADMIN, Duty.WEEKLY, "3000", request)
        assert day.custom.revise(ADMIN, Duty.WEEKLY, "3000", request) == first
        assert first.version == version + 1
    other = RevisionRequest(version=1, add=(LAMP, LAMP))
    assert refusal(Conflict, day.custom.revise, ADMIN, Duty.WEEKLY, "3000", other) == "custom.moved"


def test_of_two_edits_at_once_one_wins(day: Day) -> None:
    revise(day, add=(LAMP,))
    there = day.store.customs(UNIT)
    assert there is not None
    known = there[1][Duty.WEEKLY, "3000"]
    revise(day, add=(DOOR,))
    version = checklists.CustomList(
        target_kind="3000", duty=Duty.WEEKLY, version=2, edited_by="G1", edited_at=day.clock()
    )
    refused = day.store.revise(ADMIN, version, known)
    assert refused is not None and refused.moved and not refused.dismissed
    assert day.custom.list(ADMIN, Duty.WEEKLY, "3000").version == 2


def test_a_dismissed_administrator_edits_no_more(day: Day) -> None:
    day.change(mall(state=PersonState.DISMISSED))
    assert refusal(Forbidden, revise, day, add=(LAMP,)) == "person.dismissed"


@pytest.mark.parametrize(("duty", "kind"), [(Duty.WEEKLY, "1000"), (Duty.DAILY, "filling"), (Duty.WEEKLY, "GC_FILL")])
def test_a_list_of_what_the_unit_has_not_does_not_exist(day: Day, duty: Duty, kind: str) -> None:
    assert refusal(NotFound, day.custom.list, ADMIN, duty, kind) == "custom.unknown"


def test_the_overview_names_each_list_of_each_duty(store: Store) -> None:
    sides = frozenset({UnitKind.USE, UnitKind.FILLING})
    fields: dict[str, Any] = {"unit_kind": UnitKind.FILLING, "subtype": None, "officers": ()}
    things = (target("E-1"), target("S-1", kind="GC_FILL", **fields), target("S-2", kind="MPV_FILL", **fields))
    people = (person("P1", roles={Role.OFFICER: sides}), person("G1", roles={Role.ADMINISTRATOR: sides}))
    day = Day(roster(people, things, unit=unit(kinds=sides)), cast(FakeStore, store))
    revise(day, Duty.MONTHLY, "filling", add=(LAMP,))
    listed = day.custom.overview(ADMIN).items
    assert [(one.duty, one.kind) for one in listed] == [
        (Duty.DAILY, "3000"), (Duty.DAILY, "GC_FILL"), (Duty.DAILY, "MPV_FILL"),
        (Duty.WEEKLY, "3000"), (Duty.WEEKLY, "filling"), (Duty.MONTHLY, "3000"), (Duty.MONTHLY, "filling"),
    ]  # fmt: skip
    assert [one.kind for one in listed if one.own] == ["filling"]
    both = sum(len(checklists.current(kind, Duty.MONTHLY).items) for kind in ("GC_FILL", "MPV_FILL"))
    assert next(one.fixed for one in listed if one.own) == both


def test_the_overview_counts_what_is_asked_from_the_next_task_on(day: Day) -> None:
    def counts() -> tuple[int, int, int]:
        return next(
            (one.fixed, one.own, one.raised) for one in day.custom.overview(ADMIN).items if one.duty == "weekly"
        )

    fixed = checklists.current("3000", Duty.WEEKLY).items
    assert counts() == (len(fixed), 0, 0)
    light = next(item.code for item in fixed if item.grade is Grade.GENERAL)
    raised = [RaisedItem(item=code, grade=Grade.MAJOR) for code in (light, "ZDY-3000-W-01")]
    revise(day, add=(LAMP, DOOR))
    revise(day, raised=raised)
    assert counts() == (len(fixed), 2, 2)
    revise(day, end=(EndedItem(item="ZDY-3000-W-01", ends=NEXT_WEEK),))
    assert counts() == (len(fixed), 1, 1)
    revise(day, end=(EndedItem(item="ZDY-3000-W-02", ends=NEXT_WEEK + timedelta(days=7)),))
    assert counts() == (len(fixed), 1, 1), "the next week asks it still"
    next_week(day)
    assert counts() == (len(fixed), 0, 1)


@pytest.mark.parametrize("reader", ["G1", "G2"])
def test_who_made_a_version_is_named_to_whoever_reads_it(day: Day, reader: str) -> None:
    revise(day, add=(LAMP,))
    shown = day.custom.list(membership(reader, Role.ADMINISTRATOR), Duty.WEEKLY, "3000")
    assert (shown.edited_by, shown.edited_by_name) == ("G1", ADMIN.name)


def test_a_director_is_asked_the_same_list(day: Day) -> None:
    revise(day, add=(LAMP,))
    next_week(day)
    assert own(task(day, D1, due=NEXT_WEEK)) == ["ZDY-3000-W-01"]


def test_items_that_end_some_day_still_count_until_then(day: Day) -> None:
    revise(day, add=(LAMP,) * 20)
    far = tuple(EndedItem(item=f"ZDY-3000-W-{number:02d}", ends=date(2099, 1, 4)) for number in range(1, 21))
    assert refusal(Invalid, revise, day, end=far, add=(LAMP,) * 20) == "custom.too_many"


def test_a_list_that_is_released_graver_is_not_asked_lighter(day: Day) -> None:
    item = checklists.current("3000", Duty.WEEKLY).items[0].model_copy(update={"grade": Grade.MAJOR})
    raised = checklists.CustomList(
        target_kind="3000", duty=Duty.WEEKLY, version=1, edited_by="G1", edited_at=day.clock(),
        raised={item.code: Grade.SERIOUS},
    )  # fmt: skip
    assert raised.graded(item).grade is Grade.MAJOR
