"""The real store on moto's DynamoDB, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import RLock
from typing import Any

import pytest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

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
