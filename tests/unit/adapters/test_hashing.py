from __future__ import annotations

import hmac

import pytest

from tean.adapters.hashing import Hasher

PEPPER = b"pepper-of-the-tests-0123456789ab"
hasher = Hasher(PEPPER)


def test_a_phone_is_kept_as_its_keyed_hash() -> None:
    assert hasher.phone("10000000001") == hmac.new(PEPPER, b"phone\x0010000000001", "sha256").hexdigest()


@pytest.mark.parametrize(
    "written",
    [
        "+8610000000001",
        "+86 100 0000 0001",
        "86-10000000001",
        "008610000000001",
        " 100-0000-0001 ",
        "(+86)10000000001",
        "１００００００００01",
        "100\u00a00000\u30000001",
    ],
)
def test_one_number_is_one_hash_however_it_is_written(written: str) -> None:
    assert hasher.phone(written) == hasher.phone("10000000001")


def test_a_number_that_only_begins_like_a_country_code_is_left_alone() -> None:
    assert hasher.phone("86000000001") != hasher.phone("000000001")
    assert hasher.phone("8610000000001") != hasher.phone("8610000000002")


def test_a_phone_and_an_openid_of_the_same_text_differ() -> None:
    assert hasher.phone("10000000001") != hasher.openid("10000000001")


def test_an_openid_is_hashed_as_it_is() -> None:
    assert hasher.openid("oAbc-1") != hasher.openid("oabc1")


def test_another_pepper_is_another_hash() -> None:
    assert Hasher(b"another pepper 0123456789").phone("10000000001") != hasher.phone("10000000001")


def test_a_pepper_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 16 bytes"):
        Hasher(b"short")
