"""What is photographed, typed and picked on the glass, and what becomes of it when something goes wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from infra.phone import jpeg
from tests.browser.conftest import DESKTOP, PHONE, OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser


def picture(words: str) -> FilePayload:
    """A photo as phones make them."""
    return {"name": f"{words}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(words, (2400, 1800))}


NO_PICTURE: FilePayload = {"name": "words.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all" * 400}


def fail_form(page: Page, unit: OwnUnit) -> Hands:
    """The form of a failed item."""
    hands = Hands(page)
    hands.enter(unit.people["A01"])
    hands.daily_list()
    hands.open_target("1 号叉车")
    hands.begin()
    hands.fails(1)
    hands.pick("待处理")
    return hands


def choose(hands: Hands, words: re.Pattern[str], *files: FilePayload) -> None:
    """Press it, and give the chooser files."""
    with hands.page.expect_file_chooser() as chooser:
        hands.press(words)
    chooser.value.set_files(list(files))


PLATE = re.compile("^(拍照|正在存照片).*最多")


def test_a_refused_photo_says_why_and_is_taken_anew(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = fail_form(phone(), own_unit(stack, tmp_path))
    page = hands.page
    choose(hands, PLATE, picture("first"), NO_PICTURE, picture("third"))
    refused = hands.button(re.compile("^照片 2，点按重拍"))
    expect(refused).to_be_visible()
    hands.photo_sent(2)
    expect(page.get_by_role("alert").filter(has_text="照片 2：")).to_contain_text("请重新拍照")
    judge(page, "fields/01-photo-refused")
    choose(hands, re.compile("^照片 2，点按重拍"), picture("second"))
    hands.photo_sent(3)
    expect(page.get_by_role("alert").filter(has_text="照片 2：")).to_have_count(0)
    expect(page.locator(".photo-image")).to_have_count(3)


def test_photos_kept_before_the_end_are_there_after_it(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = fail_form(phone(), own_unit(stack, tmp_path))
    page = hands.page
    # The third is never made small: the app is killed over it.
    page.evaluate("""() => {
      const made = createImageBitmap;
      let count = 0;
      window.createImageBitmap = (blob) => ((count += 1) > 2 ? new Promise(() => undefined) : made(blob));
    }""")
    choose(hands, PLATE, *(picture(f"photo {number}") for number in range(4)))
    hands.photo_sent(2)
    expect(hands.button(PLATE)).to_contain_text("正在存照片")
    judge(page, "fields/03-keeping")
    page.reload()
    hands.photo_sent(2)
    expect(hands.button(PLATE)).to_contain_text("2/9")


def test_more_photos_than_fit_are_counted(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = fail_form(phone(), own_unit(stack, tmp_path))
    choose(hands, PLATE, picture("first"))
    hands.photo_sent(1)
    choose(hands, PLATE, *(picture(f"photo {number}") for number in range(10)))
    hands.sees("最多 9 张，另外 2 张没有加上")
    hands.photo_sent(9)
    expect(hands.button(PLATE)).to_have_count(0)


def test_a_field_says_that_it_is_full(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    hands = fail_form(phone(), own_unit(stack, tmp_path))
    page = hands.page
    hands.pick("立即处理")
    hands.write("处理结果", "清" * 580)
    hands.sees("还能写 20 字")
    judge(page, "fields/02-room")
    hands.write("处理结果", "清" * 597)
    hands.sees("还能写 3 字")
    hands.press("已修复")
    hands.sees("最多 600 字，“已修复”写不下了")
    hands.write("处理结果", "清" * 700)
    hands.sees("最多 600 字，已经写满")
    field = page.get_by_role("group", name="处理结果", exact=True).locator("textarea")
    expect(field).to_have_value("清" * 600)


def test_a_deadline_is_a_day_of_the_year_to_come(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    officer = fail_form(phone(), unit)
    officer.press("保存，下一项")
    officer.at_item(2)
    officer.passes(2, officer.items())
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    officer.heading("已提交")
    today = officer.page.evaluate("() => new Date().toLocaleDateString('sv')")
    for machine, days in ((PHONE, ".uni-picker-content"), (DESKTOP, ".uni-picker-select")):
        page = phone(machine)
        director = Hands(page)
        director.enter(unit.people["D01"])
        director.press("下达整改措施（1）")
        director.heading("下达整改措施")
        other = page.get_by_role("radio", name="选日期")
        other.focus()
        page.keyboard.press("Enter")
        rows = page.locator(f"{days} .uni-picker-item")
        expect(rows.first).to_be_visible()
        expect(rows.first).to_contain_text(today[5:])
        assert rows.count() == 366
        if machine is PHONE:
            page.locator(".uni-picker-action-cancel").click()
            expect(other).to_have_attribute("aria-checked", "false")
        else:
            rows.nth(9).click()
            expect(other).to_have_attribute("aria-checked", "true")
