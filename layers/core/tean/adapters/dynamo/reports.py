"""Weekly and monthly reports, and the minutes drafted for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from schemas.language import Duty, TaskState
from tean.adapters.dynamo import (
    conditions,
    keys,
    record_codec,
    registry_codec,
    report_codec,
    standing,
    task_codec,
    upload_codec,
)
from tean.adapters.dynamo.calls import Key, Part
from tean.adapters.dynamo.transactions import Refused, Transaction
from tean.adapters.models import RecordItem, RegistryItem, TaskItem, UploadItem
from tean.adapters.ports.common import Page
from tean.adapters.ports.reports import Filing, NotFiled, ReportFacts, Reports
from tean.domain.membership import held_by
from tean.domain.records import Head
from tean.domain.reports import MOST_REPORTS, REPORTERS, Report

if TYPE_CHECKING:
    from tean.adapters.dynamo.codec import Item
    from tean.domain.minutes import Minutes
    from tean.domain.tasks import Missed


class DynamoReports(Part, Reports):
    """Judged by one BatchGet, written by one TransactWriteItems."""

    def report_facts(
        self, unit: str, post: str, duty: Duty, due: date, kinds: Iterable[str], files: Iterable[str] = (),
        posts: Iterable[str] = (),
    ) -> ReportFacts:  # fmt: skip
        person, wanted, others = held_by(post)[0], tuple(kinds), tuple(posts)

        def row(kind: str, whose: str) -> Key:
            return TaskItem, keys.owned(unit, whose), keys.row(duty, due, kind)

        him: Key = (RegistryItem, unit, keys.person(person))
        heads: dict[str, Key] = {kind: (RecordItem, keys.owned(unit, kind), keys.HEAD) for kind in wanted}
        filed = {kind: list(_filed(unit, kind, duty, due)) for kind in wanted}
        cited: dict[str, Key] = {file: (UploadItem, keys.owned(unit, person), file) for file in files}
        beside = {(kind, other): row(kind, other) for kind in wanted for other in others}
        rows = {kind: row(kind, post) for kind in wanted}
        reports = (key for each in filed.values() for key in each)
        found = self._calls.get_all((him, *rows.values(), *heads.values(), *cited.values(), *beside.values(), *reports))
        return ReportFacts(
            person=registry_codec.read_person(found[him]) if him in found else None,
            rows={kind: task_codec.read_row(found[key]) for kind, key in rows.items() if key in found},
            heads={kind: record_codec.read_head(found[key]) if key in found else Head() for kind, key in heads.items()},
            filed={kind: _reports(found, each) for kind, each in filed.items()},
            uploads={file: upload_codec.read_upload(found[key]) for file, key in cited.items() if key in found},
            enterable=frozenset(
                place for place, key in beside.items() if key in found and task_codec.read_row(found[key]).is_enterable
            ),
        )

    def file(self, filing: Filing) -> NotFiled | None:
        transaction = Transaction(self._calls)
        _demand_person(transaction, filing)
        for report in filing.reports:
            transaction.put("report", report_codec.report_item(report), conditions.ABSENT)
            _advance_head(transaction, filing, report)
        for kind, post in _rows(filing):
            item = TaskItem(keys.owned(filing.membership.unit, post), keys.row(filing.duty, filing.due, kind))
            transaction.update(_row(kind, post), item, list(_closed(filing)), conditions.ROW_ENTERABLE)
        if filing.counted:
            _count_on_sheet(transaction, filing)
        if filing.minutes:
            _write_minutes(transaction, filing.minutes, filing.seen)
        refused = transaction.commit()
        return _why(filing, refused) if refused else None

    def report(self, unit: str, kind: str, id: str) -> Report | None:
        item = self._calls.get(RecordItem, keys.owned(unit, kind), keys.report_called(id))
        return report_codec.read_report(item) if item else None

    def reports(self, unit: str, kind: str, duty: Duty, *, after: str | None, limit: int) -> Page[Report | Missed]:
        found = self._calls.query(
            RecordItem, keys.owned(unit, kind), RecordItem.sk.startswith(f"{duty}#"), after=after, limit=limit,
            newest_first=True,
        )  # fmt: skip
        items = found.items if found.last is None else _whole_buckets(found.items)
        return Page(tuple(map(_read, items)), items[-1]["sk"] if found.last and items else None)

    def minutes(self, unit: str, id: str) -> Minutes | None:
        item = self._calls.get(RecordItem, keys.minutes(unit), id)
        return report_codec.read_minutes(item) if item else None

    def minutes_of(self, unit: str, due: date) -> Sequence[Minutes]:
        found = self._calls.query_all(RecordItem, keys.minutes(unit), RecordItem.sk.startswith(f"{due.isoformat()}."))
        return [report_codec.read_minutes(item) for item in found if keys.STEP not in item["sk"]]

    def minutes_version(self, unit: str, id: str, version: int) -> Minutes | None:
        item = self._calls.get(RecordItem, keys.minutes(unit), keys.minutes_version(id, version))
        return report_codec.read_minutes(item) if item else None


def _filed(unit: str, kind: str, duty: Duty, due: date) -> Iterator[Key]:
    """Where the reports of a bucket can lie: so few that they are looked at one by one."""
    places = ((role, n) for role in REPORTERS for n in range(1, MOST_REPORTS + 1))
    return ((RecordItem, keys.owned(unit, kind), keys.report(duty, due, role, n)) for role, n in places)


def _reports(found: Mapping[Key, Item], places: Iterable[Key]) -> Sequence[Report]:
    return [report_codec.read_report(found[place]) for place in places if place in found]


def _read(item: Item) -> Report | Missed:
    return record_codec.read_missed(item) if item["sk"].endswith(keys.MISSED) else report_codec.read_report(item)


def _whole_buckets(items: Sequence[Item]) -> Sequence[Item]:
    """Without those of the last bucket, of which there may be more to come."""
    last = keys.bucket_part(items[-1]["sk"]) if items else ""
    return [item for item in items if keys.bucket_part(item["sk"]) != last]


def _demand_person(transaction: Transaction, filing: Filing) -> None:
    member = filing.membership
    post = standing.acts_as(member.role, filing.sides)
    transaction.check("person", RegistryItem, member.unit, keys.person(member.person), post)


def _advance_head(transaction: Transaction, filing: Filing, report: Report) -> None:
    link = [RecordItem.v.set(RecordItem.v | 1), RecordItem.seq.set(report.seq), RecordItem.hash.set(report.sha256)]
    item = RecordItem(keys.owned(report.unit, report.kind), keys.HEAD)
    transaction.update("head", item, link, conditions.chained(filing.heads[report.kind]))


def _rows(filing: Filing) -> Iterator[tuple[str, str]]:
    return ((kind, post) for kind, posts in filing.close.items() for post in posts)


def _row(kind: str, post: str) -> str:
    return f"row {kind} of {post}"


def _closed(filing: Filing) -> Iterator[Action]:
    yield TaskItem.state.set(TaskState.LATE if filing.late else TaskState.DONE)
    yield TaskItem.closed_by.set(filing.membership.person)
    yield TaskItem.closed_by_name.set(filing.by_name)
    yield TaskItem.closed_at.set(keys.instant(filing.at))
    if not filing.late:
        # Received before the close, written after it: nothing was missed.
        yield TaskItem.missed_at.remove()


def _count_on_sheet(transaction: Transaction, filing: Filing) -> None:
    member = filing.membership
    item = TaskItem(keys.owned(member.unit, member.post), keys.sheet(filing.duty, filing.due))
    done = [Path(["done", kind]) for kind in filing.counted]
    transaction.update("sheet", item, [count.set((count | 0) + 1) for count in done], conditions.PRESENT)


def _write_minutes(transaction: Transaction, minutes: Minutes, seen: Minutes | None) -> None:
    as_seen = conditions.minutes_are(seen) if seen else conditions.ABSENT
    transaction.put("minutes", report_codec.minutes_item(minutes), as_seen)
    if seen is None or minutes.version != seen.version:
        transaction.put("version", report_codec.minutes_version_item(minutes), conditions.ABSENT)


def _why(filing: Filing, refused: Refused) -> NotFiled:
    """When only other traffic was in the way, the chain counts as moved: judging anew is what helps. A sheet that is
    missing stands in the way as its owner's rows do: the bucket was not opened whole for him."""
    rows = [(kind, post) for kind, post in _rows(filing) if _row(kind, post) in refused]
    own = [(kind, filing.membership.post) for kind in filing.counted] if "sheet" in refused else []
    return NotFiled(
        dismissed="person" in refused,
        existing="report" in refused or "head" in refused or not refused.demands,
        minutes_moved="minutes" in refused or "version" in refused,
        rows=tuple(dict.fromkeys([*rows, *own])),
    )
