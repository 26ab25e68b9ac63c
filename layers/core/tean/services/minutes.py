"""Minutes of a monthly meeting: a director drafts them for the principal, who signs them or sends them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from schemas.language import Duty
from schemas.reports import MinutesDetail, MinutesItem, MinutesList, MinutesRequest, MinutesStep, ReturnRequest
from tean.adapters.ports import Clock, Filing, ReportFacts, Reports
from tean.domain import calendar
from tean.domain.membership import Membership
from tean.domain.minutes import Minutes, due_of, minutes_id, require_version, revised, sent_back, submitted
from tean.domain.records import canonical, digest
from tean.domain.reports import require_met, require_photos, require_seen, require_told
from tean.domain.visibility import sees_minutes
from tean.services import filing
from tean.services.figures import FigureReader
from tean.services.filing import Asked, Lost
from tean.services.minutes_items import minutes_item, minutes_unknown
from tean.services.monthly_reports import monthly_kinds, seen_of, signer_of

DUTY = Duty.MONTHLY_REPORT


@dataclass(frozen=True)
class MinutesService:
    """From the director's draft to what the principal has before him (acceptance 38)."""

    reports: Reports
    figures: FigureReader
    clock: Clock

    def of_month(self, member: Membership, due: date) -> MinutesList:
        """What was drafted for a month, the latest first. One Query."""
        seen = [one for one in self.reports.minutes_of(member.unit, due) if sees_minutes(member, one)]
        return MinutesList(items=tuple(minutes_item(one) for one in reversed(seen)))

    def detail(self, member: Membership, id: str) -> MinutesDetail:
        """Minutes whole, with the numbers as they are now."""
        minutes, due, now = self._seen(member, id), due_of(id), self.clock()
        facts = self.reports.report_facts(member.unit, member.post, DUTY, due, minutes.kinds)
        return MinutesDetail(
            **minutes_item(minutes).model_dump(),
            late=calendar.is_late(due, now, DUTY),
            late_until=calendar.late_until(due, DUTY),
            signer=signer_of(facts.rows.values()),
            photos=minutes.photos,
            text=minutes.text,
            focus=minutes.focus,
            of=monthly_kinds(self.figures, member, due, minutes.meeting_at, facts.rows, facts),
            steps=tuple(MinutesStep.model_validate(step) for step in minutes.steps),
        )

    def submit(self, member: Membership, request: MinutesRequest) -> MinutesItem:
        """Give the principal what he is to sign; the director's own to-do is done with it. The same content again: the
        first answer."""
        now = self.clock()
        require_met(request.due, request.meeting_at, now)
        require_told(request.photos, request.text)
        payload = digest(canonical(request.model_dump(mode="json")))
        result: list[Minutes] = []

        def judge(lost: Lost) -> Filing | None:
            known = self.reports.minutes_of(member.unit, request.due)
            if there := [one for one in known if one.by == member.person and one.has_taken(payload)]:
                result[:] = there[:1]
                return None
            judged = self._judged(member, request, payload, now, lost)
            result[:] = [judged.minutes] if judged.minutes else []
            return judged

        filing.file(self.reports, member, judge)
        return minutes_item(result[0])

    def _judged(self, member: Membership, request: MinutesRequest, payload: str, now: datetime, lost: Lost) -> Filing:
        kinds = [one.kind for one in request.kinds]
        facts = self.reports.report_facts(member.unit, member.post, DUTY, request.due, kinds, request.photos)
        asked = filing.asked(member, facts, DUTY, request.due, kinds, now, lost)
        require_photos(facts.uploads, request.photos, member.person)
        figures = self.figures.month(member.unit, DUTY, kinds, request.due, request.meeting_at)
        require_seen(
            {one.kind: one.seen for one in request.kinds}, {kind: seen_of(one) for kind, one in figures.items()}
        )
        before = self._revised(member, request)
        minutes = _minutes(asked, request, payload, now)
        after = revised(before, minutes, member, now) if before else submitted(minutes, now)
        return replace(asked.filing(now), minutes=after, seen=before)

    def _revised(self, member: Membership, request: MinutesRequest) -> Minutes | None:
        if request.revises is None:
            return None
        before = self._seen(member, request.revises.minutes)
        require_version(before, request.revises.version)
        return before

    def send_back(self, member: Membership, id: str, request: ReturnRequest) -> MinutesItem:
        """Back to the director, who is told why. Sent again with the same reason: the first answer."""
        now, due = self.clock(), due_of(id)
        result: list[Minutes] = []

        def judge(lost: Lost) -> Filing | None:
            before = self._seen(member, id)
            require_version(before, request.version)
            if before.reason == request.reason and before.steps[-1].by == member.person:
                result[:] = [before]
                return None
            facts = self.reports.report_facts(member.unit, member.post, DUTY, due, before.kinds)
            asked = _looking(member, facts, due)
            after = sent_back(before, member, asked.person.name, request.reason, now)
            result[:] = [after]
            return replace(asked.filing(now), close={}, counted=(), minutes=after, seen=before)

        filing.file(self.reports, member, judge)
        return minutes_item(result[0])

    def _seen(self, member: Membership, id: str) -> Minutes:
        minutes = self.reports.minutes(member.unit, id)
        if minutes is None or not sees_minutes(member, minutes):
            raise minutes_unknown()
        return minutes


def _looking(member: Membership, facts: ReportFacts, due: date) -> Asked:
    """Who acts on minutes without doing a to-do."""
    if facts.person is None:
        raise filing.dismissed()
    return Asked(member, facts.person, DUTY, due, facts.rows)


def _minutes(asked: Asked, request: MinutesRequest, payload: str, now: datetime) -> Minutes:
    return Minutes(
        id=minutes_id(request.due, now, asked.member.person),
        unit=asked.member.unit,
        due=request.due,
        kinds=tuple(asked.rows),
        meeting_at=request.meeting_at,
        focus=request.focus,
        by=asked.member.person,
        by_name=asked.person.name,
        payload=payload,
        photos=request.photos,
        text=request.text,
    )
