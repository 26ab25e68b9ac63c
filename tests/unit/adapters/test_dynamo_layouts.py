"""Items as they lie in the tables. What was ever written must stay readable: add to this file, change nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zlib import compress

import pytest

from schemas.language import (
    Act,
    Duty,
    Fate,
    FileKind,
    Grade,
    Handling,
    HazardState,
    PersonState,
    Role,
    Stamp,
    TargetState,
    TaskState,
    UnitKind,
    Verdict,
)
from tean.adapters.dynamo import (
    access_codec,
    codec,
    count_codec,
    hazard_codec,
    record_codec,
    registry_codec,
    report_codec,
    task_codec,
    upload_codec,
)
from tean.adapters.models import Table
from tean.adapters.ports.access import AppToken
from tean.domain.files import Upload
from tean.domain.hazards import Hazard, Step
from tean.domain.months import PeopleMonth
from tean.domain.outcomes import Outcome, Outcomes
from tean.domain.records import Head
from tean.domain.registry import Person, Target, Unit
from tean.domain.rollups import Counts, Rollup
from tean.domain.tasks import Missed, Row, Sheet
from tests.fakes import builders

U = "91990000MA00000008"
AT = datetime(2026, 11, 23, 1, 30, 15, 123000, tzinfo=UTC)
DAY = date(2026, 11, 23)
H = "20261123T013015123Z.E-1.EL-D-01.P1"
FILE = "P1.0123456789abcdef0123456789abcdef"

UNIT_1 = {"pk": U, "sk": "unit", "v": 1, "version": "r1", "body": '{"name":"示例大厦","kinds":["use"]}'}
PERSON_1 = {
    "pk": U, "sk": "P#P1", "v": 1, "state": "dismissed", "roles": ["officer", "officer#use", "administrator"],
    "body": '{"name":"示例人员","phone":"hash","phone_tail":"0001","kinds":["3000"]}',
}  # fmt: skip
TARGET_1 = {
    "pk": U, "sk": "T#E-1", "v": 1, "unit_kind": "use", "kind": "3000", "officers": ["P2", "P1"],
    "state": "suspended", "state_reason": "大修", "removed": False,
    "body": '{"name":"1 号客梯","subtype":"3100","next_inspection":"2027-05-31","identifiers":{"device_code":"3"}}',
}  # fmt: skip
ROW_1 = {
    "pk": f"{U}#P1", "sk": "2026-11-23#daily#E-1", "v": 1, "due": "2026-11-23", "state": "late", "closed_by": "P2",
    "closed_at": "2026-11-23T01:30:15.123Z",
    "body": '{"name":"1 号客梯","location":"A 座","unit_kind":"use","kind":"3000","target_state":"suspended"}',
}  # fmt: skip
ROW_1_CLOSED = {
    **ROW_1, "closed_by_name": "示例人员", "target_state": "in_use", "stamp": "no_new_hazard", "fails": 3,
}  # fmt: skip
SHEET_1 = {
    "pk": f"{U}#P1", "sk": "2026-11-23#daily", "v": 1, "plan": "p", "owed": {"3000": 2}, "done": {"3000": 1},
    "suspended": {}, "unit": U, "sheet": "daily#2026-11-23#P1",
}  # fmt: skip
ROW_1_MISSED = {**ROW_1_CLOSED, "missed_at": "2026-11-23T16:05:00.000Z"}
SHEET_1_CLOSED = {**SHEET_1, "crew": 2, "closed": True}
MISSED_1 = {
    "pk": f"{U}#E-1", "sk": "daily#2026-11-23#missed", "v": 1,
    "body": '{"kind":"3000","officers":["P1"],"closed_at":"2026-11-23T01:30:15.123Z","asked":false}',
}  # fmt: skip
ROLLUP_1 = {
    "pk": U, "sk": "day#2026-11-23", "v": 1, "version": 2, "final": True,
    "body": '{"closed_at":"2026-11-23T01:30:15.123Z","kinds":{"3000":{"due":2,"late":1,"missed":1}},'
    '"people":{"P1":{"3000":{"due":1,"missed":1}}},"asked":false}',
}  # fmt: skip
TALLY_1 = {
    "pk": U, "sk": "tally#2026-11-29#weekly", "v": 1, "version": 3, "final": True,
    "body": '{"closed_at":"2026-11-23T01:30:15.123Z","kinds":{"3000":{"due":1,"on_time":1}},'
    '"officers":{"3000":{"due":1,"on_time":1}},"inspected":{"3000":2},"unchecked":{"4000":1}}',
}  # fmt: skip
MONTH_1 = {
    "pk": U, "sk": "people#2026-11#daily", "v": 1, "version": 4, "body": '["2026-11-23"]',
    "packed": compress(b'{"D1#director":{"3000":[1,1,0,0,0,0,1,0]},"P1":{"3000":[1,1,0,0,0,0,1,0]}}', level=9),
}  # fmt: skip
OUTCOMES_1 = {
    "pk": U, "sk": "exceptions#weekly#2026-11-29#98", "v": 1, "cut": True,
    "packed": compress(
        '[{"what":"late","target":"3000","name":"电梯","unit_kind":"use","kind":"3000","people":["P1"],'
        '"at":"2026-11-23T01:30:15.123Z","share":"officer-P1"},'
        '{"what":"unchecked","target":"E-1","name":"1 号客梯","unit_kind":"use","kind":"3000","people":["P1","P2"]}]'
        .encode(), level=9,
    ),
}  # fmt: skip
DONE_1 = {
    "pk": U, "sk": "done#daily#2026-11-23#99", "v": 1,
    "packed": compress(
        '[{"what":"on_time","target":"E-1","name":"1 号客梯","unit_kind":"use","kind":"3000","people":["P1"],'
        '"at":"2026-11-23T01:30:15.123Z","zero_risk":true}]'.encode(), level=9,
    ),
}  # fmt: skip
ROLLUP_2 = {
    **ROLLUP_1, "v": 2,
    "body": '{"closed_at":"2026-11-23T01:30:15.123Z","kinds":{"3000":{"due":2,"late":1,"missed":1}},"asked":false}',
    "packed": b"x\xda\xabV\n0T\xb2\xaaV2600P\xb2\x8a6\xd41\x00B\x08\t\x84\xb1\xb5\xb5\x00~\xaf\x07\x9f",
}  # fmt: skip
"""Since everybody's numbers are packed."""
ROLLUP_2_LIST = {**ROLLUP_2, "body": f'{str(ROLLUP_2["body"])[:-1]},"lists":["d"]}}'}
ROLLUP_3 = {
    **ROLLUP_2_LIST, "v": 3,
    "body": f'{str(ROLLUP_2["body"])[:-1]},"lists":{{"exceptions":["d"],"done":["e"]}}}}',
}  # fmt: skip
"""Since there is more than one list."""
HEAD_1 = {
    "pk": f"{U}#E-1", "sk": "head", "v": 1, "seq": 7, "hash": "a" * 64,
    "open_general": 0, "open_serious": 2, "open_major": 0,
}  # fmt: skip
HAZARD_1 = {
    "pk": U, "sk": H, "v": 1, "state": "ordered", "version": 2, "grade": "serious", "duty": "daily",
    "unit_kind": "use", "kind": "3000", "finder": "P1", "assignee": "P2", "deadline": "2026-11-26", "last_step": "d",
    "queue": f"{U}#daily#ordered", "mine": f"{U}#P2#ordered", "at": f"2026-11-26#{H}",
    "open": U, "open_at": f"3000#E-1#{H}",
    "body": '{"target":"E-1","target_name":"1 号客梯","location":"","item":"EL-D-01","requirement":"有效",'
    '"sentence":"失效","finder_name":"示例人员","found_at":"2026-11-23T01:30:15.123Z",'
    '"record":"daily.2026-11-23.v01","handling":"pending","photos":["' + FILE + '"]}',
}  # fmt: skip
STEP_1 = {
    "pk": U, "sk": f"{H}#02", "v": 1,
    "body": '{"state":"ordered","by":"D1","by_name":"示例人员","at":"2026-11-23T01:30:15.123Z","text":"更换",'
    '"act":"order","assignee":"P2","deadline":"2026-11-26"}',
}  # fmt: skip
STEP_0 = STEP_1 | {"body": str(STEP_1["body"]).replace('"act":"order",', "")}
"""Before a step said what it did."""
UPLOAD_1 = {
    "pk": f"{U}#P1", "sk": FILE, "v": 1, "kind": "photo", "verdict": "verified",
    "body": '{"content_type":"image/jpeg","requested_at":"2026-11-23T01:30:15.123Z","sha256":"a","size":9}',
}  # fmt: skip
UPLOAD_1_PENDING = {
    "pk": f"{U}#P1", "sk": FILE, "v": 1, "kind": "photo", "verdict": "pending",
    "pending": "pending#07", "look_at": "2026-11-23T01:45:15.123Z",
    "body": '{"content_type":"image/jpeg","requested_at":"2026-11-23T01:30:15.123Z","target":"E-1"}',
}  # fmt: skip
TOKEN_1 = {"pk": "wechat#app", "sk": "token", "v": 1, "token": "t", "ends": "2026-11-23T01:30:15.123Z"}
RECORD_1 = {
    "pk": f"{builders.UNIT}#E-1", "sk": "daily#2026-11-23#v01", "v": 1, "person": "P1", "body": builders.record().text,
}  # fmt: skip

REPORT_1 = {
    "pk": f"{builders.UNIT}#3000", "sk": "weekly_report#2026-11-23#director#01", "v": 1, "person": "D1",
    "body": '{"due":"2026-11-23","duty":"weekly_report","focus":"检查机房防水。","kind":"3000","n":1,'
    '"numbers":{"found":{"serious":1},"since":"2026-11-16","until":"2026-11-22"},"payload":"' + "c" * 64 + '",'
    '"person":"D1","person_name":"示例人员D1","received_at":"2026-11-23T01:30:15.123Z","role":"director","seq":1,'
    '"signature":"D1.' + builders.HEX + '","title":"每周电梯安全排查治理报告","unit":"' + builders.UNIT + '",'
    '"unit_kind":"use"}',
}  # fmt: skip
MINUTES_1 = {
    "pk": f"{builders.UNIT}#minutes", "sk": "2026-11-01.dddddddddddddddd.D1", "v": 1, "version": 1,
    "state": "submitted",
    "body": '{"due":"2026-11-01","kinds":["3000"],"meeting_at":"2026-11-23T00:30:15.123Z","focus":"完成更换。",'
    '"by":"D1","by_name":"示例人员D1","payload":"' + "d" * 64 + '","text":"听取了本月情况。","steps":[{"act":"submit",'
    '"version":1,"by":"D1","by_name":"示例人员D1","at":"2026-11-23T01:30:15.123Z","payload":"' + "d" * 64 + '"}]}',
}  # fmt: skip
MINUTES_1_VERSION = MINUTES_1 | {"sk": "2026-11-01.dddddddddddddddd.D1#v01"}

UNIT = Unit(U, "示例大厦", frozenset({UnitKind.USE}))
PERSON = Person(
    "P1", "示例人员", "hash", "0001", {Role.OFFICER: frozenset({UnitKind.USE}), Role.ADMINISTRATOR: frozenset()},
    frozenset({"3000"}), PersonState.DISMISSED,
)  # fmt: skip
TARGET = Target(
    "E-1", "1 号客梯", UnitKind.USE, "3000", "3100", "", ("P2", "P1"), TargetState.SUSPENDED, "大修", date(2027, 5, 31),
    False, {"device_code": "3"},
)  # fmt: skip
ROW = Row(
    "P1", Duty.DAILY, DAY, "E-1", "1 号客梯", "A 座", UnitKind.USE, "3000", TargetState.SUSPENDED, TaskState.LATE, "P2",
    AT,
)  # fmt: skip
CLOSED = replace(ROW, target_state=TargetState.IN_USE, closed_by_name="示例人员", stamp=Stamp.NO_NEW_HAZARD, fails=3)
SHEET = Sheet("P1", Duty.DAILY, DAY, "p", {"3000": 2}, {"3000": 1})
MISSED = Missed(U, "E-1", Duty.DAILY, DAY, "3000", ("P1",), AT, asked=False)
ROLLUP = Rollup(
    Duty.DAILY, DAY, AT, {"3000": Counts(due=2, late=1, missed=1)}, {"P1": {"3000": Counts(due=1, missed=1)}},
    asked=False, final=True, version=2,
)  # fmt: skip
LISTED = replace(ROLLUP, lists={"exceptions": ("d",), "done": ("e",)})
ONE = Counts(due=1, on_time=1)
TALLY = Rollup(
    Duty.WEEKLY, DAY, AT, {"3000": ONE}, final=True, version=3, officers={"3000": ONE}, inspected={"3000": 2},
    unchecked={"4000": 1},
)  # fmt: skip
CLEAN = {"3000": replace(ONE, zero_risk=1)}
MONTH = PeopleMonth(Duty.DAILY, DAY.replace(day=1), {"D1#director": CLEAN, "P1": CLEAN}, (DAY,), 4)
DONE = Outcomes(
    "done", Duty.DAILY, DAY,
    entries=(Outcome(Fate.ON_TIME, "E-1", "1 号客梯", UnitKind.USE, "3000", ("P1",), AT, zero_risk=True),),
)  # fmt: skip
OUTCOMES = Outcomes(
    "exceptions", Duty.WEEKLY, DAY, 1,
    (
        Outcome(Fate.LATE, "3000", "电梯", UnitKind.USE, "3000", ("P1",), AT, "officer-P1"),
        Outcome(Fate.UNCHECKED, "E-1", "1 号客梯", UnitKind.USE, "3000", ("P1", "P2")),
    ),
    cut=True,
)  # fmt: skip
HAZARD = Hazard(
    H, U, "E-1", "1 号客梯", "", UnitKind.USE, "3000", Duty.DAILY, "EL-D-01", "有效", "失效", "P1", "示例人员", AT,
    "daily.2026-11-23.v01", Grade.SERIOUS, Handling.PENDING, (FILE,), state=HazardState.ORDERED, version=2,
    assignee="P2", deadline=date(2026, 11, 26), last_step="d",
)  # fmt: skip
STEP = Step(H, 2, HazardState.ORDERED, "D1", "示例人员", AT, "更换", Act.ORDER, "P2", date(2026, 11, 26))
UPLOAD = Upload(U, "P1", FILE, FileKind.PHOTO, "image/jpeg", AT, Verdict.VERIFIED, sha256="a", size=9)
PENDING = Upload(
    U, "P1", FILE, FileKind.PHOTO, "image/jpeg", AT, target="E-1", look_at=AT + timedelta(minutes=15)
)  # fmt: skip

READ: list[tuple[Callable[[codec.Item], object], codec.Item, object]] = [
    (registry_codec.read_unit, UNIT_1, UNIT),
    (registry_codec.read_person, PERSON_1, PERSON),
    (registry_codec.read_target, TARGET_1, TARGET),
    (task_codec.read_row, ROW_1, ROW),
    (task_codec.read_row, ROW_1_CLOSED, CLOSED),
    (task_codec.read_row, ROW_1_MISSED, replace(CLOSED, missed_at=datetime(2026, 11, 23, 16, 5, tzinfo=UTC))),
    (task_codec.read_sheet, SHEET_1, SHEET),
    (task_codec.read_sheet, SHEET_1_CLOSED, replace(SHEET, crew=2, closed=True)),
    (record_codec.read_missed, MISSED_1, MISSED),
    (partial(count_codec.read_rollup, duty=Duty.DAILY), ROLLUP_1, ROLLUP),
    (partial(count_codec.read_rollup, duty=Duty.DAILY), ROLLUP_2, ROLLUP),
    (partial(count_codec.read_rollup, duty=Duty.DAILY), ROLLUP_2_LIST, replace(ROLLUP, lists={"exceptions": ("d",)})),
    (partial(count_codec.read_rollup, duty=Duty.DAILY), ROLLUP_3, LISTED),
    (count_codec.read_tally, TALLY_1, TALLY),
    (count_codec.read_month, MONTH_1, MONTH),
    (count_codec.read_outcomes, OUTCOMES_1, OUTCOMES),
    (count_codec.read_outcomes, DONE_1, DONE),
    (record_codec.read_head, HEAD_1, Head(7, "a" * 64, {Grade.SERIOUS: 2})),
    (record_codec.read_record, RECORD_1, builders.record()),
    (hazard_codec.read_hazard, HAZARD_1, HAZARD),
    (hazard_codec.read_step, STEP_1, STEP),
    (hazard_codec.read_step, STEP_0, STEP),
    (report_codec.read_report, REPORT_1, builders.report()),
    (report_codec.read_minutes, MINUTES_1, builders.minutes()),
    (report_codec.read_minutes, MINUTES_1_VERSION, builders.minutes()),
    (upload_codec.read_upload, UPLOAD_1, UPLOAD),
    (upload_codec.read_upload, UPLOAD_1_PENDING, PENDING),
    (access_codec.read_app_token, TOKEN_1, AppToken("t", AT)),
]
WRITTEN: list[tuple[Table, codec.Item]] = [
    (registry_codec.unit_item(UNIT, "r1"), UNIT_1),
    (registry_codec.person_item(U, PERSON), PERSON_1),
    (task_codec.row_item(U, ROW), ROW_1),
    (task_codec.sheet_item(U, SHEET), SHEET_1),
    (task_codec.sheet_item(U, replace(SHEET, crew=2, closed=True)), SHEET_1_CLOSED),
    (count_codec.rollup_item(U, LISTED), ROLLUP_3),
    (count_codec.tally_item(U, replace(TALLY, people={"P1": CLEAN}, lists={"done": ("d",)})), TALLY_1),
    (count_codec.month_item(U, MONTH), MONTH_1),
    (count_codec.outcomes_item(U, OUTCOMES), OUTCOMES_1),
    (count_codec.outcomes_item(U, DONE), DONE_1),
    (record_codec.record_item(builders.record()), RECORD_1),
    (hazard_codec.hazard_item(HAZARD), HAZARD_1),
    (hazard_codec.step_item(U, STEP), STEP_1),
    (report_codec.report_item(builders.report()), REPORT_1),
    (report_codec.minutes_item(builders.minutes()), MINUTES_1),
    (report_codec.minutes_version_item(builders.minutes()), MINUTES_1_VERSION),
    (upload_codec.upload_item(PENDING), UPLOAD_1_PENDING),
    (upload_codec.upload_item(UPLOAD), UPLOAD_1),
    (access_codec.app_token_item(AppToken("t", AT)), TOKEN_1),
]


def _named(cases: list[Any]) -> list[str]:
    return [next(part["sk"] for part in case if isinstance(part, dict)) for case in cases]


@pytest.mark.parametrize(("read", "item", "meaning"), READ, ids=_named(READ))
def test_every_layout_is_read(read: Callable[[codec.Item], object], item: codec.Item, meaning: object) -> None:
    assert read(item) == meaning


@pytest.mark.parametrize(("written", "item"), WRITTEN, ids=_named(WRITTEN))
def test_what_is_written_is_the_newest_layout(written: Table, item: codec.Item) -> None:
    there = dict(codec.plain(written.serialize()))

    assert _without_order(there) == _without_order(item)


def test_the_body_of_a_target_is_the_first_layout() -> None:
    assert registry_codec.target_body(TARGET) == TARGET_1["body"]


def test_the_body_of_a_marker_is_the_first_layout() -> None:
    assert record_codec.missed_body(MISSED) == MISSED_1["body"]


def test_a_rectified_hazard_has_no_place_among_the_open() -> None:
    item = hazard_codec.hazard_item(builders.hazard(state=HazardState.RECTIFIED, rectified_at=AT))

    assert not {"open", "open_at"} & item.serialize().keys()
    assert item.at == f"2026-11-23T01:30:15.123Z#{H}"


@pytest.mark.parametrize(("grade", "first"), [(Grade.MAJOR, "7"), (Grade.SERIOUS, "8"), (Grade.GENERAL, "9")])
def test_reported_hazards_sort_by_grade_and_then_by_age(grade: Grade, first: str) -> None:
    assert hazard_codec.hazard_item(builders.hazard(grade=grade)).at == f"{first}#2026-11-23T01:30:15.123Z#{H}"


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_layout_of_another_release_is_never_guessed(version: int) -> None:
    with pytest.raises(codec.UnknownLayout, match=f"layout {version}"):
        task_codec.read_row({**ROW_1, "v": version})


def test_every_layout_has_a_reader_of_its_own() -> None:
    read = codec.by_version(lambda item: f"old {item['x']}", lambda item: f"new {item['x']}")

    assert [read({"v": version, "x": "thing"}) for version in (1, 2)] == ["old thing", "new thing"]


def _without_order(item: codec.Item) -> codec.Item:
    return {**item, "roles": set(item["roles"])} if "roles" in item else item
