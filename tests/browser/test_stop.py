"""A 重大 stops its target: from the fail page to the restart, days later. The stack's clock goes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from infra.phone import Phone, until
from infra.stack import clock
from tean.domain.calendar import closes_at
from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack, running

pytestmark = pytest.mark.browser

NAME, TARGET, GRAVE = "1 号叉车", "E-CC-01", 4
"""A forklift, and the item of its list that is 重大."""


@pytest.fixture(scope="module")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One whose clock is moved: not that of the other tests."""
    with running(tmp_path_factory.mktemp("stop") / "state") as stack:
        yield stack


def go_to_the_day_after(stack: RunningStack, day: date) -> date:
    """Let it be a second after the close of a day now; the next day."""
    for part in ("gateway", "pump"):
        ahead = closes_at(day) - datetime.now(UTC) + timedelta(seconds=1)
        clock.set_ahead(stack.state, part, ahead)
    return day + timedelta(days=1)


def open_of(hands: Hands, day: date) -> None:
    """Today's task of the forklift, by its address."""
    hands.page.goto(f"/#/pages/inspections/target?duty=daily&due={day}&target={TARGET}")
    hands.page.reload()
    hands.heading("设备详情")


def facts(unit: OwnUnit) -> dict[str, Any]:
    """What the unit holds of the forklift."""
    found: dict[str, Any] = unit.phone("P01").get(f"/v1/targets/{TARGET}/records")
    return found


def rectify(unit: OwnUnit) -> None:
    """The director orders and the officer confirms."""
    director, officer = unit.phone("D01"), unit.phone("A01")
    (hazard,) = director.pages("/v1/hazards", state="reported")
    place, grade = f"/v1/hazards/{hazard['hazard']}", hazard["grade"]
    today = director.get("/v1/session")["today"]
    order = {"seen": {"version": 1, "grade": grade}, "measures": "更换制动主缸", "deadline": today}
    director.post(f"{place}/order", order)
    done = {
        "seen": {"version": 2, "grade": grade},
        "result": "已更换，制动试验合格",
        "photos": [officer.photo("after")],
    }
    officer.post(f"{place}/rectification", done)


def has_row(phone: Phone, day: date) -> bool:
    rows = phone.pages("/v1/todos")
    return any((row["target"], row["due"]) == (TARGET, day.isoformat()) for row in rows)


def test_a_grave_hazard_stops_its_target_until_it_is_gone(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 401")
    unit = own_unit(stack, tmp_path)
    day = date.fromisoformat(unit.phone("P01").get("/v1/session")["today"])
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    officer.daily_list()
    officer.open_target(NAME)
    officer.begin()
    total = officer.items()
    officer.passes(1, GRAVE - 1)

    # 重大 asks first whether the target is stopped; who does not says why.
    officer.fails(GRAVE)
    officer.sees("建议立即停用这台场车")
    judge(officer.page, "stop/01-fail-major")
    officer.press("保存，下一项")
    officer.sees("请选择是否停用")
    judge(officer.page, "stop/02-undecided")
    officer.pick("暂不停用")
    officer.press("保存，下一项")
    officer.sees("写明为什么暂不停用")
    judge(officer.page, "stop/03-kept-without-a-reason")
    officer.pick("立即停用")
    officer.pick("待处理")
    officer.photo()
    officer.photo_sent()
    judge(officer.page, "stop/04-stopped")
    officer.press("停用并上报，下一项")
    officer.passes(GRAVE + 1, total)
    officer.heading("确认巡查情况")
    officer.sees("提交后这台场车转为停用")
    judge(officer.page, "stop/05-summary")
    officer.press("立即提交，去签字")
    officer.sees("有重大隐患，提交后转为停用")
    officer.sign()
    judge(officer.page, "stop/06-sign")
    officer.submit()
    officer.sees("这台场车已因重大隐患停用")
    judge(officer.page, "stop/07-done")
    found = facts(unit)
    assert (found["target"]["state"], found["items"][0]["state"]) == ("suspended", "in_use")

    # Director and principal are told at once, and the record and the hazard say what was decided.
    for code in ("D01", "P01"):
        reader = Hands(phone())
        reader.enter(unit.people[code])
        notice = reader.button(re.compile("1 条重大日隐患没有整改完成"))
        expect(notice.get_by_text(re.compile(f"^{NAME}，已停用："))).to_be_visible()
        judge(reader.page, f"stop/08-home-{code}")
        notice.click()
        reader.heading("日隐患管理")
    (hazard,) = unit.phone("D01").pages("/v1/hazards", state="reported")
    reader.page.goto(f"/#/pages/hazards/detail?hazard={hazard['hazard']}")
    reader.sees("这台场车已因重大隐患停用")
    judge(reader.page, "stop/09-hazard")
    reader.page.goto(f"/#/pages/records/detail?target={TARGET}&record={found['items'][0]['record']}")
    reader.sees("有重大隐患，随提交停用")
    judge(reader.page, "stop/10-record")

    # The day after it is confirmed with one tap, unsigned; a restart is refused before it is tried.
    day = go_to_the_day_after(stack, day)
    until(lambda: has_row(unit.phone("A01"), day), bool)
    open_of(officer, day)
    officer.sees(re.compile("^重大隐患："))
    officer.sees("有 1 条重大隐患没有整改完成，改完后才能恢复在用。")
    expect(officer.button("恢复在用，开始巡查")).to_have_attribute("aria-disabled", "true")
    judge(officer.page, "stop/11-next-day")
    officer.press("今天仍停用，已到场确认")
    officer.sees(f"{NAME} 已记为停用")
    judge(officer.page, "stop/12-confirmed")
    (confirmed, *_) = facts(unit)["items"]
    whole = unit.phone("A01").get(f"/v1/targets/{TARGET}/records/{confirmed['record']}")
    assert (whole["state"], "signature" in whole, whole["reason"][:5]) == ("suspended", False, "重大隐患：")

    # Once it is rectified, a whole check puts it back into use.
    rectify(unit)
    day = go_to_the_day_after(stack, day)
    until(lambda: has_row(unit.phone("A01"), day), bool)
    open_of(officer, day)
    expect(officer.button("恢复在用，开始巡查")).to_have_attribute("aria-disabled", "false")
    judge(officer.page, "stop/13-may-be-restarted")
    officer.press("恢复在用，开始巡查")
    officer.passes(1, officer.items())
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    assert facts(unit)["target"]["state"] == "in_use"
