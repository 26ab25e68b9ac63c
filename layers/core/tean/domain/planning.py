"""Which to-dos a bucket brings, and what it takes to get from what is there to what should be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schemas.catalogue import target_kind
from schemas.language import Duty, Role, TargetState, TaskState
from tean.domain.membership import held_by, post_of
from tean.domain.records import canonical, digest
from tean.domain.registry import Roster, Target, inspected_as
from tean.domain.sheets import DUTIES
from tean.domain.tasks import Evidence, Row, Sheet


@dataclass(frozen=True)
class PersonPlan:
    """The rows one person should have in one role, and the sheet that stands for them."""

    sheet: Sheet
    rows: tuple[Row, ...]


Asked = Callable[[Roster, Duty, date], Iterator[Row]]
"""What a duty asks for in one bucket: a row for everybody who is to do something."""


# --- what each duty asks for ----------------------------------------------------------------------------------------


def _patrols(roster: Roster, duty: Duty, due: date) -> Iterator[Row]:
    """Daily control (order 74 日管控; guide 2.1): per device of each officer, per licence, per station.

    A suspended target keeps its row: that it is still suspended is confirmed every day.
    """
    for target in roster.present():
        officers = roster.officers_of(target)
        custom = roster.custom.get((duty, target.kind))
        yield from (replace(_row(target, officer, officers, duty, due), custom=custom) for officer in officers)


def _inspections(roster: Roster, duty: Duty, due: date) -> Iterator[Row]:
    """Weekly inspection and monthly dispatch (周排查, 月调度; guide 2.1, 3.1, 4.1): each officer for himself, per kind
    of what he checks; then those above him."""
    for kind, officers in _officers_by_kind(roster).items():
        row = _kind_row(roster, kind, duty, due)
        yield from (replace(row, person=officer, officers=(officer,)) for officer in officers)
    yield from _led(roster, duty, due)


def _led(roster: Roster, duty: Duty, due: date) -> Iterator[Row]:
    """What is asked of directors, per kind that their officers check, and of principals, per kind that the unit has;
    reports are asked of them alone. Those of one role share each row: the first to do it did it for all."""
    checked, owned = _officers_by_kind(roster), _kinds(roster)
    for kind in owned:
        row, directors = _kind_row(roster, kind, duty, due), roster.directors_of(kind)
        if kind in checked:
            yield from _shared(row, Role.DIRECTOR, directors)
        # Where no director is appointed the principal answers for what would have been his (design.md §6).
        if duty in _PRINCIPALS or (not directors and kind in checked):
            yield from _shared(row, Role.PRINCIPAL, roster.principals_of(row.unit_kind))


_PRINCIPALS = (Duty.MONTHLY, Duty.MONTHLY_REPORT)
"""What the principal has of his own; the rest is his only where nobody else is appointed."""

_ASKED: Mapping[Duty, Asked] = {
    Duty.DAILY: _patrols,
    Duty.WEEKLY: _inspections,
    Duty.MONTHLY: _inspections,
    Duty.WEEKLY_REPORT: _led,
    Duty.MONTHLY_REPORT: _led,
}


def _kinds(roster: Roster) -> Sequence[str]:
    return sorted({inspected_as(target) for target in roster.present()})


def _officers_by_kind(roster: Roster) -> Mapping[str, Sequence[str]]:
    """Who checks any target of a kind; a kind that nobody checks is left out."""
    found: dict[str, set[str]] = {}
    for target in roster.present():
        if officers := roster.officers_of(target):
            found.setdefault(inspected_as(target), set()).update(officers)
    return {kind: sorted(officers) for kind, officers in sorted(found.items())}


def _row(target: Target, officer: str, officers: tuple[str, ...], duty: Duty, due: date) -> Row:
    return Row(
        person=officer,
        duty=duty,
        due=due,
        target=target.code,
        name=target.name,
        location=target.location,
        unit_kind=target.unit_kind,
        kind=target.kind,
        target_state=target.state,
        officers=officers,
    )


def _kind_row(roster: Roster, kind: str, duty: Duty, due: date) -> Row:
    """What is asked of a kind, of nobody yet."""
    known = target_kind(kind)
    lists = tuple(sorted({target.kind for target in roster.present() if inspected_as(target) == kind}))
    return Row(
        person="",
        duty=duty,
        due=due,
        target=kind,
        name=known.short,
        location="",
        unit_kind=known.unit_kind,
        kind=kind,
        lists=() if lists == (kind,) else lists,
        custom=roster.custom.get((duty, kind)),
    )


def _shared(row: Row, role: Role, people: tuple[str, ...]) -> Iterator[Row]:
    return (replace(row, person=person, role=role, officers=people) for person in people)


# --- by person ------------------------------------------------------------------------------------------------------


def plan(roster: Roster, duty: Duty, due: date) -> Mapping[str, PersonPlan]:
    """What a duty asks for in one bucket, by post. Everybody who has the duty is in it, also who has nothing to do."""
    rows: dict[str, list[Row]] = {post: [] for post in sorted(_posts(roster, duty))}
    for row in _ASKED[duty](roster, duty, due):
        rows[row.post].append(row)
    return {post: _person_plan(post, duty, due, own, crew=len(rows)) for post, own in rows.items()}


def _posts(roster: Roster, duty: Duty) -> Iterator[str]:
    for person in roster.active():
        yield from (post_of(person.code, role) for role in person.roles if duty in DUTIES[role])


def _person_plan(post: str, duty: Duty, due: date, rows: Sequence[Row], crew: int) -> PersonPlan:
    person, role = held_by(post)
    owed = dict(Counter(row.kind for row in rows if row.officers[:1] == (person,)))
    # The crew is no part of it: a colleague who comes changes nothing of what this person is to do, unless they share.
    digested = digest(canonical([sorted("+".join((row.target, *_following(row))) for row in rows), owed]))[:16]
    return PersonPlan(Sheet(person, duty, due, digested, owed, crew=crew, role=role), tuple(rows))


def plan_in_arrears(roster: Roster, duty: Duty, due: date) -> Mapping[str, PersonPlan]:
    """What a bucket that is over should have asked for, as far as that can still be said: by the roster as it is now.

    Without what is suspended: that it still is can only be confirmed by somebody who is asked while the day lasts, and
    nothing out of use was to be patrolled.
    """
    in_use = {code: target for code, target in roster.targets.items() if target.state is TargetState.IN_USE}
    return plan(replace(roster, targets=in_use), duty, due)


def empty_plan(post: str, duty: Duty, due: date, *, crew: int = 0) -> PersonPlan:
    """The plan of somebody who has nothing to do any more."""
    return _person_plan(post, duty, due, (), crew=crew)


# --- what a plan changes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RowChanges:
    """What turns the rows that are there into the rows of a plan. Rows that were acted on always stay; ``revise`` are
    those that stand differently in the roster now, as they are to be."""

    put: tuple[Row, ...]
    withdraw: tuple[Row, ...]
    reopen: tuple[Row, ...]
    revise: tuple[Row, ...] = ()

    def knowing(self, firsts: Mapping[str, Sequence[Evidence]]) -> RowChanges:
        """The same when these shares were recorded already, in these versions: new rows of them are born closed by that
        record, and rows that were withdrawn stay so."""
        return replace(
            self,
            put=tuple(closed_by(row, firsts[row.shared]) if row.shared in firsts else row for row in self.put),
            reopen=tuple(row for row in self.reopen if row.shared not in firsts),
        )


def closed_by(row: Row, versions: Sequence[Evidence]) -> Row:
    """``row`` as what it shares closes it: by its first version, or report, with what the newest says."""
    first, newest = versions[0], versions[-1]
    return replace(
        row,
        state=TaskState.LATE if first.late else TaskState.DONE,
        target_state=first.state,
        closed_by=first.person,
        closed_by_name=first.person_name,
        closed_at=first.received_at,
        stamp=newest.stamp,
        fails=newest.fails,
    )


def row_changes(plan: PersonPlan, existing: Iterable[Row]) -> RowChanges:
    """Compare a plan with what is there."""
    there = {row.target: row for row in existing}
    wanted = {row.target for row in plan.rows}
    known = [(there[row.target], row) for row in plan.rows if row.target in there]
    return RowChanges(
        put=tuple(row for row in plan.rows if row.target not in there),
        withdraw=tuple(row for row in there.values() if row.state is TaskState.OPEN and row.target not in wanted),
        reopen=tuple(_followed(old, new) for old, new in known if old.state is TaskState.WITHDRAWN),
        revise=tuple(
            followed
            for old, new in known
            if old.state is not TaskState.WITHDRAWN and (followed := _followed(old, new)) != old
        ),
    )


def _following(row: Row) -> tuple[str, ...]:
    """What of a row follows the roster while its bucket is on: which lists it asks, and who shares it."""
    return (*row.lists, *row.officers)


def _followed(old: Row, new: Row) -> Row:
    # What was recorded stays as it was asked; who shares it is told of its corrections.
    return replace(old, lists=old.lists if old.is_closed else new.lists, officers=new.officers)
