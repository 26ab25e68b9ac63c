from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.todos import TodoQuery
from tean.adapters.cursors import Cursors
from tean.domain.errors import Invalid

CURSORS = Cursors(b"k" * 32)
SCOPE = "todos U P1"
PLACES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def sealed(place: str = "2026-11-23#daily#E-1", scope: str = SCOPE, cursors: Cursors = CURSORS) -> str:
    cursor = cursors.seal(scope, place)
    assert cursor is not None
    return cursor


def refused(cursor: str, scope: str = SCOPE, cursors: Cursors = CURSORS) -> None:
    with pytest.raises(Invalid) as caught:
        cursors.open(scope, cursor)
    assert caught.value.code == "cursor.invalid"


def test_no_cursor_is_the_beginning_and_no_place_is_the_end() -> None:
    assert CURSORS.open(SCOPE, None) is None
    assert CURSORS.seal(SCOPE, None) is None


@given(PLACES)
def test_a_cursor_leads_back_to_its_place(place: str) -> None:
    assert CURSORS.open(SCOPE, sealed(place)) == place


@given(st.from_regex(re.compile(r"\d{4}-\d{2}-\d{2}#daily#[ELS]-[A-Za-z0-9_-]{1,32}", re.ASCII), fullmatch=True))
def test_a_cursor_is_what_the_contract_lets_through(place: str) -> None:
    assert TodoQuery(cursor=sealed(place)).cursor == sealed(place)


def test_a_cursor_of_another_list_is_refused() -> None:
    refused(sealed(), "todos U P2")


def test_a_cursor_under_another_key_is_refused() -> None:
    refused(sealed(cursors=Cursors(b"j" * 32)))


def test_a_place_cannot_be_moved_over_the_border_of_its_scope() -> None:
    refused(sealed("b\nc", "a"), "a\nb")


@given(st.data())
def test_a_changed_place_is_refused(data: st.DataObject) -> None:
    place, seal = sealed().split(".")
    at = data.draw(st.integers(0, len(place) - 2))
    other = data.draw(st.sampled_from("ABCdef019-_").filter(lambda char: char != place[at]))
    refused(f"{place[:at]}{other}{place[at + 1 :]}.{seal}")


@pytest.mark.parametrize("cursor", ["", ".", "a", "a.b.c", "....", "%%%.###", "中文.中文", "_w.AAAA"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    refused(cursor)


@given(st.text(max_size=60))
def test_whatever_is_sent_is_refused_and_never_breaks(cursor: str) -> None:
    refused(cursor)
