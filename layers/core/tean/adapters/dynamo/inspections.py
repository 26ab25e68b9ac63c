"""The write path of inspections, and the reads of records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from schemas.language import Duty, Grade, TargetState, TaskState
from tean.adapters.dynamo import (
    conditions,
    hazard_codec,
    keys,
    marks,
    record_codec,
    registry_codec,
    report_codec,
    standing,
    task_codec,
    upload_codec,
)
from tean.adapters.dynamo.calls import Found, Key, Part
from tean.adapters.dynamo.transactions import Refused, Transaction, kept
from tean.adapters.models import HazardItem, RecordItem, RegistryItem, TaskItem, UploadItem
from tean.adapters.ports.inspections import Entry, Facts, Inspections, NotSubmitted, Submission
from tean.domain.hazards import opened_at
from tean.domain.membership import held_by
from tean.domain.records import Head, Record
from tean.domain.reports import is_reported
from tean.domain.shares import share_of

if TYPE_CHECKING:
    from tean.adapters.dynamo.codec import Item
    from tean.adapters.ports.common import Page
    from tean.adapters.ports.registry import CustomKey
    from tean.domain.tasks import Evidence, Missed, Row


class DynamoInspections(Part, Inspections):
    """Judged by one BatchGet, written by one TransactWriteItems."""

    def facts(
        self, unit: str, post: str, target: str, duty: Duty, due: date,
        files: Iterable[str] = (), devices: Iterable[str] = (), custom: CustomKey | None = None,
        version: int = 1,
    ) -> Facts:  # fmt: skip
        person, role = held_by(post)
        chain, first = keys.owned(unit, target), keys.first_record(duty, due, share_of(duty, role, person), version)
        him: Key = (RegistryItem, unit, keys.person(person))
        what: Key = (RegistryItem, unit, keys.target(target))
        row: Key = (TaskItem, keys.owned(unit, post), keys.row(duty, due, target))
        head: Key = (RecordItem, chain, keys.HEAD)
        theirs: Key = (RecordItem, chain, first)
        own: Key = (RecordItem, chain, keys.supplement(first, person))
        cited: dict[str, Key] = {file: (UploadItem, keys.owned(unit, person), file) for file in files}
        named: dict[str, Key] = {device: (RegistryItem, unit, keys.target(device)) for device in devices}
        lists: tuple[Key, ...] = ((RegistryItem, unit, keys.custom(custom)),) if custom else ()
        found = self._calls.get_all((him, what, row, head, theirs, own, *cited.values(), *named.values(), *lists))
        return Facts(
            person=registry_codec.read_person(found[him]) if him in found else None,
            target=registry_codec.read_target(found[what]) if what in found else None,
            row=task_codec.read_row(found[row]) if row in found else None,
            head=record_codec.read_head(found[head]) if head in found else Head(),
            first=record_codec.read_record(found[theirs]) if theirs in found else None,
            supplement=record_codec.read_record(found[own]) if own in found else None,
            uploads={file: upload_codec.read_upload(found[key]) for file, key in cited.items() if key in found},
            devices={device: registry_codec.read_target(found[key]) for device, key in named.items() if key in found},
            custom=next((registry_codec.read_custom(found[key]) for key in lists if key in found), None),
        )

    def firsts(self, unit: str, rows: Iterable[Row]) -> Mapping[str, Sequence[Evidence]]:
        left = {row.shared: row for row in rows}
        versions: dict[str, list[Evidence]] = {}
        for version in count(1):
            keys_of = {shared: _first(unit, row, version) for shared, row in left.items()}
            found = self._calls.get_all(keys_of.values())
            left = {shared: left[shared] for shared, key in keys_of.items() if key in found}
            if not left:
                break
            for shared, row in left.items():
                versions.setdefault(shared, []).append(_read(row, found[keys_of[shared]]))
        return versions

    def heads(self, unit: str, targets: Iterable[str]) -> Mapping[str, Head]:
        wanted: dict[str, Key] = {target: (RecordItem, keys.owned(unit, target), keys.HEAD) for target in targets}
        found = self._calls.get_all(wanted.values())
        return {target: record_codec.read_head(found[key]) for target, key in wanted.items() if key in found}

    def any_open(self, unit: str, kinds: Iterable[str]) -> bool:
        places = (HazardItem.open_at.startswith(keys.open_of(kind)) for kind in kinds)
        return any(self._calls.query(HazardItem, unit, place, index="open", limit=1).items for place in places)

    def missed(self, unit: str, target: str, duty: Duty, due: date, share: str = "") -> Missed | None:
        item = self._calls.get(RecordItem, keys.owned(unit, target), keys.missed(duty, due, share))
        return record_codec.read_missed(item) if item else None

    def submit(self, submission: Submission) -> NotSubmitted | None:
        transaction = Transaction(self._calls)
        _demand_person(transaction, submission)
        _put_record(transaction, submission.record)
        _advance_head(transaction, submission)
        _close_rows(transaction, submission)
        if submission.record.first is None and submission.record.version == 1:
            _count_on_sheet(transaction, submission.record)
        for hazard in submission.hazards:
            transaction.put("hazard", hazard_codec.hazard_item(hazard), conditions.ABSENT)
        if submission.target_state is not None:
            _change_target(transaction, submission, submission.target_state)
        refused = transaction.commit()
        return _why(submission, refused) if refused else None

    def record(self, unit: str, target: str, id: str) -> Record | None:
        key = keys.record_called(id)
        item = self._calls.get(RecordItem, keys.owned(unit, target), key) if key else None
        return record_codec.read_record(item) if item else None

    def versions(self, unit: str, target: str, id: str) -> Sequence[Record]:
        key = keys.record_called(id)
        if key is None:
            return ()
        share, _, version = key.rpartition("#")
        _, supplements, person = version.partition(keys.LAST)
        found = self._calls.query_all(RecordItem, keys.owned(unit, target), RecordItem.sk.startswith(f"{share}#v"))
        records = [record_codec.read_record(item) for item in found]
        theirs = [one for one in records if (one.person if one.first else "") == (person if supplements else "")]
        return theirs if any(one.id == id for one in theirs) else ()

    def records(
        self, unit: str, target: str, duty: Duty, *, since: date, until: date, person: str | None,
        after: str | None, limit: int,
    ) -> Page[Entry]:  # fmt: skip
        buckets = RecordItem.sk.between(f"{duty}#{since}", f"{duty}#{until}#{keys.LAST}")
        # Whose it is cannot be left to a filter: what he missed may have been answered by a colleague's record.
        found = self._calls.query(
            RecordItem, keys.owned(unit, target), buckets, after=after, newest_first=True,
            limit=limit + 1 if person is None else None,
        )  # fmt: skip
        before = [after or "", *(item["sk"] for item in found.items)]
        there = [item for item, last in zip(found.items, before, strict=False) if _stands(item, last)]
        there = list(_newest_versions(there, after))
        wanted = [item for item in there if _concerns(record_codec.read_entry(item), person)]
        return Found(wanted, found.last).page(limit, "sk", record_codec.read_entry)


def _newest_versions(items: Iterable[Item], after: str | None) -> Iterator[Item]:
    """Without what a later version, which comes before it, has taken the place of."""
    seen = {_record_of(after)} if after else set()
    for item in items:
        if (record := _record_of(item["sk"])) not in seen:
            yield item
        seen.add(record)


def _record_of(key: str) -> tuple[str, str]:
    """What the versions of one record have in common; nothing else has it."""
    share, _, version = key.rpartition("#")
    _, _, supplement = version.partition(keys.LAST)
    return share, supplement or ("" if version != keys.MISSED else version)


def _stands(item: Item, before: str) -> bool:
    """Whether an entry is more than the marker of what was recorded all the same, which comes right before it."""
    share, _, version = item["sk"].rpartition("#")
    return version != keys.MISSED or not before.startswith(f"{share}#v")


def _concerns(entry: Entry, person: str | None) -> bool:
    """Whether he made the record, or missed what the marker says; None is everybody."""
    return person is None or person in ((entry.person,) if isinstance(entry, Record) else entry.officers)


def _first(unit: str, row: Row, version: int) -> Key:
    if is_reported(row.duty):
        return RecordItem, keys.owned(unit, row.target), keys.report(row.duty, row.due, row.role, version)
    return RecordItem, keys.owned(unit, row.target), keys.first_record(row.duty, row.due, row.share, version)


def _read(row: Row, item: Item) -> Evidence:
    return report_codec.read_report(item) if is_reported(row.duty) else record_codec.read_record(item)


def _demand_person(transaction: Transaction, submission: Submission) -> None:
    member, side = submission.membership, submission.record.unit_kind
    post = standing.acts_as(member.role, [side])
    transaction.check("person", RegistryItem, member.unit, keys.person(member.person), post)


def _put_record(transaction: Transaction, record: Record) -> None:
    transaction.put("record", record_codec.record_item(record), conditions.ABSENT)


def _advance_head(transaction: Transaction, submission: Submission) -> None:
    record, head = submission.record, submission.head
    opened = opened_at(submission.hazards)
    own = opened.pop(record.target, Counter())
    # The condition holds the counts to what was seen, so sums may be set; all three are there from the first record.
    counts = [Path(marks.open_count(grade)).set(head.open_hazards.get(grade, 0) + own[grade]) for grade in Grade]
    link = [RecordItem.v.set(1), RecordItem.seq.set(record.seq), RecordItem.hash.set(record.sha256)]
    item = RecordItem(keys.record_partition(record), keys.HEAD)
    transaction.update("head", item, [*link, *counts], conditions.unmoved(head))
    for device, grades in opened.items():
        _count_open(transaction, record.unit, device, grades)


def _count_open(transaction: Transaction, unit: str, device: str, grades: Counter[Grade]) -> None:
    """Open hazards of a device that another inspection found: its chain stays where it is, or has not begun."""
    counts = [Path(marks.open_count(grade)) for grade in grades]
    more = [count.set((count | 0) + grades[grade]) for grade, count in zip(grades, counts, strict=True)]
    transaction.update("device", RecordItem(keys.owned(unit, device), keys.HEAD), [_keep_layout(), *more])


def _keep_layout() -> Action:
    return RecordItem.v.set(RecordItem.v | 1)


def _close_rows(transaction: Transaction, submission: Submission) -> None:
    record = submission.record
    first = record.version == 1
    changes = list(_closed(record) if first else _corrected(record))
    theirs = conditions.ROW_ENTERABLE if first else TaskItem.closed_by == record.person
    for post in submission.close:
        item = TaskItem(keys.owned(record.unit, post), keys.row(record.duty, record.due, record.target))
        transaction.update(_row(post), item, changes, theirs)


def _corrected(record: Record) -> Iterable[Action]:
    yield kept(TaskItem.stamp, record.stamp)
    yield TaskItem.fails.set(record.fails) if record.fails else TaskItem.fails.remove()


def _closed(record: Record) -> Iterable[Action]:
    yield TaskItem.state.set(TaskState.LATE if record.late else TaskState.DONE)
    yield TaskItem.closed_by.set(record.person)
    yield TaskItem.closed_by_name.set(record.person_name)
    yield TaskItem.closed_at.set(keys.instant(record.received_at))
    yield TaskItem.target_state.set(record.state)
    if record.stamp:
        yield TaskItem.stamp.set(record.stamp)
    if record.fails:
        yield TaskItem.fails.set(record.fails)
    if not record.late:
        # Received before the close, written after it: nothing was missed.
        yield TaskItem.missed_at.remove()


def _row(post: str) -> str:
    return f"row of {post}"


def _count_on_sheet(transaction: Transaction, record: Record) -> None:
    count = Path(["suspended" if record.state is TargetState.SUSPENDED else "done", record.kind])
    item = TaskItem(keys.owned(record.unit, record.post), keys.sheet(record.duty, record.due))
    # SET, because ADD is only defined for attributes at the top of an item.
    transaction.update("sheet", item, [count.set((count | 0) + 1)], conditions.PRESENT)


def _change_target(transaction: Transaction, submission: Submission, state: TargetState) -> None:
    record = submission.record
    item = RegistryItem(record.unit, keys.target(record.target))
    actions = [RegistryItem.state.set(state), RegistryItem.state_reason.set(submission.state_reason or "")]
    transaction.update("target", item, actions, conditions.still(submission.seen_state))


def _why(submission: Submission, refused: Refused) -> NotSubmitted:
    """A sheet that is missing stands in the way as its owner's row does: the day was not opened whole for him.

    When only other traffic was in the way, the head counts as moved: judging anew is what helps.
    """
    posts = [post for post in submission.close if _row(post) in refused]
    if "sheet" in refused and submission.record.post not in posts:
        posts.append(submission.record.post)
    return NotSubmitted(
        dismissed="person" in refused,
        existing="record" in refused or "hazard" in refused,
        head_moved="head" in refused or not refused.demands,
        state_moved="target" in refused,
        rows=tuple(posts),
    )
