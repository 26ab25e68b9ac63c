"""Windows of time, and how many turns somebody has in one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tean.domain.turns import Allowance

HOURLY = Allowance(600, timedelta(hours=1))


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize("now", [at(1, 0), at(1, 30, 15), at(1, 59, 59)])
def test_a_window_holds_every_instant_from_its_begin_to_its_end(now: datetime) -> None:
    turn = HOURLY.turn(now)
    assert (turn.begins, turn.ends, turn.most) == (at(1, 0), at(2, 0), 600)


def test_the_end_of_a_window_is_the_begin_of_the_next() -> None:
    assert HOURLY.turn(at(2, 0)).begins == HOURLY.turn(at(1, 59)).ends


@pytest.mark.parametrize(
    ("now", "minutes", "seconds"), [(at(1, 0), 60, 3600), (at(1, 17, 30), 43, 2550), (at(1, 59, 59), 1, 1)]
)
def test_who_had_all_of_them_is_told_in_how_many_minutes_there_are_more(
    now: datetime, minutes: int, seconds: int
) -> None:
    refusal = HOURLY.turn(now).refused("file.too_often", "上传")
    assert (refusal.status, refusal.wait, refusal.details) == (429, seconds, {"wait": seconds})
    assert refusal.sentence == f"上传太频繁了，请过 {minutes} 分钟再试。"
