"""Monthly reports (月报告): the minutes of a meeting, signed by the principal, one report for each kind it covered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from schemas.language import Duty, Role, TaskState
from schemas.reports import (
    MonthlyDraft,
    MonthlyKind,
    MonthlyReportsRequest,
    ReportReceipts,
    SignatureRequest,
)
from tean.domain import calendar
from tean.domain.errors import Invalid
from tean.domain.figures import digest_of
from tean.domain.inspections import require_open
from tean.domain.menus import post_words
from tean.domain.minutes import Minutes, due_of, require_version, signed
from tean.domain.records import canonical, digest
from tean.domain.reports import (
    Report,
    Signing,
    paragraph,
    report_of,
    require_met,
    require_photos,
    require_seen,
    require_signed,
    require_told,
    title_of,
)
from tean.domain.visibility import sees_minutes
from tean.services import filing
from tean.services.figures import FigureReader, MonthFigures, numbers_answer
from tean.services.minutes_items import latest_first, minutes_unknown

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.reports import Filing, ReportFacts, Reports
    from tean.adapters.ports.tasks import Tasks
    from tean.domain.membership import Membership
    from tean.domain.tasks import Row
    from tean.services.filing import Lost

DUTY = Duty.MONTHLY_REPORT


@dataclass(frozen=True)
class MonthlyReportService:
    """What a meeting came to (acceptance 38). A director drafts minutes (``tean.services.minutes``), the principal
    signs them or writes alone."""

    reports: Reports
    tasks: Tasks
    figures: FigureReader
    clock: Clock

    def draft(self, member: Membership, due: date, meeting_at: datetime | None) -> MonthlyDraft:
        """What the minutes of a meeting begin with. Five Queries and one BatchGet, however many kinds and whatever the
        unit's size."""
        now = self.clock()
        met = meeting_at or now
        if meeting_at:
            require_met(due, meeting_at, now)
        rows = self._rows(member, due, now)
        facts = self.reports.report_facts(member.unit, member.post, DUTY, due, rows)
        drafted = [one for one in self.reports.minutes_of(member.unit, due) if sees_minutes(member, one)]
        return MonthlyDraft(
            due=due,
            meeting_at=met,
            late=calendar.is_late(due, now, DUTY),
            late_until=calendar.late_until(due, DUTY),
            signer=signer_of(rows.values()),
            kinds=monthly_kinds(self.figures, member, due, met, rows, facts),
            minutes=latest_first(drafted),
        )

    def _rows(self, member: Membership, due: date, now: datetime) -> Mapping[str, Row]:
        there = self.tasks.rows(member.unit, member.post, DUTY, due)
        rows = {row.target: row for row in there if is_asked(row)}
        require_open(next(iter(rows.values()), None), due, now)
        return rows

    def file(self, member: Membership, request: MonthlyReportsRequest) -> ReportReceipts:
        """The principal writes alone: directors' to-dos of these kinds are done with his. All are saved, or none."""
        now = self.clock()
        require_met(request.due, request.meeting_at, now)
        require_told(request.photos, request.text)
        files = (*request.photos, request.signature)
        payload = digest(canonical(request.model_dump(mode="json")))

        def told(facts: ReportFacts) -> _Said:
            require_photos(facts.uploads, request.photos, member.person)
            return _Said(request.meeting_at, request.focus, request.text, request.photos)

        return self._filed(member, _Wanted(request.due, request, payload, files), told)

    def sign(self, member: Membership, id: str, request: SignatureRequest) -> ReportReceipts:
        """The principal signs what a director drafted, as it is."""
        payload = digest(canonical([id, request.model_dump(mode="json")]))

        def told(facts: ReportFacts) -> _Said:
            minutes = self._signable(member, id, request)
            return _Said(minutes.meeting_at, minutes.focus, minutes.text, minutes.photos, minutes)

        return self._filed(member, _Wanted(due_of(id), request, payload, (request.signature,)), told)

    def _signable(self, member: Membership, id: str, request: SignatureRequest) -> Minutes:
        """The minutes as he saw them, all of whose kinds he signs for that are still asked of him."""
        minutes = self.reports.minutes(member.unit, id)
        if minutes is None or not sees_minutes(member, minutes):
            raise minutes_unknown()
        require_version(minutes, request.version)
        signed_for = {one.kind for one in request.kinds}
        left = set(minutes.kinds) - signed_for
        rows = self.reports.report_facts(member.unit, member.post, DUTY, minutes.due, sorted(left)).rows if left else {}
        if signed_for - set(minutes.kinds) or any(is_asked(row) for row in rows.values()):
            raise Invalid("minutes.kinds_differ", "签的种类与纪要不符，请重新打开这份纪要。")
        return minutes

    def _filed(self, member: Membership, wanted: _Wanted, told: Callable[[ReportFacts], _Said]) -> ReportReceipts:
        now, found = self.clock(), dict[str, Report]()
        directors = self._directors(member.unit, wanted.due)

        def judge(lost: Lost) -> Filing | None:
            facts = self.reports.report_facts(
                member.unit, member.post, DUTY, wanted.due, wanted.kinds, wanted.files, directors
            )
            found.update(filing.kept(facts, member, dict.fromkeys(wanted.kinds, wanted.payload)))
            if found:
                # They were saved together, or not at all.
                return None
            filed = self._judged(member, wanted, facts, told(facts), now, lost)
            fresh.update({report.kind: report for report in filed.reports})
            return filed

        fresh: dict[str, Report] = {}
        filing.file(self.reports, member, judge)
        return filing.receipts(wanted.due, wanted.kinds, fresh | found)

    def _judged(
        self, member: Membership, wanted: _Wanted, facts: ReportFacts, told: _Said, now: datetime, lost: Lost
    ) -> Filing:
        request, kinds = wanted.request, wanted.kinds
        asked = filing.asked(member, facts, DUTY, wanted.due, kinds, now, lost)
        require_signed(facts.uploads, request.signature, member.person)
        figures = self.figures.month(member.unit, DUTY, kinds, wanted.due, told.meeting_at)
        require_seen({one.kind: one.seen for one in request.kinds}, {kind: seen_of(figures[kind]) for kind in kinds})
        signing = Signing(member, asked.person, now, request.signature, wanted.payload, request.performed_at)
        reports = tuple(
            report_of(
                signing, asked.rows[kind], facts.heads[kind], filing.next_number(facts, member.role, kind),
                figures[kind].numbers, before=figures[kind].before, **told.said(),
            )
            for kind in kinds
        )  # fmt: skip
        written = replace(asked.filing(now), reports=reports, heads=facts.heads)
        if told.minutes is None:
            return written
        after = signed(told.minutes, member, asked.person.name, now)
        return replace(written, minutes=after, seen=told.minutes)

    def _directors(self, unit: str, due: date) -> Sequence[str]:
        """Whose to-dos are done when the principal has signed, as far as they are open."""
        sheets = self.tasks.sheets(unit, DUTY, due)
        return sorted(sheet.post for sheet in sheets if sheet.role is Role.DIRECTOR)


@dataclass(frozen=True)
class _Wanted:
    """What is to be signed, and the hash of it."""

    due: date
    request: MonthlyReportsRequest | SignatureRequest
    payload: str
    files: Collection[str]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds the meeting covered, in their order."""
        return tuple(one.kind for one in self.request.kinds)


@dataclass(frozen=True)
class _Said:
    """What was said at the meeting, by the principal himself or in ``minutes`` that a director drafted."""

    meeting_at: datetime
    focus: str
    text: str | None
    photos: tuple[str, ...]
    minutes: Minutes | None = None

    def said(self) -> dict[str, Any]:
        """As reports keep it."""
        said: dict[str, Any] = {
            "meeting_at": self.meeting_at, "focus": self.focus, "text": self.text, "photos": self.photos,
        }  # fmt: skip
        if self.minutes is None:
            return said
        drafted = {"drafted_by": self.minutes.by, "drafted_by_name": self.minutes.by_name, "minutes": self.minutes.id}
        return said | drafted


def is_asked(row: Row) -> bool:
    """Whether a to-do still stands: a kind that left the unit is asked of nobody."""
    return row.state is not TaskState.WITHDRAWN


def seen_of(figures: MonthFigures) -> str:
    """Names the numbers of a kind that somebody had before his eyes."""
    return digest_of(figures.open, figures.numbers, figures.before)


def signer_of(rows: Iterable[Row]) -> str:
    """The title of who signs the minutes of a month."""
    return post_words(Role.PRINCIPAL, {row.unit_kind for row in rows})


def monthly_kinds(
    reader: FigureReader, member: Membership, due: date, met: datetime, rows: Mapping[str, Row], facts: ReportFacts
) -> tuple[MonthlyKind, ...]:
    """Each kind with its numbers and a drafted paragraph."""
    figures = reader.month(member.unit, DUTY, rows, due, met)

    def told(kind: str, row: Row) -> MonthlyKind:
        one = figures[kind]
        return MonthlyKind(
            kind=kind,
            unit_kind=row.unit_kind,
            title=title_of(row),
            state=row.state,
            numbers=numbers_answer(one.numbers),
            before=numbers_answer(one.before),
            seen=seen_of(one),
            text=paragraph(kind, one.numbers, one.before, one.open),
            reports=tuple(map(filing.report_item, facts.filed.get(kind, ()))),
        )

    return tuple(told(kind, row) for kind, row in rows.items())
