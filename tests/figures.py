"""docs/figures.md: each section stands between marks of its own and is written by what measured it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

FIGURES = Path(__file__).parents[1] / "docs" / "figures.md"


def write(section: str, text: str, path: Path = FIGURES) -> None:
    """Put ``text`` between the marks of ``section``; whatever else the page says stays. ValueError without marks."""
    begin, end = (f"<!-- {section}: {word} -->" for word in ("begin", "end"))
    before, begun, rest = path.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not (begun and ended):
        raise ValueError(f"{path.name} has no section {section}")
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
