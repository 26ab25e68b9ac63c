"""The nameplate of a target, as every screen shows it."""

from __future__ import annotations

from datetime import date

from schemas.catalogue import target_kind
from schemas.todos import TargetFacts
from tean.domain.registry import Target


def nameplate(target: Target, today: date) -> TargetFacts:
    """What a target is, with the words of its kind and whether its inspection has expired today."""
    kind = target_kind(target.kind)
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
        inspection_expired=target.next_inspection is not None and target.next_inspection < today,
        identifiers=dict(target.identifiers),
    )
