"""How much memory a JPEG will take, read from its headers before it is decoded."""

from __future__ import annotations

from collections.abc import Iterator

MAGIC = b"\xff\xd8\xff"

_START_OF_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL = frozenset((0xC0, 0xC1))


def decodes_by_line(data: bytes) -> bool:
    """Whether one scan holds every colour, so that a decoder keeps a few lines at a time.

    Otherwise (progressive, or one scan per colour) it keeps every coefficient, whatever size is asked for: up to
    eight bytes per pixel. Headers that are in any way odd count as that.
    """
    colours = 0
    for marker, body in _headers(data):
        if marker in _FRAMES:
            if marker not in _SEQUENTIAL or len(body) < 6:
                return False
            colours = body[5]
        if marker == _START_OF_SCAN:
            return body[:1] == bytes((colours,))
    return False


def scans(data: bytes) -> int:
    """How many scans there are at most: each is another pass over the picture."""
    return data.count(bytes((0xFF, _START_OF_SCAN)))


def _headers(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers and their content, up to the first scan or the first thing that is no header."""
    at = 2
    while data[at : at + 1] == b"\xff":
        while data[at : at + 1] == b"\xff":
            at += 1
        if len(data) < at + 3:
            return
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        yield data[at], data[at + 3 : at + 1 + length]
        at += 1 + length
