"""What a closed bucket tells beside its rows: the officers' part, what its days came to, finds and confirmations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from schemas.events import OpenUnit
from schemas.hazards import OrderRequest, RectificationRequest, RegradeRequest, Seen
from schemas.language import Duty, Grade, HazardState, Role
from tean.domain.calendar import begins_at, closes_at
from tean.domain.rollups import Counts, Finds, Rollup
from tests.fakes.builders import DAY, UNIT, membership, person, roster, target
from tests.fakes.day import Day, director, mended
from tests.fakes.watched import WatchedStore

MONDAY = DAY + timedelta(days=7)
ITEM, OTHER = "EL-D-01", "EL-D-02"
ELEVATORS = ("E-1", "E-2", "E-3")


def week(*, store: WatchedStore | None = None, duties: Iterable[Duty] = (Duty.DAILY, Duty.WEEKLY)) -> Day:
    """An officer with three elevators, and a director."""
    people = (person("P1"), person("D1", Role.DIRECTOR))
    return Day(roster(people, list(map(target, ELEVATORS))), store, duties=tuple(duties))


def counted(day: Day, duty: Duty = Duty.WEEKLY) -> Rollup:
    """The last bucket that was counted."""
    (known,) = day.store.rollups(UNIT, duty, until=day.clock().date(), limit=1)
    return known


def nights(day: Day, many: int) -> None:
    for _ in range(many):
        day.night()


# --- the officers' part, and what days came to ------------------------------------------------------------------------


def test_a_week_tells_the_officers_part_and_a_day_does_not() -> None:
    day = week()
    day.submit(day.inspection("P1"), "P1")
    nights(day, 7)
    whole, officers = counted(day).kinds["3000"], counted(day).officers["3000"]
    assert (whole.due, officers) == (2, Counts(due=1, on_time=1, zero_risk=1))
    assert counted(day, Duty.DAILY).officers == {}


def test_a_week_tells_what_was_inspected_and_what_was_not_on_any_of_its_days() -> None:
    day = week()
    day.check(where="E-1")
    day.night()
    day.submit(day.stopped(where="E-2", due=DAY + timedelta(days=1)))
    nights(day, 6)
    assert (counted(day).inspected, counted(day).unchecked) == ({"3000": 1}, {"3000": 2})


def test_what_is_entered_late_is_counted_until_the_week_is_final() -> None:
    day = week()
    nights(day, 7)
    assert (counted(day).unchecked, counted(day).final) == ({"3000": 3}, False)
    day.check(where="E-1", due=MONDAY - timedelta(days=1))
    day.night()
    assert (counted(day).inspected, counted(day).unchecked) == ({"3000": 1}, {"3000": 2})
    nights(day, 2)
    assert counted(day).final


def test_a_week_whose_days_were_not_all_counted_is_not_final() -> None:
    """The run of the week came through each time, that of the days never."""
    day = week()
    nights(day, 3)
    day.clock.set(closes_at(MONDAY + timedelta(days=2)))
    for _ in range(2):
        day.days.open(OpenUnit(unit=UNIT, duty=Duty.WEEKLY, due=MONDAY))
    assert (counted(day).final, counted(day).unchecked) == (False, {"3000": 3})
    day.run()
    day.run()
    assert counted(day).final


def test_after_weeks_without_any_run_each_week_is_final_once_its_days_were_counted() -> None:
    day = week()
    nights(day, 2)
    day.clock.move(days=44)
    nights(day, 1)
    before = day.store.rollups(UNIT, Duty.WEEKLY, until=day.clock().date(), limit=99)
    assert sum(not one.final for one in before) == 5
    nights(day, 14)
    weeks = day.store.rollups(UNIT, Duty.WEEKLY, until=day.clock().date(), limit=99)
    assert [one.due for one in weeks if not one.final] == []
    assert [one.unchecked for one in weeks] == len(weeks) * [{"3000": 3}]


def test_a_week_that_began_on_a_friday_waits_for_no_day_before() -> None:
    day = week(duties=())
    day.duties = (Duty.DAILY, Duty.WEEKLY)
    day.clock.set(begins_at(DAY + timedelta(days=4)) + timedelta(hours=9))
    day.run()
    nights(day, 6)
    assert counted(day).final
    assert counted(day).unchecked == {"3000": 3}


def test_a_week_that_closes_before_its_last_day_does_tells_what_was_open_on_it() -> None:
    """Both are asked for at once; which comes first is nobody's to say."""
    day = week(duties=())
    day.clock.set(begins_at(MONDAY - timedelta(days=1)) + timedelta(hours=9))
    day.duties = (Duty.DAILY, Duty.WEEKLY)
    day.run()
    day.check(where="E-1", due=MONDAY - timedelta(days=1))
    day.clock.set(closes_at(MONDAY - timedelta(days=1)))
    day.days.open(OpenUnit(unit=UNIT, duty=Duty.WEEKLY, due=MONDAY))
    assert (counted(day).inspected, counted(day).unchecked, counted(day).final) == ({"3000": 1}, {"3000": 2}, False)


def test_only_what_looks_back_over_days_reads_them() -> None:
    store = WatchedStore()
    day = week(store=store, duties=(Duty.DAILY,))
    nights(day, 2)
    store.calls.clear()
    day.night()
    assert store.calls["rows"] == 1


# --- hazards ----------------------------------------------------------------------------------------------------------


def finds(day: Day, due: int = 0) -> Finds:
    """What a day did to the hazards of elevators that daily control finds; the days are counted from ``DAY``."""
    rollup = day.rollup(DAY + timedelta(days=due))
    assert rollup is not None
    return rollup.hazards.get("3000", {}).get(Duty.DAILY, Finds())


def ordered(day: Day, hazard: str) -> None:
    body = OrderRequest(
        seen=Seen(version=1, grade=day.hazard(hazard).grade), measures="更换", deadline=DAY + timedelta(days=9)
    )
    day.hazard_steps.order(director(), hazard, body)


def confirmed(day: Day, hazard: str) -> None:
    there = day.hazard(hazard)
    seen = Seen(version=there.version, grade=there.grade)
    day.hazard_steps.rectify(
        membership("P1"), hazard, RectificationRequest(seen=seen, result="好", photos=(day.file(),))
    )


def test_a_day_tells_what_was_found_by_grade_and_what_was_put_right_on_the_spot() -> None:
    day = week(duties=(Duty.DAILY,))
    day.found(ITEM, where="E-1")
    photo = (day.file(),)
    day.check(where="E-2", answers={OTHER: mended(OTHER, photos=photo)})
    day.night()
    assert (finds(day).found, finds(day).on_site, finds(day).rectified) == (2, 1, 0)


def test_what_was_confirmed_is_told_by_its_own_day_with_the_minutes_it_took() -> None:
    day = week(duties=(Duty.DAILY,))
    (hazard,) = day.found(ITEM).hazards
    ordered(day, hazard)
    found_at = day.clock()
    nights(day, 2)
    day.clock.set(found_at + timedelta(days=2, hours=3, seconds=59))
    confirmed(day, hazard)
    nights(day, 1)
    assert [finds(day, due).found for due in (0, 1, 2)] == [1, 0, 0]
    assert [finds(day, due).rectified for due in (0, 1, 2)] == [0, 0, 1]
    assert finds(day, 2).minutes == 2 * 24 * 60 + 3 * 60


def test_a_day_counts_from_midnight_to_midnight_in_shanghai() -> None:
    day = week(duties=(Duty.DAILY,))
    midnight = begins_at(DAY + timedelta(days=1))
    for at, where in ((midnight - timedelta(seconds=2), "E-1"), (midnight + timedelta(minutes=1), "E-2")):
        day.clock.set(at)
        day.found(ITEM, where=where)
    nights(day, 2)
    assert [finds(day, due).found for due in (0, 1)] == [1, 1]


def test_a_grade_is_the_one_it_has_when_the_day_is_counted_until_that_is_final() -> None:
    day = week(duties=(Duty.DAILY,))
    (hazard,) = day.found(ITEM).hazards
    day.night()
    assert (finds(day).general + finds(day).serious, finds(day).major) == (1, 0)
    regraded(day, hazard, Grade.MAJOR)
    day.night()
    assert finds(day).major == 1
    nights(day, 2)
    rollup = day.rollup(DAY)
    assert rollup is not None and rollup.final
    regraded(day, hazard, Grade.GENERAL)
    nights(day, 2)
    assert finds(day).major == 1


def regraded(day: Day, hazard: str, grade: Grade) -> None:
    there = day.hazard(hazard)
    seen = Seen(version=there.version, grade=there.grade, state=there.state)
    day.hazard_steps.regrade(director(), hazard, RegradeRequest(seen=seen, grade=grade, reason="复核"))


def test_what_weeks_find_is_told_by_the_day_it_was_found() -> None:
    day = week()
    item = day.inspection("P1").answers[0].item
    day.submit(day.inspection("P1", answers=day.failing(item)), "P1")
    day.night()
    rollup = day.rollup(DAY)
    assert rollup is not None
    assert {kind: list(by) for kind, by in rollup.hazards.items()} == {"3000": [Duty.WEEKLY]}
    nights(day, 6)
    assert counted(day).hazards == {}


def test_one_span_of_reads_serves_all_the_days_that_a_run_counts() -> None:
    store = WatchedStore()
    day = week(store=store, duties=(Duty.DAILY,))
    (hazard,) = day.found(ITEM).hazards
    day.clock.move(days=4)
    store.calls.clear()
    day.run()
    assert (store.calls["found"], store.calls["rectified"]) == (1, 3)
    assert [finds(day, due).found for due in (0, 1, 2, 3)] == [1, 0, 0, 0]
    assert day.hazard(hazard).state is HazardState.REPORTED
