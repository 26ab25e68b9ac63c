"""Setting up a unit from a roster: what is written, what is told, and that today's tasks follow at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from schemas.language import Duty, PersonState, TargetState, UnitKind
from schemas.roster import RosterFile, Table
from tean.domain.errors import Invalid
from tean.domain.registry import Roster
from tean.domain.roster import RosterChanges
from tean.domain.roster_file import register
from tean.services.unit_setup import Action, Change, UnitSetupService
from tests.fakes.clock import FakeClock
from tests.fakes.messages import FakeMessages
from tests.fakes.store import FakeStore

UNIT = "91990000MA0DEM0138"
Edit = Callable[[dict[str, Any]], None]


def roster(*edits: Edit) -> RosterFile:
    """A use unit with two officers, a director, a principal who is administrator too, and two lifts."""
    content: dict[str, Any] = {
        "unit": {"code": UNIT, "name": "示例商业有限公司", "kinds": ["use"]},
        "people": [
            {"code": "A01", "name": "张示一", "phone": "10000000001", "roles": ["officer"]},
            {"code": "A02", "name": "李示二", "phone": "10000000002", "roles": ["officer"]},
            {"code": "D01", "name": "王示三", "phone": "10000000003", "roles": ["director"]},
            {"code": "P01", "name": "赵示四", "phone": "10000000004", "roles": ["principal", "administrator"]},
        ],
        "equipment": [
            {"code": "DT-01", "name": "1 号客梯", "category": "3000", "officers": ["A01"]},
            {"code": "DT-02", "name": "2 号客梯", "category": "3000", "officers": ["A01", "A02"]},
        ],
    }
    for edit in edits:
        edit(content)
    return RosterFile.model_validate(content)


def cell(table: str, row: int, field: str, value: Any) -> Edit:
    return lambda content: content[table][row].update({field: value})


def without(table: str, row: int) -> Edit:
    return lambda content: content[table].pop(row)


class CountingStore(FakeStore):
    """Remembers what it was asked to write."""

    def __init__(self) -> None:
        super().__init__()
        self.applied: list[RosterChanges] = []
        self.unlisted: frozenset[str] = frozenset()

    def roster(self, unit: str) -> Roster | None:
        found = super().roster(unit)
        return replace(found, unlisted=self.unlisted) if found else None

    def apply(self, changes: RosterChanges) -> None:
        self.applied.append(changes)
        super().apply(changes)


@dataclass
class Scene:
    store: CountingStore
    messages: FakeMessages
    clock: FakeClock
    setup: UnitSetupService


@pytest.fixture
def scene() -> Scene:
    store, messages, clock = CountingStore(), FakeMessages(), FakeClock()
    return Scene(store, messages, clock, UnitSetupService(store, messages, "hash of {}".format, clock))


def test_a_new_unit_is_registered_and_told_entry_by_entry(scene: Scene) -> None:
    report = scene.setup.apply(roster())
    assert [(change.table, change.action, change.code) for change in report.changes] == [
        (Table.UNIT, Action.ADDED, UNIT),
        *((Table.PEOPLE, Action.ADDED, code) for code in ("A01", "A02", "D01", "P01")),
        (Table.EQUIPMENT, Action.ADDED, "DT-01"),
        (Table.EQUIPMENT, Action.ADDED, "DT-02"),
    ]
    assert (report.count(Table.PEOPLE, Action.ADDED), report.count(Table.EQUIPMENT, Action.REMOVED)) == (4, 0)
    assert scene.store.memberships("hash of 10000000002") == [(UNIT, "A02")]


def test_what_is_on_is_opened_at_once_for_every_duty(scene: Scene) -> None:
    scene.setup.apply(roster())
    today, first = date(2026, 11, 23), date(2026, 11, 1)
    assert scene.messages.opened == [
        (UNIT, Duty.DAILY, today),
        (UNIT, Duty.WEEKLY, today),
        (UNIT, Duty.MONTHLY, first),
        (UNIT, Duty.WEEKLY_REPORT, today),
        (UNIT, Duty.MONTHLY_REPORT, first),
    ]


def test_the_day_is_the_one_in_shanghai(scene: Scene) -> None:
    scene.clock.move(hours=16)
    scene.setup.apply(roster())
    assert scene.messages.opened[0] == (UNIT, Duty.DAILY, date(2026, 11, 24))


def test_the_same_roster_again_writes_nothing_but_asks_for_the_day(scene: Scene) -> None:
    scene.setup.apply(roster())
    report = scene.setup.apply(roster())
    assert (report.changes, len(scene.store.applied), len(scene.messages.opened)) == ((), 1, 10)


def test_a_unit_whose_missing_director_was_not_kept_yet_is_put_right_and_called_unchanged(scene: Scene) -> None:
    undirected = roster(without("people", 2))
    scene.setup.apply(undirected)
    assert scene.store.applied[0].unit.undirected == {"3000"}
    assert "undirected" not in {
        heading for change in scene.setup.preview(undirected).changes for heading in change.headings
    }
    forgotten = replace(scene.store.applied[0].unit, undirected=frozenset())
    scene.store.apply(replace(scene.store.applied[0], unit=forgotten))
    assert scene.setup.apply(undirected).changes == ()
    assert scene.store.applied[-1].unit.undirected == {"3000"}


def test_what_is_not_kept_by_its_date_yet_is_written_again_and_called_unchanged(scene: Scene) -> None:
    dated = roster(cell("equipment", 0, "next_inspection", "2027-05"))
    scene.setup.apply(dated)
    scene.store.unlisted = frozenset({"E-DT-01"})
    report = scene.setup.apply(dated)
    assert (report.changes, [target.code for target in scene.store.applied[-1].targets]) == ((), ["E-DT-01"])


def test_a_preview_tells_the_same_and_writes_nothing(scene: Scene) -> None:
    preview = scene.setup.preview(roster())
    assert (scene.store.applied, scene.messages.opened) == ([], [])
    assert scene.setup.apply(roster()) == preview


def test_a_changed_roster_is_applied_as_a_difference(scene: Scene) -> None:
    scene.setup.apply(roster())
    report = scene.setup.apply(
        roster(
            cell("people", 0, "phone", "10000000009"),
            cell("equipment", 0, "location", "A 座"),
            cell("equipment", 0, "officers", ["A02"]),
            lambda content: content["unit"].update(contact="找赵示四"),
        )
    )
    assert report.changes == (
        Change(Table.UNIT, Action.CHANGED, UNIT, "示例商业有限公司", ("联系方式",)),
        Change(Table.PEOPLE, Action.CHANGED, "A01", "张示一", ("手机号",)),
        Change(Table.EQUIPMENT, Action.CHANGED, "DT-01", "1 号客梯", ("位置", "安全员")),
    )
    written = scene.store.applied[-1]
    assert ([one.code for one in written.people], [one.code for one in written.targets]) == (["A01"], ["E-DT-01"])
    assert scene.store.memberships("hash of 10000000001") == []
    assert scene.store.memberships("hash of 10000000009") == [(UNIT, "A01")]


def test_who_and_what_left_the_roster_is_taken_out_and_may_come_back(scene: Scene) -> None:
    scene.setup.apply(roster())
    smaller = roster(cell("equipment", 1, "officers", ["A01"]), without("people", 1), without("equipment", 0))
    report = scene.setup.apply(smaller)
    assert Change(Table.PEOPLE, Action.REMOVED, "A02", "李示二") in report.changes
    assert Change(Table.EQUIPMENT, Action.REMOVED, "DT-01", "1 号客梯") in report.changes
    kept = scene.store.roster(UNIT)
    assert kept
    assert (kept.people["A02"].state, kept.targets["E-DT-01"].removed) == (PersonState.DISMISSED, True)
    back = scene.setup.apply(roster())
    assert (back.count(Table.PEOPLE, Action.RETURNED), back.count(Table.EQUIPMENT, Action.RETURNED)) == (1, 1)
    assert back.count(Table.PEOPLE, Action.ADDED) == 0


def test_a_suspended_target_stays_suspended(scene: Scene) -> None:
    there = register(roster(), "hash of {}".format)
    lift = replace(there.targets["E-DT-01"], state=TargetState.SUSPENDED, state_reason="大修")
    scene.store.apply(RosterChanges(there.unit, "before", targets=(lift,)))
    scene.setup.apply(roster(cell("equipment", 0, "location", "A 座")))
    assert scene.store.target(UNIT, "E-DT-01") == replace(lift, location="A 座")


def test_a_code_given_to_another_kind_of_thing_is_refused_before_anything_is_written(scene: Scene) -> None:
    scene.setup.apply(roster())
    with pytest.raises(Invalid) as refusal:
        scene.setup.apply(roster(cell("equipment", 0, "category", "1000"), cell("people", 0, "name", "张示五")))
    assert (refusal.value.code, refusal.value.details) == ("roster.kind_changed", {"targets": ["E-DT-01"]})
    assert refusal.value.sentence.startswith("DT-01 原来是电梯，名册里成了锅炉。")
    assert len(scene.store.applied) == 1


def test_a_number_that_seems_to_be_given_to_somebody_else_is_warned_of(scene: Scene) -> None:
    scene.setup.apply(roster())
    renamed = scene.setup.preview(roster(cell("people", 0, "name", "张示五")))
    assert renamed.warnings == ()
    other = scene.setup.preview(roster(cell("people", 0, "name", "张示五"), cell("people", 0, "phone", "10000000008")))
    assert [warning.split("：")[0] for warning in other.warnings] == ["工号 A01 的姓名和手机号都变了"]


def test_another_unit_is_left_alone(scene: Scene) -> None:
    scene.setup.apply(roster())
    before = scene.store.roster(UNIT)
    scene.setup.apply(roster(lambda content: content["unit"].update(code="91990000MA0DEM0213")))
    assert scene.store.roster(UNIT) == before
    assert scene.store.memberships("hash of 10000000001") == [(UNIT, "A01"), ("91990000MA0DEM0213", "A01")]


def test_a_unit_may_become_of_another_kind(scene: Scene) -> None:
    scene.setup.apply(roster())
    report = scene.setup.apply(roster(lambda content: content["unit"].update(kinds=["use", "filling"])))
    assert report.changes[0].headings == ("单位类型",)
    there = scene.store.roster(UNIT)
    assert there
    assert there.unit.kinds == {UnitKind.USE, UnitKind.FILLING}
