"""An uploaded photo or signature, from the signed policy to the worker's verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from schemas.instants import Instant
from schemas.language import FileKind, Verdict

PATIENCE = timedelta(minutes=15)
"""From the permission to send a file until it has to be there: ten minutes it may be begun, the rest is for the way."""
AGAIN, AT_LAST = timedelta(hours=1), timedelta(days=1)
"""From one attempt to have a file judged that arrived until the next one, at least and at most."""


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
    target: str | None = None
    """What it is said to show: a target, or a target kind."""
    look_at: Instant | None = None
    """When it is to be looked after, if it has no verdict by then."""

    def put_off(self, now: Instant) -> Upload:
        """To be looked after again when it is twice as old as it is ``now``, but within a day: what can never be judged
        leaves a dead letter each time, and what a mended worker can judge must not leave the bucket before it is."""
        return replace(self, look_at=now + min(max(AGAIN, now - self.requested_at), AT_LAST))

    def settled(self, verdict: Verdict, **found: Any) -> Upload:
        """With its verdict, and what led to it; nobody need look after it any more."""
        return replace(self, verdict=verdict, look_at=None, **found)


def owner_of(file: str) -> str:
    """The person code inside a file id; empty when there is none."""
    return file.rpartition(".")[0]
