from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas import checklists
from schemas.language import Duty, Evaluation, FileKind, Grade, PersonState, Role, TaskState, UnitKind, Verdict
from schemas.reports import ReportQuery, ReportReceipts, WeeklyDraft, WeeklyReportRequest, WeeklyReportsRequest
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from tean.domain.membership import Membership
from tean.domain.reports import Report
from tests.fakes.builders import DAY, UNIT, changes, membership, person, roster, target, unit
from tests.fakes.day import Day, director, mended

WEEK = Duty.WEEKLY_REPORT
LAST_WEEK = DAY - timedelta(days=7)
D1 = director()
HAZARD, GRAVE = "EL-D-02", Grade.SERIOUS
ELEVATORS, CRANES = "3000", "4000"


@pytest.fixture
def day() -> Day:
    """Monday 09:00 after a whole week: elevators ``E-1`` and ``E-2``, a crane, an officer, two directors."""
    people = (person("P1"), person("D1", Role.DIRECTOR), person("D2", Role.DIRECTOR), person("B1", Role.PRINCIPAL))
    crane = target("E-3", kind=CRANES, subtype="4100", name="桥式起重机")
    day = Day(roster(people, (target("E-1"), target("E-2"), crane)), duties=tuple(Duty))
    day.clock.move(days=-7)
    day.open(LAST_WEEK)
    return day


def to_monday(day: Day) -> None:
    for _ in range(7):
        day.night(minutes=1)
    day.clock.set(calendar.closes_at(DAY - timedelta(days=1)) + timedelta(hours=9))


def draft(day: Day, kind: str = ELEVATORS, member: Membership = D1, due: date = DAY) -> WeeklyDraft:
    return day.weekly_reports.draft(member, due, kind)


def said(day: Day, kind: str = ELEVATORS, member: Membership = D1, **fields: Any) -> WeeklyReportRequest:
    defaults: dict[str, Any] = {
        "seen": draft(day, kind, member).seen, "summary": "本周平稳。", "evaluation": Evaluation.UNDER_CONTROL,
        "focus": "雨季前检查机房防水。",
    }  # fmt: skip
    return WeeklyReportRequest(kind=kind, **defaults | fields)


def signed(day: Day, *reports: WeeklyReportRequest, who: str = "D1", **fields: Any) -> WeeklyReportsRequest:
    defaults: dict[str, Any] = {"due": DAY, "signature": day.file(who, FileKind.SIGNATURE)}
    return WeeklyReportsRequest(reports=reports, **defaults | fields)


def file(day: Day, *reports: WeeklyReportRequest, member: Membership = D1, **fields: Any) -> ReportReceipts:
    return day.weekly_reports.file(member, signed(day, *reports, who=member.person, **fields))


def kept(day: Day, kind: str = ELEVATORS) -> list[Report]:
    page = day.store.reports(UNIT, kind, WEEK, after=None, limit=50)
    return [one for one in page.items if isinstance(one, Report)]


def row_state(day: Day, kind: str = ELEVATORS, who: str = "D1") -> TaskState:
    (row,) = [row for row in day.store.rows(UNIT, f"{who}#director", WEEK, DAY) if row.target == kind]
    return row.state


def refused(day: Day, request: WeeklyReportsRequest, kind: type[Problem], member: Membership = D1) -> Problem:
    before = (kept(day), day.store.rows(UNIT, "D1#director", WEEK, DAY))
    with pytest.raises(kind) as caught:
        day.weekly_reports.file(member, request)
    assert (kept(day), day.store.rows(UNIT, "D1#director", WEEK, DAY)) == before
    return caught.value


class TestDraft:
    def test_it_tells_the_week_before(self, day: Day) -> None:
        day.check("P1", "E-1", due=LAST_WEEK)
        day.night()
        day.found(HAZARD, where="E-1", due=LAST_WEEK + timedelta(days=1))
        day.submit(day.inspection(answers={"EL-W-01": mended("EL-W-01", photos=(day.file(),))}))
        for _ in range(6):
            day.night(minutes=1)
        day.clock.move(hours=9)

        found = draft(day)
        numbers = found.numbers
        assert (numbers.since, numbers.until) == (LAST_WEEK, DAY - timedelta(days=1))
        assert (numbers.daily.due, numbers.daily.on_time, numbers.daily.missed) == (14, 2, 12)
        assert numbers.targets == 1
        assert (sum(numbers.found.values()), numbers.rectified, numbers.open) == (2, 1, {GRAVE: 1})
        assert numbers.officers is not None
        assert (numbers.officers.due, numbers.officers.on_time) == (1, 1)
        assert [one.carried for one in found.open] == [False]
        assert found.summary.startswith(
            "本周期（11-16～11-22）共排查 1 台电梯，共发现隐患 2 条，整改完成 1 条。未完成 1 条："
        )
        assert found.title == "每周电梯安全排查治理报告"
        assert found.signer == "安全总监"

    def test_what_was_found_before_is_carried_over(self, day: Day) -> None:
        day.clock.move(days=-1)
        day.open(LAST_WEEK - timedelta(days=1))
        day.found(HAZARD, due=LAST_WEEK - timedelta(days=1))
        to_monday(day)
        found = draft(day)
        assert (found.numbers.found, found.numbers.carried) == ({}, 1)
        assert [one.carried for one in found.open] == [True]

    def test_the_last_days_are_provisional_until_their_late_entry_has_ended(self, day: Day) -> None:
        to_monday(day)
        assert draft(day).numbers.provisional
        for _ in range(3):
            day.night(minutes=2)
        assert not draft(day).numbers.provisional

    def test_nights_that_never_came_are_made_good_by_who_asks(self, day: Day) -> None:
        day.check("P1", "E-1", due=LAST_WEEK)
        for _ in range(6):
            day.night(minutes=1)
        day.clock.move(days=1, hours=9)
        day.days.repair(UNIT, WEEK)
        found = draft(day)
        assert (found.numbers.daily.on_time, found.numbers.daily.due, found.numbers.uncounted) == (1, 14, ())

    def test_an_officer_or_another_kind_has_none(self, day: Day) -> None:
        to_monday(day)
        for member, kind in (
            (D1, "1000"),
            (membership("P1"), ELEVATORS),
            (membership("B1", Role.PRINCIPAL), ELEVATORS),
        ):
            with pytest.raises(NotFound):
                draft(day, kind, member)

    def test_a_week_that_has_not_come_or_is_sealed_is_refused(self, day: Day) -> None:
        to_monday(day)
        with pytest.raises(Invalid, match="future"):
            draft(day, due=DAY + timedelta(days=7))
        with pytest.raises(Conflict, match="closed"):
            day.clock.move(days=20)
            draft(day)


class TestFiling:
    def test_it_closes_the_to_do_of_every_director_and_counts_once(self, day: Day) -> None:
        to_monday(day)
        receipt = file(day, said(day)).reports[0]
        assert (receipt.report, receipt.late) == ("weekly_report.2026-11-23.director.01", False)
        assert [row_state(day, who=who) for who in ("D1", "D2")] == [TaskState.DONE, TaskState.DONE]
        sheets = {sheet.post: dict(sheet.done) for sheet in day.store.sheets(UNIT, WEEK, DAY)}
        assert sheets == {"D1#director": {ELEVATORS: 1}, "D2#director": {}, "B1#principal": {}}

    def test_the_numbers_are_frozen_and_the_live_ones_stand_beside(self, day: Day) -> None:
        day.found("EL-D-01", due=LAST_WEEK)
        to_monday(day)
        before = draft(day).numbers
        report = file(day, said(day, evaluation=Evaluation.AT_RISK)).reports[0].report
        day.check("P1", "E-2", due=DAY - timedelta(days=1))
        day.night(minutes=1)
        found = day.reports.detail(D1, ELEVATORS, report)
        assert found.numbers == before
        assert found.live is not None
        assert (found.live.daily.late, found.numbers.daily.late) == (1, 0)

    def test_one_signature_may_cover_several_kinds(self, day: Day) -> None:
        to_monday(day)
        answer = file(day, said(day, CRANES), said(day))
        assert [one.kind for one in answer.reports] == [CRANES, ELEVATORS]
        assert {kept(day, kind)[0].signature for kind in (CRANES, ELEVATORS)} == {kept(day)[0].signature}

    def test_all_are_saved_or_none(self, day: Day) -> None:
        to_monday(day)
        request = signed(day, said(day), said(day, CRANES, seen="0" * 64))
        problem = refused(day, request, Conflict)
        assert (problem.code, problem.details["kinds"]) == ("report.numbers_moved", [CRANES])
        assert kept(day, CRANES) == []

    def test_sent_again_it_is_answered_as_before(self, day: Day) -> None:
        to_monday(day)
        request = signed(day, said(day))
        first = day.weekly_reports.file(D1, request)
        day.clock.move(minutes=3)
        assert day.weekly_reports.file(D1, request) == first
        assert len(kept(day)) == 1

    def test_sent_again_after_the_week_was_sealed_it_is_still_answered(self, day: Day) -> None:
        to_monday(day)
        request = signed(day, said(day))
        first = day.weekly_reports.file(D1, request)
        day.clock.move(days=30)
        assert day.weekly_reports.file(D1, request) == first

    def test_more_than_one_may_be_written_and_the_first_did_the_duty(self, day: Day) -> None:
        to_monday(day)
        file(day, said(day))
        closed = day.store.rows(UNIT, "D1#director", WEEK, DAY)
        day.clock.move(minutes=5)
        answer = file(day, said(day, member=director("D2"), summary="补充说明。"), member=director("D2"))
        assert answer.reports[0].report.endswith(".02")
        assert day.store.rows(UNIT, "D1#director", WEEK, DAY) == closed

    def test_a_tenth_is_refused(self, day: Day) -> None:
        to_monday(day)
        for n in range(9):
            file(day, said(day, summary=f"第 {n} 份。"))
        assert refused(day, signed(day, said(day)), Conflict).code == "report.too_many"

    def test_reports_are_links_of_their_kinds_chain(self, day: Day) -> None:
        to_monday(day)
        day.submit(day.inspection())
        file(day, said(day))
        file(day, said(day, summary="补充说明。"))
        second, first = kept(day)
        head = day.store.facts(UNIT, "P1", ELEVATORS, Duty.WEEKLY, DAY).head
        assert (first.seq, second.seq, second.previous, head.hash) == (2, 3, first.sha256, second.sha256)

    def test_the_record_says_who_signed_under_the_statutory_title(self, day: Day) -> None:
        to_monday(day)
        file(day, said(day, evaluation=Evaluation.AT_RISK))
        (report,) = kept(day)
        assert (report.title, report.role, report.person_name) == (
            "每周电梯安全排查治理报告",
            Role.DIRECTOR,
            "示例人员D1",
        )
        assert report.sentence == "存在安全风险隐患，需尽快采取防范措施"

    def test_entered_late_it_says_so(self, day: Day) -> None:
        to_monday(day)
        day.clock.move(days=7)
        day.run()
        assert row_state(day) is TaskState.MISSED
        assert file(day, said(day)).reports[0].late
        assert row_state(day) is TaskState.LATE


class TestEvaluation:
    def test_under_control_is_refused_while_a_grave_hazard_is_open(self, day: Day) -> None:
        day.found(HAZARD, due=LAST_WEEK)
        to_monday(day)
        under, risk = draft(day).evaluations
        assert (under.sentence, risk.sentence, risk.blocked) == (
            "安全风险可控，无较大安全风险隐患", "存在安全风险隐患，需尽快采取防范措施", None,
        )  # fmt: skip
        assert under.blocked == "有 1 条较大隐患没有整改完成，不能选这一项；确需选择，请写明理由"
        assert refused(day, signed(day, said(day)), Invalid).code == "report.evaluation_blocked"

    def test_a_written_reason_lifts_the_block(self, day: Day) -> None:
        day.found(HAZARD, due=LAST_WEEK)
        to_monday(day)
        file(day, said(day, override="已设专人看护，备件周三到货。"))
        assert kept(day)[0].override == "已设专人看护，备件周三到货。"

    def test_a_reason_that_nothing_asks_for_is_refused(self, day: Day) -> None:
        day.found(HAZARD, due=LAST_WEEK)
        to_monday(day)
        for kind, evaluation in ((ELEVATORS, Evaluation.AT_RISK), (CRANES, Evaluation.UNDER_CONTROL)):
            request = signed(day, said(day, kind, evaluation=evaluation, override="理由"))
            assert refused(day, request, Invalid).code == "report.override_unexpected"


class TestRefused:
    def test_a_signature_that_is_not_his_own_or_no_signature(self, day: Day) -> None:
        to_monday(day)
        files = {
            "file.unknown": day.file("D2", FileKind.SIGNATURE),
            "file.wrong_kind": day.file("D1"),
            "file.refused": day.file("D1", FileKind.SIGNATURE, Verdict.REFUSED),
        }
        for code, file in files.items():
            assert refused(day, signed(day, said(day), signature=file), Invalid).code == code
        pending = day.file("D1", FileKind.SIGNATURE, Verdict.PENDING)
        assert refused(day, signed(day, said(day), signature=pending), Conflict).code == "file.pending"

    def test_who_was_dismissed(self, day: Day) -> None:
        to_monday(day)
        request = signed(day, said(day))
        gone = person("D1", Role.DIRECTOR, state=PersonState.DISMISSED)
        day.store.apply(changes(people=(gone,), targets=(), phones_added=()))
        assert refused(day, request, Forbidden).code == "person.dismissed"


class TestHistory:
    def test_a_kinds_reports_and_what_was_missed_newest_first(self, day: Day) -> None:
        to_monday(day)
        day.clock.move(days=7)
        day.run()
        later = DAY + timedelta(days=7)
        file(day, said(day, seen=draft(day, due=later).seen), due=later)
        page = day.reports.page(D1, ELEVATORS, ReportQuery(duty=WEEK))
        assert [one.due for one in page.items] == [later]
        assert [(one.due, one.names) for one in page.missed] == [
            (DAY, ("示例人员D1", "示例人员D2")), (LAST_WEEK, ("示例人员D1", "示例人员D2")),
        ]  # fmt: skip

    def test_other_kinds_do_not_exist_for_a_director(self, day: Day) -> None:
        narrowed = director(kinds=frozenset({CRANES}))
        for kind in (ELEVATORS, "9999"):
            with pytest.raises(NotFound):
                day.reports.page(narrowed, kind, ReportQuery(duty=WEEK))
        with pytest.raises(NotFound):
            day.reports.detail(D1, ELEVATORS, "weekly_report.2026-11-23.director.01")


class TestOtherSides:
    def test_filling_is_one_kind_that_tells_what_was_found_at_every_station(self) -> None:
        """With one 较大 open at a station, the week is not called under control."""
        sides = frozenset({UnitKind.FILLING})
        people = (person("P1", roles={Role.OFFICER: sides}), person("D1", roles={Role.DIRECTOR: sides}))
        stations = [
            target(f"S-{n}", unit_kind=UnitKind.FILLING, kind=kind, subtype=None)
            for n, kind in enumerate(("GC_FILL", "MPV_FILL"))
        ]
        day = Day(roster(people, stations, unit=unit(kinds=sides)), duties=tuple(Duty))
        day.clock.move(days=-7)
        day.open(LAST_WEEK)
        item = next(
            item.code for item in checklists.current("GC_FILL", Duty.DAILY).items if item.grade is Grade.SERIOUS
        )
        request = day.request("P1", "S-0", answers=day.failing(item), due=LAST_WEEK)
        day.submit(request, "P1", sides=sides)
        to_monday(day)

        found = draft(day, "filling", director(sides=sides))
        assert (found.numbers.found, found.numbers.open, found.numbers.rectified) == ({GRAVE: 1}, {GRAVE: 1}, 0)
        assert (found.numbers.targets, found.numbers.daily.due) == (1, 14)
        assert found.evaluations[0].blocked
        assert found.summary.startswith("本周期（11-16～11-22）共排查 1 个充装工位")
        assert found.title == "每周气瓶充装安全排查治理报告、每周移动式压力容器充装安全排查治理报告"

    def test_a_producer_says_quality(self) -> None:
        sides = frozenset({UnitKind.PRODUCTION})
        people = (person("P1", roles={Role.OFFICER: sides}), person("D1", roles={Role.DIRECTOR: sides}))
        licence = target("L-1", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG", subtype=None, officers=())
        day = Day(roster(people, (licence,), unit=unit(kinds=sides)), duties=tuple(Duty))
        day.clock.move(days=-7)
        day.open(LAST_WEEK)
        to_monday(day)
        found = draft(day, "EL_MFG", director(sides=sides))
        assert (found.signer, found.title) == ("质量安全总监", "每周电梯质量安全排查治理报告")
        assert found.evaluations[0].sentence == "安全风险可控，无较大质量安全风险隐患"
        assert "项电梯制造许可" in found.summary


class TestWhose:
    def test_a_kind_that_is_his_no_more_is_not_his_to_go_on_with(self, day: Day) -> None:
        to_monday(day)
        file(day, said(day))
        narrowed = director(kinds=frozenset({CRANES}))
        with pytest.raises(NotFound):
            draft(day, member=narrowed)
        assert refused(day, signed(day, said(day)), NotFound, narrowed).code == "task.unknown"

    def test_who_is_named_after_the_report_finds_it_done(self, day: Day) -> None:
        to_monday(day)
        file(day, said(day))
        known = day.store.roster(UNIT)
        assert known is not None
        newcomer = person("D3", Role.DIRECTOR)
        day.change(replace(known, people={**known.people, "D3": newcomer}, version="r2"))
        assert (row_state(day, who="D3"), row_state(day, CRANES, "D3")) == (TaskState.DONE, TaskState.OPEN)

    def test_sheets_sum_to_each_kind_once_whoever_writes_again(self, day: Day) -> None:
        to_monday(day)
        file(day, said(day))
        file(day, said(day, member=director("D2"), summary="又一份。"), member=director("D2"))
        done = [dict(sheet.done) for sheet in day.store.sheets(UNIT, WEEK, DAY)]
        assert [each for each in done if each] == [{ELEVATORS: 1}]


def test_a_unit_that_began_in_the_middle_has_no_uncounted_days() -> None:
    day = Day(roster(), duties=tuple(Duty))
    day.clock.move(days=-3)
    day.open(DAY - timedelta(days=3))
    for _ in range(3):
        day.night(minutes=1)
    day.clock.set(calendar.closes_at(DAY - timedelta(days=1)) + timedelta(hours=9))
    numbers = draft(day).numbers
    assert (numbers.daily.due, numbers.uncounted) == (3, ())
