from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.language import Grade, Handling, HazardState, Result, Stamp, TargetState, UnitKind
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden
from tean.domain.inspections import Draft, Judged, judge
from tean.domain.records import Answer, First, Head
from tean.domain.registry import Target
from tests.fakes.builders import DAY, NOW, membership, person, record, target
from tests.fakes.drafts import LIST, PHOTO, SIGNATURE, draft, fail, passes, refusal, stopped


def judged(what: Draft, of: Target | None = None, **fields: Any) -> Judged:
    defaults: dict[str, Any] = {
        "member": membership(),
        "person": person(),
        "target": of or target(),
        "head": Head(),
        "first": None,
        "now": NOW,
    }
    return judge(what, **defaults | fields)


def test_a_record_holds_who_what_where_and_when() -> None:
    made = judged(draft(remark="雨天", performed_at=NOW - timedelta(minutes=9))).record
    expected = record(
        payload="f" * 64,
        signature=SIGNATURE,
        subtype="3100",
        checklist=LIST.reference,
        answers=passes(),
        remark="雨天",
        performed_at=NOW - timedelta(minutes=9),
        stamp=Stamp.ZERO_RISK,
    )
    assert made == expected


def test_the_record_of_a_suspension_keeps_its_reason_and_cites_no_list() -> None:
    made = judged(stopped()).record
    assert (made.state, made.reason, made.checklist, made.answers) == (TargetState.SUSPENDED, "待维修", None, ())


def test_a_record_goes_on_with_the_chain_it_was_judged_by() -> None:
    made = judged(draft(), head=Head(seq=41, hash="e" * 64)).record
    assert (made.seq, made.previous) == (42, "e" * 64)


def test_the_name_on_a_record_is_the_registered_one_not_that_of_the_session() -> None:
    assert judged(draft(), member=membership(name="旧名")).record.person_name == "示例人员P1"


def test_a_record_is_late_from_the_close_on() -> None:
    close = calendar.closes_at(DAY)
    before, after = (judged(draft(), now=now).record for now in (close - timedelta(milliseconds=1), close))
    assert (before.late, after.late) == (False, True)


@pytest.mark.parametrize(
    ("what", "open_hazards", "stamp"),
    [
        (draft(), {}, Stamp.ZERO_RISK),
        (draft(Answer("B", Result.NOT_APPLICABLE)), {}, Stamp.ZERO_RISK),
        (draft(), {Grade.GENERAL: 0}, Stamp.ZERO_RISK),
        (draft(), {Grade.GENERAL: 1}, Stamp.NO_NEW_HAZARD),
        (draft(fail("A")), {}, None),
        (draft(fail("A", handling=Handling.ON_SITE, outcome="已换")), {}, None),
        (draft(fail("A")), {Grade.MAJOR: 1}, None),
        (stopped(), {}, None),
    ],
)
def test_the_stamp_says_what_the_day_showed(what: Draft, open_hazards: dict[Grade, int], stamp: Stamp | None) -> None:
    assert judged(what, head=Head(1, "e" * 64, open_hazards)).record.stamp is stamp


def test_a_pending_fail_becomes_a_reported_hazard() -> None:
    (hazard,) = judged(draft(fail("B", photos=(PHOTO,), remark="摇晃"))).hazards
    assert hazard.id == "20261123T013015123Z.E-1.B.P1"
    assert (hazard.state, hazard.handling, hazard.grade) == (HazardState.REPORTED, Handling.PENDING, Grade.SERIOUS)
    assert (hazard.requirement, hazard.sentence, hazard.remark) == ("B 完好", "B 损坏", "摇晃")
    assert (hazard.photos, hazard.record, hazard.found_at) == ((PHOTO,), "daily.2026-11-23.v01", NOW)
    assert (hazard.version, hazard.assignee, hazard.deadline, hazard.rectified_at) == (1, None, None, None)


def test_a_fail_handled_on_site_is_born_rectified() -> None:
    (hazard,) = judged(draft(fail("A", handling=Handling.ON_SITE, outcome="已换灯管"))).hazards
    assert (hazard.state, hazard.rectified_at, hazard.outcome) == (HazardState.RECTIFIED, NOW, "已换灯管")


def test_a_raised_grade_is_the_hazards_grade() -> None:
    (hazard,) = judged(draft(fail("A", grade=Grade.SERIOUS))).hazards
    assert hazard.grade is Grade.SERIOUS


def test_passes_and_suspensions_make_no_hazard() -> None:
    assert judged(draft()).hazards == judged(stopped()).hazards == ()


def test_a_second_person_is_told_who_was_first() -> None:
    first = record("P2", received_at=NOW - timedelta(hours=1))
    made = judged(draft(fail("A")), first=first)
    assert made.record.first == First("P2", "示例人员P2", NOW - timedelta(hours=1))
    assert made.record.id == "daily.2026-11-23.v01.P1"
    assert made.hazards[0].record == made.record.id


def test_an_officer_of_another_side_may_not_submit() -> None:
    other = membership(sides=frozenset({UnitKind.FILLING}))
    assert refusal(lambda: judged(draft(), member=other), Forbidden).code == "target.other_side"


SUSPENDED = target(state=TargetState.SUSPENDED, state_reason="待维修")
SINCE_YESTERDAY = date(2026, 11, 22)
MAJOR = Head(1, "e" * 64, {Grade.MAJOR: 1})


def test_a_target_keeps_its_state_unless_the_record_says_otherwise() -> None:
    assert judged(draft()).target_state is None
    assert judged(stopped(), SUSPENDED).target_state is None


def test_a_suspension_suspends_and_a_check_in_use_restarts() -> None:
    assert judged(stopped()).target_state is TargetState.SUSPENDED
    assert judged(draft(), SUSPENDED).target_state is TargetState.IN_USE


def test_a_restart_with_an_expired_inspection_is_refused() -> None:
    expired = replace(SUSPENDED, next_inspection=SINCE_YESTERDAY)
    assert refusal(lambda: judged(draft(), expired), Conflict).code == "target.inspection_expired"


@pytest.mark.parametrize("valid_until", [None, DAY])
def test_a_restart_is_allowed_on_the_last_day_of_validity(valid_until: date | None) -> None:
    assert judged(draft(), replace(SUSPENDED, next_inspection=valid_until)).target_state is TargetState.IN_USE


def test_validity_is_counted_in_days_of_shanghai() -> None:
    valid_until_today = replace(SUSPENDED, next_inspection=DAY)
    after_midnight = calendar.closes_at(DAY) - timedelta(minutes=1)
    assert refusal(lambda: judged(draft(), valid_until_today, now=after_midnight), Conflict)


def test_a_restart_with_a_major_hazard_open_is_refused() -> None:
    assert refusal(lambda: judged(draft(), SUSPENDED, head=MAJOR), Conflict).code == "target.major_hazard_open"


def test_a_restart_with_lesser_hazards_open_is_allowed() -> None:
    lesser = Head(1, "e" * 64, {Grade.SERIOUS: 2, Grade.MAJOR: 0})
    assert judged(draft(), SUSPENDED, head=lesser).target_state is TargetState.IN_USE


def test_a_target_in_use_may_be_checked_though_expired_and_with_a_major_hazard_open() -> None:
    made = judged(draft(), target(next_inspection=SINCE_YESTERDAY), head=MAJOR)
    assert made.record.stamp is Stamp.NO_NEW_HAZARD


def test_a_target_may_be_confirmed_suspended_though_expired_and_with_a_major_hazard_open() -> None:
    assert judged(stopped(), replace(SUSPENDED, next_inspection=SINCE_YESTERDAY), head=MAJOR).target_state is None


GRAVE = draft(fail("C", photos=(PHOTO,)), stop_use=True)
KEPT = draft(fail("C", photos=(PHOTO,)), kept_in_use="备件明天到，已派人看守")


def test_a_target_stopped_for_a_grave_hazard_was_checked_in_use_and_says_why_it_is_stopped() -> None:
    made = judged(GRAVE)
    assert (made.record.state, made.record.stop_use, made.record.reason) == (TargetState.IN_USE, True, None)
    assert (made.target_state, made.state_reason) == (TargetState.SUSPENDED, "重大隐患：C 损坏")


def test_of_several_grave_hazards_the_first_is_named_and_all_are_counted() -> None:
    raised = fail("A", grade=Grade.MAJOR, photos=(PHOTO,))
    made = judged(draft(raised, fail("B"), fail("C", photos=(SIGNATURE,)), stop_use=True))
    assert made.state_reason == "重大隐患：A 损坏，等 2 条"
    assert [hazard.stop_use for hazard in made.hazards] == [True, False, True]


def test_a_target_kept_in_use_stays_and_its_hazard_says_why() -> None:
    made = judged(KEPT)
    assert (made.target_state, made.state_reason, made.record.kept_in_use) == (None, None, "备件明天到，已派人看守")
    assert [(hazard.stop_use, hazard.kept_in_use) for hazard in made.hazards] == [(False, "备件明天到，已派人看守")]


def test_a_grave_hazard_mended_on_the_spot_stops_nothing() -> None:
    mended = fail("C", handling=Handling.ON_SITE, outcome="已换", photos=(PHOTO,))
    made = judged(draft(mended, fail("A", grade=Grade.MAJOR, photos=(SIGNATURE,)), stop_use=True))
    assert [hazard.stop_use for hazard in made.hazards] == [True, False]


def test_a_restart_that_finds_a_grave_hazard_keeps_the_target_stopped_and_says_why_now() -> None:
    made = judged(GRAVE, SUSPENDED)
    assert (made.target_state, made.state_reason) == (TargetState.SUSPENDED, "重大隐患：C 损坏")
    assert refusal(lambda: judged(KEPT, SUSPENDED), Conflict).code == "target.major_hazard_found"


def test_a_late_entry_that_found_a_grave_hazard_still_stops_and_says_nothing_of_what_was_stopped_since() -> None:
    late = calendar.closes_at(DAY)
    assert judged(GRAVE, now=late).target_state is TargetState.SUSPENDED
    assert judged(GRAVE, SUSPENDED, now=late).target_state is None


def test_a_supplement_may_stop_a_target_and_never_restarts_one() -> None:
    first = record("P2")
    assert judged(GRAVE, first=first).target_state is TargetState.SUSPENDED
    unaware = (judged(what, SUSPENDED, first=first, head=MAJOR) for what in (draft(), KEPT, GRAVE))
    assert [made.target_state for made in unaware] == [None, None, None]


def test_a_licence_without_production_is_suspended_for_that_day_only() -> None:
    licence = target("L-1", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG")
    made = judged(stopped(), licence, member=membership(sides=frozenset(UnitKind)))
    assert (made.record.state, made.target_state) == (TargetState.SUSPENDED, None)


def test_a_station_stays_suspended_like_equipment() -> None:
    station = target("S-1", unit_kind=UnitKind.FILLING, kind="GC_FILL")
    made = judged(stopped(), station, member=membership(sides=frozenset(UnitKind)))
    assert made.target_state is TargetState.SUSPENDED


def test_a_late_entry_never_puts_a_suspended_target_back_into_use() -> None:
    expired = replace(SUSPENDED, next_inspection=SINCE_YESTERDAY)
    made = judged(draft(), expired, head=MAJOR, now=calendar.closes_at(DAY))
    assert (made.record.state, made.record.late, made.target_state) == (TargetState.IN_USE, True, None)


def test_a_late_suspension_still_suspends() -> None:
    assert judged(stopped(), now=calendar.closes_at(DAY)).target_state is TargetState.SUSPENDED
