"""The unit in numbers, as its principal looks at it: pictures, ranges, kinds, and the list behind each number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from infra.phone import Phone, clean_answers, inspection, until
from infra.stack import clock
from tean.domain.calendar import closes_at
from tests.browser.conftest import DESKTOP, PHONE, OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge, settle
from tests.browser.units import OwnUnit, own_unit, today
from tests.stack import RunningStack, running

pytestmark = pytest.mark.browser

ONE_DAY = timedelta(days=1)
LIFT, OTHER_LIFT, FORKLIFT, OTHER_FORKLIFT = "E-DT-01", "E-DT-02", "E-CC-01", "E-CC-02"
"""What ``A01`` checks of the seven devices of the unit: three lifts, two forklifts, a crane and a boiler."""


@pytest.fixture(scope="module")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One whose clock is moved: not that of the other tests."""
    with running(tmp_path_factory.mktemp("statistics") / "state") as stack:
        yield stack


def go_to(stack: RunningStack, day: date) -> None:
    """Let a day have just begun."""
    for part in ("gateway", "pump"):
        ahead = closes_at(day - ONE_DAY) - datetime.now(UTC) + timedelta(seconds=1)
        clock.set_ahead(stack.state, part, ahead)


def counted(unit: OwnUnit, day: date) -> None:
    """Let the night that follows a day be through with it."""
    principal, span = unit.phone("P01"), {"since": str(day), "until": str(day)}
    until(lambda: principal.get("/v1/statistics", **span), lambda told: told["duties"] and not told["uncounted"])


@dataclass
class Week:
    """A whole week of a unit, from its Monday on; the Monday after it is today."""

    unit: OwnUnit
    monday: date


def monday_to_come() -> date:
    """Next month's first Monday that is not its 1st: its week and the day after are all of that month."""
    first = (date.fromisoformat(today()).replace(day=1) + timedelta(days=32)).replace(day=2)
    return first + timedelta(days=-first.weekday() % 7)


def check(officer: Phone, day: date, target: str, **more: Any) -> None:
    """A clean check, on the day or late."""
    task = officer.get(f"/v1/tasks/daily/{day}/{target}")
    officer.post("/v1/inspections", inspection(task, officer.sign(), clean_answers(task), **more))


def finds(officer: Phone, day: date, target: str, **how: Any) -> list[str]:
    """A check with one thing wrong, left to be put right."""
    task = officer.get(f"/v1/tasks/daily/{day}/{target}")
    answers = clean_answers(task)
    wrong = next(n for n, item in enumerate(task["checklist"]["items"]) if item["grade"] == "general")
    answers[wrong] |= {"result": "fail", "handling": "pending"} | how
    hazards: list[str] = officer.post("/v1/inspections", inspection(task, officer.sign(), answers))["hazards"]
    return hazards


def rectifies(unit: OwnUnit, day: date, hazard: str) -> None:
    """The director orders it, its officer puts it right."""
    director, officer, place = unit.phone("D01"), unit.phone("A01"), f"/v1/hazards/{hazard}"
    seen = {"version": 1, "grade": "general"}
    director.post(f"{place}/order", {"seen": seen, "measures": "更换", "deadline": str(day)})
    done = {"seen": seen | {"version": 2}, "result": "已更换，试验有效", "photos": [officer.photo()]}
    officer.post(f"{place}/rectification", done)


def stops(officer: Phone, day: date, target: str) -> None:
    """Found suspended."""
    body = {"duty": "daily", "due": str(day), "target": target, "state": "suspended", "reason": "停产检修"}
    officer.post("/v1/inspections", body | {"signature": officer.sign()})


def checks_the_kind(officer: Phone, monday: date, kind: str) -> None:
    """A clean check of a whole kind."""
    task = officer.get(f"/v1/tasks/weekly/{monday}/{kind}")
    officer.post("/v1/inspections", inspection(task, officer.sign(), clean_answers(task)))


@pytest.fixture(scope="module")
def week(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Week:
    """Of 49 checks that were due 11 were made in time, one late, and one found a device suspended; of 9 checks of kinds
    one was made. Three hazards were found: one put right at once, one within the day, one still waits."""
    unit = own_unit(stack, tmp_path_factory.mktemp("week"))
    monday = monday_to_come()
    for n in range(7):
        day = monday + n * ONE_DAY
        go_to(stack, day)
        officer = unit.phone("A01")
        officer.get("/v1/todos")
        if n == 4:
            rectifies(unit, day, *finds(officer, day, FORKLIFT))
        else:
            check(officer, day, FORKLIFT)
        if n == 0:
            finds(officer, day, LIFT, handling="on_site", outcome="已当场复位")
        elif n < 3:
            check(officer, day, LIFT)
        if n == 1:
            check(officer, monday, OTHER_LIFT)
        if n == 2:
            finds(officer, day, OTHER_LIFT)
        if n == 3:
            stops(officer, day, OTHER_FORKLIFT)
            checks_the_kind(officer, monday, "5000")
    go_to(stack, monday + 7 * ONE_DAY)
    counted(unit, monday + 6 * ONE_DAY)
    return Week(unit, monday)


def opened(phone: OpenPhone, unit: OwnUnit, machine: dict[str, Any] = PHONE) -> Hands:
    """The principal, on the page of numbers."""
    hands = Hands(phone(machine))
    hands.enter(unit.people["P01"])
    hands.page.get_by_role("navigation", name="单位责任落实").get_by_role("link", name="管控统计").click()
    hands.heading("管控统计")
    return hands


def spoken(hands: Hands, words: str | re.Pattern[str]) -> Locator:
    """A picture or a number, by what is read out of it."""
    return hands.page.get_by_label(words).filter(visible=True).first


def pick(hands: Hands, words: str) -> None:
    """One of the pills."""
    hands.page.get_by_role("tab", name=words, exact=True).filter(visible=True).click()


def turn_back(hands: Hands, label: str) -> None:
    """The month before, on the wheel of months."""
    hands.press(re.compile(f"^{label}"))
    wheel = hands.page.locator("uni-picker-view-column").filter(visible=True).first
    expect(wheel).to_be_visible()
    settle(hands.page)
    box = wheel.bounding_box()
    assert box
    hands.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - 34)
    settle(hands.page)
    hands.page.locator(".uni-picker-action-confirm").filter(visible=True).click()
    expect(wheel).to_have_count(0)


def in_sight(shown: Locator) -> None:
    """In the middle of the screen, clear of the wall."""
    shown.evaluate("element => element.scrollIntoView({block: 'center'})")


def test_a_new_unit_has_no_numbers_and_a_day_later_those_of_one_day(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    day = date.fromisoformat(unit.phone("A01").get("/v1/todos")["today"])
    hands = opened(phone, unit)
    hands.sees("这段时间没有数字")
    expect(hands.page.get_by_text("%")).to_have_count(0)
    judge(hands.page, "statistics/01-nothing-yet")
    check(unit.phone("A01"), day, FORKLIFT)
    go_to(stack, day + ONE_DAY)
    counted(unit, day)
    hands = opened(phone, unit)
    pick(hands, "近一年")
    expect(spoken(hands, "日管控，应查 7，按时 1，补录 0，漏检 6，停用 0，完成率 14.2%")).to_be_visible()
    hands.sees(f"{day.isoformat()[5:]} 到期的，还能补录")
    judge(hands.page, "statistics/02-one-day")


def test_a_principal_reads_the_week_in_pictures_and_goes_from_each_to_its_list(phone: OpenPhone, week: Week) -> None:
    hands = opened(phone, week.unit)
    column = spoken(hands, re.compile("周，.*漏检 36，补录 1，完成率 25.0%，补录期没有过"))
    expect(column).to_be_visible()
    judge(hands.page, "statistics/10-month")
    in_sight(column)
    judge(hands.page, "statistics/11-trend")
    # The week before has ended in this month too, and nobody was asked.
    in_sight(spoken(hands, re.compile("^周排查，应查 18，按时 1，补录 0，漏检 17")))
    hands.sees("安全员 1/10，漏 9")
    hands.sees("总监、负责人 0/8，漏 8")
    judge(hands.page, "statistics/12-weeks-and-months")
    column.click()
    hands.heading("日管控情况")
    expect(hands.rows()).to_have_count(36)
    judge(hands.page, "statistics/13-missed")
    pick(hands, "补录")
    expect(hands.rows()).to_have_count(1)
    judge(hands.page, "statistics/14-late")
    pick(hands, "停用")
    expect(hands.rows()).to_have_count(1)
    judge(hands.page, "statistics/15-suspended")
    pick(hands, "按时")
    expect(hands.rows()).to_have_count(11)
    # Not the three that found something.
    expect(hands.rows().filter(has_text="零风险")).to_have_count(8)
    judge(hands.page, "statistics/17-on-time")
    pick(hands, "整周未检")
    expect(hands.rows()).to_have_count(4)
    # The forklift that was stopped has that record.
    expect(hands.rows().filter(has_text="从未检查")).to_have_count(3)
    judge(hands.page, "statistics/16-unchecked")
    hands.rows().filter(has_text="检修行车").click()
    hands.heading("日管控记录")
    expect(hands.rows().filter(has_text="漏检").first).to_be_visible()


def test_zero_risk_leads_to_what_was_stamped_so_late_or_not(phone: OpenPhone, week: Week) -> None:
    hands = opened(phone, week.unit)
    spoken(hands, "按时 11，看是哪些").click()
    expect(hands.rows()).to_have_count(11)
    hands.page.go_back()
    spoken(hands, "零风险 9 次，看是哪些").click()
    expect(hands.rows()).to_have_count(9)
    expect(hands.rows().filter(has_text="补录")).to_have_count(1)
    judge(hands.page, "statistics/18-zero-risk")
    hands.rows().filter(has_text="补录").click()
    hands.heading("日管控记录")


def test_of_one_kind_and_of_other_days_there_are_other_numbers(phone: OpenPhone, week: Week) -> None:
    hands = opened(phone, week.unit)
    pick(hands, "场车")
    expect(spoken(hands, re.compile("周，.*漏检 6，补录 0，完成率 53.8%"))).to_be_visible()
    judge(hands.page, "statistics/20-one-kind")
    spoken(hands, re.compile("周，.*漏检 6，补录 0")).click()
    expect(hands.rows()).to_have_count(6)
    expect(hands.rows().filter(has_text="2 号叉车")).to_have_count(6)
    hands.page.go_back()
    pick(hands, "上月")
    expect(spoken(hands, re.compile("^日管控，应查"))).to_be_visible()
    expect(hands.page.get_by_text("漏检 36")).to_have_count(0)


@pytest.mark.parametrize("machine", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_days_of_his_own_choice_are_turned_to_and_refused_with_why(
    phone: OpenPhone, week: Week, machine: dict[str, Any]
) -> None:
    hands = opened(phone, week.unit, machine)
    pick(hands, "上月")
    expect(spoken(hands, re.compile("^日管控，应查"))).to_be_visible()
    pick(hands, "选时段")
    turn_back(hands, "到哪天")
    hands.press("看这段时间")
    hands.sees("开始日期不能晚于结束日期")
    judge(hands.page, f"statistics/25-days-refused-{machine['viewport']['width']}")
    turn_back(hands, "从哪天")
    hands.press("看这段时间")
    expect(hands.page.get_by_role("dialog")).to_have_count(0)
    expect(hands.page.get_by_role("tab", name="选时段")).to_have_attribute("aria-selected", "true")
    before = (week.monday.replace(day=1) - ONE_DAY).replace(day=1) - ONE_DAY
    hands.sees(re.compile(rf"{before:%m}-01 ～ {before:%m}-\d\d$"))


def test_a_bar_of_somebody_leads_to_what_he_missed(phone: OpenPhone, week: Week) -> None:
    name = week.unit.people["A01"].name
    hands = opened(phone, week.unit)
    bar = spoken(hands, re.compile(f"^{name}（安全员），日管控应查"))
    in_sight(bar)
    judge(hands.page, "statistics/30-people")
    bar.click()
    hands.heading("日管控情况")
    hands.sees(re.compile(f"·{name}$"))
    expect(hands.rows().filter(has_text="1 号蒸汽锅炉")).to_have_count(0)
    expect(hands.rows().filter(has_text="检修行车").first).to_be_visible()


def test_a_bar_of_hazards_leads_to_each_of_them(phone: OpenPhone, week: Week) -> None:
    hands = opened(phone, week.unit)
    bar = spoken(hands, "发现一般隐患 3 条")
    in_sight(bar)
    judge(hands.page, "statistics/40-hazards")
    bar.click()
    hands.heading("发现的隐患")
    expect(hands.rows()).to_have_count(3)
    judge(hands.page, "statistics/41-found")
    hands.rows().nth(1).click()
    hands.heading("隐患详情")
    hands.page.go_back()
    hands.heading("发现的隐患")
    hands.page.go_back()
    spoken(hands, "没有整改完成的，待下达 1 条").click()
    hands.heading("没有整改完成的隐患")
    expect(hands.rows()).to_have_count(1)
    judge(hands.page, "statistics/42-open")


@pytest.mark.parametrize(
    ("number", "heading", "name"),
    [
        ("立即处理 1 条，看是哪些", "立即处理的隐患", "43-on-site"),
        ("确认整改 1 条，看是哪些", "确认整改的隐患", "44-rectified"),
    ],
    ids=["at once", "confirmed"],
)
def test_what_became_of_hazards_leads_to_them(
    phone: OpenPhone, week: Week, number: str, heading: str, name: str
) -> None:
    hands = opened(phone, week.unit)
    spoken(hands, number).click()
    hands.heading(heading)
    expect(hands.rows()).to_have_count(1)
    judge(hands.page, f"statistics/{name}")


def test_the_home_tells_the_month_and_leads_to_it(phone: OpenPhone, week: Week) -> None:
    hands = Hands(phone())
    hands.enter(week.unit.people["P01"])
    figure = hands.page.get_by_role("link", name=re.compile("^本月日管控完成率"))
    expect(figure).to_be_visible()
    judge(hands.page, "statistics/50-home")
    figure.click()
    hands.heading("管控统计")


@pytest.mark.parametrize(("name", "look"), [("large", {"type": "on"}), ("dark", {"light": "on"})])
def test_in_large_type_and_in_the_dark_the_pictures_hold(
    phone: OpenPhone, week: Week, name: str, look: dict[str, str]
) -> None:
    page = phone()
    page.goto("/")
    settings = {"type": "off", "light": "off", "left": False} | look
    page.evaluate("kept => localStorage.setItem('settings', JSON.stringify(kept))", settings)
    hands = Hands(page)
    hands.enter(week.unit.people["P01"])
    hands.page.get_by_role("navigation", name="单位责任落实").get_by_role("link", name="管控统计").click()
    expect(spoken(hands, re.compile("^日管控，应查"))).to_be_visible()
    judge(hands.page, f"statistics/60-{name}")
    in_sight(spoken(hands, re.compile("周，.*漏检 36")))
    judge(hands.page, f"statistics/61-{name}-trend")
    in_sight(spoken(hands, re.compile("^发现一般隐患")))
    judge(hands.page, f"statistics/62-{name}-hazards")
