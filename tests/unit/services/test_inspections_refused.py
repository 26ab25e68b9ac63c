from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.language import (
    Duty,
    PersonState,
    Role,
    Stamp,
    TargetState,
    TaskState,
    UnitKind,
    Verdict,
)
from tean.adapters.ports.days import PutRow, PutSheet
from tean.domain import calendar
from tean.domain.errors import Conflict, Forbidden, Invalid, NotFound
from tean.domain.registry import Roster
from tests.fakes.builders import DAY, UNIT, changes, membership, person, roster, row, sheet, target, unit
from tests.fakes.day import Day, failed, refused
from tests.fakes.watched import WatchedStore

DONE, LATE = TaskState.DONE, TaskState.LATE
YESTERDAY = DAY - timedelta(days=1)
PRODUCTION = frozenset({UnitKind.PRODUCTION})


@pytest.fixture
def store() -> WatchedStore:
    return WatchedStore()


@pytest.fixture
def day(store: WatchedStore) -> Day:
    """Elevator ``E-1`` of both officers, ``E-2`` of ``P1`` alone."""
    return Day(shared(), store)


def shared(**fields: Any) -> Roster:
    return roster(targets=(target("E-1", officers=("P1", "P2"), **fields), target("E-2")))


def test_a_submission_at_the_close_is_late_and_so_are_the_rows(day: Day) -> None:
    day.clock.set(calendar.closes_at(DAY))
    receipt = day.submit(day.request())
    assert receipt.late
    assert [day.states(who)["E-1"] for who in ("P1", "P2")] == [LATE, LATE]
    assert day.chain()[0].received_at == calendar.closes_at(DAY)


def test_a_submission_a_millisecond_before_the_close_is_on_time(day: Day) -> None:
    day.clock.set(calendar.closes_at(DAY) - timedelta(milliseconds=1))
    assert not day.submit(day.request()).late
    assert day.states()["E-1"] is DONE


def test_a_missed_row_that_is_entered_late_turns_late(day: Day) -> None:
    missed = [PutRow(row(who, due=YESTERDAY, state=TaskState.MISSED)) for who in ("P1", "P2")]
    assert day.store.write_day(UNIT, [*missed, PutSheet(sheet(due=YESTERDAY))])
    assert day.check(due=YESTERDAY).late
    assert [day.states(who, YESTERDAY) for who in ("P1", "P2")] == [{"E-1": LATE}] * 2
    assert day.sheet(due=YESTERDAY).done == {"3000": 1}  # type: ignore[union-attr]


def test_a_day_is_sealed_when_late_entry_ends(day: Day) -> None:
    request = day.request()
    day.clock.set(calendar.late_until(DAY))
    assert refused(day, request, Conflict).code == "inspection.closed"


def test_tomorrow_is_not_checked_today(day: Day) -> None:
    tomorrow = DAY + timedelta(days=1)
    day.open(tomorrow)
    assert refused(day, day.request(due=tomorrow), Invalid).code == "inspection.future"


def test_a_withdrawn_task_takes_nothing_any_more(day: Day) -> None:
    request = day.request()
    day.change(roster(targets=(target("E-1", officers=("P2",)), target("E-2"))))
    assert refused(day, request, Conflict).code == "task.withdrawn"


def test_a_dismissed_person_is_stopped_at_once(day: Day) -> None:
    request = day.request()
    day.store.apply(
        changes(roster((person("P1", state=PersonState.DISMISSED),), (target("E-1", officers=("P1", "P2")),)))
    )
    assert refused(day, request, Forbidden).code == "person.dismissed"


def test_somebody_elses_task_does_not_exist(day: Day) -> None:
    assert refused(day, day.request("P2", "E-2"), NotFound, "P2").code == "task.unknown"


def test_another_units_target_does_not_exist(day: Day) -> None:
    assert refused(day, day.request(), NotFound, unit="91990000MA1111111R").code == "task.unknown"


def test_a_task_whose_person_or_target_is_nowhere_is_refused(day: Day) -> None:
    signature = f"P9.{'0' * 32}"
    rows = [PutRow(row("P9", "E-1")), PutRow(row("P1", "E-9"))]
    assert day.store.write_day(UNIT, rows)
    nobody = refused(day, day.request("P9", signature=signature), Forbidden, "P9")
    nothing = refused(day, day.request().model_copy(update={"target": "E-9"}), NotFound)
    assert (nobody.code, nothing.code) == ("person.dismissed", "task.unknown")


def test_a_duty_without_a_task_does_not_exist(day: Day) -> None:
    assert refused(day, day.request(duty=Duty.WEEKLY), NotFound).code == "task.unknown"


def test_a_session_of_another_side_is_refused(day: Day) -> None:
    assert refused(day, day.request(), Forbidden, sides=PRODUCTION).code == "target.other_side"


def test_a_person_of_two_sides_submits_on_the_side_of_the_target() -> None:
    both = frozenset({UnitKind.USE, UnitKind.PRODUCTION})
    day = Day(roster((person("P1", roles={Role.OFFICER: both}),), unit=unit(kinds=both)))
    assert day.submit(day.request(), sides=both).stamp is Stamp.ZERO_RISK


def test_faults_are_named_and_nothing_is_kept(day: Day) -> None:
    problem = refused(day, day.request(answers={"EL-D-04": failed("EL-D-04", None)}), Invalid)
    assert problem.code == "inspection.answers"
    assert problem.details == {
        "faults": [
            {"item": "EL-D-04", "reason": "请选择立即处理或待处理"},
            {"item": "EL-D-04", "reason": "重大隐患要有照片"},
        ]
    }


def test_a_list_that_was_never_released_is_refused(day: Day) -> None:
    assert refused(day, day.request(checklist="0" * 64), Invalid).code == "inspection.checklist_unknown"


def test_more_than_sixty_files_are_refused_before_one_is_looked_up(day: Day, store: WatchedStore) -> None:
    many = {f"EL-D-0{n}": failed(f"EL-D-0{n}", photos=tuple(f"P1.{n}{k:031x}" for k in range(9))) for n in range(1, 8)}
    request = day.request(answers=many)
    store.calls.clear()
    with pytest.raises(Invalid) as caught:
        day.submit(request)
    assert (caught.value.code, store.calls) == ("inspection.too_many_files", {})


def test_a_photo_still_being_judged_keeps_the_submission_waiting(day: Day) -> None:
    photo = day.file(verdict=Verdict.PENDING)
    request = day.request(answers={"EL-D-02": failed("EL-D-02", photos=(photo,))})
    assert refused(day, request, Conflict).details == {"file": photo}


def test_a_colleagues_photo_is_refused(day: Day) -> None:
    request = day.request(answers={"EL-D-02": failed("EL-D-02", photos=(day.file("P2"),))})
    assert refused(day, request, Invalid).code == "file.unknown"


def test_a_suspension_closes_the_task_and_is_counted_apart(day: Day) -> None:
    receipt = day.submit(day.stopped())
    assert (receipt.state, receipt.stamp, day.states()["E-1"]) == (TargetState.SUSPENDED, None, DONE)
    counted = day.sheet()
    assert counted is not None
    assert (counted.done, counted.suspended) == ({}, {"3000": 1})
    suspended = day.store.target(UNIT, "E-1")
    assert suspended is not None
    assert (suspended.state, suspended.state_reason) == (TargetState.SUSPENDED, "待维修")


def test_a_restart_puts_the_target_back_into_use(store: WatchedStore) -> None:
    day = Day(shared(state=TargetState.SUSPENDED, state_reason="待维修"), store)
    day.check()
    restarted = store.target(UNIT, "E-1")
    assert restarted is not None
    assert (restarted.state, restarted.state_reason) == (TargetState.IN_USE, None)


def test_a_restart_with_an_expired_inspection_changes_nothing(store: WatchedStore) -> None:
    day = Day(shared(state=TargetState.SUSPENDED, next_inspection=YESTERDAY), store)
    assert refused(day, day.request(), Conflict).code == "target.inspection_expired"


def test_two_who_restart_at_once_are_one_restart_and_one_supplement(store: WatchedStore) -> None:
    day = Day(shared(state=TargetState.SUSPENDED), store)
    store.let(lambda: day.check("P2"))
    day.check("P1")
    assert [submission.target_state for submission in store.submissions] == [
        TargetState.IN_USE,
        TargetState.IN_USE,
        None,
    ]
    assert [record.person for record in day.chain()] == ["P2", "P1"]


def test_the_session_of_the_submission_goes_with_the_write(day: Day, store: WatchedStore) -> None:
    day.check()
    assert store.submissions[0].membership == membership()
    assert store.submissions[0].close == ("P1", "P2")
