"""The one way to a function: by its name, with an event, as Lambda does it.

Gateway and pump know nothing else of the functions, so whatever runs them (this process, or the packaged artefact)
plugs in here.
"""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol
from uuid import uuid4

from chalice import Chalice

from infra.manifest import API, Manifest


class Invoker(Protocol):
    """Whatever runs the functions."""

    @property
    def routes(self) -> list[str]:
        """The paths of the API, as API Gateway is told them."""

    def invoke(self, name: str, event: Any) -> Any:
        """What the function answers; an exception when it fails."""


@dataclass(frozen=True)
class Context:
    """What Lambda tells a function about its invocation."""

    function_name: str
    memory_limit_in_mb: int
    seconds: int
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))
    function_version: str = "$LATEST"
    invoked_function_arn: str = ""
    log_group_name: str = ""
    log_stream_name: str = ""
    identity: None = None
    client_context: None = None
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end the invocation."""
        return max(0, int((self.started + self.seconds - time.monotonic()) * 1000))


class Functions:
    """The functions of an app in this process, one invocation at a time.

    One at a time because Lambda promises it and Chalice relies on it: it keeps the current request on the app.
    """

    def __init__(self, app: Chalice, manifest: Manifest) -> None:
        self._app = app
        self._manifest = manifest
        self._turn = Lock()

    @classmethod
    def load(cls, manifest: Manifest) -> Functions:
        """The functions of this product."""
        return cls(importlib.import_module("app").app, manifest)

    @property
    def routes(self) -> list[str]:
        """The paths of the API, as API Gateway is told them."""
        return list(self._app.routes)

    def invoke(self, name: str, event: Any) -> Any:
        """What the function answers; its exception when it fails. Both sides see JSON only, as across the network."""
        limits = self._manifest.functions[name]
        context = Context(name, limits.memory, limits.timeout)
        received = json.loads(json.dumps(event))
        with self._turn:
            answer = self._entry(name)(received, context)
        return json.loads(json.dumps(answer))

    def _entry(self, name: str) -> Callable[[Any, Any], Any]:
        if name == API:
            return self._app
        entry: Callable[[Any, Any], Any] = self._app.handler_map[name]
        return entry
