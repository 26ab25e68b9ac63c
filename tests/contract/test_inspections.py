"""The write path of inspections: whole or not at all, once and in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from schemas.language import (
    Duty,
    Grade,
    Handling,
    HazardState,
    PersonState,
    Result,
    Role,
    Stamp,
    TargetState,
    TaskState,
    UnitKind,
    Verdict,
)
from tean.adapters.ports import Facts, NotSubmitted, Page, PutRow, PutSheet, Store, Submission, WithdrawRow
from tean.domain.records import Answer, First, Head, Record
from tean.domain.tasks import Row
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, HEX, NOW, OTHER_UNIT, UNIT

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
    assert facts.row == builders.row(state=TaskState.DONE, closed_by="P1", closed_at=NOW)
    assert (facts.head.seq, facts.first, facts.supplement) == (1, record, None)
    assert facts.uploads == {photo.file: photo}


def test_facts_name_the_first_record_whoever_made_it(opened: Store) -> None:
    record = scenes.inspected(opened)

    facts = opened.facts(UNIT, "P2", "E-1", Duty.DAILY, DAY)

    assert (facts.first, facts.supplement) == (record, None)
    assert facts.row == builders.row("P2")


def test_facts_name_ones_own_supplement(opened: Store) -> None:
    record = scenes.inspected(opened)
    supplement = _supplement(opened, record)
    assert opened.submit(_submission(opened, supplement, close=())) is None

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
    assert opened.hazard(UNIT, hazard.id) == (hazard, ()) or opened.hazard(UNIT, hazard.id) == (hazard, [])
    closed = {"state": TaskState.DONE, "closed_by": "P1", "closed_at": NOW}
    assert [_row(opened, who) for who in ("P1", "P2")] == [builders.row(who, **closed) for who in ("P1", "P2")]


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
    received_at = NOW + timedelta(days=2)

    assert store.submit(builders.submission(builders.record(late=True, received_at=received_at))) is None

    assert _row(store) == builders.row(state=TaskState.LATE, closed_by="P1", closed_at=received_at)


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
    assert opened.submit(_submission(opened, stop, target_state=TargetState.SUSPENDED)) is None
    assert _state(opened) == (TargetState.SUSPENDED, "停用检修")

    start = scenes.next_record(opened, due=TOMORROW)
    change = {"target_state": TargetState.IN_USE, "seen_state": TargetState.SUSPENDED}
    assert opened.submit(_submission(opened, start, **change)) is None
    assert _state(opened) == (TargetState.IN_USE, None)


def test_a_submission_that_changes_no_state_leaves_it(store: Store) -> None:
    scenes.enrol(store, builders.target(state=TargetState.SUSPENDED, state_reason="大修"))
    scenes.open_day(store, people=["P1"])
    record = builders.record(state=TargetState.SUSPENDED, reason="仍在大修", signature=None)

    assert store.submit(builders.submission(record, seen_state=TargetState.SUSPENDED)) is None

    assert _state(store) == (TargetState.SUSPENDED, "大修")


def test_a_changed_state_keeps_the_rest_of_the_target(opened: Store) -> None:
    stop = builders.record(state=TargetState.SUSPENDED, reason="停用检修")
    assert opened.submit(builders.submission(stop, target_state=TargetState.SUSPENDED)) is None

    changed = {"state": TargetState.SUSPENDED, "state_reason": "停用检修"}
    assert opened.target(UNIT, "E-1") == builders.target(officers=("P1", "P2"), **changed)
    roster = opened.roster(UNIT)
    assert roster is not None and roster.targets["E-1"] == opened.target(UNIT, "E-1")


def test_a_supplement_is_kept_beside_the_first_record_and_counted_nowhere(opened: Store) -> None:
    first = scenes.inspected(opened)
    sheets = list(opened.sheets(UNIT, Duty.DAILY, DAY))
    supplement, hazard = _supplement(opened, first), builders.hazard("P2", record=f"daily.{DAY}.v01.P2")

    assert opened.submit(_submission(opened, supplement, close=(), hazards=(hazard,))) is None

    assert supplement.id == f"daily.{DAY}.v01.P2"
    assert [opened.record(UNIT, "E-1", one.id) for one in (first, supplement)] == [first, supplement]
    assert list(opened.sheets(UNIT, Duty.DAILY, DAY)) == sheets
    assert _row(opened, "P2") == builders.row("P2")
    assert (scenes.head_of(opened).seq, _open(opened)) == (2, {Grade.GENERAL: 1})
    assert scenes.as_it_stands(opened, hazard) == hazard


def test_a_supplement_may_still_close_its_persons_row(opened: Store) -> None:
    supplement = _supplement(opened, scenes.inspected(opened))

    assert opened.submit(_submission(opened, supplement)) is None

    assert _row(opened, "P2") == builders.row(
        "P2", state=TaskState.DONE, closed_by="P2", closed_at=supplement.received_at
    )


def test_a_supplement_needs_no_sheet(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store, people=["P1"])
    supplement = _supplement(store, scenes.inspected(store))

    assert store.submit(_submission(store, supplement, close=())) is None


# --- a submission that is refused, each reason alone, and nothing half-written --------------------------------------


def _dismissed(store: Store) -> Submission:
    store.apply(builders.changes(people=(builders.person("P1", state=PersonState.DISMISSED),)))
    return builders.submission()


def _post_taken(store: Store) -> Submission:
    store.apply(builders.changes(people=(builders.person("P1", Role.DIRECTOR),)))
    return builders.submission()


def _nobody(store: Store) -> Submission:
    return builders.submission(membership=builders.membership("P9"))


def _colleague_was_faster(store: Store) -> Submission:
    scenes.inspected(store)
    return _submission(store, scenes.next_record(store, "P2", payload="q" * 64))


def _second_supplement(store: Store) -> Submission:
    supplement = _supplement(store, scenes.inspected(store))
    assert store.submit(_submission(store, supplement, close=())) is None
    return _submission(store, replace(supplement, seq=3, payload="q" * 64), close=())


def _chain_went_on(store: Store) -> Submission:
    scenes.inspected(store)
    return builders.submission(builders.record(due=TOMORROW))


def _chain_was_never_there(store: Store) -> Submission:
    return builders.submission(builders.record(seq=2, previous="a" * 64))


def _chain_has_another_end(store: Store) -> Submission:
    scenes.inspected(store)
    return builders.submission(builders.record(due=TOMORROW, seq=2, previous="a" * 64))


def _hazard_was_rectified(store: Store) -> Submission:
    hazard = builders.hazard()
    scenes.inspected(store, hazard)
    submission = _submission(store, scenes.next_record(store, due=TOMORROW))
    assert store.move(builders.move(hazard, builders.confirmation(hazard), assignee_only=False)) is None
    return submission


def _hazards_miscounted(store: Store) -> Submission:
    scenes.inspected(store, builders.hazard(grade=Grade.SERIOUS))
    record = scenes.next_record(store, due=TOMORROW)
    head = replace(scenes.head_of(store), open_hazards={Grade.MAJOR: 1})
    return builders.submission(record, head=head)


def _already_suspended(store: Store) -> Submission:
    stop = builders.record(state=TargetState.SUSPENDED, reason="停用检修")
    assert store.submit(builders.submission(stop, target_state=TargetState.SUSPENDED)) is None
    again = scenes.next_record(store, due=TOMORROW, state=TargetState.SUSPENDED, reason="停用检修")
    return _submission(store, again, target_state=TargetState.SUSPENDED)


def _never_suspended(store: Store) -> Submission:
    change = {"target_state": TargetState.IN_USE, "seen_state": TargetState.SUSPENDED}
    return builders.submission(**change)


def _colleagues_row_withdrawn(store: Store) -> Submission:
    assert store.write_day(UNIT, [WithdrawRow(builders.row("P2"))])
    return builders.submission(close=("P1", "P2"))


def _own_row_withdrawn(store: Store) -> Submission:
    assert store.write_day(UNIT, [WithdrawRow(builders.row("P1"))])
    return builders.submission(close=("P1", "P2"))


def _rows_already_done(store: Store) -> Submission:
    assert store.submit(builders.submission(close=("P1", "P2"))) is None
    return _submission(store, _supplement(store, builders.record()), close=("P1", "P2"))


def _row_never_there(store: Store) -> Submission:
    return builders.submission(close=("P1", "B1"))


def _no_sheet(store: Store) -> Submission:
    due = DAY - timedelta(days=1)
    assert store.write_day(UNIT, [PutRow(builders.row(due=due))])
    return builders.submission(builders.record(due=due))


REFUSED: list[tuple[Callable[[Store], Submission], NotSubmitted]] = [
    (_dismissed, NotSubmitted(dismissed=True)),
    (_post_taken, NotSubmitted(dismissed=True)),
    (_nobody, NotSubmitted(dismissed=True)),
    (_colleague_was_faster, NotSubmitted(existing=True)),
    (_second_supplement, NotSubmitted(existing=True)),
    (_chain_went_on, NotSubmitted(head_moved=True)),
    (_chain_was_never_there, NotSubmitted(head_moved=True)),
    (_chain_has_another_end, NotSubmitted(head_moved=True)),
    (_hazard_was_rectified, NotSubmitted(head_moved=True)),
    (_hazards_miscounted, NotSubmitted(head_moved=True)),
    (_already_suspended, NotSubmitted(state_moved=True)),
    (_never_suspended, NotSubmitted(state_moved=True)),
    (_colleagues_row_withdrawn, NotSubmitted(rows=("P2",))),
    (_own_row_withdrawn, NotSubmitted(rows=("P1",))),
    (_rows_already_done, NotSubmitted(rows=("P1", "P2"))),
    (_row_never_there, NotSubmitted(rows=("B1",))),
    (_no_sheet, NotSubmitted(rows=("P1",))),
]


@pytest.mark.parametrize(("stage", "refusal"), REFUSED, ids=[stage.__name__[1:] for stage, _ in REFUSED])
def test_what_stands_in_the_way_is_named_and_nothing_is_written(
    opened: Store, stage: Callable[[Store], Submission], refusal: NotSubmitted
) -> None:
    submission = replace(stage(opened), hazards=(builders.hazard(found_at=NOW + timedelta(hours=9)),))
    days = (DAY - timedelta(days=1), DAY, TOMORROW)
    before = [scenes.everything(opened, due=due) for due in days]

    refused = opened.submit(submission)

    assert refused is not None
    assert replace(refused, rows=tuple(sorted(refused.rows))) == refusal
    assert [scenes.everything(opened, due=due) for due in days] == before
    assert opened.hazard(UNIT, submission.hazards[0].id) is None


def test_the_same_submission_again_is_refused_as_existing(opened: Store) -> None:
    submission = builders.submission(hazards=(builders.hazard(),), close=("P1", "P2"))
    assert opened.submit(submission) is None
    before = scenes.everything(opened)

    refused = opened.submit(submission)

    assert refused is not None
    assert (refused.existing, refused.head_moved, sorted(refused.rows)) == (True, True, ["P1", "P2"])
    assert (refused.dismissed, refused.state_moved) == (False, False)
    assert scenes.everything(opened) == before


def test_everything_in_the_way_is_named_at_once(opened: Store) -> None:
    submission = builders.submission(close=("P1", "P2"), target_state=TargetState.SUSPENDED)
    assert opened.submit(submission) is None
    _dismissed(opened)

    refused = opened.submit(submission)

    assert refused is not None
    assert replace(refused, rows=tuple(sorted(refused.rows))) == NotSubmitted(
        dismissed=True, existing=True, head_moved=True, state_moved=True, rows=("P1", "P2")
    )


# --- at the same moment ---------------------------------------------------------------------------------------------


def test_of_everybody_who_saw_the_same_head_one_wins(opened: Store) -> None:
    submissions = [builders.submission(builders.record(payload=f"{number:064x}")) for number in range(32)]

    answers = [opened.submit(submission) for submission in submissions]

    assert answers[0] is None
    assert all(answer is not None and answer.existing and answer.head_moved for answer in answers[1:])
    assert opened.record(UNIT, "E-1", f"daily.{DAY}.v01") == submissions[0].record
    assert opened.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(done={"3000": 1})


def test_of_many_threads_with_the_same_natural_key_one_wins(opened: Store, one_at_a_time: None) -> None:
    submissions = [builders.submission(builders.record(payload=f"{number:064x}")) for number in range(32)]

    answers = scenes.race([partial(opened.submit, submission) for submission in submissions])

    winners = [submission for submission, answer in zip(submissions, answers, strict=True) if answer is None]
    assert [opened.record(UNIT, "E-1", f"daily.{DAY}.v01")] == [winner.record for winner in winners]
    assert opened.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(done={"3000": 1})
    assert scenes.head_of(opened).seq == 1


def test_officers_on_different_targets_do_not_disturb_each_other(store: Store, one_at_a_time: None) -> None:
    held = {f"E-{number}": ("P1", "P2")[number % 2] for number in range(8)}
    scenes.enrol(store, *(builders.target(code, officers=(who,)) for code, who in held.items()))
    rows = [PutRow(builders.row(who, code)) for code, who in held.items()]
    assert store.write_day(UNIT, [*rows, PutSheet(builders.sheet("P1")), PutSheet(builders.sheet("P2"))])
    submissions = [builders.submission(builders.record(who, code)) for code, who in held.items()]

    answers = scenes.race([partial(store.submit, submission) for submission in submissions])

    assert answers == [None] * 8
    assert [store.sheet(UNIT, who, Duty.DAILY, DAY) for who in ("P1", "P2")] == [
        builders.sheet(who, done={"3000": 4}) for who in ("P1", "P2")
    ]


# --- records --------------------------------------------------------------------------------------------------------


def test_a_record_is_found_under_its_own_target_and_unit_only(opened: Store) -> None:
    record = scenes.inspected(opened)

    assert opened.record(UNIT, "E-1", record.id) == record
    assert opened.record(UNIT, "E-10", record.id) is None
    assert opened.record(OTHER_UNIT, "E-1", record.id) is None


@pytest.mark.parametrize(
    "id",
    [
        f"daily.{DAY}.v02",
        f"daily.{DAY}.v01.P2",
        f"daily.{DAY}",
        f"weekly.{DAY}.v01",
        f"daily.{DAY}.v01.P1.P2",
        "head",
        "...",
        ".",
        "",
        "不存在",
    ],
)
def test_no_record_is_found_under_any_other_id(opened: Store, id: str) -> None:
    scenes.inspected(opened)

    assert opened.record(UNIT, "E-1", id) is None


def test_records_come_newest_day_first(month: Store) -> None:
    assert [record.due.day for record in _records(month)] == [6, 5, 5, 4, 3, 2, 1]


def test_records_are_those_of_the_days_asked_for_both_ends_included(month: Store) -> None:
    kept = _records(month, since=date(2026, 11, 3), until=date(2026, 11, 5))

    assert [record.due.day for record in kept] == [5, 5, 4, 3]


def test_records_can_be_kept_to_one_persons(month: Store) -> None:
    assert [record.due.day for record in _records(month, person="P2")] == [5, 4, 2]
    assert {record.person for record in _records(month, person="P2")} == {"P2"}


def test_records_of_a_target_without_any_are_an_empty_page(month: Store) -> None:
    assert _record_page(month, where="E-10") == Page(())
    assert _record_page(month, duty=Duty.WEEKLY) == Page(())


@pytest.mark.parametrize("person", [None, "P1", "P2", "P9"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_of_records_lose_and_double_none(month: Store, limit: int, person: str | None) -> None:
    whole = [record for record in _records(month) if person in (None, record.person)]

    walked = scenes.walk(lambda after: _record_page(month, person=person, after=after, limit=limit), limit)

    assert walked == whole


@pytest.fixture
def month(store: Store) -> Store:
    """Six days of ``E-1``: ``P1`` on the odd ones and the 6th, ``P2`` on the even ones, a supplement on the 5th."""
    scenes.enrol(store)
    for day, who in enumerate(("P1", "P2", "P1", "P2", "P1", "P1"), start=1):
        due = date(2026, 11, day)
        scenes.open_day(store, due=due)
        record = scenes.inspected(store, who=who, due=due)
        if day == 5:
            assert store.submit(_submission(store, _supplement(store, record), close=())) is None
    return store


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto copies its tables around a transaction, so two in one process undo each other; DynamoDB takes turns."""
    from threading import RLock

    from moto.core.botocore_stubber import BotocoreStubber

    lock, answer = RLock(), BotocoreStubber.__call__

    def in_turn(*args: Any, **fields: Any) -> Any:
        with lock:
            return answer(*args, **fields)

    monkeypatch.setattr(BotocoreStubber, "__call__", in_turn)


def _record_page(
    store: Store,
    *,
    where: str = "E-1",
    duty: Duty = Duty.DAILY,
    since: date = date(2026, 11, 1),
    until: date = date(2026, 11, 30),
    person: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Record]:
    return store.records(UNIT, where, duty, since=since, until=until, person=person, after=after, limit=limit)


def _records(store: Store, **fields: Any) -> list[Record]:
    return list(_record_page(store, **fields).items)


def _submission(store: Store, record: Record, **fields: Any) -> Submission:
    """``record`` judged by the head as it is now."""
    return builders.submission(record, **{"head": scenes.head_of(store, record.target)} | fields)


def _supplement(store: Store, first: Record) -> Record:
    """What ``P2`` sends in after ``first``."""
    mark = First(first.person, first.person_name, first.received_at)
    received_at = first.received_at + timedelta(minutes=7)
    return scenes.next_record(store, "P2", due=first.due, first=mark, received_at=received_at)


def _row(store: Store, who: str = "P1") -> Row | None:
    return store.facts(UNIT, who, "E-1", Duty.DAILY, DAY).row


def _open(store: Store) -> dict[Grade, int]:
    return {grade: count for grade, count in scenes.head_of(store).open_hazards.items() if count}


def _state(store: Store) -> tuple[TargetState, str | None]:
    target = store.target(UNIT, "E-1")
    assert target is not None
    return target.state, target.state_reason


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
    )
