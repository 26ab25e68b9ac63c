"""Who may come in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tean.adapters.dynamo import access_codec, keys, registry_codec, turns
from tean.adapters.dynamo.calls import Part
from tean.adapters.dynamo.conditions import ABSENT
from tean.adapters.models import AccessItem, RegistryItem
from tean.adapters.ports.access import Access, AppToken, Binding

if TYPE_CHECKING:
    from tean.domain.registry import Person, Unit
    from tean.domain.turns import Turn


class DynamoAccess(Part, Access):
    """Openids, phones, people across units, WeChat's token."""

    def binding(self, openid: str) -> Binding | None:
        item = self._calls.get(AccessItem, keys.openid(openid), "bind")
        return Binding(item["phone"], frozenset(map(_unit_and_person, item["people"]))) if item else None

    def take_login(self, openid: str, turn: Turn) -> bool:
        counter = turns.counter(keys.openid(openid), turn)
        return self._calls.update(counter, turns.taken(turn), turns.left(turn))

    def bind(self, openid: str, binding: Binding) -> None:
        people = {keys.owned(unit, person) for unit, person in binding.people}
        self._calls.put(AccessItem(keys.openid(openid), "bind", phone=binding.phone, people=people))

    def memberships(self, phone: str) -> Sequence[tuple[str, str]]:
        found = self._calls.query_all(AccessItem, keys.phone(phone))
        return [_unit_and_person(item["sk"]) for item in found]

    def people(self, refs: Iterable[tuple[str, str]]) -> Sequence[tuple[Unit, Person]]:
        wanted = list(dict.fromkeys(refs))
        found = self._calls.get_all(
            (RegistryItem, unit, sk) for unit, code in wanted for sk in (keys.UNIT, keys.person(code))
        )
        pairs = (
            (found.get((RegistryItem, unit, keys.UNIT)), found.get((RegistryItem, unit, keys.person(code))))
            for unit, code in wanted
        )
        return [
            (registry_codec.read_unit(unit), registry_codec.read_person(person))
            for unit, person in pairs
            if unit and person
        ]

    def app_token(self) -> AppToken | None:
        item = self._calls.get(AccessItem, "wechat#app", "token")
        return access_codec.read_app_token(item) if item else None

    def keep_app_token(self, token: AppToken) -> None:
        item = access_codec.app_token_item(token)
        self._calls.put(item, ABSENT | (AccessItem.ends <= item.ends))


def _unit_and_person(sk: str) -> tuple[str, str]:
    unit, _, person = sk.partition("#")
    return unit, person
