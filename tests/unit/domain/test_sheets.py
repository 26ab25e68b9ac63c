"""What the sheets of a post tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.language import Duty
from tean.domain.sheets import is_neglected, is_opened
from tean.domain.tasks import Sheet
from tests.fakes.builders import DAY, NOW, sheet

YESTERDAY = sheet(due=DAY - timedelta(days=1), closed=True)


@pytest.mark.parametrize(
    ("sheets", "neglected"),
    [
        ([YESTERDAY, sheet()], False),
        ([YESTERDAY], True),
        ([sheet()], True),
        ([replace(YESTERDAY, closed=False), sheet()], True),
        ([sheet(due=DAY - timedelta(days=2), closed=False), YESTERDAY, sheet()], True),
        ([YESTERDAY, sheet(duty=Duty.WEEKLY)], True),
        ([YESTERDAY, sheet(), sheet(duty=Duty.WEEKLY, due=DAY - timedelta(days=7), closed=False)], False),
    ],
)
def test_a_day_is_neglected_that_was_not_opened_or_follows_one_that_was_not_closed(
    sheets: list[Sheet], neglected: bool
) -> None:
    assert is_neglected(Duty.DAILY, sheets, NOW) is neglected


def test_of_a_month_the_one_before_is_asked_for_only_while_it_takes_late_entries() -> None:
    def neglected(days: int, *sheets: Any) -> bool:
        return is_neglected(Duty.MONTHLY, sheets, NOW.replace(day=1) + timedelta(days=days))

    now = sheet(duty=Duty.MONTHLY, due=DAY.replace(day=1))
    assert [neglected(days, now) for days in range(4)] == [True, True, False, False]
    assert not is_opened(Duty.MONTHLY, [sheet(duty=Duty.MONTHLY, due=DAY.replace(month=10, day=1))], NOW)
