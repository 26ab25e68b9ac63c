"""Whoever is rung finds what to do, under the alarm's own name; and what an operator may do is what his commands do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.events import OpenUnit
from schemas.language import Duty
from schemas.roster import RosterFile
from tean.adapters.dynamo.store import DynamoStore
from tean.domain.calendar import current
from tean.services.days import DayService
from tean.services.unit_setup import UnitSetupService
from tests.fakes import builders, scenes
from tests.fakes.builders import UNIT
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.messages import FakeMessages
from tests.fakes.quarter import FILE
from tests.fakes.wire import Wire
from tests.package.making import ROOT

OPERATIONS, DEPLOY = (ROOT / "docs" / name for name in ("operations.md", "deploy.md"))
SINGLE = {"ConditionCheck": "ConditionCheckItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_alarm_has_its_heading_and_no_heading_names_another(packages: Path, stage: str) -> None:
    template = yaml.safe_load((packages / stage / "template.yaml").read_text(encoding="utf-8"))
    alarms = [name for name, one in template["Resources"].items() if one["Type"] == "AWS::CloudWatch::Alarm"]
    headings = re.findall(r"^#+ (.*`.*)$", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    named = [name for heading in headings for name in re.findall(r"`(\w+)`", heading)]
    assert sorted(named) == sorted(alarms)


@pytest.mark.parametrize("page", [OPERATIONS, DEPLOY])
def test_every_way_to_another_place_leads_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name, place in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
        there = page.parent / name if name else page
        assert there.exists(), name
        assert not place or place in anchors(there), place


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_an_operator_needs_no_more_rights_than_he_is_given_and_no_less() -> None:
    assert asked() == given()


def given() -> set[tuple[str, str]]:
    """What the policy in docs/deploy.md allows: (action, table or table/index)."""
    text = DEPLOY.read_text(encoding="utf-8").partition("<!-- operator: begin -->")[2]
    policy = json.loads(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    return {
        (action.removeprefix("dynamodb:"), resource.partition("table/tean-prod-")[2])
        for statement in policy["Statement"]
        for action in _several(statement["Action"])
        for resource in _several(statement["Resource"])
        if action.startswith("dynamodb:")
    }


def _several(one: str | list[str]) -> list[str]:
    return [one] if isinstance(one, str) else one


def asked() -> set[tuple[str, str]]:
    """What a unit's life asks of storage: it is registered; days later, none of which was opened, devices and phones
    change; then somebody is dismissed whose hazard another takes over."""
    with moto_store() as store:
        clock, wires = FakeClock(), []
        setup = UnitSetupService(store, FakeMessages(), "hash of {}".format, clock, lambda attempt: None)
        for file, successors in lives(store, clock):
            with watch() as wire:
                setup.preview(file, successors)
                setup.apply(file, successors)
            wires.append(wire)
        return {one for wire in wires for one in used(wire)}


def lives(store: DynamoStore, clock: FakeClock) -> Iterator[tuple[RosterFile, dict[str, str]]]:
    """Rosters, one after the other, and who takes over."""
    raw: dict[str, Any] = deepcopy(FILE)
    yield RosterFile.model_validate(raw), {}
    for duty in Duty:
        DayService(store, clock, lambda attempt: None).open(OpenUnit(unit=UNIT, duty=duty, due=current(duty, clock())))
    scenes.inspected(store, builders.hazard())
    clock.move(days=3)
    raw["people"][1]["phone"] = "10000000099"
    raw["equipment"].pop()
    yield RosterFile.model_validate(raw), {}
    raw["people"].pop(0)
    raw["equipment"][0]["officers"] = ["P2"]
    raw["stations"][1]["officers"] = ["P3"]
    yield RosterFile.model_validate(raw), {"P1": "P2"}


def used(wire: Wire) -> Iterator[tuple[str, str]]:
    """Actions and resources as IAM names them; a transaction needs those of its parts."""
    for call in wire.calls:
        if call.actions:
            yield from ((SINGLE[action.kind], _table(action.table)) for action in call.actions)
        else:
            names = call.request.get("RequestItems") or [call.request["TableName"]]
            index = call.request.get("IndexName")
            yield from ((call.operation, f"{_table(name)}/index/{index}" if index else _table(name)) for name in names)


def _table(name: str) -> str:
    return name.removeprefix("tean-local-")
