"""What was asked of AWS, and for the sake of what: counted where it leaves the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.fakes.dynamo import watch

Counts = Mapping[tuple[str, str], float]
"""How often or how much, by (what for, what of)."""


class Ledger:
    """Counts while it is :meth:`open`."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], float] = {}

    @contextmanager
    def open(self) -> Iterator[None]:
        """All that is counted within the block of a ``moto_store``."""
        with watch(priced=True) as self._wire:
            yield

    @contextmanager
    def storage(self, activity: str) -> Iterator[None]:
        """Count what the store sends to DynamoDB within the block."""
        self._wire.calls.clear()
        yield
        self.add(activity, read_units=self._wire.read_units, write_units=self._wire.write_units)

    def add(self, activity: str, **amounts: float) -> None:
        """Count these too."""
        for what, amount in amounts.items():
            self._counts[activity, what] = self._counts.get((activity, what), 0) + amount

    def take(self) -> Counts:
        """The counts since the last time."""
        taken, self._counts = self._counts, {}
        return taken


def times(counts: Counts, many: float) -> Counts:
    """So many times as much."""
    return {name: many * amount for name, amount in counts.items()}


def added(*several: Counts) -> Counts:
    """All together."""
    names = dict.fromkeys(name for counts in several for name in counts)
    return {name: sum(counts.get(name, 0) for counts in several) for name in names}


def scaled(one: Counts, two: Counts, many: int) -> Counts:
    """What so many come to, when each after the first adds what the second did."""
    return added(times(two, many - 1), times(one, 2 - many))


def total(counts: Counts, what: str) -> float:
    """All of one thing."""
    return sum(amount for (_, of), amount in counts.items() if of == what)
