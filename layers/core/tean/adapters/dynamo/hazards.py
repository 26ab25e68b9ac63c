"""Hazards and their steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from schemas.language import Act, Duty, Grade, Handling, HazardState
from tean.adapters.dynamo import codec, conditions, hazard_codec, keys, marks, standing
from tean.adapters.dynamo.calls import Found, Part
from tean.adapters.dynamo.transactions import Refused, Transaction, kept
from tean.adapters.models import HazardItem, RecordItem, RegistryItem, UploadItem
from tean.adapters.ports.hazards import Hazards, Move, NotMoved
from tean.domain.hazard_ids import finder_of, target_of
from tean.domain.hazards import Hazard, Step, officers_rectify

if TYPE_CHECKING:
    from tean.adapters.dynamo.codec import Item
    from tean.adapters.ports.common import Page


class DynamoHazards(Part, Hazards):
    """Lists by index, a step by one TransactWriteItems."""

    def hazard(self, unit: str, id: str) -> tuple[Hazard, Sequence[Step]] | None:
        # Not "begins with": the id of finder P1 begins that of P10.
        found = list(self._calls.query_all(HazardItem, unit, HazardItem.sk.between(id, keys.step(id, 99))))
        if not found:
            return None
        hazard, *steps = found
        return hazard_codec.read_hazard(hazard), [hazard_codec.read_step(step) for step in steps]

    def queue(
        self, unit: str, duty: Duty, state: HazardState, *, after: str | None, limit: int, grade: Grade | None = None
    ) -> Page[Hazard]:
        return self._listed("queue", keys.queue(unit, duty, state), state, after, limit, grade)

    def mine(
        self, unit: str, person: str, state: HazardState, *, after: str | None, limit: int, grade: Grade | None = None
    ) -> Page[Hazard]:
        return self._listed("mine", keys.mine(unit, person, state), state, after, limit, grade)

    def _listed(
        self, index: str, partition: str, state: HazardState, after: str | None, limit: int, grade: Grade | None
    ) -> Page[Hazard]:
        newest_first = state is HazardState.RECTIFIED
        beyond = None
        if after is not None:
            beyond = HazardItem.at < after if newest_first else HazardItem.at > after
        found = self._calls.query(
            HazardItem, partition, beyond, index=index, newest_first=newest_first,
            only=None if grade is None else HazardItem.grade == grade, limit=limit + 1 if grade is None else None,
        )  # fmt: skip
        return found.page(limit, "at", hazard_codec.read_hazard)

    def found(self, unit: str, since: datetime, until: datetime) -> Sequence[Hazard]:
        items = self._calls.query_all(HazardItem, unit, _found_between(since, until))
        return [hazard_codec.read_hazard(item) for item in items if _is_hazard(item)]

    def found_page(
        self, unit: str, since: datetime, until: datetime, *, after: str | None, limit: int,
        kind: str | None = None, grade: Grade | None = None, duty: Duty | None = None, on_site: bool = False,
    ) -> Page[Hazard]:  # fmt: skip
        wanted = [
            HazardItem.state.exists(),
            *_of_kind_and_grade(kind, grade),
            *([HazardItem.duty == duty] if duty else []),
        ]
        found = self._calls.query(
            HazardItem, unit, _found_between(since, until), after=after, newest_first=True,
            only=conditions.all_of(wanted),
        )  # fmt: skip
        # In code, because how it was handled lies in the body.
        items = [item for item in found.items if _is_on_site(item)] if on_site else found.items
        return Found(items, found.last).page(limit, "sk", hazard_codec.read_hazard)

    def rectified(self, unit: str, duty: Duty, since: datetime, until: datetime) -> Sequence[Hazard]:
        when = HazardItem.at.between(keys.instant(since), keys.instant(until))
        queue = keys.queue(unit, duty, HazardState.RECTIFIED)
        return [
            hazard_codec.read_hazard(item) for item in self._calls.query_all(HazardItem, queue, when, index="queue")
        ]

    def rectified_page(
        self, unit: str, duties: Iterable[Duty], since: datetime, until: datetime, *, after: str | None, limit: int,
        kind: str | None = None, grade: Grade | None = None,
    ) -> Page[Hazard]:  # fmt: skip
        place = after or keys.instant(until)
        when = HazardItem.at.between(keys.instant(since), place)
        wanted = _of_kind_and_grade(kind, grade)
        only = conditions.all_of(wanted) if wanted else None
        queues = (keys.queue(unit, duty, HazardState.RECTIFIED) for duty in duties)
        queries = (
            self._calls.query(HazardItem, queue, when, index="queue", newest_first=True, only=only) for queue in queues
        )
        found = _newest_first(list(queries))
        # What lies between two places lies at them too, and the last page has told that.
        items = [item for item in found.items if _at(item) < place and not _is_on_site(item)]
        return Found(items, found.last).page(limit, "at", hazard_codec.read_hazard)

    def open_hazards(self, unit: str, kinds: Iterable[str] | None = None) -> tuple[Sequence[Hazard], bool]:
        if kinds is None:
            found = self._calls.query(HazardItem, unit, index="open")
            return _oldest_first(found.items), bool(found.last)
        places = [HazardItem.open_at.startswith(keys.open_of(kind)) for kind in dict.fromkeys(kinds)]
        every = (self._calls.query_all(HazardItem, unit, place, index="open") for place in places)
        return _oldest_first(chain.from_iterable(every)), False

    def move(self, move: Move) -> NotMoved | None:
        transaction = Transaction(self._calls)
        _demand_person(transaction, move)
        _demand_assignee(transaction, move)
        _demand_files(transaction, move)
        _advance(transaction, move)
        transaction.put("step", hazard_codec.step_item(move.membership.unit, move.step), conditions.ABSENT)
        _count_anew(transaction, move)
        refused = transaction.commit()
        return _why(move, refused) if refused else None

    def hand_over(self, hazard: Hazard, step: Step) -> bool:
        transaction, heir = Transaction(self._calls), step.assignee or hazard.finder
        post = standing.officer_of(hazard.target)
        transaction.check("assignee", RegistryItem, hazard.unit, keys.person(heir), post)
        actions = [
            HazardItem.version.set(step.version),
            HazardItem.assignee.set(heir),
            HazardItem.mine.set(keys.mine(hazard.unit, heir, hazard.state)),
        ]
        seen = conditions.all_of([HazardItem.version == hazard.version, HazardItem.state == hazard.state])
        transaction.update("hazard", HazardItem(hazard.unit, hazard.id), actions, seen)
        transaction.put("step", hazard_codec.step_item(hazard.unit, step), conditions.ABSENT)
        return transaction.commit() is None


def _found_between(since: datetime, until: datetime) -> Condition:
    # What was found at ``until`` itself lies behind the bound: there its id only begins.
    return HazardItem.sk.between(keys.found_since(since), keys.found_since(until))


def _of_kind_and_grade(kind: str | None, grade: Grade | None) -> Sequence[Condition]:
    return [*([HazardItem.kind == kind] if kind else []), *([HazardItem.grade == grade] if grade else [])]


def _is_on_site(item: Item) -> bool:
    return hazard_codec.read_hazard(item).handling is Handling.ON_SITE


def _newest_first(found: Sequence[Found]) -> Found:
    """Some Queries as one. What one of them did not reach any more may come before what another one answered."""
    reached = max((one.last for one in found if one.last), key=_at, default=None)
    items = sorted(chain.from_iterable(one.items for one in found), key=_at, reverse=True)
    return Found([item for item in items if reached is None or _at(item) >= _at(reached)], reached)


def _at(item: Item) -> str:
    return str(item["at"])


def _is_hazard(item: Item) -> bool:
    return "state" in item


def _oldest_first(items: Iterable[codec.Item]) -> Sequence[Hazard]:
    return sorted(map(hazard_codec.read_hazard, items), key=lambda one: one.id)


def _orders_himself(move: Move) -> bool:
    return move.step.assignee == move.membership.person


def _demand_person(transaction: Transaction, move: Move) -> None:
    member = move.membership
    post = standing.acts_as(member.role, member.sides)
    if _orders_himself(move):
        # One transaction may look at an item only once, so both demands go into one.
        post = conditions.all_of([post, standing.officer_of(target_of(move.step.hazard))])
    transaction.check("person", RegistryItem, member.unit, keys.person(member.person), post)


def _demand_assignee(transaction: Transaction, move: Move) -> None:
    unit, assignee = move.membership.unit, move.step.assignee
    if assignee is None:
        return
    target = target_of(move.step.hazard)
    if not _orders_himself(move):
        transaction.check("assignee", RegistryItem, unit, keys.person(assignee), standing.officer_of(target))
    transaction.check("target", RegistryItem, unit, keys.target(target), standing.names_or_nobody(assignee))


def _demand_files(transaction: Transaction, move: Move) -> None:
    owner = keys.owned(move.membership.unit, move.membership.person)
    for photo in move.step.photos:
        transaction.check("file", UploadItem, owner, photo, conditions.CITABLE_PHOTO)


def _advance(transaction: Transaction, move: Move) -> None:
    item = HazardItem(move.membership.unit, move.step.hazard)
    actions = [
        HazardItem.state.set(move.step.state),
        HazardItem.version.set(move.step.version),
        HazardItem.last_step.set(move.digest),
        HazardItem.queue.set(keys.queue(move.membership.unit, move.duty, move.step.state)),
        *_CHANGES[move.step.act](move),
    ]
    transaction.update("hazard", item, actions, standing.his_turn(move), show=True)


def _ordered(move: Move) -> Sequence[Action]:
    step, unit = move.step, move.membership.unit
    holder = step.assignee or finder_of(step.hazard)
    return [
        kept(HazardItem.assignee, step.assignee),
        kept(HazardItem.deadline, step.deadline.isoformat() if step.deadline else None),
        HazardItem.mine.set(keys.mine(unit, holder, HazardState.ORDERED)),
        HazardItem.at.set(keys.ordered_at(step.hazard, step.deadline)),
        HazardItem.extension.remove(),
    ]


def _extension_asked(move: Move) -> Sequence[Action]:
    return [kept(HazardItem.extension, move.step.deadline.isoformat() if move.step.deadline else None)]


def _regraded(move: Move) -> Sequence[Action]:
    grade = move.step.grade or move.seen_grade
    # Only what still waits for an order is listed by its grade.
    place = [HazardItem.at.set(keys.reported_at(move.step.hazard, grade))]
    return [HazardItem.grade.set(grade), *(place if move.step.state is HazardState.REPORTED else [])]


def _rectified(move: Move) -> Sequence[Action]:
    step, unit = move.step, move.membership.unit
    # It stays in the list it was in: what was ordered is confirmed by its assignee, else it is still its finder's.
    holder = step.by if move.from_state is HazardState.ORDERED else finder_of(step.hazard)
    listed = [HazardItem.mine.set(keys.mine(unit, holder, HazardState.RECTIFIED))]
    return [
        HazardItem.rectified_at.set(keys.instant(step.at)),
        *(listed if officers_rectify(move.duty) else []),
        HazardItem.extension.remove(),
        HazardItem.at.set(keys.rectified_at(step.hazard, step.at)),
        HazardItem.open.remove(),
        HazardItem.open_at.remove(),
    ]


_CHANGES: Mapping[Act, Callable[[Move], Sequence[Action]]] = {
    Act.ORDER: _ordered,
    Act.EXTENSION: _extension_asked,
    Act.REGRADE: _regraded,
    Act.RECTIFICATION: _rectified,
}


def _count_anew(transaction: Transaction, move: Move) -> None:
    """What is rectified is open no more, what is regraded is open in another grade, wherever it is counted."""
    if move.step.act not in (Act.RECTIFICATION, Act.REGRADE):
        return
    less = Path(marks.open_count(move.seen_grade))
    counts = [less.set(less - 1)]
    if move.step.grade:
        more = Path(marks.open_count(move.step.grade))
        counts.append(more.set((more | 0) + 1))
    for place in move.counted_at:
        head = RecordItem(keys.owned(move.membership.unit, place), keys.HEAD)
        transaction.update("head", head, counts, conditions.one_open(move.seen_grade))


def _why(move: Move, refused: Refused) -> NotMoved:
    stands = refused.demands.get("hazard")
    unfit = _orders_himself(move) and "person" in refused
    return NotMoved(
        dismissed="person" in refused and not unfit,
        assignee_unfit=unfit or "assignee" in refused or "target" in refused,
        files_unfit="file" in refused,
        hazard=hazard_codec.read_hazard(stands) if stands else None,
        missing="hazard" in refused and not stands,
    )
