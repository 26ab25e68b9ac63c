"""Verdicts on uploaded files."""

from __future__ import annotations

from tean.adapters.dynamo import codec, keys
from tean.adapters.dynamo.calls import Part
from tean.adapters.dynamo.conditions import ABSENT, UNDECIDED
from tean.adapters.models import UploadItem
from tean.adapters.ports import Uploads
from tean.domain.files import Upload


class DynamoUploads(Part, Uploads):
    """From the signed policy to the verdict."""

    def begin(self, upload: Upload) -> None:
        # Sent twice because its answer got lost, it must not wipe out a verdict that came between.
        self._calls.put(codec.upload_item(upload), ABSENT)

    def upload(self, unit: str, person: str, file: str) -> Upload | None:
        item = self._calls.get(UploadItem, keys.owned(unit, person), file)
        return codec.read_upload(item) if item else None

    def settle(self, upload: Upload) -> bool:
        return self._calls.put(codec.upload_item(upload), UNDECIDED)
