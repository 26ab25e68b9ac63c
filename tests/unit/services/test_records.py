from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from schemas import checklists
from schemas.events import OpenUnit
from schemas.inspections import InspectionRequest
from schemas.language import Duty, Grade, Handling, Result, Role, Stamp, TargetState, UnitKind
from schemas.records import RecordDetail, RecordPage, RecordQuery, TargetPage
from tean.domain.errors import Invalid, NotFound, Problem
from tean.domain.membership import Membership
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target, unit
from tests.fakes.day import Day, failed, mended, passed

P1, P2, PRINCIPAL = membership("P1"), membership("P2"), membership("B1", Role.PRINCIPAL)
DIRECTOR = membership("D1", Role.DIRECTOR)
BOILERS = membership("D1", Role.DIRECTOR, kinds=frozenset({"1000"}))
RECORD = "daily.2026-11-23.v01"


@pytest.fixture
def day() -> Day:
    """Elevator ``E-1`` of both officers, ``E-2`` of ``P1`` alone."""
    return Day(roster(targets=(target("E-1", officers=("P1", "P2")), target("E-2"))))


def page(day: Day, member: Membership = P1, where: str = "E-1", **query: Any) -> RecordPage:
    return day.records.page(member, where, RecordQuery(**query))


def detail(day: Day, member: Membership = P1, where: str = "E-1", record: str = RECORD) -> RecordDetail:
    return day.records.detail(member, where, record)


def refusal(kind: type[Problem], *args: Any, **kwargs: Any) -> str:
    look, *rest = args
    with pytest.raises(kind) as caught:
        look(*rest, **kwargs)
    return caught.value.code


def who_checked(shown: RecordPage) -> list[str]:
    return [item.person for item in shown.items]


def seen(day: Day, member: Membership) -> list[str]:
    return [item.target for item in day.records.targets(member, None).items]


def test_an_officer_sees_the_targets_he_holds_a_director_his_kinds_and_the_principal_all(day: Day) -> None:
    day.change(roster(targets=(target("B-1", kind="1000", subtype=None, officers=("P2",)), target("E-1"))))
    expected = {"P1": ["E-1", "E-2"], "P2": ["B-1"], "D1": ["B-1"], "B1": ["B-1", "E-1", "E-2"]}
    assert {member.person: seen(day, member) for member in (P1, P2, BOILERS, PRINCIPAL)} == expected
    assert seen(day, DIRECTOR) == ["B-1", "E-1", "E-2"]


def test_everybody_of_a_side_sees_what_names_nobody_and_the_other_side_does_not() -> None:
    production = frozenset({UnitKind.PRODUCTION})
    licence = target("L-1", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG", subtype=None, officers=())
    maker = person("P3", roles={Role.OFFICER: production})
    day = Day(roster((person("P1"), maker), (target(), licence), unit=unit(kinds=production | P1.sides)))
    assert (seen(day, membership("P3", sides=production)), seen(day, P1)) == (["L-1"], ["E-1"])


def test_a_removed_target_leaves_the_list(day: Day) -> None:
    day.change(roster(targets=(target("E-1", removed=True),)))
    assert seen(day, P1) == ["E-2"]


def test_targets_come_in_pages_whose_cursors_are_the_callers_own(day: Day) -> None:
    day.change(roster(targets=[target(f"E-{number:03d}") for number in range(60)]))
    first = day.records.targets(P1, None)
    second: TargetPage = day.records.targets(P1, first.next)
    codes = [item.target for item in (*first.items, *second.items)]
    assert (len(first.items), len(codes), len(set(codes)), second.next) == (50, 62, 62, None)
    for other in (P2, PRINCIPAL, membership("P1", Role.DIRECTOR), membership(unit="91990000MA1111111R")):
        assert refusal(Invalid, day.records.targets, other, first.next) == "cursor.invalid"


def test_a_line_says_who_checked_when_and_with_what_result(day: Day) -> None:
    receipt = day.found("EL-D-02")
    (line,) = page(day).items
    assert (line.record, line.number, line.due) == (RECORD, "20261123-E-1-01", DAY)
    assert (line.person, line.person_name, line.received_at) == ("P1", "示例人员P1", receipt.received_at)
    assert (line.state, line.late, line.fails, line.stamp) == (TargetState.IN_USE, False, 1, None)
    assert not line.supplement


def test_the_page_shows_the_nameplate_of_the_target(day: Day) -> None:
    shown = page(day).target
    assert (shown.target, shown.name, shown.kind_name, shown.next_inspection) == (
        "E-1",
        "1 号客梯",
        "电梯",
        date(2027, 5, 31),
    )


def test_records_are_listed_newest_day_first_within_the_days_asked_for(day: Day) -> None:
    days = [DAY + timedelta(days=number) for number in range(4)]
    for due in days:
        day.open(due)
        day.check(due=due)
        day.clock.move(days=1)
    assert [item.due for item in page(day).items] == days[::-1]
    assert [item.due for item in page(day, since=days[1], until=days[2]).items] == [days[2], days[1]]


def test_a_supplement_is_listed_beside_the_first_record(day: Day) -> None:
    received_at = day.check("P1").received_at
    day.check("P2")
    listed = {item.person: item for item in page(day).items}
    assert {who: item.supplement for who, item in listed.items()} == {"P1": False, "P2": True}
    first = listed["P2"].first
    assert first is not None
    assert (listed["P1"].first, first.person_name, first.received_at) == (None, "示例人员P1", received_at)


def test_an_officer_who_does_not_hold_a_target_lists_only_what_he_made(day: Day) -> None:
    day.check("P1")
    day.check("P2")
    day.change(roster(targets=(target("E-1", officers=("P1",)),)))
    expected = {"P1": ["P1", "P2"], "P2": ["P2"], "D1": ["P1", "P2"], "B1": ["P1", "P2"]}
    shown = {member.person: sorted(who_checked(page(day, member))) for member in (P1, P2, DIRECTOR, PRINCIPAL)}
    assert shown == expected


def test_what_a_director_does_not_cover_does_not_exist_for_him(day: Day) -> None:
    day.check()
    assert refusal(NotFound, page, day, BOILERS) == "target.unknown"
    assert refusal(NotFound, detail, day, BOILERS) == "target.unknown"


@pytest.mark.parametrize("member", [P1, DIRECTOR, PRINCIPAL])
def test_an_unknown_target_or_another_units_does_not_exist(day: Day, member: Membership) -> None:
    day.check()
    assert refusal(NotFound, page, day, member, "E-9") == "target.unknown"
    elsewhere = membership(member.person, member.role, unit="91990000MA1111111R")
    assert refusal(NotFound, page, day, elsewhere) == "target.unknown"
    assert refusal(NotFound, detail, day, elsewhere) == "target.unknown"


def test_the_records_of_a_removed_target_stay_readable(day: Day) -> None:
    day.check()
    day.change(roster(targets=(target("E-1", officers=("P1", "P2"), removed=True),)))
    assert who_checked(page(day, PRINCIPAL)) == ["P1"]
    assert detail(day).record == RECORD


def test_pages_lead_from_one_to_the_next_and_only_for_their_own_list(day: Day) -> None:
    for number in range(55):
        day.open(DAY + timedelta(days=number))
        day.check(due=DAY + timedelta(days=number))
        day.clock.move(days=1)
    first = page(day)
    second = page(day, cursor=first.next)
    assert [item.due for item in (*first.items, *second.items)] == [DAY + timedelta(days=n) for n in range(54, -1, -1)]
    assert (len(first.items), second.next) == (50, None)
    assert refusal(Invalid, page, day, P2, cursor=first.next) == "cursor.invalid"
    assert refusal(Invalid, page, day, where="E-2", cursor=first.next) == "cursor.invalid"
    assert refusal(Invalid, page, day, since=DAY, cursor=first.next) == "cursor.invalid"


def test_a_record_shows_the_whole_list_in_its_order_with_every_verdict(day: Day) -> None:
    photo = day.file()
    answers = {
        "EL-D-01": mended("EL-D-01", remark="已补贴"),
        "EL-D-02": failed("EL-D-02", photos=(photo,), grade=Grade.MAJOR),
        "EL-D-08": passed("EL-D-08", remark="无机房").model_copy(update={"result": Result.NOT_APPLICABLE}),
    }
    request = day.request(answers=answers, kept_in_use="已派人看守")
    day.submit(request.model_copy(update={"answers": request.answers[::-1]}))
    shown = {item.code: item for item in detail(day).items}
    asked = checklists.current("3000", Duty.DAILY).items_for("3100")
    assert list(shown) == [item.code for item in asked]
    assert [(item.text, item.hazard, item.group) for item in shown.values()] == [
        (item.text, item.hazard, item.group) for item in asked
    ]
    mending, pending, absent = (shown[code] for code in answers)
    assert (mending.handling, mending.outcome, mending.grade) == (Handling.ON_SITE, "已当场处理", Grade.GENERAL)
    assert (pending.handling, pending.photos, pending.grade) == (Handling.PENDING, (photo,), Grade.MAJOR)
    assert (absent.result, absent.remark, absent.grade) == (Result.NOT_APPLICABLE, "无机房", None)
    assert shown["EL-D-03"].result is Result.PASS


def test_a_fail_leads_to_its_hazard(day: Day) -> None:
    day.check(answers={"EL-D-01": mended("EL-D-01"), "EL-D-02": failed("EL-D-02")})
    leads = [item.hazard_id for item in detail(day).items if item.hazard_id]
    assert len(leads) == 2
    for lead in leads:
        assert day.hazards.detail(P1, lead).record == RECORD


def test_a_record_bears_its_legal_title_and_its_place_in_the_chain(day: Day) -> None:
    signed = day.check("P1", remark="雨天", performed_at=day.clock())
    day.check("P2")
    shown = detail(day)
    assert (shown.title, shown.remark, shown.stamp) == ("每日电梯安全检查记录", "雨天", Stamp.ZERO_RISK)
    assert (shown.target_name, shown.location, shown.received_at) == ("1 号客梯", "A 座大堂", signed.received_at)
    assert shown.performed_at == signed.received_at - timedelta(seconds=1)
    assert (shown.seq, shown.previous, shown.sha256) == (1, None, day.chain()[0].sha256)
    assert (shown.checklist, shown.signature) == (
        checklists.current("3000", Duty.DAILY).sha256,
        day.chain()[0].signature,
    )


def test_a_supplement_says_who_was_first(day: Day) -> None:
    first = day.check("P1")
    supplement = detail(day, record=day.check("P2").record)
    assert (supplement.supplement, supplement.person, supplement.seq) == (True, "P2", 2)
    assert supplement.first is not None
    assert (supplement.first.person_name, supplement.first.received_at) == ("示例人员P1", first.received_at)
    assert supplement.previous == day.chain()[0].sha256


def test_a_suspension_shows_its_reason_and_no_items(day: Day) -> None:
    day.submit(day.stopped(reason="等配件"))
    shown = detail(day)
    assert (shown.state, shown.reason, shown.items, shown.checklist) == (TargetState.SUSPENDED, "等配件", (), None)


def test_a_record_keeps_what_the_target_was_called_then(day: Day) -> None:
    day.check()
    day.change(roster(targets=(target("E-1", name="改名后", officers=("P1",)),)))
    assert (detail(day).target_name, page(day).target.name) == ("1 号客梯", "改名后")


def test_a_late_record_shows_the_day_it_is_for_and_when_it_really_came(day: Day) -> None:
    day.clock.move(days=1)
    receipt = day.submit(day.request())
    shown = detail(day)
    assert (shown.due, shown.late, shown.received_at) == (DAY, True, receipt.received_at)


@pytest.mark.parametrize("record", ["daily.2026-11-22.v01", "daily.2026-11-23.v02", "daily.2026-11-23.v01.P9"])
def test_a_record_that_is_not_there_does_not_exist(day: Day, record: str) -> None:
    day.check()
    assert refusal(NotFound, detail, day, record=record) == "record.unknown"


def test_a_colleagues_record_does_not_exist_for_who_does_not_hold_the_target(day: Day) -> None:
    day.check("P1", "E-2")
    assert refusal(NotFound, detail, day, P2, "E-2") == "record.unknown"
    assert detail(day, P1, "E-2").person == "P1"


def test_what_the_chain_holds_is_what_is_shown(day: Day) -> None:
    day.check()
    kept = day.store.record(UNIT, "E-1", RECORD)
    assert kept is not None
    assert [(item.code, item.result) for item in detail(day).items] == [
        (answer.item, answer.result) for answer in kept.answers
    ]


def test_a_fail_of_a_kind_tells_on_which_devices_it_was_found_and_until_when_it_is_to_be_put_right(day: Day) -> None:
    for member in (P1, DIRECTOR):
        day.days.open(OpenUnit(unit=UNIT, duty=Duty.WEEKLY, due=DAY))
        checklist = checklists.current("3000", Duty.WEEKLY)
        first, *rest = (item.code for item in checklist.items)
        where = failed(
            first, devices=("E-1", "E-2"), deadline=DAY + timedelta(days=3), photos=(day.file(member.person),)
        )
        sent = InspectionRequest(
            target="3000", duty=Duty.WEEKLY, due=DAY, state=TargetState.IN_USE, checklist=checklist.sha256,
            answers=(where, *map(passed, rest)),
        )  # fmt: skip
        receipt = day.inspections.submit(member, sent)
        shown = detail(day, member, "3000", receipt.record)
        assert [(item.devices, item.deadline) for item in shown.items] == [
            (("E-1", "E-2"), DAY + timedelta(days=3)),
            *(((), None) for _ in rest),
        ]
        assert shown.role is member.role
