"""What the services ask of the world outside: storage, files, queues, WeChat, the clock.

Each port has a real adapter beside this module and a fake in ``tests/fakes``; both pass ``tests/contract``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from schemas.checklists import CustomList
from schemas.language import Duty, Grade, HazardState, TargetState, UnitKind
from tean.domain.files import Upload
from tean.domain.hazards import Hazard, Step, target_of
from tean.domain.membership import Membership
from tean.domain.records import Head, Record
from tean.domain.registry import Person, Roster, Target, Unit
from tean.domain.rollups import Rollup
from tean.domain.roster import RosterChanges
from tean.domain.tasks import Missed, Row, Sheet

T = TypeVar("T")

Clock = Callable[[], datetime]
"""The present instant, in UTC."""


PAGE = 50
"""Items in one page of any list."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list; ``next`` is the sort key to go on after, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


# --- who ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AppToken:
    """WeChat's access token of the mini-program and when it ends."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Binding:
    """What an openid has proved: that it holds this phone, when these (unit, person) were registered with it.

    A number that is handed on is registered for somebody else then: whom it did not stand for, it does not let in.
    """

    phone: str
    people: frozenset[tuple[str, str]]


class Access(Protocol):
    """Who may come in. Every argument that stands for an openid or a phone is its keyed hash."""

    def binding(self, openid: str) -> Binding | None:
        """What an openid is bound to."""

    def bind(self, openid: str, binding: Binding) -> None:
        """Bind an openid; the last binding counts (people change phones). It stands for one person or more."""

    def memberships(self, phone: str) -> Sequence[tuple[str, str]]:
        """(unit, person) of everybody registered with this phone."""

    def people(self, refs: Iterable[tuple[str, str]]) -> Sequence[tuple[Unit, Person]]:
        """The people behind (unit, person); those that do not exist are left out. One BatchGet."""

    def app_token(self) -> AppToken | None:
        """The kept WeChat token, whether it is still good or not."""

    def keep_app_token(self, token: AppToken) -> None:
        """Keep ``token`` unless one that ends later is already kept."""


# --- what a unit has ------------------------------------------------------------------------------------------------


SHARDS = 16
"""Parts of the directory of units."""


@dataclass(frozen=True)
class CustomKey:
    """Where a version of a unit's own list lies."""

    duty: Duty
    kind: str
    sha256: str


@dataclass(frozen=True)
class NotRevised:
    """Why a version was not put in force: its author may not act any more, or another one is in force by now."""

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

    def targets(
        self, unit: str, *, after: str | None, limit: int,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        """Targets by code, not the removed ones. ``officer`` keeps those he is named for or that name nobody;
        ``kinds`` and ``sides`` narrow when not empty. A page may be short of ``limit`` and still have a ``next``."""

    def custom(self, unit: str, list: CustomKey) -> CustomList | None:
        """One version of a unit's own list."""

    def customs(self, unit: str) -> tuple[Unit, Mapping[tuple[Duty, str], str]] | None:
        """A unit, and of each of its own lists the version in force. One Query."""

    def revise(self, member: Membership, list: CustomList, replaces: str | None) -> NotRevised | None:
        """Keep a version of a unit's own list and put it in force in the place of the one named; None when done."""

    def units(self, shard: int) -> Sequence[str]:
        """The units of one of the 16 shards of the directory."""


# --- to-dos ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PutRow:
    """A new row; it must not exist yet."""

    row: Row


@dataclass(frozen=True)
class WithdrawRow:
    """Take an open row back; it is kept as ``withdrawn``."""

    row: Row


@dataclass(frozen=True)
class ReopenRow:
    """Give a withdrawn row back."""

    row: Row


@dataclass(frozen=True)
class PutSheet:
    """A new sheet; it must not exist yet."""

    sheet: Sheet


@dataclass(frozen=True)
class ReviseSheet:
    """Change what is owed on a sheet whose plan is still ``replaces`` and that is not closed; what is done stays."""

    sheet: Sheet
    replaces: str


@dataclass(frozen=True)
class CloseRow:
    """Close a row at the close of its bucket: an open one as ``missed``, an open or missed one by the record that
    closed a colleague's. ``row`` is how it stands then."""

    row: Row


@dataclass(frozen=True)
class PutMissed:
    """Put a marker beside a target's records; one that is there stays as it is."""

    missed: Missed


@dataclass(frozen=True)
class PutRollup:
    """Write a roll-up in the place of the version before it, which must be the last and not final; the first of a
    bucket must not exist yet."""

    rollup: Rollup


@dataclass(frozen=True)
class CloseSheet:
    """Close a sheet whose plan is still the one that was seen."""

    sheet: Sheet


DayWrite = PutRow | WithdrawRow | ReopenRow | CloseRow | PutSheet | ReviseSheet | CloseSheet | PutMissed | PutRollup
MOST_WRITES = 100
"""Actions in one transaction (DynamoDB's limit)."""


@dataclass(frozen=True)
class Listed:
    """A page of somebody's to-dos, and his sheets of the days it was taken from (as far as they follow the cursor)."""

    page: Page[Row]
    sheets: tuple[Sheet, ...] = ()


class Tasks(Protocol):
    """To-do rows and sheets."""

    def todos(self, unit: str, post: str, *, today: date, since: date, after: str | None, limit: int) -> Listed:
        """Rows of the buckets whose last day is ``since`` or later, by last day, duty and target: of those that last
        till ``today`` or longer all but the withdrawn, of earlier ones only the open and missed. One Query."""

    def sheet(self, unit: str, post: str, duty: Duty, due: date) -> Sheet | None:
        """The sheet of one post."""

    def sheets(self, unit: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Sheet]:
        """Every sheet of a unit's bucket, or of all from ``due`` to ``until``. One Query."""

    def rows(self, unit: str, post: str, duty: Duty, due: date, until: date | None = None) -> Sequence[Row]:
        """Every row of one post's bucket, withdrawn ones included, or of all from ``due`` to ``until``. One Query."""

    def write_day(self, unit: str, writes: Sequence[DayWrite]) -> bool:
        """Write at most 100 changes together; False, and nothing written, when one no longer fits."""


class Rollups(Protocol):
    """What closed buckets came to. They are written by :meth:`Tasks.write_day`, with what they were counted from."""

    def rollups(self, unit: str, duty: Duty, *, until: date, limit: int) -> Sequence[Rollup]:
        """The last ones up to and with ``until``, newest first. One Query."""


# --- inspections ----------------------------------------------------------------------------------------------------


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

    def firsts(self, unit: str, rows: Iterable[Row]) -> Mapping[str, Record]:
        """By what rows share, the record that was first; shares without one are left out. One BatchGet for 100."""

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


# --- hazards --------------------------------------------------------------------------------------------------------


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
    assignee_only: bool = False
    his_own: bool = False
    """He must be its finder or its assignee."""
    other_than_finder: bool = False
    in_directors_place: bool = False
    """The step is a director's, and a principal who takes it stands in for one."""
    duty: Duty = Duty.DAILY
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

    def move(self, move: Move) -> NotMoved | None:
        """Take one step: hazard, step and (on rectifying or regrading) heads in one transaction and no read; None when
        taken."""

    def hand_over(self, hazard: Hazard, step: Step) -> bool:
        """Give an open hazard, as it was seen, to ``step.assignee``, whatever its state; False when it has moved since
        or he is no active officer of its side. One TransactWrite."""


# --- files, queues --------------------------------------------------------------------------------------------------


class Uploads(Protocol):
    """Verdicts on uploaded files."""

    def begin(self, upload: Upload) -> None:
        """Note that a policy for this file was signed. One write."""

    def upload(self, unit: str, person: str, file: str) -> Upload | None:
        """One file."""

    def settle(self, upload: Upload) -> bool:
        """Write the verdict; False when one was already there (it stands)."""


class Messages(Protocol):
    """Messages to workers."""

    def open_units(self, units: Sequence[str], duty: Duty, due: date) -> None:
        """Ask a worker to open this day for each unit."""


class WeChat(Protocol):
    """The platform, asked who is there. Refusals are those of ``tean.domain.errors``, coded ``login.…``."""

    def openid(self, code: str) -> str:
        """The openid behind a ``wx.login`` code; a code works once, for five minutes."""

    def phone(self, phone_code: str) -> str:
        """The mainland phone number, 11 digits, behind a phone-number code; it too works once."""


class Days(Registry, Tasks, Inspections, Rollups, Protocol):
    """What opening and closing a day needs."""


class Store(Access, Days, Hazards, Uploads, Protocol):
    """All of storage; services name only the part they need."""


__all__ = [
    "MOST_WRITES", "PAGE", "SHARDS", "Access", "AppToken", "Binding", "Clock", "CloseRow", "CloseSheet",
    "CustomKey", "DayWrite", "Days", "Entry", "Facts", "Hazards", "Inspections", "Listed", "Messages", "Move",
    "NotMoved", "NotRevised", "NotSubmitted", "Page", "PutMissed", "PutRollup", "PutRow", "PutSheet", "Registry",
    "ReopenRow", "ReviseSheet", "Rollups", "RosterChanges", "Store", "Submission", "Tasks", "Uploads", "WeChat",
    "WithdrawRow",
]  # fmt: skip
