"""What a set-up lacks: each gap by what has it, on its own side, and nothing that is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.language import Gap, PersonState, Role, TargetState, UnitKind
from tean.domain.gaps import Filled, Lacking, filled, find, lacking
from tean.domain.registry import Person, Roster, Target
from tests.fakes.builders import DAY, person, roster, target, unit

YESTERDAY, WHOLE = DAY - timedelta(days=1), frozenset(UnitKind)
PRODUCTION, FILLING = frozenset({UnitKind.PRODUCTION}), frozenset({UnitKind.FILLING})


def gaps(whole: Roster) -> dict[tuple[Gap, UnitKind], list[str]]:
    """Every gap with the codes of what has it."""
    return {(one.gap, one.side): [each.code for each in one.lacking] for one in find(whole, DAY)}


def use(*targets: Target, people: tuple[Person, ...] = ()) -> Roster:
    crew = people or (person("P1"), person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL))
    return roster(crew, targets)


def licence(code: str = "L-1", **fields: Any) -> Target:
    defaults: dict[str, Any] = {"unit_kind": UnitKind.PRODUCTION, "kind": "EL_MFG", "subtype": None, "officers": ()}
    return target(code, **defaults | fields)


def station(code: str = "S-1", **fields: Any) -> Target:
    return licence(code, unit_kind=UnitKind.FILLING, next_inspection=None, **{"kind": "GC_FILL"} | fields)


def makers(*people: tuple[str, Role]) -> tuple[Person, ...]:
    return tuple(person(code, roles={role: PRODUCTION}) for code, role in people)


def production(*targets: Target, people: tuple[Person, ...] = ()) -> Roster:
    crew = people or makers(("P1", Role.OFFICER), ("D1", Role.DIRECTOR))
    return roster(crew, targets, unit=unit(kinds=PRODUCTION))


def test_a_unit_that_has_everything_has_no_gap() -> None:
    everywhere = (person("P1", roles={Role.OFFICER: WHOLE}), person("D1", roles={Role.DIRECTOR: WHOLE}))
    whole = roster(everywhere, (target(), licence(), station()), unit=unit(kinds=WHOLE))
    assert gaps(whole) == {}
    assert filled(whole, ()) == [Filled(side, 1, 1) for side in UnitKind]


def test_what_has_no_date_or_sub_type_is_not_filled_in() -> None:
    whole = use(target("E-1"), target("E-2", next_inspection=None), target("E-3", next_inspection=None, subtype=None))
    assert gaps(whole) == {(Gap.UNDATED, UnitKind.USE): ["E-2", "E-3"], (Gap.UNTYPED, UnitKind.USE): ["E-3"]}
    assert filled(whole, find(whole, DAY)) == [Filled(UnitKind.USE, targets=3, complete=1)]


def test_a_date_passes_on_the_day_after_it_and_stays_filled_in() -> None:
    whole = use(target("E-1", next_inspection=DAY), target("E-2", next_inspection=YESTERDAY))
    assert gaps(whole) == {(Gap.EXPIRED, UnitKind.USE): ["E-2"]}
    assert filled(whole, find(whole, DAY)) == [Filled(UnitKind.USE, targets=2, complete=2)]
    assert lacking(whole, Gap.EXPIRED, UnitKind.USE, DAY) == [
        Lacking("E-2", "1 号客梯", "3000", "A 座大堂", due=YESTERDAY)
    ]


def test_what_is_suspended_may_wait_for_its_inspection() -> None:
    assert gaps(use(target(next_inspection=YESTERDAY, state=TargetState.SUSPENDED))) == {}


def test_a_licence_expires_and_needs_no_sub_type() -> None:
    assert gaps(production(licence(next_inspection=YESTERDAY))) == {(Gap.EXPIRED, UnitKind.PRODUCTION): ["L-1"]}


def test_equipment_whose_officers_have_all_left_has_none() -> None:
    gone, stays = person("P1", state=PersonState.DISMISSED), person("P2")
    whole = use(target("E-1"), target("E-2", officers=("P1", "P2")), people=(gone, stays, person("D1", Role.DIRECTOR)))
    assert gaps(whole) == {(Gap.UNATTENDED, UnitKind.USE): ["E-1"]}
    assert filled(whole, find(whole, DAY)) == [Filled(UnitKind.USE, targets=2, complete=1)]


def test_a_licence_without_named_officers_is_everybodys() -> None:
    assert gaps(production(licence(officers=("P9",)))) == {}


def test_each_kind_that_no_director_covers_is_one_gap() -> None:
    people = (person("P1"), person("D1", Role.DIRECTOR, kinds=frozenset({"3000"})))
    whole = use(target("E-1"), target("E-2", kind="1000"), target("E-3", kind="1000"), people=people)
    assert gaps(whole) == {(Gap.UNDIRECTED, UnitKind.USE): ["1000"]}
    assert lacking(whole, Gap.UNDIRECTED, UnitKind.USE, DAY) == [Lacking("1000", "锅炉", "1000")]


def test_the_kinds_of_what_was_removed_need_no_director() -> None:
    people = (person("P1"), person("D1", Role.DIRECTOR, kinds=frozenset({"3000"})))
    whole = use(target("E-1"), target("E-2", kind="1000", removed=True), people=people)
    assert "1000" in whole.undirected
    assert gaps(whole) == {}


def test_a_side_without_targets_is_one_gap_and_nobody_is_idle_there() -> None:
    everywhere = (person("P1", roles={Role.OFFICER: WHOLE}), person("D1", roles={Role.DIRECTOR: WHOLE}))
    whole = roster(everywhere, (target(removed=True), station()), unit=unit(kinds=frozenset({*FILLING, UnitKind.USE})))
    assert gaps(whole) == {(Gap.NO_TARGETS, UnitKind.USE): ["use"]}
    assert filled(whole, find(whole, DAY)) == [Filled(UnitKind.USE, 0, 0), Filled(UnitKind.FILLING, 1, 1)]


def test_an_officer_is_idle_where_everything_names_others() -> None:
    whole = use(target(), people=(person("P1"), person("P2"), person("P3", state=PersonState.DISMISSED)))
    assert gaps(whole)[Gap.IDLE, UnitKind.USE] == ["P2"]
    crew = makers(("P1", Role.OFFICER), ("P2", Role.OFFICER), ("D1", Role.DIRECTOR))
    assert gaps(production(licence(officers=("P1",)), people=crew)) == {(Gap.IDLE, UnitKind.PRODUCTION): ["P2"]}
    assert gaps(production(licence("L-1", officers=("P1",)), licence("L-2"), people=crew)) == {}


def test_order_73_keeps_director_and_officer_of_a_production_unit_apart_and_only_there() -> None:
    both = {Role.OFFICER: PRODUCTION, Role.DIRECTOR: PRODUCTION}
    assert gaps(production(licence(), people=(person("P1", roles=both),))) == {
        (Gap.DOUBLED, UnitKind.PRODUCTION): ["P1"]
    }
    of_use = person("P1", roles={role: frozenset({UnitKind.USE}) for role in both})
    assert gaps(use(target(), people=(of_use,))) == {}


def test_the_gravest_comes_first_and_its_sides_in_their_order() -> None:
    whole = roster(
        (person("P1", roles={Role.OFFICER: WHOLE}), person("P2")),
        (station(), licence(next_inspection=YESTERDAY), target(next_inspection=None)),
        unit=unit(kinds=WHOLE),
    )
    assert list(gaps(whole)) == [
        (Gap.EXPIRED, UnitKind.PRODUCTION), *((Gap.UNDIRECTED, side) for side in UnitKind),
        (Gap.UNDATED, UnitKind.USE), (Gap.IDLE, UnitKind.USE),
    ]  # fmt: skip


@pytest.mark.parametrize("gap", list(Gap))
def test_a_side_the_unit_is_not_has_no_gap(gap: Gap) -> None:
    bare = use(target(next_inspection=YESTERDAY, subtype=None), people=(person("P2", Role.PRINCIPAL),))
    left = replace(bare, unit=replace(bare.unit, kinds=FILLING))
    assert lacking(left, gap, UnitKind.USE, DAY) == []
