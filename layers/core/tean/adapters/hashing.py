"""Keyed hashes: what stands for a phone number or an openid wherever one is kept or carried."""

from __future__ import annotations

import hmac
import re
import unicodedata

_SHORTEST_PEPPER = 16
_SEPARATORS = re.compile(r"[\s\-()]+")
_COUNTRY_CODE = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")


class Hasher:
    """HMAC-SHA256 under a secret pepper: without it, nobody can try all phone numbers against what is stored."""

    def __init__(self, pepper: bytes) -> None:
        if len(pepper) < _SHORTEST_PEPPER:
            raise ValueError(f"the pepper has fewer than {_SHORTEST_PEPPER} bytes")
        self._pepper = pepper

    def phone(self, number: str) -> str:
        """The hash (hex) of a phone number; +86, spaces, hyphens and full-width digits make no difference."""
        return self._hash("phone", _plain(number))

    def openid(self, openid: str) -> str:
        """The hash (hex) of a WeChat openid."""
        return self._hash("openid", openid)

    def _hash(self, purpose: str, value: str) -> str:
        # The purpose keeps the two apart: an openid can never be made to look like somebody's phone.
        return hmac.digest(self._pepper, f"{purpose}\0{value}".encode(), "sha256").hex()


def _plain(number: str) -> str:
    return _COUNTRY_CODE.sub("", _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)))
