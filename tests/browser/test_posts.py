"""What each post finds: its menu, its tabs of daily control, one screen from two sides, the records it may read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, expect

from infra.demo import FILES
from infra.phone import clean_answers, inspection
from tests.browser.conftest import OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

RECORDS = ("日管控记录", "周排查记录", "月调度记录")
GUIDE = {
    "A01": ["我的待办", "日管控", "周排查", "月调度", "日隐患管理", *RECORDS],
    "D01": ["我的待办", "周排查", "月调度", "周报告", "月报告", "日隐患管理", "周隐患管理", *RECORDS],
    "P01": ["我的待办", "月调度", "月报告", "月隐患管理", *RECORDS, "管控统计"],
}
"""The menu of each post, as the user's guide has it."""
POSTS = {
    "use": {"A01": "安全员", "D01": "安全总监", "P01": "主要负责人"},
    "production": {"A01": "质量安全员", "D01": "质量安全总监", "P01": "主要负责人"},
    "filling": {"A01": "安全员", "D01": "安全总监", "P01": "主要负责人"},
}
DUTIES = {"daily": "日管控", "weekly": "周排查", "monthly": "月调度"}
LIFT, FORKLIFT, KIND = "2 号客梯", "1 号叉车", "场车"


def demo(side: str) -> dict[str, Any]:
    """The demo roster of a kind of unit."""
    raw: dict[str, Any] = yaml.safe_load(next(file for file in FILES if file.stem == side).read_text("utf-8"))
    return raw


def menu(hands: Hands) -> Locator:
    return hands.page.get_by_role("navigation", name="单位责任落实").get_by_role("link")


def choose(hands: Hands, title: str) -> None:
    """From home to a place of the menu."""
    menu(hands).filter(has_text=title).and_(hands.page.get_by_label(re.compile(f"^{title}(，|$)"))).click()
    hands.heading(title)


def hand_in(unit: OwnUnit, code: str, duty: str, target: str) -> None:
    """A clean check by plain HTTP."""
    phone = unit.phone(code)
    (row,) = [one for one in phone.pages("/v1/todos") if (one["duty"], one["target"]) == (duty, target)]
    task = phone.get(f"/v1/tasks/{duty}/{row['due']}/{target}")
    phone.post("/v1/inspections", inspection(task, phone.sign(), clean_answers(task)))


@pytest.mark.parametrize("side", POSTS)
def test_each_post_finds_its_menu_under_its_title(
    side: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, side)
    for code, title in POSTS[side].items():
        hands = Hands(phone())
        hands.enter(unit.people[code])
        hands.sees(f"{title}·{unit.people[code].name}")
        shown = [str(entry.get_attribute("aria-label")).partition("，")[0] for entry in menu(hands).all()]
        assert shown == GUIDE[code]


def test_daily_control_has_a_tab_for_each_kind_the_unit_is(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    licences, stations = demo("production")["licences"], demo("filling")["stations"]
    of_all = demo("use")["unit"] | {"kinds": ["使用", "生产", "充装"]}
    unit = own_unit(stack, tmp_path, unit=of_all, licences=licences, stations=stations)
    asked = [row for row in unit.todos("A01") if row["duty"] == "daily"]
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.sees("安全员、质量安全员")
    choose(hands, "日管控")
    tabs = {"use": "设备巡查", "production": "许可巡查", "filling": "工位巡查"}
    of_side = {side: [row["name"] for row in asked if row["unit_kind"] == side] for side in tabs}
    expected = [re.compile(f"{title} ?{len(of_side[side])}$") for side, title in tabs.items()]
    expect(hands.page.get_by_role("tablist", name="巡查类型").get_by_role("tab")).to_have_text(expected)
    for side, title in tabs.items():
        hands.page.get_by_role("tab", name=re.compile(f"^{title}")).click()
        expect(hands.rows()).to_have_count(len(of_side[side]))
        for name in of_side[side]:
            expect(hands.rows().filter(has_text=name)).to_have_count(1)
        judge(hands.page, f"posts/01-tabs-{side}")
        # One operation, whatever it is.
        hands.open_target(of_side[side][-1])
        hands.begin()
        hands.page.go_back()
        hands.page.go_back()
        hands.heading("日管控")


def test_a_to_do_opens_what_the_menu_opens(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    left = {duty: sum(row["duty"] == duty for row in unit.todos("A01")) for duty in DUTIES}
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    for duty, word in DUTIES.items():
        name = FORKLIFT if duty == "daily" else KIND
        choose(hands, "我的待办")
        counts = [re.compile(f"{DUTIES[one]} ?{left[one]}$") for one in DUTIES]
        tabs = hands.page.get_by_role("tablist", name="筛选待办").get_by_role("tab")
        expect(tabs).to_have_text([re.compile(f"全部 ?{sum(left.values())}$"), *counts])
        tabs.filter(has_text=word).click()
        expect(hands.rows()).to_have_count(left[duty])
        hands.rows().filter(has_text=name).first.click()
        arrived(hands, duty)
        from_todos = hands.page.url

        hands.page.goto("/#/pages/home/index")
        hands.at_home(unit.people["A01"])
        choose(hands, word)
        hands.rows().filter(has_text=name).first.click()
        arrived(hands, duty)
        assert hands.page.url == from_todos
        hands.page.goto("/#/pages/home/index")
        hands.at_home(unit.people["A01"])


def arrived(hands: Hands, duty: str) -> None:
    """Daily at what is known of the target; weekly and monthly straight at the first item."""
    hands.heading("设备详情") if duty == "daily" else hands.at_item(1)


def test_a_director_dispatches_the_month(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    director, principal = Hands(phone()), Hands(phone())
    director.enter(unit.people["D01"])
    choose(director, "月调度")
    director.rows().filter(has_text=KIND).first.click()
    director.at_item(1)
    total = director.items()
    director.fails(1)
    director.pick("待处理")
    director.press("保存，下一项")
    director.passes(2, total)
    director.press("立即提交")
    director.submit()
    director.sees("已提交，1 条隐患待处理")
    judge(director.page, "posts/02-month-director")
    (record,) = unit.phone("D01").pages("/v1/targets/5000/records", duty="monthly")
    assert (record["role"], record["fails"]) == ("director", 1)

    # What he left is the principal's to confirm.
    principal.enter(unit.people["P01"])
    choose(principal, "月隐患管理")
    expect(principal.page.get_by_role("tab", name=re.compile("^待整改"))).to_have_attribute("aria-selected", "true")
    expect(principal.rows()).to_have_count(1)
    principal.rows().first.click()
    principal.sees("等主要负责人确认完成整改")


def test_everybody_reads_the_records_his_post_entitles_him_to(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    raw = demo("use")
    people = [row | ({"kinds": ["电梯"]} if row["code"] == "D01" else {}) for row in raw["people"]]
    unit = own_unit(stack, tmp_path, people=people)
    all_of_it = raw["equipment"]
    held = {
        code: [row["name"] for row in all_of_it if code in row["officers"]] for code in ("A01", "A02")
    } | {
        "D01": [row["name"] for row in all_of_it if row["category"] == "电梯"],
        "P01": [row["name"] for row in all_of_it],
    }  # fmt: skip
    hand_in(unit, "A01", "daily", "E-DT-02")
    hand_in(unit, "A01", "weekly", "3000")
    hand_in(unit, "A01", "monthly", "3000")
    maker = unit.people["A01"].name
    for code, names in held.items():
        hands = Hands(phone())
        hands.enter(unit.people[code])
        choose(hands, "日管控记录")
        expect(hands.rows()).to_have_count(len(names))
        for name in names:
            expect(hands.rows().filter(has_text=name)).to_have_count(1)
        # A lift two officers share: both read what one of them checked.
        hands.rows().filter(has_text=LIFT).click()
        hands.rows().filter(has_text=maker).first.click()
        hands.heading("巡查记录")
        hands.sees(maker)
        for title in RECORDS[1:]:
            hands.page.goto("/#/pages/home/index")
            hands.at_home(unit.people[code])
            choose(hands, title)
            hands.rows().filter(has_text="电梯").click()
            hands.at("records/target")
            # A week may have begun in the month before.
            hands.page.get_by_role("tab", name="全部", exact=True).click()
            if code == "A02":
                # Of a kind each officer inspects for himself.
                hands.sees(re.compile("还没有记录$"))
                continue
            hands.rows().filter(has_text=f"{maker}（安全员）").click()
            hands.heading("巡查记录")
            hands.sees(f"{maker}（安全员）")
