"""Nights in a row over HTTP, for each unit kind and role: what is asked, done, missed and entered late is what a small
model says, which knows only the guide. ``make quarter`` plays a whole quarter; here it is a week around a month's end.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.phone import Phone, clean_answers, inspection, until
from infra.stack import clock
from tests.e2e.crew import crew_of
from tests.stack import RunningStack, launch

pytestmark = pytest.mark.e2e
NIGHTS = int(os.environ.get("TEAN_NIGHTS", "8"))
SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
DUTIES = {
    "officer": ("daily", "weekly", "monthly"),
    "director": ("weekly", "monthly", "weekly_report", "monthly_report"),
    "principal": ("monthly", "monthly_report"),
}
INSPECTED = ("daily", "weekly", "monthly")
Task = tuple[str, date, str]


def close_of(day: date) -> datetime:
    return datetime.combine(day + ONE_DAY, time(0, 5), SHANGHAI)


def first_day(duty: str, day: date) -> date:
    if duty.startswith("weekly"):
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if duty.startswith("monthly") else day


def last_day(duty: str, due: date) -> date:
    if duty.startswith("weekly"):
        return due + timedelta(days=6)
    return (due + timedelta(days=32)).replace(day=1) - ONE_DAY if duty.startswith("monthly") else due


@dataclass
class Somebody:
    """One person in one role, and what the guide says he should have been asked and has done."""

    phone: Phone
    role: str
    targets: list[dict[str, Any]] = field(default_factory=list)
    states: dict[Task, str] = field(default_factory=dict)
    records: dict[Task, str] = field(default_factory=dict)
    signature: str = ""

    def log_in(self) -> None:
        held = self.phone.session.get("membership")
        self.phone.login()
        if held:
            self.phone.switch(held["unit"], held["role"])

    def learn(self) -> None:
        self.targets = list(self.phone.pages("/v1/targets"))
        self.signature = self.phone.sign()

    def asked(self, duty: str) -> set[str]:
        """Daily each target; else each kind, filling as one."""
        if duty == "daily":
            return {target["target"] for target in self.targets}
        return {"filling" if target["unit_kind"] == "filling" else target["kind"] for target in self.targets}

    def dawn(self, today: date) -> None:
        """What was open is missed, what begins is asked."""
        for task, state in self.states.items():
            if state == "open" and last_day(task[0], task[1]) < today:
                self.states[task] = "missed"
        for duty in DUTIES[self.role]:
            for what in self.asked(duty):
                self.states.setdefault((duty, first_day(duty, today), what), "open")

    def listed(self, today: date) -> dict[Task, str]:
        """All of what is on, of the rest what may still be entered: for two days after it closed."""

        def shown(task: Task, state: str) -> bool:
            last = last_day(task[0], task[1])
            return last >= today or (state == "missed" and last >= today - 2 * ONE_DAY)

        return {task: state for task, state in self.states.items() if shown(task, state)}

    def sees(self) -> dict[Task, str]:
        return {
            (row["duty"], date.fromisoformat(row["due"]), row["target"]): row["state"]
            for row in self.phone.pages("/v1/todos")
        }

    def works(self, today: date, chance: Random) -> None:
        """Some of what is open, now and then something of before."""
        for task, state in sorted(self.listed(today).items()):
            wanted = {"open": 0.5 if task[0] == "daily" else 0.25, "missed": 0.3}.get(state, 0.0)
            if task[0] in INSPECTED and chance.random() < wanted:
                self.submit(task, late=state == "missed")

    def submit(self, task: Task, *, late: bool) -> None:
        duty, due, target = task
        opened = self.phone.get(f"/v1/tasks/{duty}/{due.isoformat()}/{target}")
        answers = clean_answers(opened)
        receipt = self.phone.post("/v1/inspections", inspection(opened, self.signature, answers))
        assert receipt["late"] is late, task
        self.states[task] = "late" if late else "done"
        self.records[task] = receipt["record"]


@pytest.fixture
def own(tmp_path: Path) -> Any:
    stack = launch(tmp_path / "state")
    try:
        stack.wait_ready()
        yield stack
    finally:
        stack.stop()


def go_to(stack: RunningStack, instant: datetime) -> None:
    for part in ("gateway", "pump"):
        clock.set_ahead(stack.state, part, instant - datetime.now(UTC) + timedelta(seconds=1))


def beginning() -> date:
    """Far enough before the end of a month to come that a few nights pass it, and at least one Sunday."""
    today = datetime.now(SHANGHAI).date() + timedelta(days=5)
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=4)


def crews(origin: str) -> list[Somebody]:
    made = [crew_of(origin, kind) for kind in ("use", "production", "filling")]
    return [Somebody(getattr(crew, role), role) for crew in made for role in DUTIES]


def test_every_task_of_every_night_is_as_the_guide_says(own: RunningStack) -> None:
    chance, today = Random(20261123), beginning()
    go_to(own, close_of(today - ONE_DAY) + timedelta(hours=9))
    people = crews(own.origin)
    for one in people:
        one.log_in()
        one.learn()
        one.dawn(today)
    # The first list of each unit makes good what nobody ran before; what lies before ``today`` is not told here.
    until(lambda: all(begun(one, today) for one in people), bool)
    for _ in range(NIGHTS):
        for one in people:
            assert since(one.sees(), one) == one.listed(today), (one.role, today)
            one.works(today, chance)
            assert since(one.sees(), one) == one.listed(today), (one.role, today)
        today += ONE_DAY
        go_to(own, close_of(today - ONE_DAY))
        for one in people:
            one.log_in()
            one.dawn(today)
        # A night turns three units over at once, on a machine that may have other work.
        until(partial(otherwise_than_told, people, today), lambda lists: not lists, patience=120)
    for one in people:
        the_history_is_as_told(one, today)
        statistics_are_as_told(one, people, today)


def statistics_are_as_told(one: Somebody, people: list[Somebody], today: date) -> None:
    """What he did on time, was late with and missed stands in the lists behind the numbers his principal reads."""
    held = one.phone.session["membership"]
    principal = next(
        other.phone
        for other in people
        if other.role == "principal" and other.phone.session["membership"]["unit"] == held["unit"]
    )
    first = min(last_day(duty, due) for duty, due, _ in one.states)
    until_day = today - ONE_DAY

    def listed(duty: str, what: str) -> set[tuple[date, str]]:
        query = {"since": first.isoformat(), "until": until_day.isoformat(), "duty": duty, "what": what}
        items = principal.pages("/v1/statistics/outcomes", **query, person=held["person"])
        found = {(date.fromisoformat(item["due"]), item["target"]) for item in items if item["role"] == one.role}
        return {(due, target) for due, target in found if (duty, due, target) in one.states}

    for duty in INSPECTED:
        for what, state_told in (("missed", "missed"), ("late", "late"), ("on_time", "done")):
            told = {
                (due, target)
                for (known, due, target), state in one.states.items()
                if (known, state) == (duty, state_told) and first <= last_day(duty, due) < today
            }
            # Rows are closed before they are counted.
            until(partial(listed, duty, what), told.__eq__)
    overview = principal.get("/v1/statistics", since=first.isoformat(), until=until_day.isoformat())
    assert (overview["uncounted"], overview["until"]) == ([], until_day.isoformat())
    assert sum(kind["due"] for duty in overview["duties"] for kind in duty["kinds"]) > 0


def otherwise_than_told(people: list[Somebody], today: date) -> list[tuple[str, dict[Task, str], dict[Task, str]]]:
    """Whose list is not as the model says: his role, the list, the model's."""
    lists = [(one.role, since(one.sees(), one), one.listed(today)) for one in people]
    return [one for one in lists if one[1] != one[2]]


def begun(one: Somebody, today: date) -> bool:
    return any(task[1] == first_day(task[0], today) for task in one.sees())


def since(seen: dict[Task, str], one: Somebody) -> dict[Task, str]:
    """What the model tells of: buckets that were on when the story began, or later."""
    first = {duty: min(due for known, due, _ in one.states if known == duty) for duty in DUTIES[one.role]}
    return {task: state for task, state in seen.items() if task[0] in first and task[1] >= first[task[0]]}


def the_history_is_as_told(one: Somebody, today: date) -> None:
    """Each of his records is in its target's history, and what was missed lies there as such unless it was done."""
    for (duty, due, target), state in one.states.items():
        if duty not in INSPECTED or last_day(duty, due) >= today:
            continue
        day = due.isoformat()
        page = one.phone.get(f"/v1/targets/{target}/records", duty=duty, since=day, until=day)
        mine = one.records.get((duty, due, target))
        assert (mine in [item["record"] for item in page["items"]]) is (state in ("done", "late")), (duty, due, target)
        if state == "missed" and one.role == "officer":
            assert page["missed"], (duty, due, target)
