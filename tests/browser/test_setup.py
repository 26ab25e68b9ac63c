"""The administrator's home: what the set-up lacks, which things are meant, and that it is gone once the roster is."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Route, expect

from infra.demo import FILES
from tests.browser.conftest import DESKTOP, OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, edit_roster, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

PASSED = "2020-01"
IDLE = {"code": "A09", "name": "示例人员九", "phone": "", "roles": ["安全员"]}


def demo(kind: str) -> dict[str, Any]:
    """The demo roster of a kind, to be spoilt."""
    file = next(Path(file) for file in FILES if Path(file).stem == kind)
    raw: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return raw


def post(raw: dict[str, Any], code: str, **fields: Any) -> list[dict[str, Any]]:
    """Its people, one of them with other fields."""
    return [person | (fields if person["code"] == code else {}) for person in raw["people"]]


def bare_use(stack: RunningStack, folder: Path) -> OwnUnit:
    """One lift expired; one undated and without a sub-type, one forklift undated; boilers, cranes and vehicles without
    a director; an officer nothing names."""
    raw = demo("use")
    equipment = copy.deepcopy(raw["equipment"])
    by_code = {row["code"]: row for row in equipment}
    by_code["DT-01"]["next_inspection"] = PASSED
    for field in ("next_inspection", "subtype"):
        del by_code["DT-02"][field]
    del by_code["CC-01"]["next_inspection"]
    return own_unit(stack, folder, people=[*post(raw, "D01", kinds=["电梯"]), dict(IDLE)], equipment=equipment)


def bare_production(stack: RunningStack, folder: Path) -> OwnUnit:
    """A licence expired; the director is an officer too."""
    raw = demo("production")
    licences = copy.deepcopy(raw["licences"])
    licences[0]["valid_until"] = f"{PASSED}-31"
    people = post(raw, "D01", roles=["质量安全总监", "质量安全员"])
    return own_unit(stack, folder, "production", people=people, licences=licences)


def bare_filling(stack: RunningStack, folder: Path) -> OwnUnit:
    """Nobody directs, and every station names the same officer."""
    raw = demo("filling")
    people = [person for person in raw["people"] if person["code"] != "D01"]
    stations = [station | {"officers": ["A01"]} for station in raw["stations"]]
    return own_unit(stack, folder, "filling", people=people, stations=stations)


BARE = {
    "use": (bare_use, "5 类要处理", "7 台，5 台资料齐全", [
        "1 号客梯检验已过期，检验合格以前，建议停用", "3 类设备没有安全总监，锅炉、起重机械、场车",
        "2 台设备没有下次检验日期，1 号叉车、2 号客梯", "2 号客梯没有品种，会列出这类设备的全部巡查项",
        "安全员示例人员九没有负责的设备，没有日管控任务",
    ]),
    "production": (bare_production, "2 类要处理", "3 项，资料都齐全", [
        "电梯制造已过期，延续以前，不能继续生产", "吴示八兼任质量安全总监和质量安全员，总局令第 73 号：不得兼任",
    ]),
    "filling": (bare_filling, "2 类要处理", "4 个，资料都齐全", [
        "2 类工位没有安全总监，气瓶充装、移动式压力容器充装", "安全员褚示乙没有负责的工位，没有日管控任务",
    ]),
}  # fmt: skip


def at_home(hands: Hands, unit: OwnUnit) -> None:
    hands.enter(unit.people["G01"])
    hands.sees("单位资料")


def told(hands: Hands) -> list[str]:
    """What each row says; a space that does not break is a space."""
    return [str(row.get_attribute("aria-label")).replace("\u00a0", " ") for row in hands.rows().all()]


@pytest.mark.parametrize("kind", BARE)
def test_home_tells_what_is_missing_and_a_tap_which_are_meant(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, kind: str
) -> None:
    make, count, filled, gaps = BARE[kind]
    unit = make(stack, tmp_path)
    hands = Hands(phone())
    at_home(hands, unit)
    hands.sees(count)
    hands.sees(filled)
    assert told(hands) == gaps
    judge(hands.page, f"setup/{kind}-01-home")
    for place, gap in enumerate(gaps, 2):
        hands.press(gap)
        hands.heading("单位资料")
        hands.sees("怎样处理")
        expect(hands.rows().first).to_be_visible()
        judge(hands.page, f"setup/{kind}-{place:02d}-gap")
        hands.page.go_back()
        hands.sees(count)
    hands.page.get_by_role("navigation", name="单位责任落实").get_by_role("link", name="单位设置").click()
    hands.heading("单位设置")
    expect(hands.rows().first).to_be_visible()
    judge(hands.page, f"setup/{kind}-20-lists")


@pytest.mark.parametrize("kind", BARE)
def test_where_nothing_is_missing_home_says_so(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, kind: str
) -> None:
    unit = own_unit(stack, tmp_path, kind)
    hands = Hands(phone())
    at_home(hands, unit)
    hands.sees("资料完整")
    hands.sees(re.compile("资料都齐全$"))
    assert told(hands) == []
    judge(hands.page, f"setup/{kind}-30-complete")


def test_what_is_put_right_in_the_roster_is_gone_from_home(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = bare_production(stack, tmp_path)
    hands = Hands(phone())
    at_home(hands, unit)
    hands.press(re.compile("^电梯制造已过期"))
    hands.sees("有效期至 2020-01-31")
    hands.sees("编号 DTZZ")

    def renew(raw: dict[str, Any]) -> None:
        raw["licences"][0]["valid_until"] = "2031-01-31"

    edit_roster(stack, unit, renew)
    # Whoever still has the page of the gap open finds it closed.
    hands.page.reload()
    hands.sees("已经补好了")
    judge(hands.page, "setup/40-closed")
    hands.root("首页")
    hands.sees("1 类要处理")
    assert told(hands) == BARE["production"][3][1:]


def test_a_long_gap_is_read_page_by_page(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    lift = {"category": "电梯", "subtype": "曳引与强制驱动电梯"}
    lifts = [lift | {"code": f"DT-{n:03d}", "name": f"{n} 号客梯", "officers": ["A01"]} for n in range(1, 62)]
    unit = own_unit(stack, tmp_path, equipment=lifts)
    hands = Hands(phone())
    at_home(hands, unit)
    hands.sees("1 号客梯、2 号客梯、3 号客梯等")
    hands.press(re.compile("^61 台设备没有下次检验日期"))
    expect(hands.rows()).to_have_count(50)
    hands.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(hands.rows()).to_have_count(61)


def test_what_could_not_be_read_is_said_and_read_anew(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 503")
    unit = bare_filling(stack, tmp_path)
    hands = Hands(phone())

    def unavailable(route: Route) -> None:
        problem = {"code": "storage.unavailable", "status": 503, "sentence": "现在忙，请稍后再试。", "details": {}}
        route.fulfill(status=503, content_type="application/problem+json", json=problem)

    hands.page.route("**/v1/gaps", unavailable)
    at_home(hands, unit)
    hands.sees("资料还没有读到")
    judge(hands.page, "setup/41-unread")
    hands.page.unroute("**/v1/gaps")
    hands.press(re.compile("没有读到最新的"))
    hands.sees(BARE["filling"][1])


def test_large_type_dark_and_a_wide_screen_break_nothing(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = bare_use(stack, tmp_path)
    hands = Hands(phone())
    at_home(hands, unit)
    for name, look in {"large": {"type": "on", "light": "off"}, "dark": {"type": "off", "light": "on"}}.items():
        hands.page.evaluate("look => localStorage.setItem('settings', JSON.stringify(look))", look | {"left": False})
        for place, words in (("home/index", BARE["use"][1]), ("setup/gap?gap=expired&side=use", "1 号客梯")):
            hands.page.goto(f"/#/pages/{place}")
            hands.page.reload()
            hands.sees(words)
            judge(hands.page, f"setup/{name}-{place.partition('/')[0]}")
    desk = Hands(phone(DESKTOP))
    at_home(desk, unit)
    desk.sees(BARE["use"][1])
    judge(desk.page, "setup/desktop-home")
