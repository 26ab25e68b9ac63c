"""Minutes between two directors and two principals who act on what they saw last, in whatever order and however often:
nothing is signed twice, nothing is signed that was not submitted, nothing that was submitted is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from schemas.language import Duty, FileKind, MinutesAct, MinutesState, Role
from schemas.reports import (
    KindSeen,
    MinutesItem,
    MinutesRequest,
    MonthlyReportsRequest,
    ReturnRequest,
    Revision,
    SignatureRequest,
)
from tean.domain.errors import Conflict, Forbidden
from tean.domain.membership import Membership
from tean.domain.reports import MOST_REPORTS, Report
from tean.services.minutes import MOST_MINUTES
from tests.campaign import size
from tests.fakes.builders import UNIT, membership, person, roster, target
from tests.fakes.day import Day, director

FIRST, KIND = date(2026, 11, 1), "3000"
MET = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
DIRECTORS = (director("D1"), director("D2"))
PRINCIPALS = (membership("B1", Role.PRINCIPAL), membership("B2", Role.PRINCIPAL))
DIRECTOR, PRINCIPAL = st.sampled_from(DIRECTORS), st.sampled_from(PRINCIPALS)


class Meetings(RuleBasedStateMachine):
    """Each keeps the list he read last; what is acted on may have moved since."""

    @initialize()
    def begin(self) -> None:
        people = (
            person("P1"), *(person(code, Role.DIRECTOR) for code in ("D1", "D2")),
            *(person(code, Role.PRINCIPAL) for code in ("B1", "B2")),
        )  # fmt: skip
        self.day = Day(roster(people, (target("E-1"),)), duties=(Duty.DAILY, Duty.MONTHLY_REPORT))
        self.day.clock.set(datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
        self.day.open(date(2026, 11, 19))
        self.seen: dict[str, list[MinutesItem]] = {}
        self.submitted: dict[str, dict[int, str]] = {}
        self.sent: list[tuple[Membership, MinutesRequest, str]] = []
        self.alone = 0

    def kinds(self, member: Membership) -> tuple[KindSeen, ...]:
        (one,) = self.day.monthly_reports.draft(member, FIRST, MET).kinds
        return (KindSeen(kind=KIND, seen=one.seen),)

    def meeting(self, member: Membership, **fields: Any) -> dict[str, Any]:
        self.day.clock.move(seconds=1)
        said = f"第 {self.day.clock():%H%M%S} 份。"
        return {
            "due": FIRST, "kinds": self.kinds(member), "meeting_at": MET, "text": said, "focus": said,
        } | fields  # fmt: skip

    def one(self, member: Membership, at: int) -> MinutesItem | None:
        """One of those he saw last; who has seen none looks first."""
        if not self.seen.get(member.person):
            self.look(member)
        known = self.seen[member.person]
        return known[at % len(known)] if known else None

    def reports(self) -> list[Report]:
        page = self.day.store.reports(UNIT, KIND, Duty.MONTHLY_REPORT, after=None, limit=50)
        return [one for one in page.items if isinstance(one, Report)]

    @rule(member=st.one_of(DIRECTOR, PRINCIPAL))
    def looks(self, member: Membership) -> None:
        self.look(member)

    def look(self, member: Membership) -> None:
        self.seen[member.person] = list(self.day.minutes.of_month(member, FIRST).items)

    @rule(member=DIRECTOR)
    def submit(self, member: Membership) -> None:
        request = MinutesRequest(**self.meeting(member))
        if len(self.submitted) >= MOST_MINUTES:
            with pytest.raises(Conflict, match=r"minutes\.too_many"):
                self.day.minutes.submit(member, request)
            return
        item = self.day.minutes.submit(member, request)
        self.submitted[item.minutes] = {1: request.focus}
        self.sent.append((member, request, item.minutes))

    @rule(member=DIRECTOR, at=st.integers(0, 5))
    def revise(self, member: Membership, at: int) -> None:
        if (seen := self.one(member, at)) is None:
            return
        revises = Revision(minutes=seen.minutes, version=seen.version)
        request = MinutesRequest(**self.meeting(member, revises=revises))
        there = self.day.store.minutes(UNIT, seen.minutes)
        assert there is not None
        if there.version == seen.version and there.state is not MinutesState.SIGNED and there.by == member.person:
            item = self.day.minutes.submit(member, request)
            self.submitted[item.minutes][item.version] = request.focus
            self.sent.append((member, request, item.minutes))
            return
        with pytest.raises((Conflict, Forbidden)):
            self.day.minutes.submit(member, request)

    @rule(at=st.integers(0, 20))
    def submit_again(self, at: int) -> None:
        if not self.sent:
            return
        member, request, minutes = self.sent[at % len(self.sent)]
        assert self.day.minutes.submit(member, request).minutes == minutes

    @rule(member=PRINCIPAL, at=st.integers(0, 5))
    def send_back(self, member: Membership, at: int) -> None:
        if (seen := self.one(member, at)) is None:
            return
        self.day.clock.move(seconds=1)
        request = ReturnRequest(version=seen.version, reason=f"{self.day.clock():%H%M%S}")
        there = self.day.store.minutes(UNIT, seen.minutes)
        assert there is not None
        if (there.version, there.state) == (seen.version, MinutesState.SUBMITTED):
            assert self.day.minutes.send_back(member, seen.minutes, request).reason == request.reason
            return
        with pytest.raises(Conflict):
            self.day.minutes.send_back(member, seen.minutes, request)

    @rule(member=PRINCIPAL, at=st.integers(0, 5), again=st.booleans())
    def sign(self, member: Membership, at: int, again: bool) -> None:
        if (seen := self.one(member, at)) is None:
            return
        request = SignatureRequest(
            version=seen.version, kinds=self.kinds(member), signature=self.day.file(member.person, FileKind.SIGNATURE)
        )
        there, before = self.day.store.minutes(UNIT, seen.minutes), len(self.reports())
        assert there is not None
        signable = (there.version, there.state) == (seen.version, MinutesState.SUBMITTED)
        if not signable or before == MOST_REPORTS:
            with pytest.raises(Conflict):
                self.day.monthly_reports.sign(member, seen.minutes, request)
            return
        first = self.day.monthly_reports.sign(member, seen.minutes, request)
        if again:
            assert self.day.monthly_reports.sign(member, seen.minutes, request) == first
        assert len(self.reports()) == before + 1

    @rule(member=PRINCIPAL)
    def write_alone(self, member: Membership) -> None:
        signature = self.day.file(member.person, FileKind.SIGNATURE)
        request = MonthlyReportsRequest(**self.meeting(member, signature=signature))
        if len(self.reports()) == MOST_REPORTS:
            with pytest.raises(Conflict):
                self.day.monthly_reports.file(member, request)
            return
        self.day.monthly_reports.file(member, request)
        self.alone += 1

    @invariant()
    def what_was_signed_is_what_was_submitted_once(self) -> None:
        if not hasattr(self, "day"):
            return
        signed = {one.id: one for one in self.day.store.minutes_of(UNIT, FIRST) if one.state is MinutesState.SIGNED}
        drafted = [one for one in self.reports() if one.minutes]
        assert sorted(one.minutes or "" for one in drafted) == sorted(signed)
        assert len(self.reports()) == len(signed) + self.alone
        for report in drafted:
            assert report.minutes is not None
            minutes = signed[report.minutes]
            assert report.focus == self.submitted[minutes.id][minutes.version]
            assert [step.act for step in minutes.steps].count(MinutesAct.SIGN) == 1

    @invariant()
    def every_version_is_there_and_the_chain_holds(self) -> None:
        if not hasattr(self, "day"):
            return
        assert {one.id for one in self.day.store.minutes_of(UNIT, FIRST)} == set(self.submitted)
        for minutes, versions in self.submitted.items():
            for version, focus in versions.items():
                kept = self.day.store.minutes_version(UNIT, minutes, version)
                assert kept is not None
                assert kept.focus == focus
        chain = sorted(self.reports(), key=lambda one: one.seq)
        assert [one.seq for one in chain] == list(range(1, len(chain) + 1))
        assert [one.previous for one in chain] == [None, *(one.sha256 for one in chain)][: len(chain)]


@pytest.mark.campaign
def test_whatever_two_directors_and_two_principals_do_each_meeting_is_signed_once() -> None:
    run_state_machine_as_test(Meetings, settings=settings(max_examples=size(settings().max_examples, 1_500)))
