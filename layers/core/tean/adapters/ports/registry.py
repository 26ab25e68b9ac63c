"""What a unit has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from schemas.checklists import CustomList
    from schemas.language import Duty, UnitKind
    from tean.adapters.ports.common import Page
    from tean.domain.membership import Membership
    from tean.domain.registry import Person, Roster, Target, Unit
    from tean.domain.roster import RosterChanges


@dataclass(frozen=True)
class CustomKey:
    """Where a version of a unit's own list lies."""

    duty: Duty
    kind: str
    sha256: str


@dataclass(frozen=True)
class NotRevised:
    """Why a version was not put in force: its author may not act any more, or another one is in force by now. Neither
    when only other traffic was in the way."""

    dismissed: bool = False
    moved: bool = False


class Registry(Protocol):
    """Units, their people and targets."""

    def roster(self, unit: str) -> Roster | None:
        """Everything registered for a unit, dismissed and removed included; None when there is no such unit."""

    def apply(self, changes: RosterChanges) -> None:
        """Write ``changes`` in the order they name; repeated, whole or after an interruption, it ends the same.

        A target's ``state`` and ``state_reason`` belong to the inspections and are only written for a new target.
        """

    def target(self, unit: str, target: str) -> Target | None:
        """One target."""

    def sender_and_target(self, unit: str, person: str, target: str | None) -> tuple[Person | None, Target | None]:
        """Somebody and a target of his unit, None for who or what is not there. One BatchGet."""

    def targets(
        self, unit: str, *, after: str | None, limit: int,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        """Targets by code, not the removed ones. ``officer`` keeps those he is named for or that name nobody;
        ``kinds`` and ``sides`` narrow when not empty. A page may be short of ``limit`` and still have a ``next``."""

    def expiring(
        self, unit: str, *, until: date, after: str | None, limit: int | None,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        """Targets whose inspection is due, or whose licence ends, by ``until``, earliest first, those long past too;
        narrowed as by :meth:`targets`. One Query; with no ``limit`` everything, a Query for each megabyte."""

    def custom(self, unit: str, list: CustomKey) -> CustomList | None:
        """One version of a unit's own list."""

    def own_lists(self, unit: str, lists: Iterable[CustomKey]) -> Mapping[CustomKey, CustomList]:
        """These versions of a unit's own lists; those that are not there are left out. One BatchGet for 100."""

    def customs(self, unit: str) -> tuple[Unit, Mapping[tuple[Duty, str], str]] | None:
        """A unit, and of each of its own lists the version in force. One Query."""

    def revise(self, member: Membership, list: CustomList, replaces: str | None) -> NotRevised | None:
        """Keep a version of a unit's own list and put it in force in the place of the one named; None when done."""

    def units(self, shard: int) -> Sequence[str]:
        """The units of one of the 16 shards of the directory."""
