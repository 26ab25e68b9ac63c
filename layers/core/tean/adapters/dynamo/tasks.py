"""To-do rows and sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from schemas.language import Duty, TaskState
from tean.adapters.dynamo import conditions, keys, task_codec
from tean.adapters.dynamo.calls import Found, Part
from tean.adapters.models import TaskItem
from tean.adapters.ports.tasks import Listed, Tasks

if TYPE_CHECKING:
    from tean.domain.tasks import Row, Sheet


class DynamoTasks(Part, Tasks):
    """The to-do list."""

    def todos(self, unit: str, post: str, *, today: date, since: date, after: str | None, limit: int) -> Listed:
        # The place is a bound of the range, not a start key: DynamoDB refuses a start key outside the range, and at
        # midnight the range moves on under a list that somebody is reading.
        start = max(since.isoformat(), f"{after}\0" if after else "")
        found = self._calls.query(
            TaskItem,
            keys.owned(unit, post),
            TaskItem.sk >= start,
            only=((TaskItem.due >= today.isoformat()) & (TaskItem.state != TaskState.WITHDRAWN))
            | conditions.ROW_ENTERABLE
            | TaskItem.plan.exists(),
        )
        # Filters may not touch keys, where the first day of a bucket lies: one that has not begun is left out here.
        begun = [item for item in found.items if keys.bucket_of(item["sk"])[1] <= today]
        rows = [item for item in begun if "plan" not in item]
        sheets = (task_codec.read_sheet(item) for item in begun if "plan" in item)
        return Listed(Found(rows, found.last).page(limit, "sk", task_codec.read_row), tuple(sheets))

    def sheet(self, unit: str, post: str, duty: Duty, due: date) -> Sheet | None:
        item = self._calls.get(TaskItem, keys.owned(unit, post), keys.sheet(duty, due))
        return task_codec.read_sheet(item) if item else None

    def sheets(self, unit: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Sheet]:
        days = TaskItem.sheet.between(keys.sheets(duty, due), f"{keys.sheets(duty, until or due)}{keys.LAST}")
        return [task_codec.read_sheet(item) for item in self._calls.query_all(TaskItem, unit, days, index="sheets")]

    def rows(self, unit: str, post: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Row]:
        days = TaskItem.sk.between(keys.row(duty, due, ""), keys.row(duty, until or due, keys.LAST))
        found = self._calls.query_all(TaskItem, keys.owned(unit, post), days)
        # Over several days the range also holds the sheets in between, and other duties.
        return [row for row in (task_codec.read_row(item) for item in found if "plan" not in item) if row.duty is duty]
