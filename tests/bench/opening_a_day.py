"""One officer's day of 990 devices: opened by us, against a loop that puts the same items one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from schemas.events import OpenUnit
from schemas.language import Duty
from tean.adapters.dynamo import keys, task_codec
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.models import CONNECTION, RegistryItem, TaskItem
from tean.services.days import DayService
from tests.bench.network import Network, no_network
from tests.bench.ratios import Ratio, Work, paired
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, UNIT
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo import moto_store

ROUNDS = 9
DEVICES = 990

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Day:
    """A unit whose yesterday is closed and whose today is not open yet, however often it is opened, until
    :meth:`keep`."""

    network: Network
    service: DayService
    bare: Any
    items: Sequence[Item]
    """What opening it writes: a row for each device, and the sheets."""

    def open(self) -> int:
        """Ours: the roster read, compared, and what is missing written; how many changes that took."""
        return self.service.open(OpenUnit(unit=UNIT, duty=Duty.DAILY, due=DAY))

    def put_each(self) -> int:
        """Theirs: what is to be written is known, and nobody asks what is there."""
        for item in self.items:
            self.bare.put_item(
                TableName=TaskItem.Meta.table_name, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        return len(self.items)

    def keep(self) -> None:
        """From now on what was written is found, as the index of sheets tells it."""
        self.network.lay(TaskItem, [*_yesterday(), *(item for item in self.items if "sheet" in item)])

    def calls(self, work: Work) -> Counter[str]:
        """The requests of ``work``."""
        self.network.calls.clear()
        work()
        return Counter(self.network.calls)


@contextmanager
def day(devices: int = DEVICES) -> Iterator[Day]:
    """The roster is what the adapter wrote of one device, so many times."""
    roster = list(_roster(devices))
    with no_network() as (network, bare):
        network.lay(RegistryItem, roster)
        network.lay(TaskItem, _yesterday())
        service = DayService(DynamoStore(), FakeClock())
        with network.keeping() as sent:
            Day(network, service, bare, ()).open()
        puts = [action["Put"]["Item"] for request in sent for action in request.get("TransactItems", ())]
        yield Day(network, service, bare, puts)


def _yesterday() -> Iterator[Item]:
    for who in ("P1", "P2"):
        sheet = builders.sheet(who, due=DAY - timedelta(days=1), owed={}, closed=True)
        yield task_codec.sheet_item(UNIT, sheet).serialize()


def _roster(devices: int) -> Iterator[Item]:
    with moto_store() as store:
        scenes.enrol(store, builders.target(officers=("P1",)))
        items = CONNECTION.client.scan(TableName=RegistryItem.Meta.table_name)["Items"]
    for item in items:
        if item["sk"]["S"].startswith(keys.TARGETS):
            yield from ({**item, "sk": {"S": keys.target(f"E-{number:03d}")}} for number in range(devices))
        else:
            yield item


@dataclass(frozen=True)
class Opening:
    """How long it takes against the loop, and the requests: ours, the loop's, ours when it is all there."""

    ratio: Ratio
    ours: Counter[str]
    theirs: Counter[str]
    again: Counter[str]


def opening() -> Opening:
    """Ours / the loop."""
    with day() as one:
        ratio = paired(one.open, one.put_each, rounds=ROUNDS)
        ours, theirs = one.calls(one.open), one.calls(one.put_each)
        one.keep()
        return Opening(ratio, ours, theirs, one.calls(one.open))
