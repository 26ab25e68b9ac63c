"""What the environment tells the functions; every name is written into it from ``chalicelake.yaml``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tean.domain.turns import Allowance

WECHAT = "https://api.weixin.qq.com"


@dataclass(frozen=True)
class Settings:
    """The environment. Each setting is read when it is needed, so that no function must be given another's secrets.

    A missing one is a deployment fault and named as such (KeyError).
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    @property
    def region(self) -> str:
        """The AWS region; Lambda itself sets it."""
        return self.environment.get("AWS_REGION") or self.environment["AWS_DEFAULT_REGION"]

    @property
    def incoming(self) -> str:
        """The bucket where files arrive."""
        return self.environment["TEAN_BUCKET_INCOMING"]

    @property
    def evidence(self) -> str:
        """The bucket where verified files are kept."""
        return self.environment["TEAN_BUCKET_EVIDENCE"]

    @property
    def days_queue(self) -> str:
        """The URL of the queue that asks for a unit's day; empty in a function that sends nothing."""
        return self.environment.get("TEAN_QUEUE_DAYS", "")

    @property
    def arrivals_queue(self) -> str:
        """The URL of the queue that S3 tells of files; only the sweep sends to it, too."""
        return self.environment["TEAN_QUEUE_ARRIVALS"]

    @property
    def upload_bytes(self) -> int:
        """The most bytes one file may have."""
        return int(self.environment["TEAN_UPLOAD_BYTES"])

    @property
    def logins(self) -> Allowance:
        """How often one person may log in."""
        return _allowance(self.environment["TEAN_LOGINS"])

    @property
    def uploads(self) -> Allowance:
        """How many files one person may ask to send."""
        return _allowance(self.environment["TEAN_UPLOADS"])

    @property
    def pepper(self) -> bytes:
        """Secret: keys the hashes of phones and openids, and the seals of cursors."""
        return self.environment["TEAN_PEPPER"].encode()

    @property
    def signing_keys(self) -> str:
        """Secret: ``[{"kid": …, "key": …}, …]``, the first one signs."""
        return self.environment["TEAN_SIGNING_KEYS"]

    @property
    def wechat_app(self) -> tuple[str, str]:
        """Secret: the mini-program's app id and app secret."""
        return self.environment["WECHAT_APP_ID"], self.environment["WECHAT_SECRET"]

    @property
    def wechat_api(self) -> str:
        """Where WeChat answers; something else only on one machine."""
        return self.environment.get("WECHAT_API", WECHAT)

    @property
    def files_origin(self) -> str | None:
        """Only on one machine: the one address that serves every bucket."""
        return self.environment.get("TEAN_FILES_ORIGIN") or None


def _allowance(text: str) -> Allowance:
    """``<turns>/<minutes>``"""
    # Hardly any request takes a turn.
    from tean.domain.turns import Allowance

    most, minutes = map(int, text.split("/"))
    return Allowance(most, timedelta(minutes=minutes))
