"""Sets up what the product needs on this machine: ``python3 -m infra.environment run`` (or ``dev``, which adds tests;
``bench``, which adds what we are measured against; ``mutants``, what changes the rules to try the tests; ``package``,
only what packages it; ``artefact``, what tries and judges the package too).

Only the standard library, because nothing else is there yet, and only syntax that an old Python can read, because it
must be able to say that it is too old. Done once; while nothing has changed, the next time takes no time.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from infra import interpreter
from infra.client import Client, Command
from infra.interpreter import Interpreter

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
PROFILES = ("run", "dev", "bench", "mutants", "package", "artefact")
"""``dev`` holds all of ``run``, in the same versions, ``bench`` and ``mutants`` all of ``dev``; ``artefact`` holds
``package``."""
LAYERS = ("core", "imaging")
"""The locks of what is shipped in layers."""

_STAMP = "tean-setup.json"
_PIP = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "2",
        "--timeout", "20")  # fmt: skip

_REASONS = (
    (("No space left", "ENOSPC"), "磁盘满了。腾出 1 GB 后再运行一次，会接着装。"),
    (("DO NOT MATCH THE HASHES",), "下载到的包和锁定的不一样，没有安装。换一个软件源，或检查网络后再试一次。"),
    (
        ("NewConnectionError", "name resolution", "Network is unreachable", "ProxyError", "SSLError", "timed out",
         "Connection refused", "Connection reset", "ConnectTimeout", "Connection broken"),
        "连不上软件源，没有装完。检查网络或 pip 的源设置后再运行一次，会接着装。",
    ),
    (
        ("code ENOTFOUND", "code EAI_AGAIN", "code ECONNREFUSED", "code ECONNRESET", "code ETIMEDOUT",
         "code ERR_SOCKET_TIMEOUT", "code ENETUNREACH", "code SELF_SIGNED_CERT_IN_CHAIN",
         "code UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
        "连不上 npm 的软件源，没有装完。检查网络或 npm 的源设置后再运行一次，会接着装。",
    ),
    (("code EINTEGRITY",), "从 npm 下载到的包和锁定的不一样，没有安装。换一个软件源，或检查网络后再试一次。"),
    (("code E404", "code ETARGET"), "npm 的软件源里没有需要的版本。换一个软件源后再运行一次。"),
    (("No matching distribution", "Could not find a version"), "软件源里没有需要的版本。换一个软件源后再运行一次。"),
    (("Permission denied", "code EACCES"), "没有写入的权限。检查这个文件夹的权限后再运行一次。"),
)  # fmt: skip
"""What pip and npm say, and what it means for a person."""


class CannotSetUp(Exception):
    """One Chinese sentence: what happened, and what to do."""


class Step(NamedTuple):
    """Something to be done once, told while it is done."""

    words: str
    do: Callable[[], None]


class Task(NamedTuple):
    """Steps that are done again together, whenever what they are made from is no longer what it was."""

    name: str
    made_from: str
    there: bool
    steps: list[Step]


def main(arguments: list[str]) -> int:
    """Set up for a profile; 1 and one sentence when it cannot be done."""
    profile = arguments[0] if arguments and arguments[0] in PROFILES else "run"
    try:
        check_machine(tuple(sys.version_info[:2]), sys.platform)
        Setup(ROOT, Client(ROOT)).prepare(profile)
    except CannotSetUp as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n停下了。再运行一次会接着装。\n")
        return 1
    return 0


def check_machine(version: tuple[int, ...], platform: str) -> None:
    """Refuse a machine on which nothing below can work."""
    if platform == "win32":
        raise CannotSetUp("Windows 上请在 WSL 里运行。")
    if version < OLDEST:
        found = ".".join(map(str, version))
        raise CannotSetUp(f"需要 Python 3.11 或更新的版本，这里是 {found}。装好后再试，或用 make PYTHON=… 指明它。")
    if importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*version)
        raise CannotSetUp(
            f"这个 Python 缺少 venv 和 pip。Debian、Ubuntu 上先运行 sudo apt install {package}，再试一次。"
        )


class Setup:
    """The environments of one checkout: its own, that of the storage engine, which pins other versions, Node, and that
    of the frameworks we are measured against, which are no part of the product; that of mutation testing; that which
    packages, and those that run the package as Lambda does and judge its template."""

    def __init__(
        self, root: Path, client: Client, find: Callable[[str], Interpreter | None] = interpreter.find
    ) -> None:
        self._root = root
        self._find = find
        self._client = client
        self._own = root / ".venv"
        self._engine = self._own / "ministack"
        self._peers = self._own / "bench"
        self._mutants = self._own / "mutants"
        self._packer = self._own / "package"
        self._lambda = self._own / "lambda"
        self._judge = self._own / "checkov"
        self._log = self._own / "setup.log"

    def prepare(self, profile: str) -> None:
        """Do what is missing."""
        tasks = self._missing(profile)
        total, number = sum(len(task.steps) for task in tasks), 0
        for task in tasks:
            # Half done is not done, whatever it was before.
            self._note(task.name, "")
            for step in task.steps:
                number += 1
                _say(f"[{number}/{total}] {step.words} …")
                step.do()
            self._note(task.name, task.made_from)

    def _missing(self, profile: str) -> list[Task]:
        done, tasks = self._done(), self._tasks(profile)
        renewed = any(task.name in ("run", "dev") and done.get(task.name) != task.made_from for task in tasks)
        if renewed and not _usable(self._own):
            # It will be made anew, and what lies in it goes with it.
            done = {}
        return [task for task in tasks if not (task.there and done.get(task.name) == task.made_from)]

    def _tasks(self, profile: str) -> list[Task]:
        found = None if profile == "run" else self._find(self._target().version)
        if profile in ("package", "artefact"):
            if found is None:
                raise CannotSetUp(interpreter.missing(self._target().version))
            return [self._package_task(found), *(self._trial_tasks(found) if profile == "artefact" else [])]
        tasks = [self._python_task("run" if profile == "run" else "dev"), *self._client_tasks()]
        if profile == "bench":
            tasks.append(self._peers_task())
        if profile == "mutants":
            tasks.append(self._mutants_task())
        if profile == "dev" and found:
            # Without that Python the tests of the package fail, with the sentence that says what to install.
            tasks += [self._package_task(found), *self._trial_tasks(found)]
        return tasks

    def _python_task(self, profile: str) -> Task:
        wanted, engine = self._file(profile), self._file("ministack")
        steps = [
            Step("建立环境 .venv", lambda: self._make(self._own)),
            Step(f"安装依赖（{_count(wanted)} 个包，第一次要几分钟）", lambda: self._install(self._own, wanted)),
            Step("安装特安", lambda: self._install_ourselves(self._own)),
            Step("建立存储的环境", lambda: self._make(self._engine)),
            Step(f"安装存储（{_count(engine)} 个包）", lambda: self._install(self._engine, engine)),
        ]
        return Task(profile, self._fingerprint(profile, "ministack"), True, steps)

    def _client_tasks(self) -> list[Task]:
        client, wanted = self._client, self._file("node")
        node = [
            Step("建立 Node 的环境", lambda: self._make(client.node)),
            Step("安装 Node（约 60 MB）", lambda: self._install_node(wanted)),
        ]
        packages = Step("安装小程序的依赖（第一次要一两分钟）", self._install_packages)
        build = Step("编译小程序的网页版（约半分钟）", self._build)
        return [
            *(
                []
                if client.machine_has_node()
                else [Task("node", self._fingerprint("node"), client.has_own_node, node)]
            ),
            Task("packages", client.lock_digest(), client.has_packages, [packages]),
            Task("build", client.source_digest(), client.is_built, [build]),
        ]

    def _peers_task(self) -> Task:
        wanted = self._file("bench")
        steps = [
            Step("建立对照框架的环境", lambda: self._make(self._peers)),
            Step(f"安装对照框架（{_count(wanted)} 个包）", lambda: self._install(self._peers, wanted)),
        ]
        return Task("bench", self._fingerprint("bench"), self._peers.is_dir(), steps)

    def _mutants_task(self) -> Task:
        wanted = self._file("mutants")
        steps = [
            Step("建立变异测试的环境", lambda: self._make(self._mutants)),
            Step(f"安装变异测试的工具（{_count(wanted)} 个包）", lambda: self._install(self._mutants, wanted)),
        ]
        return Task("mutants", self._fingerprint("mutants"), self._mutants.is_dir(), steps)

    def _package_task(self, python: Interpreter) -> Task:
        tools, wheels = self._file("run"), self._packer / "wheels"
        steps = [
            Step(f"建立打包的环境（Python {python.version}）", lambda: self._make(self._packer, python)),
            Step(f"安装打包的环境（{_count(tools)} 个包）", lambda: self._install(self._packer, tools)),
            Step("把特安装进打包的环境", lambda: self._install_ourselves(self._packer)),
            Step("下载层里的依赖", lambda: self._download_layers(wheels)),
        ]
        made_from = self._fingerprint("run", *LAYERS, also=f"{python} {self._target()}")
        return Task("package", made_from, wheels.is_dir(), steps)

    def _trial_tasks(self, python: Interpreter) -> list[Task]:
        runtime, judge = self._file("runtime"), self._file("checkov")
        client = [
            Step("建立 Lambda 运行时的环境", lambda: self._make(self._lambda, python)),
            Step(f"安装 Lambda 运行时（{_count(runtime)} 个包）", lambda: self._install(self._lambda, runtime)),
        ]
        checkov = [
            Step("建立审查模板的环境", lambda: self._make(self._judge)),
            Step(f"安装审查模板的工具（{_count(judge)} 个包）", lambda: self._install(self._judge, judge)),
        ]
        return [
            Task("lambda", self._fingerprint("runtime", also=str(python)), self._lambda.is_dir(), client),
            Task("checkov", self._fingerprint("checkov"), self._judge.is_dir(), checkov),
        ]

    def _download_layers(self, wheels: Path) -> None:
        # For the machine that Lambda has, not for this one; building them later needs no network.
        shutil.rmtree(wheels, ignore_errors=True)
        for layer in LAYERS:
            wanted = self._file(layer)
            what = [*self._target().wheels, "--no-deps", "--require-hashes", "--requirement", str(wanted)]
            self._pip(self._packer, [*what, "--dest", str(wheels)], _count(wanted), "download")

    def _target(self) -> interpreter.Target:
        return interpreter.target(self._root / "chalicelake.yaml")

    def _file(self, name: str) -> Path:
        return self._root / "requirements" / (name + ".txt")

    def _done(self) -> dict[str, str]:
        noted = self._noted()
        if noted.get("dev") == self._fingerprint("dev", "ministack"):
            noted["run"] = self._fingerprint("run", "ministack")
        return noted

    def _noted(self) -> dict[str, str]:
        try:
            noted = json.loads((self._own / _STAMP).read_text())
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def _note(self, name: str, made_from: str) -> None:
        if self._own.is_dir():
            (self._own / _STAMP).write_text(json.dumps({**self._noted(), name: made_from}))

    def _fingerprint(self, *names: str, also: str = "") -> str:
        # The folder too: an environment does not survive being moved.
        digest = hashlib.sha256(f"{sys.version}\n{self._root}\n{also}".encode())
        for file in (*map(self._file, names), self._root / "pyproject.toml"):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _make(self, folder: Path, python: Interpreter | None = None) -> None:
        if python or not _usable(folder):
            try:
                _make_environment(folder, python)
            except (OSError, subprocess.CalledProcessError) as reason:
                raise CannotSetUp(f"不能建立 {folder}：{reason}。检查权限和磁盘后再运行一次。") from None

    def _install(self, folder: Path, requirements: Path) -> None:
        self._pip(folder, ["--require-hashes", "--requirement", str(requirements)], _count(requirements))

    def _install_ourselves(self, folder: Path) -> None:
        # Without isolation: what builds it is locked and installed already.
        self._pip(folder, ["--no-deps", "--no-build-isolation", "--editable", str(self._root)], 1)

    def _install_node(self, requirements: Path) -> None:
        self._install(self._client.node, requirements)
        self._client.link_tools()

    def _install_packages(self) -> None:
        # Its builder is among the packages for development, which NODE_ENV=production would leave out.
        self._npm("没有装完", "ci", "--include=dev", "--no-audit", "--no-fund")

    def _build(self) -> None:
        self._npm("小程序没有编译成", "run", "build")

    def _pip(self, folder: Path, what: list[str], total: int, verb: str = "install") -> None:
        command = [str(folder / "bin" / "python"), "-m", "pip", verb, *_PIP, *what]
        environment = {**os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
        self._run(Command(command, environment), self._root, Progress(total).note, "没有装完")

    def _npm(self, failed: str, *arguments: str) -> None:
        self._run(self._client.npm(*arguments), self._client.folder, lambda line: None, failed)

    def _run(self, command: Command, folder: Path, note: Callable[[str], None], failed: str) -> None:
        with self._log.open("w", encoding="utf-8", errors="replace") as log:
            process = subprocess.Popen(
                command.words, cwd=str(folder), env=command.environment, text=True, errors="replace",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            with process:
                for line in process.stdout or ():
                    log.write(line)
                    note(line)
        if process.returncode:
            raise CannotSetUp(reason_in(self._log.read_text(encoding="utf-8", errors="replace"), self._log, failed))


class Progress:
    """How far pip is, said every ten packages."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._seen = 0

    def note(self, line: str) -> None:
        """One line of pip."""
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            self._seen += 1
            if self._seen % 10 == 0:
                _say(f"      {min(self._seen, self._total)}/{self._total}")
        elif line.startswith("Installing collected packages"):
            _say("      正在写入 …")


def reason_in(output: str, log: Path, failed: str = "没有装完") -> str:
    """The sentence for what pip or npm said; ``failed`` when it is nothing known."""
    for marks, sentence in _REASONS:
        if any(mark in output for mark in marks):
            return sentence
    return f"{failed}，原因见 {log}。处理后再运行一次，会接着做。"


def _make_environment(folder: Path, python: Interpreter | None) -> None:
    if python is None:
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(str(folder))
    else:
        subprocess.run([python.path, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)


def _usable(folder: Path) -> bool:
    """Whether an environment is there, works, and is of this Python."""
    python = folder / "bin" / "python"
    asked = [str(python), "-c", "import pip, sys; print(sys.version)"]
    try:
        answer = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == sys.version.strip()


def _count(requirements: Path) -> int:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return sum("==" in line and "win32" not in line for line in lines)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
