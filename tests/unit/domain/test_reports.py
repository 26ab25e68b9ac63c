"""What a report drafts, word by word, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.language import Duty, Evaluation, Grade
from tean.domain import reports
from tean.domain.errors import Conflict, Invalid, Problem
from tean.domain.figures import Numbers
from tean.domain.hazards import Hazard
from tean.domain.reports import Said, check_evaluation, gravest_first, paragraph, summary
from tean.domain.rollups import Counts
from tests.fakes.builders import DAY, NOW, hazard, report

MONTH = DAY.replace(day=1)
WEEK = Numbers(DAY - timedelta(days=7), DAY - timedelta(days=1), found={Grade.GENERAL: 2, Grade.SERIOUS: 1}, targets=4)
COUNTED = Counts(due=20, on_time=15, late=2, missed=2, suspended=1, zero_risk=9)


def left(*grades: Grade, **fields: Any) -> list[Hazard]:
    """Open hazards, called by their numbers."""
    return [hazard(item=f"EL-D-{n:02d}", sentence=f"隐患{n}", grade=grade, **fields) for n, grade in enumerate(grades)]


# --- what is drafted ------------------------------------------------------------------------------------------------


def test_a_week_tells_what_was_inspected_found_and_rectified() -> None:
    told = "本周期（11-16～11-22）共排查 4 台电梯，共发现隐患 3 条，整改完成 1 条。"
    assert summary("3000", replace(WEEK, rectified=1), []) == told
    assert summary("3000", replace(WEEK, targets=None), []).startswith("本周期（11-16～11-22）共排查 0 台电梯，")


@pytest.mark.parametrize(
    ("many", "named"),
    [
        (1, "未完成 1 条：隐患0（一般）。"),
        (3, "未完成 3 条：隐患0（一般）；隐患1（一般）；隐患2（一般）。"),
        (4, "未完成 4 条：隐患0（一般）；隐患1（一般）；隐患2（一般）等。"),
    ],
)
def test_what_is_left_is_named_up_to_three(many: int, named: str) -> None:
    assert summary("3000", WEEK, left(*many * [Grade.GENERAL])).endswith(f"整改完成 0 条。{named}")


def test_a_hazard_is_named_with_its_grade_and_its_deadline_if_it_has_one() -> None:
    ordered = left(Grade.SERIOUS, deadline=DAY)
    assert summary("3000", WEEK, ordered).endswith("未完成 1 条：隐患0（较大），期限 11-23。")


def test_minutes_begin_with_the_month_the_one_before_what_is_left_and_what_ends() -> None:
    numbers = Numbers(MONTH, DAY, daily=COUNTED, found={Grade.GENERAL: 2}, rectified=1, expiring=3)
    before = Numbers(date(2026, 10, 1), date(2026, 10, 31), daily=Counts(due=40, missed=4), found={Grade.MAJOR: 5})
    assert paragraph("3000", numbers, before, left(Grade.GENERAL)) == (
        "【电梯】11-01～11-23 日管控应查 20 次，按时 15，补录 2，漏检 2，停用 1，零风险 9 次；"
        "发现隐患 2 条，整改完成 1 条。上月应查 40 次，漏检 4；发现隐患 5 条，整改完成 0 条。"
        "现有未完成隐患 1 条：隐患0（一般）。30 天内到期 3 台设备的检验。"
    )


def test_minutes_say_nothing_of_what_is_not_there() -> None:
    one_day = Numbers(MONTH, MONTH, daily=COUNTED)
    told = paragraph("3000", one_day, Numbers(MONTH, MONTH), [])
    assert told.startswith("【电梯】11-01～11-01 日管控应查 20 次")
    assert told.endswith("上月应查 0 次，漏检 0；发现隐患 0 条，整改完成 0 条。")


def test_a_meeting_on_the_1st_has_no_day_to_sum_up() -> None:
    none = Numbers(MONTH, MONTH - timedelta(days=1))
    told = "【电梯】会议在 1 日召开，本月还没有可汇总的日期。上月应查 0 次"
    assert paragraph("3000", none, none, []).startswith(told)


def test_the_gravest_come_first_and_of_these_the_oldest() -> None:
    young, old = (hazard(item=item, found_at=NOW - timedelta(days=days)) for item, days in (("A", 0), ("B", 9)))
    grave, same = hazard(item="C", grade=Grade.MAJOR), hazard(item="D", found_at=old.found_at)
    assert gravest_first([young, same, old, grave]) == [grave, old, same, young]


# --- what is refused ------------------------------------------------------------------------------------------------


def said(evaluation: Evaluation, override: str | None = None) -> Said:
    return Said("3000", "seen", "小结", evaluation, "重点", override)


BOTH = replace(WEEK, open={Grade.MAJOR: 1, Grade.SERIOUS: 2})
SAFE, RISKY = Evaluation.UNDER_CONTROL, Evaluation.AT_RISK
REFUSED: dict[str, tuple[Callable[[], None], Problem]] = {
    "under control with grave ones open": (
        lambda: check_evaluation(said(SAFE), BOTH),
        Invalid(
            "report.evaluation_blocked",
            "有 1 条重大、2 条较大隐患没有整改完成，不能选这一项；确需选择，请写明理由。",
            kind="3000",
        ),
    ),
    "a reason where none is wanted": (
        lambda: check_evaluation(said(RISKY, "因为"), BOTH),
        Invalid("report.override_unexpected", "这一评价不用写理由，请去掉后再保存。", kind="3000"),
    ),
    "other numbers than were seen": (
        lambda: reports.require_seen({"3000": "a"}, {"4000": "b", "3000": "c"}),
        Conflict(
            "report.numbers_moved",
            "填写期间数字变了，您填的内容没有丢；请看过新的数字再保存。",
            kinds=["3000", "4000"],
        ),
    ),
    "a meeting to come": (
        lambda: reports.require_met(MONTH, NOW + timedelta(seconds=1), NOW),
        Invalid("report.meeting_to_come", "会议时间不能晚于现在，开完会再填。"),
    ),
    "a meeting of the month before": (
        lambda: reports.require_met(MONTH, NOW - timedelta(days=30), NOW),
        Invalid("report.meeting_before", "会议时间不在这个月，请重新选择。"),
    ),
    "minutes that say nothing": (
        lambda: reports.require_told([], ""),
        Invalid("report.minutes_missing", "请拍下会议纪要，或写下纪要内容。"),
    ),
    "a photo twice": (
        lambda: reports.require_photos({}, ["a", "a"], "D1"),
        Invalid("report.photo_twice", "同一张照片只能用一次，请重新拍照。"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_reported_is_refused_with_what_to_do(case: str) -> None:
    act, wanted = REFUSED[case]
    with pytest.raises(type(wanted)) as caught:
        act()
    assert told(caught.value) == told(wanted)


def told(problem: Problem) -> tuple[Any, ...]:
    return problem.code, problem.sentence, problem.details


@pytest.mark.parametrize(("evaluation", "override"), [(SAFE, "已采取措施"), (RISKY, None)])
def test_what_is_grave_is_called_a_risk_or_explained(evaluation: Evaluation, override: str | None) -> None:
    check_evaluation(said(evaluation, override), BOTH)


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_a_report_is_read_back_from_its_canonical_text() -> None:
    kept = report()
    assert reports.from_text(kept.evidence) == kept


def test_reports_are_duties_that_have_no_items() -> None:
    assert {duty for duty in Duty if reports.is_reported(duty)} == {Duty.WEEKLY_REPORT, Duty.MONTHLY_REPORT}
