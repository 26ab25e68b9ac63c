"""Sets up what the product needs on this machine: ``python3 -m infra.environment run`` (or ``dev``, which adds tests).

Only the standard library, because nothing else is there yet, and only syntax that an old Python can read, because it
must be able to say that it is too old. Done once; while nothing has changed, the next time takes no time.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
PROFILES = ("run", "dev")
"""``dev`` holds all of ``run``, in the same versions."""

_STAMP = "tean-setup.json"
_PIP = ("install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "2",
        "--timeout", "20")  # fmt: skip

_REASONS = (
    (("No space left",), "磁盘满了。腾出 1 GB 后再运行一次，会接着装。"),
    (("DO NOT MATCH THE HASHES",), "下载到的包和锁定的不一样，没有安装。换一个软件源，或检查网络后再试一次。"),
    (
        ("NewConnectionError", "name resolution", "Network is unreachable", "ProxyError", "SSLError", "timed out",
         "Connection refused", "Connection reset", "ConnectTimeout", "Connection broken"),
        "连不上软件源，没有装完。检查网络或 pip 的源设置后再运行一次，会接着装。",
    ),
    (("No matching distribution", "Could not find a version"), "软件源里没有需要的版本。换一个软件源后再运行一次。"),
    (("Permission denied",), "没有写入的权限。检查这个文件夹的权限后再运行一次。"),
)  # fmt: skip
"""What pip says, and what it means for a person."""


class CannotSetUp(Exception):
    """One Chinese sentence: what happened, and what to do."""


class Step(NamedTuple):
    """Something to be done once, told while it is done."""

    words: str
    do: Callable[[], None]


def main(arguments: list[str]) -> int:
    """Set up for a profile; 1 and one sentence when it cannot be done."""
    profile = arguments[0] if arguments and arguments[0] in PROFILES else "run"
    try:
        check_machine(tuple(sys.version_info[:2]), sys.platform)
        Setup(ROOT).prepare(profile)
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
    """The environments of one checkout: its own, and the one of the storage engine, which pins other versions."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._own = root / ".venv"
        self._engine = self._own / "ministack"
        self._log = self._own / "setup.log"

    def prepare(self, profile: str) -> None:
        """Do what is missing."""
        done = self._done()
        if any(done.get(held) == self._fingerprint(held) for held in PROFILES[PROFILES.index(profile) :]):
            return
        steps = self._steps(profile)
        for number, step in enumerate(steps, 1):
            _say(f"[{number}/{len(steps)}] {step.words} …")
            step.do()
        (self._own / _STAMP).write_text(json.dumps({**done, profile: self._fingerprint(profile)}))

    def _steps(self, profile: str) -> list[Step]:
        wanted, engine = self._file(profile), self._file("ministack")
        return [
            Step("建立环境 .venv", lambda: self._make(self._own)),
            Step(f"安装依赖（{_count(wanted)} 个包，第一次要几分钟）", lambda: self._install(self._own, wanted)),
            Step("安装特安", self._install_ourselves),
            Step("建立存储的环境", lambda: self._make(self._engine)),
            Step(f"安装存储（{_count(engine)} 个包）", lambda: self._install(self._engine, engine)),
        ]

    def _file(self, name: str) -> Path:
        return self._root / "requirements" / (name + ".txt")

    def _done(self) -> dict[str, str]:
        try:
            done = json.loads((self._own / _STAMP).read_text())
        except (OSError, ValueError):
            return {}
        return done if isinstance(done, dict) else {}

    def _fingerprint(self, profile: str) -> str:
        # The folder too: an environment does not survive being moved.
        digest = hashlib.sha256(f"{sys.version}\n{self._root}\n".encode())
        for file in (self._file(profile), self._file("ministack"), self._root / "pyproject.toml"):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _make(self, folder: Path) -> None:
        if not _usable(folder):
            try:
                venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(str(folder))
            except (OSError, subprocess.CalledProcessError) as reason:
                raise CannotSetUp(f"不能建立 {folder}：{reason}。检查权限和磁盘后再运行一次。") from None

    def _install(self, folder: Path, requirements: Path) -> None:
        self._pip(folder, ["--require-hashes", "--requirement", str(requirements)], _count(requirements))

    def _install_ourselves(self) -> None:
        # Without isolation: what builds it is locked and installed already.
        self._pip(self._own, ["--no-deps", "--no-build-isolation", "--editable", str(self._root)], 1)

    def _pip(self, folder: Path, what: list[str], total: int) -> None:
        command = [str(folder / "bin" / "python"), "-m", "pip", *_PIP, *what]
        environment = {**os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
        with self._log.open("w", encoding="utf-8", errors="replace") as log:
            pip = subprocess.Popen(
                command, cwd=str(self._root), env=environment, text=True, errors="replace",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            with pip:
                progress = Progress(total)
                for line in pip.stdout or ():
                    log.write(line)
                    progress.note(line)
        if pip.returncode:
            raise CannotSetUp(reason_in(self._log.read_text(encoding="utf-8", errors="replace"), self._log))


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


def reason_in(output: str, log: Path) -> str:
    """The sentence for what pip said."""
    for marks, sentence in _REASONS:
        if any(mark in output for mark in marks):
            return sentence
    return f"没有装完，原因见 {log}。处理后再运行一次，会接着装。"


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
