"""Asking to send a file, its verdict, the link that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from schemas.language import FileKind, PersonState
from schemas.uploads import UploadRequest
from tean.adapters.ports.uploads import NotBegun
from tean.domain.errors import Conflict, Forbidden, NotFound, TooLarge, TooOften, Unavailable
from tean.domain.files import Upload
from tean.domain.membership import Membership
from tean.domain.turns import Allowance, Turn
from tean.services.uploads import UploadService, evidence_key, thumbnail_key
from tests.fakes import builders, scenes
from tests.fakes.store import FakeStore
from tests.fakes.uploading import BUCKETS, GATE, IDS, LIMIT, ME, PHOTO, World, digest

COLLEAGUE = builders.membership("P2")
STRANGER = builders.membership("P1", unit=builders.OTHER_UNIT)


@pytest.fixture
def world() -> World:
    return World()


def test_a_policy_permits_this_file_of_this_person_and_nothing_else(world: World) -> None:
    policy = world.uploads.request_upload(ME, PHOTO)
    assert policy.file == f"P1.{IDS[0]}"
    assert policy.url == "https://tean-incoming.s3.cn-northwest-1.amazonaws.com.cn"
    assert policy.fields["key"] == f"{builders.UNIT}/P1/P1.{IDS[0]}"
    assert policy.fields["Content-Type"] == "image/jpeg"
    assert policy.expires_at == world.clock.now + timedelta(minutes=10)
    GATE.post(policy.fields, LIMIT, world.clock.now)


def test_what_was_permitted_is_noted_as_waiting_for_a_verdict(world: World) -> None:
    signature = UploadRequest(kind=FileKind.SIGNATURE, content_type="image/png", size=1)
    file = world.uploads.request_upload(ME, signature).file
    assert world.upload(file) == Upload(
        unit=builders.UNIT,
        person="P1",
        file=file,
        kind=FileKind.SIGNATURE,
        content_type="image/png",
        requested_at=world.clock.now,
        look_at=world.clock.now + timedelta(minutes=15),
    )


def test_what_a_photo_is_said_to_show_is_noted_with_it(world: World) -> None:
    file = world.uploads.request_upload(ME, PHOTO.model_copy(update={"target": "E-1"})).file
    assert world.upload(file).target == "E-1"


def test_two_files_never_share_a_name(world: World) -> None:
    assert world.uploads.request_upload(ME, PHOTO).file != world.uploads.request_upload(ME, PHOTO).file
    fresh = UploadService(world.store, world.uploads.signer, BUCKETS, world.clock, LIMIT, scenes.PLENTY)
    first, second = (fresh.request_upload(ME, PHOTO).file for _ in range(2))
    assert first != second
    assert len(first) == len("P1.") + 32


@pytest.mark.parametrize(
    "wrong",
    [
        {"content_type": "image/gif"},
        {"content_type": "text/html"},
        {"size": 0},
        {"kind": "film"},
        {"key": "mine"},
        {"target": "E#1"},
    ],
)
def test_a_request_asks_for_a_jpeg_or_png_of_at_least_one_byte_and_for_nothing_else(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        UploadRequest.model_validate({**PHOTO.model_dump(), **wrong})


def test_a_file_over_the_limit_is_refused_before_it_is_sent_and_nothing_is_noted(world: World) -> None:
    with pytest.raises(TooLarge, match="文件超过 2 MB，请压缩后重新上传。") as refused:
        world.uploads.request_upload(ME, PHOTO.model_copy(update={"size": LIMIT + 1}))
    assert (refused.value.code, refused.value.details) == ("file.too_large", {"most": LIMIT})
    assert world.store.upload(builders.UNIT, "P1", f"P1.{IDS[0]}") is None


def test_who_asks_too_often_is_told_when_to_try_again_and_nothing_is_noted(world: World) -> None:
    world.uploads = replace(world.uploads, allowance=Allowance(2, timedelta(hours=1)), new_id=iter(IDS * 2).__next__)
    for _ in range(2):
        world.uploads.request_upload(ME, PHOTO)
    world.clock.move(minutes=17, seconds=30)
    with pytest.raises(TooOften, match="上传太频繁了，请过 43 分钟再试。") as refused:
        world.uploads.request_upload(ME, PHOTO)
    assert (refused.value.code, refused.value.wait) == ("file.too_often", 42 * 60 + 30)
    assert world.store.upload(builders.UNIT, "P1", f"P1.{IDS[2]}") is None
    assert world.uploads.request_upload(COLLEAGUE, PHOTO), "the turns of one are not those of another"


def test_who_was_dismissed_may_not_send_a_file(world: World) -> None:
    scenes.change(world.store, builders.person("P1", state=PersonState.DISMISSED))
    with pytest.raises(Forbidden) as refused:
        world.uploads.request_upload(ME, PHOTO)
    assert refused.value.code == "person.dismissed"


def test_a_person_sees_the_verdict_on_his_own_file(world: World) -> None:
    file = world.send(b"photo")
    assert world.uploads.status(ME, file).model_dump(exclude_none=True) == {"file": file, "verdict": "pending"}
    world.deliver(file)
    status = world.uploads.status(ME, file)
    assert status.model_dump(exclude_none=True) == {
        "file": file,
        "verdict": "verified",
        "size": 5,
        "sha256": digest(b"photo"),
    }


@pytest.mark.parametrize("who", [COLLEAGUE, STRANGER])
def test_nobody_else_is_told_that_a_file_exists(world: World, who: Any) -> None:
    file = world.send(b"photo")
    with pytest.raises(NotFound) as refused:
        world.uploads.status(who, file)
    assert refused.value.code == "file.unknown"


def test_every_member_of_the_unit_may_read_a_verified_file(world: World) -> None:
    file = world.send(b"photo")
    world.deliver(file)
    link = world.uploads.link(COLLEAGUE, file)
    evidence = replace(GATE, bucket=BUCKETS.evidence)
    for url, key in ((link.url, evidence_key), (link.thumbnail_url, thumbnail_key)):
        evidence.get(url, world.clock.now)
        assert urlsplit(url).path == f"/{key(world.upload(file))}"
        assert urlsplit(url).netloc == "tean-evidence.s3.cn-northwest-1.amazonaws.com.cn"
    assert "response-content-type=image%2Fpng" in link.url
    assert (link.content_type, link.expires_at) == ("image/png", world.clock.now + timedelta(minutes=10))


def test_another_unit_is_not_told_that_a_file_exists(world: World) -> None:
    file = world.send(b"photo")
    world.deliver(file)
    with pytest.raises(NotFound) as refused:
        world.uploads.link(STRANGER, file)
    assert refused.value.code == "file.unknown"


@pytest.mark.parametrize("data", [None, b"bad bytes"])
def test_a_file_that_is_not_verified_has_no_link(world: World, data: bytes | None) -> None:
    file = world.send(data or b"waiting")
    if data:
        world.deliver(file)
    with pytest.raises(Conflict) as refused:
        world.uploads.link(ME, file)
    assert refused.value.code == "file.not_verified"


Operation = Callable[[World, str], object]
BUDGETS: Mapping[str, tuple[Operation, list[str]]] = {
    "request": (lambda world, _: world.uploads.request_upload(ME, PHOTO), ["begin"]),
    "status": (lambda world, file: world.uploads.status(ME, file), ["upload"]),
    "link": (lambda world, file: world.uploads.link(ME, file), ["upload"]),
}


@pytest.mark.parametrize("operation", BUDGETS)
def test_each_operation_costs_one_call_to_the_store_and_none_to_the_buckets(operation: str) -> None:
    calls: list[str] = []

    class CountingStore(FakeStore):
        def begin(self, member: Membership, upload: Upload, turn: Turn) -> NotBegun | None:
            calls.append("begin")
            return super().begin(member, upload, turn)

        def upload(self, unit: str, person: str, file: str) -> Upload | None:
            calls.append("upload")
            return super().upload(unit, person, file)

    world = World(store=CountingStore())
    file = world.send(b"photo")
    world.deliver(file)
    calls.clear()
    world.objects.read.clear()
    act, expected = BUDGETS[operation]
    act(world, file)
    assert (calls, world.objects.read) == (expected, [])


def test_who_met_nothing_but_other_traffic_is_asked_to_send_it_again() -> None:
    class Busy(FakeStore):
        def begin(self, member: Membership, upload: Upload, turn: Turn) -> NotBegun:
            return NotBegun()

    with pytest.raises(Unavailable) as refusal:
        World(store=Busy()).uploads.request_upload(ME, PHOTO)
    assert refusal.value.code == "file.contended"
