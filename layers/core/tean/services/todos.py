"""My to-dos."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.language import Duty, TargetState
from schemas.todos import Todo, TodoPage
from tean.adapters.ports.common import PAGE, Clock
from tean.domain import calendar
from tean.domain.errors import Unavailable
from tean.domain.sheets import DUTIES, is_neglected, is_opened

if TYPE_CHECKING:
    from tean.adapters.cursors import Cursors
    from tean.adapters.ports.tasks import Listed, Tasks
    from tean.domain.membership import Membership
    from tean.domain.tasks import Row

log = logging.getLogger("tean")


@dataclass(frozen=True)
class TodoService:
    """What a person has to do (acceptance 14-18)."""

    tasks: Tasks
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
