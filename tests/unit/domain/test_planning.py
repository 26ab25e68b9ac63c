from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.language import Duty, PersonState, Role, TargetState, TaskState, UnitKind
from tean.domain.planning import PersonPlan, empty_plan, plan, row_changes
from tean.domain.registry import Person, Roster, Target
from tean.domain.tasks import Row
from tests.fakes.builders import DAY, person, roster, row, target, unit
from tests.fakes.day import codes

BOTH = frozenset({UnitKind.PRODUCTION, UnitKind.FILLING})
EVERY = frozenset(UnitKind)


def maker(code: str, **fields: Any) -> Person:
    """An officer of the production and filling sides."""
    return person(code, roles={Role.OFFICER: BOTH}, **fields)


def licence(code: str = "L-1", **fields: Any) -> Target:
    return target(
        code, **{"unit_kind": UnitKind.PRODUCTION, "kind": "EL_MFG", "subtype": None, "officers": ()} | fields
    )


def station(code: str = "S-1", **fields: Any) -> Target:
    return target(code, **{"unit_kind": UnitKind.FILLING, "kind": "GC_FILL", "subtype": None, "officers": ()} | fields)


def plan_of(
    *things: Target, people: tuple[Person, ...] = (), kinds: frozenset[UnitKind] = EVERY
) -> dict[str, PersonPlan]:
    """What daily control asks of those who have anything to check."""
    whole = plan(roster(people, things, unit=unit(kinds=kinds)), Duty.DAILY, DAY)
    return {post: one for post, one in whole.items() if one.rows}


def owners(plan: dict[str, PersonPlan]) -> dict[str, list[str]]:
    return {who: codes(one.rows) for who, one in plan.items()}


def test_equipment_gives_a_row_to_each_of_its_officers() -> None:
    plan = plan_of(target("E-1", officers=("P1", "P2")), target("E-2", officers=("P2",)))
    assert owners(plan) == {"P1": ["E-1"], "P2": ["E-1", "E-2"]}


def test_a_row_shows_what_and_where_the_target_is() -> None:
    thing = target(state=TargetState.SUSPENDED, location="B 座", name="2 号客梯")
    assert plan_of(thing)["P1"].rows == (
        row(name="2 号客梯", location="B 座", target_state=TargetState.SUSPENDED, officers=("P1",)),
    )


def test_a_row_names_everybody_who_got_one_the_first_officer_first() -> None:
    plan = plan_of(target(officers=("P2", "P1")))
    assert {who: one.rows[0].officers for who, one in plan.items()} == {"P1": ("P2", "P1"), "P2": ("P2", "P1")}


def test_a_target_counts_on_the_sheet_of_its_first_officer_only() -> None:
    plan = plan_of(
        target("E-1", officers=("P2", "P1")), target("E-2", officers=("P1", "P2")), target("E-3", kind="1000")
    )
    assert {who: one.sheet.owed for who, one in plan.items()} == {"P1": {"3000": 1, "1000": 1}, "P2": {"3000": 1}}


def test_a_licence_that_names_nobody_falls_to_every_officer_of_its_side() -> None:
    plan = plan_of(licence(), people=(maker("P2"), maker("P1"), person("P3")))
    assert owners(plan) == {"P1": ["L-1"], "P2": ["L-1"]}
    assert plan["P1"].sheet.owed == {"EL_MFG": 1}
    assert plan["P2"].sheet.owed == {}


def test_a_station_that_names_an_officer_falls_to_him_alone() -> None:
    plan = plan_of(station(officers=("P2",)), people=(maker("P1"), maker("P2")))
    assert owners(plan) == {"P2": ["S-1"]}


def test_a_licence_and_a_station_make_one_row_each() -> None:
    plan = plan_of(licence(), licence("L-2", kind="BOILER_MFG"), station(), people=(maker("P1"),))
    assert owners(plan) == {"P1": ["L-1", "L-2", "S-1"]}
    assert plan["P1"].sheet.owed == {"EL_MFG": 1, "BOILER_MFG": 1, "GC_FILL": 1}


def test_a_dismissed_officer_gets_nothing_and_owes_nothing() -> None:
    gone = person("P1", state=PersonState.DISMISSED)
    plan = plan_of(target(officers=("P1", "P2")), people=(gone, person("P2")))
    assert owners(plan) == {"P2": ["E-1"]}
    assert plan["P2"].sheet.owed == {"3000": 1}


def test_named_officers_who_all_left_leave_a_station_to_its_side() -> None:
    plan = plan_of(station(officers=("P1",)), people=(maker("P1", state=PersonState.DISMISSED), maker("P2")))
    assert owners(plan) == {"P2": ["S-1"]}


def test_equipment_never_falls_to_somebody_it_does_not_name() -> None:
    assert plan_of(target(officers=()), people=(person("P1"),)) == {}


def test_an_officer_of_another_side_is_not_an_officer_of_this_target() -> None:
    assert plan_of(target(officers=("P1",)), people=(maker("P1"),)) == {}


def test_a_director_checks_nothing_daily() -> None:
    assert plan_of(target(officers=("D1",))) == {}


def test_a_suspended_target_keeps_its_row() -> None:
    assert owners(plan_of(target(state=TargetState.SUSPENDED))) == {"P1": ["E-1"]}


def test_a_target_whose_inspection_has_expired_keeps_its_row() -> None:
    assert owners(plan_of(target(next_inspection=DAY - timedelta(days=1)))) == {"P1": ["E-1"]}


def test_a_removed_target_makes_no_row() -> None:
    assert plan_of(target(removed=True)) == {}


def test_a_side_the_unit_does_not_have_makes_no_row() -> None:
    assert owners(plan_of(target(), licence(), people=(person("P1"), maker("P2")), kinds=BOTH)) == {"P2": ["L-1"]}


def test_the_same_roster_makes_the_same_plan_and_another_day_keeps_its_mark() -> None:
    today, tomorrow = (plan(roster(), Duty.DAILY, day)["P1"].sheet for day in (DAY, DAY + timedelta(days=1)))
    assert plan(roster(), Duty.DAILY, DAY)["P1"].sheet == today
    assert today.plan == tomorrow.plan


def test_a_plan_changes_its_mark_with_its_rows_and_with_what_is_owed() -> None:
    alone = plan_of(target(officers=("P1",)))["P1"].sheet
    second = plan_of(target(officers=("P2", "P1")))["P1"].sheet
    more = plan_of(target(officers=("P1",)), target("E-2"))["P1"].sheet
    assert len({alone.plan, second.plan, more.plan, empty_plan("P1", Duty.DAILY, DAY).sheet.plan}) == 4


SIDES = st.sampled_from(list(UnitKind))
STATES = st.sampled_from([PersonState.ACTIVE, PersonState.ACTIVE, PersonState.DISMISSED])
KINDS = {UnitKind.USE: "3000", UnitKind.PRODUCTION: "EL_MFG", UnitKind.FILLING: "GC_FILL"}


@st.composite
def people_of_all_sides(draw: st.DrawFn, most: int = 4) -> list[Person]:
    return [
        person(f"P{number}", roles={Role.OFFICER: draw(st.frozensets(SIDES, min_size=1))}, state=draw(STATES))
        for number in range(1, draw(st.integers(1, most)) + 1)
    ]


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    people = draw(people_of_all_sides())
    named = st.lists(st.sampled_from([one.code for one in people]), unique=True, max_size=3).map(tuple)
    things = []
    for number in range(draw(st.integers(1, 8))):
        side = draw(SIDES)
        things.append(
            target(f"T-{number}", unit_kind=side, kind=KINDS[side], officers=draw(named), removed=draw(st.booleans()))
        )
    return roster(people, things, unit=unit(kinds=draw(st.frozensets(SIDES, min_size=1))))


@given(rosters())
def test_sheets_sum_to_each_checked_target_once(whole: Roster) -> None:
    plans = plan(whole, Duty.DAILY, DAY)
    owed: Counter[str] = Counter()
    for one in plans.values():
        owed.update(one.sheet.owed)
    checked = {line.target: line.kind for one in plans.values() for line in one.rows}
    assert owed == Counter(checked.values())


@given(rosters())
def test_every_row_belongs_to_an_active_officer_of_its_side_and_a_target_that_is_there(whole: Roster) -> None:
    for who, one in plan(whole, Duty.DAILY, DAY).items():
        officer = whole.people[who]
        assert officer.state is PersonState.ACTIVE
        for line in one.rows:
            assert line.unit_kind in officer.roles[Role.OFFICER] & whole.unit.kinds
            assert not whole.targets[line.target].removed


@given(rosters())
def test_no_person_gets_a_target_twice(whole: Roster) -> None:
    for one in plan(whole, Duty.DAILY, DAY).values():
        assert len(set(codes(one.rows))) == len(one.rows)


def plan_for(*where: str) -> PersonPlan:
    return replace(empty_plan("P1", Duty.DAILY, DAY), rows=tuple(row(where=code) for code in where))


def test_rows_that_are_missing_are_put() -> None:
    changes = row_changes(plan_for("E-1", "E-2"), [row(where="E-1")])
    assert (codes(changes.put), changes.withdraw, changes.reopen) == (["E-2"], (), ())


def test_an_open_row_nobody_asks_for_any_more_is_withdrawn() -> None:
    changes = row_changes(plan_for(), [row(where="E-1")])
    assert (changes.put, codes(changes.withdraw), changes.reopen) == ((), ["E-1"], ())


def test_a_withdrawn_row_that_is_asked_for_again_is_given_back() -> None:
    changes = row_changes(plan_for("E-1"), [row(where="E-1", state=TaskState.WITHDRAWN)])
    assert (changes.put, changes.withdraw, codes(changes.reopen)) == ((), (), ["E-1"])


ROWS = st.dictionaries(st.sampled_from([f"E-{number}" for number in range(6)]), st.sampled_from(list(TaskState)))
WANTED = st.sets(st.sampled_from([f"E-{number}" for number in range(6)]))


@given(ROWS, WANTED)
def test_changes_bring_any_rows_to_the_plan_and_leave_what_was_acted_on(
    there: dict[str, TaskState], wanted: set[str]
) -> None:
    rows = [row(where=code, state=state) for code, state in there.items()]
    after = applied(there, rows, wanted)
    for code in there.keys() | wanted:
        acted_on = there.get(code) in (TaskState.DONE, TaskState.LATE, TaskState.MISSED)
        expected = there[code] if acted_on else TaskState.OPEN if code in wanted else TaskState.WITHDRAWN
        assert after[code] is expected


@given(ROWS, WANTED)
def test_a_second_look_finds_nothing_to_change(there: dict[str, TaskState], wanted: set[str]) -> None:
    rows = [row(where=code, state=state) for code, state in there.items()]
    settled = [row(where=code, state=state) for code, state in applied(there, rows, wanted).items()]
    changes = row_changes(plan_for(*wanted), settled)
    assert (changes.put, changes.withdraw, changes.reopen) == ((), (), ())


def applied(there: dict[str, TaskState], rows: list[Row], wanted: set[str]) -> dict[str, TaskState]:
    changes = row_changes(plan_for(*sorted(wanted)), rows)
    opened = {line.target: TaskState.OPEN for line in (*changes.put, *changes.reopen)}
    return there | opened | {line.target: TaskState.WITHDRAWN for line in changes.withdraw}
