"""The stack as ``make run`` starts it: a process of its own, a free port, a state folder that is thrown away."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infra.phone import until
from infra.stack.parts import ROOT, members
from infra.stack.provision import Storage
from tests import discretion

READY = "特安已就绪"
READY_SECONDS = 60.0
END_SECONDS = 40.0


@dataclass
class RunningStack:
    """One stack, and what it has said so far."""

    state: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def logs(self) -> Path:
        """Where its parts write."""
        return self.state / "logs"

    @property
    def output(self) -> str:
        """All it said."""
        return "".join(self.said)

    def listen(self) -> None:
        """Read what it says, so that it never waits for a reader."""
        assert self.process.stdout
        reader = threading.Thread(target=self.said.extend, args=(self.process.stdout,), daemon=True)
        reader.start()
        self._reader = reader

    def wait_ready(self) -> None:
        """Until it says that it is ready."""
        until(lambda: READY in self.output or self.process.poll() is not None, bool, READY_SECONDS)
        assert READY in self.output, self.output

    def groups(self) -> dict[str, int]:
        """The process group of each of its parts."""
        groups: dict[str, int] = json.loads((self.state / "processes.json").read_text())
        return groups

    def pids(self) -> set[int]:
        """All processes of its parts."""
        return {pid for group in self.groups().values() for pid, _ in members(group)}

    def kill(self, part: str) -> None:
        """SIGKILL a part with all its processes, and wait until it is begun anew, or the stack ends."""
        before = self.groups()[part]
        os.killpg(before, signal.SIGKILL)
        until(lambda: self.groups().get(part), lambda group: group != before)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; its exit code."""
        code = self.process.wait(END_SECONDS)
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        discretion.assert_nothing(discretion.of_files(self.logs))
        return code


def storage_of(stack: RunningStack) -> Storage:
    """What lies behind it, as only a test may look at it."""
    told = json.loads((stack.state / "environment.json").read_text())
    return Storage(told["AWS_ENDPOINT_URL_DYNAMODB"], told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"])


def operate(stack: RunningStack, *arguments: str) -> subprocess.CompletedProcess[str]:
    """An operator's command as in a terminal of its own: what it needs it finds in the state folder."""
    command = [sys.executable, "-m", "infra.operate", *arguments, "--state", str(stack.state)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TEAN_", "WECHAT_"))}
    return subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port


def launch(state: Path, port: int | None = None, package: Path | None = None) -> RunningStack:
    """Start a stack as ``make run`` does, without waiting for it."""
    port = free_port() if port is None else port
    command = [sys.executable, "-m", "infra.stack", "--port", str(port), "--state", str(state)]
    command += ["--package", str(package)] if package else []
    spoken = os.environ | {"LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=spoken, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )  # fmt: skip
    stack = RunningStack(state, port, process)
    stack.listen()
    return stack


@contextmanager
def running(state: Path, package: Path | None = None) -> Iterator[RunningStack]:
    """A stack that is ready. It must end in peace and have had nothing to complain about."""
    stack = launch(state, package=package)
    try:
        stack.wait_ready()
        yield stack
    finally:
        code = stack.stop()
    assert code == 0, stack.output
