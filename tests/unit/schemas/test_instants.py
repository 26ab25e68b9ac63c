"""Instants: one form, whatever a phone says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.instants import Instant, PhoneInstant, written

PHONE: TypeAdapter[Any] = TypeAdapter(PhoneInstant)
OURS: TypeAdapter[Any] = TypeAdapter(Instant)


def test_an_instant_is_written_in_utc_with_milliseconds() -> None:
    assert OURS.dump_json(datetime(2026, 11, 23, 1, 30, 15, 120000, tzinfo=UTC)) == b'"2026-11-23T01:30:15.120Z"'


def test_a_phones_instant_is_brought_to_utc_and_milliseconds() -> None:
    told = PHONE.validate_python("2026-11-23T09:30:15.123456+08:00")
    assert (told, told.tzinfo) == (datetime(2026, 11, 23, 1, 30, 15, 123000, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    "told", ["2026-11-23T09:30:15", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2020-01-01T00:00:00Z"]
)
def test_an_instant_without_a_zone_or_out_of_all_bounds_is_refused(told: str) -> None:
    with pytest.raises(ValidationError):
        PHONE.validate_python(told)


@given(st.datetimes(datetime(2023, 5, 6), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_what_was_written_reads_as_the_same_instant(instant: datetime) -> None:
    instant = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    assert OURS.validate_json(f'"{written(instant)}"') == instant
