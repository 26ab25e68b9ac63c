"""A record is corrected by who made it: the next version, with a reason; the first stays readable."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from infra.phone import clean_answers, inspection
from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

TARGET = "E-CC-01"
REASON = "第 2 项看错了车，实际合格"


def recorded(unit: OwnUnit) -> dict[str, Any]:
    """Two findings, one of them a slip; the submission."""
    phone = unit.phone("A01")
    today = phone.get("/v1/todos")["today"]
    task = phone.get(f"/v1/tasks/daily/{today}/{TARGET}")
    answers = clean_answers(task)
    for answer in answers[:2]:
        answer |= {"result": "fail", "handling": "pending", "photos": [phone.photo(answer["item"])]}
    made = inspection(task, phone.sign(), answers)
    phone.post("/v1/inspections", made)
    return made


def to_record(hands: Hands, unit: OwnUnit) -> str:
    """The first version, by its address."""
    (record,) = unit.records("A01", TARGET)
    hands.page.goto(f"/#/pages/records/detail?target={TARGET}&record={record['record']}")
    hands.heading("巡查记录")
    return str(record["record"])


def begin(hands: Hands) -> None:
    """Say why, and come to the summary of what was answered."""
    hands.press(re.compile("^更正，"))
    hands.write("更正原因", REASON)
    hands.press("开始更正")
    hands.heading("确认巡查情况")


def test_a_record_is_corrected_by_its_next_version(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    made = recorded(unit)
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    first = to_record(officer, unit)
    officer.press(re.compile("^更正，"))
    officer.press("开始更正")
    expect(officer.page.get_by_role("alert").filter(has_text="写明为什么更正")).to_be_visible()
    judge(officer.page, "correction/01-why")
    officer.press("关闭")
    begin(officer)
    officer.sees("提交后成为第 2 版，前一版仍可查看。")
    judge(officer.page, "correction/02-summary")

    # It is on the phone: put aside, it is found again where it was begun.
    officer.press("返回")
    officer.press(re.compile("^更正，更正到一半"))
    judge(officer.page, "correction/03-half-way")
    officer.press("接着更正")

    # The first finding stands, with the photo that the unit has; the second was a slip.
    officer.press("第 1 项，不合格")
    expect(officer.page.get_by_text("已上传", exact=True)).to_have_count(1)
    expect(officer.page.locator(".photo-image")).to_be_visible()
    officer.sees("这条隐患已经上报")
    judge(officer.page, "correction/04-photo-of-the-unit")
    officer.press("返回")
    officer.press("第 2 项，不合格")
    officer.press("返回")
    officer.press("第 3 项，合格")
    officer.press("上一项")
    officer.passes(2, 2)
    officer.press("看汇总")
    officer.press("立即提交，去签字")
    officer.sees(re.compile(REASON))
    officer.sign()
    judge(officer.page, "correction/05-sign")
    officer.submit()
    officer.sees("已更正，成为第 2 版")
    judge(officer.page, "correction/06-done")

    second = first.replace("v01", "v02")
    held = unit.phone("P01").get(f"/v1/targets/{TARGET}/records/{second}")
    assert (held["version"], held["correction"], held["fails"]) == (2, REASON, 1)
    assert held["items"][0]["photos"] == made["answers"][0]["photos"]
    officer.page.goto(f"/#/pages/records/detail?target={TARGET}&record={second}")
    officer.sees(REASON)
    judge(officer.page, "correction/07-second")
    officer.press(re.compile("^第 1 版，"))
    officer.sees("已更正，这是第 1 版")
    expect(officer.button(re.compile("^更正，"))).to_have_count(0)
    judge(officer.page, "correction/08-first")

    # Who reads it sees both, and corrects nothing.
    principal = Hands(phone())
    principal.enter(unit.people["P01"])
    principal.page.goto(f"/#/pages/records/target?duty=daily&target={TARGET}")
    principal.sees("第 2 版")
    judge(principal.page, "correction/09-list")
    principal.page.goto(f"/#/pages/records/detail?target={TARGET}&record={second}")
    principal.sees(REASON)
    expect(principal.button(re.compile("^更正，"))).to_have_count(0)


def test_what_was_corrected_elsewhere_meanwhile_is_refused_for_good(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 409")
    unit = own_unit(stack, tmp_path)
    made = recorded(unit)
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    to_record(officer, unit)
    begin(officer)
    unit.phone("A01").post("/v1/inspections", made | {"correction": {"version": 1, "reason": "另一处写错"}})
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    officer.sees(re.compile("这条记录已经更正过"))
    judge(officer.page, "correction/10-refused")


def test_a_correction_that_waits_is_told_as_one_and_is_not_signed_twice(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    unit = own_unit(stack, tmp_path)
    recorded(unit)
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    to_record(officer, unit)
    # A reason that is put aside is found again.
    officer.press(re.compile("^更正，"))
    officer.write("更正原因", REASON)
    officer.press("关闭")
    officer.press(re.compile("^更正，"))
    expect(officer.page.get_by_role("group", name="更正原因").locator("textarea")).to_have_value(REASON)
    other = Hands(officer.page.context.new_page())
    to_record(other, unit)
    other.press(re.compile("^更正，"))
    officer.press("开始更正")
    officer.press("立即提交，去签字")
    officer.sign()
    officer.page.context.set_offline(True)
    officer.submit()
    officer.sees("存在本机，还没有交到单位")

    # The other tab has its sheet open still: it leads to the one that waits.
    other.sees("已有一份更正签过字，还在本机")
    judge(other.page, "correction/20-waits")
    other.press("看待上传")
    other.sees(re.compile("^日管控更正·"))
    judge(other.page, "correction/21-outbox")
    other.page.goto("/#/pages/daily/index")
    other.sees(re.compile(r"已查$"))
    expect(other.page.get_by_text(re.compile("项待上传"))).to_have_count(0)
    judge(other.page, "correction/22-day")

    other.page.goto("/#/pages/outbox/index")
    officer.page.context.set_offline(False)
    other.sees("日管控更正（第 2 版）")
    other.sees(re.compile("单位.*收到"))
    judge(other.page, "correction/23-received")
    (record,) = unit.records("A01", TARGET)
    assert (record["version"], record["correction"]) == (2, REASON)


def test_what_a_correction_took_back_does_not_fail_again(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    made = recorded(unit)
    answers = [*made["answers"]]
    answers[1] = {"item": answers[1]["item"], "result": "pass"}
    unit.phone("A01").post(
        "/v1/inspections", made | {"answers": answers, "correction": {"version": 1, "reason": REASON}}
    )
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    to_record(officer, unit)
    officer.sees("更正前报过隐患，看办理情况")
    judge(officer.page, "correction/30-second")
    begin(officer)
    officer.press("第 2 项，合格")
    officer.at_item(2)
    officer.sees(re.compile("不能再改回不合格"))
    expect(officer.button("B 不合格")).to_have_count(0)
    judge(officer.page, "correction/31-taken-back")
    officer.press("下一项")
    officer.at_item(3)
    expect(officer.button("B 不合格")).to_be_visible()
