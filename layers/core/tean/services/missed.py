"""What went by unrecorded, as lists show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.records import MissedItem

if TYPE_CHECKING:
    from tean.adapters.ports.access import Access
    from tean.domain.tasks import Missed


def missed_items(access: Access, unit: str, missed: Sequence[Missed]) -> tuple[MissedItem, ...]:
    """Each with the names of those who were to do it. One BatchGet where there is any."""
    if not missed:
        return ()
    people = {(unit, officer) for marker in missed for officer in marker.officers}
    names = {person.code: person.name for _, person in access.people(people)}
    return tuple(
        MissedItem(
            duty=marker.duty,
            due=marker.due,
            closed_at=marker.closed_at,
            asked=marker.asked,
            role=marker.role,
            names=tuple(names.get(officer, officer) for officer in marker.officers),
        )
        for marker in missed
    )
