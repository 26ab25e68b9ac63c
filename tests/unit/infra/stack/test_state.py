"""The state folder keeps its secrets, knows its user, and says when it is damaged."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.stack.state import LOG_BYTES, State
from tean.domain.errors import Problem


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path / "state")
    with state.held():
        yield state


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_only_their_owner_may_read_them(state: State) -> None:
    first = state.secrets()
    assert State(state.folder).secrets() == first
    assert mode(state.folder) == 0o700
    assert mode(state.folder / "secrets.json") == 0o600
    state.note_environment({"TEAN_PEPPER": first.pepper})
    assert mode(state.folder / "environment.json") == 0o600


def test_no_two_folders_share_a_secret(state: State, tmp_path: Path) -> None:
    other = State(tmp_path / "other")
    with other.held():
        ours, theirs = state.secrets().model_dump(), other.secrets().model_dump()
    assert [name for name in ours if ours[name] == theirs[name]] == []


def test_a_second_user_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with (
        State(folder).held(),
        pytest.raises(Problem, match=r"stack.running.*正被另一个") as refusal,
        State(folder).held(),
    ):
        pass
    assert str(folder) in refusal.value.sentence
    with State(folder).held():
        pass


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Problem, match=r"stack.state_unusable"), State(tmp_path / "file").held():
        pass


@pytest.mark.parametrize("content", ["", "{", "{}", "[]", '{"pepper": 1}', "\x00"])
def test_damaged_secrets_are_named_and_left_alone(state: State, content: str) -> None:
    state.secrets()
    file = state.folder / "secrets.json"
    file.write_text(content)
    with pytest.raises(Problem, match=r"stack.state_damaged.*secrets.json 读不出来"):
        state.secrets()
    assert file.read_text() == content


def test_lost_secrets_are_not_made_anew_over_data_that_needs_the_old_ones(state: State) -> None:
    (state.storage / "dynamodb.json").write_text('{"__ministack_format__": 2}')
    with pytest.raises(Problem, match=r"stack.state_damaged"):
        state.secrets()
    assert not (state.folder / "secrets.json").exists()


@pytest.mark.parametrize("content", ["", '{"__ministack_format__": 2, "payl', "[]", "7", "{}", "\xff"])
def test_a_damaged_snapshot_is_named_before_storage_passes_over_it(state: State, content: str) -> None:
    (state.storage / "s3.json").write_text('{"__ministack_format__": 2}')
    state.check_storage()
    (state.storage / "dynamodb.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(Problem, match=r"stack.state_damaged.*dynamodb.json 读不出来"):
        state.check_storage()


def test_processes_are_noted_and_forgotten(state: State) -> None:
    assert state.noted_processes() == {}
    state.note_processes({"storage": 7})
    assert state.noted_processes() == {"storage": 7}
    for nonsense in ("", "[1]", '{"a": "b"}', '{"a": null}'):
        (state.folder / "processes.json").write_text(nonsense)
        assert state.noted_processes() == {}


def test_the_environment_is_there_while_the_stack_runs(state: State) -> None:
    state.note_environment({"TEAN_TABLE_PREFIX": "tean-local"})
    assert json.loads((state.folder / "environment.json").read_text()) == {"TEAN_TABLE_PREFIX": "tean-local"}
    state.note_environment(None)
    state.note_environment(None)
    assert not (state.folder / "environment.json").exists()


def test_an_overlong_log_is_begun_anew(state: State) -> None:
    log = state.log("pump")
    log.write_bytes(bytes(LOG_BYTES))
    assert state.log("pump").exists()
    log.write_bytes(bytes(LOG_BYTES + 1))
    assert not state.log("pump").exists()
