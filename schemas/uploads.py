"""Files: what is asked to send one, its verdict, a link to read it."""

from __future__ import annotations

from typing import Literal

from pydantic import PositiveInt

from schemas.base import Answer, Code, FileId, Request
from schemas.instants import Instant
from schemas.language import FileKind, Verdict

ContentType = Literal["image/jpeg", "image/png"]


class UploadRequest(Request):
    """A file somebody wants to send; ``size`` in bytes."""

    kind: FileKind
    content_type: ContentType
    size: PositiveInt
    target: Code | None = None
    """What a photo shows: a target or target kind of the unit. It is written on the photo, with time and person."""


class UploadPolicy(Answer):
    """Permission to send one file straight to the storage, until ``expires_at``.

    A multipart POST to ``url`` with every one of ``fields`` as it is, then the file itself as the last field, named
    ``file``; 201 says that it arrived. Sending it again is safe.
    """

    file: FileId
    url: str
    fields: dict[str, str]
    expires_at: Instant


class UploadStatus(Answer):
    """What became of an own file. ``size`` (bytes) and ``sha256`` are those of the bytes that arrived."""

    file: FileId
    verdict: Verdict
    reason: str | None = None
    """Why it was refused, to be shown to its owner."""
    size: int | None = None
    sha256: str | None = None


class FileLink(Answer):
    """Where a verified file and its thumbnail can be read until ``expires_at``."""

    file: FileId
    url: str
    thumbnail_url: str
    content_type: str
    expires_at: Instant
