"""Weekly reports (周报告): drafted from the week before, judged, signed for several kinds at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from schemas.language import Duty, Evaluation, evaluation_words, role_words
from schemas.reports import EvaluationOption, OpenHazard, ReportReceipts, WeeklyDraft, WeeklyReportsRequest
from tean.domain import calendar
from tean.domain.figures import Numbers, digest_of, found_on, numbers
from tean.domain.hazards import Hazard, overdue
from tean.domain.records import canonical, digest
from tean.domain.reports import (
    Report,
    Said,
    Signing,
    blocked,
    check_evaluation,
    report_of,
    require_seen,
    require_signed,
    summary,
    title_of,
    week_reported,
)
from tean.services import filing
from tean.services.figures import FigureReader, numbers_answer, open_of

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.reports import Filing, ReportFacts, Reports
    from tean.domain.membership import Membership
    from tean.services.filing import Lost

DUTY = Duty.WEEKLY_REPORT


@dataclass(frozen=True)
class WeeklyReportService:
    """What a director, or who stands in for one, reports of each kind (acceptance 36, 37)."""

    reports: Reports
    figures: FigureReader
    clock: Clock

    def draft(self, member: Membership, due: date, kind: str) -> WeeklyDraft:
        """What the report begins with. One BatchGet and two Queries, whatever the unit's size."""
        now = self.clock()
        facts = self.reports.report_facts(member.unit, member.post, DUTY, due, (kind,))
        row = filing.asked_row(member, facts, kind, due, now)
        since, until = week_reported(DUTY, due)
        sources = self.figures.sources(member.unit, DUTY, (kind,), since, until)
        told, open = numbers(DUTY, kind, since, until, sources), open_of(kind, sources)
        why = blocked(told.open)
        return WeeklyDraft(
            due=due,
            kind=kind,
            unit_kind=row.unit_kind,
            title=title_of(row),
            signer=role_words(member.role, row.unit_kind),
            state=row.state,
            late=calendar.is_late(due, now, DUTY),
            late_until=calendar.late_until(due, DUTY),
            numbers=numbers_answer(told),
            seen=digest_of(open, told),
            summary=summary(kind, told, open),
            evaluations=tuple(
                EvaluationOption(
                    evaluation=each,
                    sentence=evaluation_words(each, row.unit_kind),
                    blocked=why if each is Evaluation.UNDER_CONTROL else None,
                )
                for each in Evaluation
            ),
            open=tuple(_open(hazard, sources.today, since) for hazard in open),
            reports=tuple(map(filing.report_item, facts.filed[kind])),
        )

    def file(self, member: Membership, request: WeeklyReportsRequest) -> ReportReceipts:
        """Save them all, or none; the first of a bucket does its to-do. The same content again: the first answer."""
        now, kinds = self.clock(), tuple(each.kind for each in request.reports)
        payloads = _payloads(request)
        there: dict[str, Report] = {}

        def judge(lost: Lost) -> Filing | None:
            facts = self.reports.report_facts(member.unit, member.post, DUTY, request.due, kinds, (request.signature,))
            there.update(filing.kept(facts, member, payloads))
            if len(there) == len(kinds):
                return None
            judged = self._judged(member, request, facts, {*kinds} - there.keys(), payloads, now, lost)
            fresh.update({report.kind: report for report in judged.reports})
            return judged

        fresh: dict[str, Report] = {}
        filing.file(self.reports, member, judge)
        return filing.receipts(request.due, kinds, fresh | there)

    def _judged(
        self, member: Membership, request: WeeklyReportsRequest, facts: ReportFacts, kinds: set[str],
        payloads: Mapping[str, str], now: datetime, lost: Lost,
    ) -> Filing:  # fmt: skip
        asked = filing.asked(member, facts, DUTY, request.due, sorted(kinds), now, lost)
        require_signed(facts.uploads, request.signature, member.person)
        told, seen = self._numbers(member.unit, request.due, tuple(asked.rows))
        said = {each.kind: Said(**each.model_dump()) for each in request.reports if each.kind in kinds}
        require_seen({kind: one.seen for kind, one in said.items()}, seen)
        for kind, one in said.items():
            check_evaluation(one, told[kind])

        def report(kind: str) -> Report:
            row, one = asked.rows[kind], said[kind]
            signing = Signing(member, asked.person, now, request.signature, payloads[kind], request.performed_at)
            return report_of(
                signing, row, facts.heads[kind], filing.next_number(facts, member.role, kind), told[kind],
                text=one.summary, focus=one.focus, evaluation=one.evaluation, override=one.override,
                sentence=evaluation_words(one.evaluation, row.unit_kind),
            )  # fmt: skip

        reports = tuple(report(kind) for kind in asked.rows)
        return replace(asked.filing(now), reports=reports, heads=facts.heads)

    def _numbers(self, unit: str, due: date, kinds: Sequence[str]) -> tuple[Mapping[str, Numbers], Mapping[str, str]]:
        """By kind the numbers, and what names them."""
        since, until = week_reported(DUTY, due)
        sources = self.figures.sources(unit, DUTY, kinds, since, until)
        told = {kind: numbers(DUTY, kind, since, until, sources) for kind in kinds}
        return told, {kind: digest_of(open_of(kind, sources), one) for kind, one in told.items()}


def _payloads(request: WeeklyReportsRequest) -> Mapping[str, str]:
    """The hash of what was sent of each kind, whatever else was signed with it."""
    shared = [request.due.isoformat(), request.signature]
    return {one.kind: digest(canonical([*shared, one.model_dump(mode="json")])) for one in request.reports}


def _open(hazard: Hazard, today: date, since: date) -> OpenHazard:
    return OpenHazard(
        hazard=hazard.id,
        duty=hazard.duty,
        sentence=hazard.sentence,
        grade=hazard.grade,
        state=hazard.state,
        target_name=hazard.target_name,
        found_at=hazard.found_at,
        deadline=hazard.deadline,
        overdue=overdue(hazard, today),
        carried=found_on(hazard) < since,
    )
