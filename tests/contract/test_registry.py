"""What a unit has: its roster, targets by page, the directory of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from schemas.language import PersonState, Role, TargetState, UnitKind
from tean.adapters.ports.common import Page
from tean.adapters.ports.store import Store
from tean.domain.registry import Person, Roster, Target
from tests.fakes import builders, scenes
from tests.fakes.builders import OTHER_UNIT, UNIT

PRODUCTION = frozenset({UnitKind.PRODUCTION})


def test_there_is_no_roster_of_an_unknown_unit(store: Store) -> None:
    store.apply(builders.changes())

    assert store.roster(OTHER_UNIT) is None


def test_a_roster_comes_back_as_it_was_written(store: Store) -> None:
    roster = _motley_roster()
    store.apply(builders.changes(roster))

    assert store.roster(UNIT) == roster


def test_applying_the_same_changes_again_changes_nothing(store: Store) -> None:
    roster = _motley_roster()
    store.apply(builders.changes(roster))
    store.apply(builders.changes(roster))

    assert store.roster(UNIT) == roster
    assert list(store.memberships(roster.people["P1"].phone)) == [(UNIT, "P1")]
    assert [unit for shard in range(16) for unit in store.units(shard)] == [UNIT]


def test_what_is_not_named_in_the_changes_stays(store: Store) -> None:
    store.apply(builders.changes())
    renamed = builders.unit(name="更名后的示例公司", contact="")
    store.apply(builders.changes(unit=renamed, version="r2", people=(), targets=(), phones_added=()))

    assert store.roster(UNIT) == replace(builders.roster(), unit=renamed, version="r2")


def test_dismissed_people_and_removed_targets_stay_in_the_roster(store: Store) -> None:
    store.apply(builders.changes())
    gone = builders.person("P2", state=PersonState.DISMISSED)
    scrapped = builders.target(removed=True)
    store.apply(builders.changes(version="r2", people=(gone,), targets=(scrapped,)))

    roster = store.roster(UNIT)

    assert roster is not None
    assert (roster.people["P2"], roster.targets["E-1"]) == (gone, scrapped)


def test_the_people_of_two_units_are_kept_apart(store: Store) -> None:
    ours, theirs = builders.roster(), builders.roster([builders.person("P1", name="示例人员（同号不同人）")])
    store.apply(builders.changes(ours))
    store.apply(builders.changes(replace(theirs, unit=builders.unit(OTHER_UNIT))))

    assert store.roster(UNIT) == ours
    assert store.roster(OTHER_UNIT) == replace(theirs, unit=builders.unit(OTHER_UNIT))


def test_a_phone_changes_hands_in_one_application(store: Store) -> None:
    store.apply(builders.changes(phones_added=(("shared", "P1"), ("old", "P2"))))
    taken_away = (("shared", "P1"), ("old", "P2"))
    store.apply(builders.changes(version="r2", phones_added=(("shared", "P2"),), phones_removed=taken_away))

    assert (list(store.memberships("shared")), list(store.memberships("old"))) == ([(UNIT, "P2")], [])


# --- a target's state belongs to the inspections --------------------------------------------------------------------


def test_a_new_target_takes_the_state_of_the_roster(store: Store) -> None:
    parked = builders.target(state=TargetState.SUSPENDED, state_reason="待安装")
    scenes.enrol(store, parked)

    assert store.target(UNIT, "E-1") == parked


def test_a_known_target_keeps_its_state_when_the_roster_is_applied_again(store: Store) -> None:
    scenes.enrol(store, builders.target(state=TargetState.SUSPENDED, state_reason="大修"))
    changed = builders.target(name="1 号客梯（改）", officers=(), next_inspection=None, state_reason="花名册里没有原因")
    scenes.enrol(store, changed)

    assert store.target(UNIT, "E-1") == replace(changed, state=TargetState.SUSPENDED, state_reason="大修")


def test_a_known_target_without_a_reason_gets_none_from_the_roster(store: Store) -> None:
    scenes.enrol(store, builders.target())
    scenes.enrol(store, builders.target(state=TargetState.SUSPENDED, state_reason="花名册写的"))

    assert store.target(UNIT, "E-1") == builders.target()


# --- one target, pages of targets -----------------------------------------------------------------------------------


def test_a_target_that_is_not_there_is_none(store: Store) -> None:
    scenes.enrol(store)

    assert store.target(UNIT, "E-9") is None
    assert store.target(OTHER_UNIT, "E-1") is None


def test_a_removed_target_can_still_be_read_by_its_code(store: Store) -> None:
    scenes.enrol(store, builders.target(removed=True))

    assert store.target(UNIT, "E-1") == builders.target(removed=True)


def test_targets_come_by_code_without_the_removed(store: Store) -> None:
    scenes.enrol(store, *_targets("S-1", "E-2", "L-1", "E-10"), builders.target("E-3", removed=True))

    assert store.targets(UNIT, after=None, limit=50) == Page(tuple(_targets("E-10", "E-2", "L-1", "S-1")))


def test_a_unit_without_targets_has_an_empty_page(store: Store) -> None:
    scenes.enrol(store)

    assert store.targets(OTHER_UNIT, after=None, limit=50) == Page(())


def test_pages_of_targets_lose_and_double_none(store: Store) -> None:
    codes = [f"E-{number}" for number in range(1, 8)]
    scenes.enrol(store, *_targets(*codes), builders.target("E-2x", removed=True))

    for limit in (1, 2, 3, 7, 8):
        assert _codes(store, limit) == codes, limit


@pytest.mark.parametrize(
    ("narrowed", "codes"),
    [
        ({"officer": "P1"}, ["E-1", "E-3", "L-1"]),
        ({"officer": "P2"}, ["E-2", "E-3", "L-1"]),
        ({"officer": "P9"}, ["L-1"]),
        ({"kinds": frozenset({"3000"})}, ["E-1", "E-3"]),
        ({"kinds": frozenset({"3000", "5000"})}, ["E-1", "E-2", "E-3"]),
        ({"sides": PRODUCTION}, ["L-1"]),
        ({"sides": PRODUCTION | builders.USE}, ["E-1", "E-2", "E-3", "L-1"]),
        ({"officer": "P1", "kinds": frozenset({"3000"}), "sides": builders.USE}, ["E-1", "E-3"]),
        ({"officer": "P2", "kinds": frozenset({"3000"})}, ["E-3"]),
        ({"kinds": frozenset({"3000"}), "sides": PRODUCTION}, []),
    ],
)
def test_targets_can_be_narrowed(store: Store, narrowed: dict[str, Any], codes: Sequence[str]) -> None:
    scenes.enrol(
        store,
        builders.target("E-1", officers=("P1",)),
        builders.target("E-2", officers=("P2",), kind="5000"),
        builders.target("E-3", officers=("P2", "P1")),
        builders.target("L-1", officers=(), kind="EL_MFG", unit_kind=UnitKind.PRODUCTION),
    )

    assert _codes(store, 1, **narrowed) == codes
    assert _codes(store, 50, **narrowed) == codes


def _codes(store: Store, limit: int, **narrowed: Any) -> list[str]:
    pages = partial(_next_page, store, limit, narrowed)
    walked = scenes.walk(pages, limit, may_be_short=True)
    return [target.code for target in walked]


def _next_page(store: Store, limit: int, narrowed: dict[str, Any], after: str | None) -> Page[Target]:
    return store.targets(UNIT, after=after, limit=limit, **narrowed)


# --- the directory --------------------------------------------------------------------------------------------------


def test_every_unit_is_in_exactly_one_shard_of_the_directory(store: Store) -> None:
    codes = [f"91990000MA{number:08d}" for number in range(20)]
    for code in codes:
        store.apply(builders.changes(unit=builders.unit(code), people=(), targets=(), phones_added=()))

    shards = [list(store.units(shard)) for shard in range(16)]

    assert sorted(unit for shard in shards for unit in shard) == codes
    assert sum(1 for shard in shards if shard) > 1


def _targets(*codes: str) -> list[Target]:
    return [builders.target(code) for code in codes]


def _motley_roster() -> Roster:
    """One of everything a roster may hold: several posts, empty fields, odd characters, the order of officers."""
    unit = builders.unit(kinds=frozenset(UnitKind), contact="请拨打 10000000000，或到 A 座“服务台”\\n")
    return builders.roster(_motley_people(), _motley_targets(), unit=unit, version="f" * 64)


def _motley_people() -> list[Person]:
    everywhere = frozenset(UnitKind)
    return [
        builders.person("P1", roles={Role.OFFICER: everywhere, Role.ADMINISTRATOR: builders.USE}),
        builders.person("P2", name="示例人员·欧阳", roles={Role.OFFICER: PRODUCTION}),
        builders.person("D-1", Role.DIRECTOR, kinds=frozenset({"3000", "EL_MFG"})),
        builders.person("B1", Role.PRINCIPAL, state=PersonState.DISMISSED, phone_tail=""),
        builders.person("X1", roles={}, state=PersonState.DISMISSED),
    ]


def _motley_targets() -> list[Target]:
    licence: dict[str, Any] = {"unit_kind": UnitKind.PRODUCTION, "kind": "EL_MFG", "subtype": None}
    return [
        builders.target("E-1", officers=("P2", "P1"), name="𠮷 号梯 <b>&amp;\"'"),
        builders.target("E-2", state=TargetState.SUSPENDED, state_reason="大修，预计两周", removed=True),
        builders.target("L-1", officers=(), location="", next_inspection=None, identifiers={}, **licence),
        builders.target("S-1", next_inspection=date(2028, 2, 29), identifiers={"certificate": "证 1", "empty": ""}),
    ]


def test_somebody_and_a_target_of_his_unit_come_together(store: Store) -> None:
    roster = builders.roster()
    store.apply(builders.changes(roster))

    assert store.sender_and_target(UNIT, "P1", "E-1") == (roster.people["P1"], roster.targets["E-1"])
    assert store.sender_and_target(UNIT, "P1", None) == (roster.people["P1"], None)
    assert store.sender_and_target(UNIT, "P9", "E-9") == (None, None)
    assert store.sender_and_target(OTHER_UNIT, "P1", "E-1") == (None, None)
