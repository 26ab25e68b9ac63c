"""When a schedule was last due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.manifest import load
from infra.stack.cron import ZONE, Cron


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("cron", "now", "due"),
    [
        ("5 0 * * ? *", "2026-11-24T00:05:00", "2026-11-24T00:05"),
        ("5 0 * * ? *", "2026-11-24T00:04:59", "2026-11-23T00:05"),
        ("5 0 * * ? *", "2026-01-01T00:00:00", "2025-12-31T00:05"),
        ("5 0 ? * MON *", "2026-11-24T12:00:00", "2026-11-23T00:05"),
        ("5 0 ? * 2 *", "2026-11-23T00:04:00", "2026-11-16T00:05"),
        ("5 0 1 * ? *", "2026-11-24T12:00:00", "2026-11-01T00:05"),
        ("5 0 1 1,7 ? *", "2026-06-30T12:00:00", "2026-01-01T00:05"),
        ("0/15 8-18 ? * MON-FRI *", "2026-11-24T09:44:59", "2026-11-24T09:30"),
        ("0/15 8-18 ? * MON-FRI *", "2026-11-23T07:59:00", "2026-11-20T18:45"),
        ("0 3 29 2 ? *", "2027-03-01T00:00:00", "2024-02-29T03:00"),
    ],
)
def test_the_latest_instant_is_found(cron: str, now: str, due: str) -> None:
    assert Cron.parse(cron).latest(local(now)) == local(due)


def test_it_reads_shanghai_time_whatever_the_zone_of_now() -> None:
    due = Cron.parse("5 0 * * ? *").latest(datetime(2026, 11, 23, 16, 5, tzinfo=UTC))
    assert due == datetime(2026, 11, 23, 16, 5, tzinfo=UTC)


def test_what_never_was_due_has_no_latest() -> None:
    assert Cron.parse("0 0 1 1 ? 2100").latest(local("2026-11-24T00:00:00")) is None


@pytest.mark.parametrize(
    "cron", ["5 0 L * ? *", "5 0 ? * 2#1 *", "60 0 * * ? *", "5 0 0 * ? *", "5 0 * *", "x 0 * * ? *"]
)
def test_what_is_not_understood_is_refused(cron: str) -> None:
    with pytest.raises(ValueError):
        Cron.parse(cron)


def test_every_schedule_of_the_manifest_is_understood() -> None:
    for schedule in load().schedules.values():
        Cron.parse(schedule.cron)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.integers(0, 59), st.integers(0, 23))
def test_a_daily_schedule_was_due_within_the_last_day(now: datetime, minute: int, hour: int) -> None:
    moment = now.replace(tzinfo=ZONE)
    due = Cron.parse(f"{minute} {hour} * * ? *").latest(moment)
    assert due is not None
    assert timedelta() <= moment - due < timedelta(days=1)
    assert (due.hour, due.minute, due.second) == (hour, minute, 0)
