"""Permissions of S3, signed on the spot: POST policies to send a file, links to read one.

Only botocore's SigV4 arithmetic is used. A service client would load S3's model, which is cold-start time of the API.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.session import get_session

from tean.domain.errors import Unavailable

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock

LIFETIME = timedelta(minutes=10)
"""How long a permission holds; shorter when the credentials that signed it end earlier."""


class Credentials(Protocol):
    """One consistent set of AWS credentials; ``token`` only with temporary ones."""

    @property
    def access_key(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def token(self) -> str | None: ...


@dataclass(frozen=True)
class SignedPolicy:
    """Where to POST a file, and the form fields that permit it."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class SignedLink:
    """A URL that can be read by whoever holds it."""

    url: str
    expires_at: datetime


def ambient_credentials() -> Credentials:
    """The credentials of the process, as of now: the function's role, or the environment."""
    frozen: Credentials = _session_credentials().get_frozen_credentials()
    return frozen


@cache
def _session_credentials() -> Any:
    credentials = get_session().get_credentials()
    if credentials is None:
        raise Unavailable("file.no_credentials", "文件服务暂时不可用，已填写的内容不受影响，请稍后再试。")
    return credentials


class Signer:
    """Signs for one region. ``origin`` is set on one machine only, where one address serves every bucket."""

    def __init__(
        self, region: str, clock: Clock,
        credentials: Callable[[], Credentials] = ambient_credentials, origin: str | None = None,
    ) -> None:  # fmt: skip
        self._region = region
        self._clock = clock
        self._credentials = credentials
        self._origin = origin

    def policy(self, bucket: str, key: str, *, content_type: str, most: int) -> SignedPolicy:
        """Permit one file of 1 to ``most`` bytes under exactly this key and type."""
        signing = self._signing("POST", self._url(bucket))
        fields = {"key": key, "Content-Type": content_type, "success_action_status": "201", **signing.post_fields()}
        conditions = [{"bucket": bucket}, ["content-length-range", 1, most]]
        conditions += [{name: value} for name, value in fields.items()]
        policy = _policy_text(signing.ends, conditions)
        fields |= {"policy": policy, "x-amz-signature": signing.signature(policy)}
        return SignedPolicy(self._url(bucket), fields, signing.ends)

    def link(self, bucket: str, key: str, *, content_type: str | None = None) -> SignedLink:
        """Permit reading one object, to be shown in place and not saved; ``content_type`` overrides the stored one."""
        asked = {"response-content-disposition": "inline"}
        if content_type:
            asked["response-content-type"] = content_type
        signing = self._signing("GET", f"{self._url(bucket)}/{quote(key)}")
        return SignedLink(signing.signed_url(asked), signing.ends)

    def _signing(self, method: str, url: str) -> _Signing:
        return _Signing(self._credentials(), self._region, self._clock(), AWSRequest(method=method, url=url))

    def _url(self, bucket: str) -> str:
        if self._origin:
            return f"{self._origin}/{bucket}"
        suffix = "amazonaws.com.cn" if self._region.startswith("cn-") else "amazonaws.com"
        return f"https://{bucket}.s3.{self._region}.{suffix}"


class _Signing:
    """One signature in the making: who, where, when, what."""

    def __init__(self, credentials: Credentials, region: str, now: datetime, request: AWSRequest) -> None:
        # botocore's own ``add_auth`` reads the clock of the machine; ours is passed in.
        request.context["timestamp"] = f"{now:%Y%m%dT%H%M%SZ}"
        self._request = request
        self._credentials = credentials
        self._auth = S3SigV4QueryAuth(credentials, "s3", region)
        self.ends = now.replace(microsecond=0) + LIFETIME

    def post_fields(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self._common().items()}

    def signature(self, text: str) -> str:
        return str(self._auth.signature(text, self._request))

    def signed_url(self, query: Mapping[str, str]) -> str:
        query = {**query, **self._common()}
        query |= {"X-Amz-Expires": str(int(LIFETIME.total_seconds())), "X-Amz-SignedHeaders": "host"}
        self._request.url += "?" + urlencode(query, quote_via=quote, safe="")
        canonical = self._auth.canonical_request(self._request)
        signature = self.signature(self._auth.string_to_sign(self._request, canonical))
        return f"{self._request.url}&X-Amz-Signature={signature}"

    def _common(self) -> dict[str, str]:
        common = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": self._auth.scope(self._request),
            "X-Amz-Date": self._request.context["timestamp"],
        }
        return common | ({"X-Amz-Security-Token": self._credentials.token} if self._credentials.token else {})


def _policy_text(ends: datetime, conditions: list[Any]) -> str:
    policy = {"expiration": f"{ends:%Y-%m-%dT%H:%M:%S.000Z}", "conditions": conditions}
    return b64encode(json.dumps(policy).encode()).decode()
