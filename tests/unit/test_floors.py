"""The house stands: imports only point down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_imports_only_point_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(ROOT / "pyproject.toml")]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert run.returncode == 0, run.stdout


def test_the_mandated_folders_are_there() -> None:
    wanted = {"functions", "layers", "infra", "schemas", "tests", "docs", "chalicelake.yaml", "README.md"}
    assert wanted <= {entry.name for entry in ROOT.iterdir()}
