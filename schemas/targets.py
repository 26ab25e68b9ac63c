"""What people are shown of a target."""

from __future__ import annotations

from datetime import date

from schemas.base import Answer
from schemas.language import ClockLevel, TargetState, UnitKind


class ClockAnswer(Answer):
    """How long the inspection of equipment, or a licence, still lasts today: ``days`` below zero have passed since.

    ``level`` is the warning that was reached; ``apply_by`` the last day to apply for the next inspection (equipment).
    """

    days: int
    level: ClockLevel | None = None
    apply_by: date | None = None


class TargetFacts(Answer):
    """The nameplate of a target: what it is, where, since when in which state, inspected until when."""

    target: str
    name: str
    unit_kind: UnitKind
    kind: str
    kind_name: str
    subtype: str | None = None
    subtype_name: str | None = None
    location: str | None = None
    state: TargetState
    state_reason: str | None = None
    next_inspection: date | None = None
    clock: ClockAnswer | None = None
    """Of what has a date."""
    identifiers: dict[str, str]
