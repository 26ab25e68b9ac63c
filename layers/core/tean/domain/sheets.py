"""What somebody's sheets tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from schemas.language import Duty, Role
from tean.domain import calendar
from tean.domain.tasks import Sheet

DUTIES: Mapping[Role, tuple[Duty, ...]] = {
    Role.OFFICER: (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY),
    Role.DIRECTOR: (Duty.WEEKLY, Duty.MONTHLY, Duty.WEEKLY_REPORT, Duty.MONTHLY_REPORT),
    Role.PRINCIPAL: (Duty.WEEKLY, Duty.MONTHLY, Duty.WEEKLY_REPORT, Duty.MONTHLY_REPORT),
    Role.ADMINISTRATOR: (),
}
"""Of which duties each role has a sheet, be it an empty one."""


def is_opened(duty: Duty, sheets: Iterable[Sheet], now: datetime) -> bool:
    """Whether the bucket that is on was opened for him whose sheets these are."""
    on = calendar.current(duty, now)
    return any(sheet.due >= on for sheet in sheets if sheet.duty is duty)


def is_neglected(duty: Duty, sheets: Collection[Sheet], now: datetime) -> bool:
    """Whether the bucket that is on was not opened for him, or one before it not closed. ``sheets`` are his as far as
    they still take entries; the oldest bucket is closed first, so of those before them the last one tells."""
    on = calendar.current(duty, now)
    closed = {sheet.due: sheet.closed for sheet in sheets if sheet.duty is duty and sheet.due < on}
    last = calendar.before(duty, on)
    listed = calendar.last_day(duty, last) >= calendar.earliest_open(now)
    return not is_opened(duty, sheets, now) or (listed and last not in closed) or not all(closed.values())
