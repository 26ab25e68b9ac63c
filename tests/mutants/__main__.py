"""``python -m tests.mutants``: mutate ``tean.domain``, let the tests kill what they can, and write the score of each
module into docs/figures.md.

mutmut finds modules by their path, so it works on a copy in which ``tean`` lies at the top. Every run begins with none:
what an earlier one judged, it judged by other tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.environment import ROOT
from tests import figures

GOAL = 0.9
WORKSHOP = ROOT / "build" / "mutants"
MUTMUT = ROOT / ".venv" / "mutants" / "bin" / "mutmut"
COPIED = {
    "layers/core/tean": "tean", "layers/imaging/imaging": "imaging", "functions/chalicelib": "chalicelib",
    "functions/app.py": "app.py", **{same: same for same in ("schemas", "infra", "tests", "docs", "chalicelake.yaml")},
}  # fmt: skip
OTHER_STORES = ("dynamo", "ministack")
"""The contract's stores that none of the rules stand behind, and of which the last is not in the copy at all."""
ON_THE_FAKE = " and ".join(f"not {store}" for store in OTHER_STORES)
SETTINGS = f"""
[tool.mutmut]
source_paths = ["tean"]
only_mutate = ["tean/domain/*"]
also_copy = ["schemas", "infra", "imaging", "chalicelib", "app.py", "docs", "chalicelake.yaml"]
pytest_add_cli_args_test_selection = [
  "tests/unit/domain", "tests/unit/services", "tests/contract", "-k", "{ON_THE_FAKE}",
]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "--ignore=tests/unit/services/test_large_unit.py"]
use_git_change_detection = false
"""
"""A unit of ten thousand targets says nothing that a small one does not."""

FAILED, TIMED_OUT, CRASHED = {1, 3}, {-24, 24, 36, 152, 255}, {-9, -11}
KILLED = FAILED | TIMED_OUT | CRASHED
"""What mutmut notes of a mutant that the tests died of; by any other number it lived, or was not judged."""
JUDGED_LATER = None


@dataclass(frozen=True)
class Score:
    """How many mutants of a module there were, and how many the tests killed."""

    module: str
    mutants: int
    killed: int

    @property
    def share(self) -> float:
        """1 where there is nothing to kill."""
        return self.killed / self.mutants if self.mutants else 1.0


def score(module: str, ends: Mapping[str, int | None]) -> Score:
    """Of one module, by how each of its mutants ended. ValueError when one was never tried."""
    if JUDGED_LATER in ends.values():
        raise ValueError(f"{module} is not through yet")
    return Score(module, len(ends), sum(end in KILLED for end in ends.values()))


def whole(scores: Iterable[Score]) -> Score:
    """All modules as one."""
    there = list(scores)
    return Score("all", sum(one.mutants for one in there), sum(one.killed for one in there))


def shown(scores: Iterable[Score]) -> str:
    """The scores as they stand in docs/figures.md, modules without a function left out."""
    there = [one for one in scores if one.mutants]
    rows = [(one.module, f"{one.mutants:,}", f"{one.killed:,}", f"{one.share:.1%}") for one in (*there, whole(there))]
    return figures.table(("module of `tean.domain`", "mutants", "killed", "goal ≥ 90 %"), rows)


def set_up() -> None:
    """Make the copy, and nothing else is in it."""
    shutil.rmtree(WORKSHOP, ignore_errors=True)
    WORKSHOP.mkdir(parents=True)
    for source, place in COPIED.items():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, WORKSHOP / place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / source, WORKSHOP / place)
    (WORKSHOP / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8") + SETTINGS)


def run() -> bool:
    """Judge every mutant; whether mutmut came to its end."""
    hands = str(min(4, os.cpu_count() or 1))
    # What is set here would be found before the copy.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = ["nice", str(MUTMUT), "run", "--max-children", hands]
    return subprocess.run(command, cwd=WORKSHOP, env=environment).returncode == 0


def scores() -> list[Score]:
    """What mutmut noted, module by module."""
    notes = sorted((WORKSHOP / "mutants" / "tean" / "domain").glob("*.py.meta"))
    return [score(note.name.partition(".")[0], _ends(note)) for note in notes]


def _ends(note: Path) -> Mapping[str, int | None]:
    ends: Mapping[str, int | None] = json.loads(note.read_text(encoding="utf-8"))["exit_code_by_key"]
    return ends


def main() -> int:
    """Mutate, show, write; 1 when too many live."""
    set_up()
    if not run():
        return 1
    there = scores()
    sys.stdout.write(f"\n{shown(there)}\n")
    if whole(there).share < GOAL:
        sys.stdout.write("Not written into docs/figures.md: too many live. Look at them: mutmut browse\n")
        return 1
    figures.write("mutants", shown(there))
    return 0


if __name__ == "__main__":
    sys.exit(main())
