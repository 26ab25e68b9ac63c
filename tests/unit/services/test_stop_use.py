"""A 重大 left pending proposes to stop its target: the officer confirms, or writes why not (design.md §6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.hazards import OrderRequest, RectificationRequest, Seen
from schemas.language import Grade, TargetState, TaskState
from tean.domain.errors import Conflict, Invalid
from tests.fakes.builders import DAY, UNIT, membership, roster, target
from tests.fakes.day import Day, director, failed, refused
from tests.fakes.watched import WatchedStore

DONE = TaskState.DONE
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def store() -> WatchedStore:
    return WatchedStore()


@pytest.fixture
def day(store: WatchedStore) -> Day:
    """Elevator ``E-1`` of both officers."""
    return Day(roster(targets=(target(officers=("P1", "P2")),)), store)


def state_of(day: Day, where: str = "E-1") -> tuple[TargetState, str | None]:
    there = day.store.target(UNIT, where)
    assert there is not None
    return there.state, there.state_reason


def rectify(day: Day, hazard: str) -> None:
    seen = Seen(version=1, grade=Grade.MAJOR)
    order = OrderRequest(seen=seen, measures="更换", deadline=NEXT)
    day.hazard_steps.order(director(), hazard, order)
    done = RectificationRequest(seen=Seen(version=2, grade=Grade.MAJOR), result="已更换", photos=(day.file(),))
    day.hazard_steps.rectify(membership(), hazard, done)


def test_a_grave_hazard_is_refused_until_it_is_decided_whether_the_target_is_stopped(day: Day) -> None:
    problem = refused(day, day.request(answers=day.failing("EL-D-05")), Invalid)
    assert (problem.code, problem.details) == ("inspection.stop_use_undecided", {"items": ["EL-D-05"]})


def test_a_target_is_stopped_by_the_check_that_found_a_grave_hazard(day: Day) -> None:
    receipt = day.found("EL-D-05", stop_use=True)
    assert (receipt.state, receipt.fails, receipt.stop_use) == (TargetState.IN_USE, 1, True)
    assert [day.states(who)["E-1"] for who in ("P1", "P2")] == [DONE, DONE]
    assert state_of(day) == (TargetState.SUSPENDED, "重大隐患：层门能被扒开，或门未关闭时电梯仍能运行")


def test_a_stop_sent_again_gets_the_same_receipt_and_other_words_are_other_content(day: Day) -> None:
    request = day.request(answers=day.failing("EL-D-05"), kept_in_use="备件明天到")
    first = day.submit(request)
    assert (first.stop_use, first.kept_in_use) == (False, "备件明天到")
    assert day.submit(request) == first
    other = request.model_copy(update={"stop_use": True, "kept_in_use": None})
    assert refused(day, other, Conflict).code == "inspection.already_submitted"
    assert state_of(day) == (TargetState.IN_USE, None)


def test_who_stops_what_a_colleague_has_just_stopped_is_kept_beside_him(day: Day, store: WatchedStore) -> None:
    request = day.request(answers=day.failing("EL-D-05"), stop_use=True)
    store.let(lambda: day.submit(day.stopped("P2"), "P2"))
    receipt = day.submit(request)
    assert receipt.first is not None
    assert (receipt.first.person, len(receipt.hazards)) == ("P2", 1)
    assert state_of(day) == (TargetState.SUSPENDED, "待维修")
    assert day.head().open_hazards == {Grade.MAJOR: 1}


def test_who_did_not_know_that_it_was_stopped_is_kept_and_leaves_it_stopped(day: Day) -> None:
    day.found("EL-D-05", stop_use=True)
    receipt = day.check("P2", answers={"EL-D-02": failed("EL-D-02")})
    assert receipt.first is not None
    assert (receipt.first.person, len(receipt.hazards)) == ("P1", 1)
    assert state_of(day)[0] is TargetState.SUSPENDED


def test_what_was_stopped_for_a_grave_hazard_is_confirmed_until_that_is_gone(day: Day) -> None:
    (hazard,) = day.found("EL-D-05", stop_use=True).hazards
    day.night()
    row = day.row(due=NEXT)
    assert row is not None
    assert row.target_state is TargetState.SUSPENDED
    assert refused(day, day.request(due=NEXT), Conflict).code == "target.major_hazard_open"
    rectify(day, hazard)
    day.check(due=NEXT)
    assert state_of(day) == (TargetState.IN_USE, None)
