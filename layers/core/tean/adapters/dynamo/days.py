"""How a day is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pynamodb.expressions.update import Action

from schemas.language import TaskState
from tean.adapters.dynamo import conditions, count_codec, keys, record_codec, task_codec
from tean.adapters.dynamo.calls import Part
from tean.adapters.dynamo.transactions import Transaction, kept
from tean.adapters.models import RecordItem, TaskItem
from tean.adapters.ports.common import MOST_WRITES
from tean.adapters.ports.days import (
    CloseRow,
    CloseSheet,
    DayWrite,
    DayWrites,
    PutMissed,
    PutRollup,
    PutRow,
    PutSheet,
    ReopenRow,
    ReviseRow,
    ReviseSheet,
    WithdrawRow,
    actions,
)

if TYPE_CHECKING:
    from tean.domain.tasks import Missed, Row, Sheet


class DynamoDays(Part, DayWrites):
    """Opens and closes buckets."""

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        if sum(map(actions, writes)) > MOST_WRITES:
            raise ValueError(f"{len(writes)} changes do not fit into one transaction of {MOST_WRITES}")
        if not writes:
            return True
        transaction = Transaction(self._calls)
        for write in writes:
            _add(transaction, unit, write)
        return transaction.commit() is None


def _add(transaction: Transaction, unit: str, write: DayWrite) -> None:
    match write:
        case PutRow(row):
            transaction.put("row", task_codec.row_item(unit, row), conditions.ABSENT)
        case WithdrawRow(row):
            actions = [TaskItem.state.set(TaskState.WITHDRAWN)]
            transaction.update("row", _row(unit, row), actions, conditions.ROW_OPEN)
        case ReopenRow(row):
            actions = [TaskItem.state.set(TaskState.OPEN), TaskItem.body.set(task_codec.row_body(row))]
            transaction.update("row", _row(unit, row), actions, TaskItem.state == TaskState.WITHDRAWN)
        case ReviseRow(row):
            body = TaskItem.body.set(task_codec.row_body(row))
            transaction.update("row", _row(unit, row), [body], TaskItem.state == row.state)
        case CloseRow(row):
            _close_row(transaction, unit, row)
        case PutMissed(missed):
            _put_marker(transaction, missed)
        case PutRollup():
            _put_rollup(transaction, unit, write)
        case _:
            _add_sheet(transaction, unit, write)


def _add_sheet(transaction: Transaction, unit: str, write: PutSheet | ReviseSheet | CloseSheet) -> None:
    match write:
        case PutSheet(sheet):
            transaction.put("sheet", task_codec.sheet_item(unit, sheet), conditions.ABSENT)
        case ReviseSheet(sheet, replaces):
            actions = [
                TaskItem.plan.set(sheet.plan),
                TaskItem.owed.set(dict(sheet.owed)),
                TaskItem.crew.set(sheet.crew),
            ]
            transaction.update("sheet", _sheet(unit, sheet), actions, conditions.plan_is(replaces))
        case CloseSheet(sheet):
            transaction.update(
                "sheet", _sheet(unit, sheet), [TaskItem.closed.set(True)], conditions.plan_is(sheet.plan)
            )


def _put_rollup(transaction: Transaction, unit: str, write: PutRollup) -> None:
    rollup, month = write.rollup, write.month
    transaction.put("rollup", count_codec.rollup_item(unit, rollup), conditions.follows(rollup.version))
    transaction.put("tally", count_codec.tally_item(unit, rollup))
    if month:
        transaction.put("month", count_codec.month_item(unit, month), conditions.replaces(month.version))
    for part in write.lists:
        transaction.put("list", count_codec.outcomes_item(unit, part))


def _row(unit: str, row: Row) -> TaskItem:
    return TaskItem(keys.owned(unit, row.post), keys.row(row.duty, row.due, row.target))


def _sheet(unit: str, sheet: Sheet) -> TaskItem:
    return TaskItem(keys.owned(unit, sheet.post), keys.sheet(sheet.duty, sheet.due))


def _close_row(transaction: Transaction, unit: str, row: Row) -> None:
    if row.is_closed:
        transaction.update("row", _row(unit, row), _settled(row), conditions.ROW_ENTERABLE)
    else:
        transaction.update("row", _row(unit, row), _missed(row), conditions.ROW_OPEN)


def _missed(row: Row) -> Sequence[Action]:
    return [TaskItem.state.set(row.state), kept(TaskItem.missed_at, _at(row.missed_at))]


def _settled(row: Row) -> Sequence[Action]:
    return [
        *_missed(row),
        TaskItem.target_state.set(row.target_state),
        kept(TaskItem.closed_by, row.closed_by),
        kept(TaskItem.closed_by_name, row.closed_by_name),
        kept(TaskItem.closed_at, _at(row.closed_at)),
        kept(TaskItem.stamp, row.stamp),
        TaskItem.fails.set(row.fails),
    ]


def _at(instant: datetime | None) -> str | None:
    return keys.instant(instant) if instant else None


def _put_marker(transaction: Transaction, missed: Missed) -> None:
    # An update, so that the first marker stays and a close that is repeated is not refused.
    item = RecordItem(keys.owned(missed.unit, missed.target), keys.missed(missed.duty, missed.due, missed.share))
    kept = [RecordItem.v.set(RecordItem.v | 1), RecordItem.body.set(RecordItem.body | record_codec.missed_body(missed))]
    transaction.update("marker", item, kept)
