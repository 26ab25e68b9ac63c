"""Marks and names within an item that both readers and conditions use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.language import Grade, Role, UnitKind


def role_marks(role: Role, sides: Iterable[UnitKind]) -> Iterable[str]:
    """A post as the set ``roles`` holds it: the role itself, and the role on each side."""
    return (str(role), *(f"{role}#{side}" for side in sides))


def open_count(grade: Grade) -> str:
    """The attribute of the head that counts open hazards of one grade."""
    return f"open_{grade}"
