"""The acceptance list, docs/acceptance.md: the one reader of its format, and what a whole run is held to by it.

After the introduction the list holds groups (``## ``) of rows. A row is its number and what must hold, an empty line,
and the tests that prove it, each as a node id with, where it proves only a part, that part::

    **5** What must hold.

    - server `tests/e2e/test_day.py::test_a_code_works_once`: the part it proves
    - browser `tests/browser/test_day.py::test_a_day_from_finding_to_rectification`

``- not in a browser: `` and a reason stands where no browser can show it. A long line goes on after two spaces.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.browser import NO_CHROMIUM

DOCUMENT = Path("docs/acceptance.md")

_ROW = re.compile(r"\*\*(?P<number>\d+)\*\* (?P<says>\S.*)")
_PROOF = re.compile(r"- (?P<where>server|browser) `(?P<test>[\w/]+\.py(?:::\w+){1,2})`(?:: \S.*)?")
_EXCUSE = re.compile(r"- not in a browser: (?P<reason>\S.*)")


@dataclass(frozen=True)
class Row:
    """One row: its number in the list, what must hold, and what proves it, by node id."""

    number: int
    says: str
    server: tuple[str, ...] = ()
    browser: tuple[str, ...] = ()
    excuse: str = ""
    """Why no browser shows it."""

    @property
    def tests(self) -> tuple[str, ...]:
        """All that prove it."""
        return (*self.server, *self.browser)


def read(text: str) -> tuple[Row, ...]:
    """The rows in their order. ValueError names the block that is not of the format."""
    _, _, body = text.partition("\n## ")
    rows: list[Row] = []
    for block in re.split(r"\n\s*\n", f"## {body}".strip()):
        if block.startswith("- ") and rows and not rows[-1].tests:
            rows[-1] = _proved(rows[-1], block)
        elif row := _ROW.fullmatch(" ".join(block.splitlines())):
            rows.append(Row(int(row["number"]), row["says"]))
        elif not re.fullmatch(r"## .+", block):
            raise ValueError(f"neither a group nor a row nor its tests:\n{block}")
    return tuple(rows)


def _proved(row: Row, block: str) -> Row:
    for line in block.replace("\n  ", " ").splitlines():
        if proof := _PROOF.fullmatch(line):
            if proof["where"] == "server":
                row = replace(row, server=(*row.server, proof["test"]))
            else:
                row = replace(row, browser=(*row.browser, proof["test"]))
        elif excuse := _EXCUSE.fullmatch(line):
            row = replace(row, excuse=excuse["reason"])
        else:
            raise ValueError(f"row {row.number}: no test and no reason:\n{line}")
    return row


def watch(config: pytest.Config) -> None:
    """Hold this run to the list, if it is one of all tests. Where workers run them, whoever hears them all judges."""
    if not hasattr(config, "workerinput") and _is_whole(config):
        text = (config.rootpath / DOCUMENT).read_text("utf-8")
        config.pluginmanager.register(Judge(read(text)), "acceptance")


def _is_whole(config: pytest.Config) -> bool:
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS and config.args != config.getini("testpaths")
    narrowing = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")
    return not named and not any(config.getoption(option, None) for option in narrowing)


@dataclass
class Judge:
    """Hears how every test ended, and says which rows are not proved."""

    rows: tuple[Row, ...]
    _ends: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _told: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Every parametrization of a test counts, and so does what it leaves behind."""
        if report.when == "call" or not report.passed:
            self._ends[report.nodeid.partition("[")[0]].add(_end(report))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A run that was broken off says nothing of what it did not come to."""
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or session.shouldfail:
            return
        open_here = {end for end in (NO_CHROMIUM,) if os.environ.get("TEAN_BROWSER") != "required"}
        failed = [*self._unproved({"failed", "skipped", "not run", NO_CHROMIUM} - open_here)]
        waiting = {row.number for row, _, _ in self._unproved(open_here)} - {row.number for row, _, _ in failed}
        self._told = [f"row {row.number}: {test}: {end}" for row, test, end in failed]
        if failed:
            self._told.append(f"not proved: {_numbers({row.number for row, _, _ in failed})}")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if waiting:
            self._told.append(f"not proved here, for want of a Chromium: {_numbers(waiting)}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The rows, after everything else."""
        if self._told:
            terminalreporter.section("acceptance")
            for line in self._told:
                terminalreporter.write_line(line)

    def _unproved(self, ends: set[str]) -> Iterator[tuple[Row, str, str]]:
        """Each row and test of it that ended in one of these ways."""
        for row in self.rows:
            for test in row.tests:
                yield from ((row, test, end) for end in sorted(self._ends.get(test, {"not run"}) & ends))


def _end(report: pytest.TestReport) -> str:
    if report.skipped and NO_CHROMIUM in str(report.longrepr):
        return NO_CHROMIUM
    return str(report.outcome)


def _numbers(rows: set[int]) -> str:
    return f"{'row' if len(rows) == 1 else 'rows'} {', '.join(map(str, sorted(rows)))}"
