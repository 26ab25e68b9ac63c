"""Rows and sheets of a post, and the ids of what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.language import Duty, Stamp, TargetState, TaskState
from tean.domain.hazard_ids import finder_of, found_at, hazard_id, item_of, target_of
from tean.domain.sheets import is_neglected, is_opened
from tean.domain.tasks import Sheet
from tests.fakes.builders import DAY, NOW, row, sheet


def test_who_shares_a_row_has_it_closed_by_the_record_that_closed_the_others() -> None:
    closed = row(
        "P2", state=TaskState.DONE, target_state=TargetState.SUSPENDED, closed_by="P2", closed_by_name="示例人员P2",
        closed_at=NOW, stamp=Stamp.ZERO_RISK, fails=3,
    )  # fmt: skip
    assert row("P1", missed_at=NOW).closed_like(closed) == replace(closed, person="P1", missed_at=None)


def test_when_it_was_missed_is_kept_of_what_is_entered_late() -> None:
    late = row("P2", state=TaskState.LATE, closed_by="P2", closed_at=NOW)
    assert row("P1", missed_at=NOW).closed_like(late).missed_at == NOW


def test_an_id_tells_instant_target_item_and_finder() -> None:
    id = hazard_id(NOW, "E-1", "EL-D-01", "P1")
    assert id == "20261123T013015123Z.E-1.EL-D-01.P1"
    assert (found_at(id), target_of(id), item_of(id), finder_of(id)) == (NOW, "E-1", "EL-D-01", "P1")


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
