"""What lies in the items of a unit: itself, its people, its targets, its own lists.

See ``tean.adapters.dynamo.codec``.
"""

from __future__ import annotations

from schemas.checklists import CustomList
from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Body, Item, by_version
from tean.adapters.dynamo.marks import role_marks
from tean.adapters.models import RegistryItem
from tean.adapters.ports.registry import CustomKey
from tean.domain.registry import Person, Target, Unit

_UNIT = Body(Unit, key=("code",))
_PERSON = Body(Person, key=("code",), attributes=("state", "roles"))
_TARGET = Body(
    Target,
    key=("code",),
    attributes=("unit_kind", "kind", "officers", "state", "state_reason", "removed"),
)


def unit_item(unit: Unit, version: str) -> RegistryItem:
    """The unit itself; its version is that of its roster."""
    return RegistryItem(unit.code, keys.UNIT, version=version, body=_UNIT.text(unit))


def _unit_1(item: Item) -> Unit:
    return _UNIT.read(item, code=item["pk"])


read_unit = by_version(_unit_1)


def person_item(unit: str, person: Person) -> RegistryItem:
    """A person; his posts are a set that conditions ask."""
    roles = {mark for role, sides in person.roles.items() for mark in role_marks(role, sides)}
    return RegistryItem(
        unit, keys.person(person.code), state=person.state, roles=roles or None, body=_PERSON.text(person)
    )


def _person_1(item: Item) -> Person:
    roles: dict[str, list[str]] = {}
    for mark in item.get("roles", ()):
        role, _, side = mark.partition("#")
        roles.setdefault(role, []).extend([side] if side else [])
    return _PERSON.read({**item, "roles": roles}, code=item["sk"].removeprefix(keys.PEOPLE))


read_person = by_version(_person_1)


def target_body(target: Target) -> str:
    """The part of a target that neither conditions nor filters look at."""
    return _TARGET.text(target)


def _target_1(item: Item) -> Target:
    # An empty reason is kept as such, so that "only for a new target" can be asked of the attribute.
    reason = item["state_reason"] or None
    return _TARGET.read({**item, "state_reason": reason}, code=item["sk"].removeprefix(keys.TARGETS))


read_target = by_version(_target_1)


def custom_item(unit: str, list: CustomList) -> RegistryItem:
    """A version of a unit's own list, whole."""
    key = CustomKey(list.duty, list.target_kind, list.sha256)
    return RegistryItem(unit, keys.custom(key), body=list.model_dump_json(exclude_defaults=True))


def _custom_1(item: Item) -> CustomList:
    return CustomList.model_validate_json(item["body"])


read_custom = by_version(_custom_1)
