"""The administrator sees what the unit's set-up lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from schemas.gaps import FilledItem, GapItem, GapPage, GapsAnswer, LackingItem
from tean.adapters.ports.common import PAGE, Clock
from tean.domain import calendar, gaps
from tean.domain.registry import Roster, unit_unknown

if TYPE_CHECKING:
    from schemas.language import Gap, UnitKind
    from tean.adapters.cursors import Cursors
    from tean.adapters.ports.registry import Registry
    from tean.domain.gaps import Lacking
    from tean.domain.membership import Membership

FIRST = 3
"""How many things the overview names of each gap."""


@dataclass(frozen=True)
class GapService:
    """What is missing or wrong in what is registered for a unit. Each call reads its roster: one Query a megabyte."""

    registry: Registry
    cursors: Cursors
    clock: Clock

    def overview(self, member: Membership) -> GapsAnswer:
        """Every gap, and how complete the unit is."""
        roster, today = self._roster(member), self._today()
        found = gaps.find(roster, today)
        return GapsAnswer(
            today=today,
            people=sum(1 for _ in roster.active()),
            filled=tuple(
                FilledItem(unit_kind=one.side, targets=one.targets, complete=one.complete)
                for one in gaps.filled(roster, found)
            ),
            items=tuple(
                GapItem(gap=one.gap, unit_kind=one.side, count=len(one.lacking), first=_items(one.lacking[:FIRST]))
                for one in found
            ),
        )

    def page(self, member: Membership, gap: Gap, side: UnitKind, cursor: str | None) -> GapPage:
        """What has one gap, by code; empty when nothing has."""
        scope = f"gaps {member.unit} {member.person} {gap} {side}"
        after = self.cursors.open(scope, cursor)
        lacking = gaps.lacking(self._roster(member), gap, side, self._today())
        left = [one for one in lacking if after is None or one.code > after]
        shown, next = left[:PAGE], left[PAGE - 1].code if len(left) > PAGE else None
        return GapPage(items=_items(shown), next=self.cursors.seal(scope, next))

    def _roster(self, member: Membership) -> Roster:
        roster = self.registry.roster(member.unit)
        if roster is None:
            raise unit_unknown()
        return roster

    def _today(self) -> date:
        return calendar.business_date(self.clock())


def _items(lacking: Iterable[Lacking]) -> tuple[LackingItem, ...]:
    return tuple(LackingItem.model_validate(one) for one in lacking)
