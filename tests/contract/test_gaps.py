"""The administrator's view of what the set-up lacks, over every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from schemas.gaps import GapItem
from schemas.language import Gap, PersonState, Role, UnitKind
from tean.adapters.ports.common import PAGE
from tean.adapters.ports.store import Store
from tean.domain.errors import Invalid, NotFound
from tean.domain.registry import Roster
from tests.fakes.builders import DAY, OTHER_UNIT, UNIT, changes, membership, person, roster, target, unit
from tests.fakes.day import Day
from tests.fakes.store import FakeStore

ADMIN = membership("G1", Role.ADMINISTRATOR)
PEOPLE = (person("P1"), person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL), person("G1", Role.ADMINISTRATOR))
USE = UnitKind.USE


def undated(many: int) -> Roster:
    """So many lifts without a date, and one that has it."""
    return roster(PEOPLE, (target("E-0"), *(target(f"E-{n:03d}", next_inspection=None) for n in range(1, many + 1))))


def day(store: Store, whole: Roster) -> Day:
    return Day(whole, cast(FakeStore, store), duties=())


def told(items: tuple[GapItem, ...]) -> list[tuple[Gap, int, list[str]]]:
    return [(one.gap, one.count, [each.code for each in one.first]) for one in items]


def test_the_overview_counts_every_gap_and_names_the_first(store: Store) -> None:
    shown = day(store, undated(5)).gaps.overview(ADMIN)
    assert (shown.today, shown.people) == (DAY, 4)
    assert told(shown.items) == [(Gap.UNDATED, 5, ["E-001", "E-002", "E-003"])]
    assert [(one.unit_kind, one.targets, one.complete) for one in shown.filled] == [(USE, 6, 1)]


def test_nothing_is_missing_where_everything_is_filled_in(store: Store) -> None:
    shown = day(store, undated(0)).gaps.overview(ADMIN)
    assert (shown.items, [(one.targets, one.complete) for one in shown.filled]) == ((), [(1, 1)])


@pytest.mark.parametrize("many", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1])
def test_pages_of_a_gap_lose_and_double_none(store: Store, many: int) -> None:
    gaps, codes, cursor = day(store, undated(many)).gaps, [], None
    for _ in range(3):
        page = gaps.page(ADMIN, Gap.UNDATED, USE, cursor)
        assert 0 < len(page.items) <= PAGE
        codes += [one.code for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert (codes, cursor) == ([f"E-{n:03d}" for n in range(1, many + 1)], None)


def test_what_is_filled_in_while_somebody_pages_is_not_shown_again(store: Store) -> None:
    unit_day = day(store, undated(PAGE + 2))
    cursor = unit_day.gaps.page(ADMIN, Gap.UNDATED, USE, None).next
    unit_day.change(roster(PEOPLE, (target(f"E-{PAGE:03d}"), target(f"E-{PAGE + 1:03d}"))))
    assert [one.code for one in unit_day.gaps.page(ADMIN, Gap.UNDATED, USE, cursor).items] == [f"E-{PAGE + 2:03d}"]


def test_a_cursor_of_another_gap_is_refused(store: Store) -> None:
    gaps = day(store, undated(PAGE + 1)).gaps
    cursor = gaps.page(ADMIN, Gap.UNDATED, USE, None).next
    for gap, side in ((Gap.UNTYPED, USE), (Gap.UNDATED, UnitKind.PRODUCTION)):
        with pytest.raises(Invalid, match=r"cursor\.invalid"):
            gaps.page(ADMIN, gap, side, cursor)


def test_a_date_that_passes_becomes_a_gap_by_itself(store: Store) -> None:
    whole = day(store, roster(PEOPLE, (target(next_inspection=DAY),)))
    assert whole.gaps.overview(ADMIN).items == ()
    whole.clock.move(days=1)
    (gap,) = whole.gaps.overview(ADMIN).items
    assert (gap.gap, gap.first[0].due) == (Gap.EXPIRED, DAY)
    assert whole.gaps.page(ADMIN, Gap.EXPIRED, USE, None).items == gap.first


def test_an_application_that_was_cut_short_leaves_a_gap_until_it_is_finished(store: Store) -> None:
    """People are written before targets: between the two, the old officer is gone and the new one not yet named."""
    whole = day(store, undated(0))
    gone, heir = replace(PEOPLE[0], state=PersonState.DISMISSED), person("P2")
    store.apply(changes(people=(gone, heir), targets=(), phones_added=()))
    assert told(whole.gaps.overview(ADMIN).items) == [(Gap.UNATTENDED, 1, ["E-0"])]
    store.apply(changes(people=(), targets=(target("E-0", officers=("P2",)),), phones_added=()))
    assert whole.gaps.overview(ADMIN).items == ()


def test_other_units_are_not_looked_at_and_an_unknown_one_is_refused(store: Store) -> None:
    whole = day(store, undated(0))
    theirs = roster((person("P1"),), (target("E-7", next_inspection=DAY - timedelta(days=9)),), unit=unit(OTHER_UNIT))
    store.apply(changes(theirs, phones_added=()))
    assert whole.gaps.overview(ADMIN).items == ()
    assert told(whole.gaps.overview(replace(ADMIN, unit=OTHER_UNIT)).items) == [
        (Gap.EXPIRED, 1, ["E-7"]), (Gap.UNDIRECTED, 1, ["3000"]),
    ]  # fmt: skip
    with pytest.raises(NotFound, match=r"unit\.unknown"):
        whole.gaps.overview(replace(ADMIN, unit=UNIT[::-1]))
