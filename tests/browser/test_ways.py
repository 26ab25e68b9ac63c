"""Ways through a check that are too fast, go back, turn round, or come in from a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.hands import Hands
from tests.browser.units import CRANE, FORKLIFT, OwnUnit, today

pytestmark = pytest.mark.browser


def test_a_double_tap_hands_in_once(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    officer.signed(FORKLIFT[0])
    sent = officer.handed_in()
    officer.button("提交", exact=True).dblclick()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    assert len(sent) == 1
    assert len(unit.records("A01", FORKLIFT[1])) == 1


def test_fast_thumbs_on_submit_press_nothing_of_the_next_page(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    officer.signed(FORKLIFT[0])
    button = officer.button("提交", exact=True).bounding_box()
    assert button
    for _ in range(4):
        officer.page.touchscreen.tap(button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    officer.at("inspections/done")
    assert len(unit.records("A01", FORKLIFT[1])) == 1


def test_after_handing_in_the_way_back_leads_to_the_record(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    officer.signed(FORKLIFT[0])
    officer.submit()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    for page_of in ("item", "summary", "sign", "fail"):
        officer.page.goto(f"/#/pages/inspections/{page_of}?duty=daily&due={today()}&target={FORKLIFT[1]}&n=1")
        officer.heading("设备详情")
        expect(officer.button("看巡查记录")).to_be_visible()
    officer.press("看巡查记录")
    officer.heading("巡查记录")
    assert len(unit.records("A01", FORKLIFT[1])) == 1


def test_a_check_that_was_begun_may_end_as_suspended(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    officer.open_target(CRANE[0])
    officer.begin()
    officer.passes(1, 2)
    officer.page.goto(f"/#/pages/inspections/target?duty=daily&due={today()}&target={CRANE[1]}")
    officer.press("改为停用")
    officer.press("故障停用")
    officer.press("确认停用，去签字")
    officer.sign()
    officer.submit()
    officer.sees(f"{CRANE[0]} 已记为停用")
    (record,) = unit.records("A01", CRANE[1])
    assert record["state"] == "suspended"


def test_a_link_is_followed_after_the_login(phone: OpenPhone, unit: OwnUnit) -> None:
    hands = Hands(phone())
    hands.pick_up(unit.people["A01"])
    hands.page.goto(f"/#/pages/inspections/target?duty=daily&due={today()}&target={FORKLIFT[1]}")
    hands.press("请先进行登录")
    hands.bind()
    hands.heading("设备详情")
    hands.sees(FORKLIFT[0])
