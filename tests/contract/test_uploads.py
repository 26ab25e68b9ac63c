"""Verdicts on uploaded files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.language import FileKind, Verdict
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
