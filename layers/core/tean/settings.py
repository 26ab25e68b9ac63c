"""What the environment tells the functions; every name is written into it from ``chalicelake.yaml``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from tean.adapters.wechat import WECHAT


@dataclass(frozen=True)
class Settings:
    """The environment, read once. ``wechat_api`` and ``files_origin`` are only set on one machine."""

    table_prefix: str
    region: str
    incoming: str
    evidence: str
    days_queue: str
    upload_bytes: int
    pepper: bytes = field(repr=False)
    signing_keys: str = field(repr=False)
    """JSON: ``[{"kid": …, "key": …}, …]``, the first one signs."""
    wechat_app_id: str = field(repr=False)
    wechat_secret: str = field(repr=False)
    wechat_api: str
    files_origin: str | None = None


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in ``environment``. A missing one is a deployment fault and named as such (KeyError)."""
    return Settings(
        table_prefix=environment["TEAN_TABLE_PREFIX"],
        region=environment.get("AWS_REGION") or environment["AWS_DEFAULT_REGION"],
        incoming=environment["TEAN_BUCKET_INCOMING"],
        evidence=environment["TEAN_BUCKET_EVIDENCE"],
        days_queue=environment.get("TEAN_QUEUE_DAYS", ""),
        upload_bytes=int(environment["TEAN_UPLOAD_BYTES"]),
        pepper=environment["TEAN_PEPPER"].encode(),
        signing_keys=environment["TEAN_SIGNING_KEYS"],
        wechat_app_id=environment["WECHAT_APP_ID"],
        wechat_secret=environment["WECHAT_SECRET"],
        wechat_api=environment.get("WECHAT_API", WECHAT),
        files_origin=environment.get("TEAN_FILES_ORIGIN") or None,
    )
