"""Which to-dos a day brings, and what it takes to get from what is there to what should be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schemas.language import Duty, TargetState, TaskState
from tean.domain.records import Record, canonical, digest
from tean.domain.registry import Roster, Target
from tean.domain.tasks import Row, Sheet


@dataclass(frozen=True)
class PersonPlan:
    """The rows one person should have, and the sheet that stands for them."""

    sheet: Sheet
    rows: tuple[Row, ...]


def daily_plan(roster: Roster, day: date) -> dict[str, PersonPlan]:
    """Daily control (order 74 日管控; guide 2.1): per device of each officer, per licence, per station.

    A suspended target keeps its row: that it is still suspended is confirmed every day.
    """
    rows: dict[str, list[Row]] = {}
    owed: dict[str, Counter[str]] = {}
    for target in _checked(roster):
        officers = roster.officers_of(target)
        for officer in officers:
            rows.setdefault(officer, []).append(_row(target, officer, officers, day))
        for first in officers[:1]:
            owed.setdefault(first, Counter())[target.kind] += 1
    return {
        person: _person_plan(person, day, rows[person], owed.get(person, {}), crew=len(rows)) for person in sorted(rows)
    }


def _checked(roster: Roster) -> Iterable[Target]:
    targets = sorted(roster.targets.items())
    return (target for _, target in targets if not target.removed and target.unit_kind in roster.unit.kinds)


def _row(target: Target, officer: str, officers: tuple[str, ...], day: date) -> Row:
    return Row(
        person=officer,
        duty=Duty.DAILY,
        due=day,
        target=target.code,
        name=target.name,
        location=target.location,
        unit_kind=target.unit_kind,
        kind=target.kind,
        target_state=target.state,
        officers=officers,
    )


def _person_plan(person: str, day: date, rows: Sequence[Row], owed: Mapping[str, int], crew: int) -> PersonPlan:
    # The crew is no part of it: a colleague who comes changes nothing of what this person is to do.
    plan = digest(canonical([sorted(row.target for row in rows), dict(owed)]))[:16]
    return PersonPlan(Sheet(person, Duty.DAILY, day, plan, dict(owed), crew=crew), tuple(rows))


PLANS: Mapping[Duty, Callable[[Roster, date], Mapping[str, PersonPlan]]] = {Duty.DAILY: daily_plan}
"""What each duty asks for in one bucket, by person."""


def plan_in_arrears(roster: Roster, duty: Duty, due: date) -> Mapping[str, PersonPlan]:
    """What a bucket that is over should have asked for, as far as that can still be said: by the roster as it is now.

    Without what is suspended: that it still is can only be confirmed by somebody who is asked while the day lasts, and
    nothing out of use was to be patrolled.
    """
    in_use = {code: target for code, target in roster.targets.items() if target.state is TargetState.IN_USE}
    return PLANS[duty](replace(roster, targets=in_use), due)


def empty_plan(person: str, duty: Duty, day: date, *, crew: int = 0) -> PersonPlan:
    """The plan of somebody who has nothing to check any more."""
    return PersonPlan(Sheet(person=person, duty=duty, due=day, plan=digest("[]")[:16], crew=crew), ())


@dataclass(frozen=True)
class RowChanges:
    """What turns the rows that are there into the rows of a plan. Rows that were acted on always stay."""

    put: tuple[Row, ...]
    withdraw: tuple[Row, ...]
    reopen: tuple[Row, ...]

    def knowing(self, firsts: Mapping[str, Record]) -> RowChanges:
        """The same when these targets were recorded already: new rows for them are born closed by that record, and
        rows that were withdrawn stay so."""
        return replace(
            self,
            put=tuple(closed_by(row, firsts[row.target]) if row.target in firsts else row for row in self.put),
            reopen=tuple(row for row in self.reopen if row.target not in firsts),
        )


def closed_by(row: Row, record: Record) -> Row:
    """``row`` as a record of its target and day closes it."""
    return replace(
        row,
        state=TaskState.LATE if record.late else TaskState.DONE,
        target_state=record.state,
        closed_by=record.person,
        closed_by_name=record.person_name,
        closed_at=record.received_at,
        stamp=record.stamp,
        fails=record.fails,
    )


def row_changes(plan: PersonPlan, existing: Iterable[Row]) -> RowChanges:
    """Compare a plan with what is there."""
    there = {row.target: row for row in existing}
    wanted = {row.target for row in plan.rows}
    return RowChanges(
        put=tuple(row for row in plan.rows if row.target not in there),
        withdraw=tuple(row for row in there.values() if row.state is TaskState.OPEN and row.target not in wanted),
        reopen=tuple(row for row in there.values() if row.state is TaskState.WITHDRAWN and row.target in wanted),
    )
