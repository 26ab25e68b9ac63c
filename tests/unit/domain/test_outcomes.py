"""What became of what was due, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.language import Duty, Role, Stamp, TargetState, TaskState
from tean.domain import outcomes
from tean.domain.outcomes import Listing, Outcome, Outcomes, changed, digests_of, outcomes_of
from tean.domain.tasks import Row
from tests.fakes.builders import DAY, NOW, row

MISSED, DONE, LATE, WITHDRAWN = TaskState.MISSED, TaskState.DONE, TaskState.LATE, TaskState.WITHDRAWN


def closed(who: str = "P1", where: str = "E-1", *, by: str = "P1", **fields: Any) -> Row:
    return row(who, where, **{"state": DONE, "closed_by": by, "closed_at": NOW} | fields)


def entries(rows: Iterable[Row], days: Iterable[Row] = (), duty: Duty = Duty.DAILY) -> list[Outcome]:
    """Those that were not done on time."""
    return listed("exceptions", rows, days, duty)


def listed(listing: Listing, rows: Iterable[Row], days: Iterable[Row] = (), duty: Duty = Duty.DAILY) -> list[Outcome]:
    parts = [part for part in outcomes_of(duty, DAY, rows, days, {}) if part.listing == listing]
    return [one for part in parts for one in part.entries]


def told(*rows: Row) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.what, one.target, one.people) for one in entries(rows)]


def test_what_is_missed_names_all_who_were_to_do_it_and_is_listed_once() -> None:
    rows = [row(who, state=MISSED) for who in ("P2", "P1")]
    assert told(*rows, row("P3", state=WITHDRAWN)) == [("missed", "E-1", ("P1", "P2"))]


def test_what_was_recorded_names_first_who_did_it() -> None:
    late = [closed(who, by="P2", state=LATE) for who in ("P1", "P2")]
    stopped = [closed(who, "E-2", target_state=TargetState.SUSPENDED) for who in ("P1", "P2")]
    assert told(*late, *stopped) == [("late", "E-1", ("P2", "P1")), ("suspended", "E-2", ("P1", "P2"))]
    assert [one.at for one in entries(late)] == [NOW]


@pytest.mark.parametrize(
    "rows",
    [
        [closed()],
        [row(state=WITHDRAWN)],
        [row("P1", state=MISSED), closed("P2", by="P2")],
    ],
    ids=["on time", "withdrawn", "done by a colleague"],
)
def test_what_was_done_on_time_or_not_due_is_no_exception(rows: list[Row]) -> None:
    assert entries(rows) == []


def test_what_was_done_late_or_not_is_listed_with_its_stamp() -> None:
    rows = [
        closed(stamp=Stamp.ZERO_RISK),
        closed(where="E-2", state=LATE, stamp=Stamp.NO_NEW_HAZARD),
        closed(where="E-3", target_state=TargetState.SUSPENDED),
        row(where="E-4", state=MISSED),
    ]
    found = [(one.what, one.target, one.zero_risk, one.at) for one in listed("done", rows)]
    assert found == [("on_time", "E-1", True, NOW), ("late", "E-2", False, NOW)]


def test_found_suspended_late_is_suspended_as_in_the_numbers() -> None:
    assert [one.what for one in entries([closed(state=LATE, target_state=TargetState.SUSPENDED)])] == ["suspended"]


def test_a_kind_is_listed_for_each_who_inspects_for_himself_and_once_for_a_role() -> None:
    weekly: dict[str, Any] = {"duty": Duty.WEEKLY, "where": "3000", "state": MISSED}
    directors = [row(who, role=Role.DIRECTOR, **weekly) for who in ("D1", "D2")]
    found = entries([row("P1", **weekly), row("P2", **weekly), *directors], duty=Duty.WEEKLY)
    assert [(one.role, one.people) for one in found] == [
        (Role.DIRECTOR, ("D1", "D2")),
        (Role.OFFICER, ("P1",)),
        (Role.OFFICER, ("P2",)),
    ]


def test_what_was_unchecked_on_all_days_names_everybody_who_was_asked() -> None:
    tuesday = DAY + timedelta(days=1)
    days = [row(who, state=MISSED, due=due) for who in ("P1", "P2") for due in (DAY, tuesday)]
    (one,) = entries([], [*days, row("P3", state=MISSED, due=tuesday)], Duty.WEEKLY)
    assert (one.what, one.target, one.people, one.share, one.at) == ("unchecked", "E-1", ("P1", "P2", "P3"), "", None)


# --- parts ------------------------------------------------------------------------------------------------------------


def parted(monkeypatch: pytest.MonkeyPatch, many: int, parts: int = 0) -> list[Outcomes]:
    """So many missed in parts of two, three parts at most."""
    monkeypatch.setattr(outcomes, "PART", 2)
    monkeypatch.setattr(outcomes, "MOST_PARTS", 3)
    rows = [row(where=f"E-{n}", state=MISSED) for n in range(many)]
    return list(outcomes_of(Duty.DAILY, DAY, rows, (), {"exceptions": ("",) * parts}))


def test_many_are_cut_into_parts_in_the_order_of_their_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parted(monkeypatch, 5)
    assert [[one.target for one in part.entries] for part in parts] == [["E-0", "E-1"], ["E-2", "E-3"], ["E-4"]]
    assert [part.cut for part in parts] == [False, False, False]
    assert [part.place for part in parts] == sorted((part.place for part in parts), reverse=True)


def test_what_there_was_more_of_is_emptied_and_never_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [len(part.entries) for part in parted(monkeypatch, 1, parts=3)] == [1, 0, 0]


def test_more_than_can_be_kept_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parted(monkeypatch, 7)
    assert ([len(part.entries) for part in parts], [part.cut for part in parts]) == ([2, 2, 2], [False, False, True])
    assert [part.cut for part in parted(monkeypatch, 6)] == [False, False, False]


def test_nothing_that_went_wrong_takes_no_item() -> None:
    assert [part.listing for part in outcomes_of(Duty.DAILY, DAY, [closed()], (), {})] == ["done"]


def test_only_what_says_something_else_is_changed() -> None:
    before = outcomes_of(Duty.DAILY, DAY, [row(state=MISSED), closed(where="E-2")], (), {})
    known = digests_of(before)
    assert list(known) == ["exceptions", "done"]
    after = outcomes_of(Duty.DAILY, DAY, [row(state=MISSED), closed(where="E-2", by="P9")], (), known)
    assert [one.listing for one in changed(after, known)] == ["done"]
    assert changed(before, known) == ()
    assert changed(before, {}) == tuple(before)


def test_a_digest_tells_what_a_part_says() -> None:
    one = Outcomes("exceptions", Duty.DAILY, DAY, 0, tuple(entries([row(state=MISSED)])))
    assert one.digest == replace(one, part=1).digest
    assert len({one.digest, replace(one, entries=()).digest, replace(one, cut=True).digest}) == 3
