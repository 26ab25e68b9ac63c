"""Roster files for tests: the one a file stands for, and a copy of it with changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from infra.operate.files import check_file
from schemas.roster import RosterFile
from schemas.roster_cells import credit_code_check

TODAY = date(2026, 11, 23)


def file_of(path: Path) -> RosterFile:
    """What a file without faults says."""
    file = check_file(path, TODAY).file
    assert file
    return file


def edited(path: Path, folder: Path, *changes: tuple[str, str]) -> Path:
    """A copy in ``folder`` with each old text replaced by the new one."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    copy = folder / path.name
    copy.write_text(text, encoding="utf-8")
    return copy


def credit_code(number: int) -> str:
    """A right unified social credit code (GB 32100) of a region that does not exist."""
    body = f"91990000MA{number:07d}"
    return body + credit_code_check(body)
