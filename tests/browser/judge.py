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

_MEASURED = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  const shown = [...document.querySelectorAll('uni-page-body *')].filter(e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden');
  for (const element of shown) {
    const style = getComputedStyle(element), box = element.getBoundingClientRect(), what = element.outerHTML.slice(0, 120);
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (own && parseFloat(style.fontSize) < %d) found.push(`${style.fontSize} type: ${what}`);
    const tapped = element.matches('[role=button], [role=link], [role=tab], [role=radio], [role=checkbox], uni-button, input, textarea');
    if (tapped && !element.closest('uni-input, uni-textarea') && (box.width < %d - 0.5 || box.height < %d - 0.5)) found.push(`${box.width}x${box.height} target: ${what}`);
    const scrolls = element.closest('.pills');
    if (!scrolls && box.width && (box.left < -1 || box.right > wide + 1)) found.push(`beyond the edge: ${what}`);
  }
  if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways');
  return found;
}""" % (SMALLEST_TYPE, SMALLEST_TARGET, SMALLEST_TARGET)  # noqa: UP031 (the text is full of braces)


def judge(page: Page, name: str) -> None:
    """No text too small, no target too small, nothing beyond the edge, nothing that breaks WCAG AA; then a picture."""
    expect(page.locator(".is-pressed")).to_have_count(0)
    # A page that turns in is half transparent for a moment.
    page.evaluate("() => Promise.all(document.getAnimations().filter(a => a.effect?.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => 0)))")
    measured: list[Any] = page.evaluate(_MEASURED)
    # What lies under a sheet is out of reach and out of sight.
    faults = [*measured, *violations(page, "[role=dialog]")]
    assert not faults, "\n".join([name, *faults])
    if PICTURES:
        _keep(page, Path(PICTURES) / f"{name}.png")


def _keep(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    picture.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(file, optimize=True)
