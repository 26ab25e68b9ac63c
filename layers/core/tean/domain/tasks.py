"""To-do rows and the sheets that sum them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.instants import Instant
from schemas.language import Duty, Stamp, TargetState, TaskState, UnitKind


@dataclass(frozen=True)
class Row:
    """One to-do of one person: check one target (daily) for one day. ``kind`` is its target kind.

    ``officers`` are all who got a row for it, the first officer first: one submission closes the rows of them all.
    ``target_state`` is how the target was when the row was made and, once it is closed, what the record says.
    ``closed_by_name``, ``stamp`` and ``fails`` are those of the record that closed it.
    ``missed_at`` is when the close found it open; a row entered late keeps it beside ``closed_at``.
    """

    person: str
    duty: Duty
    due: date
    target: str
    name: str
    location: str
    unit_kind: UnitKind
    kind: str
    target_state: TargetState = TargetState.IN_USE
    state: TaskState = TaskState.OPEN
    closed_by: str | None = None
    closed_at: Instant | None = None
    officers: tuple[str, ...] = ()
    closed_by_name: str | None = None
    stamp: Stamp | None = None
    fails: int = 0
    missed_at: Instant | None = None

    @property
    def is_closed(self) -> bool:
        """Whether a record closed it."""
        return self.state in (TaskState.DONE, TaskState.LATE)

    def closed_like(self, other: Row) -> Row:
        """This row, closed by the record that closed ``other``, a row of the same target and day."""
        return replace(
            self,
            state=other.state,
            target_state=other.target_state,
            closed_by=other.closed_by,
            closed_by_name=other.closed_by_name,
            closed_at=other.closed_at,
            stamp=other.stamp,
            fails=other.fails,
            missed_at=self.missed_at if other.state is TaskState.LATE else None,
        )


@dataclass(frozen=True)
class Sheet:
    """What one person owes and has done for one duty and day, counted per target kind.

    ``owed`` counts the targets whose first officer he is; ``done`` and ``suspended`` what he himself submitted, so
    the sheets of a unit sum to each target once. ``plan`` is the digest of the rows it stands for, ``crew`` how many
    people the plan it was made by had; fewer sheets than that prove that an opening died half-way. ``closed`` once the
    close is through with it.
    """

    person: str
    duty: Duty
    due: date
    plan: str
    owed: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, int] = field(default_factory=dict)
    suspended: Mapping[str, int] = field(default_factory=dict)
    crew: int = 0
    closed: bool = False


@dataclass(frozen=True)
class Missed:
    """The marker (漏检) the close leaves beside a target's records, outside their chain: at ``closed_at`` none of its
    ``officers`` had recorded anything. A record of the same bucket, late or still on its way then, goes before it.

    ``asked`` is False when the bucket was never opened while it lasted.
    """

    unit: str
    target: str
    duty: Duty
    due: date
    kind: str
    officers: tuple[str, ...]
    closed_at: Instant
    asked: bool = True


def group_by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Rows by some part of them, in their order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
