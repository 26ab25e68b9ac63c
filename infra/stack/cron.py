"""When a schedule of the manifest last was due, in the time it is written in: Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_YEARS_BACK = 366 * 4 + 1


@dataclass(frozen=True)
class Cron:
    """Minute, hour, day of month, month and day of week as sets; numbers, lists, ranges and steps are understood.

    EventBridge's ``L``, ``W`` and ``#`` are not: ValueError.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    years: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> Cron:
        """The six fields of EventBridge."""
        minute, hour, day, month, weekday, year = text.upper().split()
        return cls(
            _values(minute, 0, 59),
            _values(hour, 0, 23),
            _values(day, 1, 31),
            _values(month, 1, 12),
            _values(weekday, 1, 7, _WEEKDAYS),
            _values(year, 1970, 2199),
        )

    def latest(self, now: datetime) -> datetime | None:
        """The last instant at or before ``now`` at which it was due, if there was one within four years."""
        local = now.astimezone(ZONE)
        for back in range(_YEARS_BACK):
            end = local if back == 0 else (local - timedelta(days=back)).replace(hour=23, minute=59)
            found = self._latest_of_day(end)
            if found:
                return found
        return None

    def _latest_of_day(self, end: datetime) -> datetime | None:
        if not self._has_day(end):
            return None
        times = ((hour, minute) for hour in self.hours for minute in self.minutes)
        past = [time for time in times if time <= (end.hour, end.minute)]
        if not past:
            return None
        hour, minute = max(past)
        return end.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def _has_day(self, day: datetime) -> bool:
        weekday = day.isoweekday() % 7 + 1
        return day.year in self.years and day.month in self.months and day.day in self.days and weekday in self.weekdays


def _values(text: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    return frozenset(value for part in text.split(",") for value in _part(part, low, high, names))


def _part(part: str, low: int, high: int, names: tuple[str, ...]) -> range:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if span in ("*", "?"):
        start, end = low, high
    else:
        start = _value(first, names, low)
        end = _value(last, names, low) if dash else high if slash else start
    if not low <= start <= end <= high:
        raise ValueError(f"{part} is not between {low} and {high}")
    return range(start, end + 1, int(step) if slash else 1)


def _value(text: str, names: tuple[str, ...], low: int) -> int:
    return names.index(text) + low if text in names else int(text)
