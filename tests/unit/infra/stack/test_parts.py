"""Processes: started, found ready, ended with all their children, and recognised after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.phone import until
from infra.stack import parts
from infra.stack.parts import Part, end_group, end_orphans, listening, members, start
from infra.stack.state import State
from tean.domain.errors import Problem

# Answers one request after another on the door it was given, and has a child that ignores a polite signal.
SERVER = """
import socket, subprocess, sys
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
door = socket.socket(fileno=int(sys.argv[2]))
while True:
    connection, _ = door.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    connection.close()
"""
DIES = "import sys; sys.exit('no such thing')"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path / "state")
    with state.held():
        yield state


def begin(state: State, program: str) -> Part:
    return start("part", "部件", [sys.executable, "-c", program], os.environ, state, listening())


@pytest.fixture
def server(state: State) -> Iterator[Part]:
    part = begin(state, SERVER)
    yield part
    end_group(part.process.pid, 0)
    part.process.kill()
    part.process.wait()


def test_a_part_is_ready_when_it_answers(server: Part) -> None:
    server.wait_ready("/")
    assert server.alive


def test_a_part_that_dies_is_named_with_its_log(state: State) -> None:
    part = begin(state, DIES)
    with pytest.raises(Problem, match=r"stack.part_failed.*部件没有起来.*part\.log"):
        part.wait_ready("/")
    part.process.wait()
    assert "no such thing" in part.log.read_text()


def test_an_ended_part_leaves_no_child_and_no_open_door(server: Part) -> None:
    server.wait_ready("/")
    assert len(until(lambda: members(server.process.pid), lambda found: len(found) == 2)) == 2
    server.ask_to_end()
    server.wait_ended()
    until(lambda: members(server.process.pid), lambda found: not found)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


def test_a_part_that_does_not_listen_is_ended_by_force(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "END_SECONDS", 0.2)
    deaf = "import signal, sys; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    part = begin(state, deaf)
    until(part.log.read_text, bool)
    part.ask_to_end()
    part.wait_ended()
    assert part.process.returncode == -signal.SIGKILL


def test_ctrl_c_at_the_terminal_does_not_reach_a_part(server: Part) -> None:
    assert os.getpgid(server.process.pid) == server.process.pid != os.getpgid(0)


def test_what_outlived_a_crash_is_ended_at_the_next_start(server: Part, state: State) -> None:
    server.wait_ready("/")
    state.note_processes({"part": server.process.pid})
    # In the test the crashed parent is still here and must bury the dead.
    server.process.send_signal(signal.SIGTERM)
    server.process.wait()
    assert len(members(server.process.pid)) == 1, "its child ignores a polite signal"
    assert end_orphans(state) == [], "a child that does not name our folder is not known to be ours"


def test_an_orphan_is_known_by_its_folder(state: State) -> None:
    sleeper = [sys.executable, "-c", "import signal; signal.pause()"]
    ours = subprocess.Popen([*sleeper, str(state.folder)], start_new_session=True)
    foreign = subprocess.Popen([*sleeper, "/elsewhere"], start_new_session=True)
    until(lambda: (members(ours.pid), members(foreign.pid)), all)
    state.note_processes({"storage": ours.pid, "pump": foreign.pid, "gateway": 999_999_999})
    try:
        assert end_orphans(state) == ["storage"]
        assert (ours.wait(), foreign.poll()) == (-signal.SIGTERM, None)
        assert state.noted_processes() == {}
    finally:
        foreign.kill()
        foreign.wait()


def test_a_taken_port_is_refused_with_another_to_try() -> None:
    with listening() as door:
        port = door.getsockname()[1]
        with pytest.raises(Problem, match=rf"stack.port_in_use.*端口 {port} 用不了.*make run PORT="):
            listening(port)
    with pytest.raises(Problem, match=r"stack.port_in_use.*PORT=8601"):
        listening(70_000)


@pytest.mark.skipif(not Path("/proc/self/stat").exists() or not shutil.which("ps"), reason="this machine has one way")
def test_processes_are_listed_alike_with_and_without_proc() -> None:
    ours = (os.getpid(), os.getpgid(0))
    for listed in (parts._from_ps, lambda: parts._from_proc(Path("/proc"))):
        found = {(pid, group): command for pid, group, command in listed()}
        assert "python" in found[ours]
