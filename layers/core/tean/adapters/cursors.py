"""Places in a list that a client carries: a sort key and a seal, never a partition."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256

from tean.domain.errors import Invalid


class Cursors:
    """Seals sort keys for one list of one caller; a cursor of another list or caller is refused."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"cursor", "sha256")

    def seal(self, scope: str, place: str | None) -> str | None:
        """The cursor for ``place``; None at the end of a list."""
        if place is None:
            return None
        return f"{_encode(place.encode())}.{_encode(self._mac(scope, place))}"

    def open(self, scope: str, cursor: str | None) -> str | None:
        """The place a cursor stands for; ``cursor.invalid`` unless it was sealed for this scope."""
        if cursor is None:
            return None
        try:
            place, mac = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in cursor.split("."))
            text = place.decode()
        except (ValueError, Error):
            text, mac = "", b""
        if not hmac.compare_digest(mac, self._mac(scope, text)):
            raise Invalid("cursor.invalid", "列表已经变了，请下拉刷新，从头再看。")
        return text

    def _mac(self, scope: str, place: str) -> bytes:
        return hmac.new(self._key, f"{scope}\n{place}".encode(), sha256).digest()[:16]


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
