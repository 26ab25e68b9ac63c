"""Reads are priced by DynamoDB's rules, where they leave the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.models import CONNECTION, RollupItem, TaskItem
from tests.fakes import scenes
from tests.fakes.builders import DAY, UNIT
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.read_units import item_bytes, unfiltered

Key = dict[str, dict[str, str]]


@pytest.fixture
def store() -> Iterator[DynamoStore]:
    """A partition ``p`` with three items: of 3, 5 and 1 KB."""
    with moto_store() as real:
        for sort, kilobytes in (("a", 3), ("b", 5), ("c", 1)):
            TaskItem("p", sort, body="x" * 1024 * kilobytes, state="open" if sort == "c" else "done").save()
        yield real


def key(sort: str) -> Key:
    return {"pk": {"S": "p"}, "sk": {"S": sort}}


def get(sort: str, *, consistent: bool) -> None:
    CONNECTION.client.get_item(TableName=TaskItem.Meta.table_name, Key=key(sort), ConsistentRead=consistent)


def get_all(*sorts: str) -> None:
    wanted = {"Keys": [key(sort) for sort in sorts], "ConsistentRead": True}
    CONNECTION.client.batch_get_item(RequestItems={TaskItem.Meta.table_name: wanted})


def query(**how: Any) -> None:
    CONNECTION.query(TaskItem.Meta.table_name, "p", **how)


@pytest.mark.parametrize(
    ("read", "units"),
    [
        (lambda: get("a", consistent=True), 1),
        (lambda: get("a", consistent=False), 0.5),
        (lambda: get("b", consistent=True), 2),
        (lambda: get("z", consistent=True), 1),
        (lambda: get_all("a", "b", "c"), 1 + 2 + 1),
        (lambda: get_all("a", "z"), 1 + 1),
        (lambda: query(consistent_read=True), 3),
        (lambda: query(), 1.5),
        (lambda: query(consistent_read=True, limit=1), 1),
        (lambda: query(consistent_read=True, filter_condition=TaskItem.state == "open"), 3),
        (lambda: CONNECTION.query(TaskItem.Meta.table_name, "nobody", consistent_read=True), 1),
    ],
)
def test_a_read_costs_what_it_reads_not_what_it_answers(
    store: DynamoStore, read: Callable[[], None], units: float
) -> None:
    with watch(priced=True) as wire:
        read()
    assert wire.read_units == units
    assert len(wire.calls) == 1, "what is looked at for the price is no request of the store"


def test_a_write_reads_nothing(store: DynamoStore) -> None:
    scenes.enrol(store)
    with watch(priced=True) as wire:
        scenes.open_day(store, due=DAY, people=("P1",))
    assert (wire.operations, wire.read_units) == (["TransactWriteItems"], 0)


def test_a_query_loses_its_filter_and_the_names_only_the_filter_used() -> None:
    asked = {
        "TableName": "t",
        "KeyConditionExpression": "#0 = :0",
        "FilterExpression": "#1 = :1",
        "ExpressionAttributeNames": {"#0": "pk", "#1": "state"},
        "ExpressionAttributeValues": {":0": {"S": "p"}, ":1": {"S": "open"}},
    }
    assert unfiltered(asked) == {
        "TableName": "t",
        "KeyConditionExpression": "#0 = :0",
        "ExpressionAttributeNames": {"#0": "pk"},
        "ExpressionAttributeValues": {":0": {"S": "p"}},
    }


def test_binary_weighs_what_it_is_not_what_it_is_sent_as(store: DynamoStore) -> None:
    RollupItem(UNIT, "day#1", packed=bytes(3000)).save()
    (item,) = CONNECTION.client.scan(TableName=RollupItem.Meta.table_name)["Items"]
    assert isinstance(item["packed"]["B"], str)
    assert item_bytes(item) == item_bytes(item | {"packed": {"B": bytes(3000)}})
