"""Reports that are there: a kind's history, and one whole with the numbers as they are now beside those it froze."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.reports import ReportDetail, ReportPage, ReportQuery
from tean.adapters.ports.common import PAGE
from tean.domain.errors import NotFound
from tean.domain.registry import as_target
from tean.domain.reports import Report
from tean.domain.tasks import Missed
from tean.domain.visibility import sees_kind
from tean.services.figures import FigureReader, numbers_answer
from tean.services.filing import report_item
from tean.services.missed import missed_items

if TYPE_CHECKING:
    from tean.adapters.cursors import Cursors
    from tean.adapters.ports.access import Access
    from tean.adapters.ports.reports import Reports
    from tean.domain.membership import Membership


@dataclass(frozen=True)
class ReportService:
    """Weekly and monthly reports as they were saved, for whoever sees their kind."""

    reports: Reports
    access: Access
    figures: FigureReader
    cursors: Cursors

    def page(self, member: Membership, kind: str, query: ReportQuery) -> ReportPage:
        """The history of a kind, newest first. One Query; one BatchGet names those who missed something."""
        _require_seen(member, kind)
        scope = f"reports {member.unit} {member.person} {member.role} {kind} {query.duty}"
        after = self.cursors.open(scope, query.cursor)
        page = self.reports.reports(member.unit, kind, query.duty, after=after, limit=PAGE)
        reports = [one for one in page.items if isinstance(one, Report)]
        told = {report.due for report in reports}
        missed = {one.due: one for one in page.items if isinstance(one, Missed) and one.due not in told}
        return ReportPage(
            items=tuple(map(report_item, reports)),
            missed=missed_items(self.access, member.unit, list(missed.values())),
            next=self.cursors.seal(scope, page.next),
        )

    def detail(self, member: Membership, kind: str, id: str) -> ReportDetail:
        """One report, with its numbers as they are now."""
        _require_seen(member, kind)
        report = self.reports.report(member.unit, kind, id)
        if report is None:
            raise NotFound("report.unknown", "没有找到这份报告，请回到列表下拉刷新。")
        return ReportDetail(
            **report_item(report).model_dump(),
            title=report.title,
            numbers=numbers_answer(report.numbers),
            live=numbers_answer(self.figures.live(report)),
            before=numbers_answer(report.before) if report.before else None,
            text=report.text,
            evaluation_sentence=report.sentence,
            override=report.override,
            focus=report.focus,
            photos=report.photos,
            signature=report.signature,
            drafted_by=report.drafted_by,
            drafted_by_name=report.drafted_by_name,
            performed_at=report.performed_at,
            seq=report.seq,
            sha256=report.sha256,
            previous=report.previous,
        )


def _require_seen(member: Membership, kind: str) -> None:
    as_target(kind)
    if not sees_kind(member, kind):
        raise NotFound("target.unknown", "没有找到这个种类，请回到列表下拉刷新。")
