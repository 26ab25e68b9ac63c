"""What lies in the items of reports and minutes, as ``tean.adapters.dynamo.codec`` says it of all others."""

from __future__ import annotations

from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Body, Item, by_version
from tean.adapters.models import RecordItem
from tean.domain.minutes import Minutes
from tean.domain.reports import Report, from_text


def report_item(report: Report) -> RecordItem:
    """A report, its canonical text as it is."""
    return RecordItem(
        keys.owned(report.unit, report.kind), keys.report(report.duty, report.due, report.role, report.n),
        person=report.person, body=report.evidence,
    )  # fmt: skip


def _report_1(item: Item) -> Report:
    return from_text(item["body"])


read_report = by_version(_report_1)

_MINUTES = Body(Minutes, key=("id", "unit"), attributes=("version", "state"))


def minutes_item(minutes: Minutes) -> RecordItem:
    """Minutes as they stand; conditions ask for their version and state."""
    return _minutes_at(minutes, minutes.id)


def minutes_version_item(minutes: Minutes) -> RecordItem:
    """What was submitted, beside them."""
    return _minutes_at(minutes, keys.minutes_version(minutes.id, minutes.version))


def _minutes_at(minutes: Minutes, key: str) -> RecordItem:
    return RecordItem(
        keys.minutes(minutes.unit), key, version=minutes.version, state=minutes.state, body=_MINUTES.text(minutes)
    )


def _minutes_1(item: Item) -> Minutes:
    unit, id = item["pk"].partition("#")[0], item["sk"].partition(keys.STEP)[0]
    return _MINUTES.read(item, unit=unit, id=id)


read_minutes = by_version(_minutes_1)
