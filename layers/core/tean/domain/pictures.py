"""What an examination finds in the bytes of a picture: the language between the file worker and the imaging layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Examined:
    """A picture as it is kept: upright, of bounded size, without metadata. The sizes are in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int
    thumbnail: bytes
    thumbnail_type: str


@dataclass(frozen=True)
class Refused:
    """Why bytes are not a picture to keep: a stable code, and a sentence for their owner."""

    code: str
    sentence: str


Caption = tuple[str, ...]
"""Lines to be written beneath a picture; none leave it as it is."""
Examine = Callable[[bytes, Caption], Examined | Refused]
"""Judges the bytes that arrived, and writes beneath what is kept. The real one lives in the imaging layer, which only
the worker has."""
