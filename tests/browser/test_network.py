"""No network, a slow one, one that loses answers: nothing is lost or sent twice, nothing said that is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect

from infra.phone import until
from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser
FORKLIFT, CRANE = ("1 号叉车", "E-CC-01"), ("检修行车", "E-QZ-01")
SUBMIT = "**/v1/inspections"


@pytest.fixture
def unit(stack: RunningStack, tmp_path: Path) -> OwnUnit:
    return own_unit(stack, tmp_path)


@pytest.fixture
def officer(unit: OwnUnit, phone: OpenPhone) -> Hands:
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    return hands


def signed(officer: Hands, name: str) -> None:
    """Everything but the tap that hands it in."""
    officer.open_target(name)
    officer.begin()
    officer.passes(1, officer.items())
    officer.press("立即提交，去签字")
    officer.sign()


def losing(answers: int) -> Callable[[Route], None]:
    """The server does it, and its answer gets lost on the way, so many times."""
    left = [answers]

    def handle(route: Route) -> None:
        if left[0]:
            left[0] -= 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    return handle


def forget_list(page: Page) -> None:
    """As on a phone that never read the list, from the next load on: until then one may still be on its way."""
    page.add_init_script("""Object.keys(localStorage).filter(key => /^todos|^targets/.test(key))
      .forEach(key => localStorage.removeItem(key))""")


def kept_lists(page: Page) -> int:
    """How many tasks are on the phone, opened or not."""
    return int(page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('task:')).length"))


def today() -> str:
    """The business date."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def bodies(page: Page) -> list[str]:
    """What was handed in, as sent."""
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.post_data or "") if request.url.endswith("/v1/inspections") else None,
    )
    return sent


def test_without_a_network_a_check_is_finished_and_waits(
    officer: Hands, unit: OwnUnit, page_guard: PageGuard, stack: RunningStack
) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    officer.daily_list()
    officer.open_target(FORKLIFT[0])
    officer.page.context.set_offline(True)
    expect(officer.page.get_by_text("没有网络。巡查照常，先存在本机；其他的有网再办。")).to_be_visible()
    officer.begin()
    total = officer.items()
    officer.fails(1)
    officer.pick("待处理")
    officer.photo()
    expect(officer.page.get_by_text("点按重试")).to_be_visible()
    judge(officer.page, "network/01-fail-offline")
    officer.press("保存，下一项")
    officer.passes(2, total)
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    officer.sees("存在本机，还没有交到单位")
    judge(officer.page, "network/02-done-offline")
    assert unit.records("A01", FORKLIFT[1]) == []

    officer.press(re.compile("^去待上传看看"))
    officer.heading("待上传")
    officer.sees(re.compile("1 条待上传"))
    judge(officer.page, "network/03-outbox")
    officer.press("现在再试一次")
    officer.sees(re.compile("没有网络"))

    # Nobody may log out while something waits.
    officer.page.goto("/#/pages/me/index")
    officer.press(re.compile("^退出登录"))
    officer.sees(re.compile("待上传"))
    assert officer.page.evaluate("() => wechat.holding()") is True
    judge(officer.page, "network/04-no-logout")

    # The network is back: it goes out by itself, and only then is it received.
    officer.page.goto("/#/pages/outbox/index")
    officer.page.context.set_offline(False)
    officer.sees(re.compile("单位.*收到"))
    judge(officer.page, "network/05-received")
    (record,) = unit.records("A01", FORKLIFT[1])
    assert (record["fails"], record["late"]) == (1, False)


def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_doubles(
    officer: Hands, unit: OwnUnit, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_FAILED")
    officer.daily_list()
    signed(officer, FORKLIFT[0])
    sent = bodies(officer.page)
    officer.page.route(SUBMIT, losing(1))
    officer.submit()
    officer.sees("存在本机，还没有交到单位")
    (first,) = unit.records("A01", FORKLIFT[1])
    officer.press(re.compile("^去待上传看看"))
    officer.press("现在再试一次")
    officer.sees(re.compile("单位.*收到"))
    assert unit.records("A01", FORKLIFT[1]) == [first]
    assert len(sent) == 2
    assert sent[0] == sent[1], "to the letter, or it would be another submission"


def test_a_double_tap_hands_in_once(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    signed(officer, FORKLIFT[0])
    sent = bodies(officer.page)
    officer.button("提交", exact=True).dblclick()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    assert len(sent) == 1
    assert len(unit.records("A01", FORKLIFT[1])) == 1


def test_the_app_is_killed_and_everything_is_where_it_was(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    officer.open_target(FORKLIFT[0])
    officer.begin()
    officer.passes(1, 1)
    officer.fails(2)
    officer.pick("立即处理")
    officer.photo()
    officer.photo_sent()
    officer.write("处理结果", "已清理")
    context = officer.page.context
    officer.page.close()
    again = Hands(context.new_page())
    again.page.goto("/")
    again.at_home(unit.people["A01"])
    again.daily_list()
    again.sees("已查 2 项")
    again.open_target(FORKLIFT[0])
    judge(again.page, "network/10-resumed")
    again.press(re.compile("^接着查"))
    again.at_item(2)
    again.press("B 不合格")
    again.photo_sent()
    expect(again.page.get_by_role("group", name="处理结果").locator("textarea")).to_have_value("已清理")
    # He changes his mind, and changes it back: what he said of the fail is still there.
    again.press("保存，下一项")
    again.at_item(3)
    again.press("上一项")
    again.at_item(2)
    again.press(re.compile("^A 合格"))
    again.at_item(3)
    again.press("上一项")
    again.at_item(2)
    again.press("B 不合格")
    again.photo_sent()
    expect(again.page.get_by_role("group", name="处理结果").locator("textarea")).to_have_value("已清理")
    again.press("保存，下一项")
    again.at_item(3)


def test_killed_after_the_signature_it_still_arrives_once(officer: Hands, unit: OwnUnit, page_guard: PageGuard) -> None:
    page_guard.expect_console("ERR_FAILED")
    officer.daily_list()
    signed(officer, FORKLIFT[0])
    officer.page.route(SUBMIT, losing(1))
    officer.submit()
    officer.sees("存在本机，还没有交到单位")
    context = officer.page.context
    officer.page.close()
    again = Hands(context.new_page())
    again.page.goto("/#/pages/outbox/index")
    again.sees(re.compile("单位.*收到"))
    assert len(unit.records("A01", FORKLIFT[1])) == 1


def test_a_photo_that_does_not_go_up_blocks_nothing_and_is_tried_again(
    officer: Hands, unit: OwnUnit, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_FAILED")
    officer.daily_list()
    officer.open_target(FORKLIFT[0])
    officer.begin()
    total = officer.items()
    officer.page.route(re.compile("incoming"), lambda route: route.abort())
    officer.fails(1)
    officer.pick("待处理")
    officer.photo()
    expect(officer.page.get_by_text("点按重试")).to_be_visible()
    judge(officer.page, "network/20-photo-failed")
    officer.press("保存，下一项")
    officer.at_item(2)
    officer.press("上一项")
    officer.at_item(1)
    officer.press("B 不合格")
    officer.page.unroute(re.compile("incoming"))
    officer.page.get_by_text("点按重试").click()
    officer.photo_sent()
    officer.press("保存，下一项")
    officer.passes(2, total)
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    officer.sees("已提交，1 条隐患待处理")
    (hazard,) = unit.phone("D01").pages("/v1/hazards", state="reported")
    assert len(unit.phone("D01").get(f"/v1/hazards/{hazard['hazard']}")["photos"]) == 1


def test_a_slow_answer_shows_the_shapes_of_what_comes(officer: Hands) -> None:
    waiting: list[Route] = []
    officer.daily_list()
    officer.sees(FORKLIFT[0])
    officer.page.route("**/v1/todos**", lambda route: waiting.append(route))
    forget_list(officer.page)
    officer.page.reload()
    expect(officer.page.get_by_text("正在读取今天的待办…")).to_be_visible()
    judge(officer.page, "network/30-loading")
    for route in waiting:
        route.continue_()
    officer.sees(FORKLIFT[0])


@pytest.mark.parametrize("page_of", ["daily/index", "todos/index", "hazards/index", "records/index"])
def test_a_server_that_fails_is_no_dead_end(page_of: str, officer: Hands, page_guard: PageGuard) -> None:
    page_guard.expect_console("status of 500")
    problem: dict[str, Any] = {
        "code": "server.error", "status": 500, "sentence": "没有办成。已提交的记录不受影响，请再试一次。",
    }  # fmt: skip
    forget_list(officer.page)
    officer.page.route(
        re.compile("/v1/(todos|hazards|targets)"),
        lambda route: route.fulfill(status=500, json=problem, content_type="application/problem+json"),
    )
    officer.page.goto(f"/#/pages/{page_of}")
    officer.page.reload()
    officer.sees(re.compile("没有读"))
    judge(officer.page, f"network/40-error-{page_of.split('/')[0]}")
    officer.page.unroute(re.compile("/v1/(todos|hazards|targets)"))
    officer.button("再试一次").or_(officer.button(re.compile("没有读到最新的"))).first.click()
    expect(officer.page.get_by_text(re.compile("没有读")).first).to_be_hidden()


def test_a_colleague_was_faster_and_the_second_check_is_kept(
    officer: Hands, unit: OwnUnit, phone: OpenPhone, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    officer.daily_list()
    officer.open_target("2 号客梯")
    officer.page.context.set_offline(True)
    officer.begin()
    officer.passes(1, officer.items())
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    officer.sees("存在本机，还没有交到单位")
    colleague = Hands(phone())
    colleague.enter(unit.people["A02"])
    colleague.daily_list()
    colleague.check_clean("2 号客梯")
    expect(colleague.page.get_by_role("img", name="零风险")).to_be_visible()
    officer.page.context.set_offline(False)
    officer.sees(re.compile(f"补充记录，首次由{unit.people['A02'].name} .*提交"))
    judge(officer.page, "network/50-supplement")
    (second,) = [record for record in unit.records("D01", "E-DT-02") if record["supplement"]]
    officer.page.goto("/#/pages/records/target?target=E-DT-02")
    row = officer.rows().filter(has_text=f"首次由{unit.people['A02'].name}")
    expect(row.get_by_text("补充记录")).to_be_visible()
    judge(officer.page, "network/51-supplement-listed")
    officer.page.goto(f"/#/pages/records/detail?target=E-DT-02&record={second['record']}")
    officer.sees(re.compile(f"补充记录，首次由{unit.people['A02'].name} .*提交"))
    judge(officer.page, "network/52-supplement-record")


def test_what_the_server_refuses_comes_back_to_be_changed(
    officer: Hands, unit: OwnUnit, phone: OpenPhone, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 409")
    # The same person on another phone has already handed in something else.
    officer.daily_list()
    signed(officer, FORKLIFT[0])
    other = Hands(phone())
    other.enter(unit.people["A01"])
    other.daily_list()
    other.open_target(FORKLIFT[0])
    other.begin()
    total = other.items()
    other.fails(1)
    other.pick("立即处理")
    other.write("处理结果", "已清理")
    other.press("保存，下一项")
    other.passes(2, total)
    other.press("立即提交，去签字")
    other.sign()
    other.submit()
    other.sees("已提交，1 条隐患已处理")

    officer.submit()
    officer.sees("没有交上去")
    judge(officer.page, "network/60-refused")
    officer.press("看怎么办")
    judge(officer.page, "network/62-refused-choices")
    officer.press("先放着")
    officer.sees(re.compile("您已经提交过"))
    judge(officer.page, "network/61-outbox-refused")

    # The unit has the one of the other phone; what was refused here is not counted twice.
    officer.page.go_back()
    officer.heading("没有交上去")
    officer.sees("还剩 4 项")
    officer.sees("1 / 5")

    # Wherever it is met it is called refused, and the way leads to what can be done about it.
    officer.page.goto("/#/pages/daily/index")
    officer.rows().filter(has_text=FORKLIFT[0]).filter(has_text="没有交上").click()
    officer.sees("已签字，单位没有收")
    judge(officer.page, "network/63-refused-target")
    officer.press("看怎么办")
    officer.press(re.compile("删除这份"))
    judge(officer.page, "network/64-refused-delete")
    officer.page.get_by_role("dialog").get_by_role("button", name=re.compile("删除")).last.click()
    expect(officer.page.get_by_text(re.compile("您已经提交过"))).to_have_count(0)
    assert len(unit.records("A01", FORKLIFT[1])) == 1
    officer.page.goto(f"/#/pages/inspections/done?duty=daily&due={today()}&target={FORKLIFT[1]}")
    officer.heading("设备详情")


def test_after_handing_in_the_way_back_leads_to_the_record(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    signed(officer, FORKLIFT[0])
    officer.submit()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    for page_of in ("item", "summary", "sign", "fail"):
        officer.page.goto(f"/#/pages/inspections/{page_of}?duty=daily&due={today()}&target={FORKLIFT[1]}&n=1")
        officer.heading("设备详情")
        expect(officer.button("看巡查记录")).to_be_visible()
    officer.press("看巡查记录")
    officer.heading("巡查记录")
    assert len(unit.records("A01", FORKLIFT[1])) == 1


def test_a_target_never_opened_can_be_checked_without_a_network(
    officer: Hands, unit: OwnUnit, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    until(lambda: kept_lists(officer.page), lambda count: count >= len(unit.todos("A01")))
    officer.daily_list()
    officer.page.context.set_offline(True)
    officer.check_clean(CRANE[0])
    officer.sees("存在本机，还没有交到单位")
    officer.page.context.set_offline(False)
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    assert len(unit.records("A01", CRANE[1])) == 1


def test_two_tabs_lose_nothing_of_each_other(officer: Hands, unit: OwnUnit, page_guard: PageGuard) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    second = Hands(officer.page.context.new_page())
    second.page.goto("/#/pages/daily/index")
    officer.daily_list()
    for tab, (name, _) in ((officer, FORKLIFT), (second, CRANE)):
        tab.open_target(name)
    officer.page.context.set_offline(True)
    for tab in (officer, second):
        tab.begin()
        tab.passes(1, tab.items())
        tab.press("立即提交，去签字")
        tab.sign()
        tab.submit()
        tab.sees("存在本机，还没有交到单位")
    sent = [*map(bodies, (officer.page, second.page))]
    officer.page.context.set_offline(False)
    for tab in (officer, second):
        expect(tab.page.get_by_role("img", name="零风险")).to_be_visible()
    assert [len(unit.records("A01", target)) for _, target in (FORKLIFT, CRANE)] == [1, 1]
    assert len([*sent[0], *sent[1]]) == 2


def test_who_logs_out_in_one_tab_is_out_in_all(officer: Hands) -> None:
    second = Hands(officer.page.context.new_page())
    second.page.goto("/#/pages/daily/index")
    second.sees(FORKLIFT[0])
    officer.root("我的")
    officer.press(re.compile("^退出登录"))
    officer.page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    second.sees("请先进行登录")
    expect(second.page.get_by_text(FORKLIFT[0])).to_have_count(0)


def test_a_check_that_was_begun_may_end_as_suspended(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    officer.open_target(CRANE[0])
    officer.begin()
    officer.passes(1, 2)
    officer.page.goto(f"/#/pages/inspections/target?duty=daily&due={today()}&target={CRANE[1]}")
    officer.press("改为停用")
    officer.press("故障停用")
    officer.press("确认停用，去签字")
    officer.sign()
    officer.submit()
    officer.sees(f"{CRANE[0]} 已记为停用")
    (record,) = unit.records("A01", CRANE[1])
    assert record["state"] == "suspended"


def test_fast_thumbs_on_submit_press_nothing_of_the_next_page(officer: Hands, unit: OwnUnit) -> None:
    officer.daily_list()
    signed(officer, FORKLIFT[0])
    button = officer.button("提交", exact=True).bounding_box()
    assert button
    for _ in range(4):
        officer.page.touchscreen.tap(button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    officer.at("inspections/done")
    assert len(unit.records("A01", FORKLIFT[1])) == 1


def test_a_second_tab_on_the_same_check_is_led_to_what_became_of_it(officer: Hands) -> None:
    officer.daily_list()
    signed(officer, FORKLIFT[0])
    second = Hands(officer.page.context.new_page())
    second.page.goto(f"/#/pages/inspections/sign?duty=daily&due={today()}&target={FORKLIFT[1]}")
    second.heading("签字提交")
    officer.submit()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    second.heading("设备详情")
    expect(second.button("看巡查记录")).to_be_visible()


def test_a_link_is_followed_after_the_login(phone: OpenPhone, unit: OwnUnit) -> None:
    hands = Hands(phone())
    hands.pick_up(unit.people["A01"])
    hands.page.goto(f"/#/pages/inspections/target?duty=daily&due={today()}&target={FORKLIFT[1]}")
    hands.press("请先进行登录")
    hands.bind()
    hands.heading("设备详情")
    hands.sees(FORKLIFT[0])
