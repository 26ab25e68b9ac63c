"""No log line names a person: what a whole run is held to, in this process and in every one-machine stack it starts.

Every record that reaches a handler is looked through as the functions would print it, and every file a stack's parts
write. What is found is told by its kind, its place and its first characters, never whole.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from chalicelib.telemetry import JsonLine
from infra import demo

INVENTED = "示例人员"
"""How everybody is called whom a test invents; the demo's people are known by name."""
_NAMES = "|".join(sorted({re.escape(person.name) for person in demo.people()}))

PRIVATE: Mapping[str, re.Pattern[str]] = {
    # Within a longer word or number it is a digest or an instant.
    "a phone number": re.compile(r"(?<![\w.+-])(?:\+86[ -]?)?1\d{10}(?![\w-]|\.\w)"),
    "a name": re.compile(rf"{INVENTED}\w*|{_NAMES}"),
    "an openid": re.compile(r"(?<!\w)o[0-9a-f]{27}(?!\w)|openid-of-\w+|oSomebody-\w+"),
    "a session's token": re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+"),
    "an authorization": re.compile(r"(?i)\bbearer\s+[\w.-]{16,}"),
    "WeChat's token": re.compile(r"access_token=[^&\s\"']|app-token-\d|\"access_token\": ?\""),
    "WeChat's secret": re.compile(r"(?<!\w)secret=[^&\s\"']|secret-of-the-app|\"secret\": ?\""),
    "a WeChat code": re.compile(r"js_code=[^&\s\"']|(?:login|phone)-code-\d{4}"),
}
SHOWN = 2
"""Characters of a find that are told."""


def finds(text: str) -> Iterator[str]:
    """What of it is private, each told by its kind and how it begins."""
    for kind, pattern in PRIVATE.items():
        yield from (f"{kind} ({found[0][:SHOWN]}…)" for found in pattern.finditer(text))


def of_files(folder: Path) -> list[str]:
    """What is private in the files of a folder of logs, each with its file and line."""
    return [
        f"{path.name}:{number}: {find}"
        for path in sorted(folder.glob("*.log"))
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        for find in finds(line)
    ]


class Watch(logging.Handler):
    """Hears every record, and fails the test during which something private was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look it through, as our functions would print it."""
        where = f"{record.name} ({Path(record.pathname).name}:{record.lineno})"
        self.found += [f"{where}: {find}" for find in finds(self.format(record))]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        """Judge a test at its end, the last one with the end of everything that was set up for many."""
        try:
            return (yield)
        finally:
            self.judge()

    def pytest_unconfigure(self) -> None:
        """Hear nothing any more."""
        logging.getLogger().removeHandler(self)

    def judge(self) -> None:
        """AssertionError for everything that was found since."""
        found, self.found = self.found, []
        assert_nothing(found)


def assert_nothing(found: Iterable[str]) -> None:
    """A run that logged something private has failed."""
    told = sorted(set(found))
    assert not told, "private, and logged:\n" + "\n".join(told)


def watch(config: pytest.Config) -> None:
    """Listen to this process for as long as it runs tests."""
    listener = Watch()
    logging.getLogger().addHandler(listener)
    # As loud as in production, whether or not a test loads what sets it.
    logging.getLogger("tean").setLevel(logging.INFO)
    config.pluginmanager.register(listener, "discretion")
