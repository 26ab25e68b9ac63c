"""The stores the contract is held against: the fake, and the real adapter on moto's DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.models import TABLES
from tean.adapters.ports import Store
from tests.fakes.store import FakeStore


@pytest.fixture(params=["fake", "dynamo"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "fake":
        yield FakeStore()
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
    with mock_aws():
        for table in TABLES:
            table.create_table()
        yield DynamoStore()
