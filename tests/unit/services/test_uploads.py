"""Files from the permission to send one to the link that shows it (issue 2, item 9)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import pytest
from pydantic import ValidationError

from schemas.language import FileKind, Verdict
from schemas.uploads import UploadPolicy, UploadRequest
from tean.adapters.objects import Examined, Refused
from tean.adapters.signing import Signer
from tean.domain.errors import Conflict, NotFound, TooLarge
from tean.domain.files import Upload
from tean.services.uploads import ArrivalService, Buckets, UploadService, evidence_key, incoming_key, thumbnail_key
from tests.fakes import builders
from tests.fakes.clock import FakeClock
from tests.fakes.objects import FakeObjects
from tests.fakes.sigv4 import Gate
from tests.fakes.store import FakeStore

REGION = "cn-northwest-1"
GATE = Gate("tean-incoming", REGION, "AKIDEXAMPLE", "secret-of-the-tests")
BUCKETS = Buckets("tean-incoming", "tean-evidence")
LIMIT = 2 * 2**20
IDS = ("0" * 32, "1" * 32, "2" * 32)
PHOTO = UploadRequest(kind=FileKind.PHOTO, content_type="image/jpeg", size=1000)
ME = builders.membership("P1")
COLLEAGUE = builders.membership("P2")
STRANGER = builders.membership("P1", unit=builders.OTHER_UNIT)


class _Keys:
    access_key = GATE.access_key
    secret_key = GATE.secret_key
    token = None


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def cleaned(data: bytes) -> Examined | Refused:
    """An examination that needs no picture: upper case is clean."""
    if data.startswith(b"bad"):
        return Refused("file.damaged", "图片不完整或已损坏，请重新拍照后上传。")
    return Examined(data.upper(), "image/png", 640, 480, data[:2].upper(), "image/jpeg")


@dataclass
class World:
    """The store, the buckets, and both sides of the services around them."""

    store: FakeStore = field(default_factory=FakeStore)
    objects: FakeObjects = field(default_factory=FakeObjects)
    clock: FakeClock = field(default_factory=FakeClock)
    examined: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        ids = iter(IDS)
        signer = Signer(REGION, self.clock, _Keys)
        self.uploads = UploadService(self.store, signer, BUCKETS, self.clock, LIMIT, lambda: next(ids))
        self.arrivals = ArrivalService(self.store, self.objects, self._examine, BUCKETS, LIMIT)

    def _examine(self, data: bytes) -> Examined | Refused:
        self.examined.append(data)
        return cleaned(data)

    def send(self, data: bytes, policy: UploadPolicy | None = None) -> str:
        """Ask for a policy, if there is none, and bring the file where it points to; the file's id."""
        policy = policy or self.uploads.request_upload(ME, PHOTO)
        self.objects.stored[BUCKETS.incoming, policy.fields["key"]] = (data, "image/jpeg")
        return policy.file

    def deliver(self, *files: str) -> None:
        """The notification S3 sends for files of P1."""
        self.arrivals.settle(notification(*(f"{builders.UNIT}/P1/{file}" for file in files)))

    def upload(self, file: str) -> Upload:
        found = self.store.upload(builders.UNIT, "P1", file)
        assert found is not None
        return found


def notification(*keys: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Post",
                "s3": {"bucket": {"name": BUCKETS.incoming}, "object": {"key": quote_plus(key), "size": 1}},
            }
            for key in keys
        ]
    }


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
    )


def test_two_files_never_share_a_name(world: World) -> None:
    assert world.uploads.request_upload(ME, PHOTO).file != world.uploads.request_upload(ME, PHOTO).file
    fresh = UploadService(world.store, world.uploads.signer, BUCKETS, world.clock, LIMIT)
    first, second = (fresh.request_upload(ME, PHOTO).file for _ in range(2))
    assert first != second
    assert len(first) == len("P1.") + 32


@pytest.mark.parametrize(
    "wrong",
    [{"content_type": "image/gif"}, {"content_type": "text/html"}, {"size": 0}, {"kind": "film"}, {"key": "mine"}],
)
def test_a_request_asks_for_a_jpeg_or_png_of_at_least_one_byte_and_for_nothing_else(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        UploadRequest.model_validate({**PHOTO.model_dump(), **wrong})


def test_a_file_over_the_limit_is_refused_before_it_is_sent_and_nothing_is_noted(world: World) -> None:
    with pytest.raises(TooLarge, match="文件超过 2 MB，请压缩后重新上传。") as refused:
        world.uploads.request_upload(ME, PHOTO.model_copy(update={"size": LIMIT + 1}))
    assert (refused.value.code, refused.value.details) == ("file.too_large", {"most": LIMIT})
    assert world.store.upload(builders.UNIT, "P1", f"P1.{IDS[0]}") is None


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


def test_a_refused_file_says_why_and_leaves_nothing_among_the_evidence(world: World) -> None:
    file = world.send(b"bad bytes")
    world.deliver(file)
    status = world.uploads.status(ME, file)
    assert (status.verdict, status.reason) == (Verdict.REFUSED, "图片不完整或已损坏，请重新拍照后上传。")
    assert (status.size, status.sha256) == (9, digest(b"bad bytes"))
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

    def overtaken(data: bytes) -> Examined | Refused:
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
    store.begin(builders.upload())
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

    def failing(data: bytes) -> Examined | Refused:
        if data == b"broken":
            raise MemoryError
        return cleaned(data)

    with pytest.raises(ExceptionGroup) as failed:
        replace(world.arrivals, examine=failing).settle(event)
    assert [type(failure) for failure in failed.value.exceptions] == [MemoryError]
    assert (world.upload(broken).verdict, world.upload(good).verdict) == (Verdict.PENDING, Verdict.VERIFIED)


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
        def begin(self, upload: Upload) -> None:
            calls.append("begin")
            super().begin(upload)

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
