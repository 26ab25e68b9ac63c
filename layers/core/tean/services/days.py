"""Opening a day: from the schedule to every officer's rows, exactly once however often it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schemas.events import OpenUnit
from schemas.language import Duty
from tean.adapters.ports import (
    MOST_WRITES,
    Clock,
    DayWrite,
    Messages,
    PutRow,
    PutSheet,
    Registry,
    ReopenRow,
    ReviseSheet,
    Tasks,
    WithdrawRow,
)
from tean.domain import calendar
from tean.domain.errors import Unavailable
from tean.domain.planning import PersonPlan, daily_plan, empty_plan, row_changes
from tean.domain.tasks import Sheet

SHARDS = 16
ROUNDS = 5
"""Rounds in a row that a run may lose to another without having written anything itself."""


@dataclass(frozen=True)
class DayService:
    """Generation of the daily to-dos (acceptance 6-8)."""

    registry: Registry
    tasks: Tasks
    messages: Messages
    clock: Clock

    def day_of(self, fired_at: str | None) -> date:
        """The business date a schedule meant: that of its own firing time, else of now."""
        return calendar.business_date(datetime.fromisoformat(fired_at) if fired_at else self.clock())

    def announce(self, day: date, duty: Duty) -> int:
        """Ask a worker to open ``day`` for every unit of the directory; how many were asked."""
        units = [unit for shard in range(SHARDS) for unit in self.registry.units(shard)]
        self.messages.open_units(units, duty, day)
        return len(units)

    def open(self, message: OpenUnit) -> int:
        """Bring a unit's day from what is there to what the roster asks for; how many changes that took.

        Another run may be writing the same rows: each transaction demands what this run saw, so one of the two loses,
        reads again and finds less to do. A round that is refused nothing needs no second look.
        """
        written = idle = 0
        while idle < ROUNDS:
            changed, refused = self._round(message, look=bool(written or idle))
            written += changed
            if not refused:
                return written
            idle = 0 if changed else idle + 1
        raise Unavailable("day.contended", "今天的任务正在生成，请稍后下拉刷新。")

    def _round(self, message: OpenUnit, *, look: bool) -> tuple[int, bool]:
        """One comparison of roster and day: how many changes were written, and whether one was refused."""
        # The roster too is read anew: a run that lost to one with a newer roster must not bring back the older.
        roster = self.registry.roster(message.unit)
        plans = daily_plan(roster, message.due) if roster else {}
        written = 0
        for batch in _batches(list(self._missing(message, plans, look=look))):
            # What follows a refused batch may be the sheet that would vouch for its rows.
            if not self.tasks.write_day(message.unit, batch):
                return written, True
            written += len(batch)
        return written, False

    def _missing(self, message: OpenUnit, plans: Mapping[str, PersonPlan], *, look: bool) -> Iterator[DayWrite]:
        sheets = {sheet.person: sheet for sheet in self.tasks.sheets(message.unit, message.duty, message.due)}
        for person in sorted(plans.keys() | sheets.keys()):
            plan = plans.get(person) or empty_plan(person, message.duty, message.due)
            sheet = sheets.get(person)
            if sheet is None or sheet.plan != plan.sheet.plan:
                yield from self._person_writes(message, plan, sheet, look=look or sheet is not None)

    def _person_writes(
        self, message: OpenUnit, plan: PersonPlan, sheet: Sheet | None, *, look: bool
    ) -> Iterator[DayWrite]:
        person = plan.sheet.person
        # Without a sheet nothing was written yet, unless a run died half-way: the first round bets on the former and
        # saves a Query a person, the later rounds look.
        there = self.tasks.rows(message.unit, person, message.duty, message.due) if look else ()
        changes = row_changes(plan, there)
        yield from map(PutRow, changes.put)
        yield from map(WithdrawRow, changes.withdraw)
        yield from map(ReopenRow, changes.reopen)
        # The sheet comes last: its presence proves that every row it stands for is there.
        yield ReviseSheet(plan.sheet, sheet.plan) if sheet else PutSheet(plan.sheet)


def _batches(writes: Sequence[DayWrite]) -> Iterable[Sequence[DayWrite]]:
    return (writes[start : start + MOST_WRITES] for start in range(0, len(writes), MOST_WRITES))
