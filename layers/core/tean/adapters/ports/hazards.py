"""Hazards and their steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from tean.domain.hazard_ids import target_of

if TYPE_CHECKING:
    from schemas.language import Duty, Grade, HazardState
    from tean.adapters.ports.common import Page
    from tean.domain.hazards import Hazard, Step
    from tean.domain.membership import Membership


@dataclass(frozen=True)
class Move:
    """One step of a hazard, demanded to start from what the caller saw.

    All of it becomes conditions of the one transaction: whose turn it is, on which side, with which files.
    ``duty`` and ``devices`` are those the hazard was found by and on: its queue and its heads bear their names, and no
    read tells them.
    """

    membership: Membership
    step: Step
    digest: str
    seen_version: int
    seen_grade: Grade
    from_state: HazardState
    duty: Duty
    assignee_only: bool = False
    his_own: bool = False
    """He must be its finder or its assignee."""
    other_than_finder: bool = False
    in_directors_place: bool = False
    """The step is a director's, and a principal who takes it stands in for one."""
    devices: tuple[str, ...] = ()

    @property
    def counted_at(self) -> tuple[str, ...]:
        """What counts the hazard among its open ones."""
        return self.devices or (target_of(self.step.hazard),)


@dataclass(frozen=True)
class NotMoved:
    """Why a step was not taken."""

    dismissed: bool = False
    assignee_unfit: bool = False
    files_unfit: bool = False
    hazard: Hazard | None = None
    """The hazard as it really stands, when its own condition failed; None with ``missing`` when there is none."""
    missing: bool = False


class Hazards(Protocol):
    """Hazards and their steps."""

    def hazard(self, unit: str, id: str) -> tuple[Hazard, Sequence[Step]] | None:
        """A hazard with every step, oldest first. One Query."""

    def queue(
        self, unit: str, duty: Duty, state: HazardState, *, after: str | None, limit: int, grade: Grade | None = None
    ) -> Page[Hazard]:
        """A unit's hazards in one state: reported by grade then age, ordered by deadline, rectified newest first.
        ``grade`` keeps only those of it; a page may then be short of ``limit`` and still have a ``next``."""

    def mine(
        self, unit: str, person: str, state: HazardState, *, after: str | None, limit: int, grade: Grade | None = None
    ) -> Page[Hazard]:
        """Hazards in one state that are a person's: those he found until ordered, then those he is to rectify."""

    def found(self, unit: str, since: datetime, until: datetime) -> Sequence[Hazard]:
        """Found from ``since`` on and before ``until``, oldest first, as they stand now. A Query for each megabyte."""

    def found_page(
        self, unit: str, since: datetime, until: datetime, *, after: str | None, limit: int,
        kind: str | None = None, grade: Grade | None = None, duty: Duty | None = None, on_site: bool = False,
    ) -> Page[Hazard]:  # fmt: skip
        """The same by pages, newest first; of a kind, a grade, a duty; put right on the spot. One Query; a page may be
        short of ``limit`` and still have a ``next``."""

    def rectified(self, unit: str, duty: Duty, since: datetime, until: datetime) -> Sequence[Hazard]:
        """Rectified from ``since`` on and before ``until``, those put right on the spot among them, in that order. A
        Query for each megabyte."""

    def rectified_page(
        self, unit: str, duties: Iterable[Duty], since: datetime, until: datetime, *, after: str | None, limit: int,
        kind: str | None = None, grade: Grade | None = None,
    ) -> Page[Hazard]:  # fmt: skip
        """Of some duties by pages, newest first, without those put right on the spot; of a kind, a grade. A Query for
        each duty; a page may be short of ``limit`` and still have a ``next``."""

    def open_hazards(self, unit: str, kinds: Iterable[str] | None = None) -> tuple[Sequence[Hazard], bool]:
        """What is not rectified, oldest first, and whether there is more of it than one answer holds (a megabyte, some
        hundreds). One Query; of ``kinds`` alone everything, one for each and each megabyte."""

    def move(self, move: Move) -> NotMoved | None:
        """Take one step: hazard, step and (on rectifying or regrading) heads in one transaction and no read; None when
        taken."""

    def hand_over(self, hazard: Hazard, step: Step) -> bool:
        """Give an open hazard, as it was seen, to ``step.assignee``, whatever its state; False when it has moved since
        or he is no active officer of its side. One TransactWrite."""
