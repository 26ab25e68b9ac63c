"""Who is in: logging in, several posts, a session that ends, a number nobody registered."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from infra import demo
from tean.domain.errors import Problem, TooOften, Unavailable
from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import Person, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser


def spoil_token(page: Page) -> None:
    """As if the server no longer took it, neither for a call nor for a renewal."""
    page.evaluate("""() => {
      const held = JSON.parse(localStorage.getItem('login'));
      held.answer.token = held.answer.token.slice(0, -4) + 'AAAA';
      localStorage.setItem('login', JSON.stringify(held));
    }""")


def test_one_tap_on_a_demo_person_is_enough(phone: OpenPhone) -> None:
    hands = Hands(phone())
    person = demo.people()[0]
    hands.page.goto("/")
    hands.press("请先进行登录")
    hands.page.get_by_role("dialog").get_by_role("button", name=re.compile(person.name)).click()
    hands.at_home(Person(person.name, person.phone))


def test_a_number_that_nobody_registered_is_told_what_to_do(phone: OpenPhone, page_guard: PageGuard) -> None:
    page_guard.expect_console("status of 40[13]")
    hands = Hands(phone())
    hands.pick_up(Person("无名氏", "10000009999"))
    hands.press("请先进行登录")
    hands.bind()
    hands.sees("这个手机号还没有登记")
    judge(hands.page, "session/01-unknown")


BAD_DAYS: dict[str, Problem] = {
    "10-silent": Unavailable("login.wechat_silent", "微信没有回应，还没有登录。请稍后再试一次。"),
    "11-too-often": TooOften("login.too_often", "登录", 60),
    "12-misconfigured": Unavailable("login.misconfigured", "微信登录的设置有误，暂时不能登录。请联系客服。"),
}
"""By picture, what the server says on a bad day of WeChat (tests/unit/adapters/test_wechat.py)."""


def test_a_bad_day_of_wechat_is_told_and_one_more_tap_goes_in(phone: OpenPhone, page_guard: PageGuard) -> None:
    page_guard.expect_console("status of 503")
    page_guard.expect_console("status of 429")
    hands, first = Hands(phone()), demo.people()[0]
    person = Person(first.name, first.phone)
    hands.pick_up(person)
    for picture, problem in BAD_DAYS.items():
        hands.page.route("**/v1/login", partial(_refused, problem), times=1)
        hands.press("请先进行登录")
        hands.sees(problem.sentence)
        judge(hands.page, f"session/{picture}")
    hands.log_in(person)


def _refused(problem: Problem, route: Route) -> None:
    said = {"code": problem.code, "status": problem.status, "sentence": problem.sentence, "details": problem.details}
    route.fulfill(status=problem.status, content_type="application/problem+json", body=json.dumps(said))


def test_who_holds_several_posts_chooses_and_switches(phone: OpenPhone) -> None:
    hands = Hands(phone())
    hands.page.goto("/")
    hands.press("请先进行登录")
    hands.page.get_by_role("dialog").get_by_role("button", name=re.compile("李示二")).first.click()
    hands.heading("选择任职")
    judge(hands.page, "session/02-membership")
    hands.press(re.compile("示例晨光气体充装有限公司"))
    hands.at_home(Person("李示二", ""))
    hands.sees("安全总监")
    hands.press(re.compile("切换任职"))
    hands.heading("选择任职")
    hands.press(re.compile("示例云杉商业广场管理有限公司"))
    menu = hands.page.get_by_role("navigation", name="单位责任落实")
    expect(menu.get_by_role("link", name=re.compile("^日管控，"))).to_be_visible()


def test_a_session_that_ended_is_renewed_unnoticed(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 401")
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.daily_list()
    spoil_token(hands.page)
    hands.page.reload()
    hands.open_target("1 号叉车")
    expect(hands.page.get_by_role("dialog")).to_have_count(0)


def test_a_session_that_cannot_be_renewed_keeps_what_was_typed(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 401")
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.daily_list()
    hands.open_target("1 号叉车")
    hands.begin()
    total = hands.items()
    hands.passes(1, 3)
    hands.at_item(4)
    spoil_token(hands.page)
    hands.page.evaluate("() => wechat.putDown()")
    hands.page.goto("/#/pages/daily/index")
    hands.page.reload()
    expect(hands.page.get_by_role("dialog", name="请重新登录")).to_be_visible()
    judge(hands.page, "session/03-expired")
    # He may go on without, and log in when he is done.
    hands.press("先在本机查完，稍后登录")
    hands.open_target("1 号叉车")
    hands.press(re.compile("^接着查第 4 项"))
    hands.passes(4, total)
    hands.press("立即提交，去签字")
    hands.sign()
    hands.submit()
    hands.sees("存在本机，还没有交到单位")
    assert unit.records("A01", "E-CC-01") == []
    hands.page.evaluate("number => localStorage.setItem('standin.phone', number)", unit.people["A01"].phone)
    hands.page.reload()
    hands.page.goto("/#/pages/outbox/index")
    hands.sees(re.compile("单位.*收到"))
    assert len(unit.records("A01", "E-CC-01")) == 1


def test_logging_out_asks_and_forgets(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.root("我的")
    judge(hands.page, "session/04-me")
    hands.press(re.compile("^退出登录"))
    judge(hands.page, "session/05-logout")
    hands.page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    hands.sees("请先进行登录")
    assert hands.page.evaluate("() => wechat.holding()") is False
    stored = hands.page.evaluate("() => JSON.stringify(localStorage)")
    assert "token" not in json.loads(stored).get("login", "")


def test_large_type_dark_and_left_hand_break_nothing(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    looks = {
        "large": {"type": "on", "light": "off", "left": False},
        "dark": {"type": "off", "light": "on", "left": False},
        "left": {"type": "on", "light": "on", "left": True},
    }
    for name, look in looks.items():
        hands.page.evaluate("look => localStorage.setItem('settings', JSON.stringify(look))", look)
        for place in (
            "home/index",
            "todos/index",
            "daily/index",
            "me/index",
            "hazards/index",
            "records/index",
            "outbox/index",
            "login/terms",
            "daily/code",
        ):
            hands.page.goto(f"/#/pages/{place}")
            hands.page.reload()
            expect(hands.page.locator(".screen")).to_be_visible()
            hands.page.wait_for_load_state("networkidle")
            judge(hands.page, f"looks/{name}-{place.replace('/', '-')}")
        hands.page.goto("/#/pages/daily/index")
        hands.page.reload()
        hands.open_target("1 号客梯")
        judge(hands.page, f"looks/{name}-target")
        if name == "large":
            hands.begin()
        else:
            hands.press(re.compile("^接着查|^开始巡查"))
            hands.press("开始逐项检查") if hands.button("开始逐项检查").count() else None
        judge(hands.page, f"looks/{name}-item")
        hands.press("B 不合格")
        hands.heading(re.compile("不合格"))
        judge(hands.page, f"looks/{name}-fail")
        hands.pick("待处理")


def test_a_target_is_found_by_its_code(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.press("输入代码")
    hands.heading("输入设备代码")
    judge(hands.page, "session/06-code")
    field = hands.page.locator("input").first
    field.fill("999")
    hands.press(re.compile("^打开"))
    hands.sees(re.compile("没有"))
    judge(hands.page, "session/07-code-unknown")
    field.fill("4110 9900 4202 0000 07")
    hands.press(re.compile("^打开"))
    hands.heading("设备详情")
    hands.sees("检修行车")


def test_a_stop_is_recorded_with_its_reason(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    hands.daily_list()
    hands.open_target("检修行车")
    hands.press(re.compile("^开始巡查"))
    hands.pick("停用")
    hands.press("确认停用，去签字")
    hands.sees("写明原因，才能停用")
    judge(hands.page, "session/08-stop-refused")
    hands.press("故障停用")
    hands.press("确认停用，去签字")
    hands.heading("签字提交")
    hands.sign()
    hands.submit()
    hands.sees("检修行车 已记为停用")
    judge(hands.page, "session/09-stopped")
    (record,) = unit.records("A01", "E-QZ-01")
    assert (record["state"], record.get("stamp")) == ("suspended", None)
