"""How a ratio is shown in docs/figures.md."""

from __future__ import annotations

from tests.bench.ratios import Ratio

HEAD = ("", "ours / theirs", "goal", "")


def line(what: str, ratio: Ratio, goal: float | None = None) -> tuple[str, str, str, str]:
    """A row of a table."""
    shown = f"**{ratio.median:.2f}** ({ratio.low:.2f}–{ratio.high:.2f})"
    if goal is None:
        return what, shown, "", ""
    return what, shown, f"≤ {goal:.2f}", "met" if round(ratio.median, 2) <= round(goal, 2) else "missed"
