from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language import ClockLevel, UnitKind
from tean.domain.clocks import AHEAD, TargetClock, clock, level
from tests.fakes.builders import DAY, target

DAYS = st.dates(date(2023, 5, 5), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-400, ClockLevel.ENDED),
        (-1, ClockLevel.ENDED),
        (0, ClockLevel.TODAY),
        (1, ClockLevel.WITHIN_7),
        (7, ClockLevel.WITHIN_7),
        (8, ClockLevel.WITHIN_15),
        (15, ClockLevel.WITHIN_15),
        (16, ClockLevel.WITHIN_30),
        (30, ClockLevel.WITHIN_30),
        (31, ClockLevel.WITHIN_60),
        (60, ClockLevel.WITHIN_60),
        (61, None),
    ],
)
def test_the_tightest_warning_that_is_reached_counts(days: int, expected: ClockLevel | None) -> None:
    assert level(days) is expected


def test_a_warning_is_reached_as_far_ahead_as_is_looked() -> None:
    assert level(AHEAD) and not level(AHEAD + 1)


def test_the_last_day_itself_is_not_past() -> None:
    ends_today, ended = (clock(target(next_inspection=DAY - timedelta(days=past)), DAY) for past in (0, 1))
    assert ends_today and ended
    assert (ends_today.days, ended.days) == (0, -1)
    assert (ends_today.level, ended.level) == (ClockLevel.TODAY, ClockLevel.ENDED)


def test_what_has_no_date_has_no_clock() -> None:
    assert clock(target(next_inspection=None), DAY) is None


@pytest.mark.parametrize(
    ("ends", "apply_by"),
    [
        (date(2026, 12, 31), date(2026, 11, 30)),
        (date(2027, 1, 15), date(2026, 12, 15)),
        (date(2027, 2, 28), date(2027, 1, 28)),
        (date(2027, 3, 31), date(2027, 2, 28)),
        (date(2028, 3, 31), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 1, 29)),
        (date(2027, 5, 1), date(2027, 4, 1)),
    ],
)
def test_the_next_inspection_is_applied_for_a_month_before(ends: date, apply_by: date) -> None:
    assert clock(target(next_inspection=ends), DAY) == TargetClock((ends - DAY).days, _level(ends), apply_by)


def _level(ends: date) -> ClockLevel | None:
    return level((ends - DAY).days)


def test_a_licence_is_only_counted_down() -> None:
    licence = target("L-1", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG", next_inspection=DAY)
    assert clock(licence, DAY) == TargetClock(0, ClockLevel.TODAY)


@given(DAYS)
def test_a_month_before_is_always_in_the_month_before(ends: date) -> None:
    found = clock(target(next_inspection=ends), DAY)
    assert found and found.apply_by
    assert 28 <= (ends - found.apply_by).days <= 31
    assert (found.apply_by + timedelta(days=31)).replace(day=1) == ends.replace(day=1) or found.apply_by.day == 1


@given(DAYS, st.integers(-500, 500))
def test_warnings_only_get_more_urgent_as_days_pass(today: date, ahead: int) -> None:
    order = [*ClockLevel, None]
    now, later = level(ahead), level(ahead - 1)
    assert order.index(later) <= order.index(now)
