"""Verdicts on uploaded files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from schemas.language import FileKind, Verdict
from tean.adapters.ports.common import SHARDS
from tean.adapters.ports.store import Store
from tean.domain.files import Upload
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
    store.begin(upload)

    assert store.upload(UNIT, upload.person, upload.file) == upload


def test_a_file_is_found_under_its_own_person_and_unit_only(store: Store) -> None:
    upload = builders.upload()
    store.begin(upload)

    assert store.upload(UNIT, "P2", upload.file) is None
    assert store.upload(OTHER_UNIT, "P1", upload.file) is None
    assert store.upload(UNIT, "P1", upload.file + "0") is None


def test_a_verified_file_comes_back_with_what_the_worker_found(store: Store) -> None:
    told = scenes.settled(store)

    assert store.upload(UNIT, "P1", told.file) == told


def test_a_refused_file_comes_back_with_its_reason(store: Store) -> None:
    store.begin(builders.upload())

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
    store.begin(builders.upload())

    assert store.upload(UNIT, "P1", told.file) == told


def test_a_verdict_is_on_one_file_only(store: Store) -> None:
    told, other = scenes.settled(store), builders.upload(file=f"P1.{HEX[::-1]}")
    store.begin(other)

    assert store.upload(UNIT, "P1", other.file) == other
    assert store.upload(UNIT, "P1", told.file) == told


def test_a_file_that_was_never_begun_gets_no_verdict(store: Store) -> None:
    assert store.settle(REFUSED) is False
    assert store.upload(UNIT, "P1", REFUSED.file) is None


def waiting(store: Store, count: int) -> Sequence[Upload]:
    """Files that are to be looked after one minute after the other."""
    uploads = [
        builders.upload(file=f"P1.{number:032x}", look_at=builders.NOW + timedelta(minutes=number))
        for number in range(count)
    ]
    for upload in reversed(uploads):
        store.begin(upload)
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
