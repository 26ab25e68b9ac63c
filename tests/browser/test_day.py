"""A whole day on two phones, in each of the three kinds of unit: the officer's and the director's, and who reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

TARGETS = {
    "use": ("1 号叉车", "E-CC-01"),
    "production": ("电梯制造", "L-DTZZ"),
    "filling": ("1 号氧气充装台", "S-GW-01"),
}


@pytest.mark.parametrize("kind", ["use", "production", "filling"])
def test_a_day_from_finding_to_rectification(kind: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path, kind)
    name, target = TARGETS[kind]
    officer, director = Hands(phone()), Hands(phone())

    # He logs in and finds what is left today.
    officer.page.goto("/")
    officer.sees("请先进行登录")
    judge(officer.page, f"{kind}/01-welcome")
    officer.pick_up(unit.people["A01"])
    officer.press("请先进行登录")
    expect(officer.page.get_by_role("dialog", name="绑定微信，登录")).to_be_visible()
    expect(officer.button("请先勾选同意")).to_be_visible()
    judge(officer.page, f"{kind}/02-bind")
    officer.bind()
    officer.at_home(unit.people["A01"])
    judge(officer.page, f"{kind}/03-home-officer")

    # He opens the first target and checks it item by item.
    officer.daily_list()
    judge(officer.page, f"{kind}/04-daily")
    officer.open_target(name)
    judge(officer.page, f"{kind}/05-target")
    officer.press(re.compile("^开始巡查"))
    judge(officer.page, f"{kind}/06-state")
    officer.press("开始逐项检查")
    officer.at_item(1)
    total = officer.items()
    judge(officer.page, f"{kind}/07-item")
    officer.passes(1, 1)

    # What is not filled in is asked for, and nothing moves on until it is.
    officer.fails(2)
    officer.press("保存，下一项")
    officer.sees("请选择立即处理或待处理")
    officer.pick("立即处理")
    officer.press("保存，下一项")
    expect(officer.page.get_by_role("alert").filter(has_text="写清做了什么")).to_be_visible()
    judge(officer.page, f"{kind}/08-fail-refused")
    officer.pick("待处理")
    officer.photo()
    officer.photo_sent()
    if kind == "filling":
        # 重大 by its list: it stays in use, and says why.
        officer.pick("暂不停用")
        officer.press("已设专人看守")
    officer.write("备注", "已口头通知班组")
    judge(officer.page, f"{kind}/09-fail")
    officer.press("保存，下一项")
    officer.passes(3, total)

    # The summary leads back to any item, and the signature can be written anew.
    officer.heading("确认巡查情况")
    judge(officer.page, f"{kind}/10-summary")
    officer.press("第 3 项，合格")
    officer.at_item(3)
    officer.press("跳转到其他项")
    judge(officer.page, f"{kind}/11-jump")
    officer.press(f"第 {total} 项，合格")
    officer.passes(total, total)
    officer.press("立即提交，去签字")
    officer.heading("签字提交")
    expect(officer.button("提交", exact=True)).to_have_attribute("aria-disabled", "true")
    officer.sign()
    officer.press("重新签名")
    expect(officer.button("提交", exact=True)).to_have_attribute("aria-disabled", "true")
    officer.sign()
    judge(officer.page, f"{kind}/12-sign")
    officer.submit()
    officer.heading("已提交")
    officer.sees("已提交，1 条隐患待处理")
    judge(officer.page, f"{kind}/13-done-hazard")
    (record,) = unit.records("A01", target)
    assert (record["fails"], record["person_name"], record["late"]) == (1, unit.people["A01"].name, False)

    # The next one is clean.
    officer.press("继续巡查")
    officer.heading(re.compile("详情$"))
    officer.begin()
    officer.passes(1, officer.items())
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    judge(officer.page, f"{kind}/14-done-zero")

    # The director orders measures.
    director.enter(unit.people["D01"])
    judge(director.page, f"{kind}/20-home-director")
    director.press("下达整改措施（1）")
    director.heading("下达整改措施")
    director.press("下达整改措施", exact=True)
    expect(director.page.get_by_role("alert").first).to_be_visible()
    judge(director.page, f"{kind}/21-order-refused")
    director.write("整改措施", "当天安排整改，完成后拍照确认。")
    director.page.get_by_role("radio", name="3 天内").or_(director.button("3 天内")).first.click()
    judge(director.page, f"{kind}/22-order")
    director.press("下达整改措施", exact=True)
    director.heading("日隐患管理")
    director.sees("没有等您下达的隐患")

    # The officer rectifies and proves it.
    officer.press("首页")
    officer.at_home(unit.people["A01"])
    officer.page.get_by_role("navigation", name="单位责任落实").get_by_role(
        "link", name=re.compile("^日隐患管理")
    ).click()
    officer.heading("日隐患管理")
    judge(officer.page, f"{kind}/30-hazards-officer")
    officer.rows().first.click()
    officer.heading("隐患详情")
    officer.sees("当天安排整改，完成后拍照确认。")
    officer.press("确认完成整改")
    expect(officer.page.get_by_role("alert").first).to_be_visible()
    officer.write("整改结果", "已整改，现场复查合格。")
    officer.photo("after")
    officer.photo_sent()
    judge(officer.page, f"{kind}/31-rectify")
    officer.press("确认完成整改")
    officer.page.get_by_role("dialog").get_by_role("button", name="确认完成整改").click()
    officer.sees("已整改")
    judge(officer.page, f"{kind}/32-rectified")
    (hazard,) = unit.phone("A01").pages("/v1/hazards", state="rectified")
    assert hazard["target"] == target

    # Director and principal read the records.
    for code in ("D01", "P01"):
        reader = Hands(phone())
        reader.enter(unit.people[code])
        judge(reader.page, f"{kind}/40-home-{code}")
        reader.page.get_by_role("navigation", name="单位责任落实").get_by_role("link", name="日管控记录").click()
        reader.at("records/index")
        expect(reader.button(re.compile(f"^{name}")).first).to_be_visible()
        judge(reader.page, f"{kind}/41-records-{code}")
        reader.button(re.compile(f"^{name}")).first.click()
        reader.at("records/target")
        expect(reader.page.get_by_text(unit.people["A01"].name).filter(visible=True).first).to_be_visible()
        judge(reader.page, f"{kind}/42-records-of-target-{code}")
        reader.rows().filter(has_text=unit.people["A01"].name).first.click()
        reader.heading("巡查记录")
        reader.sees(unit.people["A01"].name)
        judge(reader.page, f"{kind}/43-record-{code}")
