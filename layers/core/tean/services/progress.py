"""How far the officers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.progress import OfficerProgress, ProgressAnswer
from tean.domain import calendar
from tean.domain.progress import Progress, progress
from tean.domain.shares import asked_by_kind

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.adapters.ports.access import Access
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.tasks import Tasks
    from tean.domain.membership import Membership


@dataclass(frozen=True)
class ProgressService:
    """What those see who answer for officers."""

    tasks: Tasks
    access: Access
    clock: Clock

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
