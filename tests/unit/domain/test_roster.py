"""Applying a roster: the difference, what it never touches, and that it survives being cut short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.language import PersonState, Role, TargetState, UnitKind
from schemas.roster import RosterFile
from tean.domain.registry import Person, Roster, Target
from tean.domain.roster import RosterChanges, difference, rededicated, version_of
from tean.domain.roster_file import register
from tests.fakes import builders
from tests.fakes.store import FakeStore

USE = frozenset({UnitKind.USE})


def versioned(roster: Roster) -> Roster:
    """With the version of what it says, and the unit as it is kept with what follows from that."""
    unit = replace(roster.unit, target_kinds=roster.target_kinds)
    return replace(roster, version=version_of(roster), unit=unit)


def people(*several: Person) -> dict[str, Person]:
    return {one.code: one for one in several}


def targets(*several: Target) -> dict[str, Target]:
    return {one.code: one for one in several}


BEFORE = versioned(builders.roster())
PEOPLE = dict(BEFORE.people)
P1, P2 = BEFORE.people["P1"], BEFORE.people["P2"]
LIFT = BEFORE.targets["E-1"]


def after(**fields: object) -> Roster:
    return versioned(replace(BEFORE, **fields))  # type: ignore[arg-type]


def changed(roster: Roster) -> RosterChanges:
    changes = difference(BEFORE, roster)
    assert changes is not None
    return changes


def test_the_same_roster_again_changes_nothing() -> None:
    assert difference(BEFORE, after()) is None


def test_a_new_unit_is_written_whole() -> None:
    changes = difference(None, BEFORE)
    assert changes == RosterChanges(
        unit=BEFORE.unit,
        version=BEFORE.version,
        people=tuple(BEFORE.people.values()),
        targets=(LIFT,),
        phones_added=tuple(sorted((one.phone, one.code) for one in BEFORE.people.values())),
    )


def test_only_what_differs_is_written() -> None:
    moved = replace(LIFT, location="B 座大堂")
    changes = changed(after(targets=targets(moved)))
    assert (changes.people, changes.targets, changes.phones_added, changes.phones_removed) == ((), (moved,), (), ())


def test_a_new_name_of_the_unit_alone_is_a_change() -> None:
    renamed = replace(BEFORE.unit, name="示例新名有限公司")
    changes = changed(after(unit=renamed))
    assert (changes.unit, changes.people, changes.targets) == (renamed, (), ())


def test_somebody_who_is_missing_is_dismissed_and_his_phone_lets_nobody_in() -> None:
    changes = changed(after(people={code: one for code, one in BEFORE.people.items() if code != "P2"}))
    assert changes.people == (replace(P2, state=PersonState.DISMISSED),)
    assert changes.phones_removed == ((P2.phone, "P2"),)


D1 = BEFORE.people["D1"]
BOILER = builders.target("E-9", kind="1000", subtype=None)
LICENCE = builders.target("L-1", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG", subtype=None)


@pytest.mark.parametrize(
    ("directors", "undirected"),
    [
        ((D1,), {"EL_MFG"}),
        ((replace(D1, kinds=frozenset({"3000"})),), {"1000", "EL_MFG"}),
        ((replace(D1, kinds=frozenset({"3000"})), replace(D1, code="D2", kinds=frozenset({"1000"}))), {"EL_MFG"}),
        ((replace(D1, roles={Role.DIRECTOR: frozenset({UnitKind.PRODUCTION})}),), {"1000", "3000"}),
        ((replace(D1, roles={Role.DIRECTOR: frozenset(UnitKind)}),), set()),
        ((replace(D1, state=PersonState.DISMISSED),), {"1000", "3000", "EL_MFG"}),
        ((replace(D1, roles={Role.OFFICER: USE}),), {"1000", "3000", "EL_MFG"}),
    ],
)
def test_kinds_without_a_director_are_those_no_director_of_their_side_covers(
    directors: tuple[Person, ...], undirected: set[str]
) -> None:
    things = targets(LIFT, BOILER, LICENCE)
    assert replace(BEFORE, people=people(P1, *directors), targets=things).undirected == undirected


def test_what_the_unit_no_longer_has_still_needs_somebody_who_answers_for_what_was_found_of_it() -> None:
    assert replace(BEFORE, people=people(P1), targets=targets(replace(LIFT, removed=True))).undirected == {"3000"}


def test_a_unit_is_registered_with_the_kinds_it_has_no_director_for() -> None:
    without = after(people=people(P1, P2))
    changes = changed(without)
    assert changes.unit == replace(BEFORE.unit, undirected=frozenset({"3000"}))
    assert difference(replace(without, unit=changes.unit), without) is None


def test_a_unit_registered_before_that_was_kept_is_put_right() -> None:
    without = after(people=people(P1, P2))
    changes = difference(without, without)
    assert changes is not None
    assert (changes.unit.undirected, changes.people, changes.targets) == (frozenset({"3000"}), (), ())


def test_the_version_of_a_roster_is_that_of_what_it_says_and_not_of_what_follows() -> None:
    assert version_of(replace(BEFORE, unit=replace(BEFORE.unit, undirected=frozenset({"3000"})))) == BEFORE.version
    assert BEFORE.version == "c22ebdbe9b1ec8d4522d7bc2b2ad9908b81f105a4d8d0d26ab47961946971429"


def test_a_dismissed_person_is_not_dismissed_again() -> None:
    gone = replace(BEFORE, people=PEOPLE | people(replace(P2, state=PersonState.DISMISSED)))
    without = versioned(replace(BEFORE, people={code: one for code, one in PEOPLE.items() if code != "P2"}))
    assert difference(gone, without) == RosterChanges(unit=BEFORE.unit, version=without.version)


def test_somebody_who_is_back_in_the_roster_comes_back() -> None:
    gone = replace(BEFORE, people=people(P1, replace(P2, state=PersonState.DISMISSED)))
    changes = difference(gone, versioned(replace(BEFORE, people=people(P1, P2))))
    assert changes is not None
    assert (changes.people, changes.phones_added) == ((P2,), ((P2.phone, "P2"),))


def test_a_new_phone_takes_the_place_of_the_old_one() -> None:
    changes = changed(after(people=PEOPLE | {"P1": replace(P1, phone="new", phone_tail="0009")}))
    assert changes.phones_added == (("new", "P1"),)
    assert changes.phones_removed == ((P1.phone, "P1"),)


def test_two_people_may_exchange_their_phones() -> None:
    exchanged = {"P1": replace(P1, phone=P2.phone), "P2": replace(P2, phone=P1.phone)}
    changes = changed(after(people=PEOPLE | exchanged))
    assert changes.phones_added == tuple(sorted([(P2.phone, "P1"), (P1.phone, "P2")]))
    assert changes.phones_removed == tuple(sorted([(P1.phone, "P1"), (P2.phone, "P2")]))


def test_a_target_that_is_missing_is_removed_and_comes_back_as_it_was() -> None:
    changes = changed(after(targets={}))
    assert changes.targets == (replace(LIFT, removed=True),)
    suspended = replace(LIFT, removed=True, state=TargetState.SUSPENDED, state_reason="大修")
    back = difference(replace(BEFORE, targets=targets(suspended)), after())
    assert back is not None
    assert back.targets == (replace(suspended, removed=False),)


def test_the_state_of_a_target_is_no_business_of_a_roster() -> None:
    suspended = replace(LIFT, state=TargetState.SUSPENDED, state_reason="大修")
    assert difference(replace(BEFORE, targets=targets(suspended)), after()) is None


def test_a_target_removed_before_is_not_removed_again() -> None:
    without = after(targets={})
    known = replace(without, targets=targets(replace(LIFT, removed=True)), unit=BEFORE.unit)
    assert difference(known, without) is None


def test_a_code_that_means_another_kind_of_thing_is_told() -> None:
    boiler = replace(LIFT, kind="1000", subtype="1100")
    assert rededicated(BEFORE, after(targets=targets(boiler))) == ((LIFT, boiler),)
    assert rededicated(BEFORE, after(targets=targets(replace(LIFT, subtype="3300")))) == ()
    assert rededicated(None, BEFORE) == ()


def test_the_version_does_not_depend_on_the_order_of_rows() -> None:
    assert version_of(replace(BEFORE, people=dict(reversed(PEOPLE.items())))) == BEFORE.version


@pytest.mark.parametrize(
    "other",
    [
        replace(BEFORE, unit=replace(BEFORE.unit, kinds=frozenset(UnitKind))),
        replace(BEFORE, people={}),
        replace(BEFORE, people=PEOPLE | {"P1": replace(P1, roles={Role.DIRECTOR: USE})}),
        replace(BEFORE, targets=targets(replace(LIFT, next_inspection=None))),
        replace(BEFORE, targets=targets(replace(LIFT, identifiers={}))),
        replace(BEFORE, targets=targets(replace(LIFT, officers=("P2",)))),
    ],
)
def test_the_version_changes_with_whatever_the_roster_says(other: Roster) -> None:
    assert version_of(other) != BEFORE.version


# What is there before, and what a roster asks for, drawn from few codes and values so that they meet.
PERSON = st.builds(
    builders.person,
    st.sampled_from(["P1", "P2", "P3"]),
    st.sampled_from([Role.OFFICER, Role.DIRECTOR]),
    phone=st.sampled_from(["h1", "h2", "h3"]),
    name=st.sampled_from(["甲", "乙"]),
)
TARGET = st.builds(
    builders.target, st.sampled_from(["E-1", "E-2", "E-3"]), location=st.sampled_from(["东", "西"]), name=st.just("梯")
)
ROSTERS = st.builds(
    lambda some, things, name: versioned(
        Roster(builders.unit(name=name), people(*some), targets(*things))
    ),
    st.lists(PERSON, max_size=4),
    st.lists(TARGET, max_size=4),
    st.sampled_from(["旧", "新"]),
)  # fmt: skip


def active(store: FakeStore) -> Roster:
    there = store.roster(builders.UNIT)
    assert there is not None
    assert there.unit.target_kinds == there.target_kinds, "what it has or ever had"
    kept = {code: one for code, one in there.people.items() if one.state is PersonState.ACTIVE}
    here = {code: one for code, one in there.targets.items() if not one.removed}
    assert there.unit.undirected == there.undirected
    bare = replace(there.unit, target_kinds=frozenset(), undirected=frozenset())
    return replace(there, people=kept, targets=here, unit=bare)


def stored(roster: Roster) -> Roster:
    """As it is registered, without what follows from all it ever had."""
    return replace(roster, unit=replace(roster.unit, target_kinds=frozenset()))


def let_in(store: FakeStore, roster: Roster) -> None:
    """Whoever is in the roster comes in by his phone, nobody else by any."""
    for phone in ("h1", "h2", "h3"):
        expected = sorted((builders.UNIT, one.code) for one in roster.people.values() if one.phone == phone)
        assert store.memberships(phone) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(ROSTERS, min_size=1, max_size=4))
def test_after_any_sequence_of_rosters_the_last_one_holds(rosters: list[Roster]) -> None:
    store = FakeStore()
    for roster in rosters:
        changes = difference(store.roster(builders.UNIT), roster)
        if changes:
            store.apply(changes)
        assert difference(store.roster(builders.UNIT), roster) is None
    assert active(store) == stored(rosters[-1])
    let_in(store, rosters[-1])


def cut_short(changes: RosterChanges, before: Roster) -> Iterator[RosterChanges]:
    """Every state in which an application may have died, in the order it promises."""
    done = RosterChanges(unit=before.unit, version=before.version)
    yield done
    for step in ("phones_removed", "phones_added", "people", "targets"):
        for item in getattr(changes, step):
            added: dict[str, Any] = {step: (*getattr(done, step), item)}
            done = replace(done, **added)
            yield done


@settings(max_examples=40, deadline=None)
@given(ROSTERS, ROSTERS)
def test_an_application_cut_short_anywhere_is_finished_by_applying_again(first: Roster, second: Roster) -> None:
    changes = difference(first, second)
    for part in cut_short(changes, first) if changes else ():
        store = FakeStore()
        whole = difference(None, first)
        assert whole is not None
        store.apply(whole)
        store.apply(part)
        rest = difference(store.roster(builders.UNIT), second)
        assert rest is not None
        store.apply(rest)
        assert active(store) == stored(second)
        let_in(store, second)


FILE = RosterFile.model_validate(
    {
        "unit": {"code": "91990000MA0DEM0138", "name": "示例", "kinds": ["use", "production"]},
        "people": [
            {"code": "A01", "name": "张示一", "phone": "10000000101", "roles": ["安全员（使用）", "管理员"]},
            {"code": "A02", "name": "李示二", "phone": "10000000102", "roles": {"director": [], "officer": ["use"]}},
        ],
        "equipment": [
            {
                "code": "DT-01",
                "name": "1 号客梯",
                "category": "电梯",
                "subtype": "3100",
                "officers": ["A02", "张示一"],
                "next_inspection": "2028-02",
                "inner_number": "7",
            }
        ],
        "licences": [
            {
                "code": "DT-01",
                "licence_kind": "电梯制造",
                "licence_number": "TS2399001-2029",
                "valid_until": "2029-04-30",
            }
        ],
    }
)


def test_a_file_is_registered_in_the_words_of_the_product() -> None:
    roster = register(FILE, lambda phone: f"hash of {phone}")
    both = frozenset({UnitKind.USE, UnitKind.PRODUCTION})
    assert roster.people["A01"] == Person(
        code="A01",
        name="张示一",
        phone="hash of 10000000101",
        phone_tail="0101",
        roles={Role.OFFICER: USE, Role.ADMINISTRATOR: both},
    )
    assert roster.people["A02"].roles == {Role.DIRECTOR: both, Role.OFFICER: USE}
    assert roster.version == version_of(roster)


def test_equipment_and_licences_of_one_code_are_two_targets() -> None:
    roster = register(FILE, str)
    assert roster.targets == {
        "E-DT-01": Target(
            code="E-DT-01",
            name="1 号客梯",
            unit_kind=UnitKind.USE,
            kind="3000",
            subtype="3100",
            officers=("A02", "A01"),
            next_inspection=date(2028, 2, 29),
            identifiers={"inner_number": "7"},
        ),
        "L-DT-01": Target(
            code="L-DT-01",
            name="电梯制造",
            unit_kind=UnitKind.PRODUCTION,
            kind="EL_MFG",
            next_inspection=date(2029, 4, 30),
            identifiers={"licence_number": "TS2399001-2029"},
        ),
    }


def test_no_phone_number_is_kept() -> None:
    assert "1000000010" not in repr(register(FILE, lambda phone: str(len(phone))))
