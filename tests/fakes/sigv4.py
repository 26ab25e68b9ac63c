"""What S3 checks of a POST policy and of a presigned link, written from AWS' specification and not from botocore.

The claim that a policy permits one key, one type and one size rests on this, because no emulator enforces all of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
_NOT_IN_THE_POLICY = {"policy", "x-amz-signature"}


class Denied(Exception):
    """What S3 would answer 403 (or 400) to, and why."""


@dataclass(frozen=True)
class Gate:
    """The door of one bucket, opened by one pair of keys (and a session token when they are temporary)."""

    bucket: str
    region: str
    access_key: str
    secret_key: str
    token: str | None = None

    def post(self, form: Mapping[str, str], size: int, now: datetime) -> None:
        """A form upload of ``size`` bytes, judged by its own policy. ``Denied`` when S3 would not take it."""
        fields = {name.lower(): value for name, value in form.items()}
        self._demand(fields.get("x-amz-algorithm") == ALGORITHM, "algorithm")
        self._check_key(fields.get("x-amz-credential", ""), fields.get("x-amz-date", ""))
        self._demand(fields.get("x-amz-security-token") == self.token, "token")
        self._check_signature(fields.get("policy", ""), fields.get("x-amz-signature", ""), fields["x-amz-date"])
        policy = json.loads(base64.b64decode(fields["policy"]))
        self._demand(now < datetime.fromisoformat(policy["expiration"]), "expired")
        self._check_conditions(policy["conditions"], fields, size)

    def get(self, url: str, now: datetime) -> None:
        """A presigned link. ``Denied`` when S3 would not follow it."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        signature = query.pop("X-Amz-Signature", "")
        self._demand(query.get("X-Amz-Algorithm") == ALGORITHM, "algorithm")
        self._check_key(query.get("X-Amz-Credential", ""), query.get("X-Amz-Date", ""))
        self._demand(query.get("X-Amz-Security-Token") == self.token, "token")
        self._check_signature(_text_to_sign(parts.path, query, parts.netloc), signature, query["X-Amz-Date"])
        age = now - _instant(query["X-Amz-Date"])
        lifetime = timedelta(seconds=int(query["X-Amz-Expires"]))
        self._demand(timedelta() <= age < lifetime <= timedelta(days=7), "expired")

    def _check_key(self, credential: str, date: str) -> None:
        scope = [self.access_key, date[:8], self.region, "s3", "aws4_request"]
        self._demand(credential.split("/") == scope, "credential")

    def _check_signature(self, text: str, signature: str, date: str) -> None:
        key = f"AWS4{self.secret_key}".encode()
        for part in (date[:8], self.region, "s3", "aws4_request", text):
            key = hmac.digest(key, part.encode(), "sha256")
        self._demand(key.hex() == signature, "signature")

    def _check_conditions(self, conditions: list[Any], fields: Mapping[str, str], size: int) -> None:
        given = {**fields, "bucket": self.bucket}
        named = set()
        for kind, name, value in map(_in_three, conditions):
            named.add(name)
            if kind == "content-length-range":
                self._demand(int(name) <= size <= value, "size")
            elif kind == "starts-with":
                self._demand(given.get(name, "").startswith(value), name)
            else:
                self._demand(kind == "eq" and given.get(name) == value, name)
        self._demand(named >= set(fields) - _NOT_IN_THE_POLICY, "extra field")

    @staticmethod
    def _demand(holds: bool, what: str) -> None:
        if not holds:
            raise Denied(what)


def leaves_nothing_open(form: Mapping[str, str]) -> bool:
    """Whether a policy names one bucket, one key and one type to the letter, and bounds the size."""
    policy = {name.lower(): value for name, value in form.items()}["policy"]
    conditions = [_in_three(one) for one in json.loads(base64.b64decode(policy))["conditions"]]
    exact = {name for kind, name, _ in conditions if kind == "eq"}
    kinds = [kind for kind, _, _ in conditions]
    return exact >= {"bucket", "key", "content-type"} and kinds.count("content-length-range") == 1 == (
        len(kinds) - kinds.count("eq")
    )


def _in_three(condition: Any) -> tuple[str, str, Any]:
    """How, what, and the value: a condition may be written as a pair or as a list."""
    if isinstance(condition, dict):
        ((name, value),) = condition.items()
        return "eq", name.lower(), value
    kind, name, value = condition
    return kind, str(name).removeprefix("$").lower(), value


def _text_to_sign(path: str, query: Mapping[str, str], host: str) -> str:
    pairs = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in query.items())
    canonical = "&".join(f"{name}={value}" for name, value in pairs)
    request = "\n".join(("GET", path, canonical, f"host:{host}", "", "host", "UNSIGNED-PAYLOAD"))
    scope = query["X-Amz-Credential"].partition("/")[2]
    return "\n".join((ALGORITHM, query["X-Amz-Date"], scope, hashlib.sha256(request.encode()).hexdigest()))


def _instant(date: str) -> datetime:
    return datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
