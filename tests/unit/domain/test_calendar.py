from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language import Duty
from tean.domain import calendar
from tean.domain.calendar import business_date, closes_at, earliest_open, is_late, late_until

DAY = date(2026, 11, 23)
CLOSE = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))]
)
INSTANTS = st.datetimes(datetime(2023, 5, 5), datetime(2040, 1, 1), timezones=ZONES)
DAYS = st.dates(date(2023, 5, 5), date(2040, 1, 1))


def test_a_day_closes_at_five_past_midnight_in_shanghai() -> None:
    assert closes_at(DAY) == CLOSE
    assert closes_at(DAY).tzinfo is UTC


def test_late_entry_ends_at_five_past_midnight_of_the_third_day_after() -> None:
    assert late_until(DAY) == datetime(2026, 11, 25, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "close"),
    [
        (date(2027, 12, 31), datetime(2027, 12, 31, 16, 5, tzinfo=UTC)),
        (date(2028, 2, 28), datetime(2028, 2, 28, 16, 5, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 29, 16, 5, tzinfo=UTC)),
    ],
)
def test_the_ends_of_years_and_of_february_close_like_any_day(day: date, close: datetime) -> None:
    assert closes_at(day) == close


def test_what_arrives_a_millisecond_before_the_close_is_on_time() -> None:
    assert not is_late(DAY, CLOSE - MILLISECOND)


def test_what_arrives_at_the_close_is_late() -> None:
    assert is_late(DAY, CLOSE)
    assert is_late(DAY, CLOSE + MILLISECOND)


def test_an_entry_is_never_late_before_its_day_has_begun() -> None:
    assert not is_late(DAY, CLOSE - timedelta(days=2))


def test_the_business_date_changes_at_midnight_in_shanghai() -> None:
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert business_date(midnight - MILLISECOND) == DAY
    assert business_date(midnight) == date(2026, 11, 24)


def test_for_five_minutes_after_midnight_the_old_day_is_still_open_and_on_time() -> None:
    just_after_midnight = datetime(2026, 11, 23, 16, 4, 59, 999000, tzinfo=UTC)
    assert business_date(just_after_midnight) == date(2026, 11, 24)
    assert not is_late(DAY, just_after_midnight)


def test_the_oldest_open_day_falls_shut_exactly_at_its_limit() -> None:
    limit = late_until(DAY)
    assert earliest_open(limit - MILLISECOND) == DAY
    assert earliest_open(limit) == DAY + timedelta(days=1)


@given(INSTANTS)
def test_the_earliest_open_day_is_the_first_whose_limit_lies_ahead(now: datetime) -> None:
    earliest = earliest_open(now)
    assert late_until(earliest - timedelta(days=1)) <= now < late_until(earliest)


@given(INSTANTS)
def test_three_or_four_days_take_entries_at_any_time(now: datetime) -> None:
    assert (business_date(now) - earliest_open(now)).days in (2, 3)


@given(DAYS, st.timedeltas(timedelta(0), timedelta(days=1) - timedelta(microseconds=1)))
def test_what_happens_on_a_day_in_shanghai_is_on_time_for_that_day(day: date, after_midnight: timedelta) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(hours=8)))
    assert business_date(midnight + after_midnight) == day
    assert not is_late(day, midnight + after_midnight)


@given(DAYS, INSTANTS)
def test_the_zone_an_instant_is_written_in_changes_nothing(day: date, now: datetime) -> None:
    same = now.astimezone(UTC)
    assert (business_date(now), earliest_open(now), is_late(day, now)) == (
        business_date(same),
        earliest_open(same),
        is_late(day, same),
    )


@given(DAYS)
def test_a_day_lasts_24_hours_and_stays_open_for_48_more(day: date) -> None:
    assert closes_at(day) - closes_at(day - timedelta(days=1)) == timedelta(hours=24)
    assert late_until(day) - closes_at(day) == timedelta(hours=48)


# --- buckets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duty", "day", "first", "following", "close"),
    [
        (Duty.DAILY, date(2028, 2, 29), date(2028, 2, 29), date(2028, 3, 1), date(2028, 3, 1)),
        (Duty.WEEKLY, date(2027, 1, 3), date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 4)),
        (Duty.WEEKLY_REPORT, date(2026, 12, 28), date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 4)),
        (Duty.MONTHLY, date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1), date(2028, 3, 1)),
        (Duty.MONTHLY_REPORT, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_bucket_is_named_by_its_first_day_and_closes_at_five_past_midnight_after_its_last(
    duty: Duty, day: date, first: date, following: date, close: date
) -> None:
    assert (calendar.bucket(duty, day), calendar.following(duty, first)) == (first, following)
    midnight = datetime(close.year, close.month, close.day, tzinfo=calendar.SHANGHAI)
    assert closes_at(first, duty) == midnight + timedelta(minutes=5)
    assert late_until(first, duty) == midnight + timedelta(days=2, minutes=5)


@given(st.sampled_from(Duty), DAYS, st.integers(1, 5))
def test_buckets_follow_each_other_without_gap(duty: Duty, day: date, many: int) -> None:
    first = calendar.bucket(duty, day)
    assert first <= day < calendar.following(duty, first)
    assert calendar.before(duty, calendar.following(duty, first)) == first
    back = calendar.before(duty, first, many)
    for _ in range(many):
        back = calendar.following(duty, back)
    assert back == first


@given(st.sampled_from(Duty), INSTANTS)
def test_the_bucket_that_is_on_closes_next(duty: Duty, now: datetime) -> None:
    due = calendar.current(duty, now)
    assert closes_at(calendar.before(duty, due), duty) <= now < closes_at(due, duty)


def test_a_bucket_is_settled_a_minute_after_its_late_entry() -> None:
    end = late_until(DAY) + timedelta(minutes=1)
    assert [calendar.settled(DAY, at) for at in (end - MILLISECOND, end)] == [False, True]
