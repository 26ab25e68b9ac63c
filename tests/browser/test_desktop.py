"""At a desk: a mouse and a keyboard instead of a finger, and a window wider than a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands, seen
from tests.browser.judge import judge
from tests.browser.test_session import spoil_token
from tests.browser.units import own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

STROKES = [(40, 60), (80, 120), (120, 50), (160, 130), (200, 60), (240, 120)]


def at_desk(page: Page, stack: RunningStack, tmp_path: Path) -> Hands:
    """An officer of a unit of his own, logged in."""
    hands = Hands(page)
    hands.enter(own_unit(stack, tmp_path).people["A01"])
    return hands


def corner(page: Page) -> tuple[float, float]:
    """Where the signature's canvas begins."""
    canvas = page.locator("canvas")
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    seen(page)
    box = canvas.bounding_box()
    assert box
    return box["x"], box["y"]


def sign_with_mouse(page: Page) -> None:
    """Button down, along the strokes, button up."""
    left, top = corner(page)
    page.mouse.move(left + STROKES[0][0], top + STROKES[0][1])
    page.mouse.down()
    for x, y in STROKES[1:]:
        page.mouse.move(left + x, top + y, steps=4)
    page.mouse.up()
    expect(page.get_by_role("img", name="手写签名区，已签名")).to_be_visible()


def ink(page: Page) -> int:
    """How many points of the canvas are written on."""
    points: int = page.locator("canvas").evaluate(
        """canvas => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((value, place) => place % 4 === 3 && value > 0).length;
        }"""
    )
    return points


def key_on(target: Locator, key: str = "Enter") -> None:
    """Reach it with the keyboard, and press a key on it."""
    target.focus()
    expect(target).to_be_focused()
    target.page.keyboard.press(key)


def to_signature(hands: Hands) -> None:
    """The shortest way there: a stop with its reason."""
    hands.daily_list()
    hands.open_target("检修行车")
    hands.press(re.compile("^开始巡查"))
    hands.pick("停用")
    hands.press("故障停用")
    hands.press("确认停用，去签字")
    hands.heading("签字提交")


def test_a_check_with_keyboard_and_mouse_only(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone(DESKTOP))
    page = hands.page
    hands.pick_up(unit.people["A01"])
    key_on(hands.button("请先进行登录"))
    sheet = page.get_by_role("dialog", name="绑定微信，登录")
    expect(sheet).to_be_focused()
    key_on(sheet.get_by_role("checkbox"), " ")
    key_on(hands.button("微信手机号一键登录"))
    hands.at_home(unit.people["A01"])
    places = page.get_by_role("navigation", name="单位责任落实")
    key_on(places.get_by_role("link", name=re.compile("^日管控(，|$)")))
    hands.heading("日管控")
    key_on(hands.button(re.compile("^1 号叉车")).first)
    hands.heading(re.compile("详情$"))
    key_on(hands.button(re.compile("^开始巡查")))
    expect(page.get_by_role("dialog")).to_be_focused()
    key_on(page.get_by_role("radio", name=re.compile("^在用")), " ")
    key_on(hands.button("开始逐项检查"))
    hands.at_item(1)
    for number in range(1, hands.items() + 1):
        hands.at_item(number)
        expect(hands.button(re.compile("^A 合格"))).to_have_attribute("aria-disabled", "false")
        key_on(hands.button(re.compile("^A 合格")), "Enter" if number % 2 else " ")
    hands.heading("确认巡查情况")
    judge(page, "desktop/10-summary")
    key_on(hands.button("立即提交，去签字"))
    hands.heading("签字提交")
    sign_with_mouse(page)
    judge(page, "desktop/11-signed")
    key_on(hands.button("提交", exact=True))
    hands.heading("已提交")
    expect(page.get_by_role("img", name="零风险")).to_be_visible()
    judge(page, "desktop/12-receipt")
    (record,) = unit.records("A01", "E-CC-01")
    assert record["person_name"] == unit.people["A01"].name


def test_a_held_key_is_one_press(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = at_desk(phone(DESKTOP), stack, tmp_path)
    hands.daily_list()
    hands.open_target("1 号叉车")
    hands.begin()
    hands.button(re.compile("^A 合格")).focus()
    for _ in range(20):
        hands.page.keyboard.down("Enter")
        hands.page.wait_for_timeout(25)
    hands.page.keyboard.up("Enter")
    hands.at_item(2)


def test_a_stroke_ends_where_the_mouse_leaves(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = at_desk(phone(DESKTOP), stack, tmp_path)
    to_signature(hands)
    page = hands.page
    left, top = corner(page)
    # Without the button, and with another than the left one, nothing is written.
    page.mouse.move(left + 20, top + 20)
    page.mouse.move(left + 200, top + 100, steps=5)
    page.mouse.down(button="right")
    page.mouse.move(left + 20, top + 20, steps=5)
    page.mouse.up(button="right")
    page.keyboard.press("Escape")
    assert ink(page) == 0
    # Let go outside, and back again: the line does not go on.
    page.mouse.move(left + 100, top + 100)
    page.mouse.down()
    page.mouse.move(left + 160, top + 100, steps=5)
    page.mouse.move(left + 160, top - 60, steps=5)
    page.mouse.up()
    written = ink(page)
    assert written > 0
    page.mouse.move(left + 260, top + 150, steps=5)
    assert ink(page) == written
    # Out and in with the button held: nothing joins where it left and where it came in.
    page.mouse.move(left + 40, top + 150)
    page.mouse.down()
    page.mouse.move(left + 40, top + 190, steps=5)
    page.mouse.move(left + 40, top + 260, steps=5)
    written = ink(page)
    page.mouse.move(left + 300, top + 260, steps=5)
    page.mouse.move(left + 300, top + 30, steps=5)
    assert ink(page) == written
    page.mouse.up()
    hands.press("重新签名")
    expect(hands.button("提交", exact=True)).to_have_attribute("aria-disabled", "true")
    assert ink(page) == 0


def test_a_sheet_holds_the_keys_and_gives_them_back(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = at_desk(phone(DESKTOP), stack, tmp_path)
    page = hands.page
    hands.daily_list()
    hands.open_target("1 号叉车")
    hands.begin()
    opener = hands.button("写备注")
    key_on(opener)
    sheet = page.get_by_role("dialog", name="备注")
    expect(sheet).to_be_focused()
    expect(page.locator(".main")).to_have_attribute("inert", "")
    judge(page, "desktop/20-sheet")
    # Round and round, forwards and backwards, and never out.
    inside = "sheet => sheet.contains(document.activeElement) && sheet !== document.activeElement"
    for key in ["Tab"] * 5 + ["Shift+Tab"] * 7:
        page.keyboard.press(key)
        assert sheet.evaluate(inside), key
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(opener).to_be_focused()
    expect(page.locator("[inert]")).to_have_count(0)
    # A mouse behind it does nothing but close it.
    key_on(hands.button("跳转到其他项"), " ")
    expect(page.get_by_role("dialog", name="跳转到")).to_be_focused()
    seen(page)
    page.mouse.click(640, 60)
    expect(page.get_by_role("dialog")).to_have_count(0)
    hands.at_item(1)


def test_of_two_sheets_the_upper_one_has_the_keys(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 401")
    hands = at_desk(phone(DESKTOP), stack, tmp_path)
    page = hands.page
    hands.daily_list()
    hands.open_target("1 号叉车")
    hands.begin()
    key_on(hands.button("写备注"))
    lower = page.get_by_role("dialog", name="备注", include_hidden=True)
    expect(lower).to_be_focused()
    spoil_token(page)
    page.evaluate("() => wechat.putDown()")
    page.evaluate(
        """() => {
          const { $pinia } = document.querySelector('#app').__vue_app__.config.globalProperties;
          $pinia._s.get('session').expired = true;
        }"""
    )
    upper = page.get_by_role("dialog", name="请重新登录")
    expect(upper).to_be_focused()
    expect(lower).to_have_attribute("inert", "")
    judge(page, "desktop/21-two-sheets")
    # It cannot be closed by Escape; neither is the one below it.
    page.keyboard.press("Escape")
    expect(upper).to_be_visible()
    expect(lower).to_be_visible()
    key_on(hands.button("先在本机查完，稍后登录"))
    expect(upper).to_have_count(0)
    expect(lower).to_be_focused()
    expect(page.locator(".main")).to_have_attribute("inert", "")
    page.keyboard.press("Escape")
    expect(lower).to_have_count(0)
    expect(hands.button("写备注")).to_be_focused()


@pytest.mark.parametrize(
    ("kind", "title", "typed", "found", "nothing"),
    [
        ("production", "输入许可证编号", "TS2399001", "电梯制造", "您负责的许可里没有"),
        ("filling", "输入工位编号", "gw-01", "1 号氧气充装台", "您负责的工位里没有"),
    ],
)
def test_a_code_is_called_what_the_unit_calls_it(
    kind: str, title: str, typed: str, found: str, nothing: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    hands = Hands(phone())
    hands.enter(own_unit(stack, tmp_path, kind).people["A01"])
    hands.press("输入代码")
    hands.heading(title)
    judge(hands.page, f"desktop/30-code-{kind}")
    field = hands.page.locator("input").first
    # Far more than any code, pasted by mistake: it is said, and not looked for.
    field.fill("请检查" * 60)
    hands.sees("太长了，编号或名称最多 40 个字")
    expect(hands.button(re.compile("^打开这"))).to_have_attribute("aria-disabled", "true")
    field.fill("ZZ-99")
    hands.press(re.compile("^打开这"))
    hands.sees(re.compile(nothing))
    judge(hands.page, f"desktop/31-code-{kind}-unknown")
    field.fill(typed)
    hands.press(re.compile("^打开这"))
    hands.heading(re.compile("详情$"))
    hands.sees(found)


def test_a_left_hand_moves_deeds_and_no_words(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = at_desk(phone(), stack, tmp_path)
    page = hands.page
    look = {"type": "off", "light": "off", "left": True}
    page.evaluate("look => localStorage.setItem('settings', JSON.stringify(look))", look)
    page.goto("/#/pages/me/index")
    page.reload()
    row = hands.button(re.compile("^联系客服"))
    expect(row).to_be_visible()
    judge(page, "desktop/40-left-me")
    inside = [row.locator(part).bounding_box() for part in (".tile", ".cell-title", ".cell-go")]
    places = [box["x"] for box in inside if box]
    assert places == sorted(places) and len(places) == 3
    row.click()
    cross, sheet = hands.button("关闭").bounding_box(), page.get_by_role("dialog").bounding_box()
    judge(page, "desktop/41-left-sheet")
    assert cross and sheet and cross["x"] < sheet["x"] + sheet["width"] / 2


def test_every_place_fits_a_desk(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = at_desk(phone(DESKTOP), stack, tmp_path)
    for place in ("home", "todos", "daily", "me", "outbox"):
        hands.page.goto(f"/#/pages/{place}/index")
        hands.page.reload()
        expect(hands.page.locator(".screen")).to_be_visible()
        hands.page.wait_for_load_state("networkidle")
        judge(hands.page, f"desktop/{place}")
