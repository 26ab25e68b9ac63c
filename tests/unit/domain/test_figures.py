"""The numbers of a report: which days and hazards are in them, and when they are others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from schemas.language import Duty, Grade, HazardState
from tean.domain.figures import Numbers, Sources, counted_from, digest_of, numbers
from tean.domain.rollups import Counts, Finds, Rollup
from tests.fakes.builders import DAY, NOW, hazard, rollup

SINCE, UNTIL = DAY - timedelta(days=7), DAY - timedelta(days=1)
ONE = Counts(due=1, on_time=1)


def day(at: Any, **fields: Any) -> Rollup:
    return rollup(due=at, kinds={"3000": ONE, "4000": ONE}, people={}, final=True, **fields)


def week(**fields: Any) -> Numbers:
    return numbers(Duty.WEEKLY_REPORT, "3000", SINCE, UNTIL, Sources(DAY, **{"tallies": [], "open": []} | fields))


def test_the_first_and_the_last_day_are_in_it_and_no_other() -> None:
    days = [SINCE - timedelta(days=1), SINCE, UNTIL, DAY]
    assert week(tallies=[day(at) for at in days]).daily == ONE.times(2)
    assert week(uncounted={Duty.DAILY: days}).uncounted == (SINCE, UNTIL)


def test_only_days_that_were_not_counted_are_told_so() -> None:
    assert week(uncounted={Duty.WEEKLY: [SINCE]}).uncounted == ()


def test_a_week_hears_of_what_days_and_weeks_find_of_its_kind_and_of_nothing_else() -> None:
    finds = {duty: Finds(general=1, major=1) for duty in (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY)}
    found = week(tallies=[day(SINCE, hazards={"3000": finds, "4000": finds})]).found
    assert found == {Grade.GENERAL: 2, Grade.MAJOR: 2}


def test_what_is_gone_by_now_was_rectified() -> None:
    there = hazard(found_at=NOW - timedelta(days=7))
    finds = {Duty.DAILY: Finds(general=3)}
    told = week(tallies=[day(SINCE, hazards={"3000": finds})], open=[there])
    assert (told.rectified, told.carried, told.open) == (2, 0, {Grade.GENERAL: 1})


def test_what_is_open_of_a_day_or_duty_that_was_not_counted_is_no_part_of_what_was_found() -> None:
    finds = {Duty.DAILY: Finds(general=3)}
    counted = [day(SINCE, hazards={"3000": finds})]
    other_day = hazard(found_at=NOW - timedelta(days=6))
    other_duty = hazard(found_at=NOW - timedelta(days=7), duty=Duty.MONTHLY)
    assert week(tallies=counted, open=[other_day, other_duty]).rectified == 3


def test_what_was_found_before_is_carried_and_what_is_past_its_day_is_overdue() -> None:
    old = hazard(item="A", found_at=NOW - timedelta(days=8))
    late = hazard(item="B", found_at=NOW, deadline=UNTIL, state=HazardState.ORDERED)
    told = week(open=[old, late])
    assert (told.carried, told.overdue) == (1, 1)


def test_a_week_waits_for_its_days_and_its_inspection_a_month_for_its_days() -> None:
    assert counted_from(Duty.WEEKLY_REPORT) == (Duty.DAILY, Duty.WEEKLY)
    assert counted_from(Duty.MONTHLY_REPORT) == (Duty.DAILY,)


def test_a_week_tells_its_own_inspection_and_a_month_tells_none() -> None:
    own = rollup(duty=Duty.WEEKLY, due=SINCE, officers={"3000": ONE}, inspected={"3000": 2}, final=True)
    assert (week(tallies=[own]).officers, week(tallies=[own]).targets) == (ONE, 2)
    month = numbers(Duty.MONTHLY_REPORT, "3000", SINCE, UNTIL, Sources(DAY, [own], []))
    assert (month.officers, month.targets) == (None, None)


def test_numbers_are_provisional_while_a_day_is_not_final_or_not_counted() -> None:
    assert not week(tallies=[day(SINCE)]).provisional
    assert week(tallies=[replace(day(SINCE), final=False)]).provisional
    assert week(tallies=[day(SINCE)], uncounted={Duty.DAILY: [UNTIL]}).provisional


def test_other_numbers_or_other_hazards_have_another_digest_and_the_order_of_hazards_has_none() -> None:
    one, two = hazard(item="A"), hazard(item="B")
    seen = digest_of([one, two], week())
    assert seen == digest_of([two, one], week())
    assert len({seen, digest_of([one], week()), digest_of([one, two], week(open=[one]))}) == 3
