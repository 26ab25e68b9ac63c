"""Session tokens: who acts in which unit as what, signed (JWT, HS256), good for 15 minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import jwt
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from schemas.language import Role, UnitKind
from tean.domain.errors import Unauthenticated
from tean.domain.membership import Membership

LIFETIME = timedelta(minutes=15)
"""How long a dismissed person's reads may go on; his writes are refused at once by their own condition."""

_ALGORITHM = "HS256"
_ISSUER: Literal["tean"] = "tean"
_AUDIENCE: Literal["tean-session"] = "tean-session"

_jws = jwt.PyJWS(algorithms=[_ALGORITHM])


class SigningKey(BaseModel):
    """A secret and the name (``kid``) by which a token says that it was signed with it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    kid: str = Field(min_length=1)
    key: str = Field(min_length=32, repr=False)


class _Claims(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, defer_build=True)

    iss: Literal["tean"] = _ISSUER
    aud: Literal["tean-session"] = _AUDIENCE
    sub: str = Field(min_length=1)
    u: str = Field(min_length=1)
    p: str = Field(min_length=1)
    n: str
    r: Role
    s: tuple[UnitKind, ...]
    k: tuple[str, ...]
    d: tuple[str, ...] | None = None
    iat: int
    exp: int


class Tokens:
    """Issues and reads session tokens. The first key signs, all of them verify: changing keys logs nobody out."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._keys = {key.kid: key.key for key in keys}
        if not keys or len(self._keys) < len(keys):
            raise ValueError("there must be a signing key, and each must have a kid of its own")
        self._signing_kid = keys[0].kid

    @classmethod
    def from_json(cls, keys: str) -> Tokens:
        """From ``[{"kid": …, "key": …}, …]``, the text of TEAN_SIGNING_KEYS."""
        config = ConfigDict(hide_input_in_errors=True)
        return cls(TypeAdapter(list[SigningKey], config=config).validate_json(keys))

    def issue(self, openid: str, membership: Membership, now: datetime) -> tuple[str, datetime]:
        """A token for ``membership`` of the person behind the hashed ``openid``, and the instant it ends."""
        claims = _claims(openid, membership, now)
        token = _jws.encode(
            claims.model_dump_json(exclude_none=True).encode(),
            self._keys[self._signing_kid],
            _ALGORITHM,
            {"kid": self._signing_kid},
        )
        return token, datetime.fromtimestamp(claims.exp, UTC)

    def read(self, token: str | None, now: datetime) -> tuple[str, Membership]:
        """The hashed openid and the membership of ``token``: ``session.missing``, ``.forged`` or ``.expired``."""
        if not token:
            raise Unauthenticated("session.missing", "还没有登录，请先登录。")
        claims = self._verified(token)
        if now.timestamp() >= claims.exp:
            raise Unauthenticated("session.expired", "登录已过期，请重新登录后再试。")
        return claims.sub, _membership(claims)

    def _verified(self, token: str) -> _Claims:
        # Only the signature is PyJWT's part. Its check of exp and iat would ask the machine's clock, not ours, and it
        # takes "15" for a number; the claims are one strict model instead.
        try:
            key = self._keys[_jws.get_unverified_header(token)["kid"]]
            return _Claims.model_validate_json(_jws.decode(token, key, [_ALGORITHM]))
        except (jwt.PyJWTError, KeyError, UnicodeEncodeError, ValidationError):
            # Without its cause: that may quote the token.
            raise Unauthenticated("session.forged", "登录凭证不对，请重新登录。") from None


def _claims(openid: str, member: Membership, now: datetime) -> _Claims:
    issued = int(now.timestamp())
    return _Claims(
        sub=openid,
        u=member.unit,
        p=member.person,
        n=member.name,
        r=member.role,
        s=tuple(side for side in UnitKind if side in member.sides),
        k=tuple(sorted(member.kinds)),
        d=tuple(sorted(member.stands_in)) or None,
        iat=issued,
        exp=issued + int(LIFETIME.total_seconds()),
    )


def _membership(claims: _Claims) -> Membership:
    return Membership(
        unit=claims.u,
        person=claims.p,
        name=claims.n,
        role=claims.r,
        sides=frozenset(claims.s),
        kinds=frozenset(claims.k),
        stands_in=frozenset(claims.d or ()),
    )
