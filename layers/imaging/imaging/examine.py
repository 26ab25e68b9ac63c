"""Judges the bytes of an uploaded picture and makes the copy that is kept.

Whatever comes in, what goes out is drawn anew from the decoded pixels: no metadata (photos name places), nothing
hidden behind the end of the picture, no dimension that surprises a phone; and beneath it what the worker knows of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import ExifTags, Image
from PIL.Image import DecompressionBombError, DecompressionBombWarning, Resampling, Transpose

from imaging import jpeg
from imaging.caption import captioned
from tean.domain.pictures import Caption, Examined, Refused

LONGEST_EDGE = 2560
"""Of what was seen; what is written beneath comes on top of it."""
SHORTEST_EDGE = 32
THUMBNAIL_EDGE = 480
QUALITY = 88
THUMBNAIL_QUALITY = 80

MOST_PIXELS = 80_000_000
"""Of a JPEG that is shrunk while it is decoded line by line. The 50-megapixel mode of a phone stays below."""
MOST_PIXELS_WHOLE = 15_000_000
"""Of a picture that must be in memory as a whole: with the copies made of it, 256 MB are enough."""
MOST_PIXELS_CLEAR = 10_000_000
"""Of one of these with transparent parts, which is copied once more to be shrunk. Few phones have such a screen."""
MOST_SCANS = 200
"""Of a JPEG in several scans, each of which costs a pass over every pixel. A real one has about ten."""

NOT_A_PICTURE = Refused("file.not_picture", "这不是 JPEG 或 PNG 图片，请重新拍照或选择图片后上传。")
DAMAGED = Refused("file.damaged", "图片不完整或已损坏，请重新拍照后上传。")
TOO_MANY_PIXELS = Refused("file.too_many_pixels", "图片尺寸过大，请用普通分辨率重新拍照后上传。")
TOO_SMALL = Refused("file.too_small", "图片太小，看不清内容，请重新拍照后上传。")
ANIMATED = Refused("file.animated", "这是动态图片，请改为上传照片。")

_PNG = b"\x89PNG\r\n\x1a\n"
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def examine(data: bytes, caption: Caption = ()) -> Examined | Refused:
    """Judge ``data`` by its content. The same bytes with the same caption give the same copy, byte for byte.

    Whatever is wrong with the bytes is an answer. Only a fault of our own is raised: it says nothing of the picture.
    """
    seen = _seen(data)
    return seen if isinstance(seen, Refused) else _kept(seen, data.startswith(_PNG), caption)


def _seen(data: bytes) -> Image.Image | Refused:
    """The pixels, upright and not too many, and nothing else."""
    if not data.startswith((jpeg.MAGIC, _PNG)):
        return NOT_A_PICTURE
    try:
        with _bombs_are_errors():
            return _unfit(data) or _drawn(_opened(data))
    except (DecompressionBombError, DecompressionBombWarning):
        return TOO_MANY_PIXELS
    except Exception:
        # Decoders fed with hostile bytes raise whatever they like: OSError, SyntaxError, struct.error, KeyError …
        return DAMAGED


@contextmanager
def _bombs_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        # The other warnings of decoders are about metadata, which is thrown away.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", DecompressionBombWarning)
        yield


def _unfit(data: bytes) -> Refused | None:
    """What can be said against a picture before its pixels are touched."""
    picture = _opened(data)
    if min(picture.size) < SHORTEST_EDGE:
        return TOO_SMALL
    if picture.width * picture.height > _most_pixels(picture, data):
        return TOO_MANY_PIXELS
    if picture.format != "PNG":
        return None if jpeg.decodes_by_line(data) or jpeg.scans(data) <= MOST_SCANS else DAMAGED
    if getattr(picture, "is_animated", False):
        return ANIMATED
    # Decoding alone passes over wrong checksums.
    picture.verify()
    return None


def _most_pixels(picture: Image.Image, data: bytes) -> int:
    if picture.has_transparency_data:
        return MOST_PIXELS_CLEAR
    by_line = picture.format != "PNG" and picture.mode != "CMYK" and jpeg.decodes_by_line(data)
    return MOST_PIXELS if by_line else MOST_PIXELS_WHOLE


def _drawn(picture: Image.Image) -> Image.Image:
    return _bare(_upright(_shrunk(picture, LONGEST_EDGE), picture))


def _kept(seen: Image.Image, as_png: bool, caption: Caption) -> Examined:
    kept = captioned(seen, caption)
    content_type, content = _encoded(kept, as_png, QUALITY)
    small = _shrunk(kept, THUMBNAIL_EDGE)
    thumbnail_type, thumbnail = _encoded(small, small.mode == "RGBA", THUMBNAIL_QUALITY)
    return Examined(content, content_type, kept.width, kept.height, thumbnail, thumbnail_type)


def _opened(data: bytes) -> Image.Image:
    # Several pictures in one JPEG are a phone's depth map or second lens; the first one is what was seen.
    return Image.open(BytesIO(data), formats=("JPEG", "PNG"))


def _shrunk(picture: Image.Image, edge: int) -> Image.Image:
    scale = min(1.0, edge / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    # A JPEG is decoded at the smallest of its sizes that is not below this one.
    picture.draft(None, size)
    picture.load()
    # Converted while they are large, they would be in memory twice.
    source = picture if picture.mode in ("LA", "CMYK") else _even(picture)
    return _even(source if source.size == size else source.resize(size, Resampling.LANCZOS))


def _even(picture: Image.Image) -> Image.Image:
    """``picture`` in eight-bit RGB or RGBA, the only modes that can be kept as they are."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode.startswith("I;16"):
        # Converting alone would clip everything above 255 to white.
        return picture.point(lambda value: value / 257).convert("L").convert("RGB")
    return picture if picture.mode == mode else picture.convert(mode)


def _upright(drawn: Image.Image, source: Image.Image) -> Image.Image:
    # Metadata that cannot be read is no reason to refuse what was seen.
    with suppress(Exception):
        turn = _TURNS.get(source.getexif().get(ExifTags.Base.Orientation, 1))
        return drawn if turn is None else drawn.transpose(turn)
    return drawn


def _bare(picture: Image.Image) -> Image.Image:
    # Encoders copy what they find here: comments, colour profiles, resolutions.
    picture.info = {}
    return picture


def _encoded(picture: Image.Image, as_png: bool, quality: int) -> tuple[str, bytes]:
    out = BytesIO()
    if as_png:
        picture.save(out, "PNG")
        return "image/png", out.getvalue()
    picture.save(out, "JPEG", quality=quality)
    return "image/jpeg", out.getvalue()
