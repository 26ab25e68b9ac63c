"""What is locked: exactly, in the versions that were tested, from no index of ours and with no package of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOCKS = sorted(Path("requirements").glob("*.txt"))
OURS = {"tean", "schemas", "imaging", "infra", "chalicelib", "app"}


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_everything_by_its_hash_and_names_no_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [block.partition("\n")[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert not re.search(r"https?://|--index|file:", text)
    assert not OURS & set(pins(lock)), "an index could hold something else by that name"


@pytest.mark.parametrize("shipped", ["core", "imaging", "run"])
def test_what_is_shipped_is_what_is_tested(shipped: str) -> None:
    assert pins(Path(f"requirements/{shipped}.txt")).items() <= pins(Path("requirements/dev.txt")).items()


def test_mutants_are_killed_by_the_tests_in_the_versions_they_are_run_with() -> None:
    assert pins(Path("requirements/dev.txt")).items() <= pins(Path("requirements/mutants.txt")).items()
