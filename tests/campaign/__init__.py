"""The same proofs small and large: a few hundred cases in ``make test``, the many of a campaign in ``make campaign``.

A test that grows is marked ``campaign``, asks :func:`size` how large it is to be, and tells with :func:`tell` what it
counted. A campaign adds these up over all its processes, holds them against their goals (:mod:`tests.campaign.goals`),
and writes them into docs/figures.md.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.campaign.goals import GOALS

LARGE = "TEAN_FIGURES" in os.environ
"""Whether this is a campaign: it names the file that figures are told to."""


@dataclass(frozen=True)
class Figure:
    """What a campaign counted of something, and how much of it there has to be at least."""

    part: str
    what: str
    number: int
    goal: int = 0

    @property
    def met(self) -> bool:
        """Whether there was enough."""
        return self.number >= self.goal


def size(small: int, large: int) -> int:
    """How many there are to be in this run."""
    return large if LARGE else small


def tell(part: str, what: str, number: int) -> None:
    """Add ``number`` to what ``part`` says of ``what``; nothing outside of a campaign. ValueError when the part has no
    goal: should it say nothing one day, nobody would miss it."""
    if part not in {known for known, _ in GOALS}:
        raise ValueError(f"{part} has no goal: tests/campaign/goals.py")
    if LARGE:
        # One short line at the end of a file is written whole, whoever else writes there.
        with Path(os.environ["TEAN_FIGURES"]).open("a", encoding="utf-8") as told:
            told.write(json.dumps([part, what, number], ensure_ascii=False) + "\n")


def added(lines: Iterable[str]) -> list[Figure]:
    """What was told, one figure of each kind: first those that have a goal, also where nothing was told of it."""
    numbers = Counter(dict.fromkeys(GOALS, 0))
    for part, what, number in map(json.loads, lines):
        numbers[part, what] += number
    return [Figure(part, what, number, GOALS.get((part, what), 0)) for (part, what), number in numbers.items()]


def by_part(figures: Iterable[Figure]) -> Mapping[str, list[Figure]]:
    """The figures of each part, parts in the order of their names."""
    parts: dict[str, list[Figure]] = {}
    for figure in figures:
        parts.setdefault(figure.part, []).append(figure)
    return dict(sorted(parts.items()))
