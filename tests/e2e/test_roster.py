"""A unit of one's own, by the operator's command against the running stack: from roster file to to-dos."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.demo import FILES
from infra.phone import Phone, Refused, until
from tests.stack import operate

pytestmark = pytest.mark.e2e
UNIT = "91990000MA1111111R"
OFFICER = "10000000901"


def roster() -> dict[str, Any]:
    """The filling demo unit under another code, with other phones."""
    source = next(file for file in FILES if Path(file).name == "filling.yaml")
    raw: dict[str, Any] = yaml.safe_load(Path(source).read_text(encoding="utf-8"))
    raw["unit"] |= {"code": UNIT, "name": "示例新立气体有限公司"}
    for number, person in enumerate(raw["people"], 1):
        person["phone"] = f"1000000090{number}"
    return raw


def apply(stack: Any, raw: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "roster.yaml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return operate(stack, "apply", str(file))


KINDS = ["filling", "filling"]
"""What the week and the month ask of a filling unit."""


def targets_of(phone: Phone) -> list[str]:
    return [todo["target"] for todo in phone.pages("/v1/todos")]


def test_a_roster_becomes_a_unit_and_a_changed_one_its_difference(stack: Any, tmp_path: Path) -> None:
    raw = roster()
    created = apply(stack, raw, tmp_path)
    assert created.returncode == 0, created.stdout + created.stderr
    officer = Phone(stack.origin, OFFICER)
    assert officer.login()["membership"]["unit"] == UNIT
    until(lambda: targets_of(officer), lambda there: there == ["S-GW-01", "S-GW-02", "S-GW-04", *KINDS])

    raw["stations"] = [*raw["stations"][1:], raw["stations"][0] | {"code": "GW-09", "name": "9 号充装台"}]
    changed = apply(stack, raw, tmp_path)
    assert changed.returncode == 0, changed.stdout + changed.stderr
    until(lambda: targets_of(officer), lambda there: there == ["S-GW-02", "S-GW-04", "S-GW-09", *KINDS])


def test_a_roster_with_faults_names_them_all_and_writes_nothing(stack: Any, tmp_path: Path) -> None:
    raw = roster()
    raw["unit"]["code"] = "91990000MA22222220"
    raw["people"][0] |= {"phone": "123"}
    raw["people"][1] |= {"phone": "10000000931"}
    raw["stations"][0] |= {"filling_kind": "氢气球"}
    refused = apply(stack, raw, tmp_path)
    assert refused.returncode == 1
    told = refused.stdout + refused.stderr
    assert all(word in told for word in ("校验位不符", "现在是 3 位", "氢气球")), told
    with pytest.raises(Refused, match=r"login\.phone_unknown"):
        Phone(stack.origin, "10000000931").login()
