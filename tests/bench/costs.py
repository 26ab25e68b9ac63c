"""``python -m tests.bench.costs``: what a month of a unit with 1,000 devices asks of AWS, counted, and at list prices.

A month is put together of days that differ: each is played with its night by one officer and by two, and what the
second adds is added for each further one. ``test_costs.py`` shows that this is so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

from infra.environment import ROOT
from tean.domain.calendar import DAY
from tests import figures
from tests.bench.bill import bill, counted, invocations, shown
from tests.bench.ledger import Counts, added, scaled, times
from tests.bench.unit import DEVICES, Unit
from tests.fakes.dynamo import moto_store
from tests.unit.functions.conftest import installed

OFFICERS = 40
FIRST = date(2026, 10, 27)
"""A Tuesday; two days are played before the first that counts, so that lists hold what they hold on any day."""
MONTH = {date(2026, 10, 29): 12, date(2026, 10, 30): 12, date(2026, 11, 1): 1, date(2026, 11, 2): 5}
"""How often there is a day like this in November 2026: Tuesday to Thursday, whose nights count the week before again;
Friday to Sunday; the 1st; Mondays."""
DEPLOY = Path(ROOT, "docs", "deploy.md")


def month(officers: int) -> Counts:
    """What a month of so many officers takes."""
    days = dict(played(officers, DEVICES, first=FIRST, last=max(MONTH)))
    return added(*(times(days[day], many) for day, many in MONTH.items()))


def played(officers: int, devices: int, *, first: date, last: date) -> Iterator[tuple[date, Counts]]:
    """Day by day what it takes, the night before it included, but for the first."""
    with moto_store() as store, pytest.MonkeyPatch.context() as stage:
        unit = Unit(store, first, officers, devices)
        installed(unit.api, stage)
        with unit.ledger.open():
            night: Counts = {}
            for n in range((last - first).days + 1):
                day = first + n * DAY
                yield day, added(night, unit.live(day))
                night = unit.night()


def main() -> None:
    """Count, show, and write it where it is read."""
    with ProcessPoolExecutor(2, get_context("spawn")) as workers:
        one, two = workers.map(month, (1, 2))
    counts = scaled(one, two, OFFICERS)
    told = f"{shown(counts)}\n\n{invocations(counts, OFFICERS * DEVICES * sum(MONTH.values()))}"
    costs = bill(counted(counts))
    sys.stdout.write(f"{told}\n\n{costs}\n")
    figures.write("month", told)
    figures.write("costs", costs, DEPLOY)


if __name__ == "__main__":
    main()
