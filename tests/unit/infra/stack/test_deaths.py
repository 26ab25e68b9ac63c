"""How often a part of the stack may die before all of it stops."""

from __future__ import annotations

from dataclasses import dataclass

from infra.stack.stack import DEATHS_SECONDS, Deaths


@dataclass
class Seconds:
    """A clock that stands until it is moved."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_part_may_die_so_often_within_a_minute_and_another_as_often() -> None:
    deaths = Deaths(most=2, clock=Seconds())
    assert [deaths.allow("pump") for _ in range(4)] == [True, True, False, False]
    assert [deaths.allow("gateway") for _ in range(3)] == [True, True, False]


def test_a_minute_later_it_may_die_again_however_often_it_was_refused() -> None:
    clock = Seconds()
    deaths = Deaths(most=2, clock=clock)
    assert deaths.allow("pump")
    clock.now = DEATHS_SECONDS / 2
    assert deaths.allow("pump")
    assert not deaths.allow("pump")
    clock.now = DEATHS_SECONDS
    assert [deaths.allow("pump") for _ in range(2)] == [True, False], "the first is forgotten, the second is not"
