"""Units with many lifts, made as real ones are, and the phones of those who check them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.fakes.rosters import credit_code
from tests.stack import RunningStack, operate

DIRECTOR, PRINCIPAL = "D01", "P01"


def officers(many: int) -> list[str]:
    """Their codes."""
    return [f"A{number:02d}" for number in range(1, many + 1)]


def phone_number(unit: int, place: int) -> str:
    """A phone that cannot be real."""
    return f"100{unit:04d}{place:04d}"


def roster(number: int, officers_many: int, lifts: int) -> dict[str, Any]:
    """A unit of this number: its director, its principal, its officers, and so many lifts, each of one officer."""
    codes = [DIRECTOR, PRINCIPAL, *officers(officers_many)]
    posts = [["安全总监"], ["主要负责人", "管理员"], *(["安全员"] for _ in range(officers_many))]
    return {
        "unit": {"code": credit_code(number), "name": f"示例第{number}号有限公司", "kinds": ["使用"]},
        "people": [
            {"code": code, "name": f"示例人员{code}", "phone": phone_number(number, place), "roles": roles}
            for place, (code, roles) in enumerate(zip(codes, posts, strict=True))
        ],
        "equipment": [_lift(place, codes[2 + place % officers_many]) for place in range(lifts)],
    }


def _lift(number: int, officer: str) -> dict[str, Any]:
    return {
        "code": f"DT-{number:04d}", "name": f"{number} 号客梯", "category": "电梯", "subtype": "曳引与强制驱动电梯",
        "location": "示例", "officers": [officer], "next_inspection": "2029-06",
    }  # fmt: skip


def register(stack: RunningStack, folder: Path, rosters: Sequence[dict[str, Any]]) -> None:
    """By the operator's command."""
    files = [folder / f"{raw['unit']['code']}.yaml" for raw in rosters]
    for file, raw in zip(files, rosters, strict=True):
        file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    done = operate(stack, "apply", *map(str, files))
    assert done.returncode == 0, done.stdout + done.stderr
