"""What lies in the items of records, of the head of their chain, and what the close leaves beside them.

See ``tean.adapters.dynamo.codec``.
"""

from __future__ import annotations

from schemas.language import Grade
from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Body, Item, by_version
from tean.adapters.dynamo.marks import open_count
from tean.adapters.models import RecordItem
from tean.domain.records import Head, Record, from_text
from tean.domain.tasks import Missed


def record_item(record: Record) -> RecordItem:
    """A record, its canonical text as it is; ``person`` is there for filters."""
    return RecordItem(keys.record_partition(record), keys.record(record), person=record.person, body=record.text)


def _record_1(item: Item) -> Record:
    return from_text(item["body"])


read_record = by_version(_record_1)


def _head_1(item: Item) -> Head:
    # Before the first record of a device there may only be what a weekly or monthly inspection counted of it.
    counts = {grade: item.get(open_count(grade), 0) for grade in Grade}
    return Head(item.get("seq", 0), item.get("hash"), {grade: count for grade, count in counts.items() if count})


read_head = by_version(_head_1)
_MISSED = Body(Missed, key=("unit", "target", "duty", "due", "share"))


def missed_body(missed: Missed) -> str:
    """What a marker says beside its key."""
    return _MISSED.text(missed)


def _missed_1(item: Item) -> Missed:
    unit, target = item["pk"].split("#", 1)
    duty, due, *share, _ = item["sk"].split("#")
    return _MISSED.read(item, unit=unit, target=target, duty=duty, due=due, share="".join(share))


read_missed = by_version(_missed_1)


def read_entry(item: Item) -> Record | Missed:
    """An entry of a target's history."""
    return read_missed(item) if item["sk"].endswith(keys.MISSED) else read_record(item)
