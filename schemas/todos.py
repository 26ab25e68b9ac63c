"""To-dos."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from schemas.base import Answer, Cursor, Request
from schemas.instants import ListedInstant
from schemas.language import Duty, Stamp, TaskState, UnitKind


class TodoQuery(Request):
    """Which page."""

    cursor: Cursor | None = None


class Todo(Answer):
    """One row. ``suspended`` is left out while the target is in use; of a closed row it is what the record says.

    ``stamp`` and ``fails`` (how many items were 不合格) are those of the record that closed it.
    """

    duty: Duty
    due: date
    target: str
    name: str
    location: str | None = None
    unit_kind: UnitKind
    kind: str
    state: TaskState
    suspended: bool | None = None
    closed_by: str | None = None
    closed_at: ListedInstant | None = None
    stamp: Stamp | None = None
    fails: int | None = None


class TodoPage(Answer):
    """A page of to-dos; ``today`` is the business date in Asia/Shanghai.

    ``names`` are the names, as on the records, of everybody in ``closed_by``: once a page, because in each of fifty
    rows they would not fit its 12 KB.
    """

    today: date
    items: tuple[Todo, ...]
    names: dict[str, str] = Field(default_factory=dict)
    next: str | None = None
