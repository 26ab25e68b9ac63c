"""Which bytes the worker refuses, and what looking at hostile ones may cost."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imaging import examine as examining
from imaging.examine import examine
from imaging.jpeg import decodes_by_line
from tean.domain.pictures import Examined, Refused
from tests.fakes.pictures import PNG_MAGIC, file_of, jpeg, opened, phone_exif, scene, stroke


def kept(data: bytes) -> Examined:
    found = examine(data)
    assert isinstance(found, Examined), found
    return found


def refused(data: bytes) -> str:
    found = examine(data)
    assert isinstance(found, Refused)
    return found.code


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    """A grey PNG that says it has this size, whatever is in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return PNG_MAGIC + b"".join(png_chunk(name, body) for name, body in chunks)


def with_size_in_header(data: bytes, width: int, height: int) -> bytes:
    """A baseline JPEG whose frame header is made to lie."""
    return re.sub(rb"(\xff\xc0..\x08)....", lambda found: found[1] + struct.pack(">HH", height, width), data, count=1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        file_of(scene(), "GIF"),
        file_of(scene(), "BMP"),
        file_of(scene(), "WEBP"),
        b"GIF89a" + jpeg(),
    ],
    ids=["nothing", "two bytes", "html", "pdf", "gif", "bmp", "webp", "jpeg in a gif"],
)
def test_what_is_neither_jpeg_nor_png_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refused(data) == "file.not_picture"


def test_an_animation_is_refused() -> None:
    data = file_of(scene(), "PNG", save_all=True, append_images=[stroke(640, 480).convert("RGB")])
    assert refused(data) == "file.animated"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.99])
def test_a_picture_that_breaks_off_is_refused(kind: str, part: float) -> None:
    data = file_of(scene(), kind)
    assert refused(data[: int(len(data) * part)]) == "file.damaged"


def test_a_png_with_one_wrong_byte_is_refused() -> None:
    data = bytearray(file_of(scene(), "PNG"))
    data[data.index(b"IDAT") + 40] ^= 1
    assert refused(bytes(data)) == "file.damaged"


def test_magic_bytes_alone_are_a_damaged_picture() -> None:
    assert refused(b"\xff\xd8\xff\xe0 not really") == "file.damaged"
    assert refused(PNG_MAGIC + b"not really") == "file.damaged"


@pytest.mark.parametrize(("width", "height"), [(31, 31), (31, 2000), (2000, 31)])
def test_a_picture_too_small_to_show_anything_is_refused(width: int, height: int) -> None:
    assert refused(jpeg(width, height)) == refused(file_of(scene(width, height), "PNG")) == "file.too_small"
    assert kept(jpeg(32, 32)).width == 32


@pytest.mark.parametrize(("width", "height"), [(3873, 3874), (15_000, 15_000), (2**31 - 1, 2**31 - 1)])
def test_a_png_that_claims_too_many_pixels_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    assert refused(png_of(width, height)) == "file.too_many_pixels"


def test_a_png_within_the_cap_that_holds_less_than_it_claims_is_damaged() -> None:
    assert refused(png_of(3872, 3873)) == "file.damaged"


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (8944, 8944, "file.damaged"),
        (8945, 8945, "file.too_many_pixels"),
        (10_000, 10_000, "file.too_many_pixels"),
        (65_000, 65_000, "file.too_many_pixels"),
    ],
)
def test_a_jpeg_that_is_read_line_by_line_may_claim_80_million_pixels(width: int, height: int, code: str) -> None:
    assert refused(with_size_in_header(jpeg()[:-2], width, height)) == code


@pytest.mark.parametrize(
    "make", [lambda: scene(3900, 3900, "CMYK"), lambda: scene(3900, 3900)], ids=["cmyk", "progressive"]
)
def test_a_jpeg_that_must_be_held_whole_may_have_15_million_pixels(make: Callable[[], Image.Image]) -> None:
    picture = make()
    assert refused(file_of(picture, progressive=picture.mode == "RGB")) == "file.too_many_pixels"


def test_a_jpeg_with_one_scan_per_colour_counts_as_held_whole() -> None:
    data = jpeg()[:-2]
    interleaved = b"\xff\xda\x00\x0c\x03"
    assert interleaved in data
    apart = data.replace(interleaved, b"\xff\xda\x00\x08\x01")
    assert refused(with_size_in_header(data, 4000, 4000)) == "file.damaged"
    assert refused(with_size_in_header(apart, 4000, 4000)) == "file.too_many_pixels"


@pytest.mark.parametrize("odd", [b"\xff\xe0\x00\x00", b"\xff\xe0\x00\x01", b"stuffing", b"\xff\xe0\xff\xff"])
def test_a_jpeg_with_odd_headers_counts_as_held_whole(odd: bytes) -> None:
    assert not decodes_by_line(jpeg()[:2] + odd + jpeg()[2:])
    assert decodes_by_line(jpeg()[:2] + b"\xff\xff" + jpeg()[2:])


def test_a_jpeg_whose_headers_break_off_counts_as_held_whole() -> None:
    data = jpeg()
    assert not any(decodes_by_line(data[:end]) for end in range(data.index(b"\xff\xda") + 5))


def test_the_guard_of_the_library_is_heeded_before_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for cap in (640 * 480 - 1, 1000):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", cap)
        assert refused(jpeg()) == "file.too_many_pixels"


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_decoded() -> None:
    data = jpeg(64, 64, progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    few, many = (data[:-2] + last * times + data[-2:] for times in (100, 200))
    assert kept(few).width == 64
    assert refused(many) == "file.damaged"


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of a process from /proc")
def test_a_photo_of_40_megapixels_is_cleaned_within_128_megabytes() -> None:
    script = """
import pathlib, re, sys
from imaging.examine import examine
found = examine(sys.stdin.buffer.read())
peak = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
print(found.width, found.height, peak[1])
"""
    photo = file_of(Image.new("RGB", (8000, 5000), "grey"))
    done = subprocess.run([sys.executable, "-c", script], input=photo, capture_output=True, check=True)
    width, height, peak_kilobytes = (int(figure) for figure in done.stdout.split())
    assert (width, height) == (2560, 1600)
    assert peak_kilobytes < 128 * 1024


def test_every_refusal_has_its_own_code_and_a_chinese_sentence() -> None:
    refusals = [value for value in vars(examining).values() if isinstance(value, Refused)]
    assert {one.code for one in refusals} == {
        "file.not_picture",
        "file.damaged",
        "file.too_many_pixels",
        "file.too_small",
        "file.animated",
    }
    assert all(re.fullmatch(r"[一-鿿 A-Z，。]{8,40}", one.sentence) for one in refusals)


def test_the_warnings_of_the_decoders_neither_escape_nor_stay_changed() -> None:
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        examine(jpeg(exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff broken"))
        examine(png_of(9_500, 9_500))
    assert seen == []
    assert warnings.filters == before


MUTANTS = [
    jpeg(64, 48, exif=phone_exif()),
    jpeg(64, 48, progressive=True),
    file_of(stroke(64, 48), "PNG"),
    file_of(scene(64, 48, "P"), "PNG", exif=phone_exif()),
]


@settings(max_examples=150, deadline=None)
@given(
    data=st.sampled_from(MUTANTS),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12),
    end=st.floats(0, 1),
)
def test_bytes_changed_at_random_are_kept_or_refused_and_nothing_else(
    data: bytes, changes: list[tuple[float, int]], end: float
) -> None:
    mutant = bytearray(data)
    for where, value in changes:
        mutant[int(where * len(mutant))] = value
    for candidate in (bytes(mutant), bytes(mutant[: int(end * len(mutant))])):
        found = examine(candidate)
        assert isinstance(found, Examined | Refused)
        if isinstance(found, Examined):
            assert opened(found.content).size == (found.width, found.height)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from((b"\xff\xd8\xff", PNG_MAGIC, b"")), st.binary(max_size=200))
def test_random_bytes_are_refused_and_nothing_else(magic: bytes, rest: bytes) -> None:
    assert isinstance(examine(magic + rest), Refused)
