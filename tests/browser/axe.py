"""axe-core, as the client's packages have it, run in a page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from infra.client import ROOT

_AXE = ROOT / "miniprogram" / "node_modules" / "axe-core" / "axe.min.js"
# Targets are measured by ``measure.js``, twice as strictly: axe takes off what the wall at the bottom covers of a row
# that scrolls out from under it.
_RUN = """within => axe.run(
  document.querySelector(within) ?? document.body,
  {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: {'target-size': {enabled: false}},
    resultTypes: ['violations'],
  },
)"""


def violations(page: Page, within: str = "body") -> list[str]:
    """What breaks WCAG 2.2 AA inside a selector, or on the page where it is not there: nothing when all is well."""
    if not page.evaluate("() => 'axe' in window"):
        # The policy of the page lets no script be added; what the debugger says is not under it.
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(_RUN, within)
    assert found["passes"], "it looked at nothing"
    return [f"{broken['id']}: {node['html']}" for broken in found["violations"] for node in broken["nodes"]]
