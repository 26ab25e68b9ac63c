"""Writes lines beneath a picture: nothing that was seen is covered, and light letters on dark are read on any photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont, Layout
from pylopdf_fonts_zh_cn import sans_path

if TYPE_CHECKING:
    from tean.domain.pictures import Caption

LETTERS = 30
"""Chinese characters that fit side by side: where a phone shows the picture as wide as itself, they are read."""
LEAST_WIDTH = 480
"""In pixels; below it letters have too few. A narrower picture stands in the middle of what is written beneath."""
MISSING = "〓"
"""In place of a character that the font does not have: the printers' sign for a type that is not in the case."""

_BAND, _INK = "#1f2329", "#ffffff"


def captioned(picture: Image.Image, lines: Caption) -> Image.Image:
    """``picture`` with a band below it, line under line; as it is without any. The same every time, pixel for pixel."""
    if not lines:
        return picture
    width = max(picture.width, LEAST_WIDTH)
    font = _font(width // LETTERS)
    step, margin = round(font.size * 1.4), round(font.size / 2)
    canvas = Image.new(picture.mode, (width, picture.height + step * len(lines) + margin), _BAND)
    canvas.paste(picture, ((width - picture.width) // 2, 0))
    pen = ImageDraw.Draw(canvas)
    for number, line in enumerate(lines):
        # From the middle of each line, because fonts leave more room above their letters than below.
        at = margin, picture.height + step * number + (step + margin) // 2
        pen.text(at, fitted(printable(line, font), font, width - 2 * margin), _INK, font, anchor="lm")
    return canvas


def printable(text: str, font: FreeTypeFont) -> str:
    """``text`` with a sign in place of each character that the font does not have, which else looked like any other."""
    return "".join(letter if _has(font, letter) else MISSING for letter in text)


def fitted(text: str, font: FreeTypeFont, width: float) -> str:
    """As much of the beginning of ``text`` as fits, and dots for the rest."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _font(size: int) -> FreeTypeFont:
    # What a fuller layout engine would do depends on what is installed; Chinese needs none of it.
    return ImageFont.truetype(str(sans_path()), size, layout_engine=Layout.BASIC)


def _has(font: FreeTypeFont, letter: str) -> bool:
    return letter.isspace() or _drawn(font, letter) != _drawn(font, "\uffff")


def _drawn(font: FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)
