"""What tallies, months and open hazards add up to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from schemas.language import Age, Duty, Grade, HazardState
from tean.domain import statistics
from tean.domain.rollups import Counts, Finds, Rollup
from tests.fakes import builders
from tests.fakes.builders import DAY, NOW

ONE, MISSED = Counts(due=1, on_time=1), Counts(due=1, missed=1)
FRIDAY, SUNDAY = DAY + timedelta(days=4), DAY + timedelta(days=6)


def on(days: int, **fields: Any) -> Rollup:
    """The tally of a day, counted from ``DAY``, a Monday."""
    return builders.rollup(**{"due": DAY + timedelta(days=days), "kinds": {"3000": ONE}, "people": {}} | fields)


def week(**fields: Any) -> Rollup:
    return on(0, **{"duty": Duty.WEEKLY} | fields)


# --- sums -------------------------------------------------------------------------------------------------------------


def test_each_duty_adds_up_by_kind_with_the_officers_part() -> None:
    weekly = week(kinds={"4000": Counts(due=2, on_time=1, missed=1)}, officers={"4000": MISSED})
    told = statistics.by_duty([on(0), weekly, on(1, kinds={"3000": MISSED, "1000": ONE})])
    assert list(told) == [Duty.DAILY, Duty.WEEKLY]
    assert told[Duty.DAILY].kinds == {"1000": ONE, "3000": Counts(due=2, on_time=1, missed=1)}
    assert (told[Duty.DAILY].officers, told[Duty.WEEKLY].officers) == ({}, {"4000": MISSED})


def test_weeks_begin_on_mondays_and_tell_how_many_of_their_days_were_counted() -> None:
    before, *others = statistics.weeks([on(-1), on(0), on(3), on(6), week(unchecked={"3000": 2})])
    assert (before.monday, before.days, before.unchecked) == (DAY - timedelta(days=7), 1, {})
    assert [(one.monday, one.days, one.unchecked) for one in others] == [(DAY, 3, {"3000": 2})]
    assert others[0].kinds == {"3000": Counts(due=3, on_time=3)}


def test_finds_add_up_by_kind_and_duty() -> None:
    found, gone = Finds(general=1, on_site=1), Finds(rectified=1, minutes=90)
    tallies = [
        on(0, hazards={"3000": {Duty.DAILY: found}}),
        on(1, hazards={"3000": {Duty.DAILY: gone, Duty.WEEKLY: gone}}),
    ]
    assert statistics.finds(tallies) == {("3000", Duty.DAILY): found + gone, ("3000", Duty.WEEKLY): gone}


def test_the_days_of_buckets_are_their_last_ones() -> None:
    assert statistics.last_days([week(), on(6), on(0)]) == (DAY, SUNDAY)


# --- months -----------------------------------------------------------------------------------------------------------

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (OCTOBER, date(2026, 10, 31), [OCTOBER]),
        (OCTOBER, date(2026, 10, 30), []),
        (date(2026, 10, 2), date(2026, 11, 22), [NOVEMBER]),
        (OCTOBER, DAY, [OCTOBER, NOVEMBER]),
        (OCTOBER, DAY - timedelta(days=1), [OCTOBER, NOVEMBER]),
        (OCTOBER, DAY - timedelta(days=2), [OCTOBER]),
        (OCTOBER, date(2027, 3, 31), [OCTOBER, NOVEMBER]),
        (date(2026, 11, 2), date(2026, 12, 31), []),
        (DECEMBER, date(2026, 12, 31), []),
    ],
)
def test_months_are_whole_and_the_one_that_is_on_as_far_as_it_is_over(
    since: date, until: date, months: list[date]
) -> None:
    assert statistics.whole_months(since, until, DAY) == months


def test_on_a_first_nothing_of_the_month_that_is_on_is_over_yet() -> None:
    assert statistics.whole_months(OCTOBER, date(2026, 10, 31), NOVEMBER) == [OCTOBER]
    assert statistics.whole_months(OCTOBER, NOVEMBER, NOVEMBER) == [OCTOBER, NOVEMBER]


def test_a_leap_year_has_twelve_months() -> None:
    assert len(statistics.whole_months(date(2028, 1, 1), date(2028, 12, 31), date(2029, 1, 1))) == 12


# --- what was not counted ---------------------------------------------------------------------------------------------


def uncounted(*tallies: Rollup, duty: Duty = Duty.DAILY, since: date = DAY, until: date = SUNDAY) -> list[int]:
    """The last days that were not counted, as days after ``DAY``."""
    return [(day - DAY).days for day in statistics.uncounted(duty, tallies, since, until)]


def test_days_after_the_last_that_was_counted_are_not_counted() -> None:
    assert uncounted(on(0), on(1), on(2)) == [3, 4, 5, 6]
    assert uncounted(*(on(n) for n in range(7))) == []


def test_before_the_first_tally_of_the_unit_there_was_nothing_to_count() -> None:
    assert uncounted(on(3), on(4), on(5), on(6)) == []
    assert uncounted(on(5), on(6), duty=Duty.WEEKLY) == [6]
    assert uncounted(on(5), on(6), duty=Duty.WEEKLY, since=DAY - timedelta(days=99)) == [6]
    assert uncounted(on(5), duty=Duty.MONTHLY) == []


def test_without_any_tally_all_that_ended_may_be_missing() -> None:
    assert uncounted() == [0, 1, 2, 3, 4, 5, 6]
    assert uncounted(duty=Duty.WEEKLY) == [6]
    assert uncounted(duty=Duty.WEEKLY, until=SUNDAY - timedelta(days=1)) == []


# --- what is open -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "age"), [(0, Age.WEEK), (7, Age.WEEK), (8, Age.MONTH), (30, Age.MONTH), (31, Age.OLDER)]
)
def test_hazards_are_alike_in_kind_grade_state_age_and_whether_overdue(days: int, age: Age) -> None:
    today = DAY + timedelta(days=days)
    ordered = builders.hazard(state=HazardState.ORDERED, deadline=today - timedelta(days=1), grade=Grade.MAJOR)
    there = [builders.hazard(), builders.hazard(found_at=NOW + timedelta(hours=2)), ordered]
    assert statistics.alike(there, today) == {
        ("3000", Grade.GENERAL, HazardState.REPORTED, age, False): 2,
        ("3000", Grade.MAJOR, HazardState.ORDERED, age, True): 1,
    }
