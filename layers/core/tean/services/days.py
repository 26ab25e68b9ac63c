"""Opening a day: from the schedule to every officer's rows, exactly once however often it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from schemas.events import OpenUnit
from schemas.language import Duty
from tean.adapters.ports import (
    MOST_WRITES,
    SHARDS,
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
from tean.domain.planning import PersonPlan, RowChanges, daily_plan, empty_plan, row_changes
from tean.domain.tasks import Row, Sheet

UNFINISHED = "unfinished"
"""The plan of a sheet whose rows are being changed by more than one transaction."""
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
        for batch in self._batches(message, plans, look=look):
            # What follows a refused batch may be the sheet that would vouch for its rows.
            if not self.tasks.write_day(message.unit, batch):
                return written, True
            written += len(batch)
        return written, False

    def _batches(
        self, message: OpenUnit, plans: Mapping[str, PersonPlan], *, look: bool
    ) -> Iterable[Sequence[DayWrite]]:
        """What is missing, cut into transactions: openings packed tight, later changes person by person."""
        sheets = {sheet.person: sheet for sheet in self.tasks.sheets(message.unit, message.duty, message.due)}
        first: list[DayWrite] = []
        later: list[Sequence[DayWrite]] = []
        for person in sorted(plans.keys() | sheets.keys()):
            plan = plans.get(person) or empty_plan(person, message.duty, message.due)
            sheet = sheets.get(person)
            if sheet is None:
                first += self._opened(message, plan, look=look)
            elif sheet.plan != plan.sheet.plan:
                later += _cut(self._revised(message, plan, sheet))
        return [*_cut(first), *later]

    def _opened(self, message: OpenUnit, plan: PersonPlan, *, look: bool) -> Sequence[DayWrite]:
        # Without a sheet nothing was written yet, unless a run died half-way: the first round bets on the former and
        # saves a Query a person, the later rounds look. The sheet comes last: its presence proves that every row it
        # stands for is there.
        there = self._rows(message, plan) if look else ()
        return [*_row_writes(row_changes(plan, there)), PutSheet(plan.sheet)]

    def _revised(self, message: OpenUnit, plan: PersonPlan, sheet: Sheet) -> Sequence[DayWrite]:
        changes = _row_writes(row_changes(plan, self._rows(message, plan)))
        if len(changes) < MOST_WRITES:
            return [*changes, ReviseSheet(plan.sheet, sheet.plan)]
        # More than one transaction: until the last is through, the sheet must not vouch for the plan it had before.
        torn = replace(sheet, plan=UNFINISHED)
        return [ReviseSheet(torn, sheet.plan), *changes, ReviseSheet(plan.sheet, UNFINISHED)]

    def _rows(self, message: OpenUnit, plan: PersonPlan) -> Sequence[Row]:
        return self.tasks.rows(message.unit, plan.sheet.person, message.duty, message.due)


def _row_writes(changes: RowChanges) -> Sequence[DayWrite]:
    return [*map(PutRow, changes.put), *map(WithdrawRow, changes.withdraw), *map(ReopenRow, changes.reopen)]


def _cut(writes: Sequence[DayWrite]) -> Iterable[Sequence[DayWrite]]:
    return (writes[start : start + MOST_WRITES] for start in range(0, len(writes), MOST_WRITES))
