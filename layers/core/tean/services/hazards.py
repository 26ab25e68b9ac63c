"""Hazards: the lists, and one with its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schemas.hazards import HazardDetail, HazardItem, HazardPage, HazardQuery, OfficerItem, StepItem
from schemas.language import Act, HazardState, Role
from tean.adapters.ports.common import PAGE, Clock, Page
from tean.domain import calendar
from tean.domain.errors import Forbidden, NotFound
from tean.domain.hazard_ids import target_of
from tean.domain.hazards import Hazard, Step, first_state, officers_rectify, overdue
from tean.domain.visibility import covers, may_see_hazard

if TYPE_CHECKING:
    from tean.adapters.cursors import Cursors
    from tean.adapters.ports.access import Access
    from tean.adapters.ports.hazards import Hazards
    from tean.adapters.ports.registry import Registry
    from tean.domain.membership import Membership
    from tean.domain.registry import Target


@dataclass(frozen=True)
class HazardService:
    """What there is of hazards, for whoever may see it (acceptance 32-35)."""

    hazards: Hazards
    registry: Registry
    access: Access
    cursors: Cursors
    clock: Clock

    def page(self, member: Membership, query: HazardQuery) -> HazardPage:
        """The caller's list of one duty in one state: an officer's own, otherwise the unit's. One Query."""
        scope = f"hazards {member.unit} {member.person} {member.role} {query.duty} {query.state} {query.grade}"
        page = self._listed(member, query, self.cursors.open(scope, query.cursor))
        now = self.clock()
        items = tuple(hazard_item(hazard, now) for hazard in page.items if _listable(member, hazard))
        return HazardPage(items=items, next=self.cursors.seal(scope, page.next))

    def _listed(self, member: Membership, query: HazardQuery, after: str | None) -> Page[Hazard]:
        how: dict[str, Any] = {"after": after, "limit": PAGE, "grade": query.grade}
        if member.role is not Role.OFFICER:
            return self.hazards.queue(member.unit, query.duty, query.state, **how)
        if not officers_rectify(query.duty):
            raise Forbidden(
                "hazard.not_officers",
                "周隐患由安全总监（没有的由主要负责人）、月隐患由主要负责人处理；您上报的可以在记录里查看。",
            )
        return self.hazards.mine(member.unit, member.person, query.state, **how)

    def detail(self, member: Membership, id: str) -> HazardDetail:
        """One hazard with every step, and who it may be ordered to."""
        found = self.hazards.hazard(member.unit, id)
        target = self.registry.target(member.unit, target_of(id)) if found else None
        if found is None or not self._may_see(member, target, found[0]):
            raise hazard_unknown()
        hazard, steps = found
        officers = target.officers if target else ()
        people = {
            hazard.assignee or hazard.finder,
            hazard.finder,
            *officers,
            *(step.assignee for step in steps if step.assignee),
        }
        return _detail(hazard, steps, officers, self._names(member.unit, people), self.clock())

    def _may_see(self, member: Membership, target: Target | None, hazard: Hazard) -> bool:
        """Whether it is there for him; whoever holds a device sees what a week or month found on it."""
        if may_see_hazard(member, target, hazard):
            return True
        devices = (self.registry.target(member.unit, device) for device in hazard.devices)
        return any(may_see_hazard(member, device, hazard) for device in devices)

    def _names(self, unit: str, people: Iterable[str]) -> Mapping[str, str]:
        return {person.code: person.name for _, person in self.access.people({(unit, code) for code in people})}


def hazard_unknown() -> NotFound:
    """The answer where there is none, and where there is one that is not the caller's to see."""
    return NotFound("hazard.unknown", "没有找到这条隐患，请回到列表下拉刷新。")


def _listable(member: Membership, hazard: Hazard) -> bool:
    return member.role is not Role.DIRECTOR or covers(member, hazard.unit_kind, hazard.kind)


def _facts(hazard: Hazard, now: datetime) -> dict[str, Any]:
    return {
        "hazard": hazard.id,
        "duty": hazard.duty,
        "devices": hazard.devices,
        "extension": hazard.extension,
        "target": hazard.target,
        "target_name": hazard.target_name,
        "location": hazard.location or None,
        "unit_kind": hazard.unit_kind,
        "kind": hazard.kind,
        "sentence": hazard.sentence,
        "grade": hazard.grade,
        "state": hazard.state,
        "version": hazard.version,
        "finder_name": hazard.finder_name,
        "found_at": hazard.found_at,
        "assignee": hazard.assignee,
        "deadline": hazard.deadline,
        "rectified_at": hazard.rectified_at,
        "overdue": overdue(hazard, calendar.business_date(now)),
        "stop_use": hazard.stop_use or None,
        "kept_in_use": hazard.kept_in_use,
    }


def hazard_item(hazard: Hazard, now: datetime) -> HazardItem:
    """A hazard as lists show it."""
    return HazardItem(**_facts(hazard, now))


def _detail(
    hazard: Hazard, steps: Sequence[Step], officers: Sequence[str], names: Mapping[str, str], now: datetime
) -> HazardDetail:
    return HazardDetail(
        **_facts(hazard, now),
        item=hazard.item,
        requirement=hazard.requirement,
        handling=hazard.handling,
        photos=hazard.photos,
        outcome=hazard.outcome,
        remark=hazard.remark,
        record=hazard.record,
        officers=tuple(_officers(hazard, officers, names)),
        steps=(_report(hazard), *(_step_item(step, names) for step in steps)),
    )


def _officers(hazard: Hazard, officers: Sequence[str], names: Mapping[str, str]) -> Iterable[OfficerItem]:
    # The finder, or who took over from him.
    holder = hazard.assignee or hazard.finder
    listed = sorted(officers, key=lambda code: code != holder) or [holder]
    return (OfficerItem(person=code, name=names[code]) for code in listed if code in names)


def _report(hazard: Hazard) -> StepItem:
    """The first step is the report itself; a hazard handled on site was rectified with it."""
    on_site = hazard.outcome is not None
    return StepItem(
        version=1,
        act=Act.REPORT,
        state=HazardState.RECTIFIED if on_site else first_state(hazard.duty),
        by=hazard.finder,
        by_name=hazard.finder_name,
        at=hazard.found_at,
        text=hazard.outcome or hazard.sentence,
        photos=hazard.photos,
    )


def _step_item(step: Step, names: Mapping[str, str]) -> StepItem:
    name = names.get(step.assignee) if step.assignee else None
    return StepItem.model_validate(step).model_copy(update={"assignee_name": name})
