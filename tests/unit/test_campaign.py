"""What a campaign is told is added up over its processes, and held against its goals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import campaign
from tests.campaign import Figure, added, by_part, size, tell
from tests.campaign.__main__ import shown

GOALS = {("faults", "injected"): 10_000, ("kills", "killed"): 200}


@pytest.fixture(autouse=True)
def goals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Goals that are none of ours."""
    monkeypatch.setattr(campaign, "GOALS", GOALS)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign is on, and this is where it is told."""
    place = tmp_path / "told"
    monkeypatch.setenv("TEAN_FIGURES", str(place))
    monkeypatch.setattr(campaign, "LARGE", True)
    return place


def test_what_several_processes_counted_is_one_figure(told: Path) -> None:
    for number in (4_000, 7_000):
        tell("faults", "injected", number)
    tell("faults", "kinds", 6)
    tell("kills", "killed", 200)

    assert added(told.read_text().splitlines()) == [
        Figure("faults", "injected", 11_000, 10_000),
        Figure("kills", "killed", 200, 200),
        Figure("faults", "kinds", 6),
    ]


def test_of_what_nothing_was_told_there_was_nothing(told: Path) -> None:
    tell("faults", "injected", 10_000)

    assert [(figure.part, figure.number, figure.met) for figure in added(told.read_text().splitlines())] == [
        ("faults", 10_000, True),
        ("kills", 0, False),
    ]


@pytest.mark.parametrize("large", [True, False])
def test_a_part_without_a_goal_is_refused(told: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    monkeypatch.setattr(campaign, "LARGE", large)
    with pytest.raises(ValueError, match="somebody has no goal"):
        tell("somebody", "something", 1)
    assert not told.exists()


@pytest.mark.parametrize(("number", "met"), [(9, False), (10, True)])
def test_less_than_there_has_to_be_is_not_met(number: int, met: bool) -> None:
    assert Figure("p", "w", number, 10).met is met


def test_a_test_is_small_unless_a_campaign_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "LARGE", False)
    assert size(3, 3_000) == 3
    monkeypatch.setattr(campaign, "LARGE", True)
    assert size(3, 3_000) == 3_000


def test_outside_of_a_campaign_nothing_is_told(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "LARGE", False)
    tell("faults", "injected", 1)
    assert not told.exists()


def test_the_table_names_each_part_once() -> None:
    counted = [Figure("b", "x", 1_234, 1_000), Figure("a", "y", 2), Figure("b", "z", 3)]

    assert list(by_part(counted)) == ["a", "b"]
    lines = shown(counted, 7.4).splitlines()
    assert lines[0].startswith("7 minutes on ")
    assert lines[4:] == ["| a | y | 2 |  |", "| b | x | 1,234 | ≥ 1,000 |", "|  | z | 3 |  |"]
