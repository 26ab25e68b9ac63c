"""What the worker keeps of the bytes of a picture."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from imaging.examine import examine
from tean.domain.pictures import Examined
from tests.fakes.pictures import PLACE, corners, exif_with, file_of, jpeg, opened, phone_exif, scene, stroke


def kept(data: bytes) -> Examined:
    found = examine(data)
    assert isinstance(found, Examined), found
    return found


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
