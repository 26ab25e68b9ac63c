"""Verdicts on uploaded files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from tean.domain.files import Upload
    from tean.domain.membership import Membership
    from tean.domain.turns import Turn


@dataclass(frozen=True)
class NotBegun:
    """Why no file may be sent; for no reason of its own where only other traffic was in the way."""

    dismissed: bool = False
    too_often: bool = False


class Uploads(Protocol):
    """Verdicts on uploaded files."""

    def begin(self, member: Membership, upload: Upload, turn: Turn) -> NotBegun | None:
        """Note that a policy for this file was signed, as long as he acts as this member and it is one of his turns.
        One transaction."""

    def upload(self, unit: str, person: str, file: str) -> Upload | None:
        """One file."""

    def settle(self, upload: Upload) -> bool:
        """Write the verdict, or when to look again; False when a verdict was already there (it stands)."""

    def pending(self, shard: int, until: datetime, limit: int) -> Sequence[Upload]:
        """At most so many files of one of the 16 shards that have no verdict and were to be looked after by then,
        whichever has waited longest first. One Query; what was written a moment ago may not show yet."""
