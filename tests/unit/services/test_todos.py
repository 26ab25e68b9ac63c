from __future__ import annotations

import gzip
from datetime import date, timedelta
from typing import Any

import pytest

from schemas import checklists
from schemas.language import Duty, Grade, Role, Stamp, TargetState, TaskState, UnitKind
from schemas.tasks import TaskAnswer
from schemas.todos import TodoPage
from tean.adapters.ports.days import PutRow, PutSheet
from tean.domain import calendar
from tean.domain.errors import Conflict, Invalid, NotFound, Problem
from tean.domain.records import Head
from tests.fakes.builders import DAY, OTHER_UNIT, UNIT, membership, roster, row, sheet, target
from tests.fakes.day import Day, mended
from tests.fakes.watched import WatchedStore

YESTERDAY = DAY - timedelta(days=1)


def page(day: Day, cursor: str | None = None, who: str = "P1", **fields: Any) -> TodoPage:
    return day.todos.page(membership(who, **fields), cursor)


def opened(day: Day, where: str = "E-1", who: str = "P1", duty: Duty = Duty.DAILY, due: date = DAY) -> TaskAnswer:
    return day.tasks.open(membership(who), duty, due, where)


def refusal(day: Day, kind: type[Problem], **task: Any) -> str:
    with pytest.raises(kind) as caught:
        opened(day, **task)
    return caught.value.code


def many(number: int) -> Day:
    return Day(
        roster(targets=[target(f"E-{n:03d}", location=f"{n} 座大堂", name=f"{n} 号客梯") for n in range(number)])
    )


def test_a_row_says_what_to_check_where_and_in_which_state() -> None:
    (todo,) = page(Day()).items
    assert todo.model_dump(exclude_none=True) == {
        "duty": Duty.DAILY,
        "due": DAY,
        "target": "E-1",
        "name": "1 号客梯",
        "location": "A 座大堂",
        "unit_kind": UnitKind.USE,
        "kind": "3000",
        "state": TaskState.OPEN,
    }


def test_a_suspended_target_is_marked_in_the_list() -> None:
    (todo,) = page(Day(roster(targets=(target(state=TargetState.SUSPENDED),)))).items
    assert todo.suspended is True


def test_a_done_row_stays_in_todays_list_and_says_who_did_it_and_when() -> None:
    day = Day(roster(targets=(target(officers=("P1", "P2")),)))
    day.clock.now += timedelta(milliseconds=250)
    day.check("P2")
    shown = page(day)
    (todo,) = shown.items
    assert (todo.state, todo.closed_by, todo.closed_at) == (TaskState.DONE, "P2", day.clock())
    assert shown.names == {"P2": "示例人员P2"}
    assert '"closed_at":"2026-11-23T01:00:01Z"' in shown.to_json()


def test_an_open_row_is_nobodys_and_says_nothing_of_a_record() -> None:
    shown = page(Day())
    (todo,) = shown.items
    assert (todo.closed_by, todo.stamp, todo.fails, shown.names) == (None, None, None, {})


def told(day: Day, who: str = "P1") -> tuple[TaskState, Stamp | None, int | None, bool | None]:
    (todo,) = page(day, who=who).items
    return todo.state, todo.stamp, todo.fails, todo.suspended


def shared(**fields: Any) -> Day:
    return Day(roster(targets=(target(officers=("P1", "P2"), **fields),)))


def test_a_clean_check_stamps_the_row_of_everybody_who_shares_it() -> None:
    day = shared()
    day.check("P2")
    assert told(day) == told(day, "P2") == (TaskState.DONE, Stamp.ZERO_RISK, None, None)


def test_a_row_counts_what_was_failed_and_bears_no_stamp() -> None:
    day = shared()
    day.check("P2", answers=day.failing("EL-D-02", who="P2") | {"EL-D-01": mended("EL-D-01")})
    assert told(day) == (TaskState.DONE, None, 2, None)


def test_a_row_closed_late_says_so_and_is_stamped_all_the_same() -> None:
    day = Day()
    day.clock.set(calendar.closes_at(DAY) + timedelta(hours=1))
    day.check()
    row = day.row()
    assert row is not None
    assert (row.state, row.stamp, row.closed_by_name) == (TaskState.LATE, Stamp.ZERO_RISK, "示例人员P1")


def test_a_row_closed_as_suspended_says_so_without_a_stamp() -> None:
    day = shared()
    day.submit(day.stopped("P2"), "P2")
    assert told(day) == (TaskState.DONE, None, None, True)


def test_a_row_of_a_suspended_target_found_in_use_is_no_longer_marked() -> None:
    day = shared(state=TargetState.SUSPENDED)
    day.check("P2")
    assert told(day) == (TaskState.DONE, Stamp.ZERO_RISK, None, None)


def test_a_supplement_changes_nothing_of_what_the_rows_say_of_the_first() -> None:
    day = shared()
    day.check("P1")
    before = page(day), page(day, who="P2")
    day.found("EL-D-02", who="P2")
    assert (page(day), page(day, who="P2")) == before
    assert told(day, "P2") == (TaskState.DONE, Stamp.ZERO_RISK, None, None)


def test_a_row_closed_by_an_earlier_release_has_no_name_to_show() -> None:
    day = Day()
    closed = row(where="E-0", state=TaskState.DONE, closed_by="P1", closed_at=day.clock())
    assert day.store.write_day(UNIT, [PutRow(closed)])
    shown = page(day)
    assert (shown.items[0].closed_by, shown.names) == ("P1", {})


def test_a_withdrawn_row_is_not_shown() -> None:
    day = Day()
    day.change(roster(targets=(target(officers=("P2",)),)))
    assert page(day).items == ()


def test_earlier_days_show_only_what_still_takes_an_entry() -> None:
    day = Day()
    states = [TaskState.OPEN, TaskState.MISSED, TaskState.DONE, TaskState.LATE, TaskState.WITHDRAWN]
    rows = [PutRow(row(where=f"E-{at}", due=YESTERDAY, state=state)) for at, state in enumerate(states)]
    assert day.store.write_day(UNIT, rows)
    earlier = {todo.target: todo.state for todo in page(day).items if todo.due == YESTERDAY}
    assert earlier == {"E-0": TaskState.OPEN, "E-1": TaskState.MISSED}


def test_a_day_leaves_the_list_when_its_late_entry_ends() -> None:
    day = Day()
    limit = calendar.late_until(DAY)
    day.clock.set(limit - timedelta(milliseconds=1))
    assert DAY in [todo.due for todo in page(day).items]
    day.clock.set(limit)
    assert DAY not in [todo.due for todo in page(day).items]


def test_tomorrow_is_not_shown_today() -> None:
    day = Day()
    day.open(DAY + timedelta(days=1))
    assert [todo.due for todo in page(day).items] == [DAY]


def test_the_page_names_the_day_in_shanghai() -> None:
    day = Day()
    assert page(day).today == DAY
    day.clock.set(calendar.closes_at(DAY) - timedelta(minutes=5))
    assert page(day).today == DAY + timedelta(days=1)


def test_fifty_rows_are_a_page_and_no_row_is_lost_or_doubled() -> None:
    day = many(120)
    first = page(day)
    second = page(day, first.next)
    third = page(day, second.next)
    assert [len(one.items) for one in (first, second, third)] == [50, 50, 20]
    assert third.next is None
    seen = [todo.target for one in (first, second, third) for todo in one.items]
    assert seen == [f"E-{n:03d}" for n in range(120)]


def test_a_full_page_is_at_most_12_kilobytes_and_2_zipped() -> None:
    day = many(60)
    for number in range(50):
        day.check("P1", f"E-{number:03d}")
    body = page(day).to_json().encode()
    assert len(body) <= 12 * 1024
    assert len(gzip.compress(body)) <= 2 * 1024


@pytest.mark.parametrize("other", [{"who": "P2"}, {"unit": "91990000MA1111111R"}])
def test_a_cursor_of_another_person_or_unit_is_refused(other: dict[str, str]) -> None:
    day = many(60)
    with pytest.raises(Invalid) as caught:
        page(day, page(day).next, **other)
    assert caught.value.code == "cursor.invalid"


def test_a_person_without_tasks_has_an_empty_page() -> None:
    assert page(Day(), who="P2") == TodoPage(today=DAY, items=())


def state(day: Day, role: Role = Role.PRINCIPAL, **fields: Any) -> tuple[int, int, int]:
    told = day.progress.progress(membership("B1", role, **fields), Duty.DAILY)
    assert told.today == calendar.business_date(day.clock())
    return told.owed, told.done, told.suspended


def test_a_day_counts_each_target_once_whoever_checked_it() -> None:
    both = ("P1", "P2")
    day = Day(roster(targets=(target("E-1", officers=both), target("E-2", officers=both), target("E-3"))))
    assert state(day) == (3, 0, 0)
    day.check("P2", "E-1")
    day.check("P1", "E-1")
    assert state(day) == (3, 1, 0)
    day.submit(day.stopped("P1", "E-2"))
    assert state(day) == state(day, Role.DIRECTOR) == (3, 1, 1)


def test_a_director_is_told_of_his_kinds_and_sides_alone() -> None:
    elsewhere = frozenset({UnitKind.FILLING})
    day = Day(roster(targets=(target("E-1"), target("E-2", kind="4000", subtype="4100"))))
    day.check("P1", "E-2")
    assert state(day, Role.DIRECTOR, kinds=frozenset({"3000"})) == (1, 0, 0)
    assert state(day, Role.DIRECTOR, kinds=frozenset({"4000"})) == (1, 1, 0)
    assert state(day, Role.DIRECTOR, sides=elsewhere) == (0, 0, 0)
    assert state(day, sides=elsewhere) == (2, 1, 0)


def test_a_day_is_that_of_today_in_daily_control_and_of_ones_own_unit() -> None:
    day = Day()
    day.open(YESTERDAY)
    day.check(due=YESTERDAY)
    other = sheet(duty=Duty.WEEKLY, owed={"3000": 7}), sheet(owed={"3000": 9})
    assert day.store.write_day(UNIT, [PutSheet(other[0])]) and day.store.write_day(OTHER_UNIT, [PutSheet(other[1])])
    assert state(day) == (1, 0, 0)


def test_a_day_that_was_not_opened_owes_nothing() -> None:
    day = Day()
    day.clock.set(calendar.closes_at(DAY))
    assert state(day) == (0, 0, 0)


def test_a_task_brings_target_checklist_and_deadline() -> None:
    task = opened(Day())
    assert (task.state, task.late, task.done, task.open_hazards) == (TaskState.OPEN, False, None, {})
    assert task.late_until == calendar.late_until(DAY)
    assert (task.target.kind_name, task.target.subtype_name) == ("电梯", "曳引与强制驱动电梯")
    assert (task.target.name, task.target.location, task.target.subtype) == ("1 号客梯", "A 座大堂", "3100")
    assert task.target.identifiers == {"device_code": "310000000000000001"}


def test_a_task_takes_one_read() -> None:
    store = WatchedStore()
    day = Day(store=store)
    store.calls.clear()
    opened(day)
    assert store.calls == {"facts": 1}


@pytest.mark.parametrize(("subtype", "items"), [("3100", 10), ("3300", 9), (None, 15)])
def test_only_items_that_apply_to_the_target_are_asked_in_the_order_of_the_list(
    subtype: str | None, items: int
) -> None:
    asked = opened(Day(roster(targets=(target(subtype=subtype),)))).checklist
    released = checklists.current("3000", Duty.DAILY)
    assert (asked.sha256, asked.title, asked.version) == (released.sha256, released.title, released.version)
    assert [item.code for item in asked.items] == [item.code for item in released.items_for(subtype)]
    assert len(asked.items) == items


def test_an_item_brings_its_hazard_sentence_and_what_may_be_answered() -> None:
    released = checklists.current("3000", Duty.DAILY).items[3]
    shown = opened(Day()).checklist.items[3]
    assert shown.model_dump() == released.model_dump(exclude={"applies_to"}) | {"custom": False}


def test_what_a_task_asks_is_what_a_submission_must_answer() -> None:
    day = Day()
    task = opened(day)
    request = day.request(checklist=task.checklist.sha256)
    assert [answer.item for answer in request.answers] == [item.code for item in task.checklist.items]
    assert day.submit(request).stamp is Stamp.ZERO_RISK


def test_a_task_names_the_record_it_makes_as_the_law_does() -> None:
    day = Day()
    receipt = day.check("P1")
    made = day.records.detail(membership("P1"), "E-1", receipt.record)
    assert opened(day).record_title == made.title == "每日电梯安全检查记录"


def test_a_task_done_by_a_colleague_says_who_and_when() -> None:
    day = Day(roster(targets=(target(officers=("P1", "P2")),)))
    day.check("P2")
    done = opened(day).done
    assert done is not None
    assert (done.record, done.person, done.person_name) == ("daily.2026-11-23.v01", "P2", "示例人员P2")
    assert (done.received_at, done.late, done.stamp) == (day.clock(), False, Stamp.ZERO_RISK)


def test_who_checked_second_is_shown_his_own_record() -> None:
    day = Day(roster(targets=(target(officers=("P1", "P2")),)))
    day.check("P1")
    day.check("P2")
    records = [opened(day, who=who).done for who in ("P1", "P2")]
    assert [done.record for done in records if done] == ["daily.2026-11-23.v01", "daily.2026-11-23.v01.P2"]


def test_open_hazards_are_counted_by_grade() -> None:
    day = Day()
    day.found("EL-D-02", "EL-D-03", "EL-D-05", stop_use=True)
    assert opened(day).open_hazards == {Grade.SERIOUS: 2, Grade.MAJOR: 1}


def test_a_counter_that_came_down_to_zero_is_not_shown() -> None:
    day = Day()
    day.store._heads[UNIT, "E-1"] = Head(1, "e" * 64, {Grade.MAJOR: 0, Grade.GENERAL: 1})
    assert opened(day).open_hazards == {Grade.GENERAL: 1}


def test_a_task_whose_target_is_nowhere_does_not_exist() -> None:
    day = Day()
    assert day.store.write_day(UNIT, [PutRow(row(where="E-9"))])
    assert refusal(day, NotFound, where="E-9") == "task.unknown"


def test_a_target_without_a_place_shows_none() -> None:
    day = Day(roster(targets=(target(location=""),)))
    assert (opened(day).target.location, page(day).items[0].location) == (None, None)


@pytest.mark.parametrize(("ends", "left"), [(YESTERDAY, (-1, "ended")), (DAY, (0, "today")), (None, None)])
def test_a_target_says_how_long_its_inspection_lasts(ends: Any, left: tuple[int, str] | None) -> None:
    clock = opened(Day(roster(targets=(target(next_inspection=ends),)))).target.clock
    assert (clock and (clock.days, clock.level)) == left


def test_a_suspended_target_says_why() -> None:
    day = Day()
    day.submit(day.stopped(reason="等配件"))
    shown = opened(day).target
    assert (shown.state, shown.state_reason) == (TargetState.SUSPENDED, "等配件")


def test_a_task_opened_after_its_close_is_late() -> None:
    day = Day()
    day.clock.set(calendar.closes_at(DAY))
    assert opened(day).late


def test_a_task_that_takes_no_entry_is_not_opened() -> None:
    day = Day()
    day.open(DAY + timedelta(days=1))
    assert refusal(day, Invalid, due=DAY + timedelta(days=1)) == "inspection.future"
    day.clock.set(calendar.late_until(DAY))
    assert refusal(day, Conflict) == "inspection.closed"


@pytest.mark.parametrize("task", [{"who": "P2"}, {"where": "E-9"}, {"due": YESTERDAY}, {"duty": Duty.WEEKLY_REPORT}])
def test_a_task_that_is_not_his_does_not_exist(task: dict[str, Any]) -> None:
    assert refusal(Day(), NotFound, **task) == "task.unknown"


def test_a_withdrawn_task_is_not_opened() -> None:
    day = Day()
    day.change(roster(targets=(target(officers=("P2",)),)))
    assert refusal(day, Conflict) == "task.withdrawn"
