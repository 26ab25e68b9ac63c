"""What DynamoDB says its requests consumed: what a unit costs, and whether a budget holds where it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_READS = frozenset({"BatchGetItem", "GetItem", "Query"})
_WRITES = frozenset({"DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"})


class Meter:
    """Adds up capacity units between two readings. A request that was refused does not say what it consumed."""

    def __init__(self) -> None:
        self._told = Counter[str]()

    def listen(self, session: Any) -> None:
        """Hear every request of the clients that a botocore session makes; once, however often it is told to."""
        session.register("before-parameter-build.dynamodb", self._ask, unique_id="tean-ask-consumption")
        session.register("after-call.dynamodb", self._add, unique_id="tean-add-consumption")

    def read(self) -> Mapping[str, float]:
        """``read_units`` and ``write_units``, and how many ``requests`` there were, since it was last read."""
        told, self._told = self._told, Counter()
        return {name: told[name] for name in ("read_units", "write_units", "requests")}

    def _ask(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in _READS | _WRITES:
            params["ReturnConsumedCapacity"] = "TOTAL"

    def _add(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        self._told["requests"] += 1
        kind = "read_units" if model.name in _READS else "write_units"
        self._told[kind] += sum(one.get("CapacityUnits", 0) for one in _each(parsed.get("ConsumedCapacity", ())))


def _each(consumed: Any) -> Iterable[Mapping[str, Any]]:
    """One table's, or a list of several."""
    return [consumed] if isinstance(consumed, Mapping) else consumed


METER = Meter()
"""That of this process, which serves one invocation at a time."""
