"""The stores the contract is held against."""

from __future__ import annotations

import pytest

from tean.adapters.ports import Store
from tests.fakes.store import FakeStore


@pytest.fixture
def store() -> Store:
    """An empty store."""
    return FakeStore()
