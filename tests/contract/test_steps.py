"""The steps of a hazard, from its report to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.language import Act, Duty, Grade, HazardState, Role, UnitKind
from tean.adapters.ports.store import Store
from tean.domain.hazards import Hazard, Step
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, HEX, UNIT

PHOTO = f"P1.{HEX}"


def test_an_order_names_who_is_to_rectify_it_and_until_when(store: Store) -> None:
    hazard = scenes.reported(store)
    order = builders.order(hazard, assignee="P2", same_person_reason="仅有一名安全总监")

    assert store.move(builders.move(hazard, order, digest="d" * 64)) is None

    assert scenes.as_it_stands(store, hazard) == replace(
        hazard,
        state=HazardState.ORDERED,
        version=2,
        assignee="P2",
        deadline=DAY + timedelta(days=3),
        last_step="d" * 64,
    )
    assert scenes.steps_of(store, hazard) == [order]


def test_a_confirmation_ends_a_hazard_and_keeps_whose_it_was(store: Store) -> None:
    hazard, photo = scenes.ordered(store), scenes.settled(store)
    done = builders.confirmation(hazard, photos=(photo.file,))

    assert store.move(builders.move(hazard, done, digest="e" * 64)) is None

    assert scenes.as_it_stands(store, hazard) == replace(
        hazard, state=HazardState.RECTIFIED, version=3, rectified_at=done.at, last_step="e" * 64
    )
    assert scenes.steps_of(store, hazard)[1:] == [done]


def test_ten_steps_come_oldest_first(store: Store) -> None:
    hazard = scenes.reported(store)
    for number in range(10):
        order = builders.order(hazard, deadline=DAY + timedelta(days=number))
        assert store.move(builders.move(hazard, order)) is None
        hazard = scenes.as_it_stands(store, hazard)

    assert [step.version for step in scenes.steps_of(store, hazard)] == list(range(2, 12))
    assert (hazard.version, hazard.deadline) == (11, DAY + timedelta(days=9))


def test_only_a_rectified_hazard_leaves_the_head(store: Store) -> None:
    hazard = scenes.reported(store, grade=Grade.MAJOR)
    before = scenes.head_of(store)
    assert store.move(builders.move(hazard, builders.order(hazard))) is None
    assert scenes.head_of(store) == before

    hazard = scenes.as_it_stands(store, hazard)
    assert store.move(builders.move(hazard, builders.confirmation(hazard))) is None

    after = scenes.head_of(store)
    assert not after.has_open_hazards
    assert (after.seq, after.hash) == (before.seq, before.hash)


def test_a_rectified_hazard_is_counted_off_its_own_grade(store: Store) -> None:
    grave, light = builders.hazard(grade=Grade.MAJOR), builders.hazard(item="EL-D-02")
    scenes.report(store, grave, light)
    assert store.move(builders.move(light, builders.confirmation(light), assignee_only=False)) is None

    left = scenes.head_of(store).open_hazards
    assert {grade: count for grade, count in left.items() if count} == {Grade.MAJOR: 1}


def test_the_next_inspection_goes_on_after_a_hazard_is_gone(store: Store) -> None:
    hazard = scenes.reported(store)
    assert store.move(builders.move(hazard, builders.confirmation(hazard), assignee_only=False)) is None
    scenes.open_day(store, due=DAY + timedelta(days=1))

    record = scenes.inspected(store, due=DAY + timedelta(days=1))

    assert store.record(UNIT, "E-1", record.id) == record


def test_a_target_that_names_nobody_takes_any_officer(store: Store) -> None:
    scenes.report(store, hazard := builders.hazard(), officers=())

    assert store.move(builders.move(hazard, builders.order(hazard, assignee="P2"))) is None


def test_a_director_who_is_an_officer_too_may_assign_himself(store: Store) -> None:
    both = builders.person("P1", roles={Role.DIRECTOR: builders.USE, Role.OFFICER: builders.USE})
    hazard = scenes.reported(store)
    scenes.change(store, both)

    assert store.move(builders.move(hazard, builders.order(hazard, by="P1", assignee="P1"))) is None

    assert scenes.as_it_stands(store, hazard).assignee == "P1"


@pytest.mark.parametrize("kinds", [frozenset(), frozenset({"3000"}), frozenset({"5000", "3000"})])
@pytest.mark.parametrize("sides", [builders.USE, frozenset(UnitKind)])
def test_a_director_moves_what_he_covers(store: Store, sides: frozenset[UnitKind], kinds: frozenset[str]) -> None:
    hazard = scenes.reported(store)
    _post(store, "D1", Role.DIRECTOR, sides)
    director = builders.membership("D1", Role.DIRECTOR, sides=sides, kinds=kinds)

    assert store.move(builders.move(hazard, builders.order(hazard), membership=director)) is None


def test_a_weekly_hazard_moves_within_the_weekly_lists(store: Store) -> None:
    hazard = scenes.reported(store, duty=Duty.WEEKLY)

    assert store.move(builders.move(hazard, builders.order(hazard))) is None

    stands = scenes.as_it_stands(store, hazard)
    assert store.queue(UNIT, Duty.WEEKLY, HazardState.ORDERED, after=None, limit=9).items == (stands,)
    assert store.queue(UNIT, Duty.WEEKLY, HazardState.REPORTED, after=None, limit=9).items == ()
    assert store.queue(UNIT, Duty.DAILY, HazardState.ORDERED, after=None, limit=9).items == ()


def test_what_a_weekly_inspection_found_is_in_nobodys_own_list(store: Store) -> None:
    hazard = scenes.reported(store, duty=Duty.WEEKLY)
    director = builders.membership("D1", Role.DIRECTOR)
    done = builders.confirmation(hazard, by="D1")

    assert store.move(builders.move(hazard, done, membership=director, assignee_only=False)) is None

    stands = scenes.as_it_stands(store, hazard)
    assert store.queue(UNIT, Duty.WEEKLY, HazardState.RECTIFIED, after=None, limit=9).items == (stands,)
    assert [store.mine(UNIT, who, HazardState.RECTIFIED, after=None, limit=9).items for who in ("P1", "D1")] == [(), ()]
    assert store.mine(UNIT, "D1", HazardState.RECTIFIED, after=None, limit=9).items == ()


def test_a_principal_orders_what_no_director_answers_for(store: Store) -> None:
    hazard = scenes.reported(store)
    principal = builders.membership("B1", Role.PRINCIPAL, stands_in=frozenset({"1000", "3000"}))

    assert store.move(builders.move(hazard, builders.order(hazard, by="B1"), membership=principal)) is None


def test_a_principal_confirms_whatever_kind_it_is(store: Store) -> None:
    hazard = scenes.reported(store, duty=Duty.MONTHLY)
    principal = builders.membership("B1", Role.PRINCIPAL)
    done = builders.confirmation(hazard, by="B1")

    assert store.move(builders.move(hazard, done, membership=principal, assignee_only=False)) is None


def test_a_step_may_cite_every_photo_it_may_have(store: Store) -> None:
    hazard = scenes.ordered(store)
    photos = tuple(scenes.settled(store, file=f"P1.{number:032x}").file for number in range(9))

    assert store.move(builders.move(hazard, builders.confirmation(hazard, photos=photos))) is None

    assert scenes.steps_of(store, hazard)[1].photos == photos


def _post(store: Store, code: str, role: Role, sides: frozenset[UnitKind]) -> None:
    """Give somebody this one post."""
    scenes.change(store, builders.person(code, roles={role: sides}))


# --- handing over ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [scenes.reported, scenes.ordered])
def test_a_hazard_that_is_handed_over_is_in_its_new_holders_list_and_says_so(
    store: Store, make: Callable[[Store], Hazard]
) -> None:
    hazard = make(store)
    step = _handing_over(hazard)

    assert store.hand_over(hazard, step)
    stands = scenes.as_it_stands(store, hazard)
    assert stands == replace(hazard, assignee="P2", version=hazard.version + 1)
    assert scenes.steps_of(store, hazard)[-1] == step
    lists = [store.mine(UNIT, who, hazard.state, after=None, limit=50).items for who in ("P1", "P2")]
    assert lists == [(), (stands,)]
    assert store.queue(UNIT, Duty.DAILY, hazard.state, after=None, limit=50).items == (stands,)


def test_who_took_over_an_ordered_hazard_confirms_it(store: Store) -> None:
    hazard = scenes.ordered(store)
    assert store.hand_over(hazard, _handing_over(hazard))
    taken = scenes.as_it_stands(store, hazard)

    assert store.move(builders.move(taken, builders.confirmation(taken))) is None
    assert not scenes.head_of(store).has_open_hazards


@pytest.mark.parametrize("who", ["D1", "P9"])
def test_a_hazard_is_only_handed_to_an_active_officer_of_its_side(store: Store, who: str) -> None:
    hazard = scenes.reported(store)

    assert not store.hand_over(hazard, replace(_handing_over(hazard), assignee=who))
    assert scenes.as_it_stands(store, hazard) == hazard
    assert scenes.steps_of(store, hazard) == []


def test_a_hazard_that_has_moved_is_not_handed_over_as_it_was(store: Store) -> None:
    hazard = scenes.reported(store)
    assert store.move(builders.move(hazard, builders.order(hazard))) is None

    assert not store.hand_over(hazard, _handing_over(hazard))
    assert not store.hand_over(builders.hazard(item="EL-D-09"), _handing_over(hazard))
    assert scenes.as_it_stands(store, hazard).assignee == "P1"


def _handing_over(hazard: Hazard) -> Step:
    return Step(
        hazard.id, hazard.version + 1, hazard.state, "roster", "名册", builders.NOW, "示例人员P1离岗", Act.HAND_OVER,
        assignee="P2",
        deadline=hazard.deadline,
    )  # fmt: skip
