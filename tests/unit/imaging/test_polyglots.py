"""A file that is a picture and something else besides is kept as the picture alone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest

from imaging.examine import examine
from tean.domain.pictures import Examined, Refused
from tests.fakes.pictures import PNG_MAGIC, file_of, jpeg, scene


def _archive() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as zipped:
        zipped.writestr("payload.class", b"payload of an applet")
    return out.getvalue()


PAYLOADS: Mapping[str, bytes] = {
    "zip": _archive(),
    "html": b"<html><script>alert('payload')</script></html>",
    "script": b"*/=1;alert('payload');/*",
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(payload)>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "php": b"<?php system($_GET['payload']); ?>",
}
Hide = Callable[[bytes], bytes]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png_with(name: bytes, *, first: bool) -> Hide:
    def hide(payload: bytes) -> bytes:
        data = file_of(scene(), "PNG")
        at = len(PNG_MAGIC) + 25 if first else data.index(b"IEND") - 4
        return data[:at] + _chunk(name, payload) + data[at:]

    return hide


def _jpeg_with(marker: int) -> Hide:
    return lambda payload: (
        jpeg()[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload + jpeg()[2:]
    )


def _between(payload: bytes) -> bytes:
    """Behind the frame, before the scan: bytes that no decoder asks for."""
    data = jpeg()
    at = data.index(b"\xff\xda")
    return data[:at] + b"\xff\xfe" + struct.pack(">H", len(payload) + 2) + payload + data[at:]


HIDDEN: Mapping[str, tuple[bytes, Hide]] = {
    "behind a jpeg": (jpeg(), lambda payload: jpeg() + payload),
    "in the comment of a jpeg": (jpeg(), _jpeg_with(0xFE)),
    "in a segment of a jpeg": (jpeg(), _jpeg_with(0xEC)),
    "before the scan of a jpeg": (jpeg(), _between),
    "behind a png": (file_of(scene(), "PNG"), lambda payload: file_of(scene(), "PNG") + payload),
    "in the text of a png": (file_of(scene(), "PNG"), _png_with(b"tEXt", first=True)),
    "in a private chunk of a png": (file_of(scene(), "PNG"), _png_with(b"prVt", first=True)),
    "at the end of a png": (file_of(scene(), "PNG"), _png_with(b"prVt", first=False)),
}


@pytest.mark.parametrize("place", HIDDEN)
@pytest.mark.parametrize("kind", PAYLOADS)
def test_of_a_picture_that_is_something_else_besides_the_picture_is_kept(kind: str, place: str) -> None:
    (plain, hide), payload = HIDDEN[place], PAYLOADS[kind]
    data = hide(payload)
    assert payload in data
    assert is_zipfile(BytesIO(data)) or kind != "zip", "it would be opened as an archive"
    found = examine(data)
    assert isinstance(found, Examined), found
    for content in (found.content, found.thumbnail):
        assert b"payload" not in content
        assert not is_zipfile(BytesIO(content))
    assert found == examine(plain)


@pytest.mark.parametrize("picture", [jpeg(), file_of(scene(), "PNG")], ids=["jpeg", "png"])
@pytest.mark.parametrize("kind", PAYLOADS)
def test_what_begins_as_something_else_is_no_picture(kind: str, picture: bytes) -> None:
    found = examine(PAYLOADS[kind] + picture)
    assert isinstance(found, Refused)
    assert found.code == "file.not_picture"
