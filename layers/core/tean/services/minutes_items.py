"""Drafted minutes as they stand in lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from schemas.reports import MinutesItem
from tean.domain.errors import NotFound

if TYPE_CHECKING:
    from tean.domain.minutes import Minutes


def minutes_item(minutes: Minutes) -> MinutesItem:
    """One of them."""
    return MinutesItem(
        minutes=minutes.id,
        due=minutes.due,
        version=minutes.version,
        state=minutes.state,
        kinds=minutes.kinds,
        meeting_at=minutes.meeting_at,
        by=minutes.by,
        by_name=minutes.by_name,
        at=minutes.submitted_at,
        reason=minutes.reason,
    )


def latest_first(minutes: Iterable[Minutes]) -> tuple[MinutesItem, ...]:
    """Several, what was submitted last first."""
    return tuple(map(minutes_item, sorted(minutes, key=lambda one: one.submitted_at, reverse=True)))


def minutes_unknown() -> NotFound:
    """The answer where there are none, and where there are some that are not the caller's to see."""
    return NotFound("minutes.unknown", "没有找到这份会议纪要，请回到月报告下拉刷新。")
