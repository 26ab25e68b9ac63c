"""Asking for records."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from schemas.records import RecordQuery


def test_days_that_end_before_they_begin_are_refused_and_one_day_is_not() -> None:
    with pytest.raises(ValidationError, match="开始日期不能晚于结束日期"):
        RecordQuery.model_validate_strings({"since": "2026-11-24", "until": "2026-11-23"})
    assert RecordQuery.model_validate_strings({"since": "2026-11-23", "until": "2026-11-23"}).since == date(
        2026, 11, 23
    )
