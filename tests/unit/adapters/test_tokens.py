from __future__ import annotations

import json
import traceback
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.language import Role, UnitKind
from tean.adapters.tokens import SigningKey, Tokens
from tean.domain.errors import Unauthenticated
from tean.domain.membership import Membership

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OPENID = "ab" * 32
DIRECTOR = Membership(
    unit="919900007A1B2C3D46",
    person="D1",
    name="示例人员",
    role=Role.DIRECTOR,
    sides=frozenset({UnitKind.USE, UnitKind.PRODUCTION}),
    kinds=frozenset({"3000", "EL_MFG"}),
)
OLD = SigningKey(kid="old", key="0" * 64)
NEW = SigningKey(kid="new", key="1" * 64)
tokens = Tokens([NEW, OLD])
TOKEN, EXPIRES_AT = tokens.issue(OPENID, DIRECTOR, NOW)


def refusal(token: str | None, now: datetime = NOW, reader: Tokens = tokens) -> str:
    with pytest.raises(Unauthenticated) as refused:
        reader.read(token, now)
    assert refused.value.status == 401
    assert "请" in refused.value.sentence
    return refused.value.code


def claims(**changed: Any) -> dict[str, Any]:
    good: dict[str, Any] = jwt.decode(TOKEN, options={"verify_signature": False})
    return {name: value for name, value in (good | changed).items() if value is not ...}


def signed(payload: dict[str, Any], key: str = NEW.key, kid: str | None = "new", algorithm: str = "HS256") -> str:
    return jwt.encode(payload, key, algorithm, {} if kid is None else {"kid": kid})


def test_a_token_gives_back_who_it_was_issued_to() -> None:
    assert tokens.read(TOKEN, NOW) == (OPENID, DIRECTOR)


def test_a_session_lasts_fifteen_minutes_to_the_second() -> None:
    assert tokens.read(TOKEN, NOW + timedelta(minutes=14, seconds=59))[1] == DIRECTOR
    assert refusal(TOKEN, NOW + timedelta(minutes=15)) == "session.expired"


def test_the_end_told_to_the_client_is_the_end_in_the_token() -> None:
    token, expires_at = tokens.issue(OPENID, DIRECTOR, NOW + timedelta(milliseconds=999))
    assert expires_at == NOW + timedelta(minutes=15)
    assert refusal(token, expires_at) == "session.expired"


def test_only_the_clock_that_is_passed_in_decides() -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    token, _ = tokens.issue(OPENID, DIRECTOR, long_ago)
    assert tokens.read(token, long_ago) == (OPENID, DIRECTOR)
    far_ahead = datetime(2901, 1, 1, tzinfo=UTC)
    token, _ = tokens.issue(OPENID, DIRECTOR, far_ahead)
    assert tokens.read(token, far_ahead) == (OPENID, DIRECTOR)


@pytest.mark.parametrize("token", [None, ""])
def test_no_token_is_missing(token: str | None) -> None:
    assert refusal(token) == "session.missing"


@settings(deadline=None)
@given(at=st.integers(0, len(TOKEN) - 1), put=st.characters(codec="utf-8"))
def test_a_token_with_any_character_changed_is_forged(at: int, put: str) -> None:
    changed = TOKEN[:at] + put + TOKEN[at + 1 :]
    if changed != TOKEN:
        assert refusal(changed) == "session.forged"


@settings(deadline=None)
@given(at=st.integers(0, len(TOKEN) - 1), bit=st.integers(0, 7))
def test_a_token_with_any_bit_flipped_is_forged(at: int, bit: int) -> None:
    changed = bytearray(TOKEN.encode())
    changed[at] ^= 1 << bit
    assert refusal(changed.decode("latin-1")) == "session.forged"


@settings(deadline=None)
@given(st.text())
def test_what_is_no_token_is_forged_or_missing(text: str) -> None:
    assert refusal(text) == ("session.forged" if text else "session.missing")


@settings(deadline=None)
@given(st.integers(1, len(TOKEN) - 1))
def test_a_token_cut_short_is_forged(length: int) -> None:
    assert refusal(TOKEN[:length]) == "session.forged"


def test_half_a_character_is_forged() -> None:
    assert refusal(TOKEN + "\ud800") == "session.forged"


def test_an_unsigned_token_is_forged() -> None:
    header = urlsafe_b64encode(json.dumps({"alg": "none", "kid": "new"}).encode()).rstrip(b"=").decode()
    payload = TOKEN.split(".")[1]
    assert refusal(f"{header}.{payload}.") == "session.forged"
    assert refusal(f"{header}.{payload}.{TOKEN.split('.')[2]}") == "session.forged"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_forged_even_with_the_right_key(algorithm: str) -> None:
    assert refusal(signed(claims(), NEW.key * 2, algorithm=algorithm)) == "session.forged"
    assert refusal(signed(claims(), algorithm=algorithm)) == "session.forged"


@pytest.mark.parametrize(("kid", "key"), [("unknown", NEW.key), (None, NEW.key), ("old", NEW.key), ("new", OLD.key)])
def test_a_key_that_is_not_the_one_named_is_forged(kid: str | None, key: str) -> None:
    assert refusal(signed(claims(), key, kid)) == "session.forged"


def test_the_same_claims_signed_by_us_are_good() -> None:
    assert tokens.read(signed(claims()), NOW) == (OPENID, DIRECTOR)


def test_a_token_says_for_which_kinds_a_principal_stands_in_and_nothing_of_it_for_others() -> None:
    principal = replace(DIRECTOR, role=Role.PRINCIPAL, kinds=frozenset(), stands_in=frozenset({"3000", "EL_MFG"}))
    assert tokens.read(tokens.issue(OPENID, principal, NOW)[0], NOW) == (OPENID, principal)
    assert "d" not in claims()


@pytest.mark.parametrize("name", ["sub", "u", "p", "n", "r", "s", "k", "iat", "exp"])
def test_a_missing_claim_is_forged(name: str) -> None:
    assert refusal(signed(claims(**{name: ...}))) == "session.forged"


@pytest.mark.parametrize(
    "changed",
    [
        {"u": ""},
        {"u": 1},
        {"p": None},
        {"r": "owner"},
        {"s": "use"},
        {"s": ["use", "abuse"]},
        {"k": [1]},
        {"d": "3000"},
        {"exp": None},
        {"exp": float(EXPIRES_AT.timestamp()) + 0.5},
        {"exp": "99999999999"},
        {"exp": True},
        {"iss": "somebody"},
        {"aud": "tean-upload"},
        {"aud": ["tean-session"]},
        {"admin": True},
    ],
)
def test_a_claim_of_the_wrong_kind_is_forged(changed: dict[str, Any]) -> None:
    assert refusal(signed(claims(**changed))) == "session.forged"


def test_a_forged_token_that_has_also_expired_is_called_forged() -> None:
    assert refusal(signed(claims(exp=0), OLD.key)) == "session.forged"


def test_keys_are_changed_without_logging_anybody_out() -> None:
    before, between, after = Tokens([OLD]), Tokens([NEW, OLD]), Tokens([NEW])
    of_before, _ = before.issue(OPENID, DIRECTOR, NOW)
    of_between, _ = between.issue(OPENID, DIRECTOR, NOW)
    assert between.read(of_before, NOW) == (OPENID, DIRECTOR)
    assert after.read(of_between, NOW) == (OPENID, DIRECTOR)
    assert refusal(of_before, reader=after) == "session.forged"


def test_the_first_key_signs() -> None:
    assert jwt.get_unverified_header(TOKEN) == {"alg": "HS256", "typ": "JWT", "kid": "new"}


def test_keys_come_as_one_json_text() -> None:
    from_json = Tokens.from_json(json.dumps([{"kid": "new", "key": "1" * 64}, {"kid": "old", "key": "0" * 64}]))
    assert from_json.read(TOKEN, NOW) == (OPENID, DIRECTOR)


@pytest.mark.parametrize("keys", [[], [NEW, SigningKey(kid="new", key="2" * 64)]])
def test_no_key_or_two_of_one_name_are_refused(keys: list[SigningKey]) -> None:
    with pytest.raises(ValueError, match="signing key"):
        Tokens(keys)


def test_a_short_key_is_refused_and_never_shown() -> None:
    with pytest.raises(ValidationError) as refused:
        Tokens.from_json('[{"kid": "new", "key": "too-short-secret"}]')
    assert "too-short-secret" not in str(refused.value)
    with pytest.raises(ValidationError) as refused:
        Tokens.from_json('[{"kid": "new", "key": "cut-off-secret')
    assert "cut-off-secret" not in str(refused.value)
    assert NEW.key not in repr(NEW)


def test_a_refusal_quotes_nothing_of_the_token() -> None:
    for token in (signed(claims(r="示例角色")), signed(claims(), kid="示例密钥")):
        with pytest.raises(Unauthenticated) as refused:
            tokens.read(token, NOW)
        assert "示例" not in "".join(traceback.format_exception(refused.value))
        assert refused.value.details == {}
