"""Real pictures in real files, and how they look when they come back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageDraw

PLACE = b"31.2304N 121.4737E"
"""What the GPS part of :func:`phone_exif` tells."""
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red upper left, green upper right, blue below: every turn of it looks different."""
    picture = Image.new("RGB", (width, height), "blue")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill="red")
    draw.rectangle((width // 2, 0, width - 1, height // 2 - 1), fill="lime")
    return picture.convert(mode)


def file_of(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a real file of this kind."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    """A real JPEG of :func:`scene`."""
    return file_of(scene(width, height), **options)


def stroke(width: int = 600, height: int = 200) -> Image.Image:
    """A signature: one black line on nothing."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line((0, 0, width, height), fill=(0, 0, 0, 255), width=5)
    return picture


def exif_with(**tags: Any) -> Image.Exif:
    """EXIF with these tags, by their names."""
    exif = Image.Exif()
    for name, value in tags.items():
        exif[ExifTags.Base[name]] = value
    return exif


def phone_exif() -> Image.Exif:
    """What a phone writes into a photo: device, time, place."""
    exif = exif_with(Make="PhoneMaker", Model="Phone 7", DateTime="2026:11:23 09:30:00", ImageDescription="doorway")
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSAreaInformation] = PLACE
    return exif


def opened(content: bytes) -> Image.Image:
    """The decoded picture."""
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
