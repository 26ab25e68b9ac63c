"""The administrator edits the unit's own checklists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from schemas import checklists
from schemas.checklists import Checklist, CustomItem, CustomList, Item
from schemas.custom import CustomListAnswer, CustomListItem, CustomLists, ListedItem, NewItem, RevisionRequest
from tean.adapters.ports.registry import CustomKey, Registry
from tean.domain import calendar
from tean.domain.custom import (
    Revision,
    fixed_kinds,
    is_kept,
    lists_of,
    name_of,
    new_code,
    require_list,
    require_once,
    revised,
)
from tean.domain.errors import Conflict, Forbidden, Unavailable
from tean.domain.registry import Unit, unit_unknown

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.adapters.ports.access import Access
    from tean.adapters.ports.common import Clock
    from tean.domain.membership import Membership


@dataclass(frozen=True)
class CustomService:
    """What a unit asks besides the fixed lists (acceptance 24, 26, 44)."""

    registry: Registry
    access: Access
    clock: Clock

    def overview(self, member: Membership) -> CustomLists:
        """Every list the unit may add to. One Query; one BatchGet for what is the unit's own."""
        unit, in_force = self._unit(member)
        own = self.registry.own_lists(unit.code, (CustomKey(*place, sha256) for place, sha256 in in_force.items()))
        known = {(key.duty, key.kind): list for key, list in own.items()}
        return CustomLists(items=tuple(
            _overview(_fixed(unit, *place), known.get(place), *place, self._next_bucket(place[0]))
            for place in lists_of(unit)
        ))  # fmt: skip

    def list(self, member: Membership, duty: Duty, kind: str) -> CustomListAnswer:
        """One list as it is in force. One Query; one GetItem where the unit has a version of its own, one BatchGet for
        the name of who else made it."""
        unit, known = self._known(member, duty, kind)
        return self._answer(member, _fixed(unit, duty, kind), known, duty, kind)

    def revise(self, member: Membership, duty: Duty, kind: str, request: RevisionRequest) -> CustomListAnswer:
        """Put the next version in force, from the next task on. One Query, one GetItem, one TransactWrite.

        Sent again because the answer was lost, it is answered by what it made. ``custom.moved`` when somebody edited
        the list since it was seen; ``custom.contended`` when other traffic was in the way every time.
        """
        unit, known = self._known(member, duty, kind)
        fixed = _fixed(unit, duty, kind)
        if known and is_kept(known, _revision(request, known, duty, kind), seen=request.version, by=member.person):
            return self._answer(member, fixed, known, duty, kind)
        if request.version != (known.version if known else 0):
            raise _moved()
        require_once([*(item.item for item in request.end), *(item.item for item in request.raised)])
        version = revised(
            known, fixed, _revision(request, known, duty, kind),
            duty=duty, kind=kind, by=member.person, now=self.clock(),
            next_bucket=self._next_bucket(duty),
        )  # fmt: skip
        refused = self.registry.revise(member, version, known.sha256 if known else None)
        if refused and refused.dismissed:
            raise Forbidden("person.dismissed", "您已不在本单位任职，不能再修改。")
        if refused and refused.moved:
            raise _moved()
        if refused:
            raise Unavailable("custom.contended", "同时有人在保存，您填的内容没有丢，请再试一次。")
        return self._answer(member, fixed, version, duty, kind)

    def _next_bucket(self, duty: Duty) -> date:
        """The first day of the tasks that are made next."""
        return calendar.following(duty, calendar.bucket(duty, calendar.business_date(self.clock())))

    def _answer(
        self, member: Membership, fixed: tuple[Checklist, ...], known: CustomList | None, duty: Duty, kind: str
    ) -> CustomListAnswer:
        items: Iterable[Item] = chain.from_iterable(one.items for one in fixed)
        return CustomListAnswer(
            duty=duty, kind=kind, name=name_of(kind), version=known.version if known else 0,
            edited_by=known.edited_by if known else None, edited_at=known.edited_at if known else None,
            edited_by_name=self._name(member, known.edited_by) if known else None,
            items=tuple(_listed(item, known) for item in (*items, *(known.items if known else ()))),
        )  # fmt: skip

    def _name(self, member: Membership, person: str) -> str:
        if person == member.person:
            return member.name
        return next((found.name for _, found in self.access.people([(member.unit, person)])), person)

    def _unit(self, member: Membership) -> tuple[Unit, dict[tuple[Duty, str], str]]:
        found = self.registry.customs(member.unit)
        if found is None:
            raise unit_unknown()
        return found[0], dict(found[1])

    def _known(self, member: Membership, duty: Duty, kind: str) -> tuple[Unit, CustomList | None]:
        unit, in_force = self._unit(member)
        require_list(unit, duty, kind)
        sha256 = in_force.get((duty, kind))
        return unit, self.registry.custom(member.unit, CustomKey(duty, kind, sha256)) if sha256 else None


def _fixed(unit: Unit, duty: Duty, kind: str) -> tuple[Checklist, ...]:
    return checklists.asked(fixed_kinds(unit, kind), duty).lists


def _moved() -> Conflict:
    return Conflict("custom.moved", "刚才有人改过这张清单，请刷新看过最新内容再改。")


def _revision(request: RevisionRequest, known: CustomList | None, duty: Duty, kind: str) -> Revision:
    many = len(known.items) if known else 0
    return Revision(
        add=[_item(new_code(duty, kind, many + place), item) for place, item in enumerate(request.add)],
        end={item.item: item.ends for item in request.end},
        raised={item.item: item.grade for item in request.raised},
    )


def _item(code: str, item: NewItem) -> CustomItem:
    return CustomItem(code=code, basis=(), stop_use=False, **item.model_dump())


def _overview(
    fixed: tuple[Checklist, ...], known: CustomList | None, duty: Duty, kind: str, next_bucket: date
) -> CustomListItem:
    items: list[Item] = [item for one in fixed for item in one.items]
    own = known.items_on(next_bucket) if known else ()
    raised = [item for item in (*items, *own) if known and known.graded(item).grade is not item.grade]
    return CustomListItem(duty=duty, kind=kind, name=name_of(kind), fixed=len(items), own=len(own), raised=len(raised))


def _listed(item: Item, known: CustomList | None) -> ListedItem:
    return ListedItem(
        code=item.code, group=item.group, text=item.text, hazard=item.hazard, released=item.grade,
        grade=known.graded(item).grade if known else item.grade, na_allowed=item.na_allowed, custom=item.custom,
        ends=item.ends if isinstance(item, CustomItem) else None,
    )  # fmt: skip
