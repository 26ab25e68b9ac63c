"""The house stands: imports only point down, and what one more duty would need is data."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from schemas.language import Duty

ROOT = Path(__file__).parents[2]


def test_imports_only_point_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(ROOT / "pyproject.toml")]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert run.returncode == 0, run.stdout


def test_the_mandated_folders_are_there() -> None:
    wanted = {"functions", "layers", "infra", "schemas", "tests", "docs", "chalicelake.yaml", "README.md"}
    assert wanted <= {entry.name for entry in ROOT.iterdir()}


def test_only_tables_know_a_duty_by_its_name() -> None:
    """One more duty is one more line in the tables of the domain (``Duty`` as a key) and words, not a new code path."""
    files = [file for place in ("functions", "layers/core/tean") for file in sorted((ROOT / place).rglob("*.py"))]
    assert len(files) > 80
    assert [name for file in files for name in _named_in(ast.parse(file.read_text("utf-8")))] == []


def test_a_duty_named_in_a_function_is_found() -> None:
    named = "def due(of):\n    return of is Duty.WEEKLY\n\n\ndef word(of):\n    return of == 'daily'\n"
    table = "TABLE = {Duty.DAILY: 1}\n\n\ndef read(of=Duty.DAILY):\n    return TABLE[of]\n"
    assert list(_named_in(ast.parse(named + table))) == ["due", "word"]


def _named_in(tree: ast.AST) -> Iterator[str]:
    """The functions of a module, once for each time that one names a duty; what a parameter is by default is data."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from (function.name for line in function.body for node in ast.walk(line) if _names_duty(node))


def _names_duty(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="Duty"), attr=name):
            return name in Duty.__members__
        case ast.Constant(value=str(word)):
            return word in set(Duty)
    return False
