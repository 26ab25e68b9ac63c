"""What no page may do unnoticed: complain on its console, throw, or ask anybody but the stack."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

_INSIDE = ("data:", "blob:", "about:")
_ORDINARY = r"status of 401 .*/v1/login\)"
"""The first login on a phone is told that the number has to be shown; a browser writes down every refusal."""


@dataclass
class PageGuard:
    """Watches every page of a test."""

    origin: str
    _errors: list[str] = field(default_factory=list)
    _outside: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """All pages of a context, from now on."""
        context.on("console", self._console)
        context.on("weberror", self._thrown)
        context.on("request", self._request)

    def expect_console(self, pattern: str) -> None:
        """Errors with this regular expression in them are part of the test; at least one must come."""
        self._expected.append(pattern)

    def complaints(self) -> list[str]:
        """All that was not expected, and what was expected and did not come."""
        known = [*self._expected, _ORDINARY]
        unexpected = [error for error in self._errors if not any(re.search(each, error) for each in known)]
        missing = [each for each in self._expected if not any(re.search(each, error) for error in self._errors)]
        return [*unexpected, *self._outside, *(f"never came: {each}" for each in missing)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._errors.append(f"console: {message.text} ({message.location['url']})")

    def _thrown(self, error: WebError) -> None:
        self._errors.append(f"thrown: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", *_INSIDE)):
            self._outside.append(f"asked outside: {request.url}")
