"""What lies in the items of what the close counted, as ``tean.adapters.dynamo.codec`` says it of all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

from pydantic_core import from_json, to_json

from schemas.typed import typed
from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Body, Item, by_version
from tean.adapters.models import RollupItem
from tean.domain.months import People, PeopleMonth
from tean.domain.outcomes import Outcome, Outcomes
from tean.domain.rollups import Counts, Rollup

if TYPE_CHECKING:
    from schemas.language import Duty

_ROLLUP = Body(Rollup, key=("duty", "due"), attributes=("version", "final"))
_LEDGER = Body(Rollup, key=("duty", "due", "people"), attributes=("version", "final"))
_TALLY = Body(Rollup, key=("duty", "due", "people", "lists"), attributes=("version", "final"))
_MONTH = dict[str, dict[str, list[int]]]
_ENTRIES = tuple[Outcome, ...]


def rollup_item(unit: str, rollup: Rollup) -> RollupItem:
    """A roll-up; conditions ask for its version and whether it is final. Everybody's numbers are packed: of some
    thousand people they would not fit into an item."""
    return RollupItem(
        unit, keys.rollup(rollup.duty, rollup.due), v=3, version=rollup.version, final=rollup.final,
        body=_LEDGER.text(rollup), packed=_packed(typed(_MONTH).dump_json(_numbered(rollup.people))),
    )  # fmt: skip


def _rollup_1(item: Item, duty: Duty) -> Rollup:
    return _ROLLUP.read(item, duty=duty, due=_due(item), **_one_list(item))


def _rollup_2(item: Item, duty: Duty) -> Rollup:
    return _LEDGER.read(item, duty=duty, due=_due(item), people=_people(item), **_one_list(item))


def _rollup_3(item: Item, duty: Duty) -> Rollup:
    return _LEDGER.read(item, duty=duty, due=_due(item), people=_people(item))


def _due(item: Item) -> str:
    return str(item["sk"]).partition("#")[2]


def _one_list(item: Item) -> dict[str, Any]:
    """There was one list in those days."""
    digests = from_json(item["body"]).get("lists")
    return {"lists": {"exceptions": digests} if digests else {}}


def read_rollup(item: Item, duty: Duty) -> Rollup:
    """A roll-up of ``duty``."""
    return by_version(*(partial(read, duty=duty) for read in (_rollup_1, _rollup_2, _rollup_3)))(item)


def tally_item(unit: str, rollup: Rollup) -> RollupItem:
    """A roll-up as its readers get it."""
    return RollupItem(
        unit, keys.tally(rollup.duty, rollup.due), version=rollup.version, final=rollup.final,
        body=_TALLY.text(rollup),
    )  # fmt: skip


def _tally_1(item: Item) -> Rollup:
    duty, due = keys.tallied(item["sk"])
    return _TALLY.read(item, duty=duty, due=due)


read_tally = by_version(_tally_1)


def month_item(unit: str, month: PeopleMonth) -> RollupItem:
    """Everybody's sums of a month. Numbers alone, in the order of their names, and packed: a year is to be read at
    once."""
    buckets = to_json([due.isoformat() for due in month.buckets]).decode()
    return RollupItem(
        unit, keys.people_of(month.duty, month.month), version=month.version, body=buckets,
        packed=_packed(typed(_MONTH).dump_json(_numbered(month.people))),
    )  # fmt: skip


def _numbered(people: People) -> dict[str, dict[str, list[int]]]:
    return {post: {kind: _numbers(own) for kind, own in kinds.items()} for post, kinds in people.items()}


def _counted(people: Mapping[str, Mapping[str, list[int]]]) -> People:
    return {post: {kind: Counts(*own) for kind, own in kinds.items()} for post, kinds in people.items()}


def _people(item: Item) -> People:
    return _counted(typed(_MONTH).validate_json(decompress(item["packed"])))


def _numbers(counts: Counts) -> list[int]:
    return [getattr(counts, each.name) for each in fields(Counts)]


def _month_1(item: Item) -> PeopleMonth:
    duty, month = keys.summed(item["sk"])
    return PeopleMonth(
        duty=duty,
        month=month,
        people=_people(item),
        buckets=tuple(map(date.fromisoformat, from_json(item["body"]))),
        version=item["version"],
    )


read_month = by_version(_month_1)


def outcomes_item(unit: str, part: Outcomes) -> RollupItem:
    """A part of a list of what became of what was due, packed."""
    key = keys.outcomes(part.listing, part.duty, part.place)
    entries = typed(_ENTRIES).dump_json(part.entries, exclude_defaults=True)
    return RollupItem(unit, key, cut=part.cut or None, packed=_packed(entries))


def _outcomes_1(item: Item) -> Outcomes:
    listing, duty, due, part = keys.listed(item["sk"])
    entries = typed(_ENTRIES).validate_json(decompress(item["packed"]))
    return Outcomes(listing, duty, due, part, entries, item.get("cut", False))


read_outcomes = by_version(_outcomes_1)


def _packed(text: bytes) -> bytes:
    return compress(text, level=9)
