"""Verdicts on uploaded files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tean.adapters.dynamo import keys, standing, turns, upload_codec
from tean.adapters.dynamo.calls import Part
from tean.adapters.dynamo.conditions import ABSENT, UNDECIDED
from tean.adapters.dynamo.transactions import Transaction
from tean.adapters.models import RegistryItem, UploadItem
from tean.adapters.ports.uploads import NotBegun, Uploads

if TYPE_CHECKING:
    from datetime import datetime

    from tean.domain.files import Upload
    from tean.domain.membership import Membership
    from tean.domain.turns import Turn


class DynamoUploads(Part, Uploads):
    """From the signed policy to the verdict."""

    def begin(self, member: Membership, upload: Upload, turn: Turn) -> NotBegun | None:
        transaction = Transaction(self._calls)
        post, counter = standing.acts_as(member.role, ()), turns.counter(keys.sender(member.unit, member.person), turn)
        transaction.check("person", RegistryItem, member.unit, keys.person(member.person), post)
        # A name that is there already must not wipe out the verdict on its file.
        transaction.put("file", upload_codec.upload_item(upload), ABSENT)
        transaction.update("turn", counter, turns.taken(turn), turns.left(turn))
        refused = transaction.commit()
        return None if refused is None else NotBegun("person" in refused, "turn" in refused)

    def upload(self, unit: str, person: str, file: str) -> Upload | None:
        item = self._calls.get(UploadItem, keys.owned(unit, person), file)
        return upload_codec.read_upload(item) if item else None

    def settle(self, upload: Upload) -> bool:
        return self._calls.put(upload_codec.upload_item(upload), UNDECIDED)

    def pending(self, shard: int, until: datetime, limit: int) -> Sequence[Upload]:
        due = UploadItem.look_at <= keys.instant(until)
        found = self._calls.query(UploadItem, keys.pending(shard), due, index="pending", limit=limit)
        return [upload_codec.read_upload(item) for item in found.items]
