"""Verdicts on uploaded files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.language import FileKind, PersonState, Role, Verdict
from tean.adapters.ports.common import SHARDS
from tean.adapters.ports.store import Store
from tean.adapters.ports.uploads import NotBegun
from tean.domain.files import Upload
from tean.domain.turns import Allowance
from tests.fakes import builders, scenes
from tests.fakes.builders import HEX, OTHER_UNIT, UNIT

REFUSED = builders.upload(verdict=Verdict.REFUSED, sha256="a" * 64, size=12, reason="不是照片，请重新拍照。")


def test_a_file_nobody_asked_for_is_none(store: Store) -> None:
    assert store.upload(UNIT, "P1", f"P1.{HEX}") is None


@pytest.mark.parametrize(
    "upload",
    [
        builders.upload(),
        builders.upload("P-1", kind=FileKind.SIGNATURE, content_type="image/png"),
        builders.upload(requested_at=builders.NOW.replace(microsecond=0)),
        builders.upload(target="E-1", look_at=builders.NOW + timedelta(minutes=15)),
    ],
)
def test_a_begun_upload_comes_back_as_it_was_written(store: Store, upload: Upload) -> None:
    scenes.begun(store, upload)

    assert store.upload(UNIT, upload.person, upload.file) == upload


def test_a_file_is_found_under_its_own_person_and_unit_only(store: Store) -> None:
    upload = builders.upload()
    scenes.begun(store, upload)

    assert store.upload(UNIT, "P2", upload.file) is None
    assert store.upload(OTHER_UNIT, "P1", upload.file) is None
    assert store.upload(UNIT, "P1", upload.file + "0") is None


def test_a_verified_file_comes_back_with_what_the_worker_found(store: Store) -> None:
    told = scenes.settled(store)

    assert store.upload(UNIT, "P1", told.file) == told


def test_a_refused_file_comes_back_with_its_reason(store: Store) -> None:
    scenes.begun(store, builders.upload())

    assert store.settle(REFUSED) is True
    assert store.upload(UNIT, "P1", REFUSED.file) == REFUSED


@pytest.mark.parametrize("first", [Verdict.VERIFIED, Verdict.REFUSED])
@pytest.mark.parametrize("second", [Verdict.VERIFIED, Verdict.REFUSED])
def test_the_first_verdict_stands(store: Store, first: Verdict, second: Verdict) -> None:
    told = scenes.settled(store, verdict=first)

    assert store.settle(replace(told, verdict=second, sha256="f" * 64, size=1)) is False
    assert store.upload(UNIT, "P1", told.file) == told


def test_a_file_begun_again_keeps_its_verdict(store: Store) -> None:
    told = scenes.settled(store)
    member, turn = builders.membership(), scenes.PLENTY.turn(builders.NOW)

    assert store.begin(member, builders.upload(), turn) == NotBegun()
    assert store.upload(UNIT, "P1", told.file) == told


def test_a_verdict_is_on_one_file_only(store: Store) -> None:
    told, other = scenes.settled(store), builders.upload(file=f"P1.{HEX[::-1]}")
    scenes.begun(store, other)

    assert store.upload(UNIT, "P1", other.file) == other
    assert store.upload(UNIT, "P1", told.file) == told


def test_a_file_that_was_never_begun_gets_no_verdict(store: Store) -> None:
    assert store.settle(REFUSED) is False
    assert store.upload(UNIT, "P1", REFUSED.file) is None


# --- how often ------------------------------------------------------------------------------------------------------

TWICE = Allowance(2, timedelta(hours=1))


def ask(store: Store, n: int, who: str = "P1", *, later: timedelta = timedelta(0), unit: str = UNIT) -> NotBegun | None:
    """``who`` asks to send his n-th file."""
    upload = builders.upload(who, unit=unit, file=f"{who}.{n:032x}")
    member = builders.membership(who, unit=unit)
    return store.begin(member, upload, TWICE.turn(builders.NOW + later))


def test_a_person_has_so_many_turns_in_a_window_and_as_many_in_the_next(store: Store) -> None:
    scenes.enrol(store)
    assert [ask(store, n) for n in range(2)] == [None, None]
    assert ask(store, 2) == NotBegun(dismissed=False, too_often=True)
    assert store.upload(UNIT, "P1", f"P1.{2:032x}") is None
    assert ask(store, 2, later=timedelta(hours=1)) is None


def test_the_turns_of_one_are_not_those_of_a_colleague_or_of_his_namesake_elsewhere(store: Store) -> None:
    scenes.enrol(store)
    store.apply(builders.changes(builders.roster(unit=builders.unit(OTHER_UNIT)), phones_added=()))
    assert [ask(store, n) for n in range(2)] == [None, None]
    assert ask(store, 0, "P2") is None
    assert ask(store, 0, unit=OTHER_UNIT) is None


@pytest.mark.parametrize("fields", [{"state": PersonState.DISMISSED}, {"role": Role.DIRECTOR}])
def test_who_does_not_hold_his_post_any_more_takes_no_turn_and_begins_nothing(store: Store, fields: Any) -> None:
    scenes.enrol(store)
    scenes.change(store, builders.person("P1", **fields))
    refused = ask(store, 1)
    assert refused is not None
    assert refused.dismissed
    assert store.upload(UNIT, "P1", f"P1.{1:032x}") is None


# --- what is looked after -------------------------------------------------------------------------------------------


def waiting(store: Store, count: int) -> Sequence[Upload]:
    """Files that are to be looked after one minute after the other."""
    uploads = [
        builders.upload(file=f"P1.{number:032x}", look_at=builders.NOW + timedelta(minutes=number))
        for number in range(count)
    ]
    for upload in reversed(uploads):
        scenes.begun(store, upload)
    return uploads


def pending(store: Store, until: datetime) -> Sequence[Upload]:
    """Of all shards, by when they are to be looked after."""
    found = [upload for shard in range(SHARDS) for upload in store.pending(shard, until, 50)]
    return sorted(found, key=lambda upload: upload.look_at or until)


def test_what_has_no_verdict_is_found_once_it_is_to_be_looked_after(store: Store) -> None:
    uploads = waiting(store, 40)

    assert pending(store, builders.NOW - timedelta(minutes=1)) == []
    assert pending(store, builders.NOW + timedelta(minutes=20)) == uploads[:21]
    assert pending(store, builders.NOW + timedelta(days=1)) == uploads


def test_a_shard_tells_of_those_that_have_waited_longest(store: Store) -> None:
    waiting(store, 40)
    late = builders.NOW + timedelta(days=1)

    for shard in range(SHARDS):
        everything = store.pending(shard, late, 50)
        assert store.pending(shard, late, 1) == everything[:1]


@pytest.mark.parametrize("verdict", [Verdict.VERIFIED, Verdict.REFUSED])
def test_what_has_a_verdict_is_looked_after_no_more(store: Store, verdict: Verdict) -> None:
    first, second = waiting(store, 2)
    store.settle(first.settled(verdict))

    assert pending(store, builders.NOW + timedelta(days=1)) == [second]


def test_what_is_put_off_waits_until_then_and_keeps_everything_else(store: Store) -> None:
    first, second = waiting(store, 2)
    later = replace(first, look_at=builders.NOW + timedelta(hours=1))

    assert store.settle(later) is True
    assert pending(store, builders.NOW + timedelta(minutes=30)) == [second]
    assert pending(store, builders.NOW + timedelta(hours=1)) == [second, later]


def test_nothing_with_a_verdict_is_put_off(store: Store) -> None:
    told = scenes.settled(store)

    assert store.settle(builders.upload(look_at=builders.NOW)) is False
    assert (store.upload(UNIT, "P1", told.file), pending(store, builders.NOW)) == (told, [])
