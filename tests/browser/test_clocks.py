"""Dates that are near or past: on every home page, in the list, on the target, and gone once they are renewed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import expect

from infra.demo import FILES
from tests.browser.conftest import DESKTOP, OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, edit_roster, own_unit, today
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

MakeUnit = Callable[[str, dict[str, int]], OwnUnit]
EQUIPMENT = {"FT-01": -12, "CC-02": 0, "GL-01": 5, "CC-01": 7, "QZ-01": 30, "DT-01": 38}
"""Days left; ``DT-02`` has years."""
LICENCES = {"QZAZ": -9, "DTZZ": 30}
FIELD = {"use": ("equipment", "next_inspection"), "production": ("licences", "valid_until")}


@pytest.fixture
def make_unit(stack: RunningStack, tmp_path: Path) -> MakeUnit:
    def make(kind: str, left: dict[str, int]) -> OwnUnit:
        table, field = FIELD[kind]
        raw = yaml.safe_load(next(Path(file) for file in FILES if Path(file).stem == kind).read_text("utf-8"))
        rows = [row | ({field: in_days(left[row["code"]])} if row["code"] in left else {}) for row in raw[table]]
        return own_unit(stack, tmp_path, kind, **{table: rows})

    return make


def in_days(days: int) -> str:
    return str(date.fromisoformat(today()) + timedelta(days=days))


def notice(hands: Hands, words: str) -> None:
    """Wait for it on the home page, and open what stands behind it."""
    hands.sees(words)
    hands.page.locator(".notice").filter(has_text=words).click()
    hands.heading("检验和许可到期")
    expect(hands.rows().first).to_be_visible()


def groups(hands: Hands) -> list[str]:
    return hands.page.locator(".section-title").filter(visible=True).all_inner_texts()


def names(hands: Hands) -> list[str]:
    return hands.page.locator(".cell-title").filter(visible=True).all_inner_texts()


def panel(hands: Hands, *words: str) -> None:
    """The date of a target says these."""
    shown = hands.page.locator(".clock").filter(visible=True)
    for one in words:
        expect(shown).to_contain_text(one)


def test_an_officer_is_told_what_he_holds_and_goes_to_the_check(phone: OpenPhone, make_unit: MakeUnit) -> None:
    unit = make_unit("use", EQUIPMENT)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.sees("2 号叉车：今天到期")
    judge(hands.page, "clocks/01-home-officer")
    notice(hands, "4 台设备检验将到期")
    assert groups(hands) == ["7 天内", "30 天内", "60 天内"]
    assert names(hands) == ["2 号叉车", "1 号叉车", "检修行车", "1 号客梯"]
    judge(hands.page, "clocks/02-list-officer")
    hands.press(re.compile("^1 号客梯"))
    hands.heading("设备详情")
    panel(hands, "还有 38 天", "到期前一个月应提出检验申请（")
    expect(hands.button(re.compile("^开始巡查"))).to_be_visible()
    judge(hands.page, "clocks/03-target-38-days")
    hands.page.go_back()
    hands.press(re.compile("^2 号叉车"))
    panel(hands, "今天到期", "还没有申请的请马上申请。")
    judge(hands.page, "clocks/04-target-today")


def test_what_has_expired_is_red_and_advises_to_stop_which_ends_the_advice(
    phone: OpenPhone, make_unit: MakeUnit
) -> None:
    unit = make_unit("use", EQUIPMENT)
    hands = Hands(phone())
    hands.enter(unit.people["A02"])
    hands.sees("东门自动扶梯：已过期 12 天")
    judge(hands.page, "clocks/05-home-officer-expired")
    notice(hands, "1 台设备检验已过期，1 台将到期")
    assert (groups(hands), names(hands)) == (["已过期", "7 天内"], ["东门自动扶梯", "1 号蒸汽锅炉"])
    hands.press(re.compile("^东门自动扶梯"))
    panel(hands, "已过期 12 天", "检验已过期，建议停用")
    judge(hands.page, "clocks/06-target-expired")
    hands.press(re.compile("^开始巡查"))
    hands.pick("停用")
    hands.press("故障停用")
    hands.press("确认停用，去签字")
    hands.sign()
    hands.submit()
    hands.sees("已提交")
    hands.page.goto("/")
    hands.sees("1 台设备检验将到期")
    expect(hands.page.get_by_text("检验已过期")).to_have_count(0)
    notice(hands, "1 台设备检验将到期")
    assert groups(hands) == ["已过期", "7 天内"]
    judge(hands.page, "clocks/07-list-suspended")
    hands.press(re.compile("^东门自动扶梯"))
    panel(hands, "已过期 12 天")
    expect(hands.page.get_by_text("建议停用").filter(visible=True)).to_have_count(0)


def test_a_director_and_the_principal_are_told_of_all_and_read_the_records(
    phone: OpenPhone, make_unit: MakeUnit
) -> None:
    unit = make_unit("use", EQUIPMENT)
    director = Hands(phone())
    director.enter(unit.people["D01"])
    director.sees("2 号叉车：今天到期")
    judge(director.page, "clocks/08-home-director")
    notice(director, "1 台设备检验已过期，5 台将到期")
    assert groups(director) == ["已过期", "7 天内", "30 天内", "60 天内"]
    judge(director.page, "clocks/09-list-director")
    director.press(re.compile("^东门自动扶梯"))
    director.heading("日管控记录")
    panel(director, "检验已过期，建议停用", "停用由安全员在巡查时提交。")
    judge(director.page, "clocks/10-records-expired")
    principal = Hands(phone())
    principal.enter(unit.people["P01"])
    figure = principal.page.get_by_role("link", name="检验将到期 6，其中已过期 1")
    expect(figure).to_be_visible()
    judge(principal.page, "clocks/11-home-principal")
    figure.click()
    principal.heading("检验和许可到期")
    expect(principal.rows()).to_have_count(6)


def test_a_licence_is_told_in_its_own_words_and_never_stopped(phone: OpenPhone, make_unit: MakeUnit) -> None:
    unit = make_unit("production", LICENCES)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.sees("起重机械安装：已过期 9 天")
    judge(hands.page, "clocks/12-home-licences")
    notice(hands, "1 项许可已过期，1 项将到期")
    assert (groups(hands), names(hands)) == (["已过期", "30 天内"], ["起重机械安装", "电梯制造"])
    judge(hands.page, "clocks/13-list-licences")
    hands.press(re.compile("^起重机械安装"))
    panel(hands, "许可有效期至", "许可已过期，不能继续生产")
    judge(hands.page, "clocks/14-licence-expired")
    hands.page.go_back()
    hands.press(re.compile("^电梯制造"))
    panel(hands, "还有 30 天", "到期后不能继续生产，请提前办好延续。")
    judge(hands.page, "clocks/15-licence-30-days")


def test_an_administrator_renews_a_date_and_it_is_gone(
    phone: OpenPhone, stack: RunningStack, make_unit: MakeUnit
) -> None:
    unit = make_unit("use", {"FT-01": -12, "DT-01": 30})
    hands = Hands(phone())
    hands.enter(unit.people["G01"])
    hands.sees("东门自动扶梯检验已过期")
    hands.sees("1 台设备检验将到期")
    judge(hands.page, "clocks/16-home-administrator")
    notice(hands, "1 台设备检验将到期")
    assert groups(hands) == ["已过期", "30 天内"]
    hands.sees("检验合格或延续后，请更新日期")
    judge(hands.page, "clocks/17-list-administrator")

    def renew(raw: dict[str, Any]) -> None:
        for row in raw["equipment"]:
            row["next_inspection"] = in_days(400)

    edit_roster(stack, unit, renew)
    hands.page.reload()
    hands.sees("60 天内没有到期的")
    judge(hands.page, "clocks/18-nothing-ends")
    hands.root("首页")
    hands.sees("资料完整")
    expect(hands.page.get_by_text("将到期")).to_have_count(0)


def test_large_type_dark_and_a_wide_screen_break_nothing(phone: OpenPhone, make_unit: MakeUnit) -> None:
    unit = make_unit("use", EQUIPMENT)
    hands = Hands(phone())
    hands.enter(unit.people["A02"])
    target = f"inspections/target?duty=daily&due={today()}&target=E-FT-01"
    places = {
        "home/index": "东门自动扶梯：已过期 12 天",
        "clocks/index": "1 号蒸汽锅炉",
        target: "检验已过期，建议停用",
    }
    for name, look in {"large": {"type": "on", "light": "off"}, "dark": {"type": "off", "light": "on"}}.items():
        hands.page.evaluate("look => localStorage.setItem('settings', JSON.stringify(look))", look | {"left": False})
        for place, words in places.items():
            hands.page.goto(f"/#/pages/{place}")
            hands.page.reload()
            hands.sees(words)
            judge(hands.page, f"clocks/{name}-{place.partition('/')[0]}")
    desk = Hands(phone(DESKTOP))
    desk.enter(unit.people["P01"])
    desk.page.get_by_role("link", name="检验将到期 6，其中已过期 1").click()
    desk.sees("检修行车")
    judge(desk.page, "clocks/desktop-list")
