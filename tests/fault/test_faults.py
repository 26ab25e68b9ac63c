"""Whatever becomes of one request of any write, and of the next try: what was acknowledged is there, everything is
there once or not at all, and who tries again gets the first answer."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from typer.main import get_command

from app import app
from chalicelib.routes import ROUTES
from infra.operate.__main__ import app as operate
from tests.campaign import LARGE, tell
from tests.fault import runs
from tests.fault.cases import Situation, play
from tests.fault.injector import Fault, Strike
from tests.fault.scenarios import SCENARIOS
from tests.fault.stage import Stage, raised

PART = "Fault injector"
COMMANDS = {"apply": True, "check": False, "chain": False, "dead show": False, "dead replay": False, "dead drop": False}
"""What the operator can do, and whether it writes into tables: dead letters are messages, and sent again as often as it
takes (tests/unit/infra/test_dead.py)."""
REPAIRS = frozenset({"todos.todos", "statistics.statistics"})
"""What only reads, unless a run never came."""
MANY, MANY_STEPS = 270, 20
"""Pairs of faults for each way to write in a campaign, by one write or by several."""
Case = tuple[Strike, ...]
assert runs, "they enter themselves in the table"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all scenarios: each begins on its Monday."""
    with raised() as stage:
        yield stage


def test_every_route_and_event_that_may_write_has_a_scenario() -> None:
    """A new one has to be told of there before the suite passes again."""
    writing = {route.handler for route in ROUTES if route.method != "GET"}
    events = {function.name for function in app.pure_lambda_functions}
    assert COMMANDS.keys() == set(commands(get_command(operate)))
    commanded = {f"operate.{name}" for name, writes in COMMANDS.items() if writes}
    assert {scenario.covers for scenario in SCENARIOS.values()} == writing | events | commanded | REPAIRS


def commands(group: Any, *path: str) -> Iterator[str]:
    """The names of all that can be typed."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name))


@pytest.mark.campaign
@pytest.mark.parametrize("name", SCENARIOS)
def test_who_tries_again_gets_the_first_answer_and_all_of_it_is_there_once(stage: Stage, name: str) -> None:
    situation = Situation(stage, SCENARIOS[name])
    chance = Random(name)
    if LARGE:
        cases = [*every(situation), *pairs(situation, chance, MANY_STEPS if situation.scenario.steps else MANY)]
    else:
        cases = some(situation, chance)
    injected = sum(played(situation, case) for case in cases)
    tell(PART, "ways to write", 1)
    tell(PART, "different cases played", len(cases))
    tell(PART, "faults injected", injected)


def played(situation: Situation, case: Case) -> int:
    """A case that fails says which it was, so that it can be played alone."""
    try:
        injected = play(situation, *case)
    except AssertionError as failure:
        failure.add_note(f"{situation.scenario.name}: {case}")
        raise
    assert injected, f"nothing was struck by {case}"
    return injected


def every(situation: Situation) -> list[Case]:
    """Every fault at every request, once and lasting."""
    return [(strike,) for strike in situation.strikes()]


def some(situation: Situation, chance: Random) -> list[Case]:
    """Of every kind one and a pair; of what takes long, because it is many writes, every other kind and no pair."""
    kinds = each_kind(situation, chance)
    return chance.sample(kinds, 4) if situation.scenario.steps else [*kinds, *pairs(situation, chance, 1)]


def each_kind(situation: Situation, chance: Random) -> list[Case]:
    """Of every fault that may befall it one, at some request."""
    strikes = list(situation.strikes())
    kinds = ([strike for strike in strikes if strike.fault is fault] for fault in Fault)
    return [(chance.choice(kind),) for kind in kinds if kind]


def pairs(situation: Situation, chance: Random, many: int) -> list[Case]:
    """A fault, and another one in the next try; no pair twice."""
    strikes = list(situation.strikes())
    both = range(len(strikes) ** 2)
    places = (divmod(place, len(strikes)) for place in chance.sample(both, min(many, len(both))))
    return [(strikes[first], strikes[second]) for first, second in places]
