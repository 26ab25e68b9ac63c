"""The acceptance list holds: every row is there and names tests that exist, and a whole run is judged by it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.acceptance import DOCUMENT, Row, read
from tests.browser import NO_CHROMIUM

ROOT = Path(__file__).parents[2]
WANTED = [*range(1, 44), 45, 46, 53, 54]
ROWS = read((ROOT / DOCUMENT).read_text("utf-8"))
NEVER_RUN = {"skip", "skipif", "xfail"}


def test_every_row_is_there_once_and_in_its_order() -> None:
    assert [row.number for row in ROWS if row.number in WANTED] == WANTED
    assert len({row.number for row in ROWS}) == len(ROWS)


def test_every_row_names_a_server_test_and_a_browser_test_or_why_there_is_none() -> None:
    assert [row.number for row in ROWS if not row.server] == []
    assert [row.number for row in ROWS if bool(row.browser) is bool(row.excuse)] == []


def test_a_test_is_named_as_what_it_is_and_once_in_a_row() -> None:
    for row in ROWS:
        assert all(test.startswith("tests/browser/") for test in row.browser), row.number
        assert not any(test.startswith("tests/browser/") for test in row.server), row.number
        assert Counter(row.tests).most_common(1)[0][1] == 1, row.number


def test_every_named_test_exists_and_is_not_set_aside() -> None:
    named = {test for row in ROWS for test in row.tests}
    assert sorted(test for test in named if test not in runnable_in(test.partition("::")[0])) == []


@cache
def runnable_in(file: str) -> frozenset[str]:
    """The node ids of a file that nothing sets aside; read, not imported."""
    path = ROOT / file
    return frozenset(runnable(ast.parse(path.read_text("utf-8")), file)) if path.is_file() else frozenset()


def runnable(tree: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    if any(sets_aside(node) for node in tree.body if isinstance(node, ast.Assign)):
        return
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or any(map(sets_aside, node.decorator_list)):
            continue
        name = f"{prefix}::{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from runnable(node, name)
        elif node.name.startswith("test_"):
            yield name


def sets_aside(node: ast.AST) -> bool:
    """A decorator, a parameter's mark, or a ``pytestmark``."""
    return any(isinstance(part, ast.Attribute) and part.attr in NEVER_RUN for part in ast.walk(node))


def test_what_is_set_aside_is_found_wherever_it_is_marked() -> None:
    source = """
@pytest.mark.skip
def test_one(): ...
@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.xfail)])
def test_two(n): ...
class TestThree:
    pytestmark = pytest.mark.skipif(True, reason="never")
    def test_four(self): ...
class TestFive:
    def test_six(self): ...
"""
    assert list(runnable(ast.parse(source), "f.py")) == ["f.py::TestFive::test_six"]


# --- the format -----------------------------------------------------------------------------------------------------

INTRODUCTION = "# A list\n\nWhat it is.\n\n## A group\n\n"


def test_a_row_has_its_number_its_words_and_its_tests() -> None:
    text = """**7** It holds
on two lines.

- server `tests/a.py::TestA::test_it`: a part that is told
  on two lines
- browser `tests/browser/b.py::test_it`

## Another group

**8** It holds too.

- server `tests/a.py::test_more`
- not in a browser: nobody sees it
"""
    assert read(INTRODUCTION + text) == (
        Row(7, "It holds on two lines.", ("tests/a.py::TestA::test_it",), ("tests/browser/b.py::test_it",)),
        Row(8, "It holds too.", ("tests/a.py::test_more",), (), "nobody sees it"),
    )


@pytest.mark.parametrize("text", [
    "**7.** It holds.",
    "It holds.",
    "- server `tests/a.py::test_it`",
    "**7** It holds.\n- server `tests/a.py::test_it`\n\nmore",
    "**7** It holds.\n\n- server tests/a.py::test_it",
    "**7** It holds.\n\n- server `tests/a.py`",
    "**7** It holds.\n\n- server `tests/a.py::test_it[1]`",
    "**7** It holds.\n\n- client `tests/a.py::test_it`",
    "**7** It holds.\n\n- server `tests/a.py::test_it` and more",
    "**7** It holds.\n\n- not in a browser",
    "**7** It holds.\n\n- server `tests/a.py::test_it`\n\n- server `tests/a.py::test_more`",
])  # fmt: skip
def test_what_is_not_of_the_format_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither a group nor a row|no test and no reason"):
        read(INTRODUCTION + text)


# --- a whole run ----------------------------------------------------------------------------------------------------

CONFTEST = "from tests.acceptance import watch\ndef pytest_configure(config): watch(config)\n"
PROVED = "def test_it(): ...\nclass TestA:\n    def test_it(self): ...\n"
MANY = "import pytest\n@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_many(n): assert n < {most}\n"
LEAVES = """
import pytest
@pytest.fixture
def leaves(): yield; assert False
def test_leaves(leaves): ...
"""
SKIPPED = "import pytest\ndef test_skipped(): pytest.skip('not today')\n"
GLASS = f"import pytest\ndef test_seen(): pytest.skip({NO_CHROMIUM!r})\n"


def tree(folder: Path, source: str, *rows: str) -> Path:
    """A project of one file of tests and a list whose rows name one test of it each."""
    (folder / "docs").mkdir()
    (folder / "cases").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = cases\naddopts = --import-mode=importlib\n")
    (folder / "cases" / "conftest.py").write_text(CONFTEST)
    (folder / "cases" / "test_a.py").write_text(source, "utf-8")
    listed = [f"**{n}** It holds.\n\n- server `cases/test_a.py::{test}`\n" for n, test in enumerate(rows, 1)]
    (folder / DOCUMENT).write_text(INTRODUCTION + "\n".join(listed), "utf-8")
    return folder


def run(folder: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """The exit code of a run there, and what it says of the acceptance."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "TEAN_"))}
    # Only what the tree needs is loaded: a run costs little more than its start.
    bare = {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=folder, env=inherited | bare | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode, [line for line in done.stdout.splitlines() if line.startswith(("row ", "not proved"))]


def test_a_whole_run_that_proves_every_row_says_nothing(tmp_path: Path) -> None:
    folder = tree(tmp_path, PROVED + MANY.format(most=4), "test_it", "TestA::test_it", "test_many")
    assert run(folder) == (0, [])


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")])
def test_a_row_is_not_proved_by_a_test_that_fails_is_skipped_or_is_not_run(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    source = PROVED + MANY.format(most=3) + LEAVES + SKIPPED
    folder = tree(tmp_path, source, "test_it", "test_many", "test_leaves", "test_skipped", "TestA::test_gone")
    assert run(folder, *workers) == (1, [
        "row 2: cases/test_a.py::test_many: failed",
        "row 3: cases/test_a.py::test_leaves: failed",
        "row 4: cases/test_a.py::test_skipped: skipped",
        "row 5: cases/test_a.py::TestA::test_gone: not run",
        "not proved: rows 2, 3, 4, 5",
    ])  # fmt: skip


def test_one_row_that_is_not_proved_fails_a_run_in_which_nothing_else_does(tmp_path: Path) -> None:
    folder = tree(tmp_path, PROVED, "test_it", "test_gone")
    assert run(folder) == (1, ["row 2: cases/test_a.py::test_gone: not run", "not proved: row 2"])


def test_a_run_of_some_tests_is_not_held_to_the_list(tmp_path: Path) -> None:
    folder = tree(tmp_path, PROVED, "test_it", "test_gone")
    for arguments in (("-k", "test_it"), ("cases/test_a.py",)):
        assert run(folder, *arguments) == (0, []), arguments
    assert run(folder, "cases")[0] == 1, "all of them, by name"


def test_without_a_chromium_a_row_is_not_proved_here_and_fails_only_where_one_is_required(tmp_path: Path) -> None:
    folder = tree(tmp_path, PROVED + GLASS, "test_it", "test_seen")
    assert run(folder) == (0, ["not proved here, for want of a Chromium: row 2"])
    assert run(folder, TEAN_BROWSER="required") == (
        1, [f"row 2: cases/test_a.py::test_seen: {NO_CHROMIUM}", "not proved: row 2"],
    )  # fmt: skip
