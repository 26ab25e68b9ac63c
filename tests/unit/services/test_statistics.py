"""Statistics of a unit: a range in numbers, what was never counted, and the lists behind the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest

from schemas.counts import KindCounted
from schemas.events import OpenUnit
from schemas.hazards import OrderRequest, RectificationRequest, Seen
from schemas.language import Age, Duty, Fate, Grade, HazardState, Role, UnitKind
from schemas.statistics import (
    FoundQuery,
    OpenAnswer,
    OpenQuery,
    OutcomeItem,
    OutcomePage,
    OutcomeQuery,
    RectifiedQuery,
    StatisticsAnswer,
    StatisticsQuery,
)
from tean.adapters.ports.common import PAGE
from tean.domain.calendar import business_date, closes_at
from tean.domain.errors import Invalid, Unavailable
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target
from tests.fakes.day import Day, director, failed, mended
from tests.fakes.watched import WatchedStore

T = TypeVar("T")
PRINCIPAL = membership("B1", Role.PRINCIPAL)
SUNDAY, MONDAY = DAY + timedelta(days=6), DAY + timedelta(days=7)
ITEM = "EL-D-01"


def unit(*codes: str, duties: Iterable[Duty] = (Duty.DAILY,), store: WatchedStore | None = None) -> Day:
    """An officer with these elevators, a director, a principal."""
    people = [person("P1"), person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL)]
    return Day(roster(people, [target(code, name=f"{code} 客梯") for code in codes or ("E-1",)]), store, tuple(duties))


def nights(day: Day, many: int = 1) -> None:
    for _ in range(many):
        day.night()


def overview(day: Day, since: date = DAY, until: date = SUNDAY) -> StatisticsAnswer:
    return day.statistics.overview(PRINCIPAL, StatisticsQuery(since=since, until=until))


def of(kinds: Iterable[KindCounted], kind: str = "3000") -> KindCounted:
    (one,) = [one for one in kinds if one.kind == kind]
    return one


# --- the numbers ------------------------------------------------------------------------------------------------------


def test_a_range_tells_duties_weeks_hazards_and_people() -> None:
    day = unit("E-1", "E-2", duties=Duty)
    day.found(ITEM, where="E-1")
    nights(day, 9)
    told = overview(day, DAY - timedelta(days=22), MONDAY)
    daily, weekly, monthly, *reports = told.duties
    assert (daily.duty, of(daily.kinds).due, of(daily.kinds).on_time, of(daily.kinds).missed) == (Duty.DAILY, 16, 1, 15)
    assert (of(weekly.kinds).due, of(weekly.officers).due, of(weekly.officers).missed) == (2, 1, 1)
    assert (monthly.duty, of(monthly.kinds).missed, of(monthly.officers).missed) == (Duty.MONTHLY, 3, 1)
    assert [(one.duty, of(one.kinds).missed) for one in reports] == [(Duty.WEEKLY_REPORT, 1), (Duty.MONTHLY_REPORT, 2)]
    assert [(one.monday, one.days, of(one.kinds).due, one.unchecked) for one in told.weeks] == [
        (DAY, 7, 14, {"3000": 1}),
        (MONDAY, 1, 2, {}),
    ]
    (hazards,) = told.hazards
    assert (hazards.duty, hazards.kind, hazards.unit_kind) == (Duty.DAILY, "3000", UnitKind.USE)
    assert hazards.general + hazards.serious + hazards.major == 1
    assert (told.today, told.months) == (DAY + timedelta(days=9), (date(2026, 11, 1),))
    daily_of_p1 = next(one for one in told.people if (one.person, one.duty) == ("P1", Duty.DAILY))
    assert (daily_of_p1.name, daily_of_p1.role, of(daily_of_p1.kinds).due) == ("示例人员P1", Role.OFFICER, 16)


def test_today_is_never_counted_nor_told_as_uncounted() -> None:
    day = unit()
    day.check()
    told = overview(day, DAY, DAY + timedelta(days=300))
    assert (told.duties, told.weeks, told.uncounted, told.provisional) == ((), (), (), ())


def test_days_that_late_entries_may_change_are_provisional() -> None:
    day = unit()
    nights(day, 4)
    assert overview(day).provisional == tuple(DAY + timedelta(days=n) for n in (1, 2, 3))


def test_a_unit_that_has_just_begun_has_no_days_before() -> None:
    day = unit(duties=Duty)
    nights(day)
    assert overview(day, DAY - timedelta(days=365), DAY).uncounted == ()


def test_a_range_before_a_unit_began_is_empty() -> None:
    day = unit(duties=Duty)
    nights(day)
    told = overview(day, date(2023, 1, 1), date(2023, 12, 31))
    assert (told.duties, told.people, told.uncounted) == ((), (), ())
    assert overview(day, DAY - timedelta(days=60), DAY - timedelta(days=1)).uncounted == ()


# --- a run that never came --------------------------------------------------------------------------------------------


def test_who_asks_for_numbers_of_days_that_no_run_counted_repairs_them_first() -> None:
    day = unit()
    nights(day)
    day.clock.set(closes_at(DAY + timedelta(days=1)) + timedelta(hours=9))
    told = overview(day)
    assert (of(told.duties[0].kinds).due, told.uncounted) == (2, ())


def test_what_is_still_not_counted_is_told() -> None:
    """A request makes one day good, the oldest first."""
    day = unit()
    nights(day)
    day.clock.move(days=3, hours=1)
    told = overview(day)
    assert told.uncounted == (DAY + timedelta(days=2), DAY + timedelta(days=3))
    assert told.unasked == ()
    assert overview(day).uncounted == (DAY + timedelta(days=3),)


def test_days_on_which_nobody_was_asked_are_told() -> None:
    day = unit()
    nights(day)
    day.clock.move(days=3)
    nights(day)
    assert overview(day).unasked == tuple(DAY + timedelta(days=n) for n in (2, 3, 4))


def test_a_week_that_no_run_counted_is_missed_by_its_sunday() -> None:
    day = unit(duties=Duty)
    nights(day, 7)
    day.duties = tuple(duty for duty in Duty if duty is not Duty.WEEKLY)
    nights(day, 8)
    assert overview(day, DAY, MONDAY + timedelta(days=6)).uncounted == (MONDAY + timedelta(days=6),)


def test_a_duty_that_was_never_counted_is_missed_as_soon_as_any_other_was() -> None:
    day = unit(duties=tuple(duty for duty in Duty if duty is not Duty.WEEKLY))
    nights(day, 8)
    assert overview(day).uncounted == (SUNDAY,)


def test_a_month_that_was_not_closed_is_closed_by_who_asks_weeks_later() -> None:
    day = unit(duties=tuple(duty for duty in Duty if duty is not Duty.MONTHLY))
    day.duties = tuple(Duty)
    day.days.open(OpenUnit(unit=UNIT, duty=Duty.MONTHLY, due=DAY.replace(day=1)))
    day.duties = tuple(duty for duty in Duty if duty is not Duty.MONTHLY)
    nights(day, 20)
    day.duties = tuple(Duty)
    day.clock.move(hours=1)
    last = date(2026, 11, 30)
    told = overview(day, DAY, date(2026, 12, 10))
    assert told.uncounted == ()
    assert [one.duty for one in overview(day, last, last).duties if one.duty is Duty.MONTHLY] == [Duty.MONTHLY]


def test_while_the_nights_run_may_be_at_work_nobody_gets_in_its_way() -> None:
    day = unit()
    nights(day)
    day.clock.move(days=1, minutes=3)
    assert overview(day).uncounted == (DAY + timedelta(days=1),)
    day.clock.move(minutes=10)
    assert overview(day).uncounted == ()


def test_nothing_is_opened_for_who_asks_for_numbers() -> None:
    day = unit()
    nights(day)
    day.clock.move(days=2, hours=1)
    overview(day)
    assert day.rows(due=business_date(day.clock())) == ()


def test_a_repair_that_is_contended_takes_nothing_away_from_what_was_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def contended(unit: str, duty: Duty) -> int:
        raise Unavailable("day.contended", "…")

    day = unit()
    nights(day)
    day.clock.move(days=1, hours=1)
    object.__setattr__(day.statistics.tallies, "close", contended)
    told = overview(day)
    assert (of(told.duties[0].kinds).due, told.uncounted) == (1, (DAY + timedelta(days=1),))
    assert "day.contended" in caplog.text


def test_nothing_is_repaired_where_everything_was_counted() -> None:
    store = WatchedStore()
    day = unit(store=store, duties=Duty)
    nights(day, 9)
    store.calls.clear()
    overview(day, DAY - timedelta(days=99), MONDAY)
    assert store.calls == {}


def test_a_range_that_is_long_over_repairs_nothing() -> None:
    store = WatchedStore()
    day = unit(store=store)
    nights(day)
    day.clock.move(days=20)
    store.calls.clear()
    told = overview(day, until=SUNDAY - timedelta(days=1))
    assert told.uncounted == tuple(DAY + timedelta(days=n) for n in range(1, 6))
    assert store.calls == {}


# --- what became of what was due ------------------------------------------------------------------------------------


def outcomes(day: Day, what: str = "missed", cursor: str | None = None, **fields: Any) -> OutcomePage:
    query = {"since": DAY, "until": SUNDAY, "what": what, "cursor": cursor} | fields
    return day.statistics.outcomes(PRINCIPAL, OutcomeQuery.model_validate(query))


def walked(page: Callable[[str | None], Any]) -> list[Any]:
    first = page(None)
    items = list(first.items)
    while first.next:
        first = page(first.next)
        items += first.items
    return items


def told(items: Iterable[OutcomeItem]) -> list[tuple[date, str]]:
    return [(one.due, one.target) for one in items]


def test_what_was_missed_is_listed_newest_bucket_first_with_everything_a_reader_needs() -> None:
    day = unit("E-1", "E-2")
    day.check(where="E-1")
    nights(day, 2)
    items = outcomes(day).items
    tuesday = DAY + timedelta(days=1)
    assert told(items) == [(tuesday, "E-1"), (tuesday, "E-2"), (DAY, "E-2")]
    assert items[2].model_dump() == {
        "what": Fate.MISSED, "zero_risk": False,
        "duty": Duty.DAILY, "due": DAY, "target": "E-2", "name": "E-2 客梯", "unit_kind": UnitKind.USE, "kind": "3000",
        "role": Role.OFFICER, "people": ({"person": "P1", "name": "示例人员P1"},), "at": None, "never": False,
    }  # fmt: skip


def test_what_was_late_and_what_was_suspended_say_when() -> None:
    day = unit("E-1", "E-2")
    day.submit(day.stopped(where="E-2"))
    stopped_at = day.clock()
    nights(day)
    day.check(where="E-1", due=DAY)
    late_at = day.clock()
    nights(day)
    assert [(one.target, one.at) for one in outcomes(day, "late").items] == [("E-1", late_at)]
    assert [(one.target, one.at) for one in outcomes(day, "suspended").items] == [("E-2", stopped_at)]
    assert [one.due for one in outcomes(day, "missed").items] == 2 * [DAY + timedelta(days=1)]


def test_what_was_done_on_time_says_when_and_by_whom() -> None:
    day = unit("E-1", "E-2")
    day.check(where="E-1")
    done_at = day.clock()
    nights(day, 1)
    day.check(where="E-2", due=DAY)
    nights(day, 1)
    (one,) = outcomes(day, "on_time").items
    assert (one.due, one.target, one.at, one.people[0].person) == (DAY, "E-1", done_at, "P1")
    assert told(outcomes(day, "late").items) == [(DAY, "E-2")]


def test_zero_risk_is_listed_late_or_not_as_it_was_stamped() -> None:
    day = unit("E-1", "E-2", "E-3", "E-4")
    day.check(where="E-1")
    day.found(ITEM, where="E-2")
    day.submit(day.stopped(where="E-4"))
    nights(day, 1)
    day.check(where="E-3", due=DAY)
    nights(day, 1)
    items = outcomes(day, "zero_risk", until=DAY).items
    assert [(one.target, one.what, one.zero_risk) for one in items] == [
        ("E-1", Fate.ON_TIME, True), ("E-3", Fate.LATE, True),
    ]  # fmt: skip
    assert [(one.target, one.zero_risk) for one in outcomes(day, "on_time", until=DAY).items] == [
        ("E-1", True), ("E-2", False),
    ]  # fmt: skip
    numbers = day.statistics.overview(PRINCIPAL, StatisticsQuery(since=DAY, until=DAY)).duties[0].kinds[0]
    assert (numbers.zero_risk, numbers.on_time, numbers.late, numbers.suspended) == (2, 2, 1, 1)


def test_what_was_unchecked_all_week_says_whether_there_is_any_record_of_it() -> None:
    day = unit("E-1", "E-2", "E-3", duties=(Duty.DAILY, Duty.WEEKLY))
    day.check(where="E-1")
    day.submit(day.stopped(where="E-2"))
    nights(day, 7)
    weekly = {"duty": Duty.WEEKLY, "what": "unchecked"}
    assert [(one.target, one.never) for one in outcomes(day, **weekly).items] == [("E-2", False), ("E-3", True)]
    day.found(ITEM, where="E-3", due=SUNDAY)
    nights(day)
    assert [(one.target, one.never) for one in outcomes(day, **weekly).items] == [("E-2", False)]


def test_a_device_that_a_week_found_something_on_has_no_record_for_that() -> None:
    day = unit("E-1", duties=(Duty.DAILY, Duty.WEEKLY))
    item = day.inspection("P1").answers[0].item
    failing = {item: failed(item, photos=(day.file(),), devices=("E-1",))}
    day.submit(day.inspection("P1", answers=failing))
    assert day.head("E-1").has_open_hazards
    nights(day, 7)
    (one,) = outcomes(day, duty=Duty.WEEKLY, what="unchecked").items
    assert one.never


def test_the_list_narrows_to_a_kind_and_to_a_person() -> None:
    people = [person("P1"), person("P2"), person("B1", Role.PRINCIPAL)]
    targets = [target("E-1", officers=("P1", "P2")), target("E-2", kind="4000", subtype="4100", officers=("P2",))]
    day = Day(roster(people, targets))
    nights(day)
    assert told(outcomes(day, kind="4000").items) == [(DAY, "E-2")]
    assert told(outcomes(day, person="P1").items) == [(DAY, "E-1")]
    assert told(outcomes(day, person="P2").items) == [(DAY, "E-1"), (DAY, "E-2")]
    assert outcomes(day, kind="1000").items == outcomes(day, person="P9").items == ()


def test_many_come_in_pages_and_each_once() -> None:
    codes = [f"E-{n:03d}" for n in range(PAGE + 20)]
    day = unit(*codes)
    nights(day, 2)
    first = outcomes(day)
    items = walked(lambda cursor: outcomes(day, cursor=cursor))
    assert (len(first.items), first.cut) == (PAGE, False)
    assert told(items) == [(DAY + timedelta(days=n), code) for n in (1, 0) for code in codes]


def test_pages_go_on_behind_what_was_read_though_it_has_changed_since() -> None:
    codes = [f"E-{n:03d}" for n in range(PAGE + 20)]
    day = unit(*codes)
    nights(day)
    first = outcomes(day)
    day.check(where=codes[0], due=DAY)
    nights(day)
    assert told(outcomes(day, cursor=first.next).items) == [(DAY, code) for code in codes[PAGE:]]


def test_a_cursor_of_another_list_is_refused() -> None:
    day = unit(*(f"E-{n:03d}" for n in range(PAGE + 1)))
    nights(day)
    cursor = outcomes(day).next
    for other in ({"what": "late"}, {"what": "on_time"}, {"kind": "3000"}, {"until": MONDAY}, {"duty": Duty.WEEKLY}):
        with pytest.raises(Invalid, match=r"^cursor\.invalid"):
            outcomes(day, cursor=cursor, **other)


def test_a_range_that_is_not_over_has_nothing_in_its_lists() -> None:
    day = unit()
    day.found(ITEM)
    assert outcomes(day, until=MONDAY).items == ()
    assert day.statistics.found(PRINCIPAL, FoundQuery(since=DAY, until=DAY)).items == ()


# --- hazards ----------------------------------------------------------------------------------------------------------


def found(day: Day, cursor: str | None = None, **fields: Any) -> list[str]:
    query = FoundQuery.model_validate({"since": DAY, "until": SUNDAY, "cursor": cursor} | fields)
    return [one.hazard for one in day.statistics.found(PRINCIPAL, query).items]


def test_what_was_found_is_listed_newest_first_as_far_as_its_day_is_over() -> None:
    day = unit("E-1", "E-2")
    (first,) = day.found(ITEM, where="E-1").hazards
    (second,) = day.found(ITEM, where="E-2").hazards
    nights(day)
    day.found(ITEM, where="E-1", due=DAY + timedelta(days=1))
    assert found(day) == [second, first]
    grade = day.hazard(first).grade
    others = [one for one in Grade if one is not grade]
    assert found(day, grade=grade, kind="3000") == [second, first]
    assert [found(day, grade=one) for one in others] == [[], []]
    assert found(day, kind="4000") == found(day, since=DAY + timedelta(days=1)) == []


def test_what_was_put_right_at_once_is_found_but_not_confirmed() -> None:
    day = unit("E-1", "E-2")
    day.check(where="E-1", answers={ITEM: mended(ITEM)})
    ((_, at_once),) = day.store._hazards
    (later,) = day.found(ITEM, where="E-2").hazards
    nights(day, 1)
    order = OrderRequest(seen=Seen(version=1, grade=day.hazard(later).grade), measures="更换", deadline=SUNDAY)
    day.hazard_steps.order(director(), later, order)
    seen = Seen(version=2, grade=day.hazard(later).grade)
    done = RectificationRequest(seen=seen, result="已更换，试验有效", photos=(day.file(),))
    day.hazard_steps.rectify(membership(), later, done)
    tuesday = DAY + timedelta(days=1)
    asked = RectifiedQuery(since=DAY, until=SUNDAY)
    assert day.statistics.rectified(PRINCIPAL, asked).items == (), "its day is not over"
    nights(day, 1)
    assert (found(day, on_site=True), found(day)) == ([at_once], [later, at_once])
    (gone,) = day.statistics.rectified(PRINCIPAL, asked).items
    assert (gone.hazard, gone.state) == (later, HazardState.RECTIFIED)
    for other in ({"since": DAY, "until": DAY}, {"kind": "4000"}, {"grade": Grade.MAJOR}):
        narrowed = RectifiedQuery.model_validate({"since": tuesday, "until": SUNDAY} | other)
        assert day.statistics.rectified(PRINCIPAL, narrowed).items == ()


def opened(day: Day, **fields: Any) -> OpenAnswer:
    return day.statistics.open(PRINCIPAL, OpenQuery.model_validate(fields))


def test_what_is_open_is_told_in_numbers_and_listed_oldest_first() -> None:
    day = unit("E-1", "E-2")
    (first,) = day.found(ITEM, where="E-1").hazards
    order = OrderRequest(seen=Seen(version=1, grade=day.hazard(first).grade), measures="更换", deadline=DAY)
    day.hazard_steps.order(director(), first, order)
    nights(day, 9)
    (second,) = day.found(ITEM, where="E-2", due=DAY + timedelta(days=9)).hazards
    whole = opened(day)
    assert [one.hazard for one in whole.items] == [first, second]
    assert {(one.state, one.age, one.overdue, one.count) for one in whole.counts} == {
        (HazardState.ORDERED, Age.MONTH, True, 1),
        (HazardState.REPORTED, Age.WEEK, False, 1),
    }
    for asked in ({"state": "ordered"}, {"overdue": True}, {"age": "month"}, {"overdue": True, "kind": "3000"}):
        narrowed = opened(day, **asked)
        assert ([one.hazard for one in narrowed.items], narrowed.counts) == ([first], whole.counts)
    assert opened(day, age="older").items == opened(day, kind="4000").items == ()
    assert (whole.more, whole.next, whole.today) == (False, None, DAY + timedelta(days=9))


def test_many_open_ones_come_in_pages() -> None:
    day = unit(*(f"E-{n:03d}" for n in range(PAGE + 1)))
    ids = [day.found(ITEM, where=f"E-{n:03d}").hazards[0] for n in range(PAGE + 1)]
    pages = walked(lambda cursor: opened(day, cursor=cursor))
    assert [one.hazard for one in pages] == sorted(ids)
    assert sum(one.count for one in opened(day).counts) == PAGE + 1


def test_a_run_that_is_at_work_is_met_by_a_repair_and_both_come_through() -> None:
    store = WatchedStore()
    day = unit(store=store)
    nights(day)
    day.clock.move(days=1)
    store.let(lambda: overview(day), after=1)
    day.days.open(OpenUnit(unit=UNIT, duty=Duty.DAILY, due=DAY + timedelta(days=2)))
    assert of(overview(day).duties[0].kinds).due == 2
