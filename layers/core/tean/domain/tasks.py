"""To-do rows and the sheets that sum them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from schemas.instants import Instant
from schemas.language import Duty, Stamp, TargetState, TaskState, UnitKind


@dataclass(frozen=True)
class Row:
    """One to-do of one person: check one target (daily) for one day. ``kind`` is its target kind.

    ``officers`` are all who got a row for it, the first officer first: one submission closes the rows of them all.
    ``target_state`` is how the target was when the row was made and, once it is closed, what the record says.
    ``closed_by_name``, ``stamp`` and ``fails`` are those of the record that closed it.
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


@dataclass(frozen=True)
class Sheet:
    """What one person owes and has done for one duty and day, counted per target kind.

    ``owed`` counts the targets whose first officer he is; ``done`` and ``suspended`` what he himself submitted, so
    the sheets of a unit sum to each target once. ``plan`` is the digest of the rows it stands for.
    """

    person: str
    duty: Duty
    due: date
    plan: str
    owed: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, int] = field(default_factory=dict)
    suspended: Mapping[str, int] = field(default_factory=dict)
