"""How many histories on the fake store had a run that broke off, and how often one did."""

from __future__ import annotations

from collections import Counter

from tests.campaign import tell

PART = "Generator and close"
_SEEN: Counter[str] = Counter()


def note(kills: int) -> None:
    """A history came to its end."""
    if kills:
        _SEEN.update(histories=1, kills=kills)


def told() -> None:
    """Tell what was noted, and begin anew."""
    tell(PART, "histories whose runs die before a port's write, on the fake store", _SEEN["histories"])
    tell(PART, "runs killed before a port's write", _SEEN["kills"])
    _SEEN.clear()
