"""Screens that no journey comes by: sheets, empty lists, what a page looks like a step later. And what they weigh."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Route, expect

from infra.client import BUILT, ROOT
from infra.demo import FILES
from infra.phone import clean_answers, inspection, until
from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, Person, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

CRANE = ("检修行车", "E-QZ-01")
LICENCE = ("电梯制造", "L-DTZZ")
MOST_BYTES = 800_000
"""Scripts and styles of the build for browsers, 753 KB with reports and statistics."""

MakeUnit = Callable[..., OwnUnit]


@pytest.fixture
def make_unit(stack: RunningStack, tmp_path: Path) -> MakeUnit:
    return lambda kind="use", **changes: own_unit(stack, tmp_path, kind, **changes)


def equipment_of(officer: str) -> list[dict[str, Any]]:
    """All equipment of the demo unit, in one hand."""
    roster = yaml.safe_load(next(Path(file) for file in FILES if Path(file).stem == "use").read_text("utf-8"))
    return [row | {"officers": [officer]} for row in roster["equipment"]]


def task_of(unit: OwnUnit, code: str, target: str) -> dict[str, Any]:
    """Today's task of somebody, as the unit opens it."""
    phone = unit.phone(code)
    today = phone.get("/v1/todos")["today"]
    task: dict[str, Any] = phone.get(f"/v1/tasks/daily/{today}/{target}")
    return task


def report(unit: OwnUnit, target: str) -> None:
    """Find a hazard there and leave it to the director."""
    task, phone = task_of(unit, "A01", target), unit.phone("A01")
    answers = clean_answers(task)
    answers[0] |= {"result": "fail", "handling": "pending", "photos": [phone.photo(target)]}
    phone.post("/v1/inspections", inspection(task, phone.sign(), answers))


def order(unit: OwnUnit) -> str:
    """Measures for the hazard that was reported; its id."""
    director = unit.phone("D01")
    (hazard,) = director.pages("/v1/hazards", state="reported")
    seen = {"version": hazard["version"], "grade": hazard["grade"]}
    deadline = director.get("/v1/session")["today"]
    director.post(
        f"/v1/hazards/{hazard['hazard']}/order",
        {"seen": seen, "measures": "补办证件，到岗前核对。", "deadline": deadline},
    )
    return str(hazard["hazard"])


def suspend(unit: OwnUnit, target: str, reason: str) -> dict[str, Any]:
    """Stop it by today's check; the task it was."""
    task, phone = task_of(unit, "A01", target), unit.phone("A01")
    stop = inspection(task, phone.sign(), [], state="suspended", reason=reason)
    phone.post("/v1/inspections", {key: value for key, value in stop.items() if key not in ("answers", "checklist")})
    return task


def refuses(route: Route) -> None:
    """What the worker says of a file that is no photo."""
    file = route.request.url.rpartition("/")[2]
    route.fulfill(json={"file": file, "verdict": "refused", "reason": "这不是照片，请重新拍照。"})


def as_tomorrow(**more: Any) -> Callable[[Route], None]:
    """A task as it is opened the day after: the target as it is now, and nothing done yet."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        task = json.loads(answer.text())
        route.fulfill(response=answer, json=task | {"state": "open", "done": None} | more)

    return handle


def test_the_sheets_of_the_own_page(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit()
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.press("联系客服")
    sheet = hands.page.get_by_role("dialog", name="联系客服")
    expect(sheet.get_by_text(re.compile("有问题请找管理员"))).to_be_visible()
    judge(hands.page, "screens/01-contact")
    sheet.get_by_role("button", name="知道了").click()
    hands.root("我的")
    for row, picture in (("字号", "02-type"), ("暗处模式", "03-light")):
        hands.button(re.compile(f"^{row}，")).click()
        expect(hands.page.get_by_role("dialog")).to_be_visible()
        judge(hands.page, f"screens/{picture}")
        hands.page.get_by_role("dialog").get_by_role("button", name="关闭").click()


def test_a_remark_on_a_clean_item(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit()
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.daily_list()
    hands.open_target(CRANE[0])
    hands.begin()
    hands.press("写备注")
    judge(hands.page, "screens/10-remark")
    hands.page.get_by_role("dialog", name="备注").locator("textarea").fill("轨道端部有积水，已告知保洁。")
    hands.press("存下备注")
    hands.sees("备注：轨道端部有积水，已告知保洁。")
    judge(hands.page, "screens/11-remarked")


def test_the_administrator_is_told_how_the_unit_is_kept(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit()
    hands = Hands(phone())
    hands.pick_up(unit.people["G01"])
    hands.press("请先进行登录")
    hands.bind()
    hands.sees("单位资料")
    judge(hands.page, "screens/20-home-administrator")
    hands.root("待办")
    hands.sees("没有等您办的事")
    judge(hands.page, "screens/21-todos-administrator")


def test_who_shares_a_phone_agrees_for_himself(make_unit: MakeUnit, phone: OpenPhone, page_guard: PageGuard) -> None:
    page_guard.expect_console("status of 40[13]")
    unit = make_unit()
    hands = Hands(phone())
    hands.pick_up(Person("无名氏", "10000009998"))
    hands.press("请先进行登录")
    hands.bind()
    hands.sees("请本单位管理员把您的姓名、手机号和岗位写进名册")
    expect(hands.page.get_by_text("单位设置")).to_have_count(0)
    hands.press("重新登录")
    hands.press("关闭")
    hands.page.evaluate("number => localStorage.setItem('standin.phone', number)", unit.people["A02"].phone)
    hands.press("请先进行登录")
    agree = hands.page.get_by_role("dialog", name="绑定微信，登录").get_by_role("checkbox")
    expect(agree).to_have_attribute("aria-checked", "false")


def test_nothing_to_do_and_nothing_to_read(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit(equipment=equipment_of("A01"))
    hands = Hands(phone())
    hands.enter(unit.people["A02"])
    judge(hands.page, "screens/30-home-nothing")
    for place, words in {
        "todos": "今天没有待办",
        "daily": "今天没有日管控任务",
        "hazards": "没有等您整改的隐患",
        "records": "没有可以查看的对象",
    }.items():
        hands.page.goto(f"/#/pages/{place}/index")
        hands.sees(words)
        judge(hands.page, f"screens/31-{place}-nothing")
    hands.page.goto("/#/pages/hazards/index?state=reported")
    hands.page.reload()
    hands.sees("没有待下达的隐患")
    judge(hands.page, "screens/32-hazards-reported-nothing")


def test_several_have_what_was_typed(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit()
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.press("输入代码")
    hands.press("改用文字")
    hands.page.locator("input").first.fill("叉车")
    hands.press(re.compile("^打开"))
    hands.sees("对得上的有 2 个")
    judge(hands.page, "screens/40-code-several")
    hands.rows().filter(has_text="2 号叉车").click()
    hands.heading("设备详情")
    hands.sees("2 号叉车")


def test_a_director_orders_one_and_goes_on_to_the_next(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit()
    report(unit, "E-CC-01")
    report(unit, "E-QZ-01")
    hands = Hands(phone())
    hands.enter(unit.people["D01"])
    judge(hands.page, "screens/50-home-two-waiting")
    hands.root("待办")
    hands.page.get_by_role("tab", name=re.compile("^日隐患")).click()
    expect(hands.rows()).to_have_count(2)
    judge(hands.page, "screens/51-todos-director")
    hands.page.goto("/#/pages/hazards/index?state=reported")
    expect(hands.rows()).to_have_count(2)
    judge(hands.page, "screens/52-hazards-director")
    (first, _) = unit.phone("D01").pages("/v1/hazards", state="reported")
    hands.page.goto(f"/#/pages/hazards/detail?hazard={first['hazard']}")
    hands.sees("等安全总监下达整改措施")
    judge(hands.page, "screens/53-hazard-reported")
    hands.press("下达整改措施")
    hands.heading("下达整改措施")
    hands.press("更换部件")
    hands.page.get_by_role("radio", name=re.compile("^明天")).click()
    hands.press("下达整改措施", exact=True)
    hands.sees("整改措施已下达")
    judge(hands.page, "screens/54-ordered-next")
    hands.press("看这条隐患")
    hands.heading("隐患详情")
    hands.sees(re.compile("整改措施（.*下达）"))
    judge(hands.page, "screens/55-hazard-ordered")


def test_a_photo_that_was_refused_proves_nothing(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit()
    report(unit, CRANE[1])
    hazard = order(unit)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.page.goto(f"/#/pages/hazards/detail?hazard={hazard}")
    hands.write("整改结果", "已补办证件，复查合格。")
    hands.page.route("**/v1/uploads/*", refuses)
    hands.photo("after")
    hands.sees("点按重拍")
    hands.press("确认完成整改")
    hands.sees("1 张照片没有通过核验，请删掉重拍")
    expect(hands.page.get_by_role("dialog")).to_have_count(0)
    judge(hands.page, "screens/56-photo-refused")
    hands.page.unroute("**/v1/uploads/*")
    hands.press(re.compile("^删除"))
    hands.photo("again")
    hands.photo_sent()
    hands.press("确认完成整改")
    expect(hands.page.get_by_role("dialog", name="确认已经整改完成？")).to_be_visible()
    judge(hands.page, "screens/57-confirm")


def test_hazards_that_were_not_read_are_not_counted(
    make_unit: MakeUnit, phone: OpenPhone, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 500")
    unit = make_unit()
    hands = Hands(phone())
    hands.page.route("**/v1/hazards?**", lambda route: route.fulfill(status=500, json={}))
    hands.enter(unit.people["A01"])
    hands.sees("没有读到最新的")
    expect(hands.page.get_by_role("link", name="日待整改，还没有读到")).to_be_visible()
    expect(hands.page.get_by_text("0 条")).to_have_count(0)
    judge(hands.page, "screens/33-home-hazards-unread")


def test_what_is_still_stopped_is_confirmed_with_one_tap(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit()
    task = suspend(unit, CRANE[1], "大修，预计到月底")
    place = f"/#/pages/inspections/target?duty=daily&due={task['due']}&target={CRANE[1]}"
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.page.route("**/v1/tasks/**", as_tomorrow())
    hands.page.goto(place)
    hands.sees("大修，预计到月底")
    expect(hands.button("今天仍停用，已到场确认")).to_be_visible()
    judge(hands.page, "screens/60-still-suspended")
    hands.page.route("**/v1/tasks/**", as_tomorrow(open_hazards={"major": 1}))
    hands.page.reload()
    hands.sees("有 1 条重大隐患没有整改完成，改完后才能恢复在用。")
    expect(hands.button("恢复在用，开始巡查")).to_have_attribute("aria-disabled", "true")
    judge(hands.page, "screens/61-still-suspended-blocked")


def test_a_licence_without_production_is_not_called_stopped(make_unit: MakeUnit, phone: OpenPhone) -> None:
    unit = make_unit("production")
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.daily_list()
    hands.open_target(LICENCE[0])
    hands.press(re.compile("^开始巡查"))
    hands.pick("当日无生产")
    hands.press("确认当日无生产，去签字")
    hands.sees("写明当日无生产的原因")
    judge(hands.page, "screens/70-no-production")
    hands.press("无订单")
    hands.press("确认当日无生产，去签字")
    hands.heading("签字提交")
    hands.sign()
    hands.submit()
    (record,) = until(lambda: unit.records("A01", LICENCE[1]), bool)
    hands.page.goto(f"/#/pages/records/target?target={LICENCE[1]}")
    hands.sees("1 条：当日无生产 1")
    judge(hands.page, "screens/71-records-no-production")
    hands.page.goto(f"/#/pages/records/detail?target={LICENCE[1]}&record={record['record']}")
    hands.sees("无订单")
    expect(hands.page.get_by_text("停用").filter(visible=True)).to_have_count(0)
    judge(hands.page, "screens/72-record-no-production")
    hands.page.goto("/#/pages/records/index")
    hands.sees("有效")
    judge(hands.page, "screens/73-licences")


def test_the_build_for_browsers_stays_light() -> None:
    """It is one script and one style sheet, fetched whole before anything is seen."""
    weights = {file.name: file.stat().st_size for file in (ROOT / BUILT / "assets").glob("*.*s*")}
    assert {Path(name).suffix for name in weights} == {".js", ".css"}
    assert sum(weights.values()) < MOST_BYTES, weights
