"""How long the inspection of equipment, or a licence, still lasts (acceptance 54; domain.md §1.11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schemas.language import ClockLevel, UnitKind
from tean.domain.calendar import DAY
from tean.domain.registry import Target

_WARNED = {
    0: ClockLevel.TODAY,
    7: ClockLevel.WITHIN_7,
    15: ClockLevel.WITHIN_15,
    30: ClockLevel.WITHIN_30,
    60: ClockLevel.WITHIN_60,
}
"""By days left, the tightest first: at each there is a warning."""
AHEAD = max(_WARNED)
"""Days before its end from which a date is warned of."""


@dataclass(frozen=True)
class TargetClock:
    """How many days are left, the last day counted; below zero, since when it has ended. ``level`` is the warning that
    has been reached, None while there is time. ``apply_by`` is the last day to apply for the next inspection."""

    days: int
    level: ClockLevel | None
    apply_by: date | None = None


def clock(target: Target, today: date) -> TargetClock | None:
    """Where a target stands today; None when it has no date."""
    ends = target.next_inspection
    if ends is None:
        return None
    days = (ends - today).days
    return TargetClock(days, level(days), _month_before(ends) if target.unit_kind is UnitKind.USE else None)


def has_ended(target: Target, today: date) -> bool:
    """Whether its last day has passed."""
    return target.next_inspection is not None and target.next_inspection < today


def level(days: int) -> ClockLevel | None:
    """The warning that is reached with so many days left."""
    if days < 0:
        return ClockLevel.ENDED
    return next((warning for within, warning in _WARNED.items() if days <= within), None)


def _month_before(ends: date) -> date:
    """The last day to apply (特种设备安全法 Art. 40: one month before it ends); a shorter month counts to its end."""
    last = ends.replace(day=1) - DAY
    return last.replace(day=min(ends.day, last.day))
