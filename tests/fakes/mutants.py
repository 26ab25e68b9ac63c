"""Pictures that were tampered with, each by its number the same every time."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

from PIL import Image, PngImagePlugin

from tests.fakes.pictures import PNG_MAGIC, exif_with, file_of, jpeg, phone_exif, scene, stroke

Mutation = Callable[[random.Random, list[bytes]], list[bytes]]
"""Changes the parts of a file: headers, segments or chunks, in order."""


@cache
def seeds() -> Mapping[str, bytes]:
    """A small picture of each kind there is."""
    wide = Image.new("I;16", (64, 48), 0x8080)
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "private note")
    return {
        "baseline": jpeg(64, 48),
        "turned": jpeg(64, 48, exif=exif_with(Orientation=6)),
        "of a phone": jpeg(64, 48, exif=phone_exif(), comment=b"private note", icc_profile=b"profile " * 20),
        "progressive": jpeg(64, 48, progressive=True),
        "with restarts": jpeg(64, 48, restart_marker_blocks=1),
        "finely coloured": jpeg(64, 48, subsampling=0),
        "grey": file_of(scene(64, 48, "L")),
        "cmyk": file_of(scene(64, 48, "CMYK")),
        "two in one": _two_in_one(),
        **{f"png {mode}": file_of(scene(64, 48, mode), "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
        "png of sixteen bits": file_of(wide, "PNG"),
        "png of forty-eight bits": _png(64, 48, 16, 2, b"\x80\x10" * 3 * 64),
        "png with transparency": file_of(stroke(64, 48), "PNG"),
        "png with a transparent palette": file_of(stroke(64, 48).quantize(), "PNG"),
        "png with a colour for nothing": file_of(scene(64, 48), "PNG", transparency=(255, 0, 0)),
        "png with notes": file_of(scene(64, 48), "PNG", pnginfo=notes, exif=phone_exif(), dpi=(72, 72)),
        "interlaced png": _interlaced(),
        "animated png": file_of(scene(64, 48), "PNG", save_all=True, append_images=[stroke(64, 48).convert("RGB")]),
    }


def mutant(number: int) -> bytes:
    """The mutant with this number."""
    chance = random.Random(number)
    names = list(seeds())
    parts = parts_of(seeds()[names[number % len(names)]])
    for _ in range(chance.choice((1, 1, 2, 4))):
        parts = chance.choice(_MUTATIONS)(chance, parts)
    data = b"".join(parts)
    # A wrong checksum would be the end of most others before anything is decoded.
    return with_right_sums(data) if chance.random() < 0.7 else data


def parts_of(data: bytes) -> list[bytes]:
    """A PNG by its chunks, a JPEG by its segments; the scan and whatever follows is one."""
    starts = _chunks(data) if data.startswith(PNG_MAGIC) else _segments(data)
    ends = [*starts[1:], len(data)]
    return [data[: starts[0]], *(data[start:end] for start, end in zip(starts, ends, strict=True))]


def with_right_sums(data: bytes) -> bytes:
    """A PNG whose chunks have the checksums that they should have; anything else as it is."""
    if not data.startswith(PNG_MAGIC):
        return data
    whole = bytearray(data)
    for start in _chunks(data):
        (length,) = struct.unpack(">I", data[start : start + 4])
        end = start + 8 + length
        if end + 4 <= len(data):
            whole[end : end + 4] = struct.pack(">I", zlib.crc32(data[start + 4 : end]))
    return bytes(whole)


def _chunks(data: bytes) -> list[int]:
    starts, at = [], len(PNG_MAGIC)
    while at + 8 <= len(data):
        starts.append(at)
        at += 12 + int(struct.unpack(">I", data[at : at + 4])[0])
    return starts


def _segments(data: bytes) -> list[int]:
    starts, at = [2], 2
    while data[at + 1] != 0xDA:
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
        starts.append(at)
    return starts


def _flipped(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    at = chance.randrange(1, len(parts))
    part = bytearray(parts[at])
    for _ in range(chance.choice((1, 3, 30))):
        if part:
            part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    return [*parts[:at], bytes(part), *parts[at + 1 :]]


def _cut(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    data = b"".join(parts)
    return _again(data[: chance.randrange(len(data) + 1)], parts)


def _holed(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    data = b"".join(parts)
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 4, 60, 600)))
    between = chance.choice((b"", bytes(end - start), chance.randbytes(end - start)))
    return _again(data[:start] + between + data[end:], parts)


def _swapped(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    changed = list(parts)
    one, other = chance.randrange(1, len(parts)), chance.randrange(1, len(parts))
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def _doubled(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    at = chance.randrange(1, len(parts))
    return [*parts[:at], *[parts[at]] * chance.choice((2, 3, 300)), *parts[at + 1 :]]


def _left_out(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    at = chance.randrange(1, len(parts))
    return [*parts[:at], *parts[at + 1 :]] if len(parts) > 2 else parts


def _lying(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    """A length, size or count that is not so: the first bytes of each part hold them."""
    at = chance.randrange(1, len(parts))
    part = bytearray(parts[at])
    place = chance.randrange(min(len(part), 20)) if part else 0
    part[place : place + 4] = struct.pack(">I", chance.choice((0, 1, 2, 0x7F, 0xFFFF, 0x10000, 2**31 - 1, 2**32 - 1)))
    return [*parts[:at], bytes(part), *parts[at + 1 :]]


def _spliced(chance: random.Random, parts: list[bytes]) -> list[bytes]:
    """Parts of another picture in the middle of this one."""
    other = parts_of(chance.choice(list(seeds().values())))
    at, start = chance.randrange(1, len(parts) + 1), chance.randrange(len(other))
    return [*parts[:at], *other[start:], *parts[at:]]


_MUTATIONS: tuple[Mutation, ...] = (
    _flipped, _flipped, _cut, _holed, _swapped, _doubled, _left_out, _lying, _spliced,
)  # fmt: skip


def _again(data: bytes, parts: list[bytes]) -> list[bytes]:
    """``data`` in parts, however little is left of it to be told apart."""
    head = len(parts[0])
    return [data[:head], data[head:]]


def _two_in_one() -> bytes:
    out = BytesIO()
    scene(64, 48).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (32, 32), "white")])
    return out.getvalue()


def _png(width: int, height: int, bits: int, colours: int, row: bytes, *, interlaced: bool = False) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, int(interlaced))
    rows = row if interlaced else b"".join(b"\0" + row for _ in range(height))
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return with_right_sums(PNG_MAGIC + b"".join(struct.pack(">I", len(body)) + name + body + b"sum?"
                                                for name, body in chunks))  # fmt: skip


_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of Adam7: first column and row, and the steps to the next ones."""


def _interlaced() -> bytes:
    columns_and_rows = (
        (len(range(left, 64, across)), len(range(top, 48, down))) for left, top, across, down in _PASSES
    )
    rows = b"".join((b"\0" + b"\xff\x00\x00" * columns) * rows for columns, rows in columns_and_rows)
    return _png(64, 48, 8, 2, rows, interlaced=True)
