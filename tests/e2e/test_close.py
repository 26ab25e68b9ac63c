"""The end of a day over HTTP: it closes by the schedule, takes late entries, and is repaired by who opens his list.

Each test has a stack of its own, whose clock it moves.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.phone import Phone, Refused, clean_answers, inspection, until
from infra.stack import clock
from tean.domain.calendar import closes_at, late_until
from tests.e2e.conftest import StartStack
from tests.e2e.crew import Crew, crew_of, first_open, open_task
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e
BOTH = ("gateway", "pump")


@pytest.fixture
def own(start_stack: StartStack, tmp_path: Path) -> RunningStack:
    stack = start_stack(tmp_path / "state")
    stack.wait_ready()
    return stack


def go_to(stack: RunningStack, instant: datetime, *parts: str) -> None:
    """Let these parts' time be a second after ``instant`` now."""
    for part in parts:
        clock.set_ahead(stack.state, part, instant - datetime.now(UTC) + timedelta(seconds=1))


def again(crew: Crew) -> Phone:
    """The officer, who logs in again: his token is of another day."""
    officer = Phone(crew.officer.origin, crew.officer.number)
    officer.login()
    held = crew.officer.session["membership"]
    officer.switch(held["unit"], held["role"])
    return officer


def rows(officer: Phone) -> dict[tuple[str, str], str]:
    """His daily control; weeks and months are told in ``test_quarter``."""
    todos = (row for row in officer.pages("/v1/todos") if row["duty"] == "daily")
    return {(row["due"], row["target"]): row["state"] for row in todos}


def submit(officer: Phone, todo: dict[str, Any]) -> dict[str, Any]:
    task = open_task(officer, todo)
    receipt: dict[str, Any] = officer.post(
        "/v1/inspections", inspection(task, officer.sign(), clean_answers(task))
    )  # fmt: skip
    return receipt


def task_of(due: date, target: str) -> dict[str, Any]:
    return {"duty": "daily", "due": due.isoformat(), "target": target}


def test_a_day_closes_by_the_schedule_and_takes_late_entries_until_they_end(own: RunningStack) -> None:
    crew = crew_of(own.origin, "use")
    first = first_open(crew.officer)
    day = date.fromisoformat(first["due"])
    submit(crew.officer, first)
    left = [target for (due, target), state in rows(crew.officer).items() if state == "open"]
    assert left

    go_to(own, closes_at(day), *BOTH)
    officer = again(crew)
    tomorrow = (day + timedelta(days=1)).isoformat()
    found = until(lambda: rows(officer), lambda seen: (tomorrow, first["target"]) in seen)
    assert {found[day.isoformat(), target] for target in left} == {"missed"}
    assert (day.isoformat(), first["target"]) not in found, "what was done of an earlier day is no to-do"

    late = task_of(day, left[0])
    receipt = submit(officer, late)
    assert (receipt["late"], open_task(officer, late)["state"]) == (True, "late")
    listed = next(iter(officer.pages(f"/v1/targets/{left[0]}/records")))
    assert (listed["record"], listed["late"]) == (receipt["record"], True)

    body = inspection(open_task(officer, task_of(day, left[1])), officer.sign(), [])
    go_to(own, late_until(day), *BOTH)
    officer = again(crew)
    assert (day.isoformat(), left[1]) not in rows(officer)
    with pytest.raises(Refused, match=r"inspection.closed.*已经封存"):
        officer.post("/v1/inspections", body)


def test_a_day_whose_run_never_came_is_repaired_by_who_opens_his_list(own: RunningStack) -> None:
    """The schedule's clock stands still: nobody but the list can have closed and opened anything."""
    crew = crew_of(own.origin, "use")
    first = first_open(crew.officer)
    day = date.fromisoformat(first["due"])
    targets = {target for _, target in rows(crew.officer)}

    go_to(own, closes_at(day + timedelta(days=1)), "gateway")
    first_list = rows(again(crew))
    seen = rows(again(crew))
    days = [(day + timedelta(days=after)).isoformat() for after in range(3)]
    states = {
        (due, target): state
        for due, state in zip(days, ("missed", "missed", "open"), strict=True)
        for target in targets
    }
    assert {day for day, _ in first_list} == {days[0], days[2]}, "today, and one day of those that are over"
    assert seen == states
    assert rows(again(crew)) == states
