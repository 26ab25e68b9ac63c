"""Callers through the gateway at the same time: never another caller's answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra import demo
from infra.phone import Phone, Refused

pytestmark = pytest.mark.e2e
ROUNDS = 25


def test_interleaved_callers_only_ever_get_their_own_answers(stack: Any) -> None:
    phones = [Phone(stack.origin, person.phone) for person in demo.people()]
    for phone in phones:
        phone.login()

    def ask(phone: Phone) -> list[tuple[Any, ...]]:
        return [_who(phone.get("/v1/session")) for _ in range(ROUNDS)]

    with ThreadPoolExecutor(len(phones)) as pool:
        answers = list(pool.map(ask, phones))
    expected = [[_who(phone.session["membership"])] * ROUNDS for phone in phones]
    assert answers == expected
    assert len({who for row in expected for who in row}) > 5


def _who(answer: dict[str, Any]) -> tuple[Any, ...]:
    return answer["unit"], answer["person"], answer["role"]


def test_interleaved_refusals_stay_with_their_callers(stack: Any) -> None:
    """Good and bad callers mixed: nobody is let in by a neighbour's token."""
    good = Phone(stack.origin, demo.people()[0].phone)
    good.login()
    bad = Phone(stack.origin, "10000000000", token="not.a.token")

    def ask(number: int) -> str:
        try:
            return str((bad if number % 2 else good).get("/v1/session")["person"])
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(200)))
    assert set(answers[0::2]) == {good.session["membership"]["person"]}
    assert set(answers[1::2]) == {"session.forged"}
