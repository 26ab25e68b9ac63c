"""Phones with Chromium in front of the stack.

The client's policy forbids ``eval``, and with it ``page.wait_for_function``: wait with ``expect(locator)``, or evaluate
a promise. The browser ends with this folder's tests: those that follow would find its event loop running.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import NO_CHROMIUM
from tests.browser.guard import PageGuard
from tests.browser.hands import Hands
from tests.browser.units import OwnUnit, own_unit
from tests.stack import RunningStack, running

CHROMIUM = ("/usr/bin/chromium", "chromium", "google-chrome")
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip
PATIENCE = 15_000
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True,
}  # fmt: skip
HERE: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}

OpenPhone = Callable[..., Page]


def find_chromium() -> str | None:
    """The one that ``CHROMIUM`` names, else the machine's."""
    named = os.environ.get("CHROMIUM")
    found = map(shutil.which, (named,) if named else CHROMIUM)
    return next((path for path in found if path), None)


def chromium() -> str:
    """A Chromium, or the end of the test: skipped, and failed where a browser is required."""
    path = find_chromium()
    if path is None:
        end = pytest.fail if os.environ.get("TEAN_BROWSER") == "required" else pytest.skip
        end(NO_CHROMIUM)
    return path


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests here."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One for all tests here, started only when there is a browser to look at it."""
    with running(tmp_path_factory.mktemp("browser") / "state") as stack:
        yield stack


@pytest.fixture
def page_guard(stack: RunningStack) -> PageGuard:
    """Watches every phone of the test; what it has to complain about fails the test when its phones are put away."""
    return PageGuard(stack.origin)


@pytest.fixture
def phone(browser: Browser, stack: RunningStack, page_guard: PageGuard) -> Iterator[OpenPhone]:
    """Opens a page on a phone that was never here before; ``phone(DESKTOP)`` on a computer."""
    contexts: list[BrowserContext] = []

    def open_page(machine: dict[str, Any] = PHONE, **settings: Any) -> Page:
        context = browser.new_context(base_url=stack.origin, **(HERE | machine | settings))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page_guard.watch(context)
        return context.new_page()

    expect.set_options(timeout=PATIENCE)
    yield open_page
    for context in contexts:
        context.close()
    assert page_guard.complaints() == []


@pytest.fixture
def unit(stack: RunningStack, tmp_path: Path) -> OwnUnit:
    """A unit that uses equipment, of the test's own."""
    return own_unit(stack, tmp_path)


@pytest.fixture
def officer(unit: OwnUnit, phone: OpenPhone) -> Hands:
    """Its first officer, at home."""
    hands = Hands(phone())
    hands.enter(unit.people["A01"])
    return hands
