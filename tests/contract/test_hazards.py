"""Hazards: each as it was found, and how they wait in their lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from schemas.language import Duty, Grade, HazardState, UnitKind
from tean.adapters.ports.common import Page
from tean.adapters.ports.store import Store
from tean.domain.hazards import Hazard
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, HEX, NOW, OTHER_UNIT, UNIT

PHOTO = f"P1.{HEX}"


# --- one hazard -----------------------------------------------------------------------------------------------------


def test_a_hazard_that_is_not_there_is_none(store: Store) -> None:
    hazard = scenes.reported(store)

    assert store.hazard(UNIT, builders.hazard(item="EL-D-09").id) is None
    assert store.hazard(OTHER_UNIT, hazard.id) is None
    assert store.hazard(UNIT, hazard.id[:-1]) is None


@pytest.mark.parametrize(
    "hazard",
    [
        builders.hazard(),
        builders.hazard(grade=Grade.MAJOR, photos=(PHOTO, PHOTO[:-1]), remark="“门”𠮷 <b>&\\n", location=""),
        builders.hazard(found_at=NOW.replace(microsecond=0), unit_kind=UnitKind.FILLING, kind="GC_FILL"),
        scenes.on_site(),
    ],
)
def test_a_hazard_comes_back_as_it_was_written(store: Store, hazard: Hazard) -> None:
    scenes.report(store, hazard)

    assert scenes.as_it_stands(store, hazard) == hazard
    assert scenes.steps_of(store, hazard) == []
    assert store.queue(UNIT, Duty.DAILY, hazard.state, after=None, limit=9) == Page((hazard,))


def test_finders_with_like_codes_have_hazards_of_their_own(store: Store) -> None:
    one, other = builders.hazard("P1"), builders.hazard("P10")
    scenes.report(store, one, other)
    order = builders.order(one, assignee=None)
    assert store.move(builders.move(one, order)) is None

    assert scenes.as_it_stands(store, other) == other
    assert scenes.steps_of(store, other) == []
    assert scenes.steps_of(store, one) == [order]


# --- the lists ------------------------------------------------------------------------------------------------------


def test_reported_hazards_wait_by_grade_then_age(store: Store) -> None:
    hazards = {
        "light, old": _aged(1, Grade.GENERAL),
        "grave, young": _aged(5, Grade.MAJOR),
        "middling": _aged(2, Grade.SERIOUS),
        "grave, old": _aged(4, Grade.MAJOR),
        "light, young": _aged(3, Grade.GENERAL),
    }
    scenes.report(store, *hazards.values())

    names = ["grave, old", "grave, young", "middling", "light, old", "light, young"]
    _hold_in_pages(store, HazardState.REPORTED, [hazards[name] for name in names])


def test_a_list_may_be_narrowed_to_one_grade(store: Store) -> None:
    grades = [Grade.MAJOR, Grade.GENERAL, Grade.GENERAL, Grade.MAJOR, Grade.SERIOUS]
    hazards = [_aged(hours, grade) for hours, grade in enumerate(grades, 1)]
    scenes.report(store, *hazards)
    for hazard, days in zip(hazards, (3, 1, 2, 2, 3), strict=True):
        assert store.move(builders.move(hazard, builders.order(hazard, deadline=DAY + timedelta(days=days)))) is None
    grave = [scenes.as_it_stands(store, hazards[number]) for number in (3, 0)]

    def narrowed(limit: int) -> Iterator[list[Hazard]]:
        ordered, grade = HazardState.ORDERED, Grade.MAJOR
        yield scenes.walk(
            lambda after: store.queue(UNIT, Duty.DAILY, ordered, after=after, limit=limit, grade=grade),
            limit, may_be_short=True,
        )  # fmt: skip
        yield scenes.walk(
            lambda after: store.mine(UNIT, "P1", ordered, after=after, limit=limit, grade=grade),
            limit, may_be_short=True,
        )  # fmt: skip

    for limit in (1, 2, 50):
        assert list(narrowed(limit)) == [grave, grave]


def test_ordered_hazards_wait_by_deadline(store: Store) -> None:
    hazards = [_aged(hours, Grade.GENERAL) for hours in (1, 2, 3)]
    scenes.report(store, *hazards)
    for hazard, days in zip(hazards, (9, 1, 30), strict=True):
        assert store.move(builders.move(hazard, builders.order(hazard, deadline=DAY + timedelta(days=days)))) is None

    _hold_in_pages(store, HazardState.ORDERED, [scenes.as_it_stands(store, hazards[number]) for number in (1, 0, 2)])
    assert _queue(store, HazardState.REPORTED) == []


def test_rectified_hazards_come_newest_first(store: Store) -> None:
    pending = [_aged(hours, Grade.MAJOR) for hours in (1, 3)]
    on_site = [scenes.on_site(found_at=NOW + timedelta(hours=hours)) for hours in (2, 4)]
    scenes.report(store, *pending, *on_site)
    for hazard, hours in zip(pending, (6, 5), strict=True):
        done = builders.confirmation(hazard, at=NOW + timedelta(hours=hours))
        assert store.move(builders.move(hazard, done, assignee_only=False)) is None

    newest_first = [scenes.as_it_stands(store, hazard) for hazard in (*pending, *reversed(on_site))]
    _hold_in_pages(store, HazardState.RECTIFIED, newest_first)


def test_a_list_holds_its_own_unit_duty_and_state(store: Store) -> None:
    hazard = scenes.reported(store)

    assert _queue(store, HazardState.REPORTED) == [hazard]
    assert _queue(store, HazardState.ORDERED) == _queue(store, HazardState.RECTIFIED) == []
    for unit, duty in ((UNIT, Duty.WEEKLY), (OTHER_UNIT, Duty.DAILY)):
        assert store.queue(unit, duty, HazardState.REPORTED, after=None, limit=9) == Page(())
    assert store.mine(OTHER_UNIT, "P1", HazardState.REPORTED, after=None, limit=9) == Page(())


def test_a_hazard_is_its_finders_until_ordered_and_then_its_assignees(store: Store) -> None:
    hazard = scenes.reported(store)
    assert (_mine(store, "P1", HazardState.REPORTED), _mine(store, "P2", HazardState.REPORTED)) == ([hazard], [])

    assert store.move(builders.move(hazard, builders.order(hazard, assignee="P2"))) is None
    ordered = scenes.as_it_stands(store, hazard)
    assert (_mine(store, "P1", HazardState.ORDERED), _mine(store, "P2", HazardState.ORDERED)) == ([], [ordered])
    assert _mine(store, "P1", HazardState.REPORTED) == []

    assert store.move(builders.move(ordered, builders.confirmation(ordered))) is None
    rectified = scenes.as_it_stands(store, hazard)
    assert (_mine(store, "P1", HazardState.RECTIFIED), _mine(store, "P2", HazardState.RECTIFIED)) == ([], [rectified])
    assert _mine(store, "P2", HazardState.ORDERED) == []


def test_a_new_order_moves_a_hazard_to_its_new_deadline_and_assignee(store: Store) -> None:
    hazard = scenes.ordered(store)
    later = builders.order(hazard, assignee="P2", deadline=DAY + timedelta(days=20))

    assert store.move(builders.move(hazard, later)) is None

    stands = scenes.as_it_stands(store, hazard)
    assert (stands.version, stands.assignee, stands.deadline) == (3, "P2", DAY + timedelta(days=20))
    assert (_mine(store, "P1", HazardState.ORDERED), _mine(store, "P2", HazardState.ORDERED)) == ([], [stands])


def _hold_in_pages(store: Store, state: HazardState, hazards: Sequence[Hazard]) -> None:
    """Both lists hold exactly these, in this order, whatever the size of a page."""
    for limit in (*range(1, len(hazards) + 2), 50):
        assert _queue(store, state, limit) == hazards, limit
        assert _mine(store, "P1", state, limit) == hazards, limit


def _queue(store: Store, state: HazardState, limit: int = 50) -> list[Hazard]:
    return scenes.walk(lambda after: store.queue(UNIT, Duty.DAILY, state, after=after, limit=limit), limit)


def _mine(store: Store, person: str, state: HazardState, limit: int = 50) -> list[Hazard]:
    return scenes.walk(lambda after: store.mine(UNIT, person, state, after=after, limit=limit), limit)


def _aged(hours: int, grade: Grade) -> Hazard:
    return builders.hazard(found_at=NOW + timedelta(hours=hours), grade=grade)


# --- spans of time, and all that is open ------------------------------------------------------------------------------

HOUR = timedelta(hours=1)


def test_what_was_found_in_a_span_comes_oldest_first_as_it_stands_now_without_its_steps(store: Store) -> None:
    hazards = [builders.hazard(found_at=NOW + hours * HOUR) for hours in range(4)]
    scenes.report(store, *hazards)
    for hazard in hazards:
        assert store.move(builders.move(hazard, builders.order(hazard))) is None

    found = store.found(UNIT, NOW + HOUR, NOW + 3 * HOUR)

    assert found == [scenes.as_it_stands(store, hazard) for hazard in hazards[1:3]]
    assert list(store.found(OTHER_UNIT, NOW, NOW + 9 * HOUR)) == []


def test_a_span_takes_its_first_instant_and_leaves_its_last(store: Store) -> None:
    hazard = builders.hazard()
    scenes.report(store, hazard)
    tick = timedelta(milliseconds=1)

    assert list(store.found(UNIT, NOW, NOW + tick)) == [hazard]
    assert list(store.found(UNIT, NOW - HOUR, NOW)) == []
    assert list(store.found(UNIT, NOW + tick, NOW + HOUR)) == []


def test_what_was_found_comes_in_pages_newest_first_of_a_kind_and_a_grade(store: Store) -> None:
    grades = [Grade.GENERAL, Grade.MAJOR, Grade.GENERAL, Grade.GENERAL]
    hazards = [_aged(hours, grade) for hours, grade in enumerate(grades)]
    others = [builders.hazard(found_at=NOW - HOUR, kind="4000"), builders.hazard(found_at=NOW + 9 * HOUR)]
    scenes.report(store, *hazards, *others)
    assert store.move(builders.move(hazards[2], builders.order(hazards[2]))) is None

    def listed(**narrowed: Any) -> list[str]:
        span = NOW - 2 * HOUR, NOW + 9 * HOUR
        whole = scenes.walk(
            lambda after: store.found_page(UNIT, *span, after=after, limit=2, **narrowed), 2, may_be_short=True
        )
        return [hazard.id for hazard in whole]

    ids = [hazard.id for hazard in reversed(hazards)]
    assert listed() == [*ids, others[0].id]
    assert listed(kind="3000") == ids
    assert listed(kind="3000", grade=Grade.GENERAL) == [ids[0], ids[1], ids[3]]
    assert listed(kind="4000", grade=Grade.MAJOR) == []


@pytest.mark.parametrize("weight", [0, 300_000], ids=["", "more than a Query answers"])
def test_what_was_put_right_on_the_spot_is_listed_by_itself(store: Store, weight: int) -> None:
    heavy = {"sentence": "一" * (weight // 3)}
    spots = [scenes.on_site(found_at=NOW + hours * HOUR, **heavy) for hours in (1, 3, 5, 7)]
    scenes.report(store, *spots, *(builders.hazard(found_at=NOW + hours * HOUR, **heavy) for hours in (2, 4)))
    span = NOW, NOW + 9 * HOUR
    whole = scenes.walk(
        lambda after: store.found_page(UNIT, *span, after=after, limit=1, on_site=True), 1, may_be_short=True
    )
    assert [one.id for one in whole] == [one.id for one in reversed(spots)]


def test_what_was_rectified_in_a_span_was_so_by_one_duty(store: Store) -> None:
    hazards = [builders.hazard(found_at=NOW + hours * HOUR) for hours in range(3)]
    spot = scenes.on_site(found_at=NOW + 5 * HOUR)
    scenes.report(store, *hazards, spot)
    for hours, hazard in enumerate(hazards):
        assert store.move(builders.move(hazard, builders.order(hazard))) is None
        there = scenes.as_it_stands(store, hazard)
        done = builders.confirmation(there, at=NOW + (4 + hours) * HOUR)
        assert store.move(builders.move(there, done)) is None

    def gone(since: int, until: int, duty: Duty = Duty.DAILY) -> list[str]:
        return [one.id for one in store.rectified(UNIT, duty, NOW + since * HOUR, NOW + until * HOUR)]

    assert gone(0, 9) == [hazards[0].id, hazards[1].id, spot.id, hazards[2].id]
    assert gone(5, 6) == [hazards[1].id, spot.id]
    assert gone(4, 5) == [hazards[0].id]
    assert gone(0, 9, Duty.WEEKLY) == []


def rectified(store: Store, hazard: Hazard, hours: int) -> None:
    """So many hours after NOW."""
    assert store.move(builders.move(hazard, builders.order(hazard))) is None
    there = scenes.as_it_stands(store, hazard)
    assert store.move(builders.move(there, builders.confirmation(there, at=NOW + hours * HOUR))) is None


@pytest.mark.parametrize(("limit", "weight"), [(2, 0), (9, 300_000)], ids=["", "more than a Query answers"])
def test_what_was_rectified_by_every_duty_comes_by_pages_newest_first(store: Store, limit: int, weight: int) -> None:
    heavy = {"sentence": "x" * weight}
    daily = [builders.hazard(found_at=NOW + hours * HOUR, **heavy) for hours in range(5)]
    weekly = [
        builders.hazard(found_at=NOW + hours * HOUR + HOUR / 2, duty=Duty.WEEKLY, kind=kind, grade=grade, **heavy)
        for hours, (kind, grade) in enumerate(3 * [("3000", Grade.GENERAL)] + [("4000", Grade.SERIOUS)])
    ]
    scenes.report(store, *daily, *weekly, scenes.on_site(found_at=NOW + 13 * HOUR))
    for hazard, hours in zip([*daily, *weekly], [10, 12, 14, 16, 18, 7, 8, 9, 15], strict=True):
        rectified(store, hazard, hours)

    def listed(since: int = 0, until: int = 24, **narrowed: Any) -> list[str]:
        span = (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY), NOW + since * HOUR, NOW + until * HOUR
        whole = scenes.walk(
            lambda after: store.rectified_page(UNIT, *span, after=after, limit=limit, **narrowed),
            limit,
            may_be_short=True,
        )
        return [hazard.id for hazard in whole]

    newest = [daily[4], daily[3], weekly[3], *reversed(daily[:3]), *reversed(weekly[:3])]
    assert listed() == [one.id for one in newest]
    assert listed(11, 16) == [one.id for one in newest[2:5]]
    assert listed(kind="4000") == listed(grade=Grade.SERIOUS) == [weekly[3].id]


def test_all_that_is_open_is_there_oldest_first_and_of_some_kinds(store: Store) -> None:
    kinds = ["4000", "3000", "40", "3000"]
    hazards = [builders.hazard(found_at=NOW + hours * HOUR, kind=kind) for hours, kind in enumerate(kinds)]
    scenes.report(store, *hazards, scenes.on_site(found_at=NOW + 8 * HOUR))

    assert store.open_hazards(UNIT) == (hazards, False)
    assert store.open_hazards(UNIT, ("3000", "40", "3000")) == (hazards[1:], False)
    assert store.open_hazards(UNIT, ["4000"]) == (hazards[:1], False)
    assert store.open_hazards(UNIT, ()) == store.open_hazards(OTHER_UNIT) == ([], False)
    assert [store.any_open(UNIT, [kind]) for kind in ("4000", "400", "40", "4", "3000")] == [
        True, False, True, False, True,
    ]  # fmt: skip
