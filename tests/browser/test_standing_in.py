"""A unit without a director: his work falls to the principal, visibly."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import expect

from infra.demo import FILES
from infra.phone import clean_answers, inspection
from tests.browser.conftest import OpenPhone
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

NAME, TARGET, GRAVE = "1 号叉车", "E-CC-01", 4
"""A forklift, and the item of its list that is 重大."""


def without_a_director() -> list[dict[str, Any]]:
    """The people of the demo unit, but for its director."""
    roster = yaml.safe_load(next(Path(file) for file in FILES if Path(file).stem == "use").read_text("utf-8"))
    return [row for row in roster["people"] if row["code"] != "D01"]


def test_without_a_director_the_principal_orders(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path, people=without_a_director())
    officer = unit.phone("A01")
    today = officer.get("/v1/todos")["today"]
    task = officer.get(f"/v1/tasks/daily/{today}/{TARGET}")
    answers = clean_answers(task)
    answers[GRAVE - 1] |= {"result": "fail", "handling": "pending", "photos": [officer.photo("found")]}
    kept = inspection(task, officer.sign(), answers, kept_in_use="已设专人看守，备件明天到")
    officer.post("/v1/inspections", kept)

    principal = Hands(phone())
    principal.enter(unit.people["P01"])
    principal.sees(re.compile("本单位没有任命负责.*的安全总监"))
    principal.sees(re.compile(f"^{NAME}，没有停用："))
    menu = principal.page.get_by_role("navigation", name="单位责任落实")
    expect(menu.get_by_role("link", name=re.compile("^日隐患管理"))).to_be_visible()
    judge(principal.page, "standing_in/01-home")
    principal.root("待办")
    principal.page.get_by_role("tab", name=re.compile("^日隐患")).click()
    expect(principal.rows()).to_have_count(1)
    judge(principal.page, "standing_in/02-todos")
    principal.root("首页")
    principal.press("下达整改措施（1）")
    principal.heading("下达整改措施")
    principal.sees("理由：已设专人看守，备件明天到")
    principal.press("更换部件")
    principal.page.get_by_role("radio", name="3 天内").click()
    judge(principal.page, "standing_in/03-order")
    principal.press("下达整改措施", exact=True)
    principal.heading("日隐患管理")
    (hazard,) = officer.pages("/v1/hazards", state="ordered")
    assert officer.get(f"/v1/hazards/{hazard['hazard']}")["steps"][-1]["by"] == "P01"


def test_without_a_director_the_officer_reads_that_he_waits_for_the_principal(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, people=without_a_director())
    officer = Hands(phone())
    officer.enter(unit.people["A01"])
    expect(officer.page.get_by_text("本单位没有任命")).to_have_count(0)
    officer.daily_list()
    officer.open_target(NAME)
    officer.begin()
    total = officer.items()
    officer.passes(1, GRAVE - 1)
    officer.fails(GRAVE)
    officer.sees(re.compile("重大隐患请立即报告主要负责人"))
    expect(officer.page.get_by_text(re.compile("总监"))).to_have_count(0)
    officer.pick("待处理")
    officer.sees("停用随提交生效，主要负责人的首页会有红色提示。")
    officer.pick("立即停用")
    officer.photo()
    officer.photo_sent()
    judge(officer.page, "standing_in/10-fail")
    officer.press(re.compile("^停用并上报"))
    officer.passes(GRAVE + 1, total)
    officer.press("立即提交，去签字")
    officer.sees(re.compile("1 条待处理，报主要负责人"))
    officer.sign()
    officer.submit()
    officer.sees(re.compile("1 条隐患已报主要负责人，等下达整改措施"))
    judge(officer.page, "standing_in/11-receipt")
    officer.page.goto("/#/pages/hazards/index?duty=daily&state=reported")
    officer.rows().filter(has_text="等主要负责人下达整改措施").click()
    expect(officer.page.get_by_text("等主要负责人下达整改措施").filter(visible=True).first).to_be_visible()
    judge(officer.page, "standing_in/12-hazard")
