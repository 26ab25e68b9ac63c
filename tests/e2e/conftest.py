"""The stack that most tests share, and stacks of a test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stack import RunningStack, launch, running

StartStack = Callable[..., RunningStack]


@pytest.fixture
def start_stack() -> Iterator[StartStack]:
    """Starts stacks of a test's own, and ends those that still run after it."""
    started: list[RunningStack] = []

    def start(state: Path, port: int | None = None) -> RunningStack:
        started.append(launch(state, port))
        return started[-1]

    yield start
    for stack in started:
        if stack.process.returncode is None:
            stack.stop()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The one that most tests share."""
    with running(tmp_path_factory.mktemp("stack") / "state") as stack:
        yield stack


@pytest.fixture(scope="session")
def packaged_stack(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One whose functions are those of the package, under Lambda's runtime client, each with its own role.

    Whatever a function was refused or failed at stands in a log; a day could still look well, because reading a list
    makes up for a schedule that failed.
    """
    state = tmp_path_factory.mktemp("packaged-stack") / "state"
    with running(state, packages / "dev") as stack:
        yield stack
    for log in (stack.logs / "gateway.log", stack.logs / "pump.log"):
        assert "ERROR" not in log.read_text(), log.read_text()
