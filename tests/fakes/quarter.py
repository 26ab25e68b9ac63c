"""A quarter in the life of a unit, played by its real services on a fake store: people who check, miss, are late, find,
correct, stop, restart and report; a roster that changes; runs that never come, come twice, or die half-way.

It keeps a diary of what no store tells afterwards: when each bucket was last counted, when each row and sheet came to
be, and how each hazard was graded when. ``tests.fakes.recount`` counts everything again by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from schemas import checklists
from schemas.events import OpenUnit
from schemas.hazards import OrderRequest, RectificationRequest, RegradeRequest, Seen
from schemas.inspections import AnswerRequest, CorrectionRequest, InspectionRequest
from schemas.language import (
    Duty,
    Evaluation,
    FileKind,
    Grade,
    Handling,
    HazardState,
    MinutesState,
    Role,
    TargetState,
    TaskState,
    UnitKind,
)
from schemas.reports import (
    KindSeen,
    MinutesRequest,
    ReportReceipts,
    SignatureRequest,
    WeeklyReportRequest,
    WeeklyReportsRequest,
)
from schemas.roster import RosterFile
from tean.domain.errors import Problem
from tean.domain.hazards import Hazard
from tean.domain.membership import Membership
from tean.domain.records import Record
from tean.domain.reports import Report
from tean.domain.roster_file import register
from tean.domain.tasks import Row
from tean.services.unit_setup import UnitSetupService
from tests.fakes.builders import UNIT
from tests.fakes.day import Day, failed, mended, passed
from tests.fakes.watched import Died, WatchedStore, die

Bucket = tuple[Duty, date]
FIVE_MINUTES = timedelta(minutes=5)
INSPECTED = (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY)
FILE: dict[str, Any] = {
    "unit": {"code": UNIT, "name": "示例联合有限公司", "kinds": ["use", "filling"]},
    "people": [
        {"code": "P1", "name": "示例人员P1", "phone": "10000000001", "roles": ["officer"]},
        {"code": "P2", "name": "示例人员P2", "phone": "10000000002", "roles": ["officer"]},
        {"code": "P3", "name": "示例人员P3", "phone": "10000000003", "roles": ["officer", "director"]},
        {"code": "D1", "name": "示例人员D1", "phone": "10000000004", "roles": ["director"]},
        {"code": "B1", "name": "示例人员B1", "phone": "10000000005", "roles": ["principal", "administrator"]},
    ],
    "equipment": [
        {"code": "1", "name": "1 号客梯", "category": "3000", "subtype": "3100", "officers": ["P1", "P2"]},
        {"code": "2", "name": "2 号客梯", "category": "3000", "subtype": "3100", "officers": ["P2"]},
        {"code": "3", "name": "桥式起重机", "category": "4000", "subtype": "4100", "officers": ["P1"]},
    ],
    "stations": [
        {"code": "1", "name": "1 号充装台", "filling_kind": "气瓶充装", "officers": ["P3"]},
        {"code": "2", "name": "槽车充装位", "filling_kind": "移动式压力容器充装", "officers": ["P1", "P3"]},
    ],
}  # fmt: skip


@dataclass
class Diary:
    """What happened when, as nobody can tell from what is kept."""

    counted: dict[Bucket, datetime] = field(default_factory=dict)
    """When a bucket was last counted otherwise than before; what came after that is in no number yet."""
    versions: dict[Bucket, int] = field(default_factory=dict)
    born: dict[tuple[str, Duty, date, str], datetime] = field(default_factory=dict)
    """When a row was made, by post, bucket and target."""
    served: dict[Bucket, datetime] = field(default_factory=dict)
    """When the first sheet of a bucket was made."""
    grades: dict[str, list[tuple[datetime, Grade]]] = field(default_factory=dict)


class Quarter:
    """The unit and its people, from the morning of ``start`` on."""

    def __init__(self, seed: int, start: date) -> None:
        self.chance = Random(seed)
        self.file = RosterFile.model_validate(FILE)
        self.store = WatchedStore()
        self.day = Day(register(self.file, "hash of {}".format), self.store, duties=())
        self.day.duties = tuple(Duty)
        self.clock = self.day.clock
        self.setup = UnitSetupService(self.store, self.day.messages, "hash of {}".format, self.clock, lambda _: None)
        self.diary = Diary()
        self.done: Counter[str] = Counter()
        self.reported: Callable[[Report], None] = lambda report: None
        """Told of each report in the moment it is saved."""
        self.clock.set(_at(start, hours=7))
        self.run_all()

    # --- the diary --------------------------------------------------------------------------------------------------

    def note(self) -> None:
        """To be called after whatever may have made rows or counted buckets, before the clock goes on."""
        now, diary = self.clock(), self.diary
        for _, post, due, duty, target in self.store._rows:
            diary.born.setdefault((post, duty, due, target), now)
        for _, duty, due, _ in self.store._sheets:
            diary.served.setdefault((duty, due), now)
        for (_, duty, due), rollup in self.store._rollups.items():
            if diary.versions.get((duty, due)) != rollup.version:
                diary.versions[duty, due] = rollup.version
                diary.counted[duty, due] = now
        self.clock.move(seconds=1)

    def _grade(self, hazard: str) -> None:
        found = self.hazard(hazard)
        self.diary.grades.setdefault(hazard, []).append((self.clock(), found.grade))

    # --- nights -----------------------------------------------------------------------------------------------------

    def night(self, on: date) -> None:
        """The run that closes the day before ``on``, if it comes."""
        self.clock.set(_at(on) + FIVE_MINUTES)
        fate = self.chance.random()
        if fate < 0.08:
            self.done["no run"] += 1
            return
        if fate < 0.16:
            self.clock.move(hours=self.chance.choice([1, 5, 11]))
            self.done["late run"] += 1
        duties = [duty for duty, _ in _turning(on)]
        self.chance.shuffle(duties)
        for duty in duties:
            self.message(duty)

    def message(self, duty: Duty) -> None:
        """One message of the night: it comes once, twice, is overtaken by itself, or dies and comes again, or not."""
        fate, after = self.chance.random(), self.chance.randrange(4)
        if fate < 0.08:
            self.store.let(die, after=after)
            self._dying(duty)
            if self.chance.random() < 0.3:
                return
        elif fate < 0.16:
            self.store.let(lambda: self._open(duty), after=after)
            self.done["overtaken"] += 1
        self._open(duty)
        self.store.let_nothing()
        self.note()
        if fate > 0.95:
            self._open(duty)
            self.note()

    def _dying(self, duty: Duty) -> None:
        try:
            self._open(duty)
        except Died:
            self.done["died"] += 1
        self.store.let_nothing()
        self.note()

    def _open(self, duty: Duty) -> None:
        self.day.days.open(OpenUnit(unit=UNIT, duty=duty, due=self.on()))

    def on(self) -> date:
        """The day whose turn it is."""
        return _date(self.clock() - FIVE_MINUTES)

    def run_all(self) -> None:
        """Every duty's run, undisturbed."""
        for duty in Duty:
            self._open(duty)
            self.note()

    # --- days -------------------------------------------------------------------------------------------------------

    def live(self, on: date) -> None:
        """What people do on a day."""
        self.clock.set(max(self.clock(), _at(on, hours=7)))
        if self.chance.random() < 0.12:
            self.change_roster()
        for hours in sorted(self.chance.sample(range(8, 23), 4)):
            self.clock.set(max(self.clock(), _at(on, hours=hours)))
            for post in sorted({key[1] for key in self.store._rows}):
                self.work(post)
            self.follow_hazards()
            self.report()
        if self.chance.random() < 0.3:
            self.clock.set(_at(on + timedelta(days=1)) + timedelta(minutes=self.chance.randrange(5)))
            for post in ("P1", "P2", "P3"):
                self.work(post)

    def work(self, post: str) -> None:
        """What somebody gets around to: most of what is on, some of what he missed."""
        since = {duty: self.on() - timedelta(days=8 if duty is Duty.DAILY else 40) for duty in INSPECTED}
        there = list(self.store._rows.items())
        for row in [row for (_, his, due, duty, _), row in there if his == post and due > since.get(duty, due)]:
            chance = {TaskState.OPEN: 0.27, TaskState.MISSED: 0.07, TaskState.DONE: 0.006, TaskState.LATE: 0.04}
            if self.chance.random() < chance.get(row.state, 0):
                if row.state in (TaskState.OPEN, TaskState.MISSED):
                    self.check(row)
                elif row.closed_by == row.person:
                    self.correct(row)

    def check(self, row: Row) -> None:
        with self.trying("check"):
            target = self.store.target(UNIT, row.target)
            stops = target and not row.lists and row.duty is Duty.DAILY and self.chance.random() < 0.07
            suspended = target is not None and target.state is TargetState.SUSPENDED and self.chance.random() < 0.6
            request = self._stopped(row) if stops or suspended else self._checked(row)
            self._submit(request, row)
            self.done[f"{row.state} {row.duty}"] += 1
            self.done["stopped"] += request.state is TargetState.SUSPENDED

    def _submit(self, request: InspectionRequest, row: Row) -> None:
        before = set(self.store._hazards)
        self.day.submit(request, row.person, role=row.role, sides=_sides())
        for _, hazard in self.store._hazards.keys() - before:
            self._grade(hazard)

    def _stopped(self, row: Row) -> InspectionRequest:
        return self.day.stopped(row.person, row.target, due=row.due)

    def _checked(self, row: Row, **fields: Any) -> InspectionRequest:
        if row.duty is Duty.DAILY:
            request = self.day.request(row.person, row.target, due=row.due, **fields)
        else:
            request = self.day.inspection(
                row.person, row.target, row.duty, lists=row.lists or (row.kind,), due=row.due, **fields
            )
        asked = {item.code: item.grade for kind in request_kinds(request) for item in kind.items}
        answers = tuple(self._answer(row, one.item, asked[one.item]) for one in request.answers)
        grave = [one for one in answers if _is_grave(one, asked[one.item])] if row.duty is Duty.DAILY else []
        decided = (
            {"stop_use": True} if grave and self.chance.random() < 0.5 else {"kept_in_use": "备用梯" if grave else None}
        )
        return request.model_copy(update={"answers": answers, **decided})

    def _answer(self, row: Row, item: str, grade: Grade) -> AnswerRequest:
        fate = self.chance.random()
        if fate > 0.012:
            return passed(item)
        make: Callable[..., AnswerRequest] = mended if fate < 0.004 else failed
        raised = {"grade": Grade.MAJOR} if fate > 0.011 else {}
        return make(item, photos=(self.day.file(row.person),), **raised)

    def correct(self, row: Row) -> None:
        with self.trying("correct"):
            versions = self.records_of(row)
            number = len(versions)
            first = versions[0]
            if first.state is TargetState.SUSPENDED:
                return
            correction = CorrectionRequest(version=number, reason="写错了")
            request = self._checked(row).model_copy(update={"correction": correction, "remark": f"更正 {number}"})
            self._submit(request, row)

    def records_of(self, row: Row) -> list[Record]:
        """Every version of the record that closed a row, oldest first."""
        there = [one for key, one in sorted(self.store._records.items()) if key[1] == row.target]
        mine = [
            one
            for one in there
            if (one.duty, one.due, one.person, one.role) == (row.duty, row.due, row.closed_by, row.role)
        ]
        return sorted(mine, key=lambda one: one.version)

    # --- hazards ----------------------------------------------------------------------------------------------------

    def hazard(self, id: str) -> Hazard:
        found = self.store.hazard(UNIT, id)
        assert found is not None
        return found[0]

    def follow_hazards(self) -> None:
        for (_, id), hazard in list(self.store._hazards.items()):
            if hazard.state is not HazardState.RECTIFIED and self.chance.random() < 0.15:
                self.step(id, hazard)

    def step(self, id: str, hazard: Hazard) -> None:
        seen = Seen(
            version=hazard.version, grade=hazard.grade, duty=hazard.duty, state=hazard.state, devices=hazard.devices
        )  # fmt: skip
        leader = _acting("B1", Role.PRINCIPAL) if hazard.duty is Duty.MONTHLY else _acting("D1", Role.DIRECTOR)
        with self.trying("step"):
            if self.chance.random() < 0.15:
                grade = self.chance.choice([one for one in Grade if one is not hazard.grade])
                self.day.hazard_steps.regrade(leader, id, RegradeRequest(seen=seen, grade=grade, reason="复核"))
                self.done["regraded"] += 1
                self._grade(id)
            elif hazard.state is HazardState.REPORTED:
                until = _date(self.clock()) + timedelta(days=self.chance.randrange(9))
                self.day.hazard_steps.order(leader, id, OrderRequest(seen=seen, measures="更换", deadline=until))
            elif hazard.state is HazardState.ORDERED:
                his = _acting(hazard.assignee or hazard.finder, Role.OFFICER)
                who = his if hazard.duty is Duty.DAILY else leader
                body = RectificationRequest(
                    seen=seen, result="好", photos=(self.day.file(who.person),), same_person_reason="只有一人"
                )
                self.day.hazard_steps.rectify(who, id, body)
                self.done["rectified"] += 1

    # --- reports ----------------------------------------------------------------------------------------------------

    def report(self) -> None:
        """Directors report on weeks, and submit what the principal then signs of a month; some of it late, or never."""
        for who in ("D1", "P3"):
            self.report_week(_acting(who, Role.DIRECTOR))
            self.submit_minutes(_acting(who, Role.DIRECTOR))
        self.sign_minutes(_acting("B1", Role.PRINCIPAL))

    def waiting(self, member: Membership, duty: Duty) -> dict[date, list[str]]:
        """By bucket the kinds whose report is still due."""
        waiting: dict[date, list[str]] = {}
        for row in list(self.store._rows.values()):
            if (row.post, row.duty) == (member.post, duty) and row.is_enterable and self.chance.random() < 0.12:
                waiting.setdefault(row.due, []).append(row.target)
        return waiting

    def report_week(self, member: Membership) -> None:
        for due, kinds in self.waiting(member, Duty.WEEKLY_REPORT).items():
            with self.trying("weekly report"):
                drafts = [self.day.weekly_reports.draft(member, due, kind) for kind in kinds]
                self.note()
                said = [
                    WeeklyReportRequest(
                        kind=one.kind, seen=one.seen, summary=one.summary, evaluation=Evaluation.AT_RISK, focus="落实。"
                    )
                    for one in drafts
                ]
                signature = self.day.file(member.person, FileKind.SIGNATURE)
                request = WeeklyReportsRequest(due=due, reports=tuple(said), signature=signature)
                self.filed(Duty.WEEKLY_REPORT, self.day.weekly_reports.file(member, request))

    def submit_minutes(self, member: Membership) -> None:
        for due, kinds in self.waiting(member, Duty.MONTHLY_REPORT).items():
            with self.trying("minutes"):
                met = max(self.clock() - timedelta(days=self.chance.randrange(4)), _at(due, hours=9))
                draft = self.day.monthly_reports.draft(member, due, met)
                self.note()
                seen = tuple(KindSeen(kind=one.kind, seen=one.seen) for one in draft.kinds if one.kind in kinds)
                text = "".join(one.text for one in draft.kinds if one.kind in kinds)
                request = MinutesRequest(due=due, kinds=seen, meeting_at=met, text=text, focus="落实。")
                self.day.minutes.submit(member, request)
                self.note()

    def sign_minutes(self, member: Membership) -> None:
        waiting = [one for one in self.store._minutes.values() if one.state is MinutesState.SUBMITTED]
        for minutes in waiting:
            if self.chance.random() < 0.2:
                with self.trying("monthly report"):
                    there = self.day.minutes.detail(member, minutes.id)
                    self.note()
                    seen = tuple(KindSeen(kind=one.kind, seen=one.seen) for one in there.of)
                    signature = self.day.file(member.person, FileKind.SIGNATURE)
                    request = SignatureRequest(version=minutes.version, kinds=seen, signature=signature)
                    receipts = self.day.monthly_reports.sign(member, minutes.id, request)
                    self.filed(Duty.MONTHLY_REPORT, receipts)

    def filed(self, duty: Duty, receipts: ReportReceipts) -> None:
        """Reports that have just been saved, while nothing has moved on."""
        for receipt in receipts.reports:
            self.reported(self.store._reports[UNIT, receipt.kind, receipt.report])
        self.note()

    # --- the roster -------------------------------------------------------------------------------------------------

    def change_roster(self) -> None:
        """Targets come, go and change hands; an officer leaves his work to another and comes back."""
        raw = self.file.model_dump(mode="json", exclude_unset=True)
        heirs = self.chance.choice([_new_target, _no_target, _other_officers, _somebody_leaves])(raw, self.chance)
        with self.trying("roster"):
            file = RosterFile.model_validate(raw)
            self.setup.apply(file, heirs)
            self.file = file
        self.note()
        for duty in Duty:
            if self.chance.random() < 0.9:
                self._open(duty)
                self.note()

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """People try what they may not: that is refused, and counted."""
        self.clock.move(seconds=1)
        try:
            yield
            self.done[what] += 1
        except Problem as problem:
            self.done[f"refused {what} {problem.code}"] += 1


def request_kinds(request: InspectionRequest) -> Iterable[Any]:
    """The fixed lists a request answers."""
    assert request.checklist
    return checklists.cited(request.checklist)[0]


def _is_grave(answer: AnswerRequest, grade: Grade) -> bool:
    return answer.handling is Handling.PENDING and Grade.MAJOR in (answer.grade, grade)


def _sides() -> frozenset[UnitKind]:
    return frozenset({UnitKind.USE, UnitKind.FILLING})


def _acting(code: str, role: Role) -> Membership:
    return Membership(UNIT, code, f"示例人员{code}", role, _sides())


Change = Callable[[dict[str, Any], Random], dict[str, str]]


def _new_target(raw: dict[str, Any], chance: Random) -> dict[str, str]:
    code = str(max(int(one["code"]) for one in raw["equipment"]) + 1)
    kind = chance.choice([("3000", "3100"), ("4000", "4100")])
    officers = sorted(chance.sample(_officers(raw), 1))
    raw["equipment"].append(
        {"code": code, "name": f"{code} 号", "category": kind[0], "subtype": kind[1], "officers": officers}
    )
    return {}


def _no_target(raw: dict[str, Any], chance: Random) -> dict[str, str]:
    if len(raw["equipment"]) > 2:
        raw["equipment"].pop(chance.randrange(len(raw["equipment"])))
    return {}


def _other_officers(raw: dict[str, Any], chance: Random) -> dict[str, str]:
    for one in chance.sample(raw["equipment"], 2):
        one["officers"] = sorted(chance.sample(_officers(raw), chance.choice([1, 2])))
    return {}


def _somebody_leaves(raw: dict[str, Any], chance: Random) -> dict[str, str]:
    """``P2`` leaves, ``P1`` takes over; the next time he is back."""
    there = [one["code"] for one in raw["people"]]
    if "P2" not in there:
        raw["people"].append({"code": "P2", "name": "示例人员P2", "phone": "10000000002", "roles": ["officer"]})
        return {}
    raw["people"] = [one for one in raw["people"] if one["code"] != "P2"]
    for one in (*raw["equipment"], *raw["stations"]):
        one["officers"] = sorted({"P1" if code == "P2" else code for code in one["officers"]})
    return {"P2": "P1"}


def _officers(raw: dict[str, Any]) -> list[str]:
    return [one["code"] for one in raw["people"] if "officer" in one["roles"]]


def _at(day: date, hours: int = 0) -> datetime:
    """An hour of a day in Shanghai, which is eight hours ahead of UTC all year."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours - 8)


def _date(at: datetime) -> date:
    return (at + timedelta(hours=8)).date()


def _turning(day: date) -> list[tuple[Duty, date]]:
    """The messages of the night before a day: weeks and months are closed on their first days, and counted again."""
    monday, first = day - timedelta(days=day.weekday()), day.replace(day=1)
    begun = {
        Duty.DAILY: day, Duty.WEEKLY: monday, Duty.WEEKLY_REPORT: monday, Duty.MONTHLY: first,
        Duty.MONTHLY_REPORT: first,
    }  # fmt: skip
    return [(duty, due) for duty, due in begun.items() if (day - due).days <= 3]
