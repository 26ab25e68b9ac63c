"""Drafts of an inspection on a small checklist, and a way to look at their refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas.checklists import Asked, Checklist, Item
from schemas.language import Duty, Grade, Handling, Result, TargetState
from tean.domain.errors import Invalid, Problem
from tean.domain.inspections import Draft
from tean.domain.records import Answer
from tests.fakes.builders import DAY

SIGNATURE = f"P1.{'5' * 32}"
PHOTO = f"P1.{'a' * 32}"


def item(code: str, **fields: Any) -> Item:
    """A general item that must be answered."""
    defaults: dict[str, Any] = {
        "group": "设备",
        "text": f"{code} 完好",
        "hazard": f"{code} 损坏",
        "grade": Grade.GENERAL,
        "basis": ("TSG T5002—2017",),
        "na_allowed": False,
        "stop_use": False,
    }
    return Item(code=code, **defaults | fields)


ELEVATORS = Checklist(
    target_kind="3000",
    duty=Duty.DAILY,
    version=1,
    title="电梯日管控清单",
    items=(
        item("A"),
        item("B", grade=Grade.SERIOUS, na_allowed=True),
        item("C", grade=Grade.MAJOR),
        item("X", applies_to=("3300",)),
    ),
)

LIST = Asked((ELEVATORS,))


def passes(*codes: str) -> tuple[Answer, ...]:
    """合格 on these items, by default on all that an elevator is asked."""
    return tuple(Answer(code, Result.PASS) for code in codes or ("A", "B", "C"))


def fail(code: str = "A", **fields: Any) -> Answer:
    """不合格, to be reported upwards."""
    return Answer(code, Result.FAIL, **{"handling": Handling.PENDING} | fields)


def draft(*changed: Answer, **fields: Any) -> Draft:
    """All pass but what ``changed`` says, signed."""
    answers = {answer.item: answer for answer in (*passes(), *changed)}
    defaults: dict[str, Any] = {
        "target": "E-1",
        "duty": Duty.DAILY,
        "due": DAY,
        "state": TargetState.IN_USE,
        "payload": "f" * 64,
        "checklist": LIST,
        "answers": tuple(answers.values()),
        "signature": SIGNATURE,
    }
    return Draft(**defaults | fields)


def stopped(**fields: Any) -> Draft:
    """A signed declaration that the target is suspended."""
    return draft(**{"state": TargetState.SUSPENDED, "checklist": None, "answers": (), "reason": "待维修"} | fields)


def refusal(act: Callable[[], object], kind: type[Problem] = Invalid) -> Problem:
    """The refusal of exactly this kind that ``act`` meets; its sentence is one."""
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    assert caught.value.sentence.endswith("。")
    return caught.value
