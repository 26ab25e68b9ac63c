"""The parts together: started in order, watched, ended in the opposite order."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from socket import socket

from botocore.exceptions import BotoCoreError, ClientError

from infra import demo
from infra.client import Client
from infra.manifest import load
from infra.stack import variables
from infra.stack.artefact import PYTHON, UNPACKED
from infra.stack.interrupts import Interrupts, Stopped
from infra.stack.package import Package
from infra.stack.parts import HOST, MINISTACK, ROOT, Part, end_orphans, listening, module, start
from infra.stack.provision import Storage, provision
from infra.stack.roles import make_roles
from infra.stack.state import Secrets, State
from tean.domain.calendar import business_date
from tean.domain.errors import Unavailable

SAVE_SECONDS = 15
"""What a power cut costs at most; a clean stop costs nothing."""
LOOK_SECONDS = 0.3
MOST_DEATHS, DEATHS_SECONDS = 5, 60.0
"""So often within so many seconds a part is started again."""


class Deaths:
    """How often parts may die: what dies again and again has a reason that a new start does not mend."""

    def __init__(self, most: int = MOST_DEATHS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lately: dict[str, list[float]] = {}

    def allow(self, part: str) -> bool:
        """Whether the part may be started again; then this death is noted."""
        now = self._clock()
        lately = [at for at in self._lately.get(part, []) if now - at < DEATHS_SECONDS]
        allowed = len(lately) < self._most
        self._lately[part] = [*lately, now] if allowed else lately
        return allowed


class Stack:
    """One machine's whole system, in one state folder, behind one port; its functions from the sources, or from what
    ``make package`` made."""

    def __init__(self, state: State, port: int, package: Path | None = None) -> None:
        self._state = state
        self._package = package
        self._port = port
        self._manifest = load()
        self._interrupts = Interrupts()
        self._parts: list[Part] = []
        self._deaths = Deaths()

    def run(self) -> None:
        """Until Ctrl-C; a Problem when it cannot start or a part fails."""
        with self._state.held():
            self._interrupts.take()
            try:
                self._start()
                self._watch()
            except Stopped:
                _say("正在停下，保存状态 …")
            finally:
                self._end()
        _say("已停下，状态已保存。")

    def _start(self) -> None:
        if not (MINISTACK.exists() and Client(ROOT).is_built):
            raise Unavailable("stack.not_set_up", "还没有安装好，请用 make run 运行，它会先装好需要的东西。")
        if ended := end_orphans(self._state):
            _say(f"上次没有正常停下，已结束遗留的进程：{'、'.join(ended)}")
        door = listening(self._port)
        secrets = self._state.secrets()
        self._state.check_storage()
        origin = f"http://{HOST}:{door.getsockname()[1]}"
        storage, standin = self._start_storage(secrets), self._start_standin(secrets)
        told = self._provision(secrets, origin, storage, standin)
        ports = {"STACK_STORAGE_PORT": str(storage.port), "STACK_STANDIN_PORT": str(standin.port)}
        everything = variables.shell() | told | ports | {"STACK_SAVE_SECONDS": str(SAVE_SECONDS)}
        everything |= self._unpack(secrets, told)
        gateway = self._add("gateway", "网关", module("serve"), everything, door)
        self._add("pump", "队列和定时", module("pump"), everything)
        self._furnish(variables.shell() | told)
        gateway.wait_ready("/")
        self._state.note_environment(told)
        _say(_block(origin, self._state))

    def _start_storage(self, secrets: Secrets) -> Part:
        _say("启动存储 …")
        # -I: this file's neighbours must not be taken for modules of that interpreter.
        command = [str(MINISTACK), "-I", str(ROOT / "infra" / "stack" / "ministack_server.py"), str(SAVE_SECONDS)]
        told = variables.of_storage(secrets, self._state)
        return self._add("storage", "存储", command, told, listening())

    def _start_standin(self, secrets: Secrets) -> Part:
        return self._add("standin", "微信替身", module("standin"), variables.of_standin(secrets), listening())

    def _add(
        self, name: str, words: str, command: Sequence[str], told: Mapping[str, str], door: socket | None = None
    ) -> Part:
        with self._interrupts.waiting():
            part = start(name, words, command, told, self._state, door)
            self._parts.append(part)
            self._note_parts()
        return part

    def _note_parts(self) -> None:
        self._state.note_processes({each.name: each.process.pid for each in self._parts})

    def _provision(self, secrets: Secrets, origin: str, storage: Part, standin: Part) -> dict[str, str]:
        storage.wait_ready("/_ministack/ready")
        standin.wait_ready("/")
        _say("准备表、桶和队列 …")
        endpoint = f"http://{HOST}:{storage.port}"
        try:
            queues = provision(self._manifest, Storage(endpoint, secrets.storage_key_id, secrets.storage_key))
        except (BotoCoreError, ClientError):
            raise storage.failed() from None
        wechat = f"http://{HOST}:{standin.port}"
        return variables.of_functions(
            self._manifest, secrets, origin=origin, storage=endpoint, wechat=wechat, queues=queues
        )

    def _unpack(self, secrets: Secrets, told: Mapping[str, str]) -> dict[str, str]:
        if self._package is None:
            return {}
        if not PYTHON.exists():
            raise Unavailable("stack.no_runtime", "还没有 Lambda 的运行时，请用 make run PACKAGE=… 运行，它会先装好。")
        _say("解开打好的包 …")
        package = Package.unpack(self._package, self._state.folder / "package")
        storage = Storage(told["AWS_ENDPOINT_URL_DYNAMODB"], secrets.storage_key_id, secrets.storage_key)
        make_roles(storage.iam, self._manifest, package.functions(self._manifest.functions).values())
        return {UNPACKED: str(package.folder)}

    def _furnish(self, told: Mapping[str, str]) -> None:
        if self._state.furnished:
            return
        _say("登记示例单位 …")
        log = self._state.log("demo")
        files = demo.written(self._state.folder / "demo", business_date(datetime.now(UTC)))
        command = [sys.executable, "-m", "infra.operate", "apply", *map(str, files)]
        with log.open("ab") as output:
            done = subprocess.run(command, cwd=ROOT, env=dict(told), stdout=output, stderr=output, check=False)
        if done.returncode:
            raise Unavailable(
                "stack.demo_failed", f"示例单位没有登记成，已全部停下。原因见 {log}，再运行一次会接着做。"
            )
        # It names people, and a log must not.
        log.unlink()
        self._state.note_furnished()

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            for place, part in enumerate(self._parts):
                if not part.alive:
                    with self._interrupts.waiting():
                        self._parts[place] = self._revived(part)
                        self._note_parts()

    def _revived(self, part: Part) -> Part:
        # Storage has what was written last in its memory alone: begun anew it would have forgotten it in silence.
        if part is self._parts[0] or not self._deaths.allow(part.name):
            raise part.failed()
        _say(f"{part.words}中途停了，重新启动 …")
        return part.again(self._state)

    def _end(self) -> None:
        self._interrupts.ignore()
        self._state.note_environment(None)
        # Storage last: the others may still write, and it saves what they wrote.
        for parts in (self._parts[1:], self._parts[:1]):
            for part in parts:
                part.ask_to_end()
            for part in parts:
                part.wait_ended()
        self._state.note_processes({})


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _block(origin: str, state: State) -> str:
    lines = [f"特安已就绪：{origin}", ""]
    for (unit, kind), people in groupby(demo.people(), key=lambda person: (person.unit, person.kind)):
        lines.append(f"  {unit}（{kind}）")
        lines += [f"    {person.phone}  {person.name}  {person.post}" for person in people]
    lines += [
        "",
        f"  接口说明  {origin}/docs",
        f"  走完一天  make walk{_port_option(origin)}（另开一个终端）",
        f"  状态保存  {state.folder}，每 {SAVE_SECONDS} 秒一次，停下时再存一次；断电最多丢失最后 {SAVE_SECONDS} 秒",
        "  停下      Ctrl-C",
    ]
    return "\n".join(lines)


def _port_option(origin: str) -> str:
    port = origin.rpartition(":")[2]
    return "" if port == "8600" else f" PORT={port}"
