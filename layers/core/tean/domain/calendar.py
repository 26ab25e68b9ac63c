"""Business time: Asia/Shanghai; a bucket closes at 00:05 after its last day, two days for late entry.

A bucket is what one duty asks for once, named by its first day: the day itself (daily), the Monday (weekly), the 1st
(monthly).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas.language import Duty

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSE = time(0, 5)
"""A bucket closes at 00:05 of the day after it: what the server received before is on time."""
LATE_DAYS = timedelta(days=2)
"""Day D may be entered late until 00:05 of D+3."""
SETTLING = timedelta(minutes=1)
"""What was received in time may still be on its way into storage; a request lives 29 seconds at most."""

DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Period:
    """How a duty recurs: the first day of the bucket a day is in, and of the next bucket."""

    first: Callable[[date], date]
    following: Callable[[date], date]


def monday(day: date) -> date:
    """The Monday of the week a day is in."""
    return day - timedelta(days=day.weekday())


def next_month(day: date) -> date:
    """The 1st of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


_DAYS = _Period(lambda day: day, lambda day: day + DAY)
_WEEKS = _Period(monday, lambda first: first + timedelta(days=7))
_MONTHS = _Period(lambda day: day.replace(day=1), next_month)
_PERIODS = {
    Duty.DAILY: _DAYS,
    Duty.WEEKLY: _WEEKS,
    Duty.WEEKLY_REPORT: _WEEKS,
    Duty.MONTHLY: _MONTHS,
    Duty.MONTHLY_REPORT: _MONTHS,
}


def nightly(duty: Duty) -> bool:
    """Whether a bucket of ``duty`` closes every night."""
    return _PERIODS[duty] is _DAYS


def business_date(now: datetime) -> date:
    """The date in Asia/Shanghai at ``now``."""
    return now.astimezone(SHANGHAI).date()


def bucket(duty: Duty, day: date) -> date:
    """The bucket of ``duty`` that ``day`` is in."""
    return _PERIODS[duty].first(day)


def following(duty: Duty, due: date) -> date:
    """The bucket after ``due``."""
    return _PERIODS[duty].following(due)


def before(duty: Duty, due: date, many: int = 1) -> date:
    """The bucket ``many`` before ``due``."""
    for _ in range(many):
        due = bucket(duty, due - DAY)
    return due


def last_day(duty: Duty, due: date) -> date:
    """The last day of a bucket: what is asked of it is to be done by then."""
    return following(duty, due) - DAY


def current(duty: Duty, now: datetime) -> date:
    """The bucket whose turn it is: one opens, and the one before it closes, at 00:05."""
    due = bucket(duty, business_date(now))
    last = before(duty, due)
    return last if now < closes_at(last, duty) else due


def turning(day: date) -> list[tuple[Duty, date]]:
    """What is to be turned over at the close of the day before: every duty's bucket that has just begun, or the one
    before it may still have changed since it closed."""
    return [(duty, bucket(duty, day)) for duty in Duty if day - bucket(duty, day) <= LATE_DAYS + DAY]


def begins_at(day: date) -> datetime:
    """The instant a day begins in Shanghai, in UTC."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def closes_at(due: date, duty: Duty = Duty.DAILY) -> datetime:
    """The instant a bucket closes, in UTC."""
    return datetime.combine(following(duty, due), CLOSE, SHANGHAI).astimezone(UTC)


def last_over(now: datetime) -> date:
    """The last day that is over: it closed."""
    yesterday = business_date(now) - DAY
    return yesterday if now >= closes_at(yesterday) else yesterday - DAY


def late_until(due: date, duty: Duty = Duty.DAILY) -> datetime:
    """The instant after which a bucket takes no late entry any more, in UTC."""
    return closes_at(due, duty) + LATE_DAYS


def settled(due: date, now: datetime, duty: Duty = Duty.DAILY) -> bool:
    """Whether nothing about a bucket can change any more, entries that were received in time included."""
    return now >= late_until(due, duty) + SETTLING


def is_late(due: date, received_at: datetime, duty: Duty = Duty.DAILY) -> bool:
    """Whether an entry for a bucket received then is late (补录)."""
    return received_at >= closes_at(due, duty)


def earliest_open(now: datetime) -> date:
    """The oldest day that still takes entries at ``now``; a bucket takes them as long as its last day does."""
    today = business_date(now)
    days = (today - LATE_DAYS - timedelta(days=1), today - LATE_DAYS)
    return next(day for day in days if now < late_until(day))
