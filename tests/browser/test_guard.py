"""The guard itself: it sees what pages do, and what was declared is no complaint."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import chromium
from tests.browser.guard import PageGuard
from tests.stack import RunningStack

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("console.error('broken')", "console: broken"),
        ("setTimeout(() => { throw new Error('lost') })", "thrown: lost"),
        ("Promise.reject(new Error('dropped'))", "thrown: dropped"),
        ("fetch('/nothing')", "console: Failed to load resource"),
        ("new Image().src = 'http://127.0.0.1:9/x.png'", "http://127.0.0.1:9/x.png"),
    ],
)
def test_it_complains(browser: Browser, stack: RunningStack, deed: str, complaint: str) -> None:
    guard = PageGuard(stack.origin)
    with browser.new_context(base_url=stack.origin) as context:
        guard.watch(context)
        page = context.new_page()
        page.goto("/")
        assert guard.complaints() == []
        with page.expect_event("console", lambda message: message.text == "done"):
            page.evaluate(f"() => {{ {deed}; setTimeout(() => setTimeout(() => console.log('done'), 300)); }}")
    assert complaint in " ".join(guard.complaints())


def test_what_was_declared_is_no_complaint_and_must_come(browser: Browser, stack: RunningStack) -> None:
    guard = PageGuard(stack.origin)
    guard.expect_console("brok.n")
    with browser.new_context(base_url=stack.origin) as context:
        guard.watch(context)
        page = context.new_page()
        page.goto("/")
        assert guard.complaints() == ["never came: brok.n"]
        page.evaluate("() => console.error('broken')")
    assert guard.complaints() == []


def test_without_a_chromium_it_skips_and_where_one_is_required_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", os.devnull)
    monkeypatch.delenv("TEAN_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="没有 Chromium"):
        chromium()
    monkeypatch.setenv("TEAN_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="没有 Chromium"):
        chromium()
