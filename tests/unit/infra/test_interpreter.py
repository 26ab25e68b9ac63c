"""Only the deployed Python packages, and it is found wherever it usually lies."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infra import interpreter
from infra.interpreter import Interpreter, Target, find, missing, target
from infra.manifest import PATH, load

THIS = sys.executable


@pytest.fixture(autouse=True)
def another_python_runs_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")


def python(file: Path, version: str, code: int = 0) -> Path:
    """Something that says it is this Python."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\necho {version} {file}\nexit {code}\n")
    file.chmod(0o755)
    return file


def test_what_is_packaged_for_is_read_as_the_manifest_says_it() -> None:
    manifest = load()
    assert target(PATH) == Target(manifest.runtime.removeprefix("python"), manifest.architecture)


def test_one_that_is_named_is_taken_first(tmp_path: Path) -> None:
    named = python(tmp_path / "mine" / "python", "3.99.4")
    python(tmp_path / "bin" / "python3.99", "3.99.1")
    told = {"PYTHON": str(named), "PATH": str(tmp_path / "bin")}
    assert find("3.99", told) == Interpreter(str(named), "3.99.4")


def test_another_version_that_is_named_is_passed_over(tmp_path: Path) -> None:
    named = python(tmp_path / "mine" / "python", "3.98.4")
    found = python(tmp_path / "bin" / "python3.99", "3.99.1")
    assert find("3.99", {"PYTHON": str(named), "PATH": f":{tmp_path / 'bin'}"}) == Interpreter(str(found), "3.99.1")


def test_a_shim_with_no_version_behind_it_does_not_hide_the_real_one(tmp_path: Path) -> None:
    python(tmp_path / "shims" / "python3.99", "", 127)
    python(tmp_path / ".pyenv/versions/3.99.0/bin/python3.99", "3.99.0")
    newest = python(tmp_path / ".pyenv/versions/3.99.2/bin/python3.99", "3.99.2")
    told = {"PATH": str(tmp_path / "shims"), "HOME": str(tmp_path)}
    assert find("3.99", told) == Interpreter(str(newest), "3.99.2")


def test_pyenv_may_lie_elsewhere(tmp_path: Path) -> None:
    found = python(tmp_path / "elsewhere/versions/3.99.0/bin/python3.99", "3.99.0")
    assert find("3.99", {"PYENV_ROOT": str(tmp_path / "elsewhere")}) == Interpreter(str(found), "3.99.0")


def test_where_there_is_none_it_is_said_what_to_install(tmp_path: Path) -> None:
    assert find("3.99", {"PATH": str(tmp_path), "HOME": str(tmp_path)}) is None
    assert "pyenv install 3.99" in missing("3.99")
    assert "make package PYTHON=" in missing("3.99")


def test_an_environment_of_a_python_is_that_python(tmp_path: Path) -> None:
    version = "{}.{}".format(*sys.version_info)
    itself = find(version, {"PYTHON": THIS})
    (tmp_path / "python").symlink_to(THIS)
    assert itself is not None
    assert find(version, {"PYTHON": str(tmp_path / "python")}) == itself
    assert not Path(itself.path).is_symlink()


@pytest.mark.parametrize(("architecture", "machine"), [("x86_64", "x86_64"), ("arm64", "aarch64")])
def test_wheels_are_taken_for_lambdas_machine_and_never_built(architecture: str, machine: str) -> None:
    options = interpreter.Target("3.12", architecture).wheels
    assert "--only-binary=:all:" in options
    assert "--python-version=3.12" in options
    assert f"--platform=manylinux_2_28_{machine}" in options
    assert not [option for option in options if option.startswith("--platform") and not option.endswith(machine)]
