"""A score counts as killed what died, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.contract.conftest import KINDS
from tests.mutants import __main__ as mutants
from tests.mutants.__main__ import SETTINGS, Score, score, set_up, shown, whole

NOT_KILLED = {"survived": 0, "untested": 33, "no tests": 5, "interrupted": 2, "skipped": 34, "suspicious": 35}


@pytest.mark.parametrize("end", [1, 3, -24, 24, 36, 152, 255, -9, -11])
def test_what_the_tests_failed_at_ran_out_of_time_at_or_crashed_at_is_killed(end: int) -> None:
    assert score("dates", {"a": end, "b": 0}) == Score("dates", 2, 1)


@pytest.mark.parametrize("end", [*NOT_KILLED.values(), 37, 77], ids=[*NOT_KILLED, "caught by types", "unknown"])
def test_whatever_else_became_of_it_it_was_not_killed(end: int) -> None:
    assert score("dates", {"a": end}) == Score("dates", 1, 0)


def test_the_tests_that_judge_ask_only_the_store_that_is_in_the_copy() -> None:
    *_, k, names = tomllib.loads(SETTINGS)["tool"]["mutmut"]["pytest_add_cli_args_test_selection"]
    assert k == "-k"
    assert set(KINDS) - set(names.replace("not ", "").split(" and ")) == {"fake"}


def test_a_run_finds_no_verdict_of_an_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "WORKSHOP", tmp_path / "workshop")
    monkeypatch.setattr(mutants, "COPIED", {"chalicelake.yaml": "chalicelake.yaml"})
    old = tmp_path / "workshop" / "mutants" / "dates.py.meta"
    old.parent.mkdir(parents=True)
    old.touch()
    set_up()
    assert {file.name for file in (tmp_path / "workshop").iterdir()} == {"chalicelake.yaml", "pyproject.toml"}


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
