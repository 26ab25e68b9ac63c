"""A record is never changed: a correction (更正) is its next version, with a reason, over every store (design.md
§4, §6; acceptance 39-41)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from schemas import checklists
from schemas.inspections import AnswerRequest, CorrectionRequest, InspectionRequest, Receipt
from schemas.language import Duty, Grade, Role, Stamp, TargetState, TaskState
from schemas.records import RecordQuery
from tean.adapters.ports.store import Store
from tean.domain import calendar
from tean.domain.errors import Conflict, Invalid, NotFound, Problem
from tean.domain.membership import Membership
from tean.domain.registry import Roster
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target
from tests.fakes.day import Day, failed, mended
from tests.fakes.store import FakeStore

P1, P2, D1 = membership("P1"), membership("P2"), membership("D1", Role.DIRECTOR)


@pytest.fixture
def day(store: Store) -> Day:
    people = (person("P1"), person("P2"), person("D1", Role.DIRECTOR))
    return Day(roster(people, (target("E-1", officers=("P1", "P2")),)), cast(FakeStore, store), duties=tuple(Duty))


def corrected(request: InspectionRequest, version: int = 1, reason: str = "漏写了一处") -> InspectionRequest:
    return request.model_copy(update={"correction": CorrectionRequest(version=version, reason=reason)})


def correct(day: Day, who: str = "P1", version: int = 1, reason: str = "漏写了一处", **fields: Any) -> Receipt:
    return day.submit(corrected(day.request(who, "E-1", **fields), version, reason), who)


def refusal(kind: type[Problem], step: Any, *args: Any, **fields: Any) -> str:
    with pytest.raises(kind) as caught:
        step(*args, **fields)
    return caught.value.code


def open_hazards(day: Day) -> dict[Grade, int]:
    return {grade: count for grade, count in day.head("E-1").open_hazards.items() if count}


def test_a_correction_is_the_next_version_and_the_first_stays_readable(day: Day) -> None:
    first = day.check("P1", "E-1")
    second = correct(day, remark="机房门没有关严")
    assert (second.record, second.number) == ("daily.2026-11-23.v02", "20261123-E-1-02")
    shown = day.records.detail(P1, "E-1", second.record)
    assert (shown.version, shown.correction, shown.remark) == (2, "漏写了一处", "机房门没有关严")
    old = day.records.detail(P1, "E-1", first.record)
    assert (old.version, old.correction, old.remark) == (1, None, None)
    for one in (shown, old):
        assert [version.record for version in one.versions] == [first.record, second.record]
    assert (shown.seq, shown.previous) == (2, old.sha256)


def test_the_numbers_of_the_day_stay_and_the_rows_tell_the_last_version(day: Day) -> None:
    day.check("P1", "E-1")
    correct(day, answers={"EL-D-01": mended("EL-D-01")})
    sheet = day.sheet("P1")
    assert sheet is not None and sheet.done == {"3000": 1}
    for who in ("P1", "P2"):
        row = day.row(who, "E-1")
        assert row is not None
        assert (row.state, row.stamp, row.fails, row.closed_by) == (TaskState.DONE, None, 1, "P1")
    correct(day, version=2)
    row = day.row("P2", "E-1")
    assert row is not None and (row.stamp, row.fails) == (Stamp.ZERO_RISK, 0)


def test_a_hazard_found_before_goes_its_own_way_and_only_a_new_one_is_opened(day: Day) -> None:
    first = day.check("P1", "E-1", answers=day.failing("EL-D-01"))
    second = correct(day, answers=day.failing("EL-D-01", "EL-D-02"))
    assert len(second.hazards) == 1
    assert sum(open_hazards(day).values()) == 2
    shown = {item.code: item.hazard_id for item in day.records.detail(P1, "E-1", second.record).items if item.hazard_id}
    assert shown == {"EL-D-01": first.hazards[0], "EL-D-02": second.hazards[0]}
    third = correct(day, version=2)
    assert (third.hazards, third.stamp, sum(open_hazards(day).values())) == ((), Stamp.NO_NEW_HAZARD, 2)


def test_the_same_correction_again_gets_the_first_answer_and_another_one_is_refused(day: Day) -> None:
    day.check("P1", "E-1")
    request = corrected(day.request("P1", "E-1", remark="一"))
    assert day.submit(request) == day.submit(request)
    assert refusal(Conflict, correct, day, remark="二") == "record.corrected_already"
    assert day.head("E-1").seq == 2


def test_only_who_made_it_corrects_it(day: Day) -> None:
    assert refusal(NotFound, correct, day) == "record.unknown"
    day.check("P1", "E-1")
    assert refusal(NotFound, correct, day, "P2") == "record.unknown"
    assert refusal(NotFound, correct, day, version=2) == "record.unknown"
    assert day.head("E-1").seq == 1


def test_what_is_in_use_is_not_corrected_into_suspended(day: Day) -> None:
    day.check("P1", "E-1")
    request = corrected(day.stopped("P1", "E-1"))
    assert refusal(Conflict, day.submit, request) == "record.correction_state"
    found = day.store.target(UNIT, "E-1")
    assert found is not None and found.state is TargetState.IN_USE


def test_a_suspension_is_corrected_without_restarting_anything(day: Day) -> None:
    day.submit(day.stopped("P1", "E-1"))
    second = day.submit(corrected(day.stopped("P1", "E-1", reason="等维保单位换钢丝绳")))
    assert day.records.detail(P1, "E-1", second.record).reason == "等维保单位换钢丝绳"
    sheet = day.sheet("P1")
    assert sheet is not None and (sheet.done, sheet.suspended) == ({}, {"3000": 1})


def test_after_its_day_was_frozen_a_record_is_still_corrected_and_is_not_late(day: Day) -> None:
    day.check("P1", "E-1")
    for _ in range(5):
        day.night()
    frozen = day.rollup(DAY)
    assert frozen is not None and frozen.final
    receipt = correct(day, due=DAY)
    assert (receipt.late, receipt.received_at) == (False, day.clock())
    assert day.rollup(DAY) == frozen


def test_a_supplement_is_corrected_as_one(day: Day) -> None:
    day.check("P1", "E-1")
    day.check("P2", "E-1", answers={"EL-D-01": mended("EL-D-01")})
    second = correct(day, "P2")
    assert second.record == "daily.2026-11-23.v02.P2"
    assert second.first is not None and second.first.person == "P1"
    row = day.row("P1", "E-1")
    assert row is not None and (row.stamp, row.fails) == (Stamp.ZERO_RISK, 0)
    detail = day.records.detail(P2, "E-1", second.record)
    assert [one.record for one in detail.versions] == ["daily.2026-11-23.v01.P2", "daily.2026-11-23.v02.P2"]


@pytest.mark.parametrize("member", [P1, D1])
def test_weekly_records_are_corrected_too(day: Day, member: Membership) -> None:
    request = day.inspection(member.person)
    first = day.inspections.submit(member, request)
    second = day.inspections.submit(member, corrected(request.model_copy(update={"remark": "补"})))
    assert second.record == first.record.replace("v01", "v02")
    day.clock.set(calendar.late_until(DAY, Duty.WEEKLY) + timedelta(days=30))
    day.run()
    detail = day.records.detail(member, "3000", second.record)
    assert (detail.version, len(detail.versions), detail.late) == (2, 2, False)


def test_a_correction_answers_every_item_again(day: Day) -> None:
    day.check("P1", "E-1")
    request = corrected(day.request("P1", "E-1", answers={"EL-D-01": failed("EL-D-01", None)}))
    with pytest.raises(Problem) as caught:
        day.submit(request)
    assert caught.value.code == "inspection.answers"


# --- what a correction does not do ----------------------------------------------------------------------------------


def is_stopped(day: Day) -> bool:
    found = day.store.target(UNIT, "E-1")
    assert found is not None
    return found.state is TargetState.SUSPENDED


def test_an_old_suspension_that_is_corrected_stops_nothing_that_was_restarted(day: Day) -> None:
    day.submit(day.stopped("P1", "E-1"))
    day.night()
    tomorrow = DAY + timedelta(days=1)
    day.check("P1", "E-1", due=tomorrow)
    assert not is_stopped(day)
    day.submit(corrected(day.stopped("P1", "E-1", reason="待换钢丝绳")))
    assert not is_stopped(day)


def test_a_stop_that_is_corrected_is_not_done_again_and_a_new_grave_finding_is(day: Day) -> None:
    grave = {"EL-D-05": failed("EL-D-05", grade=Grade.MAJOR, photos=(day.file(),))}
    first = day.check("P1", "E-1", answers=grave, kept_in_use="已派人看守")
    again = day.request("P1", "E-1", answers=grave, stop_use=True)
    day.submit(corrected(again))
    assert (is_stopped(day), sum(open_hazards(day).values()), len(first.hazards)) == (False, 1, 1)
    more = grave | {"EL-D-02": failed("EL-D-02", grade=Grade.MAJOR, photos=(day.file(),))}
    correct(day, version=2, answers=more, stop_use=True)
    assert (is_stopped(day), open_hazards(day)) == (True, {Grade.MAJOR: 2})


@pytest.mark.parametrize("changed", [
    {"handling": "on_site", "outcome": "好了"}, {"grade": Grade.MAJOR},
])  # fmt: skip
def test_what_became_of_a_finding_is_not_rewritten(day: Day, changed: dict[str, Any]) -> None:
    found = failed("EL-D-01", photos=(day.file(),))
    day.check("P1", "E-1", answers={"EL-D-01": found})
    other = found.model_validate(found.model_dump() | changed)
    fields: dict[str, Any] = {"kept_in_use": "已派人看守"} if "grade" in changed else {}
    code = refusal(Conflict, correct, day, answers={"EL-D-01": other}, **fields)
    assert (code, day.head("E-1").seq) == ("record.correction_hazard", 1)


def test_a_grade_that_is_written_out_is_the_one_the_list_has(day: Day) -> None:
    found = day.failing("EL-D-02")
    day.check("P1", "E-1", answers=found)
    grade = next(item.grade for item in checklists.current("3000", Duty.DAILY).items if item.code == "EL-D-02")
    same = {"EL-D-02": found["EL-D-02"].model_copy(update={"grade": grade})}
    assert correct(day, answers=same).record.endswith("v02")


def test_what_was_put_right_at_once_is_not_corrected_into_pending(day: Day) -> None:
    day.check("P1", "E-1", answers={"EL-D-01": mended("EL-D-01")})
    assert refusal(Conflict, correct, day, answers={"EL-D-01": failed("EL-D-01")}) == "record.correction_hazard"


def test_a_finding_that_was_taken_back_does_not_come_back_by_a_correction(day: Day) -> None:
    day.check("P1", "E-1", answers=day.failing("EL-D-01"))
    correct(day)
    code = refusal(Conflict, correct, day, version=2, answers=day.failing("EL-D-01"))
    assert (code, sum(open_hazards(day).values())) == ("record.correction_hazard", 1)


def test_a_finding_that_was_taken_back_is_named_by_every_later_version(day: Day) -> None:
    first = day.check("P1", "E-1", answers=day.failing("EL-D-01"))
    for version in (1, 2):
        shown = day.records.detail(P1, "E-1", correct(day, version=version).record).items
        assert [(item.code, item.hazard_id) for item in shown if item.hazard_id] == [("EL-D-01", first.hazards[0])]


def test_a_task_that_is_closed_opens_for_who_recorded_it(day: Day) -> None:
    day.check("P1", "E-1")
    for _ in range(5):
        day.night()
    task = day.tasks.open(P1, Duty.DAILY, DAY, "E-1")
    assert task.done is not None and task.done.person == "P1"
    assert refusal(Conflict, day.tasks.open, P2, Duty.DAILY, DAY, "E-1") == "inspection.closed"


@pytest.mark.parametrize("who", ["P1", "P2"])
def test_a_task_tells_of_the_newest_version_and_when_it_was_first_done(day: Day, who: str) -> None:
    first = day.check("P1", "E-1")
    for version in (1, 2):
        day.clock.move(hours=1)
        correct(day, version=version, answers={"EL-D-01": mended("EL-D-01")})
    done = day.tasks.open(membership(who), Duty.DAILY, DAY, "E-1").done
    assert done is not None
    assert (done.record, done.stamp, done.received_at) == ("daily.2026-11-23.v03", None, first.received_at)


def test_a_supplement_of_ones_own_is_told_of_in_its_newest_version(day: Day) -> None:
    day.check("P1", "E-1")
    day.check("P2", "E-1")
    correct(day, "P2")
    correct(day, "P1")
    records = [task.done and task.done.record for task in (day.tasks.open(p, Duty.DAILY, DAY, "E-1") for p in (P1, P2))]
    assert records == ["daily.2026-11-23.v02", "daily.2026-11-23.v02.P2"]


def test_who_is_named_after_a_correction_gets_the_row_as_it_is_for_the_others(day: Day) -> None:
    day.check("P1", "E-1")
    correct(day, answers={"EL-D-01": mended("EL-D-01")})
    correct(day, version=2, answers={"EL-D-01": mended("EL-D-01"), "EL-D-02": mended("EL-D-02")})
    people = (person("P1"), person("P2"), person("P3"), person("D1", Role.DIRECTOR))
    officers = ("P1", "P2", "P3")
    day.change(roster(people, (target("E-1", officers=officers),)))
    row, before = day.row("P3", "E-1"), day.row("P2", "E-1")
    assert row is not None and before is not None
    assert (row.stamp, row.fails) == (None, 2)
    assert row == replace(before, person="P3", officers=officers)


def directed(*directors: str) -> Roster:
    people = (person("P1"), person("P2"), *(person(who, Role.DIRECTOR) for who in directors))
    return roster(people, (target("E-1", officers=("P1", "P2")),))


@pytest.mark.parametrize("newcomer", ["D0", "D2"])
def test_who_is_named_between_a_record_and_its_correction_is_told_of_it_and_so_are_the_numbers(
    day: Day, newcomer: str
) -> None:
    day.inspections.submit(D1, day.inspection("D1"))
    day.change(directed("D1", newcomer))
    photo = day.file("D1")
    wrong = {"EL-W-01": mended("EL-W-01").model_copy(update={"photos": (photo,)})}
    day.inspections.submit(D1, corrected(day.inspection("D1", answers=wrong)))
    posts = [membership(who, Role.DIRECTOR).post for who in ("D1", newcomer)]
    rows = {post: day.store.rows(UNIT, post, Duty.WEEKLY, DAY)[0] for post in posts}
    assert {(row.stamp, row.fails) for row in rows.values()} == {(None, 1)}
    for _ in range(7):
        day.night()
    (rollup,) = day.store.rollups(UNIT, Duty.WEEKLY, until=DAY, limit=1)
    assert (rollup.kinds["3000"].zero_risk, rollup.kinds["3000"].fails) == (0, 1)
    assert [(rollup.people[post]["3000"].zero_risk, rollup.people[post]["3000"].fails) for post in posts] == [
        (0, 1)
    ] * 2


def test_a_finding_that_is_new_in_a_correction_takes_no_deadline_that_has_passed(day: Day) -> None:
    day.inspections.submit(D1, day.inspection("D1"))
    wrong = failed("EL-W-01", photos=(day.file("D1"),)).model_copy(update={"deadline": DAY - timedelta(days=1)})
    late = corrected(day.inspection("D1", answers={"EL-W-01": wrong}))
    assert refusal(Invalid, day.inspections.submit, D1, late) == "inspection.answers"
    day.inspections.submit(D1, corrected(day.inspection("D1", answers={"EL-W-01": due_today(wrong)})))
    # What was found keeps its deadline, also once it has passed.
    day.clock.move(days=2)
    again = corrected(day.inspection("D1", answers={"EL-W-01": due_today(wrong)}, remark="漏写了位置"), version=2)
    assert day.inspections.submit(D1, again).record.endswith("v03")


def due_today(answer: AnswerRequest) -> AnswerRequest:
    return answer.model_copy(update={"deadline": DAY})


def test_a_history_lists_the_newest_version_of_each_record(day: Day) -> None:
    day.check("P1", "E-1")
    day.check("P2", "E-1")
    correct(day)
    correct(day, "P2")
    listed = [item.record for item in day.records.page(P1, "E-1", RecordQuery()).items]
    assert listed == ["daily.2026-11-23.v02.P2", "daily.2026-11-23.v02"]


def test_a_stamp_tells_what_was_open_then(day: Day) -> None:
    day.check("P1", "E-1")
    day.check("P2", "E-1", answers=day.failing("EL-D-01", who="P2"))
    assert correct(day).stamp is Stamp.ZERO_RISK
