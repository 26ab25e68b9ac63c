"""What becomes of a hazard besides its order: weeks and months, more time, another grade."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from infra.phone import clean_answers, inspection
from tests.browser.conftest import OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

KIND, TARGET, DEVICE = "5000", "E-CC-01", "1 号叉车"
KINDS = {"use": KIND, "production": "EL_MFG", "filling": "filling"}
NOUNS = {"use": "设备", "production": "许可", "filling": "工位"}
LISTS = {"daily": "日隐患管理", "weekly": "周隐患管理", "monthly": "月隐患管理"}


def find(unit: OwnUnit, code: str, duty: str, kind: str = KIND, **of_it: Any) -> str:
    """Find a hazard with the first item of a duty and leave it pending; its id."""
    phone = unit.phone(code)
    target = TARGET if duty == "daily" else kind
    (row,) = [one for one in phone.pages("/v1/todos") if (one["duty"], one["target"]) == (duty, target)]
    task = phone.get(f"/v1/tasks/{duty}/{row['due']}/{target}")
    answers = clean_answers(task)
    answers[0] |= {"result": "fail", "handling": "pending", "photos": [phone.photo(duty)]} | of_it
    hazard: str = phone.post("/v1/inspections", inspection(task, phone.sign(), answers))["hazards"][0]
    return hazard


def ordered(unit: OwnUnit) -> str:
    """A daily hazard that was ordered, due in three days; its id."""
    hazard = find(unit, "A01", "daily")
    director = unit.phone("D01")
    found = director.get(f"/v1/hazards/{hazard}")
    order = {
        "seen": {"version": 1, "grade": found["grade"]},
        "measures": "更换灯具，试亮后拍照",
        "deadline": (today(unit) + timedelta(days=3)).isoformat(),
    }
    director.post(f"/v1/hazards/{hazard}/order", order)
    return hazard


def raise_to_major(unit: OwnUnit, code: str, hazard: str) -> None:
    """Whoever leads thinks it graver than the list does."""
    found = unit.phone(code).get(f"/v1/hazards/{hazard}")
    seen = {name: found[name] for name in ("version", "grade", "state", "duty", "devices")}
    unit.phone(code).post(f"/v1/hazards/{hazard}/grade", {"seen": seen, "grade": "major", "reason": "伤过人"})


def today(unit: OwnUnit) -> date:
    return date.fromisoformat(unit.phone("P01").get("/v1/session")["today"])


def whole(unit: OwnUnit, hazard: str) -> dict[str, Any]:
    """What the unit holds of it."""
    found: dict[str, Any] = unit.phone("P01").get(f"/v1/hazards/{hazard}")
    return found


def menu(hands: Hands, words: str) -> Locator:
    """An entry of the home page's menu, with or without a count."""
    return hands.page.get_by_role("navigation", name="单位责任落实").get_by_role(
        "link", name=re.compile(f"^{words}(，|$)")
    )


def to_list(hands: Hands, duty: str) -> None:
    """From home to the hazards of a duty."""
    menu(hands, LISTS[duty]).click()
    hands.heading(LISTS[duty])


def open_first(hands: Hands) -> None:
    """The first row of the list in sight."""
    hands.rows().first.click()
    hands.heading("隐患详情")


def confirm(hands: Hands) -> None:
    """确认完成整改, with a photo, over the sheet that says it is for good."""
    hands.write("整改结果", "已更换，现场复查合格。")
    hands.photo("after")
    hands.photo_sent()
    hands.press("确认完成整改")
    hands.page.get_by_role("dialog").get_by_role("button", name="确认完成整改").click()
    hands.sees(re.compile("确认完成整改$"))
    expect(hands.page.get_by_role("dialog")).to_have_count(0)


def dress(hands: Hands, settings: str) -> None:
    """How the page looks from now on: large type, dark."""
    hands.page.evaluate("settings => localStorage.setItem('settings', settings)", settings)
    hands.page.reload()


def test_a_director_confirms_what_a_week_found_and_says_why_it_was_himself(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    his = find(unit, "D01", "weekly")
    theirs = find(unit, "A01", "weekly", devices=[TARGET], deadline=(today(unit) + timedelta(days=2)).isoformat())

    director = Hands(phone())
    director.enter(unit.people["D01"])
    expect(menu(director, "周隐患管理，2 项等您处理")).to_be_visible()
    # It is told of wherever he looks, not in the menu alone.
    expect(director.page.get_by_role("link", name="周待整改，2 条")).to_be_visible()
    expect(director.page.get_by_role("button", name="确认隐患整改（2）")).to_be_visible()
    judge(director.page, "hazards/01-home-director")
    dress(director, '{"type": "on", "light": "off"}')
    expect(director.page.get_by_role("link", name="周待整改，2 条")).to_be_visible()
    judge(director.page, "hazards/01a-home-director-large")
    dress(director, '{"type": "off", "light": "off"}')
    director.root("待办")
    director.sees("等您确认·2 条")
    judge(director.page, "hazards/01b-todos-director")
    director.root("首页")
    to_list(director, "weekly")
    # The one with a deadline comes first, the one without says so.
    expect(director.page.get_by_role("tab")).to_have_text([re.compile("待整改 ?2"), "已整改"])
    expect(director.rows().nth(0)).to_contain_text("还有 2 天")
    expect(director.rows().nth(1)).to_contain_text("没有定期限")
    judge(director.page, "hazards/02-weekly-list")

    director.press("从最急的一条开始")
    director.heading("隐患详情")
    director.sees(f"涉及设备：{DEVICE}")
    judge(director.page, "hazards/03-weekly-detail")
    confirm(director)
    judge(director.page, "hazards/04-weekly-rectified")
    assert (whole(unit, theirs)["state"], whole(unit, theirs)["steps"][-1]["by"]) == ("rectified", "D01")

    # The next one he found himself.
    director.press("看下一条待整改（1）")
    director.sees("涉及设备：全部/不特定")
    director.sees("发现人和确认人是同一人")
    director.press("确认完成整改")
    expect(director.page.get_by_role("alert").filter(has_text="发现人和确认人是同一人，请写明原因")).to_be_visible()
    judge(director.page, "hazards/05-same-person-refused")
    director.write("同一人的原因", "本单位只有一名安全总监")
    confirm(director)
    director.sees("同一人（发现人和确认人）：本单位只有一名安全总监")
    judge(director.page, "hazards/06-same-person")
    assert whole(unit, his)["steps"][-1]["same_person_reason"] == "本单位只有一名安全总监"
    director.press("返回")
    director.heading("周隐患管理")
    director.sees("没有等您确认的隐患")
    judge(director.page, "hazards/07-weekly-empty")


def test_both_who_lead_are_told_of_a_major_until_it_is_gone(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    hazard = find(unit, "A01", "monthly")
    raise_to_major(unit, "P01", hazard)
    principal, director = Hands(phone()), Hands(phone())
    principal.enter(unit.people["P01"])
    # 重大 is told of to both who lead, though only the principal confirms it.
    principal.sees("1 条重大月隐患没有整改完成")
    expect(principal.button("确认隐患整改（1）")).to_be_visible()
    judge(principal.page, "hazards/09-home-principal")
    director.enter(unit.people["D01"])
    director.sees("1 条重大月隐患没有整改完成")
    expect(director.button(re.compile("^确认隐患整改"))).to_have_count(0)
    director.press(re.compile("1 条重大月隐患没有整改完成"))
    director.heading("月隐患管理")
    expect(director.rows()).to_have_count(1)
    expect(director.button("从最急的一条开始")).to_have_count(0)
    judge(director.page, "hazards/09b-monthly-director")

    to_list(principal, "monthly")
    open_first(principal)
    confirm(principal)
    assert [step["act"] for step in whole(unit, hazard)["steps"]] == ["report", "regrade", "rectification"]
    director.root("首页")
    expect(menu(director, "月隐患管理")).to_have_count(0)
    expect(director.page.get_by_text(re.compile("没有整改完成"))).to_have_count(0)


@pytest.mark.parametrize("side", KINDS)
def test_a_principal_confirms_what_a_month_found_and_a_director_what_a_week_did(
    side: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, side)
    hazard = {duty: find(unit, "A01", duty, KINDS[side]) for duty in ("weekly", "monthly")}
    for code, duty, other in (("P01", "monthly", "weekly"), ("D01", "weekly", "monthly")):
        hands = Hands(phone())
        hands.enter(unit.people[code])
        # What is the other's he reads from its record, and has nothing to do there.
        expect(menu(hands, LISTS[other])).to_have_count(0)
        to_list(hands, duty)
        judge(hands.page, f"hazards/10-{duty}-list-{side}")
        open_first(hands)
        director = "质量安全总监" if side == "production" else "安全总监"
        hands.sees(f"等{director if code == 'D01' else '主要负责人'}确认完成整改")
        hands.sees(f"涉及{NOUNS[side]}：全部/不特定")
        judge(hands.page, f"hazards/11-{duty}-detail-{side}")
        confirm(hands)
        judge(hands.page, f"hazards/12-{duty}-rectified-{side}")
        steps = [(step["act"], step["by"]) for step in whole(unit, hazard[duty])["steps"]]
        assert steps == [("report", "A01"), ("rectification", code)]


def test_more_time_is_asked_for_and_answered_with_a_new_order(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    hazard = ordered(unit)
    asked = today(unit) + timedelta(days=10)
    officer, director = Hands(phone()), Hands(phone())
    officer.enter(unit.people["A01"])
    to_list(officer, "daily")
    open_first(officer)
    officer.press("申请延期")
    sheet = officer.page.get_by_role("dialog", name="申请延期")
    sheet.get_by_role("button", name="申请延期").click()
    expect(sheet.get_by_role("alert").first).to_be_visible()
    judge(officer.page, "hazards/20-extension-refused")
    officer.pick("延 7 天")
    officer.press("等配件到货")
    judge(officer.page, "hazards/21-extension")
    sheet.get_by_role("button", name="申请延期").click()
    chip = f"申请延期至 {asked:%m-%d}" if asked.year == today(unit).year else f"申请延期至 {asked}"
    officer.sees(chip)
    expect(officer.button("申请延期", exact=True)).to_have_count(0)
    judge(officer.page, "hazards/22-asked")

    # It waits for the director: at home, in his list, among what is to be rectified.
    director.enter(unit.people["D01"])
    expect(menu(director, "日隐患管理，1 项等您处理")).to_be_visible()
    director.sees("1 条申请延期等您答复")
    expect(director.button("答复延期申请（1）")).to_be_visible()
    judge(director.page, "hazards/22b-home-director")
    to_list(director, "daily")
    director.page.get_by_role("tab", name=re.compile("^待整改")).click()
    director.sees("有 1 条申请延期")
    director.sees(chip)
    judge(director.page, "hazards/23-director-list")
    director.press("答复延期申请")
    director.heading("下达整改措施")
    director.sees("原因：等配件到货")
    expect(director.page.locator("textarea").first).to_have_value("更换灯具，试亮后拍照")
    judge(director.page, "hazards/24-order-again")
    director.press("下达整改措施", exact=True)
    director.heading("日隐患管理")
    expect(director.page.get_by_role("tab", name=re.compile("^待整改"))).to_have_attribute("aria-selected", "true")
    held = whole(unit, hazard)
    assert [step["act"] for step in held["steps"]] == ["report", "order", "extension", "order"]
    assert (held["deadline"], held.get("extension")) == (asked.isoformat(), None)

    officer.page.reload()
    officer.sees(re.compile("重新下达整改措施$"))
    expect(officer.button("申请延期", exact=True)).to_be_visible()
    judge(officer.page, "hazards/25-answered")


def test_a_grade_is_raised_by_the_officer_and_lowered_by_the_director(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    hazard = ordered(unit)
    assert whole(unit, hazard)["grade"] == "serious"
    officer, director = Hands(phone()), Hands(phone())
    officer.enter(unit.people["A01"])
    officer.page.goto(f"/#/pages/hazards/detail?hazard={hazard}")
    officer.press(re.compile("^调整等级"))
    officer.pick("重大")
    sheet = officer.page.get_by_role("dialog", name="调整等级")
    for words in ("只能调高；调低请找安全总监", "现在就是这个等级"):
        expect(sheet.get_by_role("radio", name=re.compile(words))).to_have_attribute("aria-disabled", "true")
    sheet.get_by_role("button", name="调整等级").click()
    expect(sheet.get_by_role("alert").filter(has_text="写明为什么调整")).to_be_visible()
    judge(officer.page, "hazards/30-grade-refused")
    officer.write("调整原因", "灯罩破裂，有触电危险")
    sheet.get_by_role("button", name="调整等级").click()
    officer.sees(f"{unit.people['A01'].name}把等级调为重大")
    judge(officer.page, "hazards/31-raised")
    assert whole(unit, hazard)["grade"] == "major"

    director.enter(unit.people["D01"])
    director.page.goto(f"/#/pages/hazards/detail?hazard={hazard}")
    director.press(re.compile("^调整等级"))
    director.pick("一般")
    director.write("调整原因", "现场看过，灯罩已拆除，无触电危险")
    judge(director.page, "hazards/32-grade-director")
    director.page.get_by_role("dialog").get_by_role("button", name="调整等级").click()
    director.sees(f"{unit.people['D01'].name}把等级调为一般")
    judge(director.page, "hazards/33-lowered")
    regrades = [step.get("grade") for step in whole(unit, hazard)["steps"] if step["act"] == "regrade"]
    assert regrades == ["major", "general"]
