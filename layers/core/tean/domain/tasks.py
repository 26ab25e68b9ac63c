"""To-do rows and the sheets that sum them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from schemas.instants import Instant
from schemas.language import Duty, Role, Stamp, TargetState, TaskState, UnitKind
from tean.domain.membership import post_of
from tean.domain.shares import role_of_share, share_of


class Evidence(Protocol):
    """What closes a row: a record, or a report."""

    @property
    def late(self) -> bool: ...
    @property
    def state(self) -> TargetState: ...
    @property
    def person(self) -> str: ...
    @property
    def person_name(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def stamp(self) -> Stamp | None: ...
    @property
    def fails(self) -> int: ...


@dataclass(frozen=True)
class Row:
    """One to-do of one person in one role: inspect a target (daily), or a target kind (weekly, monthly), or report on
    it, once in a bucket. ``target`` is the code of either, ``kind`` the target kind.

    ``officers`` are all whom one record stands for, the first in charge first: one submission closes their rows too.
    ``target_state`` is how the target was when the row was made and, once it is closed, what the record says.
    ``closed_by_name``, ``stamp`` and ``fails`` are those of the record that closed it.
    ``missed_at`` is when the close found it open; a row entered late keeps it beside ``closed_at``.
    ``lists`` are the target kinds whose checklists it asks when that is not just its own; ``custom`` names the unit's
    own list as it was when the row was made: what is changed there later holds from the next task on.
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
    role: Role = Role.OFFICER
    lists: tuple[str, ...] = ()
    custom: str | None = None

    @property
    def post(self) -> str:
        """In whose list it is."""
        return post_of(self.person, self.role)

    @property
    def shared(self) -> str:
        """The same for the rows that one record closes."""
        return f"{self.target}#{self.share}"

    @property
    def share(self) -> str:
        """For whom the record of it stands."""
        return share_of(self.duty, self.role, self.person)

    @property
    def is_closed(self) -> bool:
        """Whether a record closed it."""
        return self.state in (TaskState.DONE, TaskState.LATE)

    @property
    def is_enterable(self) -> bool:
        """Whether nothing was recorded of it, and it was not withdrawn."""
        return self.state in (TaskState.OPEN, TaskState.MISSED)

    def closed_like(self, other: Row) -> Row:
        """This row, closed by the record that closed ``other``, a row that shares it."""
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
    """What one person in one role owes and has done for one bucket of a duty, counted per target kind. Everybody who
    has the duty gets one, also when he owes nothing: it proves that the bucket was opened for him.

    ``owed`` counts the rows he is first in charge of; ``done`` and ``suspended`` what he himself submitted, so the
    sheets of a unit sum to each record once. ``plan`` is the digest of the rows it stands for, ``crew`` how many
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
    role: Role = Role.OFFICER

    @property
    def post(self) -> str:
        """In whose list it is."""
        return post_of(self.person, self.role)


@dataclass(frozen=True)
class Missed:
    """The marker (漏检) the close leaves beside a target's records, outside their chain: at ``closed_at`` none of its
    ``officers`` had recorded anything. A record of the same bucket, late or still on its way then, goes before it.

    ``share`` says of whom it was missed when not all share one record; ``asked`` is False when the bucket was never
    opened while it lasted."""

    unit: str
    target: str
    duty: Duty
    due: date
    kind: str
    officers: tuple[str, ...]
    closed_at: Instant
    asked: bool = True
    share: str = ""

    @property
    def role(self) -> Role:
        """As what they were to do it."""
        return role_of_share(self.share)


def group_by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Rows by some part of them, in their order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
