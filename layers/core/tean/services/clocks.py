"""What ends when: inspections of equipment, and licences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.clocks import ExpiryPage, ExpiryQuery
from tean.adapters.ports.common import PAGE, Clock
from tean.domain import calendar
from tean.domain.clocks import AHEAD
from tean.domain.visibility import whose_targets
from tean.services.nameplate import nameplate

if TYPE_CHECKING:
    from tean.adapters.cursors import Cursors
    from tean.adapters.ports.registry import Registry
    from tean.domain.membership import Membership


@dataclass(frozen=True)
class ClockService:
    """The targets whose date is near or past (acceptance 54)."""

    registry: Registry
    cursors: Cursors
    clock: Clock

    def expiring(self, member: Membership, query: ExpiryQuery) -> ExpiryPage:
        """What ends until a day of all that the caller sees. One Query."""
        today, his = calendar.business_date(self.clock()), whose_targets(member)
        until = query.until or today + timedelta(days=AHEAD)
        scope = f"expiries {member.unit} {member.person} {member.role} {query.until}"
        after = self.cursors.open(scope, query.cursor)
        page = self.registry.expiring(
            member.unit, until=until, after=after, limit=PAGE, officer=his.officer, kinds=his.kinds, sides=his.sides
        )
        return ExpiryPage(
            today=today,
            until=until,
            items=tuple(nameplate(target, today) for target in page.items),
            next=self.cursors.seal(scope, page.next),
        )
