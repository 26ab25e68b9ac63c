from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from schemas.language import Role, UnitKind
from tean.domain.errors import NotFound
from tean.domain.membership import Membership
from tean.domain.registry import Target
from tean.domain.visibility import (
    Sight,
    covers,
    holds,
    may_see_hazard,
    sees_kind,
    whose_inspections,
    whose_records,
    whose_targets,
)
from tests.fakes.builders import hazard, membership, target

FILLING = frozenset({UnitKind.FILLING})
P1, P2 = membership("P1"), membership("P2")
PRINCIPAL = membership("B1", Role.PRINCIPAL)
HIS = target(officers=("P1",))
LICENCE = target("L-1", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG", officers=())
MAKER = membership("P3", sides=frozenset({UnitKind.PRODUCTION}))


def director(**fields: Any) -> Membership:
    return membership("D1", Role.DIRECTOR, **fields)


@pytest.mark.parametrize(
    ("member", "of", "expected"),
    [
        (P1, HIS, True),
        (P2, HIS, False),
        (P2, target(officers=("P1", "P2")), True),
        (P1, target(officers=()), False),
        (MAKER, LICENCE, True),
        (P1, LICENCE, False),
        (MAKER, replace(LICENCE, officers=("P4",)), False),
        (MAKER, replace(LICENCE, officers=("P3",)), True),
        (membership("P1", sides=FILLING), HIS, False),
    ],
)
def test_an_officer_holds_what_names_him_or_what_names_nobody_on_his_side(
    member: Membership, of: Target, expected: bool
) -> None:
    assert holds(member, of) is expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (director(), True),
        (director(kinds=frozenset({"3000"})), True),
        (director(kinds=frozenset({"1000"})), False),
        (director(sides=FILLING), False),
        (director(sides=FILLING, kinds=frozenset({"3000"})), False),
    ],
)
def test_a_director_covers_his_kinds_of_his_sides_by_default_all(member: Membership, expected: bool) -> None:
    assert covers(member, UnitKind.USE, "3000") is expected


@pytest.mark.parametrize(
    ("member", "kinds"),
    [
        (director(), {"3000", "4000"}),
        (director(kinds=frozenset({"4000", "GC_FILL"})), {"4000"}),
        (director(sides=FILLING), {"GC_FILL"}),
        (PRINCIPAL, {"3000", "4000", "EL_MFG", "GC_FILL"}),
        (P1, set()),
        (membership("A1", Role.ADMINISTRATOR), set()),
    ],
)
def test_a_director_sees_all_of_his_kinds_the_principal_all_and_nobody_else(
    member: Membership, kinds: set[str]
) -> None:
    assert {kind for kind in ("3000", "4000", "EL_MFG", "GC_FILL") if sees_kind(member, kind)} == kinds


@pytest.mark.parametrize("member", [P1, PRINCIPAL, director(), membership("B1", Role.PRINCIPAL, sides=FILLING)])
def test_who_holds_covers_or_leads_lists_everybodys_records(member: Membership) -> None:
    assert whose_records(member, HIS) is None


def test_an_officer_lists_only_his_own_records_of_a_target_he_does_not_hold() -> None:
    assert whose_records(P2, HIS) == "P2"


def test_a_target_of_a_kind_he_does_not_cover_does_not_exist_for_a_director() -> None:
    with pytest.raises(NotFound) as caught:
        whose_records(director(kinds=frozenset({"1000"})), HIS)
    assert caught.value.code == "target.unknown"


@pytest.mark.parametrize("member", [P1, director(), PRINCIPAL])
def test_an_unknown_target_does_not_exist_for_anybody(member: Membership) -> None:
    with pytest.raises(NotFound) as caught:
        whose_records(member, None)
    assert caught.value.code == "target.unknown"


def test_a_list_of_targets_is_narrowed_to_what_is_his() -> None:
    sides = frozenset({UnitKind.FILLING, UnitKind.USE})
    assert whose_targets(membership("P1", sides=FILLING)) == Sight(officer="P1", sides=FILLING)
    assert whose_targets(director(sides=FILLING, kinds=frozenset({"GC_FILL"}))) == Sight(
        None, frozenset({"GC_FILL"}), FILLING
    )
    assert whose_targets(membership("B1", Role.PRINCIPAL, sides=sides)) == Sight()


@pytest.mark.parametrize(
    ("refuse", "sentence"),
    [
        (lambda: whose_records(P1, None), "没有找到这个对象，请回到列表下拉刷新。"),
        (lambda: whose_records(director(kinds=frozenset({"1000"})), HIS), "没有找到这个对象，请回到列表下拉刷新。"),
        (
            lambda: whose_inspections(director(kinds=frozenset({"1000"})), "3000"),
            "没有找到这个种类，请回到列表下拉刷新。",
        ),
    ],
)
def test_who_may_not_see_it_is_told_what_he_would_be_told_of_nothing(refuse: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(NotFound) as caught:
        refuse()
    assert caught.value.sentence == sentence


def test_a_director_of_one_kind_sees_its_records_and_hazards() -> None:
    narrowed = director(kinds=frozenset({"3000"}))
    assert whose_records(narrowed, HIS) is None
    assert may_see_hazard(narrowed, HIS, hazard("P4"))


def test_an_officer_sees_colleagues_records_of_what_he_holds_and_his_own_of_the_rest() -> None:
    assert (whose_records(P1, HIS), whose_records(P2, HIS)) == (None, "P2")


def test_an_officer_inspects_a_kind_for_himself_and_those_above_him_see_everybodys() -> None:
    assert whose_inspections(P1, "3000") == "P1"
    assert (whose_inspections(director(), "3000"), whose_inspections(PRINCIPAL, "filling")) == (None, None)
    assert whose_inspections(director(sides=FILLING, kinds=frozenset({"GC_FILL"})), "filling") is None


@pytest.mark.parametrize("narrowed", [director(kinds=frozenset({"1000"})), director(sides=FILLING)])
def test_inspections_of_a_kind_a_director_does_not_cover_do_not_exist_for_him(narrowed: Membership) -> None:
    with pytest.raises(NotFound) as caught:
        whose_inspections(narrowed, "3000")
    assert caught.value.code == "target.unknown"


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (P1, True),
        (P2, False),
        (membership("P4"), True),
        (membership("P5"), True),
        (PRINCIPAL, True),
        (director(), True),
        (director(kinds=frozenset({"1000"})), False),
        (director(sides=FILLING), False),
    ],
)
def test_a_hazard_is_seen_by_holder_finder_assignee_and_those_above(member: Membership, expected: bool) -> None:
    assert may_see_hazard(member, HIS, hazard("P4", assignee="P5")) is expected


def test_the_finder_still_sees_his_hazard_when_the_target_is_gone() -> None:
    assert may_see_hazard(P1, None, hazard("P1"))
    assert not may_see_hazard(P2, None, hazard("P1"))
