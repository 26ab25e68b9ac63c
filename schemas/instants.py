"""Instants as they are written everywhere: UTC, ISO 8601, milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, PlainSerializer, WithJsonSchema

IN_IDS = "%Y%m%dT%H%M%S%fZ"
"""How an id begins that names an instant, UTC with milliseconds."""
FIRST = datetime(2023, 5, 5, tzinfo=UTC)
"""Orders 73 and 74 are in force from this day: nothing was done under them before."""


def written(instant: datetime) -> str:
    """``2026-11-23T01:30:15.123Z``"""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_utc(instant: datetime) -> datetime:
    if not FIRST <= instant <= FIRST.replace(year=9999):
        raise ValueError("时间不对，请检查手机的日期")
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


Instant = Annotated[
    datetime,
    PlainSerializer(written, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant of ours."""

ListedInstant = Annotated[
    datetime,
    PlainSerializer(lambda instant: written(instant.replace(microsecond=0)).replace(".000", ""), when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant in a row of a list, to the second: a list shows minutes, the record behind it keeps the milliseconds."""

PhoneInstant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant a phone tells, in whatever zone: brought to UTC and milliseconds."""
