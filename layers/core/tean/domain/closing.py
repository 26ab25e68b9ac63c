"""Closing a bucket that is over: what becomes of its rows, and what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from schemas.language import Duty, TaskState
from tean.domain import calendar
from tean.domain.hazards import Hazard
from tean.domain.lookback import Lookback, inspected, unchecked_by_kind
from tean.domain.outcomes import Outcomes, changed, digests_of, outcomes_of
from tean.domain.planning import PersonPlan, empty_plan
from tean.domain.rollups import (
    Rollup,
    counted_by_kind,
    counted_by_person,
    counted_of_officers,
    decisive,
    finds_of,
)
from tean.domain.tasks import Missed, Row, Sheet, group_by


@dataclass(frozen=True)
class Bucket:
    """A bucket that is over, as it was found. ``sheets`` and ``rows`` are everybody's, ``rollup`` what was counted of
    it before. ``days`` is what it looks back over, ``hazards`` what was found and confirmed then, or near."""

    unit: str
    duty: Duty
    due: date
    sheets: Sequence[Sheet]
    rows: Sequence[Row]
    rollup: Rollup | None = None
    days: Lookback = field(default_factory=Lookback)
    hazards: Sequence[Hazard] = ()

    @property
    def torn(self) -> bool:
        """Whether it was not opened for everybody who was to be asked; without any sheet it was never opened.

        Once it was counted, its rows are all there; what may be missing are the sheets that are written last.
        """
        if self.rollup:
            return bool(self.rollup.people.keys() - {sheet.post for sheet in self.sheets})
        return len(self.sheets) < max((sheet.crew for sheet in self.sheets), default=1)

    @property
    def frozen(self) -> bool:
        """Whether what it came to can change no more."""
        return self.rollup is not None and self.rollup.final

    @property
    def vouched(self) -> bool:
        """Whether its sheets, which the close writes last, say that it was closed."""
        return not self.torn and all(sheet.closed for sheet in self.sheets)


@dataclass(frozen=True)
class Closing:
    """What closes a bucket, to be written in this order: rows and sheets that were never made, rows that were open,
    markers, the roll-up with the lists behind its numbers that changed, and last the sheets, which say that all before
    them is through."""

    put: tuple[Row, ...]
    rows: tuple[Row, ...]
    markers: tuple[Missed, ...]
    rollup: Rollup | None
    lists: tuple[Outcomes, ...]
    put_sheets: tuple[Sheet, ...]
    sheets: tuple[Sheet, ...]


def close(bucket: Bucket, arrears: Mapping[str, PersonPlan], now: datetime) -> Closing:
    """Close ``bucket`` at ``now``. ``arrears`` is what it should have asked for; it is only looked at when torn.

    Nothing is missed of a target that somebody recorded: his colleagues' open rows, those he could not know of when
    he submitted, are closed by his record. Closed again, what is left to do is what happened in between.
    """
    late_comers = _without_sheet(bucket, arrears) if bucket.torn else ()
    there = {_key(row): row for row in bucket.rows}
    born = [row for plan in late_comers for row in plan.rows if _key(row) not in there]
    after = list(_settled([*bucket.rows, *born], now))
    changed = [row for row in after if there.get(_key(row)) != row]
    sheets = tuple(sheet for sheet in bucket.sheets if not sheet.closed)
    served = (*sheets, *(plan.sheet for plan in late_comers))
    unvouched = {sheet.post for sheet in served} | {row.post for row in changed}
    rollup, lists = _counted(bucket, after, now)
    return Closing(
        put=tuple(row for row in changed if _key(row) not in there),
        rows=tuple(row for row in changed if _key(row) in there),
        markers=tuple(_markers(bucket, after, unvouched, now)),
        rollup=rollup,
        lists=lists,
        put_sheets=tuple(_made_up(plan.sheet, after) for plan in late_comers),
        sheets=sheets,
    )


def _made_up(sheet: Sheet, rows: Iterable[Row]) -> Sheet:
    """A sheet that was never written. What it owes is told by the rows, of which some may have been: also that of what
    was suspended before anybody got around to asking again."""
    his = (row for row in rows if row.post == sheet.post and row.state is not TaskState.WITHDRAWN)
    first = (row.kind for row in his if row.officers[:1] == (sheet.person,))
    return replace(sheet, owed=dict(Counter(first)), closed=True)


def _key(row: Row) -> tuple[str, str]:
    return row.post, row.target


def _without_sheet(bucket: Bucket, arrears: Mapping[str, PersonPlan]) -> Sequence[PersonPlan]:
    served = {sheet.post for sheet in bucket.sheets}
    # What was counted stays as it was: the roster of today asks nothing more of a day that is closed.
    counted = bucket.rollup.people if bucket.rollup else ()
    wanted = {post: empty_plan(post, bucket.duty, bucket.due, crew=len(counted)) for post in counted}
    return [plan for post, plan in sorted((wanted if bucket.rollup else arrears).items()) if post not in served]


def _settled(rows: Iterable[Row], now: datetime) -> Iterator[Row]:
    for own in group_by(rows, lambda row: row.shared).values():
        first = decisive(own)
        yield from (_closed(row, first, now) for row in own)


def _closed(row: Row, first: Row, now: datetime) -> Row:
    if row.state not in (TaskState.OPEN, TaskState.MISSED):
        return row
    if first.is_closed:
        return row.closed_like(first)
    return replace(row, state=TaskState.MISSED, missed_at=now) if row.state is TaskState.OPEN else row


def _markers(bucket: Bucket, rows: Iterable[Row], unvouched: set[str], now: datetime) -> Iterator[Missed]:
    # As long as a sheet does not vouch for its rows, a marker that should lie beside them may have been lost.
    for own in group_by(rows, lambda row: row.shared).values():
        # Entered late meanwhile, it was missed all the same.
        missed = [row for row in own if row.missed_at]
        if unvouched.intersection(row.post for row in missed):
            yield _marker(bucket, missed, now)


def _marker(bucket: Bucket, missed: Sequence[Row], now: datetime) -> Missed:
    row = missed[0]
    return Missed(
        unit=bucket.unit,
        target=row.target,
        duty=bucket.duty,
        due=bucket.due,
        kind=row.kind,
        officers=tuple(sorted(row.person for row in missed)),
        closed_at=now,
        asked=_asked(bucket),
        share=row.share,
    )


def _asked(bucket: Bucket) -> bool:
    return bucket.rollup.asked if bucket.rollup else bool(bucket.sheets)


def _counted(bucket: Bucket, rows: Sequence[Row], now: datetime) -> tuple[Rollup | None, tuple[Outcomes, ...]]:
    """What it came to, and of the lists behind it those that say something else than before; nothing when all of that
    is known already, or was frozen."""
    if bucket.frozen:
        return None, ()
    before = bucket.rollup.lists if bucket.rollup else {}
    lists = outcomes_of(bucket.duty, bucket.due, rows, bucket.days.rows, before)
    return _rollup(bucket, rows, now, digests_of(lists)), changed(lists, before)


def _rollup(bucket: Bucket, rows: Sequence[Row], now: datetime, lists: Mapping[str, tuple[str, ...]]) -> Rollup | None:
    known = bucket.rollup
    counted = Rollup(
        duty=bucket.duty,
        due=bucket.due,
        closed_at=known.closed_at if known else now,
        kinds=counted_by_kind(rows),
        people=counted_by_person(rows),
        asked=_asked(bucket),
        final=calendar.settled(bucket.due, now, bucket.duty) and bucket.days.whole,
        version=known.version if known else 1,
        officers=counted_of_officers(bucket.duty, rows),
        inspected=inspected(bucket.days.rows),
        unchecked=unchecked_by_kind(bucket.days.rows),
        hazards=finds_of(bucket.due, bucket.hazards),
        lists=lists,
    )
    return None if counted == known else replace(counted, version=known.version + 1 if known else 1)
