"""A unit's own checklist: its administrator adds, raises and ends; the next day's task asks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from infra.phone import Phone, until
from infra.stack import clock
from schemas.language import Duty
from tean.domain.calendar import DAY, bucket, closes_at, following
from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import own_unit
from tests.stack import RunningStack, running

pytestmark = pytest.mark.browser

KIND, NAME, TARGET = "5000", "场车", "E-CC-01"
TEXT, HAZARD = "叉车进出卸货区，门口有人引导", "人车混行，无人引导"
LIST = f"/v1/custom-lists/daily/{KIND}"
WORDS = {Duty.DAILY: "日管控", Duty.WEEKLY: "周排查", Duty.MONTHLY: "月调度"}
SIDES = {
    "use": (KIND, KIND, TARGET, TEXT, HAZARD),
    "production": ("EL_MFG", "EL_MFG", "L-DTZZ", "焊材领用有登记，烘干温度有记录", "焊材领用、烘干没有记录"),
    "filling": ("GC_FILL", "filling", "S-GW-01", "装卸区地面干燥，静电接地夹完好", "静电接地夹松动或损坏"),
}
"""In a unit of a kind: the kind of a daily list, that of a weekly and monthly one, what is checked daily, and what the
unit asks besides."""


@pytest.fixture(scope="module")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One whose clock is moved: not that of the other tests."""
    with running(tmp_path_factory.mktemp("custom") / "state") as stack:
        yield stack


def go_to_the_day_after(stack: RunningStack, day: date) -> date:
    """Let it be a second after the close of a day now; the next day."""
    for part in ("gateway", "pump"):
        clock.set_ahead(stack.state, part, closes_at(day) - datetime.now(UTC) + timedelta(seconds=1))
    return day + timedelta(days=1)


def asked(phone: Phone, day: date, duty: Duty = Duty.DAILY, target: str = TARGET) -> list[str]:
    """What a task asks, by default the forklift's of a day."""
    task = phone.get(f"/v1/tasks/{duty}/{day}/{target}")
    return [item["text"] for item in task["checklist"]["items"]]


def has_row(phone: Phone, day: date, duty: Duty = Duty.DAILY, target: str = TARGET) -> bool:
    rows = phone.pages("/v1/todos")
    return any((row["duty"], row["target"], row["due"]) == (duty, target, day.isoformat()) for row in rows)


def to_list(hands: Hands, title: str = f"{NAME}·日管控") -> None:
    """From home to one of the lists, by default the daily one of forklifts."""
    hands.page.get_by_role("navigation", name="单位责任落实").get_by_role("link", name="单位设置").click()
    hands.heading("单位设置")
    hands.page.get_by_role("tab", name=re.compile(f"^{title[-3:]}")).click()
    hands.press(re.compile(f"^{title}"))
    hands.heading("自定义清单")


def add(hands: Hands, text: str, hazard: str) -> None:
    """One item, from the list back to the list."""
    hands.press("添加一项")
    fill_in(hands, text, hazard)
    hands.press("添加这一项")
    hands.heading("自定义清单")
    hands.sees(text)


def fill_in(hands: Hands, text: str = TEXT, hazard: str = HAZARD) -> None:
    """All that a new item needs."""
    hands.heading("添加一项")
    hands.page.get_by_role("radio", name="环境").click()
    hands.write("检查要求", text)
    hands.write("隐患", hazard)
    hands.page.get_by_role("radio", name="一般").click()
    hands.pick("不可以")


def raise_to(hands: Hands, row: str, grade: str, picture: str) -> None:
    """Grade an item of the list higher."""
    hands.rows().filter(has_text=row).first.click()
    hands.press(re.compile("^调高等级，"))
    hands.pick(grade)
    judge(hands.page, picture)
    hands.page.get_by_role("dialog").get_by_role("button", name="调高等级").click()
    expect(hands.page.get_by_role("dialog")).to_have_count(0)


def test_what_the_administrator_adds_is_asked_from_the_next_day_on(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 401")
    # Storage does not go with the clock: what is signed tomorrow is not valid there today.
    page_guard.expect_console("status of 403")
    unit = own_unit(stack, tmp_path)
    day = date.fromisoformat(unit.phone("P01").get("/v1/session")["today"])
    fixed = asked(unit.phone("A01"), day)
    administrator = Hands(phone())
    administrator.enter(unit.people["G01"])
    judge(administrator.page, "custom/01-home")
    to_list(administrator)
    judge(administrator.page, "custom/03-list-fixed-only")
    administrator.press("添加一项")
    administrator.press("添加这一项")
    expect(administrator.page.get_by_role("alert").first).to_be_visible()
    judge(administrator.page, "custom/04-add-refused")
    fill_in(administrator)
    judge(administrator.page, "custom/05-add")
    administrator.press("添加这一项")
    administrator.heading("自定义清单")
    administrator.sees(TEXT)
    judge(administrator.page, "custom/06-list")

    # Both an own item and a fixed one are raised; lower is not to be had.
    raise_to(administrator, TEXT, "较大", "custom/07-raise")
    administrator.sees("由一般调高")
    first = unit.phone("G01").get(LIST)["items"][1]
    raise_to(administrator, first["text"], "重大", "custom/08-raise-fixed")
    administrator.rows().filter(has_text=first["text"]).first.click()
    expect(administrator.page.get_by_role("group", name=re.compile("已经是最高的等级"))).to_be_visible()
    expect(administrator.page.get_by_role("group", name=re.compile("固定项不能停用"))).to_be_visible()
    judge(administrator.page, "custom/09-fixed-cannot-end")
    administrator.page.get_by_role("dialog").get_by_role("button", name="关闭").last.click()
    assert asked(unit.phone("A01"), day) == fixed, "what was handed out stays as it was"

    # The officer finds it tomorrow, marked, and so does the record.
    day = go_to_the_day_after(stack, day)
    until(lambda: has_row(unit.phone("A01"), day), bool)
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    officer.daily_list()
    officer.open_target("1 号叉车")
    officer.begin()
    total = officer.items()
    assert total == len(fixed) + 1
    officer.passes(1, total - 1)
    officer.sees(TEXT)
    officer.sees("自定义")
    expect(officer.button("C 无此项")).to_have_count(0)
    judge(officer.page, "custom/10-item")
    officer.fails(total)
    officer.sees(HAZARD)
    officer.pick("待处理")
    officer.photo()
    officer.photo_sent()
    officer.press("保存，完成")
    officer.heading("确认巡查情况")
    officer.sees(re.compile("自定义项"))
    judge(officer.page, "custom/11-summary")
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    officer.heading("已提交")
    (record,) = [one for one in unit.records("A01", TARGET) if one["due"] == day.isoformat()]
    officer.page.goto(f"/#/pages/records/detail?target={TARGET}&record={record['record']}")
    officer.sees(re.compile("·自定义$"))
    judge(officer.page, "custom/12-record")


def test_an_item_ends_where_a_task_begins_and_stays_in_the_list(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 409")
    unit = own_unit(stack, tmp_path)
    item = {"group": "环境", "text": TEXT, "hazard": HAZARD}
    unit.phone("G01").post(LIST, {"version": 0, "add": [item]})
    administrator = Hands(phone())
    administrator.enter(unit.people["G01"])
    to_list(administrator)
    administrator.page.go_back()
    administrator.sees("自定义 1 项")
    judge(administrator.page, "custom/20-overview")
    administrator.press(re.compile(f"^{NAME}·日管控"))
    administrator.rows().filter(has_text=TEXT).first.click()
    judge(administrator.page, "custom/21-what-can-be-done")
    administrator.press(re.compile("^停用这一项，"))
    administrator.sees("今日的任务已经派发，不能再改；最早从下一次派发起停用。")
    judge(administrator.page, "custom/22-end")

    # Somebody else was faster: nothing is changed on top of what was not seen.
    unit.phone("G01").post(LIST, {"version": 1, "add": [item | {"text": "卸货区地面干燥，没有积水"}]})
    administrator.page.get_by_role("dialog").get_by_role("button", name="停用这一项").click()
    administrator.sees("刚才有人改过这张清单，请刷新看过最新内容再改。")
    administrator.sees("卸货区地面干燥，没有积水")
    judge(administrator.page, "custom/23-moved")
    administrator.rows().filter(has_text=TEXT).first.click()
    administrator.press(re.compile("^停用这一项，"))
    administrator.page.get_by_role("dialog").get_by_role("button", name="停用这一项").click()
    administrator.sees(re.compile("^自 .* 起停用$"))
    judge(administrator.page, "custom/24-ended")
    ended = [one for one in unit.phone("G01").get(LIST)["items"] if one.get("ends")]
    assert [one["text"] for one in ended] == [TEXT]


@pytest.mark.parametrize("side", SIDES)
def test_each_duty_asks_what_was_added_to_its_list_when_it_is_due_again(
    side: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, side)
    known = {(one["duty"], one["kind"]): one["name"] for one in unit.phone("G01").get("/v1/custom-lists")["items"]}
    of_targets, of_kinds, target, text, hazard = SIDES[side]
    targets = {Duty.DAILY: target, Duty.WEEKLY: of_kinds, Duty.MONTHLY: of_kinds}
    administrator = Hands(phone())
    administrator.enter(unit.people["G01"])
    judge(administrator.page, f"custom/30-home-{side}")
    for duty in targets:
        name = known[duty, of_targets if duty is Duty.DAILY else of_kinds]
        to_list(administrator, f"{name}·{WORDS[duty]}")
        add(administrator, text, hazard)
        judge(administrator.page, f"custom/31-added-{duty}-{side}")
        administrator.press("返回")
        administrator.sees("自定义 1 项")
        judge(administrator.page, f"custom/32-lists-{duty}-{side}")
        administrator.press("返回")
        administrator.at_home(unit.people["G01"])

    # Asked from the day on that begins a day, a week and a month after this one.
    today = date.fromisoformat(unit.phone("P01").get("/v1/session")["today"])
    day = max(following(duty, bucket(duty, today)) for duty in targets)
    go_to_the_day_after(stack, day - DAY)
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    for duty, asked_of in targets.items():
        due = bucket(duty, day)
        until(partial(has_row, unit.phone("A01"), due, duty, asked_of), bool)
        items = asked(unit.phone("A01"), due, duty, asked_of)
        assert items.index(text) == len(items) - 1
        if duty is Duty.DAILY:
            officer.page.goto(f"/#/pages/inspections/target?duty={duty}&due={due}&target={asked_of}")
            officer.begin()
        else:
            officer.page.goto(f"/#/pages/kinds/index?duty={duty}")
            officer.page.reload()
            officer.heading(WORDS[duty])
            officer.rows().filter(has_text=known[duty, of_kinds]).filter(has_text="自定义 1").click()
            officer.at_item(1)
        officer.press("跳转到其他项")
        officer.press(re.compile(f"^第 {len(items)} 项，"))
        officer.sees(text)
        officer.sees("自定义")
        judge(officer.page, f"custom/33-item-{duty}-{side}")
