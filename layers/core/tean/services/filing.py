"""What the filing of weekly reports, monthly reports and drafted minutes has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from schemas.reports import ReportItem, ReportReceipt, ReportReceipts
from tean.adapters.ports.reports import Filing, NotFiled, ReportFacts, Reports
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden, NotFound, Unavailable
from tean.domain.inspections import require_open
from tean.domain.membership import Membership, post_of
from tean.domain.reports import MOST_REPORTS, Report
from tean.domain.visibility import sees_kind

if TYPE_CHECKING:
    from schemas.language import Duty, Role
    from tean.domain.registry import Person
    from tean.domain.tasks import Row

ATTEMPTS = 6
"""How often a filing is judged anew because something it was judged by has moved meanwhile."""

Lost = frozenset[tuple[str, str]]
"""Kinds and posts whose rows turned out not to be open."""
Judge = Callable[[Lost], Filing | None]
"""What is to be filed as things stand; None when all of it is there already."""


def file(reports: Reports, member: Membership, judge: Judge) -> None:
    """Write what ``judge`` says, judged anew for as long as something it was judged by moves."""
    lost: Lost = frozenset()
    for _ in range(ATTEMPTS):
        filing = judge(lost)
        if filing is None:
            return
        refused = reports.file(filing.fitted())
        if refused is None:
            return
        lost |= _lost(refused, member)
    raise Unavailable("report.contended", "同时有人在保存，您填的内容没有丢，请再试一次。")


def _lost(refused: NotFiled, member: Membership) -> Lost:
    if refused.dismissed:
        raise dismissed()
    return frozenset((kind, post) for kind, post in refused.rows if post != member.post)


def dismissed() -> Forbidden:
    """He may not act for the unit any more."""
    return Forbidden("person.dismissed", "您已不在本单位任职，不能再提交。")


@dataclass(frozen=True)
class Asked:
    """Of whom what is asked: the to-dos behind a filing, by kind."""

    member: Membership
    person: Person
    duty: Duty
    due: date
    rows: Mapping[str, Row]
    facts: ReportFacts
    lost: Lost = frozenset()

    def closing(self) -> Mapping[str, tuple[str, ...]]:
        """By kind the posts whose open rows are closed: his own, and those that share it."""
        return {kind: posts for kind, row in self.rows.items() if (posts := tuple(self._posts(kind, row)))}

    def counted(self) -> tuple[str, ...]:
        """The kinds that are done by this and by nobody of his role before."""
        return tuple(kind for kind, row in self.rows.items() if not row.is_closed and not self._reported(kind))

    def _reported(self, kind: str) -> bool:
        return any(report.role is self.member.role for report in self.facts.filed.get(kind, ()))

    def _posts(self, kind: str, row: Row) -> Iterable[str]:
        shared = (post_of(person, self.member.role) for person in row.officers if person != self.member.person)
        own = () if row.is_closed else (self.member.post, *sorted(shared))
        beside = sorted(post for what, post in self.facts.enterable if what == kind)
        return (post for post in (*own, *beside) if (kind, post) not in self.lost)

    def filing(self, now: datetime) -> Filing:
        """What is written whatever he files."""
        return Filing(
            membership=self.member,
            duty=self.duty,
            due=self.due,
            sides=frozenset(row.unit_kind for row in self.rows.values()),
            by_name=self.person.name,
            at=now,
            late=calendar.is_late(self.due, now, self.duty),
            close=self.closing(),
            counted=self.counted(),
        )


def asked(
    member: Membership, facts: ReportFacts, duty: Duty, due: date, kinds: Iterable[str], now: datetime,
    lost: Lost = frozenset(),
) -> Asked:  # fmt: skip
    """The to-dos of these kinds, which must be his and still be open to entries."""
    if facts.person is None:
        raise dismissed()
    rows = {kind: asked_row(member, facts, kind, due, now) for kind in kinds}
    return Asked(member, facts.person, duty, due, rows, facts, lost)


def asked_row(member: Membership, facts: ReportFacts, kind: str, due: date, now: datetime) -> Row:
    """His to-do of a kind. What he did of a kind that is his no more is not his to go on with."""
    row = require_open(facts.rows.get(kind), due, now)
    if not sees_kind(member, kind):
        raise NotFound("task.unknown", "没有找到这项任务，请回到待办列表下拉刷新。")
    return row


def next_number(facts: ReportFacts, role: Role, kind: str) -> int:
    """Which report of its bucket and role this is."""
    there = sum(report.role is role for report in facts.filed.get(kind, ()))
    if there == MOST_REPORTS:
        raise Conflict("report.too_many", f"这一期已经有 {MOST_REPORTS} 份报告，不能再写。", kind=kind)
    return there + 1


def kept(facts: ReportFacts, member: Membership, payloads: Mapping[str, str]) -> Mapping[str, Report]:
    """What of the same content he has filed already, by kind: a lost answer is given again."""
    return {
        kind: report
        for kind, payload in payloads.items()
        for report in facts.filed.get(kind, ())
        if (report.person, report.payload) == (member.person, payload)
    }


def receipts(due: date, kinds: Iterable[str], reports: Mapping[str, Report]) -> ReportReceipts:
    """What the unit now holds, in the order of ``kinds``."""
    return ReportReceipts(due=due, reports=tuple(_receipt(reports[kind]) for kind in kinds))


def _receipt(report: Report) -> ReportReceipt:
    return ReportReceipt(
        report=report.id, number=report.number, kind=report.kind, received_at=report.received_at, late=report.late
    )


def report_item(report: Report) -> ReportItem:
    """A report in a list."""
    return ReportItem(
        report=report.id,
        number=report.number,
        duty=report.duty,
        due=report.due,
        kind=report.kind,
        unit_kind=report.unit_kind,
        person=report.person,
        person_name=report.person_name,
        role=report.role,
        received_at=report.received_at,
        late=report.late,
        evaluation=report.evaluation,
        meeting_at=report.meeting_at,
    )
