"""The write path of inspections, and the reads of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from schemas.language import Duty, TargetState
from tean.domain.records import Head, Record
from tean.domain.tasks import Evidence, Missed, Row

if TYPE_CHECKING:
    from schemas.checklists import CustomList
    from tean.adapters.ports.common import Page
    from tean.adapters.ports.registry import CustomKey
    from tean.domain.files import Upload
    from tean.domain.hazards import Hazard
    from tean.domain.membership import Membership
    from tean.domain.registry import Person, Target


@dataclass(frozen=True)
class Facts:
    """What a submission is judged by, read at once."""

    person: Person | None
    target: Target | None
    row: Row | None
    head: Head
    first: Record | None = None
    """The record that is already there for this share of the target's bucket, whoever made it."""
    supplement: Record | None = None
    """The person's own supplement to a colleague's record."""
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    devices: Mapping[str, Target] = field(default_factory=dict)
    custom: CustomList | None = None


@dataclass(frozen=True)
class Submission:
    """One inspection to be written whole or not at all.

    ``head`` is the head it was judged by: it must not have moved. ``close`` are the posts whose open rows are closed
    with it; of a corrected record, those it closed in its first version. The sheet of the submitter counts it unless
    ``record`` is a supplement or a correction.
    """

    membership: Membership
    record: Record
    head: Head
    close: tuple[str, ...]
    hazards: tuple[Hazard, ...] = ()
    target_state: TargetState | None = None
    """The state the target changes to; None leaves it."""
    state_reason: str | None = None
    """Why it does."""
    seen_state: TargetState = TargetState.IN_USE


@dataclass(frozen=True)
class NotSubmitted:
    """Why a submission was not written; whatever is set is what stood in its way."""

    dismissed: bool = False
    existing: bool = False
    head_moved: bool = False
    state_moved: bool = False
    rows: tuple[str, ...] = ()
    """Posts whose rows were not open any more."""


Entry = Record | Missed
"""An entry of a target's history."""


class Inspections(Protocol):
    """The write path of inspections and the reads of records."""

    def facts(
        self, unit: str, post: str, target: str, duty: Duty, due: date,
        files: Iterable[str] = (), devices: Iterable[str] = (), custom: CustomKey | None = None,
        version: int = 1,
    ) -> Facts:  # fmt: skip
        """Person, target (none for a target kind), his row, the head of the chain, the record of his share and his own
        supplement (in this version), his cited files, the devices named and the unit's own list he answered. One
        BatchGet."""

    def firsts(self, unit: str, rows: Iterable[Row]) -> Mapping[str, Sequence[Evidence]]:
        """By what rows share, every version of the record that was first, or every report; shares without one are left
        out. One BatchGet for 100, and one more for each version of what there is."""

    def heads(self, unit: str, targets: Iterable[str]) -> Mapping[str, Head]:
        """The ends of these chains; those that never began are left out. One BatchGet for 100."""

    def any_open(self, unit: str, kinds: Iterable[str]) -> bool:
        """Whether a hazard found under any of these kinds is not rectified. One Query for each kind, until one is."""

    def missed(self, unit: str, target: str, duty: Duty, due: date, share: str = "") -> Missed | None:
        """The close's marker for a share of a target's bucket."""

    def submit(self, submission: Submission) -> NotSubmitted | None:
        """Record, head, rows, sheet, hazards and target state in one transaction; None when written."""

    def record(self, unit: str, target: str, id: str) -> Record | None:
        """One record by its natural key."""

    def versions(self, unit: str, target: str, id: str) -> Sequence[Record]:
        """Every version of the record with this id, the first one first; none when there is none. One Query."""

    def records(
        self, unit: str, target: str, duty: Duty, *, since: date, until: date, person: str | None,
        after: str | None, limit: int,
    ) -> Page[Entry]:  # fmt: skip
        """What there is of a target or target kind, newest bucket first: its records, and the markers of what nobody
        recorded. ``person`` keeps only his own. One Query; a page may be short of ``limit`` and still have a
        ``next``."""
