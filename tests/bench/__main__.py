"""``make bench``: ratios of two things measured in turn, in one run. Never a test: machines differ."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pynamodb.connection import Connection

from schemas.events import OpenUnit
from schemas.language import Duty
from tean.adapters.models import CONNECTION, PREFIX
from tean.adapters.ports import PutRow
from tean.services.days import DayService
from tests.fakes import builders
from tests.fakes.builders import DAY, UNIT
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo import moto_store
from tests.fakes.faults import answering
from tests.fakes.wire import watching

ROUNDS = 9
ROWS = 990

API = "import app"
BARE = "import boto3; boto3.client('dynamodb', region_name='ap-southeast-1')"


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of ours / theirs, each pair measured one after the other."""
    return statistics.median(seconds(ours) / seconds(theirs) for _ in range(rounds))


def fresh(code: str) -> Callable[[], object]:
    """``code`` in a new interpreter, as a cold start runs it."""
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


def cold_start() -> str:
    """Import of the whole API against the smallest function that talks to DynamoDB."""
    return f"import of the API / bare boto3 DynamoDB client: {ratio(fresh(API), fresh(BARE)):.2f}"


def todo_page() -> str:
    """A page of fifty to-dos through the adapter against the bare client, both over the same canned answer."""
    with moto_store() as store:
        rows = [builders.row(where=f"E-{number:03d}", name=f"{number} 号乘客电梯") for number in range(50)]
        store.write_day(UNIT, [PutRow(row) for row in rows])
        asked: dict[str, Any] = {}
        canned = _recorded(lambda: _todos(store), asked)
        with answering(lambda operation, request: (200, canned)):
            times = ratio(lambda: _todos(store), lambda: CONNECTION.client.query(**asked), rounds=200)
    return f"a page of 50 to-dos / the same Query by the bare client: {times:.2f}"


def _todos(store: Any) -> object:
    return store.todos(UNIT, "P1", today=DAY, since=DAY - timedelta(days=2), after=None, limit=50)


def _recorded(work: Callable[[], object], asked: dict[str, Any]) -> Mapping[str, Any]:
    with watching(CONNECTION.client) as wire:
        work()
    asked |= wire.calls[0].request
    answer: Mapping[str, Any] = CONNECTION.client.query(**asked)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def opening_a_day() -> str:
    """Opening one officer's day of 990 devices against a loop of conditional puts; the network answers at once."""
    roster = builders.roster(targets=[builders.target(f"E-{number:03d}") for number in range(ROWS)])
    requests = {"ours": 0, "theirs": 0}

    def answer(operation: str, request: Mapping[str, Any]) -> tuple[int, Any]:
        requests["theirs" if operation == "PutItem" else "ours"] += 1
        return 200, {"Items": [], "Count": 0, "ScannedCount": 0} if operation == "Query" else {}

    with moto_store() as store:
        service = DayService(_Registered(store, roster), FakeClock())
        message = OpenUnit(unit=UNIT, duty=Duty.DAILY, due=DAY)
        with answering(answer):
            times = ratio(lambda: service.open(message), lambda: _puts(CONNECTION), rounds=3)
    return (
        f"opening a day of {ROWS} rows / a loop of conditional puts: {times:.2f} of the time, "
        f"{requests['ours'] // 3} requests against {requests['theirs'] // 3}"
    )


class _Registered:
    def __init__(self, store: Any, roster: Any) -> None:
        self._store, self._roster = store, roster

    def roster(self, unit: str) -> Any:
        return self._roster

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def _puts(connection: Connection) -> None:
    for number in range(ROWS):
        item = {"pk": {"S": f"{UNIT}#P1"}, "sk": {"S": f"{DAY}#daily#E-{number:03d}"}, "body": {"S": "x" * 300}}
        connection.client.put_item(
            TableName=f"{PREFIX}-tasks", Item=item, ConditionExpression="attribute_not_exists(pk)"
        )


def main() -> None:
    """Measure and print, a line each."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")
    for measure in (cold_start, todo_page, opening_a_day):
        sys.stdout.write(measure() + "\n")


if __name__ == "__main__":
    main()
