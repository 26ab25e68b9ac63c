"""Two at once on the same: colleagues, phones of one person, tabs of one phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import CRANE, FORKLIFT, OwnUnit, today

pytestmark = pytest.mark.browser


def test_a_colleague_was_faster_and_the_second_check_is_kept(
    officer: Hands, unit: OwnUnit, phone: OpenPhone, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    officer.daily_list()
    officer.open_target("2 号客梯")
    officer.page.context.set_offline(True)
    officer.begin()
    officer.passes(1, officer.items())
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    officer.sees("存在本机，还没有交到单位")
    colleague = Hands(phone())
    colleague.enter(unit.people["A02"])
    colleague.daily_list()
    colleague.check_clean("2 号客梯")
    expect(colleague.page.get_by_role("img", name="零风险")).to_be_visible()
    officer.page.context.set_offline(False)
    officer.sees(re.compile(f"补充记录，首次由{unit.people['A02'].name} .*提交"))
    judge(officer.page, "network/50-supplement")
    (second,) = [record for record in unit.records("D01", "E-DT-02") if record["supplement"]]
    officer.page.goto("/#/pages/records/target?target=E-DT-02")
    row = officer.rows().filter(has_text=f"首次由{unit.people['A02'].name}")
    expect(row.get_by_text("补充记录")).to_be_visible()
    judge(officer.page, "network/51-supplement-listed")
    officer.page.goto(f"/#/pages/records/detail?target=E-DT-02&record={second['record']}")
    officer.sees(re.compile(f"补充记录，首次由{unit.people['A02'].name} .*提交"))
    judge(officer.page, "network/52-supplement-record")


def test_what_the_server_refuses_comes_back_to_be_changed(
    officer: Hands, unit: OwnUnit, phone: OpenPhone, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 409")
    # The same person on another phone has already handed in something else.
    officer.daily_list()
    officer.signed(FORKLIFT[0])
    other = Hands(phone())
    other.enter(unit.people["A01"])
    other.daily_list()
    other.open_target(FORKLIFT[0])
    other.begin()
    total = other.items()
    other.fails(1)
    other.pick("立即处理")
    other.write("处理结果", "已清理")
    other.press("保存，下一项")
    other.passes(2, total)
    other.press("立即提交，去签字")
    other.sign()
    other.submit()
    other.sees("已提交，1 条隐患已处理")

    officer.submit()
    officer.sees("没有交上去")
    judge(officer.page, "network/60-refused")
    officer.press("看怎么办")
    judge(officer.page, "network/62-refused-choices")
    officer.press("先放着")
    officer.sees(re.compile("您已经提交过"))
    judge(officer.page, "network/61-outbox-refused")

    # The unit has the one of the other phone; what was refused here is not counted twice.
    officer.page.go_back()
    officer.heading("没有交上去")
    officer.sees("还剩 4 项")
    officer.sees("1 / 5")

    # Wherever it is met it is called refused, and the way leads to what can be done about it.
    officer.page.goto("/#/pages/daily/index")
    officer.rows().filter(has_text=FORKLIFT[0]).filter(has_text="没有交上").click()
    officer.sees("已签字，单位没有收")
    judge(officer.page, "network/63-refused-target")
    officer.press("看怎么办")
    officer.press(re.compile("删除这份"))
    judge(officer.page, "network/64-refused-delete")
    officer.page.get_by_role("dialog").get_by_role("button", name=re.compile("删除")).last.click()
    expect(officer.page.get_by_text(re.compile("您已经提交过"))).to_have_count(0)
    assert len(unit.records("A01", FORKLIFT[1])) == 1
    officer.page.goto(f"/#/pages/inspections/done?duty=daily&due={today()}&target={FORKLIFT[1]}")
    officer.heading("设备详情")


def test_two_tabs_lose_nothing_of_each_other(officer: Hands, unit: OwnUnit, page_guard: PageGuard) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    second = Hands(officer.page.context.new_page())
    second.page.goto("/#/pages/daily/index")
    officer.daily_list()
    for tab, (name, _) in ((officer, FORKLIFT), (second, CRANE)):
        tab.open_target(name)
    officer.page.context.set_offline(True)
    for tab in (officer, second):
        tab.begin()
        tab.passes(1, tab.items())
        tab.press("立即提交，去签字")
        tab.sign()
        tab.submit()
        tab.sees("存在本机，还没有交到单位")
    sent = [officer.handed_in(), second.handed_in()]
    officer.page.context.set_offline(False)
    for tab in (officer, second):
        expect(tab.page.get_by_role("img", name="零风险")).to_be_visible()
    assert [len(unit.records("A01", target)) for _, target in (FORKLIFT, CRANE)] == [1, 1]
    assert len([*sent[0], *sent[1]]) == 2


def test_who_logs_out_in_one_tab_is_out_in_all(officer: Hands) -> None:
    second = Hands(officer.page.context.new_page())
    second.page.goto("/#/pages/daily/index")
    second.sees(FORKLIFT[0])
    officer.root("我的")
    officer.press(re.compile("^退出登录"))
    officer.page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    second.sees("请先进行登录")
    expect(second.page.get_by_text(FORKLIFT[0])).to_have_count(0)


def test_a_second_tab_on_the_same_check_is_led_to_what_became_of_it(officer: Hands) -> None:
    officer.daily_list()
    officer.signed(FORKLIFT[0])
    second = Hands(officer.page.context.new_page())
    second.page.goto(f"/#/pages/inspections/sign?duty=daily&due={today()}&target={FORKLIFT[1]}")
    second.heading("签字提交")
    officer.submit()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    second.heading("设备详情")
    expect(second.button("看巡查记录")).to_be_visible()
