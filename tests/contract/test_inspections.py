"""The write path of inspections: what a submission is judged by and what it writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.language import Duty, Grade, Handling, Result, Stamp, TargetState, TaskState
from tean.adapters.ports.days import PutRow, PutSheet
from tean.adapters.ports.inspections import Entry, Facts
from tean.adapters.ports.store import Store
from tean.domain.records import Answer, Head, Record
from tean.domain.tasks import Row
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, HEX, NOW, UNIT

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def opened(store: Store) -> Store:
    """``P1`` and ``P2`` both owe ``E-1`` today and tomorrow."""
    scenes.enrol(store)
    scenes.open_day(store)
    scenes.open_day(store, due=TOMORROW)
    return store


# --- facts ----------------------------------------------------------------------------------------------------------


def test_of_nothing_there_are_no_facts(store: Store) -> None:
    facts = store.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY, [f"P1.{HEX}"])

    assert facts == Facts(person=None, target=None, row=None, head=Head())


def test_facts_are_all_that_a_submission_is_judged_by(opened: Store) -> None:
    photo = scenes.settled(opened)
    record = scenes.inspected(opened)

    facts = opened.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY, [photo.file])

    assert facts.person == builders.person("P1")
    assert facts.target == builders.target(officers=("P1", "P2"))
    assert facts.row == _closed(record)
    assert (facts.head.seq, facts.first, facts.supplement) == (1, record, None)
    assert facts.uploads == {photo.file: photo}


def test_facts_name_the_first_record_whoever_made_it(opened: Store) -> None:
    record = scenes.inspected(opened)

    facts = opened.facts(UNIT, "P2", "E-1", Duty.DAILY, DAY)

    assert (facts.first, facts.supplement) == (record, None)
    assert facts.row == builders.row("P2")


def test_facts_name_ones_own_supplement(opened: Store) -> None:
    record = scenes.inspected(opened)
    supplement = scenes.supplement(opened, record)
    assert opened.submit(scenes.now(opened, supplement, close=())) is None

    his, firsts = (opened.facts(UNIT, who, "E-1", Duty.DAILY, DAY) for who in ("P2", "P1"))

    assert (his.first, his.supplement) == (record, supplement)
    assert (firsts.first, firsts.supplement) == (record, None)


def test_facts_are_those_of_the_day_and_the_duty(opened: Store) -> None:
    scenes.inspected(opened)

    tomorrow = opened.facts(UNIT, "P1", "E-1", Duty.DAILY, TOMORROW)
    weekly = opened.facts(UNIT, "P1", "E-1", Duty.WEEKLY, DAY)

    assert (tomorrow.first, tomorrow.row, tomorrow.head.seq) == (None, builders.row(due=TOMORROW), 1)
    assert (weekly.first, weekly.row, weekly.head.seq) == (None, None, 1)


def test_only_ones_own_files_are_among_the_facts(opened: Store) -> None:
    mine, theirs = scenes.settled(opened), scenes.settled(opened, "P2")
    missing = f"P1.{HEX[::-1]}"

    facts = opened.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY, [mine.file, theirs.file, missing])

    assert facts.uploads == {mine.file: mine}


def test_sixty_files_are_read_at_once_and_a_doubled_one_does_no_harm(opened: Store) -> None:
    files = [scenes.settled(opened, file=f"P1.{number:032x}") for number in range(60)]

    facts = opened.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY, [*(one.file for one in files), files[0].file])

    assert facts.uploads == {one.file: one for one in files}


# --- a submission that is written -----------------------------------------------------------------------------------


def test_a_submission_is_kept_whole(opened: Store) -> None:
    record, hazard = builders.record(), builders.hazard()

    assert opened.submit(builders.submission(record, hazards=(hazard,), close=("P1", "P2"))) is None

    assert opened.record(UNIT, "E-1", record.id) == record
    assert (scenes.as_it_stands(opened, hazard), scenes.steps_of(opened, hazard)) == (hazard, [])
    assert [_row(opened, who) for who in ("P1", "P2")] == [_closed(record), _closed(record, "P2")]


def test_a_rich_record_comes_back_as_it_was_written(opened: Store) -> None:
    record = _rich_record()

    assert opened.submit(builders.submission(record)) is None

    assert opened.record(UNIT, "E-1", record.id) == record
    assert opened.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY).first == record
    assert _records(opened) == [record]


def test_an_inspection_is_counted_on_its_own_persons_sheet_alone(opened: Store) -> None:
    assert opened.submit(builders.submission(close=("P1", "P2"))) is None

    assert opened.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(done={"3000": 1})
    assert opened.sheet(UNIT, "P2", Duty.DAILY, DAY) == builders.sheet("P2")
    assert opened.sheet(UNIT, "P1", Duty.DAILY, TOMORROW) == builders.sheet(due=TOMORROW)


def test_a_suspended_target_is_counted_as_suspended_and_not_as_done(opened: Store) -> None:
    record = builders.record(state=TargetState.SUSPENDED, reason="停用检修")

    assert opened.submit(builders.submission(record)) is None

    assert opened.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(suspended={"3000": 1})


def test_counts_add_up_by_kind(store: Store) -> None:
    kinds = {"E-1": "3000", "E-2": "3000", "E-3": "5000"}
    scenes.enrol(store, *(builders.target(code, kind=kind) for code, kind in kinds.items()))
    rows = [PutRow(builders.row(where=code, kind=kind)) for code, kind in kinds.items()]
    assert store.write_day(UNIT, [*rows, PutSheet(builders.sheet(owed={"3000": 2, "5000": 1}))])
    for code, kind in kinds.items():
        scenes.inspected(store, where=code, kind=kind)

    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(
        owed={"3000": 2, "5000": 1}, done={"3000": 2, "5000": 1}
    )


@pytest.mark.parametrize("before", [TaskState.OPEN, TaskState.MISSED])
def test_a_late_entry_turns_its_row_late(store: Store, before: TaskState) -> None:
    scenes.enrol(store)
    assert store.write_day(UNIT, [PutRow(builders.row(state=before)), PutSheet(builders.sheet())])
    record = builders.record(late=True, received_at=NOW + timedelta(days=2))

    assert store.submit(builders.submission(record)) is None

    assert _row(store) == _closed(record, state=TaskState.LATE)


@pytest.mark.parametrize("stamp", Stamp)
def test_rows_bear_the_stamp_of_the_record_that_closed_them(opened: Store, stamp: Stamp) -> None:
    record = builders.record(stamp=stamp)

    assert opened.submit(builders.submission(record, close=("P1", "P2"))) is None

    assert [_row(opened, who) for who in ("P1", "P2")] == [_closed(record, who, stamp=stamp) for who in ("P1", "P2")]


def test_rows_count_the_fails_of_the_record_that_closed_them(opened: Store) -> None:
    failed = [Answer(f"EL-D-0{number}", Result.FAIL, handling=how) for number, how in enumerate(Handling)]
    record = builders.record(
        answers=(Answer("EL-D-08", Result.PASS), Answer("EL-D-09", Result.NOT_APPLICABLE), *failed)
    )

    assert opened.submit(builders.submission(record, close=("P1", "P2"))) is None

    assert [_row(opened, who) for who in ("P1", "P2")] == [_closed(record, who, fails=2) for who in ("P1", "P2")]


@pytest.mark.parametrize(("before", "after"), [tuple(TargetState), tuple(TargetState)[::-1]])
def test_rows_say_in_which_state_the_target_was_found(store: Store, before: TargetState, after: TargetState) -> None:
    scenes.enrol(store)
    rows = [PutRow(builders.row(who, target_state=before)) for who in ("P1", "P2")]
    assert store.write_day(UNIT, [*rows, PutSheet(builders.sheet())])
    record = builders.record(state=after, reason="停用检修")

    assert store.submit(builders.submission(record, close=("P1", "P2"))) is None

    closed = [_closed(record, who, target_state=after) for who in ("P1", "P2")]
    assert [_row(store, who) for who in ("P1", "P2")] == closed
    assert list(store.rows(UNIT, "P2", Duty.DAILY, DAY)) == closed[1:]


def test_the_head_goes_on_with_every_record(opened: Store) -> None:
    heads = [scenes.head_of(opened)]
    for due in (DAY, TOMORROW):
        scenes.inspected(opened, due=due)
        heads.append(scenes.head_of(opened))

    assert [head.seq for head in heads] == [0, 1, 2]
    assert heads[0].hash is None
    assert [len(head.hash or "") for head in heads[1:]] == [64, 64]
    assert heads[1].hash != heads[2].hash


def test_the_head_counts_the_hazards_that_stay_open(opened: Store) -> None:
    grades = {"EL-D-01": Grade.MAJOR, "EL-D-02": Grade.GENERAL, "EL-D-03": Grade.GENERAL}
    hazards = [builders.hazard(item=item, grade=grade) for item, grade in grades.items()]
    scenes.inspected(opened, *hazards, scenes.on_site(item="EL-D-04", grade=Grade.SERIOUS))

    assert _open(opened) == {Grade.MAJOR: 1, Grade.GENERAL: 2}
    assert scenes.head_of(opened).has_open_hazards

    scenes.inspected(opened, builders.hazard(found_at=NOW + timedelta(days=1)), due=TOMORROW)
    assert _open(opened) == {Grade.MAJOR: 1, Grade.GENERAL: 3}


def test_a_hazard_handled_on_the_spot_leaves_nothing_open(opened: Store) -> None:
    hazard = scenes.on_site(grade=Grade.MAJOR)
    scenes.inspected(opened, hazard)

    assert not scenes.head_of(opened).has_open_hazards
    assert scenes.as_it_stands(opened, hazard) == hazard


def test_a_head_may_spell_out_that_nothing_is_open(opened: Store) -> None:
    scenes.inspected(opened)
    head = scenes.head_of(opened)
    spelt_out = replace(head, open_hazards=dict.fromkeys(Grade, 0))
    record = scenes.next_record(opened, due=TOMORROW)

    assert opened.submit(builders.submission(record, head=spelt_out)) is None


def test_a_target_is_suspended_with_its_reason_and_restarted_without(opened: Store) -> None:
    stop = scenes.next_record(opened, state=TargetState.SUSPENDED, reason="停用检修")
    change: dict[str, Any] = {"target_state": TargetState.SUSPENDED, "state_reason": "停用检修"}
    assert opened.submit(scenes.now(opened, stop, **change)) is None
    assert _state(opened) == (TargetState.SUSPENDED, "停用检修")

    start = scenes.next_record(opened, due=TOMORROW)
    change = {"target_state": TargetState.IN_USE, "seen_state": TargetState.SUSPENDED}
    assert opened.submit(scenes.now(opened, start, **change)) is None
    assert _state(opened) == (TargetState.IN_USE, None)


def test_a_check_that_found_a_grave_hazard_stops_its_target_and_counts_as_done(opened: Store) -> None:
    hazard = builders.hazard(grade=Grade.MAJOR, stop_use=True)
    record = scenes.next_record(opened, stop_use=True)
    change: dict[str, Any] = {"target_state": TargetState.SUSPENDED, "state_reason": "重大隐患：轿厢内报警装置失效"}

    assert opened.submit(scenes.now(opened, record, hazards=(hazard,), close=("P1", "P2"), **change)) is None

    assert _state(opened) == (TargetState.SUSPENDED, "重大隐患：轿厢内报警装置失效")
    assert [_row(opened, who) for who in ("P1", "P2")] == [_closed(record, who) for who in ("P1", "P2")]
    (sheet,) = [sheet for sheet in opened.sheets(UNIT, Duty.DAILY, DAY) if sheet.person == "P1"]
    assert (sheet.done, sheet.suspended) == ({"3000": 1}, {})
    assert scenes.as_it_stands(opened, hazard) == hazard


def test_a_submission_that_changes_no_state_leaves_it(store: Store) -> None:
    scenes.enrol(store, builders.target(state=TargetState.SUSPENDED, state_reason="大修"))
    scenes.open_day(store, people=["P1"])
    record = builders.record(state=TargetState.SUSPENDED, reason="仍在大修", signature=None)

    assert store.submit(builders.submission(record, seen_state=TargetState.SUSPENDED)) is None

    assert _state(store) == (TargetState.SUSPENDED, "大修")


def test_a_changed_state_keeps_the_rest_of_the_target(opened: Store) -> None:
    stop = builders.record(state=TargetState.SUSPENDED, reason="停用检修")
    stopping: dict[str, Any] = {"target_state": TargetState.SUSPENDED, "state_reason": "停用检修"}
    assert opened.submit(builders.submission(stop, **stopping)) is None

    changed = {"state": TargetState.SUSPENDED, "state_reason": "停用检修"}
    assert opened.target(UNIT, "E-1") == builders.target(officers=("P1", "P2"), **changed)
    roster = opened.roster(UNIT)
    assert roster is not None and roster.targets["E-1"] == opened.target(UNIT, "E-1")


def test_a_supplement_is_kept_beside_the_first_record_and_counted_nowhere(opened: Store) -> None:
    first = scenes.inspected(opened)
    sheets = list(opened.sheets(UNIT, Duty.DAILY, DAY))
    supplement, hazard = scenes.supplement(opened, first), builders.hazard("P2", record=f"daily.{DAY}.v01.P2")

    assert opened.submit(scenes.now(opened, supplement, close=(), hazards=(hazard,))) is None

    assert supplement.id == f"daily.{DAY}.v01.P2"
    assert [opened.record(UNIT, "E-1", one.id) for one in (first, supplement)] == [first, supplement]
    assert list(opened.sheets(UNIT, Duty.DAILY, DAY)) == sheets
    assert (_row(opened), _row(opened, "P2")) == (_closed(first), builders.row("P2"))
    assert (scenes.head_of(opened).seq, _open(opened)) == (2, {Grade.GENERAL: 1})
    assert scenes.as_it_stands(opened, hazard) == hazard


def test_a_supplement_may_still_close_its_persons_row(opened: Store) -> None:
    supplement = scenes.supplement(opened, scenes.inspected(opened))

    assert opened.submit(scenes.now(opened, supplement)) is None

    assert _row(opened, "P2") == _closed(supplement, "P2")


def test_a_supplement_needs_no_sheet(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store, people=["P1"])
    supplement = scenes.supplement(store, scenes.inspected(store))

    assert store.submit(scenes.now(store, supplement, close=())) is None


def _row(store: Store, who: str = "P1") -> Row | None:
    return store.facts(UNIT, who, "E-1", Duty.DAILY, DAY).row


def _closed(record: Record, who: str = "P1", **fields: Any) -> Row:
    by: dict[str, Any] = {
        "closed_by": record.person,
        "closed_by_name": record.person_name,
        "closed_at": record.received_at,
    }
    return builders.row(who, **{"state": TaskState.DONE} | by | fields)


def _open(store: Store) -> dict[Grade, int]:
    return {grade: count for grade, count in scenes.head_of(store).open_hazards.items() if count}


def _state(store: Store) -> tuple[TargetState, str | None]:
    target = store.target(UNIT, "E-1")
    assert target is not None
    return target.state, target.state_reason


def _records(store: Store) -> list[Entry]:
    days = {"since": DAY - timedelta(days=1), "until": DAY}
    return list(store.records(UNIT, "E-1", Duty.DAILY, person=None, after=None, limit=50, **days).items)


def _rich_record() -> Record:
    """A record with every field in use."""
    answers = (
        Answer("EL-D-01", Result.PASS, seconds=0),
        Answer("EL-D-02", Result.NOT_APPLICABLE, remark="无此装置，见“备注”\n第二行"),
        Answer(
            "EL-D-03",
            Result.FAIL,
            grade=Grade.MAJOR,
            handling=Handling.ON_SITE,
            outcome="已更换 𠮷 型配件 <ok> & \"引号\" '撇号' \\",
            photos=tuple(f"P1.{number:032x}" for number in range(9)),
            seconds=75,
        ),
    )
    return builders.record(
        answers=answers,
        checklist="c" * 64,
        subtype="3100",
        remark="一切正常",
        performed_at=NOW - timedelta(minutes=3, milliseconds=1),
        received_at=NOW.replace(microsecond=7000),
        stamp=Stamp.NO_NEW_HAZARD,
        signature=f"P1.{HEX}",
        stop_use=True,
        kept_in_use="备件明天到，𠮷 已看守",
    )
