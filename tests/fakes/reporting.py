"""Reports and minutes in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from schemas.language import Duty, TaskState
from tean.adapters.ports.common import Page
from tean.adapters.ports.reports import Filing, NotFiled, ReportFacts
from tean.domain import calendar
from tean.domain.membership import held_by
from tean.domain.minutes import Minutes
from tean.domain.records import Head
from tean.domain.reports import Report
from tean.domain.tasks import Missed, Sheet
from tests.fakes.shelves import ENTERABLE, RowKey, SheetKey, Shelves


class FakeReports(Shelves):
    """Reports, in the chains that records are in, and the minutes drafted for them."""

    def report_facts(
        self, unit: str, post: str, duty: Duty, due: date, kinds: Iterable[str], files: Iterable[str] = (),
        posts: Iterable[str] = (),
    ) -> ReportFacts:  # fmt: skip
        person, wanted = held_by(post)[0], tuple(kinds)
        with self._lock:
            rows = {kind: self._rows.get((unit, post, calendar.bucket(duty, due), duty, kind)) for kind in wanted}
            uploads = {file: self._uploads.get((unit, person, file)) for file in files}
            there = [one for (owner, *_), one in sorted(self._reports.items()) if owner == unit]
            return ReportFacts(
                person=self._people.get((unit, person)),
                rows={kind: row for kind, row in rows.items() if row},
                heads={kind: self._heads.get((unit, kind), Head()) for kind in wanted},
                filed={
                    kind: [one for one in there if (one.kind, one.duty, one.due) == (kind, duty, due)]
                    for kind in wanted
                },
                uploads={file: upload for file, upload in uploads.items() if upload},
                enterable=frozenset(
                    (kind, other)
                    for kind in wanted
                    for other in posts
                    if (row := self._rows.get((unit, other, calendar.bucket(duty, due), duty, kind)))
                    and row.is_enterable
                ),
            )

    def file(self, filing: Filing) -> NotFiled | None:
        with self._lock:
            refusal = self._filing_refusal(filing)
            if refusal != NotFiled():
                return refusal
            self._file(filing)
        return None

    def _filing_refusal(self, filing: Filing) -> NotFiled:
        member = filing.membership
        held = self.sides_of(member.unit, member.person, member.role)
        return NotFiled(
            dismissed=not held or not filing.sides <= held,
            existing=any(self._is_overtaken(filing, report) for report in filing.reports),
            minutes_moved=filing.minutes is not None and not self._stand_as_seen(filing.minutes, filing.seen),
            rows=self._rows_not_open(filing),
        )

    def _is_overtaken(self, filing: Filing, report: Report) -> bool:
        head, seen = self._heads.get((report.unit, report.kind), Head()), filing.heads[report.kind]
        taken = (report.unit, report.kind, report.id) in self._reports
        return taken or (head.seq, head.hash) != (seen.seq, seen.hash)

    def _stand_as_seen(self, minutes: Minutes, seen: Minutes | None) -> bool:
        there = self._minutes.get((minutes.unit, minutes.id))
        if there is None or seen is None:
            return there is seen
        return (there.version, there.state) == (seen.version, seen.state)

    def _rows_not_open(self, filing: Filing) -> tuple[tuple[str, str], ...]:
        closed = [
            (kind, post)
            for kind, posts in filing.close.items()
            for post in posts
            if (row := self._rows.get(_row(filing, kind, post))) is None or row.state not in ENTERABLE
        ]
        uncounted = [(kind, filing.membership.post) for kind in filing.counted if _sheet(filing) not in self._sheets]
        return tuple(dict.fromkeys([*closed, *uncounted]))

    def _file(self, filing: Filing) -> None:
        for report in filing.reports:
            self._reports[report.unit, report.kind, report.id] = report
            head = self._heads.get((report.unit, report.kind), Head())
            self._heads[report.unit, report.kind] = Head(report.seq, report.sha256, head.open_hazards)
        for kind, posts in filing.close.items():
            for post in posts:
                self._close_row(filing, _row(filing, kind, post))
        if filing.counted:
            sheet = self._sheets[_sheet(filing)]
            self._sheets[_sheet(filing)] = _counted(sheet, filing.counted)
        if filing.minutes:
            self._minutes[filing.minutes.unit, filing.minutes.id] = filing.minutes
            version = filing.minutes.unit, filing.minutes.id, filing.minutes.version
            self._minutes_versions.setdefault(version, filing.minutes)

    def _close_row(self, filing: Filing, key: RowKey) -> None:
        row = self._rows[key]
        self._rows[key] = replace(
            row,
            state=TaskState.LATE if filing.late else TaskState.DONE,
            closed_by=filing.membership.person,
            closed_by_name=filing.by_name,
            closed_at=filing.at,
            missed_at=row.missed_at if filing.late else None,
        )

    def report(self, unit: str, kind: str, id: str) -> Report | None:
        return self._reports.get((unit, kind, id))

    def reports(self, unit: str, kind: str, duty: Duty, *, after: str | None, limit: int) -> Page[Report | Missed]:
        there: dict[str, Report | Missed] = {}
        with self._lock:
            for (owner, what, _), report in self._reports.items():
                if (owner, what, report.duty) == (unit, kind, duty):
                    there[f"{report.due}.{report.role}.{report.n:02d}"] = report
            for (owner, what, of, due, share), missed in self._missed.items():
                if (owner, what, of) == (unit, kind, duty):
                    there[f"{due}.{share}.missed"] = missed
        left = [key for key in sorted(there, reverse=True) if after is None or key < after]
        shown = left[:limit]
        if len(left) > limit:
            shown = [key for key in shown if key[:10] != shown[-1][:10]]
        return Page(tuple(there[key] for key in shown), shown[-1] if shown and len(left) > limit else None)

    def minutes(self, unit: str, id: str) -> Minutes | None:
        return self._minutes.get((unit, id))

    def minutes_of(self, unit: str, due: date) -> Sequence[Minutes]:
        with self._lock:
            there = [one for (owner, _), one in sorted(self._minutes.items()) if owner == unit]
        return [one for one in there if one.due == due]

    def minutes_version(self, unit: str, id: str, version: int) -> Minutes | None:
        return self._minutes_versions.get((unit, id, version))


def _row(filing: Filing, kind: str, post: str) -> RowKey:
    return filing.membership.unit, post, filing.due, filing.duty, kind


def _sheet(filing: Filing) -> SheetKey:
    return filing.membership.unit, filing.duty, filing.due, filing.membership.post


def _counted(sheet: Sheet, kinds: Iterable[str]) -> Sheet:
    done = dict(sheet.done)
    for kind in kinds:
        done[kind] = done.get(kind, 0) + 1
    return replace(sheet, done=done)
