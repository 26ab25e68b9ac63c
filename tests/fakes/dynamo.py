"""The real store on moto's DynamoDB, in this process."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import RLock
from typing import Any

import pytest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict

from tean.adapters.dynamo.calls import Calls
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.models import CONNECTION, TABLES
from tests.fakes.wire import Wire, watching

REGION = "ap-southeast-1"


@contextmanager
def moto_store(pause: Callable[[int], None] = lambda attempt: None) -> Iterator[DynamoStore]:
    """An empty store on tables made from the models. It does not wait between tries unless told how."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        environment.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
        environment.setattr(Item, "__deepcopy__", _copied)
        for table in TABLES:
            table.create_table()
        yield DynamoStore(Calls(pause=pause))


@contextmanager
def taking_turns() -> Iterator[None]:
    """moto copies its tables around a transaction, so two in one process undo each other; DynamoDB takes turns. Whose
    turn it is between two calls is left to chance."""
    lock, answer = RLock(), BotocoreStubber.__call__

    def in_turn(*args: Any, **fields: Any) -> Any:
        with lock:
            return answer(*args, **fields)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BotocoreStubber, "__call__", in_turn)
        yield


def watch(*, priced: bool = False) -> AbstractContextManager[Wire]:
    """Everything the adapter sends, within the block of a ``moto_store``."""
    return watching(CONNECTION.client, priced=priced)


def _copied(item: Any, memo: dict[int, Any]) -> Any:
    """Like moto's own copy, but what never changes in place is shared: each transaction copies whole tables."""
    other: Any = Item.__new__(Item)
    other.hash_key, other.range_key = item.hash_key, item.range_key
    other.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    for name, value in item.attrs.items():
        dict.__setitem__(other.attrs, name, copy.deepcopy(value) if value.type in _CHANGING else value)
    return other


_CHANGING = frozenset({"M", "L", "SS", "NS", "BS"})
