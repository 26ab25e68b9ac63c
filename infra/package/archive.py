"""Zips that are the same whenever they hold the same."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_BEGINNING_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE_BY_ALL = 0o100644 << 16
"""Lambda runs as a user of its own."""


def pack(folder: Path, archive: Path) -> None:
    """All files under ``folder``, in the order of their names, without date or owner."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(archive, "w") as packed:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = ZipInfo(file.relative_to(folder).as_posix(), _BEGINNING_OF_ZIP)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_BY_ALL
            packed.writestr(entry, file.read_bytes(), ZIP_DEFLATED)
