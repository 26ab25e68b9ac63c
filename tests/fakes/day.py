"""A unit on an ordinary day: its roster applied, its day opened, every service on one fake store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from schemas import checklists
from schemas.events import OpenUnit
from schemas.inspections import AnswerRequest, InspectionRequest, Receipt
from schemas.language import Duty, FileKind, Handling, Result, Role, TargetState, TaskState, Verdict
from tean.adapters.cursors import Cursors
from tean.domain import calendar
from tean.domain.errors import Problem
from tean.domain.hazards import Hazard
from tean.domain.records import Head, Record
from tean.domain.registry import Roster
from tean.domain.rollups import Counts, Rollup
from tean.domain.tasks import Missed, Row, Sheet
from tean.services.clocks import ClockService
from tean.services.custom import CustomService
from tean.services.days import AnnouncementService, DayService
from tean.services.figures import FigureReader
from tean.services.gaps import GapService
from tean.services.hazard_steps import HazardStepService
from tean.services.hazards import HazardService
from tean.services.inspections import InspectionService
from tean.services.minutes import MinutesService
from tean.services.monthly_reports import MonthlyReportService
from tean.services.progress import ProgressService
from tean.services.records import RecordService
from tean.services.reports import ReportService
from tean.services.statistics import StatisticsService
from tean.services.tallies import TallyReader
from tean.services.tasks import TaskService
from tean.services.todos import TodoService
from tean.services.weekly_reports import WeeklyReportService
from tests.fakes import scenes
from tests.fakes.builders import DAY, UNIT, changes, membership, roster, upload
from tests.fakes.clock import FakeClock
from tests.fakes.messages import FakeMessages
from tests.fakes.scenes import everything
from tests.fakes.store import FakeStore


class Day:
    """The unit of ``builders``, Monday 09:00. ``whole`` may be another roster, ``store`` one that misbehaves,
    ``duties`` more than daily control; others are left alone."""

    def __init__(
        self, whole: Roster | None = None, store: FakeStore | None = None, duties: Collection[Duty] = (Duty.DAILY,)
    ) -> None:
        self.duties = duties
        self.store = store or FakeStore()
        self.clock = FakeClock()
        self.messages = FakeMessages()
        self.cursors = Cursors(b"a key that only this test knows")
        self.pauses: list[int] = []
        self.days = DayService(self.store, self.clock, self.pause)
        self.announcements = AnnouncementService(self.store, self.messages, self.clock)
        self.todos = TodoService(self.store, self.cursors, self.clock, self._repair)
        self.progress = ProgressService(self.store, self.store, self.clock)
        self.tasks = TaskService(self.store, self.store, self.clock)
        self.inspections = InspectionService(self.store, self.clock)
        self.hazards = HazardService(self.store, self.store, self.store, self.cursors, self.clock)
        self.hazard_steps = HazardStepService(self.store, self.clock)
        self.clocks = ClockService(self.store, self.cursors, self.clock)
        self.custom = CustomService(self.store, self.store, self.clock)
        self.gaps = GapService(self.store, self.cursors, self.clock)
        tallies = TallyReader(self.store, self.clock, self._close_next)
        self.statistics = StatisticsService(
            tallies, self.store, self.store, self.store, self.store, self.cursors, self.clock
        )
        self.records = RecordService(self.store, self.store, self.store, self.cursors, self.clock)
        figures = FigureReader(tallies, self.store, self.store, self.clock)
        self.reports = ReportService(self.store, self.store, figures, self.cursors)
        self.weekly_reports = WeeklyReportService(self.store, figures, self.clock)
        self.monthly_reports = MonthlyReportService(self.store, self.store, figures, self.clock)
        self.minutes = MinutesService(self.store, figures, self.clock)
        self._files = count(1)
        self.change(whole or roster())

    def pause(self, attempt: int) -> None:
        """Where a run would wait."""
        self.pauses.append(attempt)

    def _repair(self, unit: str, duty: Duty) -> int:
        return self.days.repair(unit, duty) if duty in self.duties else 0

    def _close_next(self, unit: str, duty: Duty) -> int:
        return self.days.close_next(unit, duty) if duty in self.duties else 0

    def change(self, whole: Roster) -> int:
        """Apply a roster and bring today's tasks to it; how many changes that took."""
        known = replace(whole.unit, undirected=whole.undirected, target_kinds=whole.target_kinds)
        self.store.apply(changes(whole, unit=known))
        return self.open()

    def open(self, day: date = DAY) -> int:
        """Turn over to a day, one that is past as it was done then; how many changes that took."""
        now = self.clock()
        if day < calendar.current(Duty.DAILY, now):
            self.clock.set(calendar.closes_at(day - timedelta(days=1)) + timedelta(hours=9))
        try:
            return self._turn(day)
        finally:
            self.clock.set(now)

    def night(self, *, minutes: float = 0) -> int:
        """Go to the close of the day that is on, and run what is due then; how many changes that took."""
        self.clock.set(calendar.closes_at(calendar.current(Duty.DAILY, self.clock())) + timedelta(minutes=minutes))
        return self.run()

    def run(self) -> int:
        """The run of the day that is on; how many changes that took."""
        return self._turn(calendar.current(Duty.DAILY, self.clock()))

    def _turn(self, day: date) -> int:
        return sum(
            self.days.open(OpenUnit(unit=UNIT, duty=duty, due=calendar.bucket(duty, day))) for duty in self.duties
        )

    def rollup(self, due: date = DAY) -> Rollup | None:
        """What a day came to, as it is known now."""
        known = self.store.rollups(UNIT, Duty.DAILY, until=due, limit=1)
        return known[0] if known and known[0].due == due else None

    def counts(self, due: date = DAY, kind: str = "3000") -> Counts:
        """The unit's numbers of one target kind."""
        rollup = self.rollup(due)
        assert rollup is not None
        return rollup.kinds.get(kind, Counts())

    def hazard(self, id: str) -> Hazard:
        """A hazard as it is now."""
        there = self.store.hazard(UNIT, id)
        assert there is not None
        return there[0]

    def missed(self, where: str = "E-1", due: date = DAY) -> Missed | None:
        """The close's marker."""
        return self.store.missed(UNIT, where, Duty.DAILY, due)

    def file(self, who: str = "P1", kind: FileKind = FileKind.PHOTO, verdict: Verdict = Verdict.VERIFIED) -> str:
        """A file of ``who`` with this verdict."""
        begun = upload(who, file=f"{who}.{next(self._files):032x}", kind=kind)
        scenes.begun(self.store, begun)
        if verdict is not Verdict.PENDING:
            self.store.settle(upload(who, file=begun.file, kind=kind, verdict=verdict))
        return begun.file

    def request(
        self, who: str = "P1", where: str = "E-1", *, answers: Mapping[str, AnswerRequest] | None = None, **fields: Any
    ) -> InspectionRequest:
        """A signed daily check of ``where`` with everything in order but what ``answers`` says of an item."""
        target = self.store.target(UNIT, where)
        assert target is not None
        checklist = checklists.current(target.kind, Duty.DAILY)
        given = {item.code: passed(item.code) for item in checklist.items_for(target.subtype)} | dict(answers or {})
        defaults: dict[str, Any] = {
            "duty": Duty.DAILY,
            "due": DAY,
            "state": TargetState.IN_USE,
            "checklist": checklist.sha256,
            "answers": tuple(given.values()),
        }
        return InspectionRequest(target=where, **defaults | self._signed(who, fields))

    def inspection(
        self, who: str = "P1", kind: str = "3000", duty: Duty = Duty.WEEKLY,
        answers: Mapping[str, AnswerRequest] | None = None, lists: Iterable[str] = (), **fields: Any,
    ) -> InspectionRequest:  # fmt: skip
        """A weekly inspection or monthly dispatch of a kind, unsigned, with everything in order but what ``answers``
        says."""
        asked = checklists.asked(tuple(lists) or (kind,), duty)
        given = {item.code: passed(item.code) for item in asked.items} | dict(answers or {})
        defaults: dict[str, Any] = {
            "duty": duty, "due": calendar.bucket(duty, calendar.business_date(self.clock())),
            "state": TargetState.IN_USE, "checklist": asked.reference, "answers": tuple(given.values()),
        }  # fmt: skip
        return InspectionRequest(target=kind, **defaults | fields)

    def stopped(self, who: str = "P1", where: str = "E-1", **fields: Any) -> InspectionRequest:
        """A signed declaration that ``where`` is suspended."""
        defaults: dict[str, Any] = {
            "duty": Duty.DAILY,
            "due": DAY,
            "state": TargetState.SUSPENDED,
            "reason": "待维修",
        }
        return InspectionRequest(target=where, **defaults | self._signed(who, fields))

    def _signed(self, who: str, fields: dict[str, Any]) -> dict[str, Any]:
        return fields if "signature" in fields else fields | {"signature": self.file(who, FileKind.SIGNATURE)}

    def submit(self, request: InspectionRequest, who: str = "P1", **fields: Any) -> Receipt:
        """``who`` submits."""
        return self.inspections.submit(membership(who, **fields), request)

    def check(self, who: str = "P1", where: str = "E-1", **fields: Any) -> Receipt:
        """``who`` checks ``where`` and submits, a second after whatever was before."""
        self.clock.move(seconds=1)
        return self.submit(self.request(who, where, **fields), who)

    def found(self, *items: str, who: str = "P1", where: str = "E-1", **fields: Any) -> Receipt:
        """``who`` reports these items of ``where`` upwards."""
        return self.check(who, where, answers=self.failing(*items, who=who), **fields)

    def failing(self, *items: str, who: str = "P1") -> dict[str, AnswerRequest]:
        """不合格 with a photo on each of these items."""
        return {item: failed(item, photos=(self.file(who),)) for item in items}

    def row(self, who: str = "P1", where: str = "E-1", due: date = DAY) -> Row | None:
        """A row as it is now."""
        return next((row for row in self.rows(who, due) if row.target == where), None)

    def rows(self, who: str = "P1", due: date = DAY) -> tuple[Row, ...]:
        """Every row of a person, by target."""
        return tuple(self.store.rows(UNIT, who, Duty.DAILY, due))

    def states(self, who: str = "P1", due: date = DAY) -> dict[str, TaskState]:
        """The state of every row of a person."""
        return {row.target: row.state for row in self.rows(who, due)}

    def sheet(self, who: str = "P1", due: date = DAY) -> Sheet | None:
        """A sheet as it is now."""
        return self.store.sheet(UNIT, who, Duty.DAILY, due)

    def head(self, where: str = "E-1") -> Head:
        """The end of a target's chain."""
        return self.store.facts(UNIT, "P1", where, Duty.DAILY, DAY).head

    def chain(self, where: str = "E-1") -> tuple[Record, ...]:
        """Every record of a target, in the order of the chain."""
        page = self.store.records(
            UNIT, where, Duty.DAILY, since=date.min, until=date(9999, 12, 30), person=None, after=None, limit=10_000
        )
        records = [entry for entry in page.items if isinstance(entry, Record)]
        return tuple(sorted(records, key=lambda record: record.seq))


def passed(item: str, **fields: Any) -> AnswerRequest:
    """合格"""
    return AnswerRequest(item=item, result=Result.PASS, **fields)


def failed(item: str, handling: Handling | None = Handling.PENDING, **fields: Any) -> AnswerRequest:
    """不合格, to be reported upwards unless ``handling`` says otherwise."""
    return AnswerRequest(item=item, result=Result.FAIL, handling=handling, **fields)


def mended(item: str, **fields: Any) -> AnswerRequest:
    """不合格, put right on the spot."""
    return failed(item, Handling.ON_SITE, **{"outcome": "已当场处理"} | fields)


def director(code: str = "D1", **fields: Any) -> Any:
    """The session of a director."""
    return membership(code, Role.DIRECTOR, **fields)


def codes(rows: Iterable[Row]) -> list[str]:
    """The targets of some rows."""
    return [row.target for row in rows]


def refused(day: Day, request: InspectionRequest, kind: type[Problem], who: str = "P1", **fields: Any) -> Problem:
    """The refusal of a submission, after which nothing is there that was not there before."""
    before = everything(day.store)
    with pytest.raises(kind) as caught:
        day.submit(request, who, **fields)
    assert type(caught.value) is kind
    assert everything(day.store) == before
    return caught.value
