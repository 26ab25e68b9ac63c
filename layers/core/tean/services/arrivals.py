"""What becomes of a file that arrived: it is judged, a cleaned copy is kept among the evidence, the verdict is written.

A photo is kept with what the server knows of it beneath: when it permitted it to be sent, who sent it, what it is said
to show (``tean.domain.caption``).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from schemas.language import FileKind, Verdict
from tean.domain.caption import caption
from tean.domain.pictures import Caption, Examine, Examined, Refused
from tean.services.failures import Failures
from tean.services.uploads import Buckets, evidence_key, thumbnail_key, too_large

if TYPE_CHECKING:
    from tean.adapters.objects import Objects
    from tean.adapters.ports.registry import Registry
    from tean.adapters.ports.uploads import Uploads
    from tean.domain.files import Upload

log = logging.getLogger("tean")


@dataclass(frozen=True)
class ArrivalService:
    """What the worker does with files that arrived.

    Everything may come twice, late, or never have been asked for. The verdict is written last: whoever dies before
    leaves a file without one, and the next delivery begins anew.
    """

    store: Uploads
    registry: Registry
    objects: Objects
    examine: Examine
    buckets: Buckets
    limit: int

    def settle(self, event: Any) -> None:
        """Judge the files of one S3 notification; the failed ones are raised after the others were judged."""
        failures = Failures()
        for key in _arrived(event):
            with failures.kept():
                self.settle_arrival(key)
        failures.told("files were not judged")

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
            return _refused(upload, Refused("file.too_large", too_large(self.limit)))
        arrived = replace(upload, size=len(data), sha256=_digest(data))
        found = self.examine(data, self._caption(upload))
        return _refused(arrived, found) if isinstance(found, Refused) else self._kept(arrived, found)

    def _caption(self, upload: Upload) -> Caption:
        # A signature stays as it was drawn.
        if upload.kind is not FileKind.PHOTO:
            return ()
        return caption(upload, *self.registry.sender_and_target(upload.unit, upload.person, upload.target))

    def _kept(self, arrived: Upload, found: Examined) -> Upload:
        kept = arrived.settled(
            Verdict.VERIFIED,
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
    return upload.settled(Verdict.REFUSED, reason=why.sentence)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
