"""One function of a package in a process of its own, under the runtime client that runs it on Lambda.

This is Lambda's side of it, the Runtime API: the process asks for the next event, is told one, and posts what the
function answered. It is killed when it takes longer than the function's time, and started anew for the next event.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

HOST = "127.0.0.1"
_API = "/2018-06-01/runtime"


class FunctionFailed(Exception):
    """The function raised, took too long, or its process ended. ``kind`` is the name of what it raised."""

    def __init__(self, function: str, kind: str) -> None:
        super().__init__(f"{function}: {kind}")
        self.kind = kind


@dataclass
class _Call:
    """One invocation under way."""

    event: bytes
    deadline: float
    id: str = field(default_factory=lambda: str(uuid4()))
    ended: threading.Event = field(default_factory=threading.Event)
    answer: bytes | None = None
    failure: str = ""

    def fail(self, kind: str) -> None:
        # What comes first counts: a process may end right after it has answered.
        if not self.ended.is_set():
            self.failure = kind
            self.ended.set()


class Runtime:
    """A function's process and its Runtime API; one event at a time, as Lambda promises."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, seconds: int
    ) -> None:
        self.name = name
        self._seconds = seconds
        self._turn = threading.Lock()
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._now: _Call | None = None
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        told = {**environment, "AWS_LAMBDA_RUNTIME_API": f"{HOST}:{self._server.server_port}"}
        self._process = subprocess.Popen(list(command), cwd=folder, env=told, stdin=subprocess.DEVNULL)
        threading.Thread(target=self._wait_ended, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        return self._process.poll() is None

    def invoke(self, event: Any) -> Any:
        """What the function answers; :class:`FunctionFailed` when it does not."""
        with self._turn:
            call = _Call(json.dumps(event).encode(), time.time() + self._seconds)
            self._now = call
            self._calls.put(call)
            if not self.alive:
                call.fail("Runtime.ExitError")
            if not call.ended.wait(max(0.0, call.deadline - time.time())):
                call.fail("Sandbox.Timedout")
                self.end()
        if call.failure:
            raise FunctionFailed(self.name, call.failure)
        return json.loads(call.answer or b"null")

    def end(self) -> None:
        """End the process; what is under way fails."""
        self._process.kill()
        self._process.wait()
        self._calls.put(None)
        self._server.shutdown()
        self._server.server_close()

    def _wait_ended(self) -> None:
        self._process.wait()
        if self._now:
            self._now.fail("Runtime.ExitError")

    def next_call(self) -> _Call | None:
        """The process asks what to do, and waits for it; None when it has ended meanwhile."""
        return self._calls.get()

    def settle(self, path: str, body: bytes) -> None:
        """The process posts what came of it."""
        call = self._now
        if call is None or path not in (f"invocation/{call.id}/response", f"invocation/{call.id}/error", "init/error"):
            return
        if path.endswith("/error"):
            call.fail(json.loads(body)["errorType"])
        else:
            call.answer = body
            call.ended.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        super().__init__((HOST, 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Of a process that ended while it was waited for, whoever waits has been told already."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # Written at once and in one piece: the two together cost 40 ms an event.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """``/invocation/next``."""
        call = self.server.runtime.next_call()
        if call is None:
            self.close_connection = True
            return
        headers = {
            "Lambda-Runtime-Aws-Request-Id": call.id,
            "Lambda-Runtime-Deadline-Ms": str(int(call.deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self.server.runtime.name,
            "Content-Type": "application/json",
        }
        self._reply(200, headers, call.event)

    def do_POST(self) -> None:
        """``/invocation/<id>/response``, ``/invocation/<id>/error`` and ``/init/error``."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.runtime.settle(self.path.removeprefix(f"{_API}/"), body)
        self._reply(202, {}, b"")

    def _reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the function's own output is the log."""
