"""The real store on the one-machine stack's storage: a server of its own, asked over HTTP.

Where it differs from DynamoDB, as far as the contract has shown: of the four megabytes of a transaction it counts the
request as ASCII, a Chinese letter as the six bytes of its escape instead of three. Nothing that is sent comes near it;
a test that does uses ASCII. (moto has no such bound at all.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.manifest import load
from infra.stack import variables
from infra.stack.parts import HOST, MINISTACK, ROOT, listening, start
from infra.stack.provision import REGION, STAGE, Storage, make_table
from infra.stack.state import State
from tean.adapters.dynamo.calls import Calls
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.models import CONNECTION
from tean.adapters.parsing import LightConnection

NEVER_SAVES = "3600"
MANIFEST = load()


@dataclass(frozen=True)
class Server:
    """A running storage; ``client`` is the adapter's own, which leads to it."""

    storage: Storage
    client: Any

    @contextmanager
    def store(self, pause: Callable[[int], None] = lambda attempt: None) -> Iterator[DynamoStore]:
        """An empty store, on tables made from the manifest as the stack makes them."""
        for name, table in MANIFEST.tables.items():
            physical = f"{MANIFEST.prefix(STAGE)}-{name}"
            self.storage.dynamodb.delete_table(TableName=physical)
            make_table(self.storage, physical, table)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(CONNECTION, "_client", self.client)
            yield DynamoStore(Calls(pause=pause))


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server for as long as this lasts, with a state that nobody keeps."""
    state = State(folder)
    command = [str(MINISTACK), "-I", str(ROOT / "infra" / "stack" / "ministack_server.py"), NEVER_SAVES]
    with state.held():
        secrets = state.secrets()
        part = start("storage", "存储", command, variables.of_storage(secrets, state), state, listening())
        try:
            part.wait_ready("/_ministack/ready")
            endpoint, keys = f"http://{HOST}:{part.port}", (secrets.storage_key_id, secrets.storage_key)
            storage = Storage(endpoint, *keys)
            for name, table in MANIFEST.tables.items():
                make_table(storage, f"{MANIFEST.prefix(STAGE)}-{name}", table)
            yield Server(storage, _adapters_client(endpoint, *keys))
        finally:
            part.ask_to_end()
            part.wait_ended()


def _adapters_client(endpoint: str, key_id: str, key: str) -> Any:
    """Made by the adapter itself, as it is in a function of the stack."""
    told = {
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint, "AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": key,
        "AWS_DEFAULT_REGION": REGION, "no_proxy": "*",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        for name, value in told.items():
            patched.setenv(name, value)
        patched.delenv("AWS_SESSION_TOKEN", raising=False)
        # Of a connection of its own: the session of the shared one remembers whose keys it was first used with.
        client: Any = LightConnection(region=REGION).client
        return client
