"""Minutes of a monthly meeting: a director drafts them for the principal, who signs them or sends them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from schemas.language import Duty
from schemas.reports import MinutesDetail, MinutesItem, MinutesList, MinutesRequest, MinutesStep, ReturnRequest
from tean.domain import calendar
from tean.domain.errors import Conflict
from tean.domain.minutes import Minutes, due_of, minutes_id, require_version, revised, sent_back, submitted
from tean.domain.records import canonical, digest
from tean.domain.reports import require_met, require_photos, require_seen, require_told
from tean.domain.visibility import sees_minutes
from tean.services import filing
from tean.services.minutes_items import latest_first, minutes_item, minutes_unknown
from tean.services.monthly_reports import is_asked, monthly_kinds, seen_of, signer_of

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.reports import Filing, ReportFacts, Reports
    from tean.domain.membership import Membership
    from tean.domain.tasks import Row
    from tean.services.figures import FigureReader
    from tean.services.filing import Asked, Lost

DUTY = Duty.MONTHLY_REPORT
MOST_MINUTES = 20
"""Minutes drafted for one month."""


@dataclass(frozen=True)
class MinutesService:
    """From the director's draft to what the principal has before him (acceptance 38)."""

    reports: Reports
    figures: FigureReader
    clock: Clock

    def of_month(self, member: Membership, due: date) -> MinutesList:
        """What was drafted for a month, the latest first. One Query."""
        seen = [one for one in self.reports.minutes_of(member.unit, due) if sees_minutes(member, one)]
        return MinutesList(items=latest_first(seen))

    def detail(self, member: Membership, id: str, version: int | None = None) -> MinutesDetail:
        """Minutes whole, with the numbers as they are now; or as they were submitted in one version."""
        due, now = due_of(id), self.clock()
        minutes = self._version(self._seen(member, id), version)
        facts = self.reports.report_facts(member.unit, member.post, DUTY, due, minutes.kinds)
        rows = _live(facts)
        return MinutesDetail(
            **minutes_item(minutes).model_dump(),
            late=calendar.is_late(due, now, DUTY),
            late_until=calendar.late_until(due, DUTY),
            signer=signer_of(rows.values()),
            photos=minutes.photos,
            text=minutes.text,
            focus=minutes.focus,
            of=monthly_kinds(self.figures, member, due, minutes.meeting_at, rows, facts),
            steps=tuple(MinutesStep.model_validate(step) for step in minutes.steps),
        )

    def _version(self, minutes: Minutes, version: int | None) -> Minutes:
        if version is None:
            return minutes
        there = self.reports.minutes_version(minutes.unit, minutes.id, version)
        if there is None:
            raise minutes_unknown()
        return replace(there, steps=minutes.steps)

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
            if len(known) >= MOST_MINUTES and request.revises is None:
                raise Conflict("minutes.too_many", "这个月的会议纪要已经太多，请修改已提交的那一份。")
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
        minutes = _minutes(asked, request, payload)
        after = self._next(member, before, minutes, now) if before else submitted(minutes, now)
        return replace(asked.filing(now), minutes=after, seen=before)

    def _next(self, member: Membership, before: Minutes, after: Minutes, now: datetime) -> Minutes:
        left = sorted(set(before.kinds) - set(after.kinds))
        facts = self.reports.report_facts(member.unit, member.post, DUTY, before.due, left) if left else None
        return revised(before, after, member, now, bound=_live(facts) if facts else ())

    def _revised(self, member: Membership, request: MinutesRequest) -> Minutes | None:
        if request.revises is None:
            return None
        before = self._seen(member, request.revises.minutes)
        if before.due != request.due:
            raise minutes_unknown()
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
            asked = filing.asked(member, facts, DUTY, due, _live(facts) or before.kinds, now)
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


def _live(facts: ReportFacts) -> Mapping[str, Row]:
    return {kind: row for kind, row in facts.rows.items() if is_asked(row)}


def _minutes(asked: Asked, request: MinutesRequest, payload: str) -> Minutes:
    return Minutes(
        id=minutes_id(request.due, payload, asked.member.person),
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
