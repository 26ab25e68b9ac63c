"""Runs the gateway in processes of gunicorn, on a socket that is handed in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from infra import demo
from infra.client import BUILT, ROOT
from infra.generate.names import physical
from infra.manifest import load
from infra.stack import clock
from infra.stack.api import Api
from infra.stack.artefact import functions
from infra.stack.gateway import Gateway
from infra.stack.logs import write_log
from infra.stack.pages import Pages
from infra.stack.provision import STAGE
from infra.stack.storage import Storage

WORKERS = max(2, min(4, os.cpu_count() or 2))


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Sync workers: a process answers one request at a time."""

    def __init__(self, gateway: Gateway, fd: int) -> None:
        self._gateway = gateway
        self._fd = fd
        super().__init__()

    def load_config(self) -> None:
        """No access log and no control socket; both would tell more than they help."""
        settings = {
            "bind": f"fd://{self._fd}",
            "workers": WORKERS,
            "worker_class": "sync",
            "timeout": 60,
            "graceful_timeout": 5,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            # Before the fork: the workers share what every request needs.
            "preload_app": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Gateway:
        """The application."""
        return self._gateway


def gateway(environment: dict[str, str]) -> Gateway:
    """The gateway as the environment describes it."""
    manifest = load()
    buckets = [physical(manifest.prefix(STAGE), name) for name in manifest.buckets]
    return Gateway(
        environment["TEAN_FILES_ORIGIN"],
        Api(functions(manifest, environment), manifest.limits.compress_from),
        Storage(int(environment["STACK_STORAGE_PORT"]), buckets),
        Pages(ROOT / BUILT, demo.people(), int(environment["STACK_SAVE_SECONDS"])),
        int(environment["STACK_STANDIN_PORT"]),
    )


def main() -> Any:
    """``python -m infra.stack.serve STATE FD``."""
    write_log()
    clock.follow(Path(sys.argv[1]), "gateway")
    Server(gateway(dict(os.environ)), int(sys.argv[2])).run()


if __name__ == "__main__":
    main()
