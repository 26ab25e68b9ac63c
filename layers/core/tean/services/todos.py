"""My to-dos, and a task opened."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from schemas import checklists
from schemas.catalogue import record_title
from schemas.checklists import Asked, CustomList
from schemas.language import Duty, TargetState
from schemas.todos import (
    ChecklistAnswer,
    Done,
    ItemAnswer,
    OfficerProgress,
    ProgressAnswer,
    TaskAnswer,
    Todo,
    TodoPage,
)
from tean.adapters.cursors import Cursors
from tean.adapters.ports import PAGE, Access, Clock, CustomKey, Inspections, Listed, Registry, Tasks
from tean.domain import calendar
from tean.domain.corrections import as_asked
from tean.domain.errors import NotFound, Unavailable
from tean.domain.inspections import kinds_asked, require_open, subject
from tean.domain.membership import Membership
from tean.domain.planning import DUTIES, is_neglected, is_opened
from tean.domain.progress import Progress, progress
from tean.domain.records import Record
from tean.domain.registry import Target, asked_by_kind
from tean.domain.tasks import Row
from tean.services.nameplate import nameplate

log = logging.getLogger("tean")


@dataclass(frozen=True)
class TodoService:
    """What a person has to do (acceptance 14-18)."""

    tasks: Tasks
    inspections: Inspections
    access: Access
    registry: Registry
    cursors: Cursors
    clock: Clock
    repair: Callable[[str, Duty], int]
    """Closes and opens what a unit should have had closed and opened by now."""

    def page(self, member: Membership, cursor: str | None) -> TodoPage:
        """What is on, and the earlier rows that still take late entries, by the last day they are due. One Query.

        Whoever finds that a bucket was not opened for him, or the one before not closed, repairs that for his unit
        first: the run of 00:05 never came. Who is new has no sheet of the one before; he asks in vain until it has left
        his list.
        """
        now = self.clock()
        scope = f"todos {member.unit} {member.post}"
        after = self.cursors.open(scope, cursor)
        listed = self._listed(member, now, after)
        for duty in DUTIES[member.role] if after is None else ():
            if is_neglected(duty, listed.sheets, now):
                listed = self._repaired(member, duty, now, listed)
        page, today = listed.page, calendar.business_date(now)
        return TodoPage(
            today=today,
            items=tuple(map(_todo, page.items)),
            names={row.closed_by: row.closed_by_name for row in page.items if row.closed_by and row.closed_by_name},
            next=self.cursors.seal(scope, page.next),
        )

    def _repaired(self, member: Membership, duty: Duty, now: datetime, listed: Listed) -> Listed:
        """The list after the repair. What is passing, and keeps one bucket from being closed or opened, must not take
        away what else is on it: who opens it next tries again."""
        try:
            self.repair(member.unit, duty)
        except Unavailable as passing:
            log.error("a unit's %s could not be repaired by who opened his list: %s", duty, passing.code)
            if _anything_opened(member, listed, now):
                return listed
            listed = self._listed(member, now, None)
            if not _anything_opened(member, listed, now):
                raise
            return listed
        return self._listed(member, now, None)

    def _listed(self, member: Membership, now: datetime, after: str | None) -> Listed:
        return self.tasks.todos(
            member.unit,
            member.post,
            today=calendar.business_date(now),
            since=calendar.earliest_open(now),
            after=after,
            limit=PAGE,
        )

    def progress(self, member: Membership, duty: Duty) -> ProgressAnswer:
        """How far the officers are in the bucket that is on, in all that the caller sees. One Query; weekly and monthly
        one BatchGet for their names.

        Not for an officer: what a colleague checked for both is done on his list, but on the colleague's sheet.
        """
        today = calendar.business_date(self.clock())
        due = calendar.bucket(duty, today)
        officers = progress(member, self.tasks.sheets(member.unit, duty, due))
        whole = sum(officers.values(), Progress())
        return ProgressAnswer(
            today=today, due=due, owed=whole.owed, done=whole.done, suspended=whole.suspended,
            officers=self._named(member.unit, officers) if asked_by_kind(duty) else (),
        )  # fmt: skip

    def _named(self, unit: str, officers: Mapping[str, Progress]) -> tuple[OfficerProgress, ...]:
        names = {one.code: one.name for _, one in self.access.people((unit, person) for person in officers)}
        return tuple(
            OfficerProgress(person=person, name=names.get(person, person), owed=his.owed, done=his.done)
            for person, his in officers.items()
        )

    def _own_list(self, unit: str, row: Row) -> CustomList | None:
        return self.registry.custom(unit, CustomKey(row.duty, row.kind, row.custom)) if row.custom else None

    def open(self, member: Membership, duty: Duty, due: date, target: str) -> TaskAnswer:
        """A task with its target and the items that apply to it. One BatchGet; one GetItem more for the unit's own list
        where it had one when the task was made, and one Query for the versions of what is recorded already."""
        now = self.clock()
        facts = self.inspections.facts(member.unit, member.post, target, duty, due)
        done = facts.first if facts.first and facts.first.post == member.post else facts.supplement
        row = require_open(facts.row, due, now, correcting=done is not None)
        inspected = subject(row, facts.target)
        if inspected is None:
            raise NotFound("task.unknown", "没有找到这项任务，请回到待办列表下拉刷新。")
        # What he has recorded he may correct: on the items he was asked then.
        row = as_asked(row, done) if done else row
        asked = checklists.asked(kinds_asked(row, inspected), duty, self._own_list(member.unit, row), due)
        inspected = replace(inspected, subtype=done.subtype) if done else inspected
        done = done or facts.first
        return TaskAnswer(
            duty=duty,
            due=due,
            state=row.state,
            late=calendar.is_late(due, now, duty),
            late_until=calendar.late_until(due, duty),
            target=nameplate(inspected, calendar.business_date(now)),
            record_title=record_title(asked.kinds, duty),
            checklist=_checklist(asked, inspected),
            open_hazards={grade: count for grade, count in facts.head.open_hazards.items() if count > 0},
            done=_done(self.inspections.versions(member.unit, target, done.id)) if done else None,
        )


def _anything_opened(member: Membership, listed: Listed, now: datetime) -> bool:
    return any(is_opened(duty, listed.sheets, now) for duty in DUTIES[member.role])


def _todo(row: Row) -> Todo:
    return Todo(
        duty=row.duty,
        due=row.due,
        target=row.target,
        name=row.name,
        location=row.location or None,
        unit_kind=row.unit_kind,
        kind=row.kind,
        state=row.state,
        suspended=row.target_state is TargetState.SUSPENDED or None,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        stamp=row.stamp,
        fails=row.fails or None,
    )


def _checklist(asked: Asked, target: Target) -> ChecklistAnswer:
    return ChecklistAnswer(
        sha256=asked.reference,
        title="、".join(one.title for one in asked.lists),
        version=max(one.version for one in asked.lists),
        items=tuple(map(ItemAnswer.model_validate, asked.items_for(target.subtype))),
    )


def _done(versions: Sequence[Record]) -> Done:
    first, newest = versions[0], versions[-1]
    return Done(
        record=newest.id,
        person=first.person,
        person_name=first.person_name,
        received_at=first.received_at,
        late=first.late,
        stamp=newest.stamp,
    )
