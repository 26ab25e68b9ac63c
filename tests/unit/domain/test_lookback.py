"""What was inspected, and what was not, on any of some days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from schemas.language import Duty, TargetState, TaskState
from tean.domain.lookback import inspected, is_whole, looked_at, unchecked, unchecked_by_kind
from tean.domain.tasks import Row
from tests.fakes import builders
from tests.fakes.builders import DAY

SUNDAY = DAY + timedelta(days=6)
OPEN, DONE, LATE = TaskState.OPEN, TaskState.DONE, TaskState.LATE
MISSED, WITHDRAWN = TaskState.MISSED, TaskState.WITHDRAWN
IN_USE, SUSPENDED = TargetState.IN_USE, TargetState.SUSPENDED


def days(*states: TaskState | tuple[TaskState, TargetState], where: str = "E-1", who: str = "P1") -> list[Row]:
    """A row for each day from Monday on, found in use unless it says otherwise."""
    return [one_day(n, *(state if isinstance(state, tuple) else (state, IN_USE)), where=where, who=who)
            for n, state in enumerate(states)]  # fmt: skip


def one_day(n: int, state: TaskState, found: TargetState, *, where: str, who: str) -> Row:
    closed: dict[str, Any] = {"closed_by": who, "closed_at": builders.NOW} if state in (DONE, LATE) else {}
    due = DAY + timedelta(days=n)
    return builders.row(who, where=where, due=due, state=state, target_state=found, **closed)


@pytest.mark.parametrize(
    ("rows", "was_inspected", "was_unchecked"),
    [
        (days(MISSED, DONE, MISSED), 1, 0),
        (days(MISSED, LATE), 1, 0),
        (days(MISSED, MISSED), 0, 1),
        (days(OPEN), 0, 1),
        (days((DONE, SUSPENDED), (LATE, SUSPENDED)), 0, 0),
        (days((DONE, SUSPENDED), MISSED), 0, 1),
        (days((DONE, SUSPENDED), DONE), 1, 0),
        (days(WITHDRAWN, WITHDRAWN), 0, 0),
        (days(WITHDRAWN, MISSED), 0, 1),
        ([], 0, 0),
    ],
)
def test_a_target_is_inspected_by_one_day_in_use_and_unchecked_by_one_missed_and_none_inspected(
    rows: list[Row], was_inspected: int, was_unchecked: int
) -> None:
    assert sum(inspected(rows).values()) == was_inspected
    assert sum(unchecked_by_kind(rows).values()) == len(unchecked(rows)) == was_unchecked


def test_what_a_colleague_recorded_was_not_missed() -> None:
    rows = [*days(MISSED, who="P1"), *days(DONE, who="P2")]
    assert (dict(inspected(rows)), unchecked(rows)) == ({"3000": 1}, [])


def test_targets_are_counted_once_by_their_kind() -> None:
    rows = [*days(DONE, DONE), *days(DONE, where="E-2"), *days(MISSED, MISSED, where="E-3")]
    assert (dict(inspected(rows)), dict(unchecked_by_kind(rows))) == ({"3000": 2}, {"3000": 1})
    assert [[row.due for row in own] for own in unchecked(rows)] == [[DAY, DAY + timedelta(days=1)]]


def test_weeks_look_back_over_days_and_nothing_else_looks_back() -> None:
    assert {duty: looked_at(duty) for duty in Duty if looked_at(duty)} == {Duty.WEEKLY: Duty.DAILY}


def on(*days: int) -> list[date]:
    return [DAY + timedelta(days=n) for n in days]


@pytest.mark.parametrize(
    ("counted", "opened", "whole"),
    [
        (on(-1, 0, 1, 2, 3, 4, 5, 6), [], True),
        (on(0, 1, 2, 3, 4, 5, 6), on(0, 1, 2, 3, 4, 5, 6), True),
        (on(-1, 0, 1, 2, 3, 4, 5), on(0, 6), False),
        (on(3, 4, 5, 6), on(3, 6), True),
        (on(3, 4, 5, 6), on(2, 3), False),
        (on(-3), on(5), False),
        ([], on(6), False),
        ([], [], True),
    ],
)
def test_days_are_whole_when_each_was_counted_since_the_first_there_ever_was(
    counted: list[date], opened: list[date], whole: bool
) -> None:
    assert is_whole(Duty.DAILY, DAY, SUNDAY, counted, opened) is whole
