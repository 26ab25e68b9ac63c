"""What lies in the items of rows and sheets (see ``tean.adapters.dynamo.codec``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from schemas.language import TargetState
from schemas.typed import typed
from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Body, Item, by_version
from tean.adapters.models import TaskItem
from tean.domain import calendar
from tean.domain.membership import held_by
from tean.domain.tasks import Row, Sheet

_ROW_ATTRIBUTES = ("state", "closed_by", "closed_at", "closed_by_name", "stamp", "fails", "missed_at")
_ROW = Body(Row, key=("person", "role", "duty", "due", "target"), attributes=_ROW_ATTRIBUTES)


def row_item(unit: str, row: Row) -> TaskItem:
    """A row; ``due`` is there for filters, which may not touch keys: its last day."""
    return TaskItem(
        keys.owned(unit, row.post),
        keys.row(row.duty, row.due, row.target),
        due=calendar.last_day(row.duty, row.due).isoformat(),
        state=row.state,
        closed_by=row.closed_by,
        closed_at=keys.instant(row.closed_at) if row.closed_at else None,
        closed_by_name=row.closed_by_name,
        stamp=row.stamp,
        fails=row.fails or None,
        missed_at=keys.instant(row.missed_at) if row.missed_at else None,
        body=row_body(row),
    )


def row_body(row: Row) -> str:
    """What of a row is no attribute of its own."""
    return _ROW.text(row)


def _row_1(item: Item) -> Row:
    row = _ROW.read(item, **_place(item), target=item["sk"].rsplit("#", 1)[1])
    # The body says how the target was when the row was made; who closes the row writes beside it how it was found.
    found = item.get("target_state")
    return replace(row, target_state=TargetState(found)) if found else row


read_row = by_version(_row_1)


def sheet_item(unit: str, sheet: Sheet) -> TaskItem:
    """A sheet; its counts are maps that submissions add to."""
    return TaskItem(
        keys.owned(unit, sheet.post),
        keys.sheet(sheet.duty, sheet.due),
        plan=sheet.plan,
        owed=dict(sheet.owed),
        done=dict(sheet.done),
        suspended=dict(sheet.suspended),
        crew=sheet.crew or None,
        closed=sheet.closed or None,
        unit=unit,
        sheet=f"{keys.sheets(sheet.duty, sheet.due)}{sheet.post}",
    )


def _sheet_1(item: Item) -> Sheet:
    kept = {name: item[name] for name in ("plan", "owed", "done", "suspended", "crew", "closed") if name in item}
    return typed(Sheet).validate_python({**_place(item), **kept})


read_sheet = by_version(_sheet_1)


def _place(item: Item) -> Mapping[str, Any]:
    """Whose it is, of which bucket."""
    person, role = held_by(item["pk"].partition("#")[2])
    duty, due = keys.bucket_of(item["sk"])
    return {"person": person, "role": role, "duty": duty, "due": due}
