"""Fifty to-dos out of a Query: through adapter, use case and answer model, against the bare client."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tean.adapters.cursors import Cursors
from tean.adapters.dynamo import task_codec
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.models import TaskItem
from tean.services.todos import TodoService
from tests.bench import canned
from tests.bench.network import no_network
from tests.bench.ratios import Ratio, paired
from tests.fakes import builders
from tests.fakes.builders import DAY, UNIT
from tests.fakes.clock import FakeClock

ROUNDS, TIMES = 41, 20


@dataclass(frozen=True)
class Page:
    """One page, made four ways."""

    store: DynamoStore
    service: TodoService
    bare: Any
    asked: Mapping[str, Any]
    """The Query that our adapter sends."""

    def rows(self) -> object:
        """Ours as far as the adapter goes."""
        since = DAY - timedelta(days=2)
        return self.store.todos(UNIT, canned.PERSON, today=DAY, since=since, after=None, limit=canned.PAGE)

    def answer(self) -> str:
        """Ours as it leaves the function."""
        return self.service.page(builders.membership(canned.PERSON), None).to_json()

    def bare_rows(self) -> list[Mapping[str, Any]]:
        """What the bare client says."""
        items: list[Mapping[str, Any]] = self.bare.query(**self.asked)["Items"]
        return items

    def bare_answer(self) -> str:
        """The same as JSON, without the marks of the types."""
        rows = [{name: next(iter(value.values())) for name, value in item.items()} for item in self.bare_rows()]
        return json.dumps(rows, ensure_ascii=False)


@contextmanager
def page() -> Iterator[Page]:
    """A Query that finds fifty open rows, and the sheets that prove that day, week and month were opened."""
    with no_network() as (network, bare):
        network.lay(TaskItem, _items())
        store, clock = DynamoStore(), FakeClock()
        service = TodoService(store, Cursors(b"pepper"), clock, _nothing_to_repair)
        with network.keeping() as asked:
            Page(store, service, bare, {}).rows()
        yield Page(store, service, bare, asked[0])


def _items() -> Iterator[Mapping[str, Any]]:
    for row in canned.ROWS:
        known = {"where": row["target"], "name": row["name"], "location": row["location"], "kind": row["kind"]}
        yield task_codec.row_item(UNIT, builders.row(canned.PERSON, **known)).serialize()
    today = builders.sheet(canned.PERSON, owed={"4000": canned.PAGE})
    yesterday = builders.sheet(canned.PERSON, due=DAY - timedelta(days=1), closed=True)
    for sheet in (yesterday, today, *builders.week_and_month(canned.PERSON)):
        yield task_codec.sheet_item(UNIT, sheet).serialize()


def _nothing_to_repair(unit: str, duty: object) -> int:
    raise AssertionError("every bucket was opened")


def adapter_alone() -> Ratio:
    """Our rows / the bare client's items."""
    with page() as one:
        return paired(one.rows, one.bare_rows, rounds=ROUNDS, times=TIMES)


def whole_answer() -> Ratio:
    """Our answer / the bare client's items as JSON."""
    with page() as one:
        return paired(one.answer, one.bare_answer, rounds=ROUNDS, times=TIMES)
