"""What writes without anybody sending a form: the schedule, the queues, the operator's command, and lists and numbers
that somebody opens before a run came. Each takes more than one write; all of its tries are made at one instant, so that
it ends as if it had never broken off."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from chalicelib import events
from chalicelib.telemetry import Hidden
from infra.stack.invoke import Context
from schemas.events import OpenUnit
from schemas.language import Duty, Verdict
from schemas.roster import RosterFile
from tean.domain import calendar
from tean.domain.errors import Problem
from tean.services.uploads import incoming_key
from tests.fakes import pictures, scenes
from tests.fakes.builders import DAY, UNIT, upload
from tests.fakes.uploading import notification
from tests.fault.scenarios import B1, MONTH, P1, SERIOUS, next_day, scenario, sends
from tests.fault.stage import Act, Answer, Process, Stage

NOT_TAKEN = 503
"""What a queue or the operator makes of anything that was not done."""


def delivered(handler: Callable[..., Any], body: str) -> Act:
    """A queue delivers one message; as long as it is not taken it is delivered again."""
    event = {"Records": [{"messageId": "m0", "body": body}]}

    def act(process: Process) -> Answer:
        failures = handler(event, _context(handler))["batchItemFailures"]
        return Answer(NOT_TAKEN if failures else 200)

    return act


def _context(handler: Any) -> Context:
    return Context(str(getattr(handler, "name", "worker")), memory_limit_in_mb=512, seconds=60)


def trying(deed: Callable[[Process], object]) -> Act:
    """A schedule or an operator, who tries again until nothing is raised."""

    def act(process: Process) -> Answer:
        try:
            return Answer(200, deed(process))
        except Problem as problem:
            return Answer(problem.status, {"code": problem.code, "sentence": problem.sentence})
        except Hidden:
            # Lambda runs it again, and is told nothing but the name of what went wrong.
            return Answer(NOT_TAKEN)

    return act


# --- the schedule and the queue of days ---------------------------------------------------------------------------


@scenario("open_days", steps=True, pace=0)
def a_night_is_announced(stage: Stage) -> Act:
    event = {"time": "2026-11-30T16:05:00Z"}
    return trying(lambda process: events.open_days(event, _context(events.open_days)))


def turned_over(stage: Stage, duty: Duty) -> Act:
    message = OpenUnit(unit=UNIT, duty=duty, due=calendar.current(duty, stage.clock()))
    return delivered(events.open_unit, message.model_dump_json())


def to_the_close(stage: Stage, day: date) -> None:
    """The first instant at which a day is over; no run came."""
    stage.clock.set(calendar.closes_at(day))


@scenario("open_unit", steps=True, pace=0)
def a_day_closes_and_the_next_opens(stage: Stage) -> Act:
    stage.day.found(SERIOUS)
    stage.day.submit(stage.day.stopped("P1", "E-2"))
    to_the_close(stage, DAY)
    return turned_over(stage, Duty.DAILY)


@scenario("open_unit", steps=True, pace=0)
def days_without_a_run_are_made_good(stage: Stage) -> Act:
    stage.day.check("P1")
    to_the_close(stage, DAY + timedelta(days=2))
    return turned_over(stage, Duty.DAILY)


@scenario("open_unit", steps=True, pace=0)
def a_week_closes(stage: Stage) -> Act:
    stage.day.submit(stage.day.inspection())
    to_the_close(stage, DAY + timedelta(days=6))
    return turned_over(stage, Duty.WEEKLY)


@scenario("open_unit", steps=True, pace=0)
def a_week_of_reports_closes(stage: Stage) -> Act:
    to_the_close(stage, DAY + timedelta(days=6))
    return turned_over(stage, Duty.WEEKLY_REPORT)


@scenario("open_unit", steps=True, pace=0)
def a_month_closes(stage: Stage) -> Act:
    to_the_close(stage, calendar.last_day(Duty.MONTHLY, MONTH))
    return turned_over(stage, Duty.MONTHLY)


@scenario("open_unit", steps=True, pace=0)
def a_month_of_reports_closes(stage: Stage) -> Act:
    to_the_close(stage, calendar.last_day(Duty.MONTHLY_REPORT, MONTH))
    return turned_over(stage, Duty.MONTHLY_REPORT)


@scenario("todos.todos", steps=True, pace=0)
def a_list_is_opened_before_any_run_came(stage: Stage) -> Act:
    """Today is opened for him; what is over may be left to the run, when it comes after all."""
    stage.day.check("P1")
    stage.clock.set(calendar.closes_at(DAY) + timedelta(hours=8))
    return before_the_run(sends(stage, "/v1/todos", None, P1, "GET"), turned_over(stage, Duty.DAILY))


@scenario("statistics.statistics", steps=True, pace=0)
def numbers_are_asked_for_before_any_run_came(stage: Stage) -> Act:
    next_day(stage)
    stage.day.check("P1", due=DAY + timedelta(days=1))
    stage.clock.set(calendar.closes_at(DAY + timedelta(days=1)) + timedelta(hours=8))
    numbers = f"/v1/statistics?since={MONTH}&until={DAY + timedelta(days=1)}"
    return before_the_run(sends(stage, numbers, None, B1, "GET"), turned_over(stage, Duty.DAILY))


def before_the_run(looked: Act, turned: Act) -> Act:
    """Who looks is shown what there is, whether or not the rest could be made good for him: that is for the run."""

    def act(process: Process) -> Answer:
        shown = looked(process)
        return turned(process) if shown.good else shown

    return act


# --- files --------------------------------------------------------------------------------------------------------


def arrives(stage: Stage, content: bytes) -> Act:
    begun = scenes.begun(stage.day.store, upload(verdict=Verdict.PENDING))
    stage.arrive(incoming_key(begun), content)
    return delivered(events.verify_upload, json.dumps(notification(incoming_key(begun))))


@scenario("verify_upload", steps=True, pace=0)
def a_photo_is_verified(stage: Stage) -> Act:
    return arrives(stage, pictures.jpeg(160, 120))


@scenario("verify_upload", steps=True, pace=0)
def a_file_that_is_no_photo_is_refused(stage: Stage) -> Act:
    return arrives(stage, b"no picture at all")


@scenario("sweep_uploads", steps=True, pace=0)
def files_without_a_verdict_are_looked_after(stage: Stage) -> Act:
    """One that arrived is asked for again, one that never came is given up; a run tells only what was left for it."""
    for number, arrived in enumerate((True, False)):
        begun = scenes.begun(stage.day.store, upload(file=f"P1.{number:032x}", look_at=stage.clock()))
        if arrived:
            stage.arrive(incoming_key(begun), b"a photo")

    def run(process: Process) -> None:
        events.sweep_uploads({}, _context(events.sweep_uploads))

    return trying(run)


# --- the operator -------------------------------------------------------------------------------------------------


def file(*people: str, unit: str, **officers: list[str]) -> RosterFile:
    """A unit of these officers, a director and a principal, and elevators by code with who checks them."""
    officials = [
        {"code": code, "name": f"示例人员{code}", "phone": f"1000000000{code[-1]}", "roles": ["officer"]}
        for code in people
    ]
    others = [
        {"code": "D1", "name": "示例人员D1", "phone": "10000000018", "roles": ["director"]},
        {"code": "B1", "name": "示例人员B1", "phone": "10000000019", "roles": ["principal", "administrator"]},
    ]
    elevators = [
        {"code": code, "name": "客梯", "category": "3000", "subtype": "3100", "officers": who}
        for code, who in officers.items()
    ]
    told = {"code": unit, "name": "示例大厦物业有限公司", "kinds": ["use"]}
    return RosterFile.model_validate({"unit": told, "people": [*officials, *others], "equipment": elevators})


def applied(whole: RosterFile, **successors: str) -> Act:
    # What is told is what still differed, so it is less the second time.
    def deed(process: Process) -> None:
        process.setup.apply(whole, successors)

    return trying(deed)


@scenario("operate.apply", steps=True, pace=0)
def a_unit_is_set_up(stage: Stage) -> Act:
    return applied(file("P1", "P2", unit="91990000MA0DEM0138", **{"1": ["P1"], "2": ["P1", "P2"]}))


@scenario("operate.apply", steps=True, pace=0)
def somebody_leaves_and_another_takes_over(stage: Stage) -> Act:
    known = file("P1", "P2", "P3", unit=UNIT, **{"1": ["P1"], "2": ["P2"]})
    stage.process.setup.apply(known, {})
    stage.day.run()
    stage.day.found(SERIOUS)
    to_the_close(stage, DAY)
    stage.clock.move(hours=8)
    return applied(file("P2", "P3", unit=UNIT, **{"1": ["P3"], "2": ["P2"]}), P1="P2")
