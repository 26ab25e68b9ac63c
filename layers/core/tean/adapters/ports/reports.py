"""Weekly and monthly reports, and the minutes drafted for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from tean.adapters.ports.common import MOST_WRITES

if TYPE_CHECKING:
    from schemas.language import Duty, UnitKind
    from tean.adapters.ports.common import Page
    from tean.domain.files import Upload
    from tean.domain.membership import Membership
    from tean.domain.minutes import Minutes
    from tean.domain.records import Head
    from tean.domain.registry import Person
    from tean.domain.reports import Report
    from tean.domain.tasks import Missed, Row


@dataclass(frozen=True)
class ReportFacts:
    """What filing is judged by, read at once, by target kind. ``filed`` are the reports that are there, of whichever
    role; ``enterable`` the kinds and posts, of those asked about, whose rows are open or missed."""

    person: Person | None
    rows: Mapping[str, Row] = field(default_factory=dict)
    heads: Mapping[str, Head] = field(default_factory=dict)
    filed: Mapping[str, Sequence[Report]] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    enterable: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Filing:
    """What one person files for one bucket, written whole or not at all: reports, minutes, or both.

    ``sides`` are those on which he must still hold his post. ``heads`` are the ends of the chains that the reports go
    on with. ``close`` names, by kind, the posts whose open rows are closed with it, ``counted`` the kinds that his own
    sheet counts as done. ``minutes`` is how they stand after it, ``seen`` how they stood; None when they are new.
    """

    membership: Membership
    duty: Duty
    due: date
    sides: frozenset[UnitKind]
    by_name: str
    at: datetime
    late: bool = False
    reports: tuple[Report, ...] = ()
    heads: Mapping[str, Head] = field(default_factory=dict)
    close: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counted: tuple[str, ...] = ()
    minutes: Minutes | None = None
    seen: Minutes | None = None

    @property
    def actions(self) -> int:
        """How many items it touches: a transaction takes 100."""
        rows = sum(map(len, self.close.values()))
        return 1 + 2 * len(self.reports) + rows + bool(self.counted) + 2 * bool(self.minutes)

    def fitted(self) -> Filing:
        """With no more of others' rows than a transaction takes: what they still have open is closed by the report
        when the bucket closes."""
        room = MOST_WRITES - replace(self, close={}).actions
        rows = [(kind, post) for kind, posts in self.close.items() for post in posts]
        # His own come first: they are what he does.
        first = sorted(rows, key=lambda row: row[1] != self.membership.post)[:room]
        return replace(self, close={kind: tuple(post for what, post in first if what == kind) for kind in self.close})


@dataclass(frozen=True)
class NotFiled:
    """Why a filing was not written; whatever is set is what stood in its way."""

    dismissed: bool = False
    existing: bool = False
    """A report of that number is there by now, or a chain has gone on."""
    minutes_moved: bool = False
    rows: tuple[tuple[str, str], ...] = ()
    """Kind and post of rows that were not open any more."""


class Reports(Protocol):
    """Reports and minutes."""

    def report_facts(
        self, unit: str, post: str, duty: Duty, due: date, kinds: Iterable[str], files: Iterable[str] = (),
        posts: Iterable[str] = (),
    ) -> ReportFacts:  # fmt: skip
        """The person, his rows, the heads of the kinds' chains, the reports that are there, his cited files, and which
        of these ``posts`` have a row to close. One BatchGet for 100 of them: for four kinds, as a rule."""

    def file(self, filing: Filing) -> NotFiled | None:
        """Reports, heads, rows, sheet and minutes in one transaction; None when written."""

    def report(self, unit: str, kind: str, id: str) -> Report | None:
        """One report by its natural key."""

    def reports(self, unit: str, kind: str, duty: Duty, *, after: str | None, limit: int) -> Page[Report | Missed]:
        """The reports of a kind and the buckets that went by without one, newest first, a bucket never cut in two. One
        Query; a page may be short of ``limit``."""

    def minutes(self, unit: str, id: str) -> Minutes | None:
        """Minutes as they stand."""

    def minutes_of(self, unit: str, due: date) -> Sequence[Minutes]:
        """All minutes drafted for a bucket, the first drafted first. One Query."""

    def minutes_version(self, unit: str, id: str, version: int) -> Minutes | None:
        """Minutes as they were submitted in one version."""
