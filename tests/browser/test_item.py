"""The three answers to an item, daily and weekly: what each asks, where it leads, what the unit holds of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infra.phone import clean_answers, inspection
from tests.browser.conftest import OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import FORKLIFT, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("duty", "target", "name"), [("daily", FORKLIFT[1], FORKLIFT[0]), ("weekly", "5000", "场车")])
def test_an_item_takes_each_of_its_three_answers(
    duty: str, target: str, name: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    (due,) = [row["due"] for row in unit.todos("A01") if (row["duty"], row["target"]) == (duty, target)]
    items = unit.phone("A01").get(f"/v1/tasks/{duty}/{due}/{target}")["checklist"]["items"]
    fail = next(n for n, item in enumerate(items, 1) if item["grade"] != "major")
    spared = next(n for n, item in enumerate(items, 1) if item["na_allowed"] and n != fail)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.page.goto(f"/#/pages/inspections/target?duty={duty}&due={due}&target={target}")
    hands.press(re.compile("^开始巡查"))
    if duty == "daily":
        hands.press("开始逐项检查")
    for number, item in enumerate(items, 1):
        hands.at_item(number)
        hands.sees(item["text"])
        if number == fail:
            hands.fails(number)
            # The hazard is told without being asked for.
            hands.sees(item["hazard"])
            hands.photo()
            hands.photo_sent()
            hands.pick("立即处理")
            hands.write("处理结果", "当场清理干净")
            hands.write("备注", "早班交接时发现")
            judge(hands.page, f"item/01-fail-{duty}")
            hands.press(re.compile("^保存，(下一项|完成)"))
        else:
            hands.press(re.compile("^C 无此项" if number == spared else "^A 合格"))

    # The summary names every item by its number, and leads back to each.
    hands.heading("确认巡查情况")
    expect(hands.button(re.compile(r"^第 \d+ 项，"))).to_have_count(len(items))
    judge(hands.page, f"item/02-summary-{duty}")
    hands.press(f"第 {spared} 项，无此项")
    hands.at_item(spared)
    hands.press("跳转到其他项")
    hands.press(f"第 {len(items)} 项，合格")
    hands.passes(len(items), len(items))
    hands.heading("确认巡查情况")
    hands.press(re.compile("^立即提交"))
    if duty == "daily":
        hands.sign()
    hands.submit()
    hands.sees("已提交，1 条隐患已处理")

    (record,) = unit.phone("A01").pages(f"/v1/targets/{target}/records", duty=duty)
    answers = unit.phone("A01").get(f"/v1/targets/{target}/records/{record['record']}")["items"]
    expected = {fail: "fail", spared: "not_applicable"}
    assert [one["result"] for one in answers] == [expected.get(n, "pass") for n in range(1, len(items) + 1)]
    mended = answers[fail - 1]
    assert (mended["handling"], mended["outcome"], mended["remark"]) == ("on_site", "当场清理干净", "早班交接时发现")
    assert len(mended["photos"]) == 1

    # What was put right at once waits for nobody.
    director = unit.phone("D01")
    states = {
        state: len(list(director.pages("/v1/hazards", duty=duty, state=state))) for state in ("ordered", "rectified")
    }
    assert states == {"ordered": 0, "rectified": 1}


def test_a_clean_check_is_not_without_risk_while_an_older_hazard_is_open(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    officer = unit.phone("A01")
    task = officer.get(f"/v1/tasks/daily/{officer.get('/v1/todos')['today']}/{FORKLIFT[1]}")
    answers = clean_answers(task)
    answers[0] |= {"result": "fail", "handling": "pending", "photos": [officer.photo("found")]}
    officer.post("/v1/inspections", inspection(task, officer.sign(), answers))

    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.page.goto("/#/pages/kinds/index?duty=weekly")
    hands.rows().filter(has_text="场车").first.click()
    hands.at_item(1)
    hands.passes(1, hands.items())
    hands.press("立即提交")
    hands.submit()
    expect(hands.page.get_by_role("img", name="无新增隐患")).to_be_visible()
    expect(hands.page.get_by_role("img", name="零风险")).to_have_count(0)
    judge(hands.page, "item/03-no-new-hazard")
