"""Domain objects with sensible defaults; a test names only what it is about.

The defaults fit together: officer ``P1`` of the use unit holds elevator ``E-1`` and owes it on ``DAY``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.language import Act, Duty, FileKind, Grade, Handling, HazardState, Role, TargetState, UnitKind, Verdict
from tean.adapters.ports.hazards import Move
from tean.adapters.ports.inspections import Submission
from tean.adapters.ports.reports import Filing
from tean.domain.figures import Numbers
from tean.domain.files import Upload
from tean.domain.hazard_ids import hazard_id
from tean.domain.hazards import Hazard, Step
from tean.domain.membership import Membership
from tean.domain.minutes import Minutes, minutes_id, submitted
from tean.domain.records import Head, Record
from tean.domain.registry import Person, Roster, Target, Unit
from tean.domain.reports import Report
from tean.domain.rollups import Counts, Rollup
from tean.domain.roster import RosterChanges
from tean.domain.tasks import Missed, Row, Sheet

UNIT = "91990000MA00000008"
OTHER_UNIT = "91990000MA1111111R"
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 30, 15, 123000, tzinfo=UTC)
USE = frozenset({UnitKind.USE})
HEX = "0123456789abcdef" * 2


def unit(code: str = UNIT, **fields: Any) -> Unit:
    """A use unit."""
    defaults: dict[str, Any] = {"name": "示例大厦物业有限公司", "kinds": USE, "contact": "10000000000"}
    return Unit(code=code, **defaults | fields)


def person(code: str = "P1", role: Role = Role.OFFICER, **fields: Any) -> Person:
    """Somebody of the use side holding one ``role``, unless ``roles`` says more."""
    defaults: dict[str, Any] = {
        "name": f"示例人员{code}",
        "phone": f"hash-of-phone-of-{code}",
        "phone_tail": "0001",
        "roles": {role: USE},
    }
    return Person(code=code, **defaults | fields)


def target(code: str = "E-1", **fields: Any) -> Target:
    """An elevator in use of officer ``P1``."""
    defaults: dict[str, Any] = {
        "name": "1 号客梯",
        "unit_kind": UnitKind.USE,
        "kind": "3000",
        "subtype": "3100",
        "location": "A 座大堂",
        "officers": ("P1",),
        "next_inspection": date(2027, 5, 31),
        "identifiers": {"device_code": "310000000000000001"},
    }
    return Target(code=code, **defaults | fields)


def roster(people: Iterable[Person] = (), targets: Iterable[Target] = (), **fields: Any) -> Roster:
    """A unit with officers ``P1`` and ``P2``, director ``D1``, principal ``B1``, and elevator ``E-1``."""
    everybody = tuple(people) or (
        person("P1"),
        person("P2"),
        person("D1", Role.DIRECTOR),
        person("B1", Role.PRINCIPAL),
    )
    things = tuple(targets) or (target(),)
    defaults: dict[str, Any] = {
        "unit": unit(),
        "people": {one.code: one for one in everybody},
        "targets": {one.code: one for one in things},
        "version": "r1",
    }
    return Roster(**defaults | fields)


def changes(whole: Roster | None = None, **fields: Any) -> RosterChanges:
    """What writes a whole roster into an empty unit."""
    whole = whole or roster()
    defaults: dict[str, Any] = {
        "unit": whole.unit,
        "version": whole.version,
        "people": tuple(whole.people.values()),
        "targets": tuple(whole.targets.values()),
        "phones_added": tuple((one.phone, one.code) for one in whole.people.values()),
    }
    return RosterChanges(**defaults | fields)


def membership(code: str = "P1", role: Role = Role.OFFICER, **fields: Any) -> Membership:
    """The session of :func:`person` with the same code."""
    defaults: dict[str, Any] = {"unit": UNIT, "name": f"示例人员{code}", "sides": USE}
    return Membership(person=code, role=role, **defaults | fields)


def row(who: str = "P1", where: str = "E-1", **fields: Any) -> Row:
    """An open daily row of ``DAY``."""
    defaults: dict[str, Any] = {
        "duty": Duty.DAILY,
        "due": DAY,
        "name": "1 号客梯",
        "location": "A 座大堂",
        "unit_kind": UnitKind.USE,
        "kind": "3000",
    }
    return Row(person=who, target=where, **defaults | fields)


def sheet(who: str = "P1", **fields: Any) -> Sheet:
    """A daily sheet of ``DAY`` that owes one elevator."""
    defaults: dict[str, Any] = {"duty": Duty.DAILY, "due": DAY, "plan": "plan-1", "owed": {"3000": 1}}
    return Sheet(person=who, **defaults | fields)


def week_and_month(who: str = "P1") -> list[Sheet]:
    """The sheets that say there is nothing to do or to close in the week and the month of ``DAY``."""
    week, month = DAY, DAY.replace(day=1)
    return [
        sheet(who, duty=Duty.WEEKLY, due=week - timedelta(days=7), owed={}, closed=True),
        sheet(who, duty=Duty.WEEKLY, due=week, owed={}),
        sheet(who, duty=Duty.MONTHLY, due=month, owed={}),
    ]


def missed(where: str = "E-1", **fields: Any) -> Missed:
    """The marker of ``DAY`` for a target that ``P1`` and ``P2`` share."""
    defaults: dict[str, Any] = {
        "unit": UNIT,
        "duty": Duty.DAILY,
        "due": DAY,
        "kind": "3000",
        "officers": ("P1", "P2"),
        "closed_at": NOW + timedelta(days=1),
    }
    return Missed(target=where, **defaults | fields)


def rollup(**fields: Any) -> Rollup:
    """The first roll-up of ``DAY``: of two elevators of ``P1`` one was missed."""
    counts = Counts(due=2, on_time=1, missed=1, zero_risk=1)
    defaults: dict[str, Any] = {
        "duty": Duty.DAILY,
        "due": DAY,
        "closed_at": NOW + timedelta(days=1),
        "kinds": {"3000": counts},
        "people": {"P1": {"3000": counts}},
    }
    return Rollup(**defaults | fields)


def record(who: str = "P1", where: str = "E-1", **fields: Any) -> Record:
    """An on-time record of ``DAY``, the first of its chain, without answers."""
    defaults: dict[str, Any] = {
        "unit": UNIT,
        "target_name": "1 号客梯",
        "location": "A 座大堂",
        "unit_kind": UnitKind.USE,
        "kind": "3000",
        "duty": Duty.DAILY,
        "due": DAY,
        "person_name": f"示例人员{who}",
        "state": TargetState.IN_USE,
        "received_at": NOW,
        "payload": "p" * 64,
        "seq": 1,
        "signature": f"{who}.{HEX}",
    }
    return Record(person=who, target=where, **defaults | fields)


def hazard(who: str = "P1", where: str = "E-1", item: str = "EL-D-01", **fields: Any) -> Hazard:
    """A general hazard found in the daily control, waiting for an order."""
    found_at = fields.get("found_at", NOW)
    defaults: dict[str, Any] = {
        "id": hazard_id(found_at, where, item, who),
        "unit": UNIT,
        "target_name": "1 号客梯",
        "location": "A 座大堂",
        "unit_kind": UnitKind.USE,
        "kind": "3000",
        "duty": Duty.DAILY,
        "requirement": "轿厢内报警装置有效",
        "sentence": "轿厢内报警装置失效",
        "finder_name": f"示例人员{who}",
        "found_at": found_at,
        "record": f"daily.{DAY}.v01",
        "grade": Grade.GENERAL,
        "handling": Handling.PENDING,
    }
    return Hazard(finder=who, target=where, item=item, **defaults | fields)


def submission(what: Record | None = None, **fields: Any) -> Submission:
    """A record on its way: by its own person, judged by the head before it, closing his own row."""
    what = what or record()
    defaults: dict[str, Any] = {
        "membership": membership(what.person),
        "head": Head(seq=what.seq - 1, hash=what.previous),
        "close": (what.person,),
    }
    return Submission(record=what, **defaults | fields)


def order(of: Hazard, **fields: Any) -> Step:
    """The order of director ``D1`` that follows a report; its finder is to rectify it."""
    defaults: dict[str, Any] = {
        "version": of.version + 1,
        "act": Act.ORDER,
        "state": HazardState.ORDERED,
        "by": "D1",
        "by_name": "示例人员D1",
        "at": NOW + timedelta(hours=1),
        "text": "三日内更换报警装置",
        "assignee": of.finder,
        "deadline": DAY + timedelta(days=3),
    }
    return Step(hazard=of.id, **defaults | fields)


def confirmation(of: Hazard, **fields: Any) -> Step:
    """The assignee (or, before an order, the finder) says that it is done."""
    who = of.assignee or of.finder
    defaults: dict[str, Any] = {
        "version": of.version + 1,
        "act": Act.RECTIFICATION,
        "state": HazardState.RECTIFIED,
        "by": who,
        "by_name": f"示例人员{who}",
        "at": NOW + timedelta(hours=2),
        "text": "已更换，试验有效",
    }
    return Step(hazard=of.id, **defaults | fields)


def move(of: Hazard, step: Step, **fields: Any) -> Move:
    """``step`` on its way, from ``of`` as the caller saw it."""
    role = Role.OFFICER if step.state is HazardState.RECTIFIED else Role.DIRECTOR
    defaults: dict[str, Any] = {
        "membership": membership(step.by, role),
        "digest": f"digest-of-{step.state}-{step.version}",
        "seen_version": of.version,
        "seen_grade": of.grade,
        "from_state": of.state,
        "assignee_only": role is Role.OFFICER,
        "duty": of.duty,
    }
    return Move(step=step, **defaults | fields)


def upload(who: str = "P1", **fields: Any) -> Upload:
    """A photo whose policy was just signed."""
    defaults: dict[str, Any] = {
        "unit": UNIT,
        "file": f"{who}.{HEX}",
        "kind": FileKind.PHOTO,
        "content_type": "image/jpeg",
        "requested_at": NOW,
        "verdict": Verdict.PENDING,
    }
    return Upload(person=who, **defaults | fields)


def report(kind: str = "3000", **fields: Any) -> Report:
    """The weekly report of elevators that director ``D1`` signs on ``DAY``, the first of its chain."""
    week = (DAY - timedelta(days=7), DAY - timedelta(days=1))
    defaults: dict[str, Any] = {
        "unit": UNIT, "unit_kind": UnitKind.USE, "duty": Duty.WEEKLY_REPORT, "due": DAY, "n": 1,
        "title": "每周电梯安全排查治理报告", "person": "D1", "person_name": "示例人员D1", "role": Role.DIRECTOR,
        "received_at": NOW, "payload": "c" * 64, "seq": 1, "numbers": Numbers(*week, found={Grade.SERIOUS: 1}),
        "focus": "检查机房防水。", "signature": f"D1.{HEX}",
    }  # fmt: skip
    return Report(kind=kind, **defaults | fields)


def minutes(**fields: Any) -> Minutes:
    """What director ``D1`` submits on ``DAY`` of a meeting about elevators."""
    defaults: dict[str, Any] = {
        "id": minutes_id(DAY.replace(day=1), "d" * 64, "D1"), "unit": UNIT, "due": DAY.replace(day=1),
        "kinds": ("3000",),
        "meeting_at": NOW - timedelta(hours=1), "focus": "完成更换。", "by": "D1", "by_name": "示例人员D1",
        "payload": "d" * 64, "text": "听取了本月情况。",
    }  # fmt: skip
    return submitted(Minutes(**defaults | fields), NOW)


def filing(*reports: Report, **fields: Any) -> Filing:
    """Director ``D1`` files on ``DAY``, his own rows with it."""
    defaults: dict[str, Any] = {
        "membership": membership("D1", Role.DIRECTOR), "duty": Duty.WEEKLY_REPORT, "due": DAY, "sides": USE,
        "by_name": "示例人员D1", "at": NOW, "heads": {one.kind: Head() for one in reports},
        "close": {one.kind: ("D1#director",) for one in reports}, "counted": tuple(one.kind for one in reports),
    }  # fmt: skip
    return Filing(reports=reports, **defaults | fields)
