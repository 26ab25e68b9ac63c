"""The package, made from a clean copy of this tree by the command that makes it for a deployment."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PYTHON = ROOT / ".venv" / "package" / "bin" / "python"
TAKEN = ("functions", "infra", "layers", "requirements", "schemas", "chalicelake.yaml", "pyproject.toml")
STAGES = ("dev", "prod")


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made once, however many workers share this run."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place, draft = base / name, base / f"{name}.draft"
    with (base / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            make(draft)
            draft.rename(place)
    return place


def set_up() -> None:
    """The environments for it. Without the deployed Python this fails, and says what to install."""
    command = [sys.executable, "-m", "infra.environment", "artefact"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(done.stderr, pytrace=False)


def copy_tree(to: Path) -> None:
    """What a clone of this tree would hold of all that a package is made from."""
    to.mkdir(exist_ok=True)
    for name in TAKEN:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__", ".chalice"))
        else:
            shutil.copyfile(ROOT / name, to / name)


def make_package(root: Path, stages: Sequence[str] = STAGES) -> subprocess.CompletedProcess[str]:
    """What ``make package`` does in the copy ``root``."""
    told = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{root}:{root / 'layers' / 'core'}"}
    command = [str(PYTHON), "-B", "-m", "infra.package", *stages]
    return subprocess.run(command, cwd=root, env=told, capture_output=True, text=True, check=False, timeout=300)


def make_all(root: Path) -> None:
    """The package of every stage, in ``root/build``."""
    set_up()
    copy_tree(root)
    done = make_package(root)
    assert done.returncode == 0, done.stdout + done.stderr
