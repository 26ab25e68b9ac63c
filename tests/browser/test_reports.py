"""周报告 and 月报告 on phones: the director's week, the minutes he drafts, and what the principal signs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Route, expect

from infra.demo import FILES
from infra.phone import clean_answers, inspection
from tests.browser.conftest import DESKTOP, OpenPhone
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.judge import judge
from tests.browser.units import OwnUnit, own_unit, today
from tests.stack import RunningStack

pytestmark = pytest.mark.browser

FORKLIFTS, CRANES, LIFTS = ("5000", "场车"), ("4000", "起重机械"), ("3000", "电梯")
GRAVE = 4
"""The item of a forklift's list that is 重大."""
UNDER_CONTROL, AT_RISK = "安全风险可控", "存在安全风险隐患"
WEEK, MONTH = "weekly_report", "monthly_report"


def find_hazard(unit: OwnUnit, target: str, item: int) -> None:
    """Leave a finding of the day to the director."""
    officer = unit.phone("A01")
    task = officer.get(f"/v1/tasks/daily/{today()}/{target}")
    answers = clean_answers(task)
    answers[item - 1] |= {"result": "fail", "handling": "pending", "photos": [officer.photo(target)]}
    grave = item == GRAVE
    kept = {"kept_in_use": "已设专人看守，备件明天到"} if grave else {}
    officer.post("/v1/inspections", inspection(task, officer.sign(), answers, **kept))


def due(unit: OwnUnit, code: str, duty: str) -> str:
    """The bucket that is on."""
    return str(next(row["due"] for row in unit.todos(code) if row["duty"] == duty))


def reports_of(unit: OwnUnit, code: str, kind: str, duty: str) -> list[dict[str, Any]]:
    """What the unit holds of a kind."""
    return list(unit.phone(code).pages(f"/v1/reports/{kind}", duty=duty))


def to_reports(hands: Hands, word: str) -> None:
    """From home to the list of kinds."""
    hands.page.get_by_role("navigation", name="单位责任落实").get_by_role(
        "link", name=re.compile(f"^{word}(，|$)")
    ).click()
    hands.heading(word)


def open_week(hands: Hands, name: str) -> None:
    """From the list to the report of a kind."""
    hands.rows().filter(has_text=name).first.click()
    hands.heading(f"周报告·{name}")
    hands.sees("本周期主要安全风险隐患和整改情况")


def fill_week(hands: Hands, evaluation: str = AT_RISK) -> None:
    """All but the signature."""
    hands.pick(evaluation)
    hands.page.get_by_role("group", name="下周工作重点", exact=True).get_by_role(
        "button", name="落实每日管控，不漏检"
    ).click()


def summary(hands: Hands) -> Locator:
    """What is said of the week."""
    return hands.page.get_by_role("group", name="本周期主要安全风险隐患和整改情况", exact=True).locator("textarea")


def met_today(hands: Hands) -> None:
    """The meeting was today, a moment ago."""
    hands.page.get_by_role("radio", name="今天").click()
    hands.page.get_by_role("button", name=re.compile("^会议几点")).click()
    hands.page.locator(".uni-picker-action-confirm").filter(visible=True).click()


def test_a_director_reports_a_week(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["D01"])
    judge(hands.page, "reports/01-home-director")
    hands.page.goto("/#/pages/todos/index")
    hands.sees("周报告")
    judge(hands.page, "reports/02-todos-director")
    hands.page.goto("/#/pages/kinds/index?duty=weekly")
    hands.press(re.compile("^周报告（第 \\d+ 周）"))
    hands.heading("周报告")
    judge(hands.page, "reports/03-list")
    open_week(hands, FORKLIFTS[1])
    judge(hands.page, "reports/04-form")
    fill_week(hands, UNDER_CONTROL)
    hands.press("逐项核对")
    judge(hands.page, "reports/05-filled")
    hands.sign()
    judge(hands.page, "reports/06-signed")
    hands.press("保存周报告")
    hands.sees(re.compile("周报告已保存$"))
    judge(hands.page, "reports/07-saved")
    (report,) = reports_of(unit, "D01", FORKLIFTS[0], WEEK)
    assert (report["evaluation"], report["late"]) == ("under_control", False)
    hands.rows().filter(has_text=report["number"]).click()
    hands.sees("现在的数字和保存时一样")
    judge(hands.page, "reports/08-report")


def test_what_is_typed_stays_and_a_lost_answer_ends_in_one_report(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("ERR_FAILED")
    unit = own_unit(stack, tmp_path)
    kind, name = FORKLIFTS
    hands = Hands(phone())
    hands.enter(unit.people["D01"])
    to_reports(hands, "周报告")
    open_week(hands, name)
    fill_week(hands)
    hands.write("本周期主要安全风险隐患和整改情况", "两台叉车都查过，没有发现隐患。")
    hands.press("返回")
    hands.sees("草稿")
    judge(hands.page, "reports/10-list-draft")
    hands.page.reload()
    hands.press(re.compile(f"^接着填{name}的周报告"))
    expect(hands.page.get_by_role("radio", name=re.compile(f"^{AT_RISK}"))).to_have_attribute("aria-checked", "true")
    expect(summary(hands)).to_have_value("两台叉车都查过，没有发现隐患。")
    hands.sign()

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    hands.page.route("**/v1/weekly_reports", lost)
    hands.press("保存周报告")
    expect(hands.page.get_by_text("没有收到单位的回执")).to_be_in_viewport()
    judge(hands.page, "reports/11-lost")
    hands.page.unroute("**/v1/weekly_reports")
    hands.press("保存周报告")
    hands.sees(re.compile("周报告已保存$"))
    (report,) = reports_of(unit, "D01", kind, WEEK)
    assert unit.phone("D01").get(f"/v1/reports/{kind}/{report['report']}")["text"] == "两台叉车都查过，没有发现隐患。"


def test_one_signature_stands_under_several_kinds(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    hands = Hands(phone())
    hands.enter(unit.people["D01"])
    for _, name in (FORKLIFTS, CRANES):
        hands.page.goto(f"/#/pages/reports/index?duty={WEEK}")
        hands.heading("周报告")
        open_week(hands, name)
        fill_week(hands, UNDER_CONTROL)
        hands.press("返回")
        hands.heading("周报告")
    open_week(hands, LIFTS[1])
    hands.sees("一起签字的周报告")
    fill_week(hands, UNDER_CONTROL)
    crane = hands.page.get_by_role("checkbox", name=CRANES[1])
    crane.click()
    expect(hands.button("保存 2 份周报告")).to_be_visible()
    crane.click()
    crane.scroll_into_view_if_needed()
    judge(hands.page, "reports/20-together")
    hands.sign()
    hands.press("保存 3 份周报告")
    hands.sees(re.compile("周报告已保存$"))
    judge(hands.page, "reports/21-saved-together")
    told = [reports_of(unit, "D01", kind, WEEK) for kind, _ in (FORKLIFTS, CRANES, LIFTS)]
    assert [len(one) for one in told] == [1, 1, 1]
    details = [unit.phone("D01").get(f"/v1/reports/{one['kind']}/{one['report']}") for (one,) in told]
    assert len({detail["signature"] for detail in details}) == 1
    assert sum(row["state"] == "open" for row in unit.todos("D01") if row["duty"] == WEEK) == 1
    hands.press(re.compile("^填下一类：锅炉"))
    hands.heading("周报告·锅炉")
    expect(hands.page.get_by_text("一起签字的周报告")).to_have_count(0)


def test_numbers_that_moved_are_shown_and_a_blocked_evaluation_wants_a_reason(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 409")
    unit = own_unit(stack, tmp_path)
    kind, name = FORKLIFTS
    hands = Hands(phone())
    hands.enter(unit.people["D01"])
    to_reports(hands, "周报告")
    open_week(hands, name)
    fill_week(hands, UNDER_CONTROL)
    hands.write("本周期主要安全风险隐患和整改情况", "没有隐患。")
    find_hazard(unit, "E-CC-01", GRAVE)
    hands.sign()
    hands.press("保存周报告")
    expect(hands.page.get_by_text("数字和您上次看到的不一样了")).to_be_in_viewport()
    hands.sees(re.compile("未整改 0 → 1"))
    judge(hands.page, "reports/30-moved")
    # His own words are as he wrote them; the newly drafted ones are offered.
    expect(summary(hands)).to_have_value("没有隐患。")
    hands.press("换成现在自动汇总的文字")
    expect(summary(hands)).to_have_value(re.compile("未完成 1 条"))

    # The evaluation stands there still, and says what stands against it.
    hands.sees(re.compile("有 1 条重大隐患没有整改完成"))
    hands.press("保存周报告")
    hands.sees("有较大或重大隐患未整改，写明为什么仍判为可控")
    expect(hands.button("保存周报告")).to_be_in_viewport(ratio=1)
    judge(hands.page, "reports/31-override-missing")
    hands.write("仍判为可控的理由", "设专人看守，配件明天到。")
    hands.press("保存周报告")
    hands.sees(re.compile("周报告已保存$"))
    (report,) = reports_of(unit, "D01", kind, WEEK)
    detail = unit.phone("D01").get(f"/v1/reports/{kind}/{report['report']}")
    assert (detail["override"], detail["numbers"]["open"]) == ("设专人看守，配件明天到。", {"major": 1})

    # The hazard is behind its row; the report says why it was judged so.
    hands.rows().filter(has_text=report["number"]).click()
    hands.sees("有较大或重大隐患未整改，仍判为可控")
    hands.sees("理由：设专人看守，配件明天到。")
    hands.page.get_by_text("理由：设专人看守").scroll_into_view_if_needed()
    judge(hands.page, "reports/32-report-override")

    # A second one of the week; the first stays. It leads to what is open.
    hands.press("再写一份")
    hands.sees("这一期已有 1 份")
    hands.rows().filter(has_text="以前发现").or_(hands.rows().filter(has_text="1 号叉车")).first.click()
    hands.heading("隐患详情")
    hands.press("返回")
    hands.sees("这一期已有 1 份")
    fill_week(hands)
    hands.sign()
    judge(hands.page, "reports/33-again")
    hands.press("保存周报告")
    hands.sees(re.compile("周报告已保存$"))
    assert [one["report"][-2:] for one in reports_of(unit, "D01", kind, WEEK)] == ["02", "01"]
    hands.page.goto(f"/#/pages/reports/history?duty={WEEK}&kind={kind}")
    expect(hands.rows()).to_have_count(2)
    judge(hands.page, "reports/34-history")
    hands.page.goto(f"/#/pages/reports/weekly?duty={WEEK}&due={due(unit, 'D01', WEEK)}&kind={kind}")
    hands.page.reload()
    hands.sees("这一期的周报告已经保存")
    judge(hands.page, "reports/35-done")


def test_a_late_report_says_so_and_one_that_is_not_his_is_refused(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path, page_guard: PageGuard
) -> None:
    page_guard.expect_console("status of 40[34]")
    unit = own_unit(stack, tmp_path)
    kind = FORKLIFTS[0]
    at = due(unit, "D01", WEEK)
    place = f"/#/pages/reports/weekly?duty={WEEK}&due={at}&kind="
    hands = Hands(phone())
    hands.enter(unit.people["D01"])

    def as_if(**more: Any) -> Callable[[Route], None]:
        def handle(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, json=json.loads(answer.text()) | more)

        return handle

    hands.page.route("**/v1/weekly_reports/*/*", as_if(late=True))
    hands.page.goto(place + kind)
    hands.sees(re.compile("会注明实际时间"))
    judge(hands.page, "reports/40-late")
    hands.page.route("**/v1/weekly_reports/*/*", as_if(late_until="2026-01-01T00:00:00.000Z"))
    hands.page.reload()
    hands.sees("补录期已过，不能再填了")
    judge(hands.page, "reports/41-past")
    hands.page.unroute("**/v1/weekly_reports/*/*")
    hands.page.goto(place + "9000")
    hands.page.reload()
    hands.sees("没有读出来")
    judge(hands.page, "reports/42-not-his")


def test_a_director_drafts_a_month_and_the_principal_sends_it_back_and_signs(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path)
    director = Hands(phone())
    director.enter(unit.people["D01"])
    to_reports(director, "月报告")
    judge(director.page, "reports/50-list-monthly")
    director.press("写月报告")
    director.sees("会议包括的种类")
    judge(director.page, "reports/51-minutes-form")
    director.press("提交负责人")
    director.sees("请选会议的日期和时间")
    judge(director.page, "reports/52-minutes-faults")
    director.page.get_by_role("checkbox", name="锅炉").click()
    met_today(director)
    director.photo("minutes")
    director.photo_sent()
    director.press("取用自动起草的文字")
    text = director.page.get_by_role("group", name="会议纪要文字", exact=True).locator("textarea")
    expect(text).to_have_value(re.compile("【场车】"))
    director.press("核对到期的检验和许可")
    director.page.get_by_role("button", name="场车，逐项核对").click()
    judge(director.page, "reports/53-minutes-filled")
    director.press("提交负责人")
    director.sees("等主要负责人签字")
    judge(director.page, "reports/54-minutes-submitted")
    director.page.goto("/#/pages/todos/index")
    director.sees(re.compile("调度会议纪要$"))
    judge(director.page, "reports/55-todos-submitted")

    principal = Hands(phone())
    principal.enter(unit.people["P01"])
    principal.sees("待签")
    judge(principal.page, "reports/60-home-principal")
    principal.press(re.compile(r"^签 \d+ 月月报告"))
    principal.sees("等主要负责人签字")
    judge(principal.page, "reports/61-minutes-principal")
    principal.press("退回修改")
    sheet = principal.page.get_by_role("dialog", name="退回修改")
    sheet.get_by_role("button", name="退回修改").click()
    expect(sheet.get_by_text("写明要改什么").first).to_be_visible()
    sheet.locator("textarea").fill("第二页看不清，请重拍。")
    judge(principal.page, "reports/62-return")
    sheet.get_by_role("button", name="退回修改").click()
    principal.sees("第二页看不清，请重拍。")
    judge(principal.page, "reports/63-returned-principal")

    # Back with the director, with the reason, as he wrote it; changed and handed in again.
    director.page.goto("/#/pages/home/index")
    director.page.reload()
    director.sees("退回")
    judge(director.page, "reports/70-home-returned")
    director.page.goto(f"/#/pages/reports/index?duty={MONTH}")
    director.press(re.compile(r"^改 \d+ 月月报告"))
    director.sees("第二页看不清，请重拍。")
    judge(director.page, "reports/71-returned")
    director.press("修改后再提交")
    director.sees("负责人退回修改")
    director.photo("second")
    director.photo_sent(2)
    judge(director.page, "reports/72-revising")
    director.press("提交负责人")
    director.sees(re.compile("第 2 版"))

    # What the principal has in front of him is no longer what there is.
    principal.page.reload()
    principal.sees(re.compile("第 2 版"))
    principal.rows().filter(has_text="第 1 版").click()
    expect(principal.button("生成月调度报告")).to_have_count(0)
    judge(principal.page, "reports/79-first-version")
    principal.rows().filter(has_text="第 2 版").click()
    principal.sign()
    principal.page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    judge(principal.page, "reports/80-signing")
    principal.press("生成月调度报告")
    principal.sees(re.compile("月报告已生成$"))
    judge(principal.page, "reports/81-generated")
    kind = FORKLIFTS[0]
    (report,) = reports_of(unit, "P01", kind, MONTH)
    detail = unit.phone("P01").get(f"/v1/reports/{kind}/{report['report']}")
    assert (detail["drafted_by"], detail["person"], len(detail["photos"])) == ("D01", "P01", 2)
    principal.rows().filter(has_text=report["number"]).click()
    principal.sees("上月")
    judge(principal.page, "reports/82-report-monthly")
    # One kind was not in the meeting: it is left for the principal.
    assert [row["target"] for row in unit.todos("P01") if row["duty"] == MONTH and row["state"] == "open"] == ["1000"]


@pytest.mark.parametrize(("side", "kind"), [("production", "EL_MFG"), ("filling", "filling")])
def test_licences_and_stations_are_reported_by_their_kind(
    side: str, kind: str, phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, side)
    director = Hands(phone())
    director.enter(unit.people["D01"])
    to_reports(director, "周报告")
    judge(director.page, f"reports/90-list-{side}")
    director.page.goto(f"/#/pages/reports/weekly?duty={WEEK}&due={due(unit, 'D01', WEEK)}&kind={kind}")
    director.sees("质量安全总监签名" if side == "production" else "安全总监签名")
    fill_week(director, UNDER_CONTROL)
    director.sign()
    judge(director.page, f"reports/91-signed-{side}")
    director.press("保存周报告")
    director.sees(re.compile("周报告已保存$"))
    (report,) = reports_of(unit, "D01", kind, WEEK)
    sentence = unit.phone("D01").get(f"/v1/reports/{kind}/{report['report']}")["evaluation_sentence"]
    assert ("质量安全" in sentence) is (side == "production")

    # The principal writes the month himself.
    principal = Hands(phone())
    principal.enter(unit.people["P01"])
    to_reports(principal, "月报告")
    principal.press("写月报告")
    met_today(principal)
    principal.write("会议纪要文字", "逐项核对了本月的检查，没有遗留。")
    principal.press("开展一次安全培训")
    principal.sign()
    judge(principal.page, f"reports/92-alone-{side}")
    principal.press("生成月调度报告")
    principal.sees(re.compile("月报告已生成$"))
    (monthly,) = reports_of(unit, "P01", kind, MONTH)
    assert monthly["role"] == "principal"


def test_a_principal_without_a_director_reports_the_week_too(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    roster = yaml.safe_load(next(Path(file) for file in FILES if Path(file).stem == "use").read_text("utf-8"))
    unit = own_unit(stack, tmp_path, people=[row for row in roster["people"] if row["code"] != "D01"])
    hands = Hands(phone())
    hands.enter(unit.people["P01"])
    judge(hands.page, "reports/95-home-standing-in")
    to_reports(hands, "周报告")
    open_week(hands, FORKLIFTS[1])
    hands.sees("主要负责人签名")
    fill_week(hands, UNDER_CONTROL)
    hands.sign()
    hands.press("保存周报告")
    hands.sees(re.compile("周报告已保存$"))
    (report,) = reports_of(unit, "P01", FORKLIFTS[0], WEEK)
    assert report["role"] == "principal"


def file_week(unit: OwnUnit, kind: str) -> str:
    """A report of the director by plain HTTP; its id."""
    phone = unit.phone("D01")
    at = due(unit, "D01", WEEK)
    draft = phone.get(f"/v1/weekly_reports/{at}/{kind}")
    said = {"summary": draft["summary"], "evaluation": "at_risk", "focus": "完成整改", "seen": draft["seen"]}
    body = {"due": at, "reports": [{"kind": kind, **said}], "signature": phone.sign()}
    return str(phone.post("/v1/weekly_reports", body)["reports"][0]["report"])


def draft_month(unit: OwnUnit) -> str:
    """Minutes of the director by plain HTTP; their id."""
    phone = unit.phone("D01")
    at = due(unit, "D01", MONTH)
    draft = phone.get(f"/v1/monthly_reports/{at}")
    kinds = [{"kind": one["kind"], "seen": one["seen"]} for one in draft["kinds"]]
    told = {"photos": [phone.photo("minutes")], "text": "会上定了三件事。", "focus": "清零逾期隐患"}
    return str(
        phone.post("/v1/minutes", {"due": at, "kinds": kinds, "meeting_at": draft["meeting_at"], **told})["minutes"]
    )


def test_large_type_dark_and_a_wide_screen_break_nothing(phone: OpenPhone, stack: RunningStack, tmp_path: Path) -> None:
    unit = own_unit(stack, tmp_path)
    find_hazard(unit, "E-CC-01", GRAVE)
    report, minutes = file_week(unit, CRANES[0]), draft_month(unit)
    week, month = due(unit, "D01", WEEK), due(unit, "P01", MONTH)
    places = {
        "D01": {
            "home/index": "周报告",
            f"reports/index?duty={WEEK}": "历次周报告",
            f"reports/weekly?duty={WEEK}&due={week}&kind={FORKLIFTS[0]}": "未整改的隐患",
            f"reports/detail?kind={CRANES[0]}&report={report}": "存证编号",
            f"reports/history?duty={WEEK}&kind={CRANES[0]}": "有风险",
        },
        "P01": {
            "home/index": "待签",
            "todos/index": "调度会议纪要",
            f"reports/minutes?minutes={minutes}": "等主要负责人签字",
            f"reports/monthly?due={month}": "会议包括的种类",
        },
    }
    looks = {
        "large": {"type": "on", "light": "off", "left": False},
        "dark": {"type": "off", "light": "on", "left": False},
    }
    for code, pages in places.items():
        hands = Hands(phone())
        hands.enter(unit.people[code])
        for name, look in looks.items():
            hands.page.evaluate("look => localStorage.setItem('settings', JSON.stringify(look))", look)
            for place, words in pages.items():
                hands.page.goto(f"/#/pages/{place}")
                hands.page.reload()
                hands.sees(re.compile(words))
                hands.page.wait_for_load_state("networkidle")
                title = re.sub(r"\W.*", "", place.replace("/", "-").partition("?")[0].replace("-", "_"))
                judge(hands.page, f"reports/{name}-{code}-{title}")


def test_at_a_desk_the_meeting_is_timed_and_the_minutes_are_signed_by_mouse(
    phone: OpenPhone, stack: RunningStack, tmp_path: Path
) -> None:
    unit = own_unit(stack, tmp_path, "filling")
    hands = Hands(phone(DESKTOP))
    hands.enter(unit.people["P01"])
    hands.page.goto(f"/#/pages/reports/monthly?due={due(unit, 'P01', MONTH)}")
    hands.sees("会议包括的种类")
    met_today(hands)
    hands.write("会议纪要文字", "逐项核对了本月的检查。")
    hands.press("开展一次安全培训")
    canvas = hands.page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    mouse = hands.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + 160, box["y"] + 120, steps=8)
    mouse.up()
    judge(hands.page, "reports/97-desk")
    hands.press("生成月调度报告")
    hands.sees(re.compile("月报告已生成$"))
