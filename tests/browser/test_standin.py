"""The front page of the stack, and WeChat's stand-in in front of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from infra import demo
from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPhone
from tests.browser.guard import PageGuard

pytestmark = pytest.mark.browser
PERSON, OTHER = demo.people()[0], demo.people()[6]


def ask(page: Page, call: str = "login") -> None:
    """Asks WeChat; :func:`answer` waits for what it says."""
    said = "asked => ({...asked}), error => ({name: error.name, message: error.message})"
    page.evaluate(f"() => {{ window.asked = Promise.resolve(wechat.{call}()).then({said}); }}")


def answer(page: Page) -> Any:
    # Raced, because an evaluated promise is waited for without an end.
    return page.evaluate("() => Promise.race([asked, new Promise(end => setTimeout(end, 10000, 'no answer'))])")


def opened(phone: OpenPhone, machine: dict[str, Any] = PHONE) -> Page:
    page = phone(machine)
    page.goto("/")
    expect(page.locator("uni-page")).to_be_visible()
    return page


def tap(page: Page, person: demo.DemoPerson) -> None:
    row = page.get_by_role("button", name=f"{person.name} {person.post} {person.phone}")
    row.click()


def test_the_front_page_shows_the_client(phone: OpenPhone) -> None:
    page = opened(phone)
    expect(page).to_have_title("特安")
    expect(page.locator("uni-page")).to_contain_text("特安")


def test_a_tap_on_a_person_puts_his_phone_in_hand(phone: OpenPhone) -> None:
    page = opened(phone)
    assert page.evaluate("() => wechat.holding()") is False
    ask(page)
    expect(page.get_by_role("dialog", name="用谁的微信登录？")).to_be_visible()
    tap(page, PERSON)
    first = answer(page)
    assert set(first) == {"code", "phoneCode"}
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    assert page.evaluate("() => wechat.holding()") is True
    again = page.evaluate("() => wechat.login()")
    assert set(again) == {"code"}
    assert page.evaluate("() => wechat.phoneCode()") not in (first["phoneCode"], again["code"])
    page.evaluate("() => wechat.putDown()")
    assert page.evaluate("() => wechat.holding()") is False


def test_the_codes_are_those_of_the_person_who_was_tapped(phone: OpenPhone) -> None:
    page = opened(phone)
    ask(page)
    tap(page, OTHER)
    codes = answer(page)
    headers, body = {"Content-Type": "application/json"}, {"code": codes["code"], "phone_code": codes["phoneCode"]}
    session = page.request.post("/v1/login", headers=headers, data=body).json()
    assert session["membership"]["unit_name"] == OTHER.unit


def test_asked_for_a_number_with_no_phone_in_hand_it_asks_whose(phone: OpenPhone) -> None:
    page = opened(phone)
    page.evaluate("() => { window.asked = wechat.phoneCode(); }")
    tap(page, PERSON)
    assert len(answer(page)) == 32
    assert page.evaluate("() => wechat.holding()") is True


@pytest.mark.parametrize("way", ["关闭", "Escape", "beside"])
def test_whoever_closes_the_sheet_has_cancelled_and_is_back_where_he_was(phone: OpenPhone, way: str) -> None:
    page = opened(phone)
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); }")
    ask(page)
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    assert page.evaluate("() => document.activeElement.closest('dialog') !== null"), "the focus is in the sheet"
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "beside":
        page.mouse.click(195, 20)
    else:
        page.get_by_role("button", name="关闭").click()
    assert answer(page) == {"name": "Cancelled", "message": "没有选人。"}
    expect(sheet).to_have_count(0)
    assert page.evaluate("() => document.activeElement === document.body")
    assert page.evaluate("() => wechat.holding()") is False


def test_two_who_ask_share_one_sheet_and_get_codes_of_their_own(phone: OpenPhone) -> None:
    page = opened(phone)
    page.evaluate("() => { window.asked = Promise.all([wechat.login(), wechat.login()]); }")
    expect(page.get_by_role("dialog")).to_have_count(1)
    tap(page, PERSON)
    one, two = answer(page)
    assert one["code"] != two["code"]


def test_without_a_network_it_says_so(phone: OpenPhone, page_guard: PageGuard) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    page = opened(phone)
    sentence = {"name": "Error", "message": "没有连上。看看 make run 是不是还在运行，再试一次。"}
    page.context.set_offline(True)
    ask(page)
    assert answer(page) == sentence, "nobody to choose from"
    page.context.set_offline(False)
    ask(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.context.set_offline(True)
    tap(page, PERSON)
    assert answer(page) == sentence, "no codes"
    assert page.evaluate("() => wechat.holding()") is False, "he chooses again"


def test_a_phone_that_is_none_is_not_in_hand(phone: OpenPhone) -> None:
    page = opened(phone)
    page.evaluate("() => localStorage.setItem('standin.phone', 'x')")
    assert page.evaluate("() => wechat.holding()") is False


MEASURED = """() => [...document.querySelectorAll('dialog, dialog *')].map(element => {
  const {width, height, left, right} = element.getBoundingClientRect();
  const tapped = element.matches('a, button'), size = parseFloat(getComputedStyle(element).fontSize);
  return {what: element.outerHTML.slice(0, 80), tapped, width, height, left, right, size};
})"""
SMALL = PHONE | {"viewport": {"width": 320, "height": 568}}


@pytest.mark.parametrize(("machine", "width"), [(PHONE, 390), (SMALL, 320), (DESKTOP, 480)])
def test_the_sheet_fits_can_be_read_and_can_be_tapped(phone: OpenPhone, machine: dict[str, Any], width: int) -> None:
    page = opened(phone, machine)
    ask(page)
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    for words in ("试用环境", "微信替身", "单位和人员都是虚构的", "每 15 秒保存一次"):
        expect(sheet).to_contain_text(words)
    assert sheet.get_by_role("link", name="接口说明").get_attribute("href") == "/docs"
    for person in demo.people():
        expect(sheet.get_by_role("button", name=f"{person.name} {person.post} {person.phone}")).to_have_count(1)
    whole, *parts = page.evaluate(MEASURED)
    middle = page.evaluate("() => document.documentElement.clientWidth") / 2
    assert (whole["width"], (whole["left"] + whole["right"]) / 2) == (width, middle)
    for part in parts:
        assert part["size"] >= 14, part
        assert part["left"] >= whole["left"], part
        assert part["right"] <= whole["right"], part
        assert not part["tapped"] or min(part["width"], part["height"]) >= 48, part
    assert violations(page, "dialog") == []
    ask(page, "putDown")
    tap(page, PERSON)
