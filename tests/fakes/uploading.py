"""The file services between a fake store and fake buckets."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from schemas.language import FileKind
from schemas.uploads import UploadPolicy, UploadRequest
from tean.adapters.signing import Signer
from tean.domain.files import Upload
from tean.domain.pictures import Caption, Examined, Refused
from tean.services.arrivals import ArrivalService
from tean.services.sweep import SweepService
from tean.services.uploads import Buckets, UploadService
from tests.fakes import builders, scenes
from tests.fakes.clock import FakeClock
from tests.fakes.objects import FakeObjects
from tests.fakes.scenes import PLENTY
from tests.fakes.sigv4 import Gate
from tests.fakes.store import FakeStore

REGION = "cn-northwest-1"
GATE = Gate("tean-incoming", REGION, "AKIDEXAMPLE", "secret-of-the-tests")
BUCKETS = Buckets("tean-incoming", "tean-evidence")
LIMIT = 2 * 2**20
IDS = ("0" * 32, "1" * 32, "2" * 32)
PHOTO = UploadRequest(kind=FileKind.PHOTO, content_type="image/jpeg", size=1000)
ME = builders.membership("P1")


class _Keys:
    access_key = GATE.access_key
    secret_key = GATE.secret_key
    token = None


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def cleaned(data: bytes, caption: Caption = ()) -> Examined | Refused:
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
    captions: list[Caption] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        ids = iter(IDS)
        signer = Signer(REGION, self.clock, _Keys)
        scenes.enrol(self.store)
        self.uploads = UploadService(self.store, signer, BUCKETS, self.clock, LIMIT, PLENTY, lambda: next(ids))
        self.arrivals = ArrivalService(self.store, self.store, self.objects, self._examine, BUCKETS, LIMIT)
        self.sweep = SweepService(self.store, self.objects, self, BUCKETS, self.clock)

    def _examine(self, data: bytes, caption: Caption) -> Examined | Refused:
        self.examined.append(data)
        self.captions.append(caption)
        return cleaned(data)

    def arrived(self, keys: Sequence[str]) -> None:
        """The queue that the sweep sends to; :attr:`asked` is what lies in it."""
        self.asked += keys

    def send(self, data: bytes, policy: UploadPolicy | None = None) -> str:
        """Ask for a policy, if there is none, and bring the file where it points to; the file's id."""
        policy = policy or self.uploads.request_upload(ME, PHOTO)
        self.bring(policy.fields["key"], data)
        return policy.file

    def bring(self, key: str, data: bytes) -> None:
        """What S3 does with a form that it has found good."""
        self.objects.stored[BUCKETS.incoming, key] = (data, "image/jpeg")

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
