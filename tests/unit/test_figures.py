"""A section of the figures is written anew and the others stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import figures

PAGE = """# Figures

<!-- bench: begin -->
old
<!-- bench: end -->

Between.

<!-- campaign: begin -->
kept
<!-- campaign: end -->
"""


def test_a_section_is_replaced_and_all_else_stays(tmp_path: Path) -> None:
    page = tmp_path / "figures.md"
    page.write_text(PAGE, encoding="utf-8")
    figures.write("bench", "new", page)
    assert page.read_text(encoding="utf-8") == PAGE.replace("\nold\n", "\n\nnew\n\n")
    figures.write("bench", "newer", page)
    assert page.read_text(encoding="utf-8") == PAGE.replace("\nold\n", "\n\nnewer\n\n")


@pytest.mark.parametrize("damaged", [PAGE.replace("begin", "start"), PAGE.replace("bench: end", "end"), ""])
def test_a_page_without_the_section_is_left_as_it_is(tmp_path: Path, damaged: str) -> None:
    page = tmp_path / "figures.md"
    page.write_text(damaged, encoding="utf-8")
    with pytest.raises(ValueError, match="no section bench"):
        figures.write("bench", "new", page)
    assert page.read_text(encoding="utf-8") == damaged


@pytest.mark.parametrize("section", ["bench", "cold"])
def test_the_page_of_the_figures_has_the_sections_of_the_bench(section: str) -> None:
    text = figures.FIGURES.read_text(encoding="utf-8")
    assert text.count(f"<!-- {section}: begin -->") == text.count(f"<!-- {section}: end -->") == 1


def test_a_table_has_a_line_under_its_head() -> None:
    assert figures.table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
