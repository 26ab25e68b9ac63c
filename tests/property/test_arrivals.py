"""However files and the news of them come, each gets one verdict, and the evidence is what the verdict says."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import boto3
import pytest

from schemas.language import Verdict
from schemas.uploads import UploadPolicy
from tean.adapters.objects import S3Objects
from tean.adapters.ports.store import Store
from tean.domain.files import Upload
from tean.domain.pictures import Caption, Examined, Refused
from tean.services.uploads import evidence_key, incoming_key, thumbnail_key
from tests.campaign import size, tell
from tests.fakes import builders, scenes
from tests.fakes.dynamo import REGION, moto_store
from tests.fakes.objects import FakeObjects
from tests.fakes.store import FakeStore
from tests.fakes.uploading import BUCKETS, ME, PHOTO, World, cleaned, digest, notification


class Place(World):
    """The same world on any store and any buckets."""

    def __init__(self, store: Store, objects: FakeObjects | S3Objects) -> None:
        super().__init__()
        scenes.enrol(store)
        numbers = count()
        self.uploads = replace(self.uploads, store=store, new_id=lambda: f"{next(numbers):032x}")
        self.arrivals = replace(self.arrivals, store=store, registry=store, objects=objects)
        self.sweep = replace(self.sweep, store=store, objects=objects)

    def bring(self, key: str, data: bytes) -> None:
        self.arrivals.objects.put(BUCKETS.incoming, key, data, "image/jpeg")

    def upload(self, file: str) -> Upload:
        found = self.uploads.store.upload(builders.UNIT, "P1", file)
        assert found is not None
        return found

    def ask(self) -> UploadPolicy:
        return self.uploads.request_upload(ME, PHOTO)

    def evidence_of(self, file: str) -> bytes:
        """What is kept of a verified file; both copies are there, and the digest is that of the first."""
        upload = self.upload(file)
        objects = self.arrivals.objects
        content = objects.get(BUCKETS.evidence, evidence_key(upload), 1000)
        assert content is not None
        assert objects.has(BUCKETS.evidence, thumbnail_key(upload))
        assert digest(content) == upload.stored_sha256
        return content


@pytest.fixture(params=["fake", "moto"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    if request.param == "fake":
        yield Place(FakeStore(), FakeObjects())
        return
    with moto_store() as store:
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
        here = {"LocationConstraint": REGION}
        for bucket in (BUCKETS.incoming, BUCKETS.evidence):
            boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=here)
        yield Place(store, S3Objects())


def test_news_that_comes_three_times_is_one_verdict_and_one_copy(place: Place) -> None:
    file = place.send(b"photo")
    for _ in range(3):
        place.deliver(file, file)
    assert (place.evidence_of(file), len(place.examined)) == (b"PHOTO", 1)


def test_news_that_comes_before_the_file_can_be_read_judges_nothing(place: Place) -> None:
    policy = place.ask()
    place.deliver(policy.file)
    assert place.upload(policy.file).verdict is Verdict.PENDING
    place.deliver(place.send(b"photo", policy))
    assert place.evidence_of(policy.file) == b"PHOTO"


def test_the_order_of_news_does_not_matter(place: Place) -> None:
    first, second = place.send(b"first"), place.send(b"second")
    place.deliver(second)
    place.deliver(first, second)
    assert (place.evidence_of(first), place.evidence_of(second)) == (b"FIRST", b"SECOND")


def test_another_version_under_the_same_key_after_the_verdict_changes_nothing(place: Place) -> None:
    policy = place.ask()
    place.deliver(place.send(b"photo", policy))
    before = place.upload(policy.file)
    event = notification(policy.fields["key"])
    event["Records"][0]["s3"]["object"] |= {"versionId": "of-the-second", "sequencer": "2"}
    place.send(b"forgery", policy)
    place.arrivals.settle(event)
    assert (place.upload(policy.file), place.evidence_of(policy.file)) == (before, b"PHOTO")


def test_the_test_event_of_s3_judges_nothing(place: Place) -> None:
    place.send(b"photo")
    place.arrivals.settle({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKETS.incoming, "HostId": "x"})
    assert place.examined == []


@pytest.mark.parametrize(
    "key",
    [
        "照片/P1/一 张.jpg",
        f"{builders.UNIT}/P1/P1.x+y%2F..%2F",
        f"{builders.UNIT}/P1/..",
        f"{builders.UNIT}#P1/P1/x",
        "a/b/" + "c" * 900,
        "a/b/\x00\x7f\u2028",
        "%/+/%25",
    ],
)
def test_a_key_that_nobody_was_given_is_left_alone(place: Place, key: str) -> None:
    file = place.send(b"photo")
    place.arrivals.settle(notification(key, f"{builders.UNIT}/P1/{file}"))
    assert (place.evidence_of(file), place.examined) == (b"PHOTO", [b"photo"])


def test_two_workers_at_the_same_file_come_to_one_verdict(place: Place) -> None:
    file = place.send(b"photo")
    at_once(place, lambda examine: replace(place.arrivals, examine=examine).settle(_news(place, file)))
    assert place.evidence_of(file) == b"PHOTO"


def test_two_workers_with_different_bytes_of_the_same_file_come_to_one_verdict(place: Place) -> None:
    policy = place.ask()
    place.send(b"photo", policy)
    seen, told = threading.Lock(), []

    def settle(examine: Callable[[bytes, Caption], Examined | Refused]) -> None:
        with seen:
            # One after the other they read; what each has read is another file.
            place.send(f"bytes of {threading.get_ident()}".encode(), policy)
            worker = replace(place.arrivals, examine=examine)
            awaited = worker._awaited(policy.fields["key"])
            data = worker.objects.get(BUCKETS.incoming, policy.fields["key"], 1000)
        assert awaited
        assert data
        told.append(worker.store.settle(worker._judged(awaited, data)))

    at_once(place, settle)
    assert sorted(told) == [False, True]
    assert place.evidence_of(policy.file).startswith(b"BYTES OF ")


def at_once(place: Place, work: Callable[[Callable[[bytes, Caption], Examined | Refused]], None]) -> None:
    """Two workers, neither of which writes before both have looked at what they read."""
    both, failures = threading.Barrier(2, timeout=30), []

    def examine(data: bytes, caption: Caption) -> Examined | Refused:
        both.wait()
        return cleaned(data)

    def run() -> None:
        try:
            work(examine)
        except BaseException as failure:
            failures.append(failure)

    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []


def _news(place: Place, file: str) -> dict[str, object]:
    return notification(incoming_key(place.upload(file)))


class History:
    """Files are sent, judged, looked after, lost, while workers die and time passes; each number tells another one."""

    def __init__(self, number: int) -> None:
        self._chance = random.Random(number)
        self._place = Place(FakeStore(), FakeObjects())
        self._objects = self._place.arrivals.objects
        self._policies = [self._place.ask() for _ in range(3)]
        self._verdicts: dict[str, Upload] = {}

    def run(self) -> int:
        """Live through it, and through what comes after; how many verdicts there are."""
        steps = (self._send, self._deliver, self._deliver, self._die, self._sweep, self._wait, self._lose)
        for _ in range(self._chance.randrange(4, 30)):
            self._chance.choice(steps)()
            self._check()
        for _ in range(3):
            self._place.clock.move(hours=2)
            self._sweep()
            self._queue()
        self._check()
        assert len(self._verdicts) == len(self._policies), "nobody waits for ever"
        return len(self._verdicts)

    def _policy(self) -> UploadPolicy:
        return self._chance.choice(self._policies)

    def _send(self) -> None:
        self._place.send(self._chance.choice((b"photo", b"other", b"bad bytes")), self._policy())

    def _deliver(self) -> None:
        self._place.deliver(*(self._policy().file for _ in range(self._chance.randrange(1, 4))))

    def _die(self) -> None:
        assert isinstance(self._objects, FakeObjects)
        self._objects.dies_at = self._chance.randrange(1, 3)
        try:
            self._deliver()
        except ExceptionGroup:
            pass
        finally:
            self._objects.dies_at = None

    def _sweep(self) -> None:
        self._place.sweep.sweep()

    def _queue(self) -> None:
        asked, self._place.asked[:] = list(self._place.asked), []
        self._place.arrivals.settle(notification(*asked))

    def _wait(self) -> None:
        self._place.clock.move(minutes=self._chance.choice((1, 10, 20, 70)))

    def _lose(self) -> None:
        assert isinstance(self._objects, FakeObjects)
        self._objects.stored.pop((BUCKETS.incoming, self._policy().fields["key"]), None)

    def _check(self) -> None:
        for policy in self._policies:
            upload = self._place.upload(policy.file)
            if upload.verdict is not Verdict.PENDING:
                assert self._verdicts.setdefault(upload.file, upload) == upload, "the first verdict stands"
                assert upload.look_at is None
            if upload.verdict is Verdict.VERIFIED:
                self._place.evidence_of(upload.file)
            if upload.verdict is Verdict.REFUSED:
                assert upload.reason


@pytest.mark.campaign
def test_in_every_history_each_file_comes_to_one_verdict_and_keeps_it() -> None:
    histories = size(150, 3_000)
    verdicts = sum(History(number).run() for number in range(histories))
    tell("Files", "histories of three files each, with dying workers and lost news", histories)
    tell("Files", "verdicts, each the only one of its file", verdicts)
