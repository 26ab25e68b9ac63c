"""Waiting for others before the next try."""

from __future__ import annotations

import time
from secrets import SystemRandom


def pause(attempt: int, first: float = 0.02) -> None:
    """Wait at most ``first`` seconds before the second try, twice that before the third, and so on, by chance: two
    that met once should not meet again."""
    time.sleep(SystemRandom().uniform(0, first * 2**attempt))
