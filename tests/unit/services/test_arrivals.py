"""What the worker does with files that arrived, whatever arrives and whenever it dies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from imaging.examine import examine
from schemas.language import FileKind, Verdict
from schemas.uploads import UploadRequest
from tean.domain.files import Upload
from tean.domain.pictures import Caption, Examined, Refused
from tean.services.uploads import evidence_key, incoming_key, thumbnail_key
from tests.fakes import builders, scenes
from tests.fakes.pictures import file_of, jpeg, opened, scene
from tests.fakes.store import FakeStore
from tests.fakes.uploading import BUCKETS, IDS, LIMIT, ME, PHOTO, World, cleaned, digest, notification


@pytest.fixture
def world() -> World:
    return World()


def test_a_good_file_is_verified_and_its_cleaned_copy_kept(world: World) -> None:
    file = world.send(b"photo")
    world.deliver(file)
    kept = world.upload(file)
    assert kept == replace(
        builders.upload(file=file, requested_at=world.clock.now),
        verdict=Verdict.VERIFIED,
        content_type="image/png",
        sha256=digest(b"photo"),
        stored_sha256=digest(b"PHOTO"),
        size=5,
        width=640,
        height=480,
    )
    assert evidence_key(kept) == f"{builders.UNIT}/{file}.{digest(b'PHOTO')}"
    assert world.objects.stored[BUCKETS.evidence, evidence_key(kept)] == (b"PHOTO", "image/png")
    assert world.objects.stored[BUCKETS.evidence, thumbnail_key(kept)] == (b"PH", "image/jpeg")


def test_on_a_photo_is_written_what_the_unit_has_registered(world: World) -> None:
    world.store.apply(builders.changes())
    file = world.send(b"photo", world.uploads.request_upload(ME, PHOTO.model_copy(update={"target": "E-1"})))
    world.deliver(file)
    person, target = world.store.sender_and_target(builders.UNIT, "P1", "E-1")
    assert person
    assert target
    assert world.captions == [(f"上传 2026-11-23 09:00  P1 {person.name}", f"所选 1 {target.name}")]


def test_what_another_unit_has_registered_is_not_written(world: World) -> None:
    elsewhere = builders.roster(unit=builders.unit(builders.OTHER_UNIT), targets=(builders.target("E-9"),))
    world.store.apply(builders.changes(elsewhere, phones_added=()))
    world.deliver(world.send(b"photo", world.uploads.request_upload(ME, PHOTO.model_copy(update={"target": "E-9"}))))
    assert world.captions == [(f"上传 2026-11-23 09:00  P1 {builders.person('P1').name}",)]


def test_a_signature_stays_as_it_was_drawn(world: World) -> None:
    signature = PHOTO.model_copy(update={"kind": FileKind.SIGNATURE, "target": "E-1"})
    world.deliver(world.send(b"stroke", world.uploads.request_upload(ME, signature)))
    assert world.captions == [()]


def test_a_refused_file_says_why_and_leaves_nothing_among_the_evidence(world: World) -> None:
    file = world.send(b"bad bytes")
    world.deliver(file)
    status = world.uploads.status(ME, file)
    assert (status.verdict, status.reason) == (Verdict.REFUSED, "图片不完整或已损坏，请重新拍照后上传。")
    assert (status.size, status.sha256) == (9, digest(b"bad bytes"))
    assert world.objects.keys(BUCKETS.evidence) == []


@pytest.mark.parametrize("declared", ["image/jpeg", "image/png"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_file_is_kept_as_what_it_is_whatever_it_was_called(world: World, declared: str, kind: str) -> None:
    asked = UploadRequest.model_validate({**PHOTO.model_dump(), "content_type": declared})
    file = world.send(file_of(scene(), kind), world.uploads.request_upload(ME, asked))
    replace(world.arrivals, examine=examine).settle(notification(incoming_key(world.upload(file))))
    kept = world.upload(file)
    content, content_type = world.objects.stored[BUCKETS.evidence, evidence_key(kept)]
    assert opened(content).format == kind
    assert kept.content_type == content_type == f"image/{kind.lower()}"
    assert f"response-content-type=image%2F{kind.lower()}" in world.uploads.link(ME, file).url


@pytest.mark.parametrize("declared", ["image/jpeg", "image/png"])
@pytest.mark.parametrize("data", [b"<html>", b"%PDF-1.7", b"", jpeg()[:900]], ids=["html", "pdf", "nothing", "cut"])
def test_what_is_no_whole_picture_is_refused_whatever_it_was_called(world: World, declared: str, data: bytes) -> None:
    asked = UploadRequest.model_validate({**PHOTO.model_dump(), "content_type": declared})
    file = world.send(data, world.uploads.request_upload(ME, asked))
    replace(world.arrivals, examine=examine).settle(notification(incoming_key(world.upload(file))))
    assert world.upload(file).verdict is Verdict.REFUSED
    assert world.objects.keys(BUCKETS.evidence) == []


def test_the_limit_is_checked_again_on_arrival_without_reading_more_than_it(world: World) -> None:
    exact, over = world.send(b"x" * LIMIT), world.send(b"x" * (LIMIT + 1))
    world.deliver(exact, over)
    assert world.upload(exact).verdict is Verdict.VERIFIED
    assert (world.upload(over).verdict, world.upload(over).reason) == (
        Verdict.REFUSED,
        "文件超过 2 MB，请压缩后重新上传。",
    )
    assert {most for _, _, most in world.objects.read} == {LIMIT + 1}
    assert [len(data) for data in world.examined] == [LIMIT]


def test_a_second_delivery_changes_nothing(world: World) -> None:
    file = world.send(b"photo")
    world.deliver(file)
    before, stored = world.upload(file), dict(world.objects.stored)
    world.deliver(file)
    assert (world.upload(file), world.objects.stored, len(world.examined)) == (before, stored, 1)


def test_other_bytes_sent_after_the_verdict_are_not_looked_at(world: World) -> None:
    policy = world.uploads.request_upload(ME, PHOTO)
    world.deliver(world.send(b"photo", policy))
    world.deliver(world.send(b"forgery", policy))
    assert world.upload(policy.file).stored_sha256 == digest(b"PHOTO")
    assert not any(content == b"FORGERY" for content, _ in world.objects.stored.values())


def test_other_bytes_judged_at_the_same_time_never_come_to_lie_under_the_verdict(world: World) -> None:
    policy = world.uploads.request_upload(ME, PHOTO)
    file = world.send(b"photo", policy)

    def overtaken(data: bytes, caption: Caption) -> Examined | Refused:
        # While these bytes are examined, others arrive under the same key and are judged by another worker.
        world.deliver(world.send(b"other", policy))
        return cleaned(data)

    replace(world.arrivals, examine=overtaken).settle(notification(incoming_key(world.upload(file))))
    kept = world.upload(file)
    content, _ = world.objects.stored[BUCKETS.evidence, evidence_key(kept)]
    assert kept.stored_sha256 == digest(content) == digest(b"OTHER")


@pytest.mark.parametrize("put", [1, 2])
def test_a_worker_that_dies_between_its_writes_leaves_no_verdict_and_the_next_one_ends_right(
    world: World, put: int
) -> None:
    file = world.send(b"photo")
    world.objects.dies_at = put
    with pytest.raises(ExceptionGroup, match="files were not judged"):
        world.deliver(file)
    assert world.upload(file).verdict is Verdict.PENDING
    world.deliver(file)
    kept = world.upload(file)
    assert kept.verdict is Verdict.VERIFIED
    assert world.objects.keys(BUCKETS.evidence) == [evidence_key(kept), thumbnail_key(kept)]


def test_a_verdict_is_written_only_after_both_copies_are_there(world: World) -> None:
    class WatchedStore(FakeStore):
        def settle(self, upload: Upload) -> bool:
            assert world.objects.keys(BUCKETS.evidence) == [evidence_key(upload), thumbnail_key(upload)]
            return super().settle(upload)

    store = WatchedStore()
    scenes.begun(store, builders.upload())
    world.objects.stored[BUCKETS.incoming, incoming_key(builders.upload())] = (b"photo", "image/jpeg")
    replace(world.arrivals, store=store).settle_arrival(incoming_key(builders.upload()))
    settled = store.upload(builders.UNIT, "P1", builders.upload().file)
    assert settled is not None
    assert settled.verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    "key",
    [
        f"{builders.UNIT}/P1/P1.{'9' * 32}",
        f"{builders.UNIT}/P2/P1.{IDS[0]}",
        f"{builders.OTHER_UNIT}/P1/P1.{IDS[0]}",
        f"{builders.UNIT}/P1.{IDS[0]}",
        f"{builders.UNIT}/P1/P1.{IDS[0]}/more",
        f"/P1/P1.{IDS[0]}",
        f"{builders.UNIT}//P1.{IDS[0]}",
        f"{builders.UNIT}/P1/",
        "",
    ],
)
def test_an_arrival_nobody_asked_for_is_left_alone(key: str) -> None:
    class StrictStore(FakeStore):
        def upload(self, unit: str, person: str, file: str) -> Upload | None:
            assert all((unit, person, file)), "DynamoDB refuses empty keys, again and again"
            return super().upload(unit, person, file)

    world = World(store=StrictStore())
    file = world.send(b"photo")
    world.objects.stored[BUCKETS.incoming, key] = (b"smuggled", "image/jpeg")
    world.arrivals.settle(notification(key))
    assert world.upload(file).verdict is Verdict.PENDING
    assert (world.examined, world.objects.keys(BUCKETS.evidence)) == ([], [])


def test_an_arrival_that_is_gone_is_left_alone(world: World) -> None:
    file = world.uploads.request_upload(ME, PHOTO).file
    world.deliver(file)
    assert world.upload(file).verdict is Verdict.PENDING


def test_keys_of_a_notification_are_decoded(world: World) -> None:
    who = builders.membership("P1", unit="UNIT +%")
    people = (builders.person(),)
    world.store.apply(builders.changes(unit=builders.unit("UNIT +%"), people=people, phones_added=()))
    policy = world.uploads.request_upload(who, PHOTO)
    world.send(b"photo", policy)
    event = notification(policy.fields["key"])
    assert event["Records"][0]["s3"]["object"]["key"].startswith("UNIT+%2B%25%2FP1")
    world.arrivals.settle(event)
    assert world.uploads.status(who, policy.file).verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    "event",
    [
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "tean-incoming"},
        {"Records": []},
        {"Records": None},
        {"Records": [{"s3": {}}, None, {"s3": {"object": {"key": 7}}}, "text"]},
        {},
        None,
        [],
        "text",
    ],
)
def test_an_event_that_names_no_file_is_passed_over(world: World, event: Any) -> None:
    world.arrivals.settle(event)
    assert world.examined == []


def test_an_unreadable_or_failing_file_does_not_keep_the_others_from_their_verdict(world: World) -> None:
    broken, good = world.send(b"broken"), world.send(b"photo")
    event = notification(*(f"{builders.UNIT}/P1/{file}" for file in (broken, good)))
    event["Records"].insert(0, {"eventName": "ObjectCreated:Post"})

    def failing(data: bytes, caption: Caption) -> Examined | Refused:
        if data == b"broken":
            raise MemoryError
        return cleaned(data)

    with pytest.raises(ExceptionGroup) as failed:
        replace(world.arrivals, examine=failing).settle(event)
    assert [type(failure) for failure in failed.value.exceptions] == [MemoryError]
    assert (world.upload(broken).verdict, world.upload(good).verdict) == (Verdict.PENDING, Verdict.VERIFIED)
