"""What everybody did in a month, summed roll-up by roll-up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from schemas.language import Duty
from tean.domain.months import PeopleMonth, month_of, people_of
from tean.domain.rollups import Counts, Rollup
from tests.fakes import builders
from tests.fakes.builders import DAY

EMPTY = PeopleMonth(Duty.DAILY, DAY.replace(day=1))
TUESDAY = DAY + timedelta(days=1)
ONE, MISSED, LATE = Counts(due=1, on_time=1), Counts(due=1, missed=1), Counts(due=1, late=1)


def rollup(due: date = DAY, **people: Counts) -> Rollup:
    """What everybody did with elevators."""
    return builders.rollup(due=due, people={who: {"3000": counts} for who, counts in people.items()})


def then(month: PeopleMonth, rollup: Rollup, before: Rollup | None = None) -> PeopleMonth:
    changed = month.with_rollup(rollup, before)
    assert changed is not None
    return changed


def test_buckets_add_up() -> None:
    month = then(then(EMPTY, rollup(P1=ONE, P2=MISSED)), rollup(TUESDAY, P1=LATE))
    assert month.people == {"P1": {"3000": Counts(due=2, on_time=1, late=1)}, "P2": {"3000": MISSED}}
    assert (month.buckets, month.version) == ((DAY, TUESDAY), 2)


def test_a_bucket_that_is_counted_again_takes_its_own_place() -> None:
    first, again = rollup(P1=MISSED, P2=ONE), rollup(P1=LATE)
    month = then(then(then(EMPTY, first), rollup(TUESDAY, P1=ONE)), again, first)
    assert month.people == {"P1": {"3000": Counts(due=2, on_time=1, late=1)}}
    assert (month.buckets, month.version) == ((DAY, TUESDAY), 3)


def test_what_changes_nothing_is_not_written() -> None:
    first = rollup(P1=ONE)
    assert then(EMPTY, first).with_rollup(first, first) is None


def test_a_bucket_that_was_never_in_it_is_only_added() -> None:
    """It was counted before there were sums."""
    before = rollup(P1=MISSED)
    assert then(EMPTY, rollup(P1=LATE), before).people == {"P1": {"3000": LATE}}
    assert then(EMPTY, before, before).people == {"P1": {"3000": MISSED}}


def test_a_bucket_in_which_nobody_had_anything_is_in_it_all_the_same() -> None:
    assert then(EMPTY, rollup()).buckets == (DAY,)


@pytest.mark.parametrize(
    ("duty", "due", "month"),
    [
        (Duty.DAILY, date(2026, 11, 30), date(2026, 11, 1)),
        (Duty.WEEKLY, date(2026, 11, 30), date(2026, 12, 1)),
        (Duty.WEEKLY_REPORT, date(2026, 10, 26), date(2026, 11, 1)),
        (Duty.MONTHLY, date(2026, 11, 1), date(2026, 11, 1)),
    ],
)
def test_a_bucket_belongs_to_the_month_it_ends_in(duty: Duty, due: date, month: date) -> None:
    assert month_of(duty, due) == month


def test_months_add_up_too() -> None:
    december = PeopleMonth(Duty.DAILY, date(2026, 12, 1), {"P1": {"4000": ONE}, "P3": {"3000": MISSED}})
    assert people_of([then(EMPTY, rollup(P1=ONE)), december]) == {
        "P1": {"3000": ONE, "4000": ONE},
        "P3": {"3000": MISSED},
    }
