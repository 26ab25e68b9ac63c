"""ministack behind a closed door, its state saved again and again.

Run by ministack's own interpreter, where nothing of this project can be imported. ministack itself saves only when it
is stopped in peace, and answers ``/_ministack/reset`` to anybody: both are put right here.

``ministack_server.py SECONDS STATE FD``: serves on the listening socket FD, saves every SECONDS. The state's folder is
there to be seen in the list of processes.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import ministack.app as ministack
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core import hypercorn_compat, persistence

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

READY = "/_ministack/ready"
_OWN = ("/_ministack", "/_localstack")
_READS = (b"Get", b"Query", b"BatchGet", b"Scan", b"Describe", b"List", b"TransactGet", b"Receive")

log = logging.getLogger("ministack.saver")


class Door:
    """Lets AWS's own calls through, none of ministack's, and notes whether one of them may have changed something."""

    def __init__(self) -> None:
        self.changed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_OWN) and scope["path"] != READY:
            await _refuse(send)
        elif scope["type"] == "http":
            await self._pass(scope, receive, send)
        elif scope["type"] == "lifespan":
            await ministack.app(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await ministack.app(scope, receive, send)
        finally:
            # Afterwards: noted before, a save in between would take the note away and miss the change.
            self.changed = self.changed or _may_change(scope)


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _may_change(scope: Scope) -> bool:
    if scope["method"] in ("GET", "HEAD"):
        return False
    target = dict(scope["headers"]).get(b"x-amz-target", b"")
    return not bytes(target).rpartition(b".")[2].startswith(_READS)


class Saver:
    """Writes the state whenever it has changed, at most every ``seconds``."""

    def __init__(self, door: Door, seconds: float) -> None:
        self._door = door
        self._seconds = seconds
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Until the stop; what is still unsaved then, ministack saves on its way out."""
        while not await self._stops_within(self._seconds):
            if self._door.changed:
                await self._save()

    async def _stops_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _save(self) -> None:
        self._door.changed = False
        try:
            # Copied in one go between two requests, so that all services are from the same moment.
            copies = {name: read() for name, read in ministack._build_persistence_save_dict().items()}
        except RuntimeError:
            # A notification was under way in a thread of its own: next time.
            self._door.changed = True
            return
        await asyncio.to_thread(_write, copies)


def _write(copies: dict[str, Any]) -> None:
    for name, copied in copies.items():
        if copied is not None:
            persistence.save_state(name, copied)


async def run(fd: int, seconds: float) -> None:
    """Serve until a signal, then save and end."""
    hypercorn_compat.install()
    door = Door()
    saver = Saver(door, seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, saver.stopping.set)
    saving = asyncio.create_task(saver.run())

    async def until_saved() -> None:
        # ministack writes the same files on its way out: never both at once.
        await saving

    config = Config()
    config.bind = [f"fd://{fd}"]
    config.graceful_timeout = 1
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(door, config, shutdown_trigger=until_saved)


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[3]), float(sys.argv[1])))
