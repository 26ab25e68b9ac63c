"""My to-dos, and a task opened."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from schemas import checklists
from schemas.catalogue import record_title
from schemas.checklists import Asked
from schemas.language import Duty, Role, TargetState
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
from tean.adapters.ports import PAGE, Access, Clock, Inspections, Listed, Tasks
from tean.domain import calendar
from tean.domain.errors import NotFound, Unavailable
from tean.domain.inspections import kinds_asked, require_open, subject
from tean.domain.membership import Membership
from tean.domain.progress import Progress, progress
from tean.domain.records import Record
from tean.domain.registry import Target
from tean.domain.tasks import Row, Sheet
from tean.services.nameplate import nameplate

log = logging.getLogger("tean")


@dataclass(frozen=True)
class TodoService:
    """What a person has to do (acceptance 14-18)."""

    tasks: Tasks
    inspections: Inspections
    access: Access
    cursors: Cursors
    clock: Clock
    repair: Callable[[str, Duty], int]
    """Closes and opens what a unit should have had closed and opened by now."""

    def page(self, member: Membership, cursor: str | None) -> TodoPage:
        """Today's rows and the earlier ones that still take late entries. One Query.

        Whoever finds that his day was not opened, or the one before not closed, repairs that for his unit first: the
        run of 00:05 never came. An officer who has, or had, nothing to check has no sheet; he asks every time, in vain.
        """
        now = self.clock()
        scope = f"todos {member.unit} {member.person}"
        after = self.cursors.open(scope, cursor)
        listed = self._listed(member, now, after)
        if after is None and member.role is Role.OFFICER and _neglected(listed, now):
            listed = self._repaired(member, now, listed)
        page, today = listed.page, calendar.business_date(now)
        return TodoPage(
            today=today,
            items=tuple(map(_todo, page.items)),
            names={row.closed_by: row.closed_by_name for row in page.items if row.closed_by and row.closed_by_name},
            next=self.cursors.seal(scope, page.next),
        )

    def _repaired(self, member: Membership, now: datetime, listed: Listed) -> Listed:
        """The list after the repair. What is passing, and keeps an earlier day from being closed, must not take today's
        list away: the next run closes it."""
        try:
            self.repair(member.unit, Duty.DAILY)
        except Unavailable as passing:
            log.error("a unit's days could not be repaired by who opened his list: %s", passing.code)
            if _opened(listed, now):
                return listed
            listed = self._listed(member, now, None)
            if not _opened(listed, now):
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
            officers=() if duty is Duty.DAILY else self._named(member.unit, officers),
        )  # fmt: skip

    def _named(self, unit: str, officers: Mapping[str, Progress]) -> tuple[OfficerProgress, ...]:
        names = {one.code: one.name for _, one in self.access.people((unit, person) for person in officers)}
        return tuple(
            OfficerProgress(person=person, name=names.get(person, person), owed=his.owed, done=his.done)
            for person, his in officers.items()
        )

    def open(self, member: Membership, duty: Duty, due: date, target: str) -> TaskAnswer:
        """A task with its target and the items that apply to it. One BatchGet."""
        now = self.clock()
        facts = self.inspections.facts(member.unit, member.post, target, duty, due)
        row = require_open(facts.row, due, now)
        inspected = subject(row, facts.target)
        if inspected is None:
            raise NotFound("task.unknown", "没有找到这项任务，请回到待办列表下拉刷新。")
        asked = checklists.asked(kinds_asked(row, inspected), duty)
        done = facts.supplement or facts.first
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
            done=_done(done) if done else None,
        )


def _neglected(listed: Listed, now: datetime) -> bool:
    """Whether the day that is on was not opened for him, or one before it not closed. The oldest is closed first: of
    those that lie before his list, the sheet of the day before tells."""
    today = calendar.current(Duty.DAILY, now)
    closed = {sheet.due: sheet.closed for sheet in _daily(listed) if sheet.due < today}
    vouched = closed.get(calendar.before(Duty.DAILY, today), False)
    return not _opened(listed, now) or not vouched or not all(closed.values())


def _opened(listed: Listed, now: datetime) -> bool:
    """Whether the day that is on was opened for him."""
    today = calendar.current(Duty.DAILY, now)
    return any(sheet.due >= today for sheet in _daily(listed))


def _daily(listed: Listed) -> list[Sheet]:
    return [sheet for sheet in listed.sheets if sheet.duty is Duty.DAILY]


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


def _done(record: Record) -> Done:
    return Done(
        record=record.id,
        person=record.person,
        person_name=record.person_name,
        received_at=record.received_at,
        late=record.late,
        stamp=record.stamp,
    )
