from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.catalogue import target_kinds
from schemas.language import (
    Duty,
    FileKind,
    Grade,
    MinutesAct,
    MinutesState,
    PersonState,
    Role,
    TaskState,
    UnitKind,
)
from schemas.reports import (
    KindSeen,
    MinutesItem,
    MinutesRequest,
    MonthlyDraft,
    MonthlyReportsRequest,
    ReportReceipts,
    ReturnRequest,
    Revision,
    SignatureRequest,
)
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound
from tean.domain.membership import Membership
from tean.domain.reports import Report
from tests.fakes.builders import UNIT, changes, membership, person, roster, target, unit
from tests.fakes.day import Day, director

MONTH = Duty.MONTHLY_REPORT
FIRST = date(2026, 11, 1)
MET = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
D1, D2, B1 = director(), director("D2"), membership("B1", Role.PRINCIPAL)
ELEVATORS, CRANES = "3000", "4000"


@pytest.fixture
def day() -> Day:
    """Thursday 19 November after a meeting; tasks have been made since 15 November."""
    people = (person("P1"), person("D1", Role.DIRECTOR), person("D2", Role.DIRECTOR), person("B1", Role.PRINCIPAL))
    crane = target("E-3", kind=CRANES, subtype="4100", name="桥式起重机", next_inspection=date(2026, 12, 1))
    day = Day(roster(people, (target("E-1"), target("E-2"), crane)), duties=tuple(Duty))
    day.clock.set(datetime(2026, 11, 15, 1, 0, tzinfo=UTC))
    day.open(date(2026, 11, 15))
    for _ in range(4):
        day.night(minutes=1)
    day.clock.set(NOW)
    return day


def draft(day: Day, member: Membership = B1, met: datetime | None = MET) -> MonthlyDraft:
    return day.monthly_reports.draft(member, FIRST, met)


def seen(day: Day, *kinds: str, member: Membership = B1, met: datetime = MET) -> tuple[KindSeen, ...]:
    there = {one.kind: one.seen for one in draft(day, member, met).kinds}
    return tuple(KindSeen(kind=kind, seen=there[kind]) for kind in kinds)


def meeting(day: Day, *kinds: str, member: Membership, **fields: Any) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "due": FIRST, "meeting_at": MET, "text": "会议听取了本月情况。", "focus": "完成限位器更换。",
    }  # fmt: skip
    met = fields.get("meeting_at", MET)
    wanted = kinds or (ELEVATORS,)
    return {"kinds": fields.pop("seen", None) or seen(day, *wanted, member=member, met=met)} | defaults | fields


def alone(day: Day, *kinds: str, **fields: Any) -> MonthlyReportsRequest:
    signature = {"signature": day.file("B1", FileKind.SIGNATURE)} | fields
    return MonthlyReportsRequest(**meeting(day, *kinds, member=B1, **signature))


def drafted(day: Day, *kinds: str, member: Membership = D1, **fields: Any) -> MinutesRequest:
    return MinutesRequest(**meeting(day, *kinds, member=member, **fields))


def submitted(day: Day, *kinds: str, **fields: Any) -> MinutesItem:
    return day.minutes.submit(D1, drafted(day, *kinds, **fields))


def signature(day: Day, minutes: MinutesItem, **fields: Any) -> SignatureRequest:
    defaults: dict[str, Any] = {
        "version": minutes.version, "kinds": seen(day, *minutes.kinds),
        "signature": day.file("B1", FileKind.SIGNATURE),
    }  # fmt: skip
    return SignatureRequest(**defaults | fields)


def sign(day: Day, minutes: MinutesItem, **fields: Any) -> ReportReceipts:
    return day.monthly_reports.sign(B1, minutes.minutes, signature(day, minutes, **fields))


def send_back(day: Day, minutes: MinutesItem, reason: str = "补上起重机的复检日期。") -> MinutesItem:
    return day.minutes.send_back(B1, minutes.minutes, ReturnRequest(version=minutes.version, reason=reason))


def kept(day: Day, kind: str = ELEVATORS) -> list[Report]:
    page = day.store.reports(UNIT, kind, MONTH, after=None, limit=50)
    return [one for one in page.items if isinstance(one, Report)]


def state(day: Day, post: str, kind: str = ELEVATORS) -> TaskState:
    return next(row.state for row in day.store.rows(UNIT, post, MONTH, FIRST) if row.target == kind)


class TestDraft:
    def test_numbers_reach_from_the_first_to_the_day_before_the_meeting(self, day: Day) -> None:
        elevators = next(one for one in draft(day).kinds if one.kind == ELEVATORS)
        numbers, before = elevators.numbers, elevators.before
        assert (numbers.since, numbers.until) == (FIRST, date(2026, 11, 18))
        assert (before.since, before.until) == (date(2026, 10, 1), date(2026, 10, 31))
        assert (numbers.daily.due, numbers.daily.missed, before.daily.due) == (8, 8, 0)

    def test_each_kind_has_its_title_its_text_and_what_ends_soon(self, day: Day) -> None:
        elevators, cranes = draft(day).kinds
        assert (elevators.title, cranes.title) == ("每月电梯安全调度会议纪要", "每月起重机械安全调度会议纪要")
        assert (elevators.numbers.expiring, cranes.numbers.expiring) == (0, 1)
        assert cranes.text.startswith("【起重机械】11-01～11-18 日管控应查 4 次")
        assert cranes.text.endswith("30 天内到期 1 台设备的检验。")

    def test_a_meeting_on_the_first_has_nothing_to_count_but_the_month_before(self, day: Day) -> None:
        day.clock.set(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
        day.run()
        found = day.monthly_reports.draft(B1, date(2026, 12, 1), day.clock())
        numbers, before = found.kinds[0].numbers, found.kinds[0].before
        assert (numbers.until, numbers.daily.due, numbers.uncounted) == (date(2026, 11, 30), 0, ())
        assert before.since == FIRST
        assert "会议在 1 日召开" in found.kinds[0].text

    def test_a_meeting_to_come_or_before_the_month_is_refused(self, day: Day) -> None:
        for met, code in ((NOW + timedelta(minutes=1), "to_come"), (datetime(2026, 10, 31, 3, tzinfo=UTC), "before")):
            with pytest.raises(Invalid, match=code):
                draft(day, met=met)

    def test_who_is_asked_nothing_has_none(self, day: Day) -> None:
        with pytest.raises(NotFound):
            draft(day, membership("P1"))


class TestAlone:
    def test_the_principal_does_his_duty_and_the_directors(self, day: Day) -> None:
        answer = day.monthly_reports.file(B1, alone(day))
        assert [one.report for one in answer.reports] == ["monthly_report.2026-11-01.principal.01"]
        assert [state(day, post) for post in ("B1#principal", "D1#director", "D2#director")] == [TaskState.DONE] * 3
        assert state(day, "B1#principal", CRANES) is TaskState.OPEN

    def test_one_meeting_may_cover_several_kinds(self, day: Day) -> None:
        day.monthly_reports.file(B1, alone(day, ELEVATORS, CRANES))
        (one,), (other,) = kept(day), kept(day, CRANES)
        assert (one.meeting_at, one.text, one.focus, one.signature) == (
            other.meeting_at, other.text, other.focus, other.signature,
        )  # fmt: skip
        assert (one.title, other.title) == ("每月电梯安全调度会议纪要", "每月起重机械安全调度会议纪要")

    def test_photos_may_take_the_place_of_words_but_one_of_both_is_needed(self, day: Day) -> None:
        photos = (day.file("B1"), day.file("B1"))
        with pytest.raises(Invalid, match="minutes_missing"):
            day.monthly_reports.file(B1, alone(day, text=None))
        with pytest.raises(Invalid, match="photo_twice"):
            day.monthly_reports.file(B1, alone(day, text=None, photos=photos[:1] * 2))
        day.monthly_reports.file(B1, alone(day, text=None, photos=photos))
        assert kept(day)[0].photos == photos

    def test_sent_again_it_is_answered_as_before(self, day: Day) -> None:
        request = alone(day, ELEVATORS, CRANES)
        first = day.monthly_reports.file(B1, request)
        day.clock.move(days=1)
        assert day.monthly_reports.file(B1, request) == first
        assert (len(kept(day)), len(kept(day, CRANES))) == (1, 1)

    def test_what_he_signs_must_have_been_before_his_eyes(self, day: Day) -> None:
        with pytest.raises(Conflict, match="numbers_moved"):
            day.monthly_reports.file(B1, alone(day, seen=(KindSeen(kind=ELEVATORS, seen="0" * 64),)))
        assert kept(day) == []

    def test_last_months_numbers_are_kept_beside(self, day: Day) -> None:
        day.monthly_reports.file(B1, alone(day))
        (report,) = kept(day)
        assert report.before is not None
        assert (report.numbers.until, report.before.until) == (date(2026, 11, 18), date(2026, 10, 31))

    def test_two_days_into_the_next_month_it_is_late(self, day: Day) -> None:
        day.clock.set(calendar.closes_at(FIRST, MONTH) + timedelta(hours=9))
        day.run()
        assert day.monthly_reports.file(B1, alone(day)).reports[0].late
        assert state(day, "B1#principal") is TaskState.LATE
        day.clock.move(days=2)
        with pytest.raises(Conflict, match="closed"):
            draft(day)


class TestMinutes:
    def test_submitting_does_the_directors_duty_not_the_principals(self, day: Day) -> None:
        minutes = submitted(day)
        assert (minutes.state, minutes.version, minutes.by_name) == (MinutesState.SUBMITTED, 1, "示例人员D1")
        assert [state(day, post) for post in ("D1#director", "D2#director", "B1#principal")] == [
            TaskState.DONE, TaskState.DONE, TaskState.OPEN,
        ]  # fmt: skip
        assert kept(day) == []

    def test_the_principal_signs_them_as_they_are(self, day: Day) -> None:
        photo = day.file("D1")
        minutes = submitted(day, ELEVATORS, CRANES, photos=(photo,), text=None)
        sign(day, minutes)
        (report,) = kept(day)
        assert (report.person, report.drafted_by, report.minutes, report.photos) == (
            "B1", "D1", minutes.minutes, (photo,),
        )  # fmt: skip
        assert len(kept(day, CRANES)) == 1
        (item,) = day.minutes.of_month(B1, FIRST).items
        assert item.state is MinutesState.SIGNED

    def test_signed_again_they_are_answered_as_before(self, day: Day) -> None:
        minutes = submitted(day)
        request = signature(day, minutes)
        first = day.monthly_reports.sign(B1, minutes.minutes, request)
        assert day.monthly_reports.sign(B1, minutes.minutes, request) == first
        assert len(kept(day)) == 1

    def test_sent_back_with_a_reason_they_are_changed_and_submitted_again(self, day: Day) -> None:
        first = submitted(day)
        returned = send_back(day, first)
        assert (returned.state, returned.reason) == (MinutesState.RETURNED, "补上起重机的复检日期。")
        revises = Revision(minutes=first.minutes, version=1)
        second = submitted(day, focus="复检定在 28 日。", revises=revises)
        assert (second.minutes, second.version, second.state) == (first.minutes, 2, MinutesState.SUBMITTED)
        sign(day, second)
        assert kept(day)[0].focus == "复检定在 28 日。"
        detail = day.minutes.detail(B1, first.minutes)
        assert [step.act for step in detail.steps] == [
            MinutesAct.SUBMIT, MinutesAct.RETURN, MinutesAct.REVISE, MinutesAct.SIGN,
        ]  # fmt: skip

    def test_every_version_that_was_submitted_is_kept(self, day: Day) -> None:
        first = submitted(day)
        submitted(day, focus="另一份重点。", revises=Revision(minutes=first.minutes, version=1))
        versions = [day.store.minutes_version(UNIT, first.minutes, version) for version in (1, 2, 3)]
        assert [one and one.focus for one in versions] == ["完成限位器更换。", "另一份重点。", None]

    def test_submitted_again_late_by_the_network_nothing_is_doubled(self, day: Day) -> None:
        request = drafted(day)
        first = day.minutes.submit(D1, request)
        submitted(day, focus="另一份重点。", revises=Revision(minutes=first.minutes, version=1))
        assert day.minutes.submit(D1, request).minutes == first.minutes
        assert len(day.minutes.of_month(D1, FIRST).items) == 1

    def test_returning_twice_is_one_return(self, day: Day) -> None:
        minutes = submitted(day)
        assert send_back(day, minutes) == send_back(day, minutes)
        with pytest.raises(Conflict, match="moved"):
            send_back(day, minutes, "另一个理由。")

    def test_who_acts_on_another_version_than_he_saw_is_told(self, day: Day) -> None:
        first = submitted(day)
        second = submitted(day, focus="另一份重点。", revises=Revision(minutes=first.minutes, version=1))
        for act in (lambda: sign(day, first), lambda: send_back(day, first)):
            with pytest.raises(Conflict, match="moved"):
                act()
        sign(day, second)
        with pytest.raises(Conflict, match="moved"):
            submitted(day, focus="第三份。", revises=Revision(minutes=first.minutes, version=2))

    def test_returned_minutes_are_not_signed(self, day: Day) -> None:
        minutes = send_back(day, submitted(day))
        with pytest.raises(Conflict, match="moved"):
            sign(day, minutes)

    def test_only_who_drafted_them_changes_them_and_no_kind_is_dropped(self, day: Day) -> None:
        first = submitted(day, ELEVATORS, CRANES)
        revises = Revision(minutes=first.minutes, version=1)
        with pytest.raises(Forbidden, match="not_his"):
            day.minutes.submit(D2, drafted(day, ELEVATORS, CRANES, member=D2, revises=revises))
        with pytest.raises(Invalid, match="kind_dropped"):
            submitted(day, revises=revises)

    def test_the_signature_is_for_the_kinds_of_the_minutes(self, day: Day) -> None:
        minutes = submitted(day, ELEVATORS, CRANES)
        with pytest.raises(Invalid, match="kinds_differ"):
            sign(day, minutes, kinds=seen(day, ELEVATORS))

    def test_a_director_sees_those_of_his_kinds(self, day: Day) -> None:
        minutes = submitted(day)
        narrowed = director("D2", kinds=frozenset({CRANES}))
        assert day.minutes.of_month(narrowed, FIRST).items == ()
        with pytest.raises(NotFound):
            day.minutes.detail(narrowed, minutes.minutes)
        assert [one.minutes for one in draft(day).minutes] == [minutes.minutes]

    def test_photos_of_others_are_refused(self, day: Day) -> None:
        with pytest.raises(Invalid, match=r"file\.unknown"):
            submitted(day, photos=(day.file("P1"),))

    def test_who_was_dismissed_signs_nothing_any_more(self, day: Day) -> None:
        request = signature(day, minutes := submitted(day))
        gone = person("B1", Role.PRINCIPAL, state=PersonState.DISMISSED)
        day.store.apply(changes(people=(gone,), targets=(), phones_added=()))
        with pytest.raises(Forbidden, match="dismissed"):
            day.monthly_reports.sign(B1, minutes.minutes, request)
        with pytest.raises(Forbidden, match="dismissed"):
            send_back(day, minutes)
        assert kept(day) == []


def test_hazards_of_every_duty_are_told(day: Day) -> None:
    day.found("EL-D-02", due=date(2026, 11, 19))
    day.clock.move(days=1)
    day.run()
    numbers = next(one for one in draft(day, met=day.clock()).kinds if one.kind == ELEVATORS).numbers
    assert (numbers.found, numbers.open, numbers.rectified) == ({Grade.SERIOUS: 1}, {Grade.SERIOUS: 1}, 0)


class TestEdges:
    def test_a_report_of_a_meeting_on_the_first_opens_again(self, day: Day) -> None:
        december = date(2026, 12, 1)
        for _ in range(12):
            day.night(minutes=1)
        met = day.clock.move(hours=9)
        there = day.monthly_reports.draft(B1, december, met).kinds[0]
        request = MonthlyReportsRequest(
            due=december, kinds=(KindSeen(kind=there.kind, seen=there.seen),), meeting_at=met, text="年末安排。",
            focus="防冻。", signature=day.file("B1", FileKind.SIGNATURE),
        )  # fmt: skip
        report = day.monthly_reports.file(B1, request).reports[0].report
        detail = day.reports.detail(B1, there.kind, report)
        assert (detail.numbers.daily.due, detail.live and detail.live.daily.due) == (0, 0)

    def test_a_meeting_held_late_tells_its_own_month(self, day: Day) -> None:
        met = calendar.closes_at(FIRST, MONTH) + timedelta(hours=33)
        day.clock.set(met + timedelta(hours=1))
        day.run()
        assert draft(day, met=met).kinds[0].numbers.until == date(2026, 11, 30)

    def test_sent_twice_at_once_minutes_are_one(self, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
        submitted(day)
        request = drafted(day, member=D2)
        known, asked = day.store.minutes_of, []

        def not_yet(unit: str, due: date) -> Any:
            asked.append(due)
            return [one for one in known(unit, due) if one.by == "D1"] if len(asked) < 3 else known(unit, due)

        monkeypatch.setattr(day.store, "minutes_of", not_yet)
        first = day.minutes.submit(D2, request)
        day.clock.move(seconds=3)
        assert day.minutes.submit(D2, request) == first
        assert len(known(UNIT, FIRST)) == 2

    def test_a_director_sees_what_the_principal_signed(self, day: Day) -> None:
        sign(day, submitted(day))
        assert [len(one.reports) for one in draft(day, D1).kinds] == [1, 0]

    def test_minutes_of_more_kinds_than_fit_with_everybodys_rows_are_signed_all_the_same(self) -> None:
        sides = frozenset({UnitKind.PRODUCTION})
        kinds = [kind.code for kind in target_kinds(UnitKind.PRODUCTION)]
        people = (
            person("P1", roles={Role.OFFICER: sides}),
            *(person(code, roles={Role.DIRECTOR: sides}) for code in ("D1", "D2", "D3", "D4")),
            *(person(code, roles={Role.PRINCIPAL: sides}) for code in ("B1", "B2", "B3", "B4")),
        )
        licences = [
            target(f"L-{n}", unit_kind=UnitKind.PRODUCTION, kind=kind, subtype=None, officers=())
            for n, kind in enumerate(kinds)
        ]
        day = Day(roster(people, licences, unit=unit(kinds=sides)), duties=(Duty.DAILY, MONTH))
        day.clock.set(NOW)
        day.open(NOW.date())
        head, chief = director(sides=sides), membership("B1", Role.PRINCIPAL, sides=sides)
        minutes = day.minutes.submit(head, drafted(day, *kinds, member=head))
        request = SignatureRequest(
            version=1, kinds=seen(day, *kinds, member=chief), signature=day.file("B1", FileKind.SIGNATURE)
        )
        assert len(day.monthly_reports.sign(chief, minutes.minutes, request).reports) == len(kinds) == 18
        assert {row.state for row in day.store.rows(UNIT, "B1#principal", MONTH, FIRST)} == {TaskState.DONE}
        day.clock.set(calendar.closes_at(FIRST, MONTH) + timedelta(minutes=1))
        day.run()
        posts = [f"D{n}#director" for n in range(1, 5)] + [f"B{n}#principal" for n in range(1, 5)]
        states = {row.state for post in posts for row in day.store.rows(UNIT, post, MONTH, FIRST)}
        assert states == {TaskState.DONE}, "what did not fit is settled by the close"

    def test_a_kind_that_left_the_unit_keeps_nothing_from_being_signed(self, day: Day) -> None:
        minutes = submitted(day, ELEVATORS, CRANES)
        known = day.store.roster(UNIT)
        assert known is not None
        gone = replace(known.targets["E-3"], removed=True)
        day.change(replace(known, targets={**known.targets, "E-3": gone}, version="r2"))
        assert [one.kind for one in day.minutes.detail(B1, minutes.minutes).of] == [ELEVATORS]
        request = SignatureRequest(version=1, kinds=seen(day, ELEVATORS), signature=day.file("B1", FileKind.SIGNATURE))
        day.monthly_reports.sign(B1, minutes.minutes, request)
        assert (len(kept(day)), len(kept(day, CRANES))) == (1, 0)

    def test_sent_back_only_by_whom_they_are_asked_of_and_while_the_month_is_open(self, day: Day) -> None:
        minutes = submitted(day)
        stranger = membership("B9", Role.PRINCIPAL)
        day.store.apply(changes(people=(person("B9", Role.PRINCIPAL),), targets=(), phones_added=()))
        request = ReturnRequest(version=1, reason="补充。")
        with pytest.raises(NotFound):
            day.minutes.send_back(stranger, minutes.minutes, request)
        day.clock.set(calendar.late_until(FIRST, MONTH) + timedelta(minutes=1))
        with pytest.raises(Conflict, match="closed"):
            send_back(day, minutes)

    def test_minutes_of_one_month_are_not_revised_into_another(self, day: Day) -> None:
        first = submitted(day)
        for _ in range(12):
            day.night(minutes=1)
        december, met = date(2026, 12, 1), day.clock.move(hours=9)
        there = day.monthly_reports.draft(D1, december, met).kinds[0]
        request = MinutesRequest(
            due=december, kinds=(KindSeen(kind=there.kind, seen=there.seen),), meeting_at=met, text="纪要。",
            focus="防冻。", revises=Revision(minutes=first.minutes, version=1),
        )  # fmt: skip
        with pytest.raises(NotFound):
            day.minutes.submit(D1, request)

    def test_a_version_that_was_submitted_can_be_read_again(self, day: Day) -> None:
        first = submitted(day)
        submitted(day, focus="另一份重点。", revises=Revision(minutes=first.minutes, version=1))
        old, now = (day.minutes.detail(B1, first.minutes, version) for version in (1, None))
        assert (old.focus, now.focus, old.version, now.version) == ("完成限位器更换。", "另一份重点。", 1, 2)
        with pytest.raises(NotFound):
            day.minutes.detail(B1, first.minutes, 3)
