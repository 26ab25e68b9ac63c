"""From Beijing time to the UTC in which EventBridge reads a cron expression: exactly, or not at all.

Asia/Shanghai is eight hours ahead and has no daylight saving time, so only the hour and, before 08:00, the day change.
A day of the month cannot always follow: the 31st at 00:05 is the 30th in UTC, but so is the 30th of a shorter month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

AHEAD = 8
"""Hours by which Asia/Shanghai is ahead of UTC."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LENGTHS = {1: {31}, 2: {28, 29}, 3: {31}, 4: {30}, 5: {31}, 6: {30}, 7: {31}, 8: {31}, 9: {30}, 10: {31}, 11: {30},
            12: {31}}  # fmt: skip
_SPECIAL_DAY = re.compile(r"L|LW|([1-9]|[12]\d|3[01])W")
_SPECIAL_WEEKDAY = re.compile(rf"L|([1-7]|{'|'.join(_WEEKDAYS)})(L|#[1-5])")
"""Days that are found by looking at the whole month: the last one, the nearest working day, the second Tuesday."""


class NotConvertible(ValueError):
    """The expression is wrong, or no single UTC expression fires at exactly the same instants."""


@dataclass(frozen=True)
class _Field:
    """One of the six fields: what it is called, its bounds, and the names of its values if they have any."""

    title: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def values(self, text: str) -> frozenset[int]:
        return frozenset(value for part in text.split(",") for value in self._part(part))

    def _part(self, part: str) -> range:
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            low, high = self.low, self.high
        else:
            low = self._value(first)
            high = self._value(last) if dash else self.high if slash else low
        every = self._number(step) if slash else 1
        if low > high or every < 1:
            raise NotConvertible(f"{self.title}“{part}”写得不对")
        return range(low, high + 1, every)

    def _value(self, text: str) -> int:
        value = self.names.index(text) + self.low if text in self.names else self._number(text)
        if not self.low <= value <= self.high:
            raise NotConvertible(f"{self.title}“{text}”不在 {self.low}–{self.high} 之内")
        return value

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise NotConvertible(f"{self.title}“{text}”写得不对")
        return int(text)


_MINUTE = _Field("分", 0, 59)
_HOUR = _Field("时", 0, 23)
_DAY = _Field("日", 1, 31)
_MONTH = _Field("月", 1, 12, _MONTHS)
_WEEKDAY = _Field("星期", 1, 7, _WEEKDAYS)
_YEAR = _Field("年", 1970, 2199)


@dataclass(frozen=True)
class _Cron:
    minute: str
    hour: str
    day: str
    month: str
    weekday: str
    year: str

    def __str__(self) -> str:
        return f"{self.minute} {self.hour} {self.day} {self.month} {self.weekday} {self.year}"

    @property
    def daily(self) -> bool:
        return {self.day, self.weekday} == {"*", "?"} and self.month == self.year == "*"


def to_utc(cron: str) -> str:
    """The UTC expression that fires at exactly the instants at which ``cron`` does in Asia/Shanghai.

    Six fields as EventBridge has them: minute, hour, day of month, month, day of week (1 is SUN), year.
    """
    local = _read(cron)
    hours = _HOUR.values(local.hour)
    early = {hour for hour in hours if hour < AHEAD}
    if not early or local.daily:
        return str(_at_utc_hours(local, hours))
    if early != hours:
        raise NotConvertible("有的钟点在 08:00 之前、有的在之后，折成世界时不在同一天，请拆成两条")
    if _SPECIAL_DAY.fullmatch(local.day) or _SPECIAL_WEEKDAY.fullmatch(local.weekday):
        raise NotConvertible("08:00 之前的 L、W、# 折成世界时没有对应的写法，请改用 08:00 以后的时间")
    moved = _weekdays_before(local) if local.day == "?" else _days_before(local)
    return str(_at_utc_hours(moved, hours))


def _read(cron: str) -> _Cron:
    fields = cron.upper().split()
    if len(fields) != 6:
        raise NotConvertible(f"应当有六段（分 时 日 月 星期 年），这里有 {len(fields)} 段")
    local = _Cron(*fields)
    if (local.day == "?") == (local.weekday == "?"):
        raise NotConvertible("日和星期必须有一个、也只能有一个写成“?”")
    for field, text in ((_MINUTE, local.minute), (_MONTH, local.month), (_YEAR, local.year)):
        field.values(text)
    if local.day != "?" and not _SPECIAL_DAY.fullmatch(local.day):
        _DAY.values(local.day)
    if local.weekday != "?" and not _SPECIAL_WEEKDAY.fullmatch(local.weekday):
        _WEEKDAY.values(local.weekday)
    return local


def _at_utc_hours(cron: _Cron, hours: frozenset[int]) -> _Cron:
    if len(hours) == 24:
        return replace(cron, hour="*")
    return replace(cron, hour=_listed({(hour - AHEAD) % 24 for hour in hours}))


def _weekdays_before(cron: _Cron) -> _Cron:
    if cron.month != "*" or cron.year != "*":
        raise NotConvertible("08:00 之前、限定月份或年份的星期，折成世界时会落到前一个月，请不限月份和年份")
    days = {(day - 2) % 7 + 1 for day in _WEEKDAY.values(cron.weekday)}
    return replace(cron, weekday=",".join(_WEEKDAYS[day - 1] for day in sorted(days)))


def _days_before(cron: _Cron) -> _Cron:
    days, months = _DAY.values(cron.day), _MONTH.values(cron.month)
    if days == {1}:
        return _last_days_before(cron, months)
    if 1 in days:
        raise NotConvertible("08:00 之前的 1 日折成世界时是上个月最后一天，不能和别的日子写在一条里，请拆成两条")
    ends = set().union(*(_LENGTHS[month] for month in months))
    for day in sorted(days):
        if day - 1 in ends:
            raise NotConvertible(f"08:00 之前的 {day} 日不是每个月都有，折成世界时会多出 {day - 1} 日，请换一天")
    return replace(cron, day=_listed({day - 1 for day in days}))


def _last_days_before(cron: _Cron, months: frozenset[int]) -> _Cron:
    if cron.month == "*" and cron.year == "*":
        return replace(cron, day="L")
    if cron.year != "*" and 1 in months:
        raise NotConvertible("08:00 之前的 1 月 1 日折成世界时是上一年，请不限年份")
    return replace(cron, day="L", month=_listed({(month - 2) % 12 + 1 for month in months}))


def _listed(values: set[int]) -> str:
    return ",".join(str(value) for value in sorted(values))
