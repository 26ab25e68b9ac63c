from __future__ import annotations

from enum import StrEnum

import pytest

from schemas import language
from schemas.language import ENUMS, Handling, Verdict, words


def test_every_enum_of_the_language_is_listed() -> None:
    there = {name for name, enum in vars(language).items() if isinstance(enum, type) and issubclass(enum, StrEnum)}
    assert ENUMS.keys() == there - {"StrEnum"}


@pytest.mark.parametrize("enum", ENUMS.values(), ids=ENUMS.keys())
def test_every_member_has_a_word_of_its_own(enum: type[StrEnum]) -> None:
    assert len({words(member) for member in enum}) == len(enum)


def test_the_same_value_of_two_enums_is_two_words() -> None:
    assert Handling.PENDING.value == Verdict.PENDING.value
    assert (words(Handling.PENDING), words(Verdict.PENDING)) == ("待处理", "待核验")
