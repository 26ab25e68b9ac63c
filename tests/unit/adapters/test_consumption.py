"""What DynamoDB says its requests consumed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.session import Session

from tean.adapters.consumption import Meter


def emit(session: Session, event: str, operation: str, **fields: Any) -> None:
    session.get_component("event_emitter").emit(
        f"{event}.dynamodb.{operation}", model=SimpleNamespace(name=operation, idempotent_members=()), **fields
    )


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def meter(session: Session) -> Meter:
    meter = Meter()
    for _ in range(2):
        meter.listen(session)
    return meter


def answered(session: Session, operation: str, *units: float) -> None:
    consumed = [{"TableName": f"t{n}", "CapacityUnits": each} for n, each in enumerate(units)]
    parsed = {"ConsumedCapacity": consumed[0] if operation in ("Query", "PutItem") else consumed} if units else {}
    emit(session, "after-call", operation, parsed=parsed)


def test_units_of_one_table_or_of_several_add_up_until_they_are_read(session: Session, meter: Meter) -> None:
    answered(session, "Query", 0.5)
    answered(session, "BatchGetItem", 1, 2.5)
    answered(session, "TransactWriteItems", 6, 4)
    answered(session, "PutItem", 1)
    assert meter.read() == {"read_units": 4, "write_units": 11, "requests": 4}
    assert meter.read() == {"read_units": 0, "write_units": 0, "requests": 0}


def test_a_request_that_was_refused_is_counted_without_units(session: Session, meter: Meter) -> None:
    answered(session, "TransactWriteItems")
    assert meter.read() == {"read_units": 0, "write_units": 0, "requests": 1}


@pytest.mark.parametrize(("operation", "asked"), [("Query", {"ReturnConsumedCapacity": "TOTAL"}), ("ListTables", {})])
def test_only_what_can_tell_is_asked(session: Session, meter: Meter, operation: str, asked: dict[str, str]) -> None:
    params: dict[str, Any] = {}
    emit(session, "before-parameter-build", operation, params=params)
    assert params == asked
