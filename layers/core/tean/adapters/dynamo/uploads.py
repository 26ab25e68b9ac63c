"""Verdicts on uploaded files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tean.adapters.dynamo import keys, upload_codec
from tean.adapters.dynamo.calls import Part
from tean.adapters.dynamo.conditions import ABSENT, UNDECIDED
from tean.adapters.models import UploadItem
from tean.adapters.ports.uploads import Uploads

if TYPE_CHECKING:
    from datetime import datetime

    from tean.domain.files import Upload


class DynamoUploads(Part, Uploads):
    """From the signed policy to the verdict."""

    def begin(self, upload: Upload) -> None:
        # Sent twice because its answer got lost, it must not wipe out a verdict that came between.
        self._calls.put(upload_codec.upload_item(upload), ABSENT)

    def upload(self, unit: str, person: str, file: str) -> Upload | None:
        item = self._calls.get(UploadItem, keys.owned(unit, person), file)
        return upload_codec.read_upload(item) if item else None

    def settle(self, upload: Upload) -> bool:
        return self._calls.put(upload_codec.upload_item(upload), UNDECIDED)

    def pending(self, shard: int, until: datetime, limit: int) -> Sequence[Upload]:
        due = UploadItem.look_at <= keys.instant(until)
        found = self._calls.query(UploadItem, keys.pending(shard), due, index="pending", limit=limit)
        return [upload_codec.read_upload(item) for item in found.items]
