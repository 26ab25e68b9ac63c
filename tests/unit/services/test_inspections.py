from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.inspections import CorrectionRequest, InspectionRequest, Receipt
from schemas.language import (
    Duty,
    Grade,
    HazardState,
    PersonState,
    Role,
    Stamp,
    TargetState,
    TaskState,
    UnitKind,
)
from tean.domain.calendar import closes_at
from tean.domain.errors import Conflict, Forbidden, Unavailable
from tean.domain.registry import Roster
from tests.fakes.builders import DAY, UNIT, changes, membership, person, roster, target, unit
from tests.fakes.day import Day, failed, mended, refused
from tests.fakes.scenes import everything
from tests.fakes.watched import WatchedStore

OPEN, DONE, WITHDRAWN = TaskState.OPEN, TaskState.DONE, TaskState.WITHDRAWN
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


def test_a_submission_is_answered_with_what_the_unit_now_holds(day: Day) -> None:
    assert day.check() == Receipt(
        record="daily.2026-11-23.v01",
        number="20261123-E-1-01",
        target="E-1",
        duty=Duty.DAILY,
        due=DAY,
        state=TargetState.IN_USE,
        received_at=day.clock(),
        late=False,
        fails=0,
        hazards=(),
        stamp=Stamp.ZERO_RISK,
    )


def test_a_submission_takes_one_read_and_one_write(day: Day, store: WatchedStore) -> None:
    store.calls.clear()
    day.found("EL-D-02")
    assert store.calls == {"facts": 1, "submit": 1}


def test_the_record_keeps_every_answer_and_is_the_head_of_its_chain(day: Day) -> None:
    day.check(answers={"EL-D-01": mended("EL-D-01")}, remark="雨天")
    (record,) = day.chain()
    assert [answer.item for answer in record.answers][:2] == ["EL-D-01", "EL-D-02"]
    assert (record.answers[0].outcome, record.remark, len(record.answers)) == ("已当场处理", "雨天", 10)
    assert (day.head().seq, day.head().hash) == (1, record.sha256)


def test_the_record_keeps_all_that_was_sent_of_an_answer(day: Day) -> None:
    sent = failed("EL-D-02", grade=Grade.MAJOR, photos=(day.file(),), remark="时断时续", seconds=41)
    day.check(answers={"EL-D-02": sent}, performed_at=day.clock(), kept_in_use="已派人看守")
    (record,) = day.chain()
    kept = next(answer for answer in record.answers if answer.item == "EL-D-02")
    assert asdict(kept) == sent.model_dump() | {"hazard": None}
    assert record.performed_at == record.received_at - timedelta(seconds=1)


def test_rows_of_all_who_share_a_target_are_closed_together(day: Day) -> None:
    day.check("P1")
    for who in ("P1", "P2"):
        closed = day.row(who)
        assert closed is not None
        assert (closed.state, closed.closed_by, closed.closed_at) == (DONE, "P1", day.clock())
    assert day.states("P1")["E-2"] is OPEN


def test_a_late_entry_closes_the_row_of_who_shared_the_target_that_day_and_no_longer_does(day: Day) -> None:
    day.open(YESTERDAY)
    day.change(roster(targets=(target("E-1", officers=("P1",)), target("E-2"))))
    day.check("P1", due=YESTERDAY)
    assert [day.states(who, YESTERDAY)["E-1"] for who in ("P1", "P2")] == [TaskState.LATE] * 2


def test_rows_of_a_target_that_names_nobody_are_closed_together_too() -> None:
    makers = [person(code, roles={Role.OFFICER: PRODUCTION}) for code in ("P1", "P2", "P3")]
    licence = target("L-1", unit_kind=UnitKind.PRODUCTION, kind="EL_MFG", subtype=None, officers=())
    day = Day(roster(makers, (licence,), unit=unit(kinds=PRODUCTION)))
    day.submit(day.request("P2", "L-1"), "P2", sides=PRODUCTION)
    assert [day.states(who) for who in ("P1", "P2", "P3")] == [{"L-1": DONE}] * 3


def test_the_row_of_a_colleague_who_was_named_during_the_day_is_closed_too(day: Day, store: WatchedStore) -> None:
    day.change(roster(targets=(target("E-2", officers=("P1", "P2")),)))
    store.calls.clear()
    day.check("P1", "E-2")
    assert store.calls == {"facts": 1, "submit": 1}
    assert day.states("P2")["E-2"] is DONE


def test_who_submits_is_counted_and_nobody_else(day: Day) -> None:
    day.check("P2")
    assert (day.sheet("P1").done, day.sheet("P2").done) == ({}, {"3000": 1})  # type: ignore[union-attr]


def test_pending_fails_become_hazards_and_the_head_counts_them(day: Day) -> None:
    receipt = day.found("EL-D-02", "EL-D-05", kept_in_use="已派人看守")
    assert receipt.hazards == ("20261123T010001000Z.E-1.EL-D-02.P1", "20261123T010001000Z.E-1.EL-D-05.P1")
    assert (receipt.fails, receipt.stamp) == (2, None)
    assert day.head().open_hazards == {Grade.SERIOUS: 1, Grade.MAJOR: 1}


def test_a_fail_handled_on_site_is_kept_as_rectified_and_not_reported_upwards(day: Day) -> None:
    receipt = day.check(answers={"EL-D-01": mended("EL-D-01")})
    assert (receipt.fails, receipt.hazards, receipt.stamp) == (1, (), None)
    assert not day.head().has_open_hazards
    kept = day.store.hazard(UNIT, "20261123T010001000Z.E-1.EL-D-01.P1")
    assert kept is not None
    assert kept[0].state is HazardState.RECTIFIED


def test_the_same_content_gets_the_first_receipt_and_writes_nothing(day: Day, store: WatchedStore) -> None:
    request = day.request(answers={"EL-D-02": failed("EL-D-02")})
    first = day.submit(request)
    before = everything(store)
    store.calls.clear()
    day.clock.move(hours=1)
    assert day.submit(request) == first
    assert store.calls == {"facts": 1}
    assert everything(store) == before


@pytest.mark.parametrize("passed", [timedelta(days=1), timedelta(days=9)])
def test_a_lost_answer_is_given_again_however_late_it_is_asked_for(day: Day, passed: timedelta) -> None:
    request = day.request()
    first = day.submit(request)
    day.clock.now += passed
    assert day.submit(request) == first


def test_a_dismissed_persons_lost_answer_is_still_his(day: Day) -> None:
    request = day.request()
    first = day.submit(request)
    day.store.apply(changes(roster((person("P1", state=PersonState.DISMISSED),))))
    assert day.submit(request) == first


@pytest.mark.parametrize("changed", [{"remark": "再看了一遍"}, {"performed_at": "2026-11-23T08:00:00+08:00"}])
def test_other_content_is_refused_and_points_to_the_record(day: Day, changed: dict[str, Any]) -> None:
    request = day.request()
    first = day.submit(request)
    problem = refused(day, InspectionRequest.model_validate({**request.model_dump(), **changed}), Conflict)
    assert problem.code == "inspection.already_submitted"
    assert problem.details == {"record": first.record, "received_at": first.received_at.isoformat()}


def test_a_question_that_a_later_release_asks_does_not_make_the_same_content_another(day: Day) -> None:
    class Later(InspectionRequest):
        weather: str | None = None

    request = day.request(answers={"EL-D-02": failed("EL-D-02")})
    first = day.submit(request)
    assert day.submit(Later(**request.model_dump())) == first


def test_a_supplement_sent_again_gets_its_own_receipt(day: Day) -> None:
    day.check("P1")
    request = day.request("P2")
    first = day.submit(request, "P2")
    assert day.submit(request, "P2") == first
    assert len(day.chain()) == 2


def test_a_supplement_with_other_content_is_refused(day: Day) -> None:
    day.check("P1")
    day.submit(day.request("P2"), "P2")
    problem = refused(day, day.request("P2", remark="改"), Conflict, "P2")
    assert problem.details["record"] == "daily.2026-11-23.v01.P2"


def test_a_second_persons_check_is_kept_and_names_the_first(day: Day) -> None:
    first = day.check("P1")
    second = day.check("P2")
    assert (second.record, second.number) == ("daily.2026-11-23.v01.P2", "20261123-E-1-01-P2")
    assert second.first is not None
    assert (second.first.person, second.first.received_at) == ("P1", first.received_at)
    assert second.first.person_name == "示例人员P1"


def test_a_supplement_too_takes_one_read_and_one_write(day: Day, store: WatchedStore) -> None:
    day.check("P1")
    store.calls.clear()
    day.check("P2")
    assert store.calls == {"facts": 1, "submit": 1}


def test_a_supplement_counts_the_target_on_no_sheet_again(day: Day) -> None:
    day.check("P1")
    day.check("P2")
    assert (day.sheet("P1").done, day.sheet("P2").done) == ({"3000": 1}, {})  # type: ignore[union-attr]


def test_a_supplement_leaves_the_row_closed_by_who_was_first(day: Day) -> None:
    day.check("P1")
    day.check("P2")
    assert [day.row(who).closed_by for who in ("P1", "P2")] == ["P1", "P1"]  # type: ignore[union-attr]


def test_pending_fails_of_a_supplement_become_hazards(day: Day) -> None:
    day.check("P1")
    receipt = day.found("EL-D-02", who="P2")
    assert receipt.hazards == ("20261123T010002000Z.E-1.EL-D-02.P2",)
    assert day.head().open_hazards == {Grade.SERIOUS: 1}


def test_supplements_go_on_with_the_chain(day: Day) -> None:
    day.check("P1")
    day.check("P2")
    one, two = day.chain()
    assert (one.seq, one.previous) == (1, None)
    assert (two.seq, two.previous, day.head().hash) == (2, one.sha256, two.sha256)


def test_a_clean_check_with_a_hazard_open_is_stamped_no_new_hazard(day: Day) -> None:
    day.found("EL-D-02", who="P1")
    assert day.check("P2").stamp is Stamp.NO_NEW_HAZARD


def test_who_loses_a_race_to_a_colleague_becomes_his_supplement(day: Day, store: WatchedStore) -> None:
    store.let(lambda: day.check("P2"))
    receipt = day.found("EL-D-02")
    assert receipt.first is not None
    assert (receipt.first.person, receipt.record) == ("P2", "daily.2026-11-23.v01.P1")
    assert [record.person for record in day.chain()] == ["P2", "P1"]
    assert (day.sheet("P1").done, day.sheet("P2").done) == ({}, {"3000": 1})  # type: ignore[union-attr]


def test_a_double_tap_submits_once(day: Day, store: WatchedStore) -> None:
    request = day.request()
    receipts = []
    store.let(lambda: receipts.append(day.submit(request)))
    assert [day.submit(request)] == receipts
    assert len(day.chain()) == 1
    assert day.sheet().done == {"3000": 1}  # type: ignore[union-attr]


def test_two_different_contents_of_one_person_leave_the_faster(day: Day, store: WatchedStore) -> None:
    store.let(lambda: day.check("P1", remark="快"))
    with pytest.raises(Conflict) as caught:
        day.check("P1", remark="慢")
    assert caught.value.code == "inspection.already_submitted"
    assert [record.remark for record in day.chain()] == ["快"]


def test_the_head_that_moved_is_read_again_so_that_the_stamp_is_true(day: Day, store: WatchedStore) -> None:
    day.open(YESTERDAY)
    hazard = {"EL-D-02": failed("EL-D-02")}
    store.let(lambda: day.submit(day.request("P2", due=YESTERDAY, answers=hazard), "P2"))
    receipt = day.check("P1")
    assert receipt.stamp is Stamp.NO_NEW_HAZARD
    assert [(record.seq, record.person) for record in day.chain()] == [(1, "P2"), (2, "P1")]


def test_what_was_received_before_the_close_is_on_time_however_often_it_is_judged(
    day: Day, store: WatchedStore
) -> None:
    received = day.clock.set(closes_at(DAY) - timedelta(milliseconds=1))

    def close_in() -> None:
        day.submit(day.request("P2", "E-1"), "P2")
        day.clock.set(closes_at(DAY))

    request = day.request()
    store.let(close_in)
    receipt = day.submit(request)
    assert (receipt.late, receipt.received_at, store.calls["submit"]) == (False, received, 3)


def test_a_colleague_whose_row_was_withdrawn_meanwhile_does_not_stand_in_the_way(day: Day, store: WatchedStore) -> None:
    def leave() -> None:
        day.change(roster(targets=(target("E-1", officers=("P1",)), target("E-2"))))

    store.let(leave)
    day.check("P1")
    assert (day.states("P1")["E-1"], day.states("P2")["E-1"]) == (DONE, WITHDRAWN)
    assert store.calls["submit"] == 2


def test_a_check_that_met_a_changed_roster_is_corrected_on_the_list_it_was_made_on(store: WatchedStore) -> None:
    side = frozenset({UnitKind.FILLING})
    fields: dict[str, Any] = {"unit_kind": UnitKind.FILLING, "subtype": None, "officers": ()}

    def filling(*kinds: str) -> Roster:
        stations = [target(f"S-{kind}", kind=kind, **fields) for kind in kinds]
        return roster([person("P1", roles={Role.OFFICER: side})], stations, unit=unit(kinds=side))

    day = Day(filling("GC_FILL"), store, duties=tuple(Duty))
    check = day.inspection(kind="filling", lists=("GC_FILL",))
    store.let(lambda: day.change(filling("GC_FILL", "MPV_FILL")))
    day.submit(check, sides=side)
    task = day.tasks.open(membership("P1", sides=side), Duty.WEEKLY, check.due, "filling")
    assert task.checklist.sha256 == check.checklist
    correction = CorrectionRequest(version=1, reason="漏写了备注")
    again = check.model_copy(update={"correction": correction, "remark": "现场有人看护"})
    assert day.submit(again, sides=side).record == f"weekly.{check.due}.officer-P1.v02"


def test_who_is_dismissed_between_read_and_write_is_stopped(day: Day, store: WatchedStore) -> None:
    store.let(lambda: store.apply(changes(roster((person("P1", state=PersonState.DISMISSED),)))))
    with pytest.raises(Forbidden) as caught:
        day.check("P1")
    assert caught.value.code == "person.dismissed"
    assert (day.chain(), day.states()["E-1"]) == ((), OPEN)


def test_a_target_that_never_stands_still_is_tried_six_times(day: Day, store: WatchedStore) -> None:
    request = day.request()
    day.open(YESTERDAY)

    def in_the_way() -> None:
        head = store._heads.get((UNIT, "E-1"))
        store._heads[UNIT, "E-1"] = replace(day.head(), seq=(head.seq if head else 0) + 1, hash="e" * 64)
        store.let(in_the_way)

    store.let(in_the_way)
    with pytest.raises(Unavailable) as caught:
        day.submit(request)
    assert (caught.value.code, store.calls["submit"]) == ("inspection.contended", 6)
    assert day.chain() == ()
