"""Verdicts on uploaded files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tean.domain.files import Upload


class Uploads(Protocol):
    """Verdicts on uploaded files."""

    def begin(self, upload: Upload) -> None:
        """Note that a policy for this file was signed. One write."""

    def upload(self, unit: str, person: str, file: str) -> Upload | None:
        """One file."""

    def settle(self, upload: Upload) -> bool:
        """Write the verdict; False when one was already there (it stands)."""
