"""Reports and drafted minutes, filed whole or not at all, over every store (acceptance 36-38)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.language import Duty, MinutesState, PersonState, Role, TaskState
from tean.adapters.ports.days import PutMissed, PutRow, PutSheet
from tean.adapters.ports.reports import Filing, NotFiled
from tean.adapters.ports.store import Store
from tean.domain.minutes import Minutes, revised, sent_back, signed
from tean.domain.records import Head
from tean.domain.reports import Report
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, NOW, OTHER_UNIT, UNIT

WEEK, MONTH = Duty.WEEKLY_REPORT, Duty.MONTHLY_REPORT
FIRST = DAY.replace(day=1)
KINDS = ("3000", "4000")
D1 = "D1#director"


@pytest.fixture(autouse=True)
def asked(store: Store) -> None:
    """Both directors are asked for the reports of two kinds, weekly and monthly."""
    people = (builders.person("D1", Role.DIRECTOR), builders.person("D2", Role.DIRECTOR))
    store.apply(builders.changes(builders.roster(people)))
    for duty, due in ((WEEK, DAY), (MONTH, FIRST)):
        for who in ("D1", "D2"):
            rows = [
                builders.row(who, kind, duty=duty, due=due, kind=kind, role=Role.DIRECTOR, officers=("D1", "D2"))
                for kind in KINDS
            ]
            sheet = builders.sheet(who, duty=duty, due=due, role=Role.DIRECTOR, owed={"3000": 1, "4000": 1})
            assert store.write_day(UNIT, [*map(PutRow, rows), PutSheet(sheet)])


def states(store: Store, post: str = D1, duty: Duty = WEEK) -> dict[str, TaskState]:
    due = DAY if duty is WEEK else FIRST
    return {row.target: row.state for row in store.rows(UNIT, post, duty, due)}


def head(store: Store, kind: str = "3000") -> Head:
    return store.report_facts(UNIT, D1, WEEK, DAY, (kind,)).heads[kind]


def listed(store: Store, kind: str = "3000", duty: Duty = WEEK) -> list[Report]:
    page = store.reports(UNIT, kind, duty, after=None, limit=50)
    return [one for one in page.items if isinstance(one, Report)]


def untouched(store: Store, filing: Filing) -> NotFiled:
    """The refusal, after which nothing is there that was not there before."""

    def everything() -> object:
        rows = [store.rows(UNIT, f"{who}#director", duty, due) for who in ("D1", "D2") for duty, due in _BUCKETS]
        sheets = [store.sheets(UNIT, duty, due) for duty, due in _BUCKETS]
        return rows, sheets, [listed(store, kind) for kind in KINDS], store.minutes_of(UNIT, FIRST), head(store)

    before = everything()
    refusal = store.file(filing)
    assert refusal is not None
    assert everything() == before
    return refusal


_BUCKETS = ((WEEK, DAY), (MONTH, FIRST))


class TestReports:
    def test_filed_it_is_kept_chained_counted_and_closes_the_rows_that_share_it(self, store: Store) -> None:
        report = builders.report()
        assert store.file(builders.filing(report, close={"3000": (D1, "D2#director")})) is None

        assert store.report(UNIT, "3000", report.id) == report
        assert head(store) == Head(1, report.sha256)
        assert (states(store), states(store, "D2#director")) == (
            {"3000": TaskState.DONE, "4000": TaskState.OPEN}, {"3000": TaskState.DONE, "4000": TaskState.OPEN},
        )  # fmt: skip
        (row,) = [row for row in store.rows(UNIT, "D2#director", WEEK, DAY) if row.is_closed]
        assert (row.closed_by, row.closed_by_name, row.closed_at) == ("D1", "示例人员D1", NOW)
        assert {sheet.post: sheet.done for sheet in store.sheets(UNIT, WEEK, DAY)} == {
            D1: {"3000": 1}, "D2#director": {},
        }  # fmt: skip

    def test_several_kinds_are_filed_together(self, store: Store) -> None:
        reports = [builders.report(kind) for kind in KINDS]
        assert store.file(builders.filing(*reports)) is None
        assert states(store) == dict.fromkeys(KINDS, TaskState.DONE)
        assert [listed(store, kind) for kind in KINDS] == [[report] for report in reports]

    def test_it_goes_on_with_the_chain_and_leaves_its_counts(self, store: Store) -> None:
        first = builders.report()
        store.file(builders.filing(first))
        second = builders.report(n=2, seq=2, previous=first.sha256)
        going_on = builders.filing(second, heads={"3000": Head(1, first.sha256)}, close={}, counted=())
        assert store.file(going_on) is None
        assert head(store) == Head(2, second.sha256)
        assert listed(store) == [second, first]

    def test_of_two_who_saw_the_same_one_wins(self, store: Store) -> None:
        assert store.file(builders.filing(builders.report())) is None
        late = untouched(store, builders.filing(builders.report(payload="e" * 64)))
        assert (late.existing, late.rows) == (True, (("3000", D1),))

    def test_a_chain_that_went_on_stands_in_the_way_of_all(self, store: Store) -> None:
        store.file(builders.filing(builders.report()))
        both = builders.filing(builders.report("4000"), builders.report(n=2), close={}, counted=())
        assert untouched(store, both).existing
        assert listed(store, "4000") == []

    def test_a_row_that_is_not_there_stands_in_the_way(self, store: Store) -> None:
        filing = builders.filing(builders.report(), close={"3000": (D1, "D9#director")})
        assert untouched(store, filing).rows == (("3000", "D9#director"),)

    def test_without_a_sheet_the_bucket_was_not_opened_whole(self, store: Store) -> None:
        due = DAY + timedelta(days=7)
        row = builders.row("D1", "3000", duty=WEEK, due=due, role=Role.DIRECTOR)
        store.write_day(UNIT, [PutRow(row)])
        assert untouched(store, builders.filing(builders.report(due=due), due=due)).rows == (("3000", D1),)

    def test_who_was_dismissed_files_nothing(self, store: Store) -> None:
        scenes.change(store, builders.person("D1", Role.DIRECTOR, state=PersonState.DISMISSED))
        assert untouched(store, builders.filing(builders.report())).dismissed

    def test_who_lost_the_side_files_nothing_on_it(self, store: Store) -> None:
        scenes.change(store, builders.person("D1", Role.OFFICER))
        assert untouched(store, builders.filing(builders.report())).dismissed

    def test_entered_late_the_row_keeps_when_it_was_missed(self, store: Store) -> None:
        missed_at, due = NOW - timedelta(hours=9), DAY - timedelta(days=7)
        row = builders.row(
            "D1", "3000", duty=WEEK, due=due, role=Role.DIRECTOR, state=TaskState.MISSED, missed_at=missed_at
        )
        sheet = builders.sheet("D1", duty=WEEK, due=due, role=Role.DIRECTOR)
        store.write_day(UNIT, [PutRow(row), PutSheet(sheet)])
        assert store.file(builders.filing(builders.report(due=due, late=True), due=due, late=True)) is None
        (after,) = store.rows(UNIT, D1, WEEK, due)
        assert (after.state, after.missed_at) == (TaskState.LATE, missed_at)

    def test_received_in_time_and_written_after_the_close_nothing_was_missed(self, store: Store) -> None:
        due = DAY - timedelta(days=7)
        row = builders.row("D1", "3000", duty=WEEK, due=due, role=Role.DIRECTOR, state=TaskState.MISSED, missed_at=NOW)
        store.write_day(UNIT, [PutRow(row), PutSheet(builders.sheet("D1", duty=WEEK, due=due, role=Role.DIRECTOR))])
        assert store.file(builders.filing(builders.report(due=due), due=due)) is None
        (after,) = store.rows(UNIT, D1, WEEK, due)
        assert (after.state, after.missed_at) == (TaskState.DONE, None)


class TestFacts:
    def test_what_filing_is_judged_by_is_read_at_once(self, store: Store) -> None:
        report = builders.report()
        store.file(builders.filing(report))
        upload = scenes.settled(store, "D1")
        facts = store.report_facts(UNIT, D1, WEEK, DAY, (*KINDS, "5000"), (upload.file, "D1." + "9" * 32))
        assert facts.person == builders.person("D1", Role.DIRECTOR)
        assert {kind: row.state for kind, row in facts.rows.items()} == {
            "3000": TaskState.DONE, "4000": TaskState.OPEN,
        }  # fmt: skip
        assert facts.heads == {"3000": Head(1, report.sha256), "4000": Head(), "5000": Head()}
        assert {kind: list(filed) for kind, filed in facts.filed.items()} == {"3000": [report], "4000": [], "5000": []}
        assert facts.uploads == {upload.file: upload}

    def test_reports_of_another_role_are_seen_rows_are_not(self, store: Store) -> None:
        report = builders.report()
        store.file(builders.filing(report))
        facts = store.report_facts(UNIT, "B1#principal", WEEK, DAY, ("3000",))
        assert (facts.rows, facts.filed) == ({}, {"3000": [report]})

    def test_which_of_others_have_a_row_to_close(self, store: Store) -> None:
        store.file(builders.filing(builders.report(), close={"3000": ("D2#director",)}))
        facts = store.report_facts(UNIT, "B1#principal", WEEK, DAY, KINDS, posts=(D1, "D2#director", "D9#director"))
        assert facts.enterable == {("3000", D1), ("4000", D1), ("4000", "D2#director")}


class TestHistory:
    def test_buckets_come_newest_first_with_what_was_missed_and_only_of_their_duty(self, store: Store) -> None:
        weeks = [DAY - timedelta(days=7 * back) for back in range(3)]
        marker = builders.missed("3000", duty=WEEK, due=weeks[1], kind="3000", officers=("D1",), share=Role.DIRECTOR)
        other = builders.missed("3000", duty=Duty.WEEKLY, due=weeks[1], kind="3000", share="officer-P1")
        store.write_day(UNIT, [PutMissed(marker), PutMissed(other)])
        reports = _history(store, weeks[2], weeks[0])
        page = store.reports(UNIT, "3000", WEEK, after=None, limit=50)
        assert (list(page.items), page.next) == ([reports[1], marker, reports[0]], None)
        assert store.reports(OTHER_UNIT, "3000", WEEK, after=None, limit=50).items == ()

    def test_a_page_never_cuts_a_bucket_in_two(self, store: Store) -> None:
        weeks = [DAY - timedelta(days=7 * back) for back in range(4)]
        _history(store, *[week for week in reversed(weeks) for _ in range(3)])
        found = scenes.walk(lambda after: store.reports(UNIT, "3000", WEEK, after=after, limit=7), 7, may_be_short=True)
        assert [(one.due, one.n) for one in found if isinstance(one, Report)] == [
            (week, n) for week in weeks for n in (3, 2, 1)
        ]
        first = store.reports(UNIT, "3000", WEEK, after=None, limit=7)
        assert [one.due for one in first.items] == [weeks[0]] * 3 + [weeks[1]] * 3


def _history(store: Store, *dues: object) -> list[Report]:
    made: list[Report] = []
    for due in dues:
        last = made[-1] if made else None
        report = builders.report(
            due=due, n=1 + sum(one.due == due for one in made), seq=len(made) + 1,
            previous=last.sha256 if last else None,
        )  # fmt: skip
        heads = {"3000": Head(len(made), last.sha256 if last else None)}
        assert store.file(builders.filing(report, due=due, heads=heads, close={}, counted=())) is None
        made.append(report)
    return made


class TestMinutes:
    def submitted(self, store: Store, minutes: Minutes, seen: Minutes | None = None) -> NotFiled | None:
        close = {"3000": (D1,)} if seen is None else {}
        filing = builders.filing(duty=MONTH, due=FIRST, close=close, counted=tuple(close), minutes=minutes, seen=seen)
        return store.file(filing)

    def test_submitted_they_are_kept_and_the_directors_row_is_done(self, store: Store) -> None:
        minutes = builders.minutes()
        assert self.submitted(store, minutes) is None
        assert store.minutes(UNIT, minutes.id) == minutes
        assert store.minutes_of(UNIT, FIRST) == [minutes]
        assert states(store, duty=MONTH) == {"3000": TaskState.DONE, "4000": TaskState.OPEN}
        assert store.minutes_of(OTHER_UNIT, FIRST) == []

    def test_they_are_listed_by_their_month_the_first_drafted_first(self, store: Store) -> None:
        later = builders.minutes(id="2026-11-01.eeeeeeeeeeeeeeee.D1")
        december = builders.minutes(id="2026-12-01.dddddddddddddddd.D1", due=FIRST.replace(month=12))
        for minutes in (later, builders.minutes(), december):
            assert store.file(builders.filing(duty=MONTH, due=FIRST, minutes=minutes)) is None
        assert [one.id for one in store.minutes_of(UNIT, FIRST)] == [builders.minutes().id, later.id]

    def test_each_submitted_version_stays_readable(self, store: Store) -> None:
        first = builders.minutes()
        self.submitted(store, first)
        member = builders.membership("D1", Role.DIRECTOR)
        second = revised(first, replace(first, focus="另一份重点。", payload="e" * 64), member, NOW)
        assert self.submitted(store, second, first) is None
        back = sent_back(second, member, "示例人员", "再补充", NOW)
        assert self.submitted(store, back, second) is None
        assert store.minutes(UNIT, first.id) == back
        assert [store.minutes_version(UNIT, first.id, version) for version in (1, 2, 3)] == [first, second, None]
        assert len(store.minutes_of(UNIT, FIRST)) == 1

    def test_they_must_stand_as_they_were_seen(self, store: Store) -> None:
        first = builders.minutes()
        self.submitted(store, first)
        member = builders.membership("D1", Role.DIRECTOR)
        self.submitted(store, sent_back(first, member, "示例人员", "再补充", NOW), first)
        done = signed(first, member, "示例人员", NOW)
        report = builders.report(duty=MONTH, due=FIRST)
        filing = builders.filing(report, duty=MONTH, due=FIRST, close={}, counted=(), minutes=done, seen=first)
        assert untouched(store, filing).minutes_moved
        assert untouched(store, replace(filing, seen=None)).minutes_moved

    def test_signed_their_reports_are_filed_with_them(self, store: Store) -> None:
        first = builders.minutes()
        self.submitted(store, first)
        done = signed(first, builders.membership("D1", Role.DIRECTOR), "示例人员", NOW)
        report = builders.report(duty=MONTH, due=FIRST)
        filing = builders.filing(report, duty=MONTH, due=FIRST, close={}, counted=(), minutes=done, seen=first)
        assert store.file(filing) is None
        there = store.minutes(UNIT, first.id)
        assert there is not None
        assert (there.state, listed(store, duty=MONTH)) == (MinutesState.SIGNED, [report])
