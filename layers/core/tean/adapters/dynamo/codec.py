"""What lies in an item, whoever's it is; each port has a codec of its own, domain objects to items and back.

Every item names the version of its layout in ``v``; whoever changes a layout adds a reader there and keeps the old one.
Attributes win over the body: they are what updates change.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Mapping
from typing import Any, Generic, TypeVar

from pydantic_core import from_json

from schemas.typed import typed

T = TypeVar("T")

Raw = Mapping[str, Mapping[str, Any]]
"""An item as DynamoDB sends it: each value with its type."""
Item = Mapping[str, Any]
"""The same in plain Python values."""


class UnknownLayout(LookupError):
    """An item was written by a newer release than this one."""


def plain(raw: Raw) -> Item:
    """An item without DynamoDB's type marks; numbers are whole here."""
    return {name: _plain(value) for name, value in raw.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    ((mark, content),) = value.items()
    match mark:
        case "N":
            return int(content)
        case "L":
            return [_plain(element) for element in content]
        case "M":
            return plain(content)
        case "B" if isinstance(content, str):
            return b64decode(content)
        case "NULL":
            return None
        case _:
            return content


def by_version(*readers: Callable[[Item], T]) -> Callable[[Item], T]:
    """A reader of every layout there ever was: the first one reads ``v`` 1, and so on."""

    def read(item: Item) -> T:
        version: int = item["v"]
        if not 1 <= version <= len(readers):
            raise UnknownLayout(f"{item['pk'].split('#')[0]} / {item['sk'].split('#')[0]}: layout {version}")
        return readers[version - 1](item)

    return read


class Body(Generic[T]):
    """The JSON of what is not an attribute of its own; what is at its default is left out."""

    def __init__(self, type_: type[T], *, key: Collection[str], attributes: Collection[str] = ()) -> None:
        self._type = type_
        self._attributes = tuple(attributes)
        self._beside = {*key, *attributes}

    def text(self, value: T) -> str:
        """What is stored in ``body``."""
        return typed(self._type).dump_json(value, exclude=self._beside, exclude_defaults=True).decode()

    def read(self, item: Item, **key: Any) -> T:
        """The object behind ``item``; ``key`` are the fields its key stands for."""
        beside = {name: item[name] for name in self._attributes if item.get(name) is not None}
        value: T = typed(self._type).validate_python({**from_json(item["body"]), **beside, **key})
        return value
