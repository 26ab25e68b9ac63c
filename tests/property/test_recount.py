"""Every number of statistics and of reports, and every list behind one, equals an independent recount from raw records:
over a quarter with faults, late entries, corrections, stops and roster changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any, TypeVar

import pytest

from schemas.counts import KindCounted
from schemas.language import Duty, Handling, Role
from schemas.statistics import (
    FoundQuery,
    OpenQuery,
    OutcomeQuery,
    RectifiedQuery,
    StatisticsAnswer,
    StatisticsQuery,
)
from tean.domain.reports import Report
from tean.domain.rollups import Counts
from tests.campaign import size
from tests.fakes import books
from tests.fakes.builders import membership
from tests.fakes.quarter import INSPECTED, Quarter
from tests.fakes.recount import DAY, Kinds, Recount, in_shanghai

T = TypeVar("T")
START = date(2026, 9, 30)
"""A Wednesday, the last day of a month: the unit begins in the middle of everything."""
DAYS = 92
SEEDS = range(size(2, 12))
PRINCIPAL = membership("B1", Role.PRINCIPAL)
WHATS = ("on_time", "late", "missed", "suspended", "zero_risk", "unchecked")


@pytest.mark.campaign
@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_of_a_quarter_and_every_list_behind_one_equals_a_recount(seed: int) -> None:
    quarter = Quarter(seed, START)
    quarter.reported = partial(as_recounted, quarter)
    for number in range(DAYS):
        day = START + number * DAY
        if number:
            quarter.night(day)
        if number % 23 == 22:
            holds(quarter, day)
        quarter.live(day)
    for number in range(DAYS, DAYS + 5):
        quarter.night(START + number * DAY)
    quarter.run_all()
    holds(quarter, START + (DAYS + 4) * DAY)
    each_day_holds(quarter)
    books.balance(quarter.store)
    enough_has_happened(quarter)


def enough_has_happened(quarter: Quarter) -> None:
    """What is recounted is worth it."""
    done = quarter.done
    wanted = {
        "check": 300, "correct": 30, "missed daily": 20, "stopped": 20, "roster": 5, "rectified": 20, "regraded": 5,
        "weekly report": 12, "minutes": 5, "monthly report": 3, "no run": 2, "late run": 2, "overtaken": 4,
    }  # fmt: skip
    assert {what: done[what] for what, least in wanted.items() if done[what] < least} == {}, done


def as_recounted(quarter: Quarter, report: Report) -> None:
    """What a report has frozen is what a recount says in that moment, and it is a link of its kind's chain."""
    numbers = report.numbers
    there = {
        "daily": counted(numbers.daily),
        "found": {str(grade): many for grade, many in numbers.found.items()},
        "rectified": numbers.rectified,
        "open": {str(grade): many for grade, many in numbers.open.items()},
        "carried": numbers.carried,
        "overdue": numbers.overdue,
        "targets": numbers.targets,
        "officers": None if numbers.officers is None else counted(numbers.officers),
    }
    assert there == Recount(quarter).report(report), report.id


def counted(counts: Counts) -> Counter[str]:
    return +Counter(asdict(counts))


def holds(quarter: Quarter, today: date) -> None:
    """What statistics say of some ranges is what a recount says."""
    ranges = [
        (START - 200 * DAY, today), (START, today + 9 * DAY), (date(2026, 10, 1), today),
        (today - 9 * DAY, today - DAY),
        (today - 33 * DAY, today - 3 * DAY), (date(2026, 10, 1), date(2026, 10, 31)), (today - DAY, today - DAY),
        (START - 40 * DAY, START - DAY), (today, today), (date(2026, 10, 29), date(2026, 12, 2)),
    ]  # fmt: skip
    for since, until in ranges:
        answer = quarter.day.statistics.overview(PRINCIPAL, StatisticsQuery(since=since, until=until))
        # It may have repaired what a run that never came had left.
        quarter.note()
        recount = Recount(quarter)
        assert told(answer) == recount.overview(since, until), (since, until)
        for duty in INSPECTED:
            for what in WHATS:
                listed_as_counted(quarter, recount, duty, what, since, until)
        lists_of_posts_as_long_as_their_numbers(quarter, answer)
        found_as_counted(quarter, recount, since, until)
    open_as_they_stand(quarter)


def each_day_holds(quarter: Quarter) -> None:
    """What belongs to another day than it is told of would not show in the sums of a range."""
    recount = Recount(quarter)
    for day in (START + number * DAY for number in range(DAYS)):
        answer = quarter.day.statistics.overview(PRINCIPAL, StatisticsQuery(since=day, until=day))
        assert told(answer) == recount.overview(day, day), day


# --- the numbers as they were told ------------------------------------------------------------------------------------


def told(answer: StatisticsAnswer) -> dict[str, Any]:
    """An answer in the shape of the recount."""
    return {
        "duties": {one.duty: (kinds(one.kinds), kinds(one.officers)) for one in answer.duties},
        "weeks": {one.monday: (one.days, kinds(one.kinds), Counter(one.unchecked)) for one in answer.weeks},
        "hazards": {(one.kind, one.duty): numbers(one) for one in answer.hazards},
        "months": list(answer.months),
        "people": {
            (one.duty, one.person if one.role is Role.OFFICER else f"{one.person}#{one.role}"): kinds(one.kinds)
            for one in answer.people
        },
        "provisional": set(answer.provisional),
        "unasked": set(answer.unasked),
        "uncounted": set(answer.uncounted),
    }


def kinds(counted: Iterable[KindCounted]) -> Kinds:
    return {one.kind: numbers(one) for one in counted}


def numbers(counted: Any) -> Counter[str]:
    told = counted.model_dump(exclude={"kind", "unit_kind", "duty"})
    return +Counter({name: int(value) for name, value in told.items()})


# --- the lists --------------------------------------------------------------------------------------------------------


def listed_as_counted(quarter: Quarter, recount: Recount, duty: Duty, what: Any, since: date, until: date) -> None:
    def page(cursor: str | None) -> Any:
        query = OutcomeQuery(since=since, until=until, duty=duty, what=what, cursor=cursor)
        return quarter.day.statistics.outcomes(PRINCIPAL, query)

    items = list(walked(page))
    assert [one.due for one in items] == sorted((one.due for one in items), reverse=True)
    there = [
        (one.due, one.target, one.role, tuple(each.person for each in one.people)[: 1 if one.at else None], one.at)
        for one in items
    ]
    assert len(set(there)) == len(there)
    told_by = Duty.WEEKLY if what == "unchecked" else duty
    assert set(there) == recount.listed(told_by, what, since, until), (duty, what, since, until)
    if what == "unchecked":
        recorded = {target for (_, target, _), one in quarter.store._records.items()}
        assert all(one.never == (one.target not in recorded) for one in items)


def lists_of_posts_as_long_as_their_numbers(quarter: Quarter, answer: StatisticsAnswer) -> None:
    """Who holds two posts has two numbers, and behind each the list of that post alone."""
    for one in answer.people if len(answer.months) == 1 else ():
        first = answer.months[0]
        last = (first + 31 * DAY).replace(day=1) - DAY

        def length(what: Any, one: Any = one, first: date = first, last: date = last) -> int:
            of_him = {"since": first, "until": last, "duty": one.duty, "person": one.person, "role": one.role}

            def page(cursor: str | None) -> Any:
                return quarter.day.statistics.outcomes(PRINCIPAL, OutcomeQuery(what=what, cursor=cursor, **of_him))

            return len(list(walked(page)))

        missed = length("missed")
        assert missed == sum(kind.missed for kind in one.kinds), (one.duty, one.person, one.role)
        # What a colleague's supplement made late, or suspended, for him alone stands as the first record left it.
        closed = sum(map(length, ("on_time", "late", "suspended")))
        assert missed + closed == sum(kind.due for kind in one.kinds), (one.duty, one.person, one.role)


def found_as_counted(quarter: Quarter, recount: Recount, since: date, until: date) -> None:
    """Those found, those of them put right on the spot, and those confirmed."""

    def days(at: Any) -> bool:
        return bool(at) and since <= in_shanghai(at).date() <= min(until, recount.over)

    every, statistics = list(quarter.store._hazards.values()), quarter.day.statistics
    found = [one for one in every if days(one.found_at)]
    gone = [one for one in every if one.handling is Handling.PENDING and days(one.rectified_at)]
    span = {"since": since, "until": until}

    def listed(ask: Any, query: Any, **fields: Any) -> list[str]:
        return [one.hazard for one in walked(lambda cursor: ask(PRINCIPAL, query(cursor=cursor, **span, **fields)))]

    ids = sorted((one.id for one in found), reverse=True)
    assert listed(statistics.found, FoundQuery) == ids
    on_site = {one.id for one in found if one.handling is Handling.ON_SITE}
    assert listed(statistics.found, FoundQuery, on_site=True) == [id for id in ids if id in on_site]
    gone.sort(key=lambda one: (one.rectified_at, one.id), reverse=True)
    assert listed(statistics.rectified, RectifiedQuery) == [one.id for one in gone]


def open_as_they_stand(quarter: Quarter) -> None:
    def page(cursor: str | None) -> Any:
        return quarter.day.statistics.open(PRINCIPAL, OpenQuery(cursor=cursor))

    today, counts = in_shanghai(quarter.clock()).date(), Counter[tuple[Any, ...]]()
    there = sorted((one for one in quarter.store._hazards.values() if one.rectified_at is None), key=lambda one: one.id)
    for one in there:
        days = (today - in_shanghai(one.found_at).date()).days
        age = "week" if days <= 7 else "month" if days <= 30 else "older"
        late = one.state == "ordered" and one.deadline is not None and one.deadline < today
        counts[one.kind, one.grade, one.state, age, late] += 1
    first = page(None)
    assert [one.hazard for one in walked(page)] == [one.id for one in there]
    assert {(one.kind, one.grade, one.state, one.age, one.overdue): one.count for one in first.counts} == counts


def walked(page: Any) -> Iterator[Any]:
    """Every item of a list, page by page."""
    cursor: str | None = None
    for _ in range(1000):
        one = page(cursor)
        yield from one.items
        cursor = one.next
        if cursor is None:
            return
    raise AssertionError("the list has no end")
