"""Applying a roster in more than one transaction: an interrupted application can be finished by the same file."""

from __future__ import annotations

from dataclasses import replace

from schemas.language import Role
from tean.adapters.models import RegistryItem
from tean.domain.roster import RosterChanges, difference
from tests.fakes import builders
from tests.fakes.dynamo import moto_store, watch

PEOPLE = 120


def test_access_entries_are_written_before_the_people_they_are_derived_from() -> None:
    """Cut short in between, the file still differs from what is registered, and applying it again finishes both."""
    before = builders.roster(people=[builders.person(f"P{number:03d}") for number in range(PEOPLE)])
    moved = {code: replace(person, phone=f"new-{code}") for code, person in before.people.items()}
    changes = difference(before, replace(before, people=moved, version="r2"))
    assert isinstance(changes, RosterChanges)
    with moto_store() as store:
        store.apply(builders.changes(before))
        with watch() as wire:
            store.apply(changes)
    tables = [{table.rpartition("-")[2] for table, *_ in call.keys} for call in wire.calls]
    assert tables == [{"access"}, {"access"}, {"access", "registry"}, {"registry"}, {"access", "registry"}]


def test_a_phone_that_changed_leads_to_its_person_and_the_old_one_to_nobody() -> None:
    before = builders.roster(people=[builders.person("P1"), builders.person("D1", Role.DIRECTOR)])
    after = replace(before, people={**before.people, "P1": builders.person("P1", phone="new")}, version="r2")
    changes = difference(before, after)
    assert changes is not None
    with moto_store() as store:
        store.apply(builders.changes(before))
        store.apply(changes)
        assert store.memberships("new") == [(builders.UNIT, "P1")]
        assert store.memberships(before.people["P1"].phone) == []


def test_what_an_earlier_release_wrote_is_found_by_its_date_once_its_roster_is_applied_again() -> None:
    undated = builders.target("E-2", next_inspection=None)
    whole = builders.roster(targets=[builders.target(), undated, builders.target("E-3", removed=True)])
    day = builders.target().next_inspection
    assert day
    with moto_store() as store:
        store.apply(builders.changes(whole))
        RegistryItem(builders.UNIT, "T#E-1").update(actions=[RegistryItem.expires.remove()])
        assert not store.expiring(builders.UNIT, until=day, after=None, limit=50).items
        registered = store.roster(builders.UNIT)
        assert registered == replace(whole, unlisted=frozenset({"E-1"}))
        changes = difference(registered, whole)
        assert changes and [target.code for target in changes.targets] == ["E-1"]
        store.apply(changes)
        assert [one.code for one in store.expiring(builders.UNIT, until=day, after=None, limit=50).items] == ["E-1"]
        assert difference(store.roster(builders.UNIT), whole) is None


def test_the_index_of_what_expires_holds_nothing_else() -> None:
    """It is sparse: what has no date, or is removed, costs nothing there."""
    lift = builders.target()
    with moto_store() as store:
        for state, place in (
            (replace(lift, next_inspection=None), None),
            (lift, f"{lift.next_inspection}#E-1"),
            (replace(lift, removed=True), None),
        ):
            store.apply(builders.changes(targets=(state,)))
            assert RegistryItem.get(builders.UNIT, "T#E-1").expires == place
        assert [item.expires for item in RegistryItem.query(builders.UNIT) if item.expires] == []
