"""A hazard's id names what it touches (ADR 2)."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.instants import IN_IDS


def hazard_id(found_at: datetime, target: str, item: str, finder: str) -> str:
    """The natural key of a hazard; it begins with the found instant, so keys sort by age.

    It names target, item and finder, so that a step needs no read to know whose head and queue it touches.
    """
    instant = f"{found_at:%Y%m%dT%H%M%S}{found_at.microsecond // 1000:03d}Z"
    return ".".join((instant, target, item, finder))


def found_at(hazard: str) -> datetime:
    """The instant inside a hazard id."""
    return datetime.strptime(hazard.split(".")[0], IN_IDS).replace(tzinfo=UTC)


def target_of(hazard: str) -> str:
    """The target inside a hazard id."""
    return hazard.split(".")[1]


def item_of(hazard: str) -> str:
    """The checklist item inside a hazard id."""
    return hazard.split(".")[2]


def finder_of(hazard: str) -> str:
    """The finder's code inside a hazard id."""
    return hazard.split(".")[3]
