"""Files: permission to send one, the judgement of what arrived, a link to read it.

A file goes straight from the phone to the incoming bucket. A worker judges it and keeps a cleaned copy among the
evidence; only then may a submission cite it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from schemas.language import Verdict
from schemas.uploads import FileLink, UploadPolicy, UploadRequest, UploadStatus
from tean.domain.errors import Conflict, Forbidden, NotFound, TooLarge
from tean.domain.files import Upload, owner_of
from tean.domain.pictures import Examine, Examined, Refused

if TYPE_CHECKING:
    from tean.adapters.objects import Objects
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.uploads import Uploads
    from tean.adapters.signing import Signer
    from tean.domain.membership import Membership
    from tean.domain.turns import Allowance

log = logging.getLogger("tean")


def _random_id() -> str:
    return token_hex(16)


@dataclass(frozen=True)
class Buckets:
    """Where files arrive, and where they are kept."""

    incoming: str
    evidence: str


def incoming_key(upload: Upload) -> str:
    """Where a file arrives; what comes later to the same key is not looked at once there is a verdict."""
    return f"{upload.unit}/{upload.person}/{upload.file}"


def evidence_key(upload: Upload) -> str:
    """Where a verified file is kept.

    It names the content: two deliveries of different bytes under one policy, judged at the same time, can then never
    leave the bytes of one beside the verdict on the other.
    """
    return f"{upload.unit}/{upload.file}.{upload.stored_sha256}"


def thumbnail_key(upload: Upload) -> str:
    """Where the thumbnail of a verified file is kept."""
    return f"{evidence_key(upload)}.thumb"


@dataclass(frozen=True)
class UploadService:
    """What people do with files (acceptance 20). ``limit`` is the most bytes one file may have, ``allowance`` how many
    somebody may ask for."""

    store: Uploads
    signer: Signer
    buckets: Buckets
    clock: Clock
    limit: int
    allowance: Allowance
    new_id: Callable[[], str] = _random_id

    def request_upload(self, member: Membership, request: UploadRequest) -> UploadPolicy:
        """Permit one file. One transaction, no call to S3."""
        if request.size > self.limit:
            raise TooLarge("file.too_large", _too_large(self.limit), most=self.limit)
        upload = self._begun(member, request)
        signed = self.signer.policy(
            self.buckets.incoming, incoming_key(upload), content_type=upload.content_type, most=self.limit
        )
        return UploadPolicy(file=upload.file, url=signed.url, fields=dict(signed.fields), expires_at=signed.expires_at)

    def status(self, member: Membership, file: str) -> UploadStatus:
        """What became of an own file. One read."""
        if owner_of(file) != member.person:
            raise _unknown()
        upload = self._upload(member, file)
        return UploadStatus(
            file=file, verdict=upload.verdict, reason=upload.reason, size=upload.size, sha256=upload.sha256
        )

    def link(self, member: Membership, file: str) -> FileLink:
        """Let a member of the unit read a verified file. One read, no call to S3."""
        upload = self._upload(member, file)
        if upload.verdict is not Verdict.VERIFIED:
            raise Conflict(
                "file.not_verified", "这个文件还没有通过核验，暂时不能查看。请稍后再试，或请上传人重新上传。"
            )
        signed = self.signer.link(self.buckets.evidence, evidence_key(upload), content_type=upload.content_type)
        thumbnail = self.signer.link(self.buckets.evidence, thumbnail_key(upload))
        return FileLink(
            file=file,
            url=signed.url,
            thumbnail_url=thumbnail.url,
            content_type=upload.content_type,
            expires_at=min(signed.expires_at, thumbnail.expires_at),
        )

    def _begun(self, member: Membership, request: UploadRequest) -> Upload:
        upload = Upload(
            unit=member.unit,
            person=member.person,
            file=f"{member.person}.{self.new_id()}",
            kind=request.kind,
            content_type=request.content_type,
            requested_at=self.clock(),
        )
        turn = self.allowance.turn(upload.requested_at)
        refused = self.store.begin(member, upload, turn)
        if refused and refused.dismissed:
            raise Forbidden("person.dismissed", "您已不在本单位任职，不能再上传。")
        if refused:
            raise turn.refused("file.too_often", "上传")
        return upload

    def _upload(self, member: Membership, file: str) -> Upload:
        upload = self.store.upload(member.unit, owner_of(file), file)
        if upload is None:
            raise _unknown()
        return upload


@dataclass(frozen=True)
class ArrivalService:
    """What the worker does with files that arrived.

    Everything may come twice, late, or never have been asked for. The verdict is written last: whoever dies before
    leaves a file without one, and the next delivery begins anew.
    """

    store: Uploads
    objects: Objects
    examine: Examine
    buckets: Buckets
    limit: int

    def settle(self, event: Any) -> None:
        """Judge the files of one S3 notification; the failed ones are raised after the others were judged."""
        failures = []
        for key in _arrived(event):
            try:
                self.settle_arrival(key)
            except Exception as failure:
                failures.append(failure)
        if failures:
            raise ExceptionGroup("files were not judged", failures)

    def settle_arrival(self, key: str) -> None:
        """Judge one file of the incoming bucket, unless nobody asked for it or there is a verdict already."""
        upload = self._awaited(key)
        data = self.objects.get(self.buckets.incoming, key, self.limit + 1) if upload else None
        if upload is None or data is None:
            log.warning("an arrival was left alone: not awaited, judged before, or gone")
            return
        self.store.settle(self._judged(upload, data))

    def _awaited(self, key: str) -> Upload | None:
        parts = key.split("/")
        if len(parts) != 3 or not all(parts):
            return None
        upload = self.store.upload(*parts)
        return upload if upload and upload.verdict is Verdict.PENDING else None

    def _judged(self, upload: Upload, data: bytes) -> Upload:
        if len(data) > self.limit:
            return _refused(upload, Refused("file.too_large", _too_large(self.limit)))
        arrived = replace(upload, size=len(data), sha256=_digest(data))
        found = self.examine(data)
        return _refused(arrived, found) if isinstance(found, Refused) else self._kept(arrived, found)

    def _kept(self, arrived: Upload, found: Examined) -> Upload:
        kept = replace(
            arrived,
            verdict=Verdict.VERIFIED,
            content_type=found.content_type,
            stored_sha256=_digest(found.content),
            width=found.width,
            height=found.height,
        )
        self.objects.put(self.buckets.evidence, evidence_key(kept), found.content, found.content_type)
        self.objects.put(self.buckets.evidence, thumbnail_key(kept), found.thumbnail, found.thumbnail_type)
        return kept


def _arrived(event: Any) -> Iterator[str]:
    """The keys a notification names. What names none (S3 sends a test event) would name none the next time either."""
    records = event.get("Records") if isinstance(event, dict) else None
    for record in records if isinstance(records, list) else ():
        try:
            yield unquote_plus(record["s3"]["object"]["key"])
        except (AttributeError, KeyError, TypeError):
            log.warning("an event that names no file was passed over")


def _refused(upload: Upload, why: Refused) -> Upload:
    log.info("a file was refused: %s", why.code)
    return replace(upload, verdict=Verdict.REFUSED, reason=why.sentence)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _too_large(limit: int) -> str:
    return f"文件超过 {limit / 2**20:g} MB，请压缩后重新上传。"


def _unknown() -> NotFound:
    return NotFound("file.unknown", "没有找到这个文件，请刷新后再试。")
