"""The state folder: what survives a stop, and who is using it now."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tean.domain.errors import Conflict, Invalid, Problem

LOG_BYTES = 5_000_000
"""A log longer than this is begun anew at the next start."""


class Secrets(BaseModel):
    """Made once per state folder: with others, nobody could be recognised in it any more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pepper: str = Field(min_length=32)
    kid: str = Field(min_length=1)
    signing_key: str = Field(min_length=64)
    wechat_app_id: str = Field(min_length=1)
    wechat_secret: str = Field(min_length=32)
    openid_key: str = Field(min_length=32)
    storage_key_id: str = Field(min_length=16)
    storage_key: str = Field(min_length=32)

    @classmethod
    def made(cls) -> Secrets:
        """New ones."""
        return cls(
            pepper=secrets.token_hex(32),
            kid=secrets.token_hex(4),
            signing_key=secrets.token_hex(32),
            wechat_app_id=f"wx{secrets.token_hex(8)}",
            wechat_secret=secrets.token_hex(16),
            openid_key=secrets.token_hex(32),
            storage_key_id=f"LOCAL{secrets.token_hex(8).upper()}",
            storage_key=secrets.token_hex(20),
        )


class State:
    """The folder a stack lives in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.logs = self.folder / "logs"
        self.storage = self.folder / "storage"
        self.objects = self.folder / "objects"
        self._secrets = self.folder / "secrets.json"
        self._processes = self.folder / "processes.json"
        self._environment = self.folder / "environment.json"
        self._furnished = self.folder / "furnished"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Ours alone for this long. Conflict ``stack.running`` while another stack holds it."""
        self._make()
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Conflict(
                    "stack.running", f"{self.folder} 正被另一个 make run 使用。用它，或换一个：make run STATE=…"
                ) from None
            yield

    def _make(self) -> None:
        try:
            for folder in (self.folder, self.logs, self.storage, self.objects):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise Invalid(
                "stack.state_unusable", f"不能在 {self.folder} 里写文件。检查权限，或换一个：make run STATE=…"
            ) from None

    def secrets(self) -> Secrets:
        """The secrets of this folder, made at its first use. Invalid ``stack.state_damaged`` without them."""
        if self._secrets.exists():
            return self._read_secrets()
        if any(self.storage.glob("*.json")):
            raise self._damaged(self._secrets)
        made = Secrets.made()
        self._write(self._secrets, made.model_dump())
        return made

    def _read_secrets(self) -> Secrets:
        try:
            return Secrets.model_validate_json(self._secrets.read_bytes())
        except (OSError, ValidationError):
            raise self._damaged(self._secrets) from None

    def check_storage(self) -> None:
        """Read what storage will read: it would pass over a damaged file in silence and begin empty."""
        for file in sorted(self.storage.glob("*.json")):
            try:
                readable = "__ministack_format__" in json.loads(file.read_bytes())
            except (OSError, ValueError, TypeError):
                readable = False
            if not readable:
                raise self._damaged(file)

    def _damaged(self, file: Path) -> Problem:
        return Invalid(
            "stack.state_damaged",
            f"{self.folder} 损坏了：{file.relative_to(self.folder)} 读不出来。里面的文件都没有动过。"
            "从备份还原它，或把整个文件夹移走后重新 make run。",
        )

    @property
    def furnished(self) -> bool:
        """Whether the demo units are in it; once made they are never applied again, somebody may have changed them."""
        return self._furnished.exists()

    def note_furnished(self) -> None:
        """The demo units are in it."""
        self._furnished.touch()

    def log(self, part: str) -> Path:
        """Where a part writes what it has to say."""
        path = self.logs / f"{part}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.unlink()
        return path

    def note_processes(self, groups: dict[str, int]) -> None:
        """Which process groups are ours: the next start ends those that outlived us."""
        self._write(self._processes, groups)

    def noted_processes(self) -> dict[str, int]:
        """What :meth:`note_processes` noted; nothing when it cannot be read."""
        try:
            noted = json.loads(self._processes.read_bytes())
            return {str(part): int(group) for part, group in noted.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def note_environment(self, environment: dict[str, str] | None) -> None:
        """How an operator's command reaches the running stack (``infra.operate.connection``); None when it stops."""
        if environment is None:
            self._environment.unlink(missing_ok=True)
        else:
            self._write(self._environment, environment)

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        draft = path.with_suffix(".tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
