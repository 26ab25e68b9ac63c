"""The nameplate of a target, as every screen shows it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from schemas.catalogue import target_kind
from schemas.targets import ClockAnswer, TargetFacts
from tean.domain.clocks import clock

if TYPE_CHECKING:
    from tean.domain.registry import Target


def nameplate(target: Target, today: date) -> TargetFacts:
    """What a target is, with the words of its kind and how long its inspection lasts from today."""
    kind, left = target_kind(target.kind), clock(target, today)
    return TargetFacts(
        target=target.code,
        name=target.name,
        unit_kind=target.unit_kind,
        kind=target.kind,
        kind_name=kind.name,
        subtype=target.subtype,
        subtype_name=kind.subtypes.get(target.subtype) if target.subtype else None,
        location=target.location or None,
        state=target.state,
        state_reason=target.state_reason,
        next_inspection=target.next_inspection,
        clock=ClockAnswer.model_validate(left) if left else None,
        identifiers=dict(target.identifiers),
    )
