"""Units of a test's own, made by the operator's command from the demo rosters: no test finds the marks of another."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from infra.demo import FILES
from infra.phone import Phone, until
from tests.fakes.rosters import credit_code
from tests.stack import RunningStack, operate

FORKLIFT, CRANE = ("1 号叉车", "E-CC-01"), ("检修行车", "E-QZ-01")
"""Two devices of ``A01`` in a unit that uses equipment: name and code."""

_NUMBERS = itertools.count(100)


@dataclass(frozen=True)
class Person:
    """Somebody of a unit: what he is called, and the number of his phone."""

    name: str
    phone: str


@dataclass(frozen=True)
class OwnUnit:
    """A unit nobody else works in. ``A01`` and ``A02`` are its officers, ``D01`` directs, ``P01`` is the principal."""

    name: str
    origin: str
    people: dict[str, Person]
    file: Path
    """Its roster."""

    def phone(self, code: str) -> Phone:
        """The same person by plain HTTP, to see what the unit really holds."""
        phone = Phone(self.origin, self.people[code].phone)
        phone.login()
        return phone

    def todos(self, code: str) -> list[dict[str, Any]]:
        """What the unit says he has to do."""
        return list(self.phone(code).pages("/v1/todos"))

    def records(self, code: str, target: str) -> list[dict[str, Any]]:
        """The records of a target."""
        return list(self.phone(code).pages(f"/v1/targets/{target}/records"))


def own_unit(stack: RunningStack, folder: Path, kind: str = "use", **changes: Any) -> OwnUnit:
    """A copy of the demo unit of a kind under another code, with other phones; its day is opened."""
    number = next(_NUMBERS)
    raw: dict[str, Any] = yaml.safe_load(
        next(Path(file) for file in FILES if Path(file).stem == kind).read_text("utf-8")
    )
    raw |= changes
    raw["unit"] |= {"code": credit_code(number), "name": f"示例第{number}号有限公司"}
    for place, person in enumerate(raw["people"], 1):
        person["phone"] = f"100000{number:03d}{place:02d}"
    file = folder / f"{number}.yaml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    _apply(stack, file)
    people = {person["code"]: Person(person["name"], person["phone"]) for person in raw["people"]}
    unit = OwnUnit(raw["unit"]["name"], stack.origin, people, file)
    # The principal's phone is asked: on those of the others WeChat is still to be bound.
    principal = unit.phone("P01")
    until(lambda: principal.get("/v1/progress/daily")["owed"], bool)
    return unit


def edit_roster(stack: RunningStack, unit: OwnUnit, edit: Callable[[dict[str, Any]], None]) -> None:
    """What the operator does whom the administrator gave a changed roster."""
    raw = yaml.safe_load(unit.file.read_text(encoding="utf-8"))
    edit(raw)
    unit.file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    _apply(stack, unit.file)


def today() -> str:
    """The business date."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def _apply(stack: RunningStack, file: Path) -> None:
    done = operate(stack, "apply", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
