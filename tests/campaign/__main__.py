"""``python -m tests.campaign``: run what grows at its full size, and write what it counted into docs/figures.md."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from infra.environment import ROOT
from tests import figures
from tests.campaign import Figure, added, by_part

RUNS = (
    # What measures the whole machine comes alone, and last.
    ("campaign and not alone", ("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "worksteal")),
    ("campaign and alone", ()),
)


def run(told: Path) -> bool:
    """Every part at its full size; whether all of it passed."""
    environment = os.environ | {"TEAN_FIGURES": str(told)}
    commands = [[sys.executable, "-m", "pytest", "-m", marks, *more] for marks, more in RUNS]
    # All of them, whatever became of the first: what is found in an hour should be told at once.
    ends = [subprocess.run(command, cwd=ROOT, env=environment).returncode for command in commands]
    return not any(ends)


def shown(counted: Iterable[Figure], minutes: float) -> str:
    """The figures as they stand in docs/figures.md."""
    rows = [
        (part if first else "", figure.what, f"{figure.number:,}", f"≥ {figure.goal:,}" if figure.goal else "")
        for part, there in by_part(counted).items()
        for first, figure in ((figure is there[0], figure) for figure in there)
    ]
    head = ("part", "what was counted", "", "goal")
    return f"{minutes:.0f} minutes on {os.cpu_count()} cores.\n\n{figures.table(head, rows)}"


def main() -> int:
    """Run, show, write; 1 when anything failed or there was less of it than there has to be."""
    with tempfile.TemporaryDirectory() as place:
        told, begun = Path(place, "told"), time.monotonic()
        told.touch()
        passed = run(told)
        counted = added(told.read_text(encoding="utf-8").splitlines())
    text = shown(counted, (time.monotonic() - begun) / 60)
    sys.stdout.write(f"{text}\n")
    if not passed or not all(figure.met for figure in counted):
        sys.stdout.write("Not written into docs/figures.md: a part failed, or counted less than it has to.\n")
        return 1
    figures.write("campaign", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
