from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.base import Answer, Code, FileId, Line, ProblemAnswer, Request, Secret, Text


class Wish(Request):
    line: Line
    text: Text | None = None


class Told(Answer):
    name: str
    nothing: str | None = None


def wish(line: str = "好", **fields: Any) -> Wish:
    return Wish(line=line, **fields)


def takes(kind: Any, value: str) -> bool:
    try:
        return bool(TypeAdapter(kind).validate_python(value) == value)
    except ValidationError:
        return False


def test_what_nobody_asked_for_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        wish(admin=True)


def test_text_is_trimmed_and_composed() -> None:
    assert wish("  e\u0301clair\u3000").line == "éclair"


def test_two_spellings_of_the_same_text_are_one() -> None:
    assert wish("e\u0301") == wish("\u00e9")


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\n\t"])
def test_a_blank_is_not_an_answer(blank: str) -> None:
    with pytest.raises(ValidationError, match="不能为空"):
        wish(blank)


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x1b", "\x7f", "\u200b", "\u202e", "\ufeff", "\ue000", "\r"])
def test_control_characters_are_refused(hidden: str) -> None:
    with pytest.raises(ValidationError, match="控制字符"):
        wish(f"甲{hidden}乙")


def test_line_breaks_and_tabs_are_kept() -> None:
    assert wish(text="一\n\t二").text == "一\n\t二"


def test_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValidationError):
        wish("甲\ud83d")


def test_lengths_are_counted_in_characters() -> None:
    assert len(wish("字" * 120, text="字" * 600).line) == 120
    for too_long in ({"line": "字" * 121}, {"line": "好", "text": "字" * 601}):
        with pytest.raises(ValidationError, match="string_too_long"):
            Wish(**too_long)


@given(st.text(max_size=200))
def test_whatever_text_is_taken_is_short_composed_trimmed_and_clean(text: str) -> None:
    try:
        kept = wish(text=text).text
    except ValidationError:
        return
    assert kept == unicodedata.normalize("NFC", kept or "").strip() != ""
    assert all(unicodedata.category(char) != "Cc" or char in "\n\t" for char in kept)
    assert wish(text=kept).text == kept


@pytest.mark.parametrize("code", ["P1", "E-1", "a_b-C9", "0", "x" * 32])
def test_codes_are_safe_in_addresses_and_keys(code: str) -> None:
    assert takes(Code, code)


@pytest.mark.parametrize("code", ["", "-1", "_a", "a.b", "a#b", "a/b", "a~b", "a b", "a\n", "甲", "x" * 33, "%2e"])
def test_codes_never_contain_a_separator(code: str) -> None:
    assert not takes(Code, code)


def test_a_file_id_names_its_owner_and_32_hex_digits() -> None:
    assert takes(FileId, f"P1.{'0a' * 16}")
    for wrong in (f"P1.{'0A' * 16}", f".{'0a' * 16}", f"P1.{'0a' * 15}", f"P1.x.{'0a' * 16}", f"P1.{'0a' * 16}\n"):
        assert not takes(FileId, wrong)


def test_a_secret_is_printable_and_bounded() -> None:
    assert takes(Secret, "x") and takes(Secret, "0a1B~!" * 80)
    for wrong in ("", "a b", "a\n", "密", "x" * 513):
        assert not takes(Secret, wrong)


def test_an_answer_leaves_out_what_is_not_set_and_does_not_escape_chinese() -> None:
    assert Told(name="特安").to_json() == '{"name":"特安"}'


def test_a_problem_always_has_its_four_parts() -> None:
    body = ProblemAnswer(code="task.unknown", status=404, sentence="没有找到。").to_json()
    assert json.loads(body) == {"code": "task.unknown", "status": 404, "sentence": "没有找到。", "details": {}}


def test_requests_and_answers_do_not_change_once_made() -> None:
    for made, name in ((wish(), "line"), (Told(name="特安"), "name")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(made, name, "坏")
