"""A score counts as killed what died, and nothing else."""

from __future__ import annotations

import pytest

from tests.mutants.__main__ import Score, score, shown, whole


def test_what_lives_and_what_no_test_reaches_is_not_killed() -> None:
    ends = {"a": 1, "b": 0, "c": 33, "d": -24, "e": 36}
    assert score("dates", ends) == Score("dates", 5, 3)


def test_a_module_that_is_not_through_has_no_score() -> None:
    with pytest.raises(ValueError, match="dates is not through"):
        score("dates", {"a": 1, "b": None})


def test_the_whole_is_told_below_its_modules() -> None:
    scores = [Score("a", 10, 9), Score("empty", 0, 0), Score("b", 30, 30)]
    assert whole(scores) == Score("all", 40, 39)
    assert shown(scores).splitlines()[2:] == [
        "| a | 10 | 9 | 90.0% |",
        "| b | 30 | 30 | 100.0% |",
        "| all | 40 | 39 | 97.5% |",
    ]
