"""To-do rows and sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schemas.language import Duty, TaskState
from tean.adapters.dynamo import codec, conditions, keys
from tean.adapters.dynamo.calls import Part
from tean.adapters.dynamo.transactions import Transaction
from tean.adapters.models import TaskItem
from tean.adapters.ports import (
    MOST_WRITES,
    DayWrite,
    Page,
    PutRow,
    PutSheet,
    ReopenRow,
    ReviseSheet,
    Tasks,
    WithdrawRow,
)
from tean.domain.tasks import Row, Sheet


class DynamoTasks(Part, Tasks):
    """The to-do list, and how a day is written."""

    def todos(self, unit: str, person: str, *, today: date, since: date, after: str | None, limit: int) -> Page[Row]:
        # The place is a bound of the range, not a start key: DynamoDB refuses a start key outside the range, and at
        # midnight the range moves on under a list that somebody is reading. Sheets have neither ``due`` nor ``state``.
        start = max(since.isoformat(), f"{after}\0" if after else "")
        found = self._calls.query(
            TaskItem,
            keys.owned(unit, person),
            TaskItem.sk.between(start, f"{today.isoformat()}#{keys.LAST}"),
            only=((TaskItem.due == today.isoformat()) & (TaskItem.state != TaskState.WITHDRAWN))
            | conditions.ROW_ENTERABLE,
        )
        return found.page(limit, "sk", codec.read_row)

    def sheet(self, unit: str, person: str, duty: Duty, due: date) -> Sheet | None:
        item = self._calls.get(TaskItem, keys.owned(unit, person), keys.sheet(duty, due))
        return codec.read_sheet(item) if item else None

    def sheets(self, unit: str, duty: Duty, due: date) -> Sequence[Sheet]:
        days = TaskItem.sheet.startswith(keys.sheets(duty, due))
        return [codec.read_sheet(item) for item in self._calls.query_all(TaskItem, unit, days, index="sheets")]

    def rows(self, unit: str, person: str, duty: Duty, due: date) -> Sequence[Row]:
        days = TaskItem.sk.startswith(keys.row(duty, due, ""))
        return [codec.read_row(item) for item in self._calls.query_all(TaskItem, keys.owned(unit, person), days)]

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        if len(writes) > MOST_WRITES:
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
            transaction.put("row", codec.row_item(unit, row), conditions.ABSENT)
        case WithdrawRow(row):
            _turn(transaction, unit, row, TaskState.OPEN, TaskState.WITHDRAWN)
        case ReopenRow(row):
            _turn(transaction, unit, row, TaskState.WITHDRAWN, TaskState.OPEN)
        case PutSheet(sheet):
            transaction.put("sheet", codec.sheet_item(unit, sheet), conditions.ABSENT)
        case ReviseSheet(sheet, replaces):
            item = TaskItem(keys.owned(unit, sheet.person), keys.sheet(sheet.duty, sheet.due))
            actions = [TaskItem.plan.set(sheet.plan), TaskItem.owed.set(dict(sheet.owed))]
            transaction.update("sheet", item, actions, TaskItem.plan == replaces)


def _turn(transaction: Transaction, unit: str, row: Row, from_: TaskState, to: TaskState) -> None:
    item = TaskItem(keys.owned(unit, row.person), keys.row(row.duty, row.due, row.target))
    transaction.update("row", item, [TaskItem.state.set(to)], TaskItem.state == from_)
