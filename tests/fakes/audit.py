"""Whether storage holds what was acknowledged, once and whole: records, chains, sheets, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from infra.operate.chain import chains
from infra.stack.provision import STAGE, Storage

Item = dict[str, Any]
Made = Counter[tuple[str, str, str]]
"""How many daily records were acknowledged: by unit, person and target."""


@dataclass(frozen=True)
class Held:
    """Everything that storage holds of some units."""

    records: list[Item]
    tasks: list[Item]
    hazards: list[Item]

    @classmethod
    def of(cls, storage: Storage, units: Collection[str]) -> Held:
        """As it is now."""
        return cls(*(list(_scanned(storage, name, units)) for name in ("records", "tasks", "hazards")))

    def check(self, made: Made) -> None:
        """AssertionError where it is not exactly that."""
        self._check_chains(made)
        assert self._rows_done() == made, "rows that are done are the records, and nobody else's"
        assert self._sheets() == Counter({who: many for who, many in _by_person(made).items() if many})

    def _check_chains(self, made: Made) -> None:
        found = chains(self.records)
        assert [f"{where}: {fault}" for where, chain in found.items() for fault in chain.faults()] == []
        lengths = Counter({where: len(chain.links) for where, chain in found.items()})
        targets: Counter[str] = Counter()
        for (unit, _, target), many in made.items():
            targets[f"{unit}#{target}"] += many
        assert +lengths == targets, "every record was acknowledged, and every acknowledged one is there once"

    def _rows_done(self) -> Made:
        done: Made = Counter()
        for item in self.tasks:
            unit, person, *_ = item["pk"]["S"].split("#")
            _, duty, *target = item["sk"]["S"].split("#")
            if duty == "daily" and target and item["state"]["S"] == "done":
                done[unit, person, target[0]] += 1
        return done

    def _sheets(self) -> Counter[tuple[str, str]]:
        """What the sheets of daily control say is done."""
        done: Counter[tuple[str, str]] = Counter()
        for item in self.tasks:
            unit, person, *_ = item["pk"]["S"].split("#")
            if item["sk"]["S"].split("#")[1:] == ["daily"]:
                done[unit, person] += sum(int(number["N"]) for number in item.get("done", {"M": {}})["M"].values())
        return +done

    def hazards_stand_at(self) -> dict[str, int]:
        """The version of each hazard, which every step raises by one."""
        return {item["sk"]["S"]: int(item["version"]["N"]) for item in self.hazards if "#" not in item["sk"]["S"]}


def _by_person(made: Made) -> Counter[tuple[str, str]]:
    people: Counter[tuple[str, str]] = Counter()
    for (unit, person, _), many in made.items():
        people[unit, person] += many
    return people


def _scanned(storage: Storage, table: str, units: Collection[str]) -> Iterator[Item]:
    pages = storage.dynamodb.get_paginator("scan").paginate(TableName=f"tean-{STAGE}-{table}")
    return (item for page in pages for item in page["Items"] if item["pk"]["S"].partition("#")[0] in units)
