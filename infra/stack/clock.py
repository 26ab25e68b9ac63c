"""The stack's clock: real time, and as much ahead of it as somebody wants to try out.

``<state>/clock/<part>`` holds a number of seconds for one part (``gateway``, ``pump``), looked at whenever the time is
asked for; without it, time is real. Only the stack puts this in the place of ``bootstrap.utc_now``: what is deployed
knows no such thing. Two parts may differ, as when a schedule stands still.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tean import bootstrap

FOLDER = "clock"


def set_ahead(state: Path, part: str, ahead: timedelta) -> None:
    """Let a part of the stack in ``state`` go ahead of the real time by this much, from now on."""
    folder = state / FOLDER
    folder.mkdir(exist_ok=True)
    # Whole or not at all: the part may be reading it.
    new = folder / f"{part}.new"
    new.write_text(str(ahead.total_seconds()))
    new.rename(folder / part)


def follow(state: Path, part: str) -> None:
    """Let the functions of this process go by the clock of ``part``; to be called before they are wired."""
    bootstrap.utc_now = _clock(state / FOLDER / part, bootstrap.utc_now)


def _clock(file: Path, real: Callable[[], datetime]) -> Callable[[], datetime]:
    def now() -> datetime:
        try:
            return real() + timedelta(seconds=float(file.read_text()))
        except FileNotFoundError:
            return real()

    return now
