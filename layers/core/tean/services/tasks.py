"""A task opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from schemas import checklists
from schemas.catalogue import record_title
from schemas.tasks import ChecklistAnswer, Done, ItemAnswer, TaskAnswer
from tean.adapters.ports.registry import CustomKey, Registry
from tean.domain import calendar
from tean.domain.corrections import as_asked
from tean.domain.errors import NotFound
from tean.domain.inspections import kinds_asked, require_open, subject
from tean.services.nameplate import nameplate

if TYPE_CHECKING:
    from schemas.checklists import Asked, CustomList
    from schemas.language import Duty
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.inspections import Inspections
    from tean.domain.membership import Membership
    from tean.domain.records import Record
    from tean.domain.registry import Target
    from tean.domain.tasks import Row


@dataclass(frozen=True)
class TaskService:
    """What a task asks of a person."""

    inspections: Inspections
    registry: Registry
    clock: Clock

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

    def _own_list(self, unit: str, row: Row) -> CustomList | None:
        return self.registry.custom(unit, CustomKey(row.duty, row.kind, row.custom)) if row.custom else None


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
