"""The stores the contract is held against: the fake, the real adapter on moto's DynamoDB, and on the storage of the
one-machine stack. Of the last, ``make test`` asks the same part of the tests every time, a campaign all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest

from tean.adapters.ports.store import Store
from tests.campaign import LARGE, tell
from tests.fakes.dynamo import moto_store
from tests.fakes.ministack import Server, serving
from tests.fakes.store import FakeStore

KINDS = ("fake", "dynamo", "ministack")
ONE_OF = 16
"""How many tests there are for one that ``make test`` asks of the stack's storage."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which stores a test is asked of."""
    if "store" in metafunc.fixturenames:
        *always, stack = KINDS
        kinds: list[Any] = [*always]
        if LARGE or crc32(metafunc.function.__name__.encode()) % ONE_OF == 0:
            kinds.append(pytest.param(stack, marks=pytest.mark.campaign))
        metafunc.parametrize("store", kinds, indirect=True)


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all; each test finds its tables empty."""
    with serving(tmp_path_factory.mktemp("ministack") / "state") as server:
        yield server


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "fake":
        yield FakeStore()
    elif request.param == "dynamo":
        with moto_store() as real:
            yield real
    else:
        with request.getfixturevalue("ministack").store() as real:
            yield real
        tell("Contract of storage", "tests on the storage of the one-machine stack", 1)
