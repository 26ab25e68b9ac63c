"""What DynamoDB charges for a read, by its developer guide: four kilobytes a unit, half of that without consistency."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

Item = Mapping[str, Mapping[str, Any]]

BLOCK = 4096
_NAME = re.compile(r"[#:]\w+")


def read_units(operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """Units of one request: each item of a Get is rounded up by itself, those of a Query together. What is not there
    costs as much as the smallest item."""
    match operation:
        case "GetItem":
            return _units(answer.get("Item"), request)
        case "BatchGetItem":
            return sum(
                _batch(keys, answer.get("Responses", {}).get(table, ()))
                for table, keys in request["RequestItems"].items()
            )
        case "Query":
            return _blocks(answer.get("Items", ())) * _times(request)
        case _:
            return 0


def unfiltered(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same Query without its filter, and without the names that only the filter used."""
    used = set(_NAME.findall(request["KeyConditionExpression"]))
    kept = {name: value for name, value in request.items() if name != "FilterExpression"}
    for names in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        kept[names] = {name: value for name, value in request.get(names, {}).items() if name in used}
    return {name: value for name, value in kept.items() if value != {}}


def item_bytes(item: Item) -> int:
    """The size DynamoDB charges for: names and values."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _batch(keys: Mapping[str, Any], found: Iterable[Item]) -> float:
    items = list(found)
    missing = len(keys["Keys"]) - len(items)
    return sum(_units(item, keys) for item in items) + missing * _times(keys)


def _units(item: Item | None, request: Mapping[str, Any]) -> float:
    return _blocks([item] if item else ()) * _times(request)


def _blocks(items: Iterable[Item]) -> int:
    return max(1, ceil(sum(map(item_bytes, items)) / BLOCK))


def _times(request: Mapping[str, Any]) -> float:
    return 1 if request.get("ConsistentRead") else 0.5


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((mark, content),) = value.items()
    match mark:
        case "S":
            return len(str(content).encode())
        case "B":
            # What the store reads comes as the text it was sent as (tean.adapters.parsing).
            return len(b64decode(content) if isinstance(content, str) else content)
        case "N":
            return ceil(len(str(content).lstrip("-")) / 2) + 1 + str(content).startswith("-")
        case "SS":
            return sum(len(text.encode()) for text in content)
        case "L":
            return 3 + sum(1 + _value_bytes(element) for element in content)
        case "M":
            return 3 + item_bytes(content) + len(content)
        case _:
            return 1
