"""No network, a slow one, one that loses answers: nothing is lost or sent twice, nothing said that is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from infra.phone import until
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import CRANE, FORKLIFT, OwnUnit

pytestmark = pytest.mark.browser
SUBMIT = "**/v1/inspections"


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


def test_without_a_network_a_check_is_finished_and_waits(officer: Hands, unit: OwnUnit, page_guard: PageGuard) -> None:
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
    officer.signed(FORKLIFT[0])
    sent = officer.handed_in()
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
    officer.signed(FORKLIFT[0])
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
