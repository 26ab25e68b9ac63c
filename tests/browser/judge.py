"""Every screen is held to the same: readable, reachable, accessible; and a picture of it is kept when asked for."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import violations

SMALLEST_TYPE = 14
SMALLEST_TARGET = 48
PICTURES = os.environ.get("TEAN_SCREENS")
"""A folder to keep pictures in: ``make screens`` sets it."""

_HERE = Path(__file__).parent
_MEASURE = (_HERE / "measure.js").read_text(encoding="utf-8").partition("\n")[2]
_SETTLE = (_HERE / "settle.js").read_text(encoding="utf-8").partition("\n")[2]


def judge(page: Page, name: str) -> None:
    """No text too small, no target too small, nothing beyond the edge, nothing that breaks WCAG AA; then a picture."""
    expect(page.locator(".is-pressed")).to_have_count(0)
    # A word that fades in and out is judged by neither rule: it is awaited.
    expect(page.locator(".uni-simple-toast__text").filter(visible=True)).to_have_count(0)
    settle(page)
    measured: list[Any] = page.evaluate(_MEASURE, {"type": SMALLEST_TYPE, "target": SMALLEST_TARGET})
    # What lies under a sheet is out of reach and out of sight.
    faults = [*measured, *violations(page, "[role=dialog]")]
    assert not faults, "\n".join([name, *faults])
    if PICTURES:
        _keep(page, Path(PICTURES) / f"{name}.png")


def settle(page: Page) -> None:
    """Wait for what turns in, or rolls."""
    page.evaluate(_SETTLE)


def _keep(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    picture.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(file, optimize=True)
