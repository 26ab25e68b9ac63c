"""What the worker sees in the bytes of a picture, and what it keeps of them (issue 2, item 9)."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageDraw, PngImagePlugin

from imaging import examine as examining
from imaging.examine import examine
from imaging.jpeg import decodes_by_line
from tean.adapters.objects import Examined, Refused

PLACE = b"31.2304N 121.4737E"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red upper left, green upper right, blue below: every turn of it looks different."""
    picture = Image.new("RGB", (width, height), "blue")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill="red")
    draw.rectangle((width // 2, 0, width - 1, height // 2 - 1), fill="lime")
    return picture.convert(mode)


def file_of(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    return file_of(scene(width, height), **options)


def stroke(width: int = 600, height: int = 200) -> Image.Image:
    """A signature: one black line on nothing."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line((0, 0, width, height), fill=(0, 0, 0, 255), width=5)
    return picture


def kept(data: bytes) -> Examined:
    found = examine(data)
    assert isinstance(found, Examined), found
    return found


def refused(data: bytes) -> str:
    found = examine(data)
    assert isinstance(found, Refused)
    return found.code


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def colour(picture: Image.Image, x: float, y: float) -> str:
    """The name of the strongest colour at a point, given as parts of width and height."""
    at = int(x * (picture.width - 1)), int(y * (picture.height - 1))
    pixel = picture.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def corners(picture: Image.Image) -> tuple[str, str, str, str]:
    """Upper left, upper right, lower left, lower right."""
    return (
        colour(picture, 0.1, 0.1),
        colour(picture, 0.9, 0.1),
        colour(picture, 0.1, 0.9),
        colour(picture, 0.9, 0.9),
    )


def exif_with(**tags: Any) -> Image.Exif:
    exif = Image.Exif()
    for name, value in tags.items():
        exif[ExifTags.Base[name]] = value
    return exif


def phone_exif() -> Image.Exif:
    exif = exif_with(Make="PhoneMaker", Model="Phone 7", DateTime="2026:11:23 09:30:00", ImageDescription="doorway")
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSAreaInformation] = PLACE
    return exif


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


def test_a_photo_is_kept_as_it_looks() -> None:
    found = kept(jpeg())
    assert (found.content_type, found.width, found.height) == ("image/jpeg", 640, 480)
    picture = opened(found.content)
    assert (picture.format, picture.size, corners(picture)) == ("JPEG", (640, 480), ("red", "green", "blue", "blue"))


def test_a_photo_has_a_small_jpeg_beside_it() -> None:
    found = kept(jpeg(1600, 1200))
    picture = opened(found.thumbnail)
    assert (found.thumbnail_type, picture.format, picture.size) == ("image/jpeg", "JPEG", (480, 360))
    assert corners(picture) == ("red", "green", "blue", "blue")
    assert len(found.thumbnail) < len(found.content)


def test_a_signature_stays_a_transparent_png() -> None:
    found = kept(file_of(stroke(), "PNG"))
    picture, thumbnail = opened(found.content), opened(found.thumbnail)
    assert (found.content_type, found.thumbnail_type) == ("image/png", "image/png")
    assert (picture.mode, picture.size, thumbnail.mode, thumbnail.size) == ("RGBA", (600, 200), "RGBA", (480, 160))
    assert picture.getpixel((599, 0)) == (0, 0, 0, 0)
    assert picture.tobytes() == stroke().tobytes()


def test_an_opaque_png_stays_a_png_with_a_jpeg_thumbnail() -> None:
    found = kept(file_of(scene(), "PNG"))
    assert (found.content_type, found.thumbnail_type) == ("image/png", "image/jpeg")
    assert opened(found.content).tobytes() == scene().tobytes()


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_a_jpeg_of_any_colours_is_kept(mode: str) -> None:
    found = kept(file_of(scene(mode=mode)))
    assert opened(found.content).mode == "RGB"


@pytest.mark.parametrize(
    ("picture", "mode"),
    [
        (scene(mode="P"), "RGB"),
        (scene(mode="L"), "RGB"),
        (scene(mode="1"), "RGB"),
        (scene(mode="LA"), "RGBA"),
        (stroke().quantize(), "RGBA"),
    ],
)
def test_a_png_of_any_colours_is_kept(picture: Image.Image, mode: str) -> None:
    assert opened(kept(file_of(picture, "PNG")).content).mode == mode


def test_a_colour_that_stands_for_nothing_becomes_transparent() -> None:
    data = file_of(scene(), "PNG", transparency=(255, 0, 0))
    picture = opened(kept(data).content)
    assert picture.getpixel((10, 10)) == (255, 0, 0, 0)
    assert picture.getpixel((630, 10)) == (0, 255, 0, 255)


def test_sixteen_bits_of_grey_are_not_washed_out() -> None:
    picture = Image.new("I;16", (64, 64), 0x8080)
    assert opened(kept(file_of(picture, "PNG")).content).getpixel((32, 32)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("size", "becomes"),
    [((2560, 1920), (2560, 1920)), ((3000, 2000), (2560, 1707)), ((1000, 5200), (492, 2560))],
)
def test_the_longest_edge_is_at_most_2560_pixels(size: tuple[int, int], becomes: tuple[int, int]) -> None:
    found = kept(jpeg(*size))
    assert (found.width, found.height) == becomes == opened(found.content).size


def test_a_picture_is_never_made_larger() -> None:
    found = kept(jpeg(100, 60))
    assert opened(found.content).size == opened(found.thumbnail).size == (100, 60)


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, ("red", "green", "blue", "blue")),
        (2, ("green", "red", "blue", "blue")),
        (3, ("blue", "blue", "green", "red")),
        (4, ("blue", "blue", "red", "green")),
        (5, ("red", "blue", "green", "blue")),
        (6, ("blue", "red", "blue", "green")),
        (7, ("blue", "green", "blue", "red")),
        (8, ("green", "blue", "red", "blue")),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_taken_sideways_is_kept_upright(
    kind: str, orientation: int, expected: tuple[str, str, str, str]
) -> None:
    found = kept(file_of(scene(), kind, exif=exif_with(Orientation=orientation)))
    assert (found.width, found.height) == ((640, 480) if orientation < 5 else (480, 640))
    for content in (found.content, found.thumbnail):
        assert corners(opened(content)) == expected
        assert opened(content).getexif() == {}


def test_an_orientation_that_means_nothing_leaves_the_photo_as_it_is() -> None:
    found = kept(jpeg(exif=exif_with(Orientation=9)))
    assert corners(opened(found.content)) == ("red", "green", "blue", "blue")


def test_no_metadata_survives_neither_place_nor_device_nor_time_nor_comment() -> None:
    profile = b"profile of a screen " * 20
    options: dict[str, Any] = {
        "exif": phone_exif(),
        "comment": b"private note",
        "icc_profile": profile,
        "dpi": (72, 72),
    }
    data = jpeg(**options, xmp=b"<x>private place</x>")
    found = kept(data)
    for content in (found.content, found.thumbnail):
        for secret in (PLACE, b"PhoneMaker", b"2026:11:23", b"doorway", b"private", b"profile", b"Exif"):
            assert secret in data
            assert secret not in content
        assert set(opened(content).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_no_text_survives_in_a_png() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "private note")
    notes.add_itxt("XML:com.adobe.xmp", "private place")
    data = file_of(scene(), "PNG", pnginfo=notes, exif=phone_exif(), dpi=(72, 72))
    found = kept(data)
    assert b"private" in data
    assert PLACE in data
    assert re.findall(rb"(IHDR|IDAT|IEND|tEXt|iTXt|eXIf|pHYs|tIME)", found.content)[0:2] == [b"IHDR", b"IDAT"]
    assert opened(found.content).info == {}


def test_what_hides_behind_the_end_of_a_picture_is_dropped() -> None:
    for data in (jpeg(), file_of(stroke(), "PNG")):
        found = kept(data + b"PK\x03\x04 a film or an archive")
        assert found == kept(data)
        assert b"archive" not in found.content


def test_unreadable_metadata_is_no_reason_to_refuse_a_photo() -> None:
    broken = PngImagePlugin.PngInfo()
    broken.add_text("Raw profile type exif", "\nexif\n 4\nnot hexadecimal\n")
    for data in (jpeg(exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff broken"), file_of(scene(), "PNG", pnginfo=broken)):
        assert corners(opened(kept(data).content)) == ("red", "green", "blue", "blue")


def test_of_a_photo_with_a_depth_map_the_photo_is_kept() -> None:
    out = BytesIO()
    scene().save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (320, 240), "white")])
    found = kept(out.getvalue())
    assert (found.content_type, found.width, found.height) == ("image/jpeg", 640, 480)


def test_the_same_bytes_give_the_same_copies() -> None:
    for data in (jpeg(3000, 2000, exif=phone_exif()), file_of(stroke(), "PNG")):
        assert examine(data) == examine(data)


def test_what_was_kept_would_be_kept_again() -> None:
    assert kept(kept(jpeg(exif=phone_exif())).content).width == 640


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
