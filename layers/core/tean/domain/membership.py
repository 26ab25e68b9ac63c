"""Who is acting: one person in one unit in one role."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.language import Role, UnitKind


@dataclass(frozen=True)
class Membership:
    """A person in a unit with one role (任职); what a session token names.

    ``sides`` are the unit kinds the role covers; ``kinds`` narrows a director to target kinds, empty means all.
    ``name`` is kept with every step he takes, as it was when he logged in. ``stands_in`` are the target kinds that no
    director answers for: there the principal does the director's work (design.md §6).
    """

    unit: str
    person: str
    name: str
    role: Role
    sides: frozenset[UnitKind]
    kinds: frozenset[str] = frozenset()
    stands_in: frozenset[str] = frozenset()
