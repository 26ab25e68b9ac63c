"""What no function ever reads is left out: it would be loaded, stored and unpacked at every cold start."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

AWS_SERVICES = ("dynamodb", "s3", "sqs")
"""The services that functions call. botocore describes four hundred, and its descriptions are four fifths of it."""


def slim(folder: Path) -> None:
    """Cut the packages installed in ``folder``."""
    for useless in _useless(folder):
        if useless.is_dir():
            shutil.rmtree(useless)
        else:
            useless.unlink()


def _useless(folder: Path) -> Iterator[Path]:
    # Versions stand in the lock, and pydantic would read every one of them for plugins.
    yield from folder.glob("*.dist-info")
    yield from (folder / name for name in ("bin", "boto3/data", "boto3/examples") if (folder / name).exists())
    yield from (path for path in folder.rglob("*") if path.is_dir() and path.name in ("tests", "test"))
    yield from _other_services(folder / "botocore" / "data")
    yield from (folder / "botocore" / "data").glob("*/*/examples-1.json")
    yield from folder.glob("*/NotoSerif*")


def _other_services(data: Path) -> Iterator[Path]:
    return (path for path in data.glob("*") if path.is_dir() and path.name not in AWS_SERVICES)
