"""Turning a day over: what is over is closed, what begins is opened, exactly once however often it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

from schemas.events import OpenUnit
from tean.adapters.patience import pause
from tean.adapters.ports.common import MOST_WRITES, SHARDS
from tean.adapters.ports.days import (
    CloseRow,
    CloseSheet,
    DayWrite,
    PutMissed,
    PutRollup,
    PutRow,
    PutSheet,
    ReopenRow,
    ReviseRow,
    ReviseSheet,
    WithdrawRow,
    actions,
)
from tean.domain import calendar
from tean.domain.closing import Bucket, Closing, close
from tean.domain.errors import Unavailable
from tean.domain.hazards import FINDS, Hazard
from tean.domain.lookback import Lookback, is_whole, looked_at
from tean.domain.months import PeopleMonth, month_of
from tean.domain.planning import PersonPlan, RowChanges, empty_plan, plan, plan_in_arrears, row_changes

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.messages import Messages
    from tean.adapters.ports.registry import Registry
    from tean.adapters.ports.store import Days
    from tean.domain.registry import Roster
    from tean.domain.rollups import Rollup
    from tean.domain.tasks import Row, Sheet

UNFINISHED = "unfinished"
"""The plan of a sheet whose rows are being changed by more than one transaction."""
ROUNDS = 5
"""Rounds in a row that a run may lose to another without having written anything itself."""


def wait(attempt: int) -> None:
    """At most 0.2 s before the second round, 0.4 before the third and so on, 3 s in all: another run gets on meanwhile,
    and the index of sheets, which follows a moment behind what was written, catches up."""
    pause(attempt, first=0.1)


WINDOW = 4
"""Buckets before today's that may still change: the one that closes, and those it takes late entry to freeze."""
WAITING = 16
"""The same of what looks back over days: after weeks without a run it is not final until they are all made good."""
MOST_DAYS = 7
"""Buckets that were never closed which one run makes good, oldest first; the next run goes on from there."""


@dataclass(frozen=True)
class AnnouncementService:
    """From the schedule to a message for each unit."""

    registry: Registry
    messages: Messages
    clock: Clock

    def day_of(self, fired_at: str | None) -> date:
        """The business date a schedule meant: that of its own firing time, else of now."""
        return calendar.business_date(datetime.fromisoformat(fired_at) if fired_at else self.clock())

    def announce(self, day: date) -> int:
        """Ask a worker to turn every unit of the directory over to ``day``, each duty whose turn it is by a message of
        its own; how many units there are."""
        units = [unit for shard in range(SHARDS) for unit in self.registry.units(shard)]
        for duty, due in calendar.turning(day):
            self.messages.open_units(units, duty, due)
        return len(units)


@dataclass(frozen=True)
class DayService:
    """Generation and close of to-dos (acceptance 6-13, 46)."""

    store: Days
    clock: Clock
    pause: Callable[[int], None] = wait

    def repair(self, unit: str, duty: Duty) -> int:
        """Do now, for somebody who waits, what a run that never came should have done; how many changes that took.

        Today is opened first, then the oldest bucket that is left is closed: a request has 10 seconds, and nights
        without a run may be many. Whoever opens his list next goes on from there.
        """
        return self._through(self._on_now(unit, duty), _Turnover.today_first)

    def close_next(self, unit: str, duty: Duty) -> int:
        """The same for somebody who asks for numbers: only the oldest bucket that is left is closed."""
        return self._through(self._on_now(unit, duty), _Turnover.oldest)

    def catch_up(self, unit: str, duty: Duty) -> None:
        """Close every bucket that is over, however many runs that takes, with the roster as it is; today is left alone.

        It comes to an end because each turn closes days, and there is no other when one closed none.
        """
        message = self._on_now(unit, duty)
        yesterday, reached = calendar.before(duty, message.due), None
        while True:
            self._through(message, _Turnover.arrears)
            known = self.store.rollups(unit, duty, until=yesterday, limit=1)
            if not known or known[0].due in (yesterday, reached):
                return
            reached = known[0].due

    def open(self, message: OpenUnit) -> int:
        """Close every bucket of a unit that is over, then open the one that is on; how many changes that took.

        A message that comes late means the bucket that is on now. Another run may be writing the same rows, and people
        submit meanwhile: each transaction demands what this run saw, so one of the two loses, reads again and finds
        less to do. A round that is refused nothing needs no second look.
        """
        return self._through(message, _Turnover.batches)

    def _on_now(self, unit: str, duty: Duty) -> OpenUnit:
        return OpenUnit(unit=unit, duty=duty, due=calendar.current(duty, self.clock()))

    def _through(self, message: OpenUnit, part: Part) -> int:
        written = idle = 0
        while True:
            changed, refused = self._round(message, part, look=bool(written or idle))
            written += changed
            if not refused:
                return written
            idle = 0 if changed else idle + 1
            if idle == ROUNDS:
                raise Unavailable("day.contended", "今天的任务正在生成，请稍后下拉刷新。")
            self.pause(idle)

    def _round(self, message: OpenUnit, part: Part, *, look: bool) -> tuple[int, bool]:
        """One comparison of roster and days: how many changes were written, and whether one was refused."""
        # The roster too is read anew: a run that lost to one with a newer roster must not bring back the older.
        roster = self.store.roster(message.unit)
        if roster is None:
            return 0, False
        turnover = _Turnover(self.store, message, roster, self.clock(), look=look)
        written = 0
        for batch in part(turnover):
            # What follows a refused batch may be the sheet that would vouch for its rows.
            if not self.store.write_day(message.unit, batch):
                return written, True
            written += len(batch)
        return written, False


class _Turnover:
    """One look at a unit's buckets, and the transactions that follow from it."""

    def __init__(self, store: Days, message: OpenUnit, roster: Roster, now: datetime, *, look: bool) -> None:
        self._store = store
        self._unit = message.unit
        self._duty = message.duty
        self._roster = roster
        self._now = now
        self._look = look
        self._on = calendar.current(message.duty, now)
        self._today = max(calendar.bucket(message.duty, message.due), self._on)
        self._yesterday = calendar.before(message.duty, self._today)
        self._since = calendar.before(message.duty, self._today, WINDOW)

    def batches(self) -> Iterator[Sequence[DayWrite]]:
        """The close first: what is over must not wait for what begins."""
        today, earlier = self._seen()
        yield from self._closing(self._left(earlier))
        yield from self._opening(today)

    def today_first(self) -> Iterator[Sequence[DayWrite]]:
        """What begins is waited for; of what is over only so much that nobody waits long."""
        today, earlier = self._seen()
        yield from self._opening(today)
        yield from self._closing(list(_through_the_first_open(self._left(earlier))))

    def arrears(self) -> Iterator[Sequence[DayWrite]]:
        """The close alone."""
        yield from self._closing(self._left(self._sheets(self._since)))

    def oldest(self) -> Iterator[Sequence[DayWrite]]:
        """Of the close so much that nobody waits long."""
        yield from self._closing(list(_through_the_first_open(self._left(self._sheets(self._since)))))

    def _seen(self) -> tuple[Sequence[Sheet], Sequence[Sheet]]:
        seen = self._store.sheets(self._unit, self._duty, self._since, self._today)
        today = [sheet for sheet in seen if sheet.due == self._today]
        return today, [sheet for sheet in seen if sheet.due < self._today]

    def _sheets(self, since: date) -> Sequence[Sheet]:
        return self._store.sheets(self._unit, self._duty, since, self._yesterday)

    # --- what is over -----------------------------------------------------------------------------------------------

    def _left(self, earlier: Sequence[Sheet]) -> Sequence[Bucket]:
        """What is left to close, oldest first, without its rows; with it what is counted again whenever that is."""
        if self._all_closed(earlier) and not self._counts_again:
            return ()
        most = WAITING if looked_at(self._duty) else WINDOW
        known = self._store.rollups(self._unit, self._duty, until=self._today, limit=most)
        first = self._oldest(known)
        if first < self._since:
            earlier = self._sheets(first)
        rollups = {rollup.due: rollup for rollup in known}
        buckets = [self._bucket(due, earlier, rollups.get(due)) for due in self._unfinished(known, earlier)]
        return () if all(bucket.vouched for bucket in buckets) and not self._counts_again else buckets

    def _all_closed(self, earlier: Sequence[Sheet]) -> bool:
        """Buckets are closed oldest first, so the newest that is over vouches for all; but a straggler may have left a
        sheet behind since. That today was opened proves nothing: a repair opens it first."""
        newest = self._bucket(calendar.before(self._duty, self._on), earlier)
        return newest.vouched and all(sheet.closed for sheet in earlier if self._over(sheet.due))

    @property
    def _counts_again(self) -> bool:
        """Whether what closed last is counted again although nothing else closes. Days close every night, and each
        night counts those before it again; of a week or month nobody would hear until the next one closes."""
        until = calendar.late_until(calendar.before(self._duty, self._on), self._duty) + 2 * calendar.DAY
        return not calendar.nightly(self._duty) and self._now < until

    def _bucket(self, due: date, sheets: Sequence[Sheet], rollup: Rollup | None = None) -> Bucket:
        return Bucket(self._unit, self._duty, due, [sheet for sheet in sheets if sheet.due == due], [], rollup)

    def _closing(self, buckets: Sequence[Bucket]) -> Iterable[Sequence[DayWrite]]:
        closings = [(bucket, self._closed(bucket)) for bucket in self._with_rows(buckets)]
        months = self._months([bucket.due for bucket, closing in closings if closing.rollup])
        writes: list[DayWrite] = []
        for bucket, closing in closings:
            writes += _close_writes(closing, self._summed(bucket, closing, months))
        return _cut(writes)

    def _months(self, dues: Sequence[date]) -> dict[date, PeopleMonth]:
        """What is summed already of the months these buckets end in."""
        months = dict.fromkeys(month_of(self._duty, due) for due in dues)
        return dict(self._store.months(self._unit, self._duty, months)) if months else {}

    def _summed(self, bucket: Bucket, closing: Closing, months: dict[date, PeopleMonth]) -> PeopleMonth | None:
        """The month with what is counted now, for the buckets after it to go on from."""
        if closing.rollup is None:
            return None
        month = month_of(self._duty, bucket.due)
        changed = months.get(month, PeopleMonth(self._duty, month)).with_rollup(closing.rollup, bucket.rollup)
        months |= {month: changed} if changed else {}
        return changed

    def _oldest(self, known: Sequence[Rollup]) -> date:
        """Where something may be left to do: where the last run broke off, and what may still have changed. Nothing of
        this unit was ever closed: its first day lies somewhere behind."""
        if not known:
            return calendar.bucket(self._duty, date.min)
        return min(rollup.due for rollup in known if rollup is known[0] or not rollup.final)

    def _unfinished(self, known: Sequence[Rollup], earlier: Sequence[Sheet]) -> Sequence[date]:
        """What is left to close: buckets never closed, those that may still have changed, and stragglers' sheets."""
        # The last one counted is where a run may have broken off before its sheets, final or not.
        changing = {rollup.due for rollup in known if rollup is known[0] or not rollup.final}
        stragglers = {sheet.due for sheet in earlier if not sheet.closed and known and sheet.due <= known[0].due}
        return sorted({*changing, *stragglers, *self._never_closed(known, earlier)})

    def _never_closed(self, known: Sequence[Rollup], earlier: Sequence[Sheet]) -> Iterator[date]:
        if known:
            due = calendar.following(self._duty, known[0].due)
        else:
            due = min((sheet.due for sheet in earlier), default=self._today)
        for _ in range(MOST_DAYS):
            if not self._over(due):
                return
            yield due
            due = calendar.following(self._duty, due)

    def _over(self, due: date) -> bool:
        return due < self._on

    def _with_rows(self, buckets: Sequence[Bucket]) -> Iterator[Bucket]:
        posts = {sheet.post for bucket in buckets for sheet in bucket.sheets}
        for bucket in buckets:
            posts.update(bucket.rollup.people if bucket.rollup else self._arrears(bucket.due) if bucket.torn else ())
        spans = self._spans([bucket.due for bucket in buckets])
        rows = [row for post in sorted(posts) for since, until in spans for row in self._rows(post, since, until)]
        hazards = self._hazards([bucket.due for bucket in buckets if not bucket.frozen])
        for bucket in buckets:
            his = [row for row in rows if row.due == bucket.due]
            yield replace(bucket, rows=his, hazards=hazards, days=self._days(bucket))

    def _hazards(self, dues: Sequence[date]) -> Sequence[Hazard]:
        """What was found, and what was rectified, in days that lie side by side."""
        if not dues or not calendar.nightly(self._duty):
            return ()
        span = calendar.begins_at(dues[0]), calendar.begins_at(dues[-1] + calendar.DAY)
        gone = (self._store.rectified(self._unit, duty, *span) for duty in FINDS)
        there = chain(self._store.found(self._unit, *span), chain.from_iterable(gone))
        # What was found and rectified in these days is read twice.
        return list({hazard.id: hazard for hazard in there}.values())

    def _days(self, bucket: Bucket) -> Lookback:
        looked = looked_at(self._duty)
        if looked is None or bucket.frozen:
            return Lookback()
        since, until = bucket.due, calendar.last_day(self._duty, bucket.due)
        sheets = self._store.sheets(self._unit, looked, since, until)
        known = self._store.rollups(self._unit, looked, until=until, limit=(until - since).days + 2)
        within = (rollup for rollup in known if rollup.due >= since)
        posts = {sheet.post for sheet in sheets}.union(*(rollup.people for rollup in within))
        rows = [row for post in sorted(posts) for row in self._store.rows(self._unit, post, looked, since, until)]
        counted = [rollup.due for rollup in known]
        return Lookback(rows, is_whole(looked, since, until, counted, [sheet.due for sheet in sheets]))

    def _spans(self, dues: Sequence[date]) -> Sequence[tuple[date, date]]:
        """Days lie side by side and are read at once; between two weeks or months lie all the days."""
        return [(dues[0], dues[-1])] if dues and calendar.nightly(self._duty) else [(due, due) for due in dues]

    def _arrears(self, due: date) -> Mapping[str, PersonPlan]:
        return plan_in_arrears(self._roster, self._duty, due)

    def _closed(self, bucket: Bucket) -> Closing:
        arrears = self._arrears(bucket.due) if bucket.torn and not bucket.rollup else {}
        return close(bucket, arrears, self._now)

    # --- what begins ------------------------------------------------------------------------------------------------

    def _opening(self, sheets: Sequence[Sheet]) -> Iterable[Sequence[DayWrite]]:
        """What is missing, cut into transactions: openings packed tight, later changes person by person."""
        plans = plan(self._roster, self._duty, self._today)
        there = {sheet.post: sheet for sheet in sheets}
        first: list[DayWrite] = []
        later: list[Sequence[DayWrite]] = []
        for post in sorted(plans.keys() | there.keys()):
            wanted = plans.get(post) or empty_plan(post, self._duty, self._today)
            sheet = there.get(post)
            if sheet is None:
                first += self._opened(wanted, begun=bool(there))
            elif sheet.plan != wanted.sheet.plan:
                later += _cut(self._revised(wanted, sheet))
        return [*_cut(first), *later]

    def _opened(self, plan: PersonPlan, *, begun: bool) -> Sequence[DayWrite]:
        # Without a sheet nothing was written yet, unless a run died half-way: the first round bets on the former and
        # saves a Query a person, the later rounds look. The sheet comes last: its presence proves that every row it
        # stands for is there.
        there = self._rows(plan.sheet.post, self._today) if self._look else ()
        changes = row_changes(plan, there)
        if begun or self._look:
            changes = self._known(changes)
        return [*_row_writes(changes), PutSheet(plan.sheet)]

    def _revised(self, plan: PersonPlan, sheet: Sheet) -> Sequence[DayWrite]:
        changes = _row_writes(self._known(row_changes(plan, self._rows(plan.sheet.post, self._today))))
        if len(changes) < MOST_WRITES:
            return [*changes, ReviseSheet(plan.sheet, sheet.plan)]
        # More than one transaction: until the last is through, the sheet must not vouch for the plan it had before.
        torn = replace(sheet, plan=UNFINISHED)
        return [ReviseSheet(torn, sheet.plan), *changes, ReviseSheet(plan.sheet, UNFINISHED)]

    def _known(self, changes: RowChanges) -> RowChanges:
        """What somebody already recorded today is given to a newcomer as done: nobody is to do it again.

        Recorded between this look and the write, his row stays open until the close, which settles it the same way.
        """
        if not changes.put and not changes.reopen:
            return changes
        return changes.knowing(self._store.firsts(self._unit, (*changes.put, *changes.reopen)))

    def _rows(self, post: str, due: date, until: date | None = None) -> Sequence[Row]:
        return self._store.rows(self._unit, post, self._duty, due, until)


Part = Callable[[_Turnover], Iterator[Sequence[DayWrite]]]
"""What a run does of a turnover."""


def _through_the_first_open(buckets: Iterable[Bucket]) -> Iterator[Bucket]:
    for bucket in buckets:
        yield bucket
        if not bucket.vouched:
            return


def _row_writes(changes: RowChanges) -> Sequence[DayWrite]:
    return [
        *map(PutRow, changes.put), *map(WithdrawRow, changes.withdraw),
        *map(ReopenRow, changes.reopen), *map(ReviseRow, changes.revise),
    ]  # fmt: skip


def _close_writes(closing: Closing, month: PeopleMonth | None) -> Iterable[DayWrite]:
    yield from map(PutRow, closing.put)
    yield from map(CloseRow, closing.rows)
    yield from map(PutMissed, closing.markers)
    if closing.rollup:
        yield PutRollup(closing.rollup, month, closing.lists)
    yield from map(PutSheet, closing.put_sheets)
    yield from map(CloseSheet, closing.sheets)


def _cut(writes: Iterable[DayWrite]) -> Iterator[Sequence[DayWrite]]:
    """As many changes together as fit into a transaction, in their order. It may write an item only once, so what two
    buckets add to one month goes into two."""
    batch: list[DayWrite] = []
    room = MOST_WRITES
    for write in writes:
        if batch and (actions(write) > room or (_sums(write) and any(map(_sums, batch)))):
            yield batch
            batch, room = [], MOST_WRITES
        batch.append(write)
        room -= actions(write)
    if batch:
        yield batch


def _sums(write: DayWrite) -> bool:
    return isinstance(write, PutRollup) and write.month is not None
