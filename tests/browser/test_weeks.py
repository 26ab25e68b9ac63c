"""周排查 and 月调度 on phones: of officer, director and principal, in each kind of unit, with and without a network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from infra.phone import clean_answers, inspection
from tests.browser.conftest import OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

WORDS = {"weekly": "周排查", "monthly": "月调度"}
FORKLIFTS = ("5000", "场车", "1 号叉车", "E-CC-01")
LICENCES = ("EL_MFG", "电梯制造")
STATIONS = ("filling", "工位巡查")
KINDS = {"use": FORKLIFTS[:2], "production": LICENCES, "filling": STATIONS}


def post(code: str, kind: str = "use") -> str:
    """What somebody is called in a unit of a kind."""
    if code == "P01":
        return "主要负责人"
    return ("质量" if kind == "production" else "") + {"A01": "安全员", "D01": "安全总监"}[code]


def rows_of(unit: OwnUnit, code: str, duty: str) -> list[dict[str, Any]]:
    """What the unit says he has to inspect by its kind."""
    return [row for row in unit.todos(code) if row["duty"] == duty]


def records_of(unit: OwnUnit, code: str, kind: str, duty: str) -> list[dict[str, Any]]:
    """The records of a kind that he may list."""
    return list(unit.phone(code).pages(f"/v1/targets/{kind}/records", duty=duty))


def hand_in(unit: OwnUnit, code: str, duty: str, kind: str) -> None:
    """A clean check by plain HTTP, unsigned."""
    phone = unit.phone(code)
    (row,) = [one for one in phone.pages("/v1/todos") if one["duty"] == duty and one["target"] == kind]
    task = phone.get(f"/v1/tasks/{duty}/{row['due']}/{kind}")
    body = inspection(task, "", clean_answers(task))
    phone.post("/v1/inspections", {name: value for name, value in body.items() if name != "signature"})


def to_kinds(hands: Hands, duty: str) -> None:
    """From home to the list of kinds."""
    hands.page.get_by_role("navigation", name="单位责任落实").get_by_role(
        "link", name=re.compile(f"^{WORDS[duty]}(，|$)")
    ).click()
    hands.heading(WORDS[duty])


def check_clean(hands: Hands, name: str) -> None:
    """A whole kind without a finding, from the list of kinds to the receipt: nothing asked before, nothing signed."""
    hands.rows().filter(has_text=name).first.click()
    hands.at_item(1)
    hands.passes(1, hands.items())
    hands.press("立即提交")
    hands.heading("确认提交")
    hands.submit()
    hands.heading("已提交")


def test_a_deadline_that_passed_before_it_was_signed_is_picked_anew(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    to_kinds(hands, "weekly")
    hands.rows().filter(has_text=FORKLIFTS[1]).first.click()
    hands.at_item(1)
    total = hands.items()
    hands.fails(1)
    hands.pick("待处理")
    hands.page.get_by_role("radio", name=re.compile("^3 天内")).click()
    hands.press("保存，下一项")
    hands.passes(2, total)
    hands.heading("确认巡查情况")
    hands.page.evaluate("""() => Object.keys(localStorage).filter(key => key.startsWith('draft:')).forEach(key =>
      localStorage.setItem(key, localStorage.getItem(key).replace(/(\\"deadline\\":\\")[\\d-]+/, '$12026-01-05')))""")
    hands.page.reload()
    hands.sees("还有 1 项要改，点序号修改")
    hands.sees(re.compile("01-05 的期限已过，请重新选"))
    judge(hands.page, "weeks/70-deadline-passed")
    hands.press("去改第 1 项")
    hands.sees("选的整改期限已经过了，请重新选，或选不定")
    judge(hands.page, "weeks/71-deadline-anew")
    hands.page.get_by_role("radio", name=re.compile("^3 天内")).click()
    expect(hands.page.get_by_text("选的整改期限已经过了")).to_have_count(0)
    hands.press("保存，下一项")
    hands.press("立即提交")
    hands.heading("确认提交")


def test_an_officer_inspects_a_kind_and_names_the_device_of_a_finding(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    kind, name, device, code = FORKLIFTS
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    judge(hands.page, "weeks/01-home-officer")
    to_kinds(hands, "weekly")
    hands.sees(re.compile(r"^第 \d+ 周"))
    hands.sees(re.compile(r"2 台·\d+ 项"))
    judge(hands.page, "weeks/02-kinds-officer")
    left = len(rows_of(unit, "A01", "weekly"))

    # Straight to the first item; what was begun is found again.
    hands.rows().filter(has_text=name).first.click()
    hands.at_item(1)
    expect(hands.page.get_by_role("dialog")).to_have_count(0)
    total = hands.items()
    hands.passes(1, 1)
    hands.press("返回")
    hands.sees("已查 1 项")
    judge(hands.page, "weeks/03-kinds-begun")
    hands.press(re.compile(f"^接着查{name}，第 2 项"))

    # A finding is of one device, and has a day to be put right by; both may be left out.
    hands.fails(2)
    hands.pick("待处理")
    hands.press("涉及设备，全部/不特定")
    sheet = hands.page.get_by_role("dialog", name="涉及设备")
    sheet.get_by_role("checkbox").filter(has_text=device).click()
    judge(hands.page, "weeks/04-devices")
    hands.press("选好 1 台")
    hands.page.get_by_role("radio", name=re.compile("^3 天内")).click()
    judge(hands.page, "weeks/05-fail")
    hands.press("保存，下一项")
    hands.passes(3, total)
    hands.heading("确认巡查情况")
    hands.sees(device)
    judge(hands.page, "weeks/06-summary")
    hands.press("立即提交")
    hands.heading("确认提交")
    hands.sees("签字可选，提交不需要签字")
    judge(hands.page, "weeks/07-submit")
    hands.submit()
    hands.heading("已提交")
    hands.sees("已提交，1 条隐患待处理")
    hands.sees(f"本周{WORDS['weekly']}")
    judge(hands.page, "weeks/08-done-hazard")

    (record,) = records_of(unit, "A01", kind, "weekly")
    detail = unit.phone("A01").get(f"/v1/targets/{kind}/records/{record['record']}")
    assert "signature" not in detail
    assert [(item["devices"], bool(item["deadline"])) for item in detail["items"] if item["result"] == "fail"] == [
        ([code], True)
    ]

    # The record is found from the row, and says who checked it as what.
    hands.press("查看这条记录")
    hands.heading("巡查记录")
    hands.sees(f"{unit.people['A01'].name}（安全员）")
    hands.sees(f"涉及：{device}")
    judge(hands.page, "weeks/09-record")
    hands.page.goto("/#/pages/kinds/index?duty=weekly")
    hands.sees(f"您的周排查 1 / {left}")
    judge(hands.page, "weeks/10-kinds-after")

    # The next is clean, and of the month too.
    check_clean(hands, "起重机械")
    expect(hands.page.get_by_role("img", name="零风险")).to_be_visible()
    judge(hands.page, "weeks/11-done-zero")
    hands.press("首页")
    hands.at_home(unit.people["A01"])
    to_kinds(hands, "monthly")
    hands.sees(re.compile(r"^\d+ 月$"))
    judge(hands.page, "weeks/12-kinds-monthly")
    check_clean(hands, name)
    (monthly,) = records_of(unit, "A01", kind, "monthly")
    assert (monthly["role"], monthly["late"]) == ("officer", False)


@pytest.mark.parametrize(("kind", "target"), [("production", LICENCES), ("filling", STATIONS)])
def test_licences_and_stations_are_inspected_by_their_kind(
    kind: str, target: tuple[str, str], phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, kind)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    to_kinds(hands, "weekly")
    if kind == "filling":
        assert [row["target"] for row in rows_of(unit, "A01", "weekly")] == ["filling"]
    judge(hands.page, f"weeks/20-kinds-{kind}")
    hands.rows().filter(has_text=target[1]).first.click()
    hands.at_item(1)
    judge(hands.page, f"weeks/21-item-{kind}")
    total = hands.items()
    # Both lists of a unit that fills cylinders and vehicles.
    task = unit.phone("A01").get(
        f"/v1/tasks/weekly/{rows_of(unit, 'A01', 'weekly')[0]['due']}/{target[0]}"
    )  # fmt: skip
    assert total == len(task["checklist"]["items"])
    assert ("." in task["checklist"]["sha256"]) is (kind == "filling")
    hands.passes(1, total)
    hands.press("立即提交")
    hands.sign()
    judge(hands.page, f"weeks/22-signed-{kind}")
    hands.submit()
    expect(hands.page.get_by_role("img", name="零风险")).to_be_visible()
    (record,) = records_of(unit, "A01", target[0], "weekly")
    detail = unit.phone("A01").get(f"/v1/targets/{target[0]}/records/{record['record']}")
    assert detail["signature"]
    hands.press("查看这条记录")
    hands.heading("巡查记录")
    hands.sees(f"{unit.people['A01'].name}（{post('A01', kind)}）")
    judge(hands.page, f"weeks/23-record-{kind}")


@pytest.mark.parametrize("side", KINDS)
def test_director_and_principal_inspect_for_themselves_and_see_the_officers(
    side: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, side)
    kind, name = KINDS[side]
    hand_in(unit, "A01", "weekly", kind)
    hand_in(unit, "A01", "monthly", kind)
    director = Hands(phone())
    director.enter(unit.people["D01"])
    # One of a kind each; all filling of a unit is one.
    asked = {kind} if side == "filling" else {row["kind"] for row in unit.phone("P01").pages("/v1/targets")}
    for duty in WORDS:
        assert sorted(row["target"] for row in rows_of(unit, "D01", duty)) == sorted(asked)
    judge(director.page, f"weeks/30-home-director-{side}")
    director.press(re.compile("^接着周排查"))
    director.heading("周排查")
    director.press(re.compile(f"^{post('A01', side)} 1"))
    director.sees(unit.people["A01"].name)
    judge(director.page, f"weeks/31-kinds-director-{side}")
    check_clean(director, name)
    judge(director.page, f"weeks/32-done-director-{side}")

    # His to-dos have what can be done, and the reports of it.
    director.page.goto("/#/pages/todos/index")
    director.sees(re.compile(r"^第 \d+ 周 \d\d-\d\d ～ "))
    judge(director.page, f"weeks/33-todos-director-{side}")

    principal = Hands(phone())
    principal.enter(unit.people["P01"])
    judge(principal.page, f"weeks/40-home-principal-{side}")
    principal.press(re.compile("^接着月调度"))
    principal.heading("月调度")
    judge(principal.page, f"weeks/41-kinds-principal-{side}")
    check_clean(principal, name)
    assert sorted(one["role"] for one in records_of(unit, "P01", kind, "monthly")) == ["officer", "principal"]
    assert sorted(one["role"] for one in records_of(unit, "D01", kind, "weekly")) == ["director", "officer"]

    # The history of the kind: each in his post.
    principal.page.goto(f"/#/pages/records/target?duty=weekly&target={kind}")
    principal.page.reload()
    for code in ("A01", "D01"):
        principal.sees(f"{unit.people[code].name}（{post(code, side)}）")
    judge(principal.page, f"weeks/42-history-principal-{side}")
    principal.rows().filter(has_text=unit.people["D01"].name).click()
    principal.heading("巡查记录")
    principal.sees(f"{unit.people['D01'].name}（{post('D01', side)}）")
    judge(principal.page, f"weeks/43-record-principal-{side}")


def test_records_of_kinds_are_found_from_the_menu(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    kind, name, _, _ = FORKLIFTS
    for duty in WORDS:
        hand_in(unit, "A01", duty, kind)
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    for duty, word in WORDS.items():
        hands.page.goto("/#/pages/home/index")
        hands.at_home(unit.people["A01"])
        hands.page.get_by_role("navigation", name="单位责任落实").get_by_role("link", name=f"{word}记录").click()
        hands.heading(f"{word}记录")
        hands.rows().filter(has_text=name).first.click()
        hands.sees(f"{unit.people['A01'].name}（安全员）")
        judge(hands.page, f"weeks/50-history-{duty}")
        hands.rows().filter(has_text=unit.people["A01"].name).first.click()
        hands.heading("巡查记录")
        judge(hands.page, f"weeks/51-record-{duty}")


def test_a_kind_is_inspected_without_a_network_and_arrives(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_INTERNET_DISCONNECTED")
    unit = own_unit(stack, tmp_path)
    kind, name, _, _ = FORKLIFTS
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    to_kinds(hands, "monthly")
    # Both lists are on the phone once they say how many items they have.
    expect(hands.rows().filter(has_text=re.compile(r"\d+ 项"))).to_have_count(len(rows_of(unit, "A01", "monthly")))
    hands.page.context.set_offline(True)
    hands.rows().filter(has_text=name).first.click()
    hands.at_item(1)
    hands.passes(1, hands.items())
    hands.press("立即提交")
    hands.submit()
    hands.sees("存在本机，还没有交到单位")
    judge(hands.page, "weeks/60-done-offline")
    hands.press("首页")
    hands.sees("1 条待上传")
    to_kinds(hands, "monthly")
    hands.sees("1 项待上传")
    judge(hands.page, "weeks/61-kinds-offline")
    assert records_of(unit, "A01", kind, "monthly") == []
    hands.page.context.set_offline(False)
    hands.sees("零风险")
    (record,) = records_of(unit, "A01", kind, "monthly")
    assert record["fails"] == 0
