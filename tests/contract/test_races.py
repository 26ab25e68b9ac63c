"""At the same moment: of many who want the same one wins, and strangers do not disturb each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from schemas.language import Duty, Verdict
from tean.adapters.ports.days import PutRow, PutSheet
from tean.adapters.ports.hazards import NotMoved
from tean.adapters.ports.store import Store
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, UNIT
from tests.fakes.dynamo import taking_turns


@pytest.fixture
def one_at_a_time() -> Iterator[None]:
    """No two transactions in moto at once."""
    with taking_turns():
        yield


def test_of_everybody_who_saw_the_same_head_one_wins(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    submissions = [builders.submission(builders.record(payload=f"{number:064x}")) for number in range(32)]

    answers = [store.submit(submission) for submission in submissions]

    assert answers[0] is None
    assert all(answer is not None and answer.existing and answer.head_moved for answer in answers[1:])
    assert store.record(UNIT, "E-1", f"daily.{DAY}.v01") == submissions[0].record
    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(done={"3000": 1})


def test_of_many_threads_with_the_same_natural_key_one_wins(store: Store, one_at_a_time: None) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    submissions = [builders.submission(builders.record(payload=f"{number:064x}")) for number in range(32)]

    answers = scenes.race([partial(store.submit, submission) for submission in submissions])

    winners = [submission for submission, answer in zip(submissions, answers, strict=True) if answer is None]
    assert [store.record(UNIT, "E-1", f"daily.{DAY}.v01")] == [winner.record for winner in winners]
    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(done={"3000": 1})
    assert scenes.head_of(store).seq == 1


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


def test_of_two_halves_of_a_double_tap_only_one_takes_the_step(store: Store, one_at_a_time: None) -> None:
    hazard = scenes.ordered(store)
    moves = [builders.move(hazard, builders.confirmation(hazard), digest=f"{number:064x}") for number in range(8)]

    answers = scenes.race([partial(store.move, move) for move in moves])

    winner = moves[answers.index(None)]
    stands = scenes.as_it_stands(store, hazard)
    assert [answer for answer in answers if answer] == [NotMoved(hazard=stands)] * 7
    assert (stands.version, stands.last_step) == (3, winner.digest)
    assert scenes.steps_of(store, hazard)[1:] == [winner.step]
    assert not scenes.head_of(store).has_open_hazards


def test_of_many_workers_one_opens_a_day(store: Store, one_at_a_time: None) -> None:
    plans = [(PutRow(builders.row()), PutSheet(builders.sheet(plan=f"plan-{number}"))) for number in range(8)]

    answers = scenes.race([partial(store.write_day, UNIT, plan) for plan in plans])

    assert sorted(answers) == [False] * 7 + [True]
    assert store.sheet(UNIT, "P1", Duty.DAILY, DAY) == builders.sheet(plan=f"plan-{answers.index(True)}")


def test_of_many_verdicts_one_stands(store: Store, one_at_a_time: None) -> None:
    upload = builders.upload()
    scenes.begun(store, upload)
    verdicts = [replace(upload, verdict=Verdict.VERIFIED, size=size) for size in range(8)]

    answers = scenes.race([partial(store.settle, verdict) for verdict in verdicts])

    assert sorted(answers) == [False] * 7 + [True]
    assert store.upload(UNIT, "P1", upload.file) == verdicts[answers.index(True)]
