"""Weekly inspection, monthly dispatch and the reports: per target kind, for each role that has them (guide 2.1-4.1)."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.language import Duty, PersonState, Role, TargetState, UnitKind
from tean.domain.planning import plan
from tean.domain.registry import Person, Roster
from tests.fakes.builders import person, roster, target, unit

WEEK, MONTH = date(2026, 11, 23), date(2026, 11, 1)
DUE = {Duty.WEEKLY: WEEK, Duty.MONTHLY: MONTH, Duty.WEEKLY_REPORT: WEEK, Duty.MONTHLY_REPORT: MONTH}
INSPECTIONS, REPORTS = (Duty.WEEKLY, Duty.MONTHLY), (Duty.WEEKLY_REPORT, Duty.MONTHLY_REPORT)
USE, PRODUCTION, FILLING = (frozenset({kind}) for kind in UnitKind)

PEOPLE = (person("P1"), person("P2"), person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL))
MALL = roster(
    PEOPLE,
    (
        target("E-1", officers=("P1",)),
        target("E-2", officers=("P1", "P2")),
        target("E-3", kind="1000", subtype=None, officers=("P2",)),
    ),
)


def asked(whole: Roster, duty: Duty) -> dict[str, list[str]]:
    """The kinds each post is asked for."""
    plans = plan(whole, duty, DUE[duty])
    return {post: [row.target for row in one.rows] for post, one in plans.items() if one.rows}


def works(*people: Person, side: UnitKind, kinds: tuple[str, ...]) -> Roster:
    """A unit of another kind with one target of each of ``kinds``, which name nobody."""
    prefix = {UnitKind.PRODUCTION: "L-", UnitKind.FILLING: "S-"}[side]
    things = [
        target(f"{prefix}{n}", unit_kind=side, kind=kind, subtype=None, officers=()) for n, kind in enumerate(kinds)
    ]
    return roster(people, things, unit=unit(kinds=frozenset({side})))


@pytest.mark.parametrize("duty", INSPECTIONS)
def test_officers_inspect_the_kinds_they_check_directors_those_their_officers_check(duty: Duty) -> None:
    expected = {"P1": ["3000"], "P2": ["1000", "3000"], "D1#director": ["1000", "3000"]}
    principal = {"B1#principal": ["1000", "3000"]} if duty is Duty.MONTHLY else {}
    assert asked(MALL, duty) == expected | principal


def test_reports_are_the_directors_and_the_monthly_one_the_principals_too() -> None:
    assert asked(MALL, Duty.WEEKLY_REPORT) == {"D1#director": ["1000", "3000"]}
    assert asked(MALL, Duty.MONTHLY_REPORT) == {"D1#director": ["1000", "3000"], "B1#principal": ["1000", "3000"]}


def test_a_principal_dispatches_every_kind_the_unit_has_checked_or_not() -> None:
    whole = roster(PEOPLE, (target("E-1"), target("E-3", kind="1000", subtype=None, officers=())))
    assert asked(whole, Duty.MONTHLY) == {"P1": ["3000"], "D1#director": ["3000"], "B1#principal": ["1000", "3000"]}


def test_a_director_who_is_narrowed_is_asked_for_his_kinds_and_the_principal_for_those_nobody_covers() -> None:
    boilers = person("D1", Role.DIRECTOR, kinds=frozenset({"1000"}))
    whole = roster((*PEOPLE[:2], boilers, PEOPLE[3]), MALL.targets.values())
    for duty in (Duty.WEEKLY, Duty.WEEKLY_REPORT):
        leading = {post: kinds for post, kinds in asked(whole, duty).items() if "#" in post}
        assert leading == {"D1#director": ["1000"], "B1#principal": ["3000"]}


@pytest.mark.parametrize("gone", [(), (person("D1", Role.DIRECTOR, state=PersonState.DISMISSED),)])
def test_without_a_director_his_work_is_the_principals(gone: tuple[Person, ...]) -> None:
    whole = roster((*PEOPLE[:2], *gone, PEOPLE[3]), MALL.targets.values())
    for duty in (Duty.WEEKLY, Duty.WEEKLY_REPORT):
        leading = {post: kinds for post, kinds in asked(whole, duty).items() if "#" in post}
        assert leading == {"B1#principal": ["1000", "3000"]}


@pytest.mark.parametrize("duty", INSPECTIONS)
def test_production_is_inspected_per_licence_kind_by_every_officer_of_that_side(duty: Duty) -> None:
    people = (person("P1", roles={Role.OFFICER: PRODUCTION}), person("P2", roles={Role.OFFICER: PRODUCTION}))
    whole = works(*people, side=UnitKind.PRODUCTION, kinds=("EL_MFG", "EL_MFG", "CR_INS"))
    assert asked(whole, duty) == {"P1": ["CR_INS", "EL_MFG"], "P2": ["CR_INS", "EL_MFG"]}


@pytest.mark.parametrize(("kinds", "lists"), [
    (("GC_FILL", "MPV_FILL", "GC_FILL"), ("GC_FILL", "MPV_FILL")),
    (("GC_FILL",), ("GC_FILL",)),
])  # fmt: skip
def test_filling_is_inspected_as_one_on_the_lists_of_the_kinds_there_are(
    kinds: tuple[str, ...], lists: tuple[str, ...]
) -> None:
    people = (
        person("P1", roles={Role.OFFICER: FILLING}),
        person("D1", roles={Role.DIRECTOR: FILLING}, kinds=frozenset({"MPV_FILL"})),
        person("B1", roles={Role.PRINCIPAL: FILLING}),
    )
    whole = works(*people, side=UnitKind.FILLING, kinds=kinds)
    assert asked(whole, Duty.MONTHLY) == {post: ["filling"] for post in ("P1", "D1#director", "B1#principal")}
    (row,) = plan(whole, Duty.WEEKLY, WEEK)["P1"].rows
    assert (row.kind, row.unit_kind, row.lists) == ("filling", UnitKind.FILLING, lists)


def test_one_person_in_two_roles_has_a_list_for_each() -> None:
    both = person("P1", roles={Role.OFFICER: USE, Role.DIRECTOR: USE})
    assert asked(roster((both,), (target(),)), Duty.WEEKLY) == {"P1": ["3000"], "P1#director": ["3000"]}


def test_officers_rows_stand_alone_and_directors_share_theirs() -> None:
    directors = (person("D1", Role.DIRECTOR), person("D2", Role.DIRECTOR))
    plans = plan(roster((*PEOPLE[:2], *directors), MALL.targets.values()), Duty.WEEKLY, WEEK)
    shared = {post: {row.shared for row in one.rows if row.target == "3000"} for post, one in plans.items()}
    assert shared == {
        "P1": {"3000#officer-P1"}, "P2": {"3000#officer-P2"},
        "D1#director": {"3000#director"}, "D2#director": {"3000#director"},
    }  # fmt: skip
    assert [plans[post].sheet.owed for post in ("P2", "D1#director", "D2#director")] == [
        {"1000": 1, "3000": 1}, {"1000": 1, "3000": 1}, {},
    ]  # fmt: skip


@pytest.mark.parametrize("duty", [Duty.DAILY, *INSPECTIONS, *REPORTS])
def test_everybody_who_has_a_duty_gets_a_sheet_and_the_administrator_none(duty: Duty) -> None:
    people = (*PEOPLE, person("G1", Role.ADMINISTRATOR))
    plans = plan(roster(people, (target("E-1", officers=("P1",)),)), duty, DUE.get(duty, WEEK))
    officers = ["P1", "P2"] if duty not in REPORTS else []
    leading = ["B1#principal", "D1#director"] if duty is not Duty.DAILY else []
    assert sorted(plans) == sorted([*officers, *leading])
    assert {one.sheet.crew for one in plans.values()} == {len(plans)}


def test_what_is_suspended_still_belongs_to_its_kind_and_what_is_removed_does_not() -> None:
    stopped = target("E-1", state=TargetState.SUSPENDED)
    assert asked(roster(PEOPLE, (stopped,)), Duty.WEEKLY)["P1"] == ["3000"]
    assert asked(roster(PEOPLE, (target(removed=True),)), Duty.WEEKLY) == {}
