"""Rows of a post."""

from __future__ import annotations

from dataclasses import replace

from schemas.language import Stamp, TargetState, TaskState
from tests.fakes.builders import NOW, row


def test_who_shares_a_row_has_it_closed_by_the_record_that_closed_the_others() -> None:
    closed = row(
        "P2", state=TaskState.DONE, target_state=TargetState.SUSPENDED, closed_by="P2", closed_by_name="示例人员P2",
        closed_at=NOW, stamp=Stamp.ZERO_RISK, fails=3,
    )  # fmt: skip
    assert row("P1", missed_at=NOW).closed_like(closed) == replace(closed, person="P1", missed_at=None)


def test_when_it_was_missed_is_kept_of_what_is_entered_late() -> None:
    late = row("P2", state=TaskState.LATE, closed_by="P2", closed_at=NOW)
    assert row("P1", missed_at=NOW).closed_like(late).missed_at == NOW
