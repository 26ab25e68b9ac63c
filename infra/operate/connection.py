"""Which system the operator's commands reach: that of the environment, else the stack on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import boto3

from infra.generate.names import physical
from infra.manifest import load
from infra.operate.letters import DeadLetters
from tean.domain.errors import Unavailable
from tean.services.unit_setup import UnitSetupService
from tean.settings import Settings

MARK = "TEAN_TABLE_PREFIX"
ENVIRONMENT = "environment.json"
"""Written into the state folder by the one-machine stack: the environment of its functions."""


def connect(state: Path) -> UnitSetupService:
    """The use cases over that system. Unavailable ``operate.not_connected`` when there is none."""
    _join(state)
    from tean import bootstrap

    try:
        return bootstrap.unit_setup()
    except KeyError as missing:
        raise _not_connected(f"环境变量里没有 {missing.args[0]}") from None
    except ValueError:
        # Not its text: it may hold a part of a secret.
        raise _not_connected("环境变量里有写错的密钥") from None


def dead_letters(state: Path, stage: str | None) -> Mapping[str, DeadLetters]:
    """The dead letters of each queue of that system, or of a ``stage`` of the manifest."""
    manifest = load()
    if stage is None:
        _join(state)
    region = manifest.stage(stage).region if stage else _region()
    prefix = manifest.prefix(stage) if stage else os.environ[MARK]
    if os.environ.get(MARK, prefix) != prefix:
        raise _not_connected(f"要的是 {prefix}，环境变量 {MARK} 却是 {os.environ[MARK]}")
    sqs = boto3.client("sqs", region_name=region)
    return {name: DeadLetters(sqs, name, physical(prefix, name)) for name in manifest.queues}


def _region() -> str:
    try:
        return Settings().region
    except KeyError:
        raise _not_connected("环境变量里没有 AWS_REGION") from None


def _join(state: Path) -> None:
    # An environment that names a system is never mixed with the stack's: half of each would write somewhere.
    if MARK not in os.environ:
        _take_on(state / ENVIRONMENT)


def _take_on(file: Path) -> None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        os.environ.update({name: str(value) for name, value in found.items()})
    except FileNotFoundError:
        raise _not_connected(f"没有找到 {file}") from None
    except (OSError, ValueError, AttributeError):
        raise _not_connected(f"读不懂 {file}") from None
    # The operator's own login to AWS must not be sent to the stack, which would refuse it.
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        if name not in found:
            os.environ.pop(name, None)


def _not_connected(reason: str) -> Unavailable:
    return Unavailable(
        "operate.not_connected",
        f"{reason}。请先在另一个终端运行 make run，或给出正式环境的环境变量。什么都没有写入。",
    )
