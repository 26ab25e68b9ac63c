"""A request through our whole stack against the same request by FastAPI and by Django REST framework."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from infra.environment import ROOT
from tests.bench.ratios import Ratio
from tests.bench.routes import refused, routes

ROUNDS, REQUESTS = 11, 1000

PEERS = str(ROOT / ".venv" / "bench" / "bin" / "python")
WHOLE, FRAME, FASTAPI, DRF = "whole", "frame", "FastAPI", "DRF"
SIDES = {
    WHOLE: (sys.executable, "tests.bench.ours:whole"),
    FRAME: (sys.executable, "tests.bench.ours:frame"),
    FASTAPI: (PEERS, "tests.bench.peers.fast:side"),
    DRF: (PEERS, "tests.bench.peers.rest:side"),
}
Took = Mapping[str, Mapping[str, float]]
"""Microseconds of each side for each route."""


def frameworks() -> Mapping[tuple[str, str, str], Ratio]:
    """Ours / theirs, by route, our side and theirs. Every round runs each side once, in a process of its own."""
    rounds = [_round(number) for number in range(ROUNDS)]
    return {
        (route, ours, theirs): Ratio.of([took[ours][route] / took[theirs][route] for took in rounds])
        for route in routes()
        for ours in (WHOLE, FRAME)
        for theirs in (FASTAPI, DRF)
    }


def _round(number: int) -> Took:
    return {side: _serve(*SIDES[side]) for side in _in_turn(list(SIDES), number)}


def _in_turn(sides: Sequence[str], number: int) -> Sequence[str]:
    """Each round begins with another."""
    first = number % len(sides)
    return [*sides[first:], *sides[:first]]


def _serve(python: str, side: str) -> Mapping[str, float]:
    told = {
        "routes": {name: asdict(route) for name, route in routes().items()},
        "refused": refused(),
        "requests": REQUESTS,
    }
    command = [python, "-m", "tests.bench.serve", side]
    run = subprocess.run(command, cwd=ROOT, input=json.dumps(told), stdout=subprocess.PIPE, text=True, check=True)
    # Its log comes first.
    took: Mapping[str, float] = json.loads(run.stdout.splitlines()[-1])
    return took
