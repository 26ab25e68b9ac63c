"""An uploaded photo or signature, from the signed policy to the worker's verdict."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.instants import Instant
from schemas.language import FileKind, Verdict


@dataclass(frozen=True)
class Upload:
    """One file of one person. ``file`` is ``<person>.<32 hex>``, so whoever cites it names its owner.

    ``sha256`` and ``size`` (bytes) are those of the bytes that arrived; ``stored_sha256`` is of what is
    kept, without metadata.
    """

    unit: str
    person: str
    file: str
    kind: FileKind
    content_type: str
    requested_at: Instant
    verdict: Verdict = Verdict.PENDING
    sha256: str | None = None
    stored_sha256: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    reason: str | None = None
    """Why it was refused, as a sentence for its owner."""


def owner_of(file: str) -> str:
    """The person code inside a file id; empty when there is none."""
    return file.rpartition(".")[0]
