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

    @property
    def post(self) -> str:
        """Its code within the unit."""
        return post_of(self.person, self.role)


def post_of(person: str, role: Role) -> str:
    """The code of a post within its unit: who, and as what. An officer's is his own code, so that what he alone has
    keeps the keys it had before the others got duties."""
    return person if role is Role.OFFICER else f"{person}#{role}"


def held_by(post: str) -> tuple[str, Role]:
    """Whose post it is, and which."""
    person, _, role = post.partition("#")
    return person, Role(role or Role.OFFICER)
