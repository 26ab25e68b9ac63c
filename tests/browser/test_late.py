"""A day that has closed: what was missed is told, and entered late it says so. The stack's clock goes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from infra.phone import Phone, until
from infra.stack import clock
from schemas.language import Duty
from tean.domain.calendar import DAY, closes_at, following
from tests.browser.conftest import OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import CRANE, FORKLIFT, own_unit
from tests.stack import RunningStack, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One whose clock is moved: not that of the other tests."""
    with running(tmp_path_factory.mktemp("late") / "state") as stack:
        yield stack


def ending(phone: Phone, day: date) -> int:
    """How much of his ends with the day: on a Sunday a week does, on the last of a month that."""
    rows = phone.pages("/v1/todos")
    return sum(following(Duty(row["duty"]), date.fromisoformat(row["due"])) == day + DAY for row in rows)


def has_closed(phone: Phone, day: date, missed: int) -> bool:
    """What ended with the day is missed, and the next day has begun."""
    rows = list(phone.pages("/v1/todos"))
    begun = any((row["duty"], row["due"]) == ("daily", (day + DAY).isoformat()) for row in rows)
    return begun and sum(row["state"] == "missed" for row in rows) == missed


def whole_history(hands: Hands) -> None:
    """The day may have been the last of a month."""
    hands.page.get_by_role("tab", name="全部", exact=True).click()


def test_what_was_missed_is_told_and_what_is_entered_late_says_so(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    day = date.fromisoformat(unit.phone("P01").get("/v1/session")["today"])
    missed = ending(unit.phone("A01"), day)
    for part in ("gateway", "pump"):
        clock.set_ahead(stack.state, part, closes_at(day) - datetime.now(UTC) + timedelta(seconds=1))
    until(lambda: has_closed(unit.phone("A01"), day, missed), bool)

    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    officer.press(re.compile(rf"{missed} 项漏检可以补录"))
    officer.heading("我的待办")
    officer.page.get_by_role("tab", name=re.compile("^补录")).click()
    expect(officer.rows()).to_have_count(missed)
    judge(officer.page, "late/01-todos")
    officer.rows().filter(has_text=FORKLIFT[0]).click()
    officer.heading("设备详情")
    officer.sees(re.compile("^补录 .*的日管控"))
    judge(officer.page, "late/02-target")
    officer.begin()
    officer.passes(1, officer.items())
    officer.press("立即提交，去签字")
    officer.sign()
    officer.submit()
    expect(officer.page.get_by_role("img", name="零风险")).to_be_visible()
    judge(officer.page, "late/03-done")
    (record,) = unit.records("A01", FORKLIFT[1])
    assert (record["due"], record["late"]) == (day.isoformat(), True)

    # Who reads it sees both days; what nobody entered stays a miss.
    principal = Hands(phone())
    principal.enter(unit.people["P01"])
    principal.page.goto(f"/#/pages/records/target?target={FORKLIFT[1]}")
    whole_history(principal)
    row = principal.rows().filter(has_text=unit.people["A01"].name)
    expect(row).to_contain_text(re.compile(f"应 .*{day:%m-%d}，实 .*{day + DAY:%m-%d}"))
    expect(row.get_by_text("补录", exact=True)).to_be_visible()
    judge(principal.page, "late/04-entered-late")
    principal.page.goto(f"/#/pages/records/target?target={CRANE[1]}")
    principal.page.reload()
    whole_history(principal)
    row = principal.rows().filter(has_text="漏检")
    expect(row).to_contain_text("没有记录，可补录至")
    expect(row).to_contain_text(f"应由{unit.people['A01'].name}检查")
    judge(principal.page, "late/05-missed")
