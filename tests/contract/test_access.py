"""Who may come in: bindings, phones, memberships, WeChat's token."""

from __future__ import annotations

from datetime import timedelta

from schemas.language import PersonState, Role, UnitKind
from tean.adapters.ports.access import AppToken, Binding
from tean.adapters.ports.store import Store
from tean.domain.registry import Person
from tean.domain.turns import Allowance
from tests.fakes import builders
from tests.fakes.builders import NOW, OTHER_UNIT, UNIT


def test_an_unknown_openid_is_bound_to_nothing(store: Store) -> None:
    assert store.binding("openid-hash") is None


def test_the_last_binding_of_an_openid_counts(store: Store) -> None:
    old = Binding("old-phone", frozenset({(UNIT, "P1")}))
    new = Binding("new-phone", frozenset({(UNIT, "P1"), (OTHER_UNIT, "D-7")}))
    store.bind("openid-hash", old)
    store.bind("openid-hash", new)
    store.bind("another-openid", old)

    assert store.binding("openid-hash") == new
    assert store.binding("another-openid") == old


def test_an_unknown_phone_belongs_to_nobody(store: Store) -> None:
    assert list(store.memberships("nobodys-phone")) == []


def test_a_phone_may_belong_to_people_of_several_units(store: Store) -> None:
    _enrol_twice(store, phone="phone-hash")

    assert sorted(store.memberships("phone-hash")) == [(UNIT, "P1"), (OTHER_UNIT, "D-7")]


def test_a_phone_may_belong_to_several_people_of_a_unit(store: Store) -> None:
    store.apply(builders.changes(phones_added=(("phone-hash", "P1"), ("phone-hash", "P2"))))

    assert sorted(store.memberships("phone-hash")) == [(UNIT, "P1"), (UNIT, "P2")]


def test_a_phone_that_was_taken_away_opens_nothing(store: Store) -> None:
    _enrol_twice(store, phone="phone-hash")
    store.apply(builders.changes(phones_added=(), phones_removed=(("phone-hash", "P1"),)))

    assert list(store.memberships("phone-hash")) == [(OTHER_UNIT, "D-7")]


def test_people_come_with_their_units(store: Store) -> None:
    _enrol_twice(store, phone="phone-hash")

    found = {(unit.code, person.code): (unit, person) for unit, person in store.people([(UNIT, "P1"), (UNIT, "P2")])}

    assert found == {
        (UNIT, "P1"): (builders.unit(), builders.person("P1")),
        (UNIT, "P2"): (builders.unit(), builders.person("P2")),
    }


def test_people_of_different_units_are_not_mixed_up(store: Store) -> None:
    _enrol_twice(store, phone="phone-hash")

    found = {unit.code: person for unit, person in store.people([(UNIT, "P1"), (OTHER_UNIT, "D-7")])}

    assert found == {UNIT: builders.person("P1"), OTHER_UNIT: _director_elsewhere()}


def test_people_who_do_not_exist_are_left_out(store: Store) -> None:
    store.apply(builders.changes())

    found = store.people([(UNIT, "P9"), (UNIT, "P1"), (OTHER_UNIT, "P1")])

    assert [person.code for _, person in found] == ["P1"]


def test_the_same_person_may_be_asked_for_twice(store: Store) -> None:
    store.apply(builders.changes())

    assert {person.code for _, person in store.people([(UNIT, "P1"), (UNIT, "P1")])} == {"P1"}


def test_nobody_is_behind_no_references(store: Store) -> None:
    assert list(store.people([])) == []


def test_a_dismissed_person_is_still_shown_as_such(store: Store) -> None:
    store.apply(builders.changes(people=(builders.person("P1", state=PersonState.DISMISSED),)))

    assert [person.state for _, person in store.people([(UNIT, "P1")])] == [PersonState.DISMISSED]


def test_there_is_no_app_token_at_first(store: Store) -> None:
    assert store.app_token() is None


def test_an_app_token_is_kept_even_when_it_has_ended(store: Store) -> None:
    token = AppToken("token-1", NOW - timedelta(days=400))
    store.keep_app_token(token)

    assert store.app_token() == token


def test_an_app_token_that_ends_later_replaces_the_kept_one(store: Store) -> None:
    store.keep_app_token(AppToken("token-1", NOW))
    store.keep_app_token(AppToken("token-2", NOW + timedelta(milliseconds=1)))

    assert store.app_token() == AppToken("token-2", NOW + timedelta(milliseconds=1))


def test_an_app_token_that_ends_sooner_does_not_replace_the_kept_one(store: Store) -> None:
    store.keep_app_token(AppToken("token-2", NOW))
    store.keep_app_token(AppToken("token-1", NOW - timedelta(milliseconds=1)))

    assert store.app_token() == AppToken("token-2", NOW)


def _enrol_twice(store: Store, phone: str) -> None:
    """``P1`` of the one unit and ``D-7`` of the other answer the same phone."""
    store.apply(builders.changes(phones_added=((phone, "P1"),)))
    other = builders.unit(OTHER_UNIT, name="示例充装站", kinds=frozenset({UnitKind.FILLING}))
    elsewhere = builders.roster([_director_elsewhere()], unit=other)
    store.apply(builders.changes(elsewhere, phones_added=((phone, "D-7"),)))


def _director_elsewhere() -> Person:
    return builders.person("D-7", Role.DIRECTOR, roles={Role.DIRECTOR: frozenset({UnitKind.FILLING})})


def test_an_openid_logs_in_so_often_in_a_window_whatever_others_do(store: Store) -> None:
    twice = Allowance(2, timedelta(minutes=10))
    now = twice.turn(builders.NOW)
    assert [store.take_login("openid-hash", now) for _ in range(3)] == [True, True, False]
    assert store.take_login("another-openid", now)
    assert store.take_login("openid-hash", twice.turn(now.ends))
    assert store.binding("openid-hash") is None
