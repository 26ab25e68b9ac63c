"""Finds on this machine the Python that the deployed functions run on, because only that one may package them.

Chalice takes whatever Python it runs on for the deployed one: it chooses wheels for it, and without a fitting wheel it
builds one against this machine, which fails only on Lambda. Only the standard library and old syntax, because
:mod:`infra.environment` uses it before anything else is there.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_WHO = """
import ensurepip, os, sys, venv
print("%d.%d.%d" % sys.version_info[:3], os.path.realpath(sys.executable))
"""
"""The same Python has one path only, whether a link, a shim or an environment of it was asked."""


class Target(NamedTuple):
    """What packages are made for: a minor version as ``3.12``, and the architecture as the manifest says it."""

    version: str
    architecture: str

    @property
    def wheels(self) -> list[str]:
        """What tells pip to take only wheels that Lambda can load: its Amazon Linux 2023 has glibc 2.34."""
        machine = {"x86_64": "x86_64", "arm64": "aarch64"}[self.architecture]
        glibc = [f"--platform=manylinux{name}_{machine}" for name in ("_2_34", "_2_28", "_2_17", "2014")]
        return ["--only-binary=:all:", "--implementation=cp", f"--python-version={self.version}", *glibc]


class Interpreter(NamedTuple):
    """A Python of this machine, and its full version."""

    path: str
    version: str


def target(manifest: Path) -> Target:
    """What ``chalicelake.yaml`` names as runtime and architecture, read without a YAML parser."""
    text = manifest.read_text(encoding="utf-8")
    said = dict(re.findall(r"^(runtime|architecture): *([\w.]+)", text, re.MULTILINE))
    return Target(said["runtime"].replace("python", ""), said["architecture"])


def find(version: str, variables: Mapping[str, str] = os.environ) -> Interpreter | None:
    """The first Python of this minor version that can make environments; None when there is none."""
    for candidate in _candidates(version, variables):
        found = _ask(candidate)
        if found and found.version.rpartition(".")[0] == version:
            return found
    return None


def missing(version: str) -> str:
    """What to do where there is none."""
    return (
        f"打包要用 Python {version}（与 chalicelake.yaml 的 runtime 相同），这台机器上没有找到。"
        f"用 pyenv install {version}、brew install python@{version} 或系统的软件源装好后再试，"
        f"或用 make package PYTHON=… 指明它。"
    )


def _candidates(version: str, variables: Mapping[str, str]) -> Iterator[str]:
    name = f"python{version}"
    yield from (each for each in (variables.get("PYTHON"), sys.executable) if each)
    # As many as there are: a shim of pyenv stands on the path even where no version behind it is chosen.
    yield from (str(Path(folder, name)) for folder in variables.get("PATH", "").split(os.pathsep) if folder)
    home = Path(variables.get("HOME", "/nonexistent"))
    versions = Path(variables.get("PYENV_ROOT", home / ".pyenv"), "versions")
    managed = [*versions.glob(f"{version}.*"), *(home / ".local/share/uv/python").glob(f"cpython-{version}.*")]
    yield from (str(folder / "bin" / name) for folder in sorted(managed, reverse=True))
    yield from (f"{folder}/{name}" for folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"))


def _ask(python: str) -> Interpreter | None:
    asked = [python, "-c", _WHO]
    try:
        answer = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version, _, path = answer.stdout.strip().partition(" ")
    return Interpreter(path, version)
