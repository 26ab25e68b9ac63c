"""The processes of the stack: how each is started, found ready, and ended."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra.stack.state import State
from tean.domain.errors import Conflict, Unavailable

ROOT = Path(__file__).parent.parent.parent
MINISTACK = ROOT / ".venv" / "ministack" / "bin" / "python"
HOST = "127.0.0.1"
READY_SECONDS = 30.0
END_SECONDS = 20.0
"""How long a part may take to end before it is ended by force; storage writes its state meanwhile."""


def listening(port: int = 0) -> socket.socket:
    """A door of this machine: a socket that listens. Conflict ``stack.port_in_use`` when it is taken."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except (OSError, OverflowError):
        door.close()
        raise Conflict(
            "stack.port_in_use", f"端口 {port} 用不了，多半已被别的程序占用。换一个：make run PORT={_other(port)}"
        ) from None
    door.listen(128)
    return door


def _other(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8601


@dataclass
class Part:
    """One process, in a group of its own: Ctrl-C at the terminal reaches only the one who ends them in order."""

    name: str
    words: str
    process: subprocess.Popen[bytes]
    log: Path
    port: int
    command: Sequence[str]
    environment: Mapping[str, str]

    @property
    def alive(self) -> bool:
        """Whether it is still running."""
        return self.process.poll() is None

    def wait_ready(self, path: str) -> None:
        """Until it answers. Unavailable ``stack.part_failed`` when it does not."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=READY_SECONDS)
        try:
            # The door listens already, so one request is enough: it is answered as soon as somebody is behind it.
            connection.request("GET", path)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            raise self.failed() from None
        finally:
            connection.close()

    def failed(self) -> Unavailable:
        """The refusal that says which part it was, and where to read why."""
        return Unavailable("stack.part_failed", f"{self.words}没有起来，或中途停了。已全部停下。原因见 {self.log}")

    def again(self, state: State) -> Part:
        """The same part anew, behind the same door; of the one that died nothing is left."""
        end_group(self.process.pid, 0)
        # Its children hold the door as long as they live, and a killed one lives on for a moment.
        gone(self.process.pid)
        door = listening(self.port) if self.port else None
        return start(self.name, self.words, self.command, self.environment, state, door)

    def ask_to_end(self) -> None:
        """Politely; it may finish what it is doing."""
        if self.alive:
            self.process.send_signal(signal.SIGTERM)

    def wait_ended(self) -> None:
        """Until it and all its children are gone."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(END_SECONDS)
        end_group(self.process.pid, 0)
        self.process.wait()


def start(
    name: str, words: str, command: Sequence[str], environment: Mapping[str, str], state: State,
    door: socket.socket | None = None,
) -> Part:  # fmt: skip
    """Start a part; its ``door`` is handed over and closed here, so that it dies with the part."""
    log = state.log(name)
    port = door.getsockname()[1] if door else 0
    fds = (door.fileno(),) if door else ()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, str(state.folder), *(str(fd) for fd in fds)],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=fds,
            start_new_session=True,
        )
    if door:
        door.close()
    return Part(name, words, process, log, port, command, environment)


def module(name: str) -> list[str]:
    """The command of one of our own parts."""
    return [sys.executable, "-m", f"infra.stack.{name}"]


def end_orphans(state: State) -> list[str]:
    """End what a stack that was killed left behind in this folder; which parts those were."""
    ended = []
    for name, group in state.noted_processes().items():
        # A number may be another's by now: only a command that names our folder is ours.
        if any(str(state.folder) in command for _, command in members(group)):
            end_group(group, END_SECONDS)
            ended.append(name)
    state.note_processes({})
    return ended


def end_group(group: int, patience: float) -> None:
    """End a process group, by force after ``patience`` seconds."""
    if patience and members(group):
        os.killpg(group, signal.SIGTERM)
    end = time.monotonic() + patience
    while members(group) and time.monotonic() < end:
        time.sleep(0.1)
    if members(group):
        os.killpg(group, signal.SIGKILL)


def gone(group: int) -> None:
    """Wait until nobody of a killed group is left; ``END_SECONDS`` at most."""
    end = time.monotonic() + END_SECONDS
    while members(group) and time.monotonic() < end:
        time.sleep(0.02)


def members(group: int) -> list[tuple[int, str]]:
    """The living processes of a group: number and command."""
    return [(pid, command) for pid, its_group, command in _running() if its_group == group]


def _running() -> Iterator[tuple[int, int, str]]:
    proc = Path("/proc")
    # Slim containers have no ps, macOS has no /proc.
    yield from _from_proc(proc) if (proc / "self" / "stat").exists() else _from_ps()


def _from_proc(proc: Path) -> Iterator[tuple[int, int, str]]:
    for folder in proc.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                state, _, group = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[:3]
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if state not in "ZX":
                    yield int(folder.name), int(group), command


def _from_ps() -> Iterator[tuple[int, int, str]]:
    command = ["ps", "-A", "-o", "pid=,pgid=,stat=,command="]
    for line in subprocess.run(command, capture_output=True, text=True, errors="replace").stdout.splitlines():
        pid, group, state, words = (*line.split(None, 3), "")[:4]
        if not state.startswith("Z"):
            yield int(pid), int(group), words
