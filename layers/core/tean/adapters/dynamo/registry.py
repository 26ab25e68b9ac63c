"""What a unit has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from schemas.language import Duty, UnitKind
from tean.adapters.dynamo import codec, conditions, keys, registry_codec, standing
from tean.adapters.dynamo.calls import Key, Part, unavailable
from tean.adapters.dynamo.transactions import Transaction, kept
from tean.adapters.models import AccessItem, RegistryItem, Table
from tean.adapters.ports.common import MOST_WRITES, Page
from tean.adapters.ports.registry import CustomKey, NotRevised, Registry
from tean.domain.registry import Person, Roster, Target, Unit

if TYPE_CHECKING:
    from schemas.checklists import CustomList
    from tean.domain.membership import Membership
    from tean.domain.roster import RosterChanges

Write = Callable[[Transaction], None]


class DynamoRegistry(Part, Registry):
    """Units, their people and targets."""

    def roster(self, unit: str) -> Roster | None:
        items = list(self._calls.query_all(RegistryItem, unit, RegistryItem.sk.between(keys.PEOPLE, keys.UNIT)))
        units = [item for item in items if item["sk"] == keys.UNIT]
        if not units:
            return None
        people = [registry_codec.read_person(item) for item in items if item["sk"].startswith(keys.PEOPLE)]
        targets = [(registry_codec.read_target(item), item) for item in items if item["sk"].startswith(keys.TARGETS)]
        return Roster(
            custom=_in_force(items),
            unit=registry_codec.read_unit(units[0]),
            people={person.code: person for person in people},
            targets={target.code: target for target, _ in targets},
            version=units[0]["version"],
            unlisted=frozenset(target.code for target, item in targets if item.get("expires") != keys.expires(target)),
        )

    def apply(self, changes: RosterChanges) -> None:
        writes = list(_before_the_unit(changes))
        for start in range(0, len(writes), MOST_WRITES):
            self._write(writes[start : start + MOST_WRITES])
        # Listed and current in one transaction: a unit that is current but not listed would never be opened.
        unit = changes.unit.code
        self._write(
            [_put(registry_codec.unit_item(changes.unit, changes.version)), _put(AccessItem(keys.shard_of(unit), unit))]
        )

    def _write(self, writes: Sequence[Write]) -> None:
        transaction = Transaction(self._calls)
        for write in writes:
            write(transaction)
        if transaction.commit() is not None:
            raise unavailable()

    def target(self, unit: str, target: str) -> Target | None:
        item = self._calls.get(RegistryItem, unit, keys.target(target))
        return registry_codec.read_target(item) if item else None

    def sender_and_target(self, unit: str, person: str, target: str | None) -> tuple[Person | None, Target | None]:
        whom, what = (RegistryItem, unit, keys.person(person)), (RegistryItem, unit, keys.target(target or ""))
        found = self._calls.get_all([whom, *([what] if target else ())])
        return (
            registry_codec.read_person(found[whom]) if whom in found else None,
            registry_codec.read_target(found[what]) if what in found else None,
        )

    def targets(
        self, unit: str, *, after: str | None, limit: int,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        narrowed = list(_narrowed(officer, kinds, sides))
        found = self._calls.query(
            RegistryItem, unit, RegistryItem.sk.startswith(keys.TARGETS), after=after,
            only=conditions.all_of([RegistryItem.removed == False, *narrowed]),  # noqa: E712 (it makes a condition)
            # DynamoDB counts what it reads, not what the filter leaves: with few left, pages would be nearly empty.
            limit=None if narrowed else limit + 1,
        )  # fmt: skip
        return found.page(limit, "sk", registry_codec.read_target)

    def expiring(
        self, unit: str, *, until: date, after: str | None, limit: int | None,
        officer: str | None = None, kinds: frozenset[str] = frozenset(), sides: frozenset[UnitKind] = frozenset(),
    ) -> Page[Target]:  # fmt: skip
        narrowed, last = list(_narrowed(officer, kinds, sides)), f"{until}#{keys.LAST}"
        by = RegistryItem.expires.between(f"{after}\0", last) if after else RegistryItem.expires <= last
        only = conditions.all_of(narrowed) if narrowed else None
        if limit is None:
            every = self._calls.query_all(RegistryItem, unit, by, only=only, index="expiry")
            return Page(tuple(map(registry_codec.read_target, every)))
        # DynamoDB counts what it reads, not what the filter leaves: with few left, pages would be nearly empty.
        most = None if narrowed else limit + 1
        found = self._calls.query(RegistryItem, unit, by, index="expiry", only=only, limit=most)
        return found.page(limit, "expires", registry_codec.read_target)

    def custom(self, unit: str, list: CustomKey) -> CustomList | None:
        item = self._calls.get(RegistryItem, unit, keys.custom(list))
        return registry_codec.read_custom(item) if item else None

    def own_lists(self, unit: str, lists: Iterable[CustomKey]) -> Mapping[CustomKey, CustomList]:
        places: dict[CustomKey, Key] = {list: (RegistryItem, unit, keys.custom(list)) for list in lists}
        found = self._calls.get_all(places.values())
        return {list: registry_codec.read_custom(found[place]) for list, place in places.items() if place in found}

    def customs(self, unit: str) -> tuple[Unit, Mapping[tuple[Duty, str], str]] | None:
        items = list(self._calls.query_all(RegistryItem, unit, RegistryItem.sk.between(keys.CUSTOM, keys.UNIT)))
        units = [registry_codec.read_unit(item) for item in items if item["sk"] == keys.UNIT]
        return (units[0], _in_force(items)) if units else None

    def revise(self, member: Membership, list: CustomList, replaces: str | None) -> NotRevised | None:
        transaction, unit = Transaction(self._calls), member.unit
        post = standing.acts_as(member.role, ())
        transaction.check("person", RegistryItem, unit, keys.person(member.person), post)
        transaction.put("list", registry_codec.custom_item(unit, list))
        in_force = RegistryItem(unit, keys.custom_in_force(list.duty, list.target_kind), version=list.sha256)
        transaction.put("force", in_force, conditions.in_force(replaces))
        refused = transaction.commit()
        return NotRevised("person" in refused, "force" in refused) if refused else None

    def units(self, shard: int) -> Sequence[str]:
        return [item["sk"] for item in self._calls.query_all(AccessItem, keys.shard(shard))]


def _in_force(items: Iterable[codec.Item]) -> Mapping[tuple[Duty, str], str]:
    found = ((item["sk"].split("#"), item["version"]) for item in items if item["sk"].startswith(keys.CUSTOM))
    return {(Duty(duty), kind): sha256 for (_, duty, kind), sha256 in found}


def _narrowed(officer: str | None, kinds: frozenset[str], sides: frozenset[UnitKind]) -> Iterator[Condition]:
    if officer is not None:
        yield standing.names_or_nobody(officer)
    if kinds:
        yield RegistryItem.kind.is_in(*sorted(kinds))
    if sides:
        yield RegistryItem.unit_kind.is_in(*sorted(sides))


def _before_the_unit(changes: RosterChanges) -> Iterable[Write]:
    # Access entries first: while a person is not written, applying the same file again still sees that they differ.
    unit, added = changes.unit.code, dict.fromkeys(changes.phones_added)
    yield from (_delete(_phone(unit, *one)) for one in dict.fromkeys(changes.phones_removed) if one not in added)
    yield from (_put(_phone(unit, *one)) for one in added)
    yield from (_put(registry_codec.person_item(unit, person)) for person in changes.people)
    yield from (_put_target(unit, target) for target in changes.targets)


def _phone(unit: str, phone: str, person: str) -> AccessItem:
    return AccessItem(keys.phone(phone), keys.owned(unit, person))


def _put(item: Table) -> Write:
    return lambda transaction: transaction.put("item", item)


def _delete(item: Table) -> Write:
    return lambda transaction: transaction.delete("item", item)


def _put_target(unit: str, target: Target) -> Write:
    actions = [
        RegistryItem.v.set(1),
        RegistryItem.body.set(registry_codec.target_body(target)),
        RegistryItem.unit_kind.set(target.unit_kind),
        RegistryItem.kind.set(target.kind),
        Path(RegistryItem.officers).set(list(target.officers)),
        RegistryItem.removed.set(target.removed),
        kept(RegistryItem.expires, keys.expires(target)),
        RegistryItem.state.set(RegistryItem.state | target.state),
        RegistryItem.state_reason.set(RegistryItem.state_reason | (target.state_reason or "")),
    ]
    item = RegistryItem(unit, keys.target(target.code))
    return lambda transaction: transaction.update("target", item, actions)
