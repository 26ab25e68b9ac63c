"""Business time: Asia/Shanghai, closes at 00:05, two days for late entry."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSE = time(0, 5)
"""A day closes at 00:05 of the next: what the server received before is on time."""
LATE_DAYS = timedelta(days=2)
"""Day D may be entered late until 00:05 of D+3."""


def business_date(now: datetime) -> date:
    """The date in Asia/Shanghai at ``now``."""
    return now.astimezone(SHANGHAI).date()


def closes_at(day: date) -> datetime:
    """The instant a day closes, in UTC."""
    return datetime.combine(day + timedelta(days=1), CLOSE, SHANGHAI).astimezone(UTC)


def late_until(day: date) -> datetime:
    """The instant after which a day takes no late entry any more, in UTC."""
    return closes_at(day + LATE_DAYS)


def is_late(day: date, received_at: datetime) -> bool:
    """Whether an entry for ``day`` received then is late (补录)."""
    return received_at >= closes_at(day)


def earliest_open(now: datetime) -> date:
    """The oldest day that still takes entries at ``now``."""
    today = business_date(now)
    days = (today - LATE_DAYS - timedelta(days=1), today - LATE_DAYS)
    return next(day for day in days if now < late_until(day))
