"""The stores the contract is held against: the fake, and the real adapter on moto's DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tean.adapters.ports.store import Store
from tests.fakes.dynamo import moto_store
from tests.fakes.store import FakeStore


@pytest.fixture(params=["fake", "dynamo"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "fake":
        yield FakeStore()
        return
    with moto_store() as real:
        yield real
