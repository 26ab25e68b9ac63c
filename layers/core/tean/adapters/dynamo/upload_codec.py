"""What lies in the items of files (see ``tean.adapters.dynamo.codec``)."""

from __future__ import annotations

from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Body, Item, by_version
from tean.adapters.models import UploadItem
from tean.domain.files import Upload

_UPLOAD = Body(Upload, key=("unit", "person", "file"), attributes=("kind", "verdict", "look_at"))


def upload_item(upload: Upload) -> UploadItem:
    """A file; conditions ask for its kind and verdict. It is among the pending while somebody is to look after it."""
    return UploadItem(
        keys.owned(upload.unit, upload.person),
        upload.file,
        kind=upload.kind,
        verdict=upload.verdict,
        pending=keys.pending_with(upload.file) if upload.look_at else None,
        look_at=keys.instant(upload.look_at) if upload.look_at else None,
        body=_UPLOAD.text(upload),
    )


def _upload_1(item: Item) -> Upload:
    unit, person = item["pk"].split("#", 1)
    return _UPLOAD.read(item, unit=unit, person=person, file=item["sk"])


read_upload = by_version(_upload_1)
