"""Setting up: once, told step by step, and one sentence when it cannot be done."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from infra import environment
from infra.environment import CannotSetUp, Progress, Setup, check_machine, main, reason_in

LOG = Path("setup.log")


class Recorded(Setup):
    """Notes what would be done."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.done: list[str] = []

    def _make(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.done.append(f"make {folder.name}")

    def _pip(self, folder: Path, what: list[str], total: int) -> None:
        self.done.append(f"{folder.name}: {what[-1].rpartition('/')[2]} {total}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "requirements").mkdir(parents=True)
    for name, packages in {"run": 2, "dev": 3, "ministack": 1}.items():
        text = "".join(f"package{n}==1.0 \\\n    --hash=sha256:0\n" for n in range(packages))
        (folder / "requirements" / f"{name}.txt").write_text(text)
    (folder / "pyproject.toml").write_text("[project]")
    return folder


def prepare(root: Path, profile: str) -> list[str]:
    setup = Recorded(root)
    setup.prepare(profile)
    return setup.done


RUN = ["make .venv", ".venv: run.txt 2", ".venv: checkout 1", "make ministack", "ministack: ministack.txt 1"]


def test_the_first_time_everything_is_set_up_and_the_second_time_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare(root, "run") == RUN
    told = capsys.readouterr().out.splitlines()
    assert [line[:5] for line in told] == [f"[{n}/5]" for n in range(1, 6)]
    assert "2 个包" in told[1]
    assert prepare(root, "run") == []
    assert capsys.readouterr().out == ""


def test_what_tests_need_holds_what_running_needs(root: Path) -> None:
    prepare(root, "run")
    assert ".venv: dev.txt 3" in prepare(root, "dev")
    assert (prepare(root, "dev"), prepare(root, "run")) == ([], [])
    (root / ".venv" / "tean-setup.json").unlink()
    prepare(root, "dev")
    assert prepare(root, "run") == []


@pytest.mark.parametrize("file", ["requirements/run.txt", "requirements/ministack.txt", "pyproject.toml"])
def test_a_changed_lock_is_set_up_anew(root: Path, file: str) -> None:
    prepare(root, "run")
    (root / file).write_text((root / file).read_text() + "# changed\n")
    assert prepare(root, "run") == RUN


def test_a_moved_checkout_or_another_python_is_set_up_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(root, "run")
    moved = root.rename(root.parent / "elsewhere")
    assert len(prepare(moved, "run")) == 5
    monkeypatch.setattr(sys, "version", "3.14.0 (other)")
    assert len(prepare(moved, "run")) == 5


@pytest.mark.parametrize("stamp", ["", "[]", "{", '{"run": "other"}'])
def test_an_interrupted_or_damaged_set_up_is_done_again(root: Path, stamp: str) -> None:
    prepare(root, "run")
    (root / ".venv" / "tean-setup.json").write_text(stamp)
    assert prepare(root, "run") == RUN


def test_what_failed_is_not_noted_as_done(root: Path) -> None:
    class Failing(Recorded):
        def _pip(self, folder: Path, what: list[str], total: int) -> None:
            raise CannotSetUp("连不上软件源")

    with pytest.raises(CannotSetUp):
        Failing(root).prepare("run")
    assert prepare(root, "run") == RUN


def test_an_old_python_windows_and_a_missing_venv_are_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(CannotSetUp, match=r"需要 Python 3\.11 或更新的版本，这里是 3\.9"):
        check_machine((3, 9), "linux")
    with pytest.raises(CannotSetUp, match="WSL"):
        check_machine((3, 12), "win32")
    check_machine((3, 11), "darwin")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CannotSetUp, match=r"python3\.12-venv"):
        check_machine((3, 12), "linux")


def test_a_refusal_is_one_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any) -> None:
        raise CannotSetUp("磁盘满了。")

    monkeypatch.setattr(environment, "check_machine", refuse)
    assert main(["run"]) == 1
    assert capsys.readouterr().err == "磁盘满了。\n"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘满了"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "和锁定的不一样"),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError'\n"
            "ERROR: Could not find a version that satisfies the requirement x\nERROR: No matching distribution found",
            "连不上软件源",
        ),
        ("ERROR: No matching distribution found for x==1", "软件源里没有"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "没有写入的权限"),
        ("something new", "原因见 setup.log"),
    ],
)
def test_what_pip_says_becomes_a_sentence_to_act_on(said: str, sentence: str) -> None:
    assert sentence in reason_in(said, LOG)


def test_progress_is_told_every_ten_packages(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(25)
    for number in range(30):
        progress.note(f"{('Collecting', 'Processing', 'Requirement already satisfied:')[number % 3]} package{number}\n")
        progress.note("  Downloading it\n")
    progress.note("Installing collected packages: a, b\n")
    assert capsys.readouterr().out.split() == ["10/25", "20/25", "25/25", "正在写入", "…"]


def test_it_needs_nothing_but_python_and_an_old_one_can_read_it() -> None:
    text = Path(environment.__file__).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 7))
    imported = {
        name.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    imported |= {str(node.module).partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


def test_the_stamp_is_readable_json(root: Path) -> None:
    prepare(root, "run")
    assert set(json.loads((root / ".venv" / "tean-setup.json").read_text())) == {"run"}
