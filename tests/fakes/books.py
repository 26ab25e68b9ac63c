"""Whether what the close keeps more than once agrees, whenever one looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date

from schemas.language import Duty
from tean.domain.calendar import last_day
from tean.domain.months import People
from tean.domain.outcomes import LISTINGS
from tean.domain.rollups import Counts, Rollup
from tests.fakes.builders import UNIT
from tests.fakes.store import FakeStore

EVER = date.min.replace(year=2000), date.max.replace(year=9000)


def balance(store: FakeStore) -> None:
    """Every month is the sum of the roll-ups of its buckets as they are, and every list as long as its number says."""
    for duty in Duty:
        known = store.rollups(UNIT, duty, until=EVER[1], limit=10_000)
        assert summed(store, duty) == by_month(known), duty
        for rollup in known:
            assert listed(store, rollup) == numbered(rollup), (duty, rollup.due)
    tallies = store.tallies(UNIT, *EVER)
    assert {(one.duty, one.due): one for one in tallies} == {
        (duty, due): replace(one, people={}, lists={}) for (_, duty, due), one in store._rollups.items()
    }


Sums = dict[date, Counter[tuple[str, str, str]]]
"""By month: how much of what by post, kind and name of the number."""


def by_month(known: Iterable[Rollup]) -> Sums:
    """What the roll-ups of one duty add up to."""
    sums: Sums = {}
    for rollup in known:
        month = last_day(rollup.duty, rollup.due).replace(day=1)
        sums.setdefault(month, Counter()).update(_told(rollup.people))
    return sums


def summed(store: FakeStore, duty: Duty) -> Sums:
    """What is kept as their sum."""
    months = [one for one in store.people_months(UNIT, *EVER) if one.duty is duty]
    return {one.month: _told(one.people) for one in months}


def _told(people: People) -> Counter[tuple[str, str, str]]:
    told: Counter[tuple[str, str, str]] = Counter()
    for post, kinds in people.items():
        for kind, counts in kinds.items():
            told += Counter({(post, kind, each.name): getattr(counts, each.name) for each in fields(Counts)})
    return told


def listed(store: FakeStore, rollup: Rollup) -> Counter[tuple[str, str]]:
    """How long the lists of a bucket are, by what they list and kind."""
    last, lengths = last_day(rollup.duty, rollup.due), Counter[tuple[str, str]]()
    for listing in LISTINGS:
        parts = store.outcomes(UNIT, listing, rollup.duty, last, last).items
        assert [part.digest for part in parts] == list(rollup.lists.get(listing, ()))
        entries = [entry for part in parts for entry in part.entries]
        lengths += Counter((f"{listing} {entry.what}", entry.kind) for entry in entries)
        lengths += Counter(("zero_risk", entry.kind) for entry in entries if entry.zero_risk and listing == "done")
    return lengths


def numbered(rollup: Rollup) -> Counter[tuple[str, str]]:
    """How long the numbers say they are."""
    lengths: Counter[tuple[str, str]] = Counter()
    for kind, counts in rollup.kinds.items():
        for what in ("missed", "late", "suspended"):
            lengths[f"exceptions {what}", kind] += getattr(counts, what)
        for what in ("on_time", "late"):
            lengths[f"done {what}", kind] += getattr(counts, what)
        lengths["zero_risk", kind] += counts.zero_risk
    return +lengths + Counter({("exceptions unchecked", kind): many for kind, many in rollup.unchecked.items()})
