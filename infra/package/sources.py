"""A clean copy of what is packaged: the tracked files, nothing that lies about beside them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tean.domain.errors import Unavailable

SHIPPED = ("functions", "layers", "schemas")


def export(root: Path, to: Path) -> None:
    """Copy what is shipped from the checkout ``root``, as it stands in the tree; ``package.no_git`` without git."""
    for name in _files(root):
        copy = to / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy)


def _files(root: Path) -> Iterator[Path]:
    if not (root / ".git").exists():
        # An unpacked archive of the sources: whatever it holds was tracked.
        return (path.relative_to(root) for folder in SHIPPED for path in (root / folder).rglob("*") if _is_source(path))
    return (Path(name) for name in _tracked(root) if (root / name).exists())


def _tracked(root: Path) -> list[str]:
    command = ["git", "-C", str(root), "ls-files", "-z", "--", *SHIPPED]
    try:
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise Unavailable(
            "package.no_git", f"没有从 git 得到文件清单，不能打包。在 {root} 里试 git status，处理后再来。"
        ) from None
    return [name for name in listed.split("\0") if name]


def _is_source(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc" and ".chalice" not in path.parts
