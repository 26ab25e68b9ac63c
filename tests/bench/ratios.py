"""Ratios of two things measured in turn, so that a machine's speed cancels out. Time is the processor's time of this
process: nothing here waits for anybody, and others on the machine do not count."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Ratio:
    """The median over rounds, and what a tenth of them stayed below and above."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, rounds: Sequence[float]) -> Ratio:
        """From the ratio of each round; two at least."""
        tenths = statistics.quantiles(rounds, n=10, method="inclusive")
        return cls(statistics.median(rounds), tenths[0], tenths[-1])


def paired(ours: Work, theirs: Work, *, rounds: int, times: int = 1) -> Ratio:
    """Ours / theirs, each done ``times`` times a round. Who begins changes from round to round."""
    ours(), theirs()
    return Ratio.of([_round(ours, theirs, times, ours_first=number % 2 == 0) for number in range(rounds)])


def _round(ours: Work, theirs: Work, times: int, *, ours_first: bool) -> float:
    if ours_first:
        mine = seconds(ours, times)
        return mine / seconds(theirs, times)
    other = seconds(theirs, times)
    return seconds(ours, times) / other


def seconds(work: Work, times: int = 1) -> float:
    """What it costs."""
    gc.collect()
    start = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - start
