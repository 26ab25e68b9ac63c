"""A submission that is refused: each reason alone is named, and nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.language import Grade, PersonState, Role, TargetState, UnitKind
from tean.adapters.ports.days import PutRow, WithdrawRow
from tean.adapters.ports.inspections import NotSubmitted, Submission
from tean.adapters.ports.store import Store
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, NOW, UNIT

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def opened(store: Store) -> Store:
    """``P1`` and ``P2`` both owe ``E-1`` today and tomorrow."""
    scenes.enrol(store)
    scenes.open_day(store)
    scenes.open_day(store, due=TOMORROW)
    return store


def _dismissed(store: Store) -> Submission:
    scenes.change(store, builders.person("P1", state=PersonState.DISMISSED))
    return builders.submission()


def _post_taken(store: Store) -> Submission:
    scenes.change(store, builders.person("P1", Role.DIRECTOR))
    return builders.submission()


def _post_on_another_side(store: Store) -> Submission:
    elsewhere = {Role.OFFICER: frozenset({UnitKind.FILLING}), Role.DIRECTOR: builders.USE}
    scenes.change(store, builders.person("P1", roles=elsewhere))
    return builders.submission()


def _nobody(store: Store) -> Submission:
    return builders.submission(membership=builders.membership("P9"))


def _colleague_was_faster(store: Store) -> Submission:
    scenes.inspected(store)
    return scenes.now(store, scenes.next_record(store, "P2", payload="q" * 64))


def _second_supplement(store: Store) -> Submission:
    supplement = scenes.supplement(store, scenes.inspected(store))
    assert store.submit(scenes.now(store, supplement, close=())) is None
    return scenes.now(store, replace(supplement, seq=3, payload="q" * 64), close=())


def _chain_went_on(store: Store) -> Submission:
    scenes.inspected(store)
    return builders.submission(builders.record(due=TOMORROW))


def _chain_was_never_there(store: Store) -> Submission:
    return builders.submission(builders.record(seq=2, previous="a" * 64))


def _chain_has_another_end(store: Store) -> Submission:
    scenes.inspected(store)
    return builders.submission(builders.record(due=TOMORROW, seq=2, previous="a" * 64))


def _chain_has_another_length(store: Store) -> Submission:
    scenes.inspected(store)
    head = replace(scenes.head_of(store), seq=2)
    return builders.submission(scenes.next_record(store, due=TOMORROW), head=head)


def _hazard_was_rectified(store: Store) -> Submission:
    hazard = builders.hazard()
    scenes.inspected(store, hazard)
    submission = scenes.now(store, scenes.next_record(store, due=TOMORROW))
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
    return scenes.now(store, again, target_state=TargetState.SUSPENDED)


def _never_suspended(store: Store) -> Submission:
    return builders.submission(target_state=TargetState.IN_USE, seen_state=TargetState.SUSPENDED)


def _colleagues_row_withdrawn(store: Store) -> Submission:
    assert store.write_day(UNIT, [WithdrawRow(builders.row("P2"))])
    return builders.submission(close=("P1", "P2"))


def _own_row_withdrawn(store: Store) -> Submission:
    assert store.write_day(UNIT, [WithdrawRow(builders.row("P1"))])
    return builders.submission(close=("P1", "P2"))


def _rows_already_done(store: Store) -> Submission:
    assert store.submit(builders.submission(close=("P1", "P2"))) is None
    return scenes.now(store, scenes.supplement(store, builders.record()), close=("P1", "P2"))


def _row_never_there(store: Store) -> Submission:
    return builders.submission(close=("P1", "B1"))


def _no_sheet(store: Store) -> Submission:
    due = DAY - timedelta(days=1)
    assert store.write_day(UNIT, [PutRow(builders.row(due=due))])
    return builders.submission(builders.record(due=due))


REFUSED: list[tuple[Callable[[Store], Submission], NotSubmitted]] = [
    (_dismissed, NotSubmitted(dismissed=True)),
    (_post_taken, NotSubmitted(dismissed=True)),
    (_post_on_another_side, NotSubmitted(dismissed=True)),
    (_nobody, NotSubmitted(dismissed=True)),
    (_colleague_was_faster, NotSubmitted(existing=True)),
    (_second_supplement, NotSubmitted(existing=True)),
    (_chain_went_on, NotSubmitted(head_moved=True)),
    (_chain_was_never_there, NotSubmitted(head_moved=True)),
    (_chain_has_another_end, NotSubmitted(head_moved=True)),
    (_chain_has_another_length, NotSubmitted(head_moved=True)),
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


def test_a_hazard_that_is_there_already_is_never_written_over(opened: Store) -> None:
    hazard = builders.hazard()
    scenes.inspected(opened, hazard)
    again = scenes.now(opened, scenes.next_record(opened, due=TOMORROW), hazards=(replace(hazard, remark="另一份"),))
    before = scenes.everything(opened, due=TOMORROW)

    assert opened.submit(again) == NotSubmitted(existing=True)
    assert scenes.everything(opened, due=TOMORROW) == before


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
