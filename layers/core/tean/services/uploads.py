"""Files: permission to send one, its verdict, a link to read it.

A file goes straight from the phone to the incoming bucket. A worker judges it and keeps a cleaned copy among the
evidence (``tean.services.arrivals``); only then may a submission cite it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from schemas.language import Verdict
from schemas.uploads import FileLink, UploadPolicy, UploadRequest, UploadStatus
from tean.domain.errors import Conflict, Forbidden, NotFound, TooLarge, Unavailable
from tean.domain.files import PATIENCE, Upload, owner_of

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.uploads import Uploads
    from tean.adapters.signing import Signer
    from tean.domain.membership import Membership
    from tean.domain.turns import Allowance


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
            raise TooLarge("file.too_large", too_large(self.limit), most=self.limit)
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
        now = self.clock()
        upload = Upload(
            unit=member.unit,
            person=member.person,
            file=f"{member.person}.{self.new_id()}",
            kind=request.kind,
            content_type=request.content_type,
            requested_at=now,
            target=request.target,
            look_at=now + PATIENCE,
        )
        turn = self.allowance.turn(now)
        refused = self.store.begin(member, upload, turn)
        if refused and refused.dismissed:
            raise Forbidden("person.dismissed", "您已不在本单位任职，不能再上传。")
        if refused and refused.too_often:
            raise turn.refused("file.too_often", "上传")
        if refused:
            raise Unavailable("file.contended", "这时上传的人太多，文件没有丢，请再试一次。")
        return upload

    def _upload(self, member: Membership, file: str) -> Upload:
        upload = self.store.upload(member.unit, owner_of(file), file)
        if upload is None:
            raise _unknown()
        return upload


def too_large(limit: int) -> str:
    """What is said of a file of more than ``limit`` bytes."""
    return f"文件超过 {limit / 2**20:g} MB，请压缩后重新上传。"


def _unknown() -> NotFound:
    return NotFound("file.unknown", "没有找到这个文件，请刷新后再试。")
