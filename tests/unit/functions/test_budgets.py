"""The budgets of design.md §5, from the route down to the wire: exact numbers, every request counted."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas import checklists
from schemas.events import OpenUnit
from schemas.language import Duty, FileKind, Role, Stamp, TaskState, Verdict
from tean.adapters.ports.days import PutRow, PutSheet
from tean.domain.calendar import closes_at, current
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, UNIT
from tests.fakes.dynamo import moto_store, watch
from tests.unit.functions.conftest import Api, installed

LIST = checklists.current("4000", Duty.DAILY)
ITEMS = LIST.items_for("4100")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The app over the real adapter, with one bridge crane to check today."""
    with moto_store() as store:
        scenes.enrol(store, builders.target(kind="4000", subtype="4100", officers=("P1",)))
        scenes.open_day(store, people=("P1",))
        store.write_day(UNIT, [PutSheet(builders.sheet(due=DAY - timedelta(days=1), closed=True))])
        store.write_day(UNIT, list(map(PutSheet, builders.week_and_month())))
        yield installed(Api(store), monkeypatch)


def verified(api: Api, kind: FileKind, hex: str) -> str:
    upload = builders.upload(kind=kind, file=f"P1.{hex * 32}")
    scenes.begun(api.store, upload)
    api.store.settle(replace(upload, verdict=Verdict.VERIFIED, sha256="a" * 64, size=1))
    return upload.file


def submission(api: Api) -> dict[str, Any]:
    """Every item of a bridge crane's day, one of them failed with a photo and reported upwards."""
    answers: list[dict[str, Any]] = [{"item": item.code, "result": "pass", "seconds": 4} for item in ITEMS]
    answers[0] |= {"result": "fail", "handling": "pending", "photos": [verified(api, FileKind.PHOTO, "a")]}
    return {
        "target": "E-1", "duty": "daily", "due": DAY.isoformat(), "state": "in_use", "checklist": LIST.sha256,
        "answers": answers, "signature": verified(api, FileKind.SIGNATURE, "b"), "remark": "当班检查，轿厢照明偏暗。",
    }  # fmt: skip


def submitted(api: Api) -> str:
    reply = api.call("POST", "/v1/inspections", submission(api), api.token())
    assert reply.status == 201, reply.text
    return str(reply.json["hazards"][0])


def order(hazard: str) -> dict[str, Any]:
    grade = ITEMS[0].grade
    return {"seen": {"version": 1, "grade": grade}, "measures": "三日内更换并复查", "deadline": DAY.isoformat()}


def test_a_to_do_page_of_fifty_is_one_query_and_few_bytes(api: Api) -> None:
    rows = [builders.row(where=f"E-{n:03d}", name=f"{n} 号乘客电梯", location="示例大厦 A 座大堂") for n in range(60)]
    api.store.write_day(UNIT, [PutRow(row) for row in rows])
    with watch() as wire:
        reply = api.call("GET", "/v1/todos", token=api.token())
    assert (wire.operations, len(reply.json["items"])) == (["Query"], 50)
    assert_light(reply.text)


def test_a_to_do_page_of_fifty_done_rows_is_no_heavier_than_it_may_be(api: Api) -> None:
    """Each says everything a row can say at its longest: checked by one of three colleagues, with the longer stamp."""
    rows = [
        builders.row(
            where=f"E-{n:03d}", name=f"{n} 号乘客电梯", location="示例大厦 A 座大堂", state=TaskState.DONE,
            closed_by=f"P{n % 3 + 2}", closed_by_name=f"示例人员P{n % 3 + 2}",
            closed_at=builders.NOW + n * timedelta(seconds=137), stamp=Stamp.NO_NEW_HAZARD,
        )
        for n in range(60)
    ]  # fmt: skip
    api.store.write_day(UNIT, [PutRow(row) for row in rows])
    with watch() as wire:
        reply = api.call("GET", "/v1/todos", token=api.token())
    assert wire.operations == ["Query"]
    assert [todo["stamp"] for todo in reply.json["items"] if todo["closed_at"]] == ["no_new_hazard"] * 50
    assert_light(reply.text)


def assert_light(text: str) -> None:
    assert len(text.encode()) <= 12 * 1024
    assert len(gzip.compress(text.encode())) <= 2 * 1024


@pytest.mark.parametrize(("role", "who"), [(Role.DIRECTOR, "D1"), (Role.PRINCIPAL, "B1")])
def test_the_state_of_a_day_is_one_query_of_its_sheets_however_many_there_are(api: Api, role: Role, who: str) -> None:
    sheets = [builders.sheet(f"O{n:02d}", owed={"3000": 3}, done={"3000": 1}, suspended={"3000": 1}) for n in range(60)]
    api.store.write_day(UNIT, [PutSheet(sheet) for sheet in sheets])
    submitted(api)
    with watch() as wire:
        reply = api.call("GET", "/v1/progress/daily", token=api.token(role, person=who))
    assert reply.json == {
        "today": DAY.isoformat(),
        "due": DAY.isoformat(),
        "owed": 181,
        "done": 61,
        "suspended": 60,
        "officers": [],
    }
    assert (wire.operations, wire.calls[0].request["IndexName"]) == (["Query"], "sheets")


def test_opening_a_task_is_one_batch_get(api: Api) -> None:
    with watch() as wire:
        reply = api.call("GET", f"/v1/tasks/daily/{DAY}/E-1", token=api.token())
    assert (reply.status, wire.operations) == (200, ["BatchGetItem"])
    assert len(reply.json["checklist"]["items"]) == len(ITEMS)


def test_opening_a_task_that_was_recorded_reads_its_versions_too(api: Api) -> None:
    submitted(api)
    with watch() as wire:
        reply = api.call("GET", f"/v1/tasks/daily/{DAY}/E-1", token=api.token())
    assert (reply.json["done"]["person"], wire.operations) == ("P1", ["BatchGetItem", "Query"])


def test_a_submission_is_one_read_and_one_transaction_within_its_write_units(api: Api) -> None:
    body = submission(api)
    with watch(priced=True) as wire:
        reply = api.call("POST", "/v1/inspections", body, api.token())
    assert (reply.status, wire.operations) == (201, ["BatchGetItem", "TransactWriteItems"])
    assert len(ITEMS) == 12
    assert wire.write_units == 18, wire.price(wire.calls[-1])


def test_a_submission_that_stops_its_target_is_within_the_same_bounds(api: Api) -> None:
    """Its target is written too, and once more where it lies by its date."""
    body = submission(api)
    body["answers"][0]["grade"] = "major"
    with watch(priced=True) as wire:
        reply = api.call("POST", "/v1/inspections", body | {"stop_use": True}, api.token())
    assert (reply.status, wire.operations) == (201, ["BatchGetItem", "TransactWriteItems"])
    assert wire.write_units == 21, wire.price(wire.calls[-1])


def test_a_submission_sent_again_writes_nothing(api: Api) -> None:
    body = submission(api)
    first = api.call("POST", "/v1/inspections", body, api.token())
    with watch() as wire:
        again = api.call("POST", "/v1/inspections", body, api.token())
    assert (wire.operations, again.text) == (["BatchGetItem"], first.text)


def test_an_order_is_one_transaction_and_no_read(api: Api) -> None:
    hazard = submitted(api)
    with watch() as wire:
        reply = api.call("POST", f"/v1/hazards/{hazard}/order", order(hazard), api.token(Role.DIRECTOR, person="D1"))
    assert (reply.status, wire.operations) == (200, ["TransactWriteItems"]), reply.text


def test_a_rectification_is_one_transaction_and_no_read(api: Api) -> None:
    hazard = submitted(api)
    api.call("POST", f"/v1/hazards/{hazard}/order", order(hazard), api.token(Role.DIRECTOR, person="D1"))
    photo = verified(api, FileKind.PHOTO, "c")
    seen = {"version": 2, "grade": ITEMS[0].grade}
    with watch() as wire:
        reply = api.call(
            "POST", f"/v1/hazards/{hazard}/rectification",
            {"seen": seen, "result": "已更换，复查合格", "photos": [photo]}, api.token(),
        )  # fmt: skip
    assert (reply.status, wire.operations) == (200, ["TransactWriteItems"]), reply.text
    assert not scenes.head_of(api.store).has_open_hazards


def test_an_upload_is_one_write_and_no_call_to_storage(api: Api) -> None:
    body = {"kind": "photo", "content_type": "image/jpeg", "size": 1000}
    with watch() as wire:
        reply = api.call("POST", "/v1/uploads", body, api.token())
    assert (reply.status, wire.operations) == (201, ["TransactWriteItems"])
    with watch() as wire:
        api.call("POST", "/v1/uploads", body, api.token(person="P2"))
    his = {key for key in wire.keys if "P2" in "".join(key)}
    assert wire.keys == his, "two people who send files at the same time never meet"


def test_a_records_page_is_one_query_behind_the_look_at_its_target(api: Api) -> None:
    """ADR 3: who may see it stands in the target."""
    submitted(api)
    with watch() as wire:
        reply = api.call("GET", "/v1/targets/E-1/records", token=api.token())
    assert (len(reply.json["items"]), wire.operations) == (1, ["GetItem", "Query"])


def test_a_hazard_page_is_one_query(api: Api) -> None:
    submitted(api)
    with watch() as wire:
        reply = api.call("GET", "/v1/hazards?state=reported", token=api.token(Role.DIRECTOR, person="D1"))
    assert (len(reply.json["items"]), wire.operations) == (1, ["Query"])


def test_the_grave_ones_of_what_was_ordered_are_one_query(api: Api) -> None:
    hazard = submitted(api)
    api.call("POST", f"/v1/hazards/{hazard}/order", order(hazard), api.token(Role.DIRECTOR, person="D1"))
    for grade, count in (("serious", 1), ("major", 0)):
        with watch() as wire:
            reply = api.call("GET", f"/v1/hazards?state=ordered&grade={grade}", token=api.token(Role.PRINCIPAL))
        assert (len(reply.json["items"]), wire.operations) == (count, ["Query"])


def test_an_order_of_a_principal_who_stands_in_is_one_transaction_too(api: Api) -> None:
    hazard = submitted(api)
    token = api.token(Role.PRINCIPAL, person="B1", stands_in=frozenset({"4000"}))
    with watch() as wire:
        reply = api.call("POST", f"/v1/hazards/{hazard}/order", order(hazard), token)
    assert (reply.status, wire.operations) == (200, ["TransactWriteItems"]), reply.text


# --- weeks and months -----------------------------------------------------------------------------------------------


@pytest.fixture
def week(api: Api) -> Api:
    """The week is open for an officer with one bridge crane, a director, a principal and an administrator."""
    people = [
        builders.person("P1"), builders.person("D1", Role.DIRECTOR), builders.person("B1", Role.PRINCIPAL),
        builders.person("G1", Role.ADMINISTRATOR),
    ]  # fmt: skip
    whole = builders.roster(people, [builders.target(kind="4000", subtype="4100", officers=("P1",))])
    unit = replace(whole.unit, target_kinds=whole.target_kinds)
    api.store.apply(builders.changes(whole, unit=unit))
    for duty in (Duty.WEEKLY, Duty.MONTHLY):
        api.days.open(OpenUnit(unit=UNIT, duty=duty, due=current(duty, api.clock())))
    return api


def weekly(api: Api, **fields: Any) -> dict[str, Any]:
    """The week of all cranes, one item failed on a crane, reported upwards; nobody signs."""
    asked = checklists.asked(("4000",), Duty.WEEKLY)
    answers: list[dict[str, Any]] = [{"item": item.code, "result": "pass"} for item in asked.items]
    answers[0] |= {"result": "fail", "handling": "pending", "devices": ["E-1"]}
    monday = current(Duty.WEEKLY, api.clock()).isoformat()
    return {
        "target": "4000", "duty": "weekly", "due": monday, "state": "in_use", "checklist": asked.reference,
        "answers": answers,
    } | fields  # fmt: skip


def director(api: Api) -> str:
    return api.token(Role.DIRECTOR, person="D1")


@pytest.mark.parametrize(("role", "who"), [(Role.OFFICER, "P1"), (Role.DIRECTOR, "D1")])
def test_a_weekly_inspection_costs_what_a_daily_one_does(week: Api, role: Role, who: str) -> None:
    token = week.token(role, person=who)
    with watch() as wire:
        task = week.call("GET", f"/v1/tasks/weekly/{weekly(week)['due']}/4000", token=token)
    assert (task.status, wire.operations) == (200, ["BatchGetItem"])
    with watch(priced=True) as wire:
        reply = week.call("POST", "/v1/inspections", weekly(week), token)
    assert (reply.status, wire.operations) == (201, ["BatchGetItem", "TransactWriteItems"]), reply.text
    assert wire.write_units <= 21, wire.price(wire.calls[-1])


def test_how_far_the_officers_are_is_one_query_and_their_names(week: Api) -> None:
    week.call("POST", "/v1/inspections", weekly(week), week.token())
    with watch() as wire:
        reply = week.call("GET", "/v1/progress/weekly", token=director(week))
    assert reply.json["officers"] == [{"person": "P1", "name": "示例人员P1", "owed": 1, "done": 1}]
    assert wire.operations == ["Query", "BatchGetItem"]


def test_what_a_week_found_is_confirmed_by_one_transaction_and_no_read(week: Api) -> None:
    (hazard,) = week.call("POST", "/v1/inspections", weekly(week), week.token()).json["hazards"]
    grade = checklists.asked(("4000",), Duty.WEEKLY).items[0].grade
    upload = builders.upload("D1", file=f"D1.{'c' * 32}", kind=FileKind.PHOTO)
    scenes.begun(week.store, upload)
    week.store.settle(replace(upload, verdict=Verdict.VERIFIED, sha256="a" * 64, size=1))
    seen = {"version": 1, "grade": grade, "duty": "weekly", "devices": ["E-1"]}
    body = {"seen": seen, "result": "已更换", "photos": [upload.file]}
    with watch() as wire:
        reply = week.call("POST", f"/v1/hazards/{hazard}/rectification", body, director(week))
    assert (reply.status, wire.operations) == (200, ["TransactWriteItems"]), reply.text


def test_the_records_of_a_kind_are_one_query_and_one_record_with_its_versions_too(week: Api) -> None:
    record = week.call("POST", "/v1/inspections", weekly(week), week.token()).json["record"]
    with watch() as wire:
        page = week.call("GET", "/v1/targets/4000/records?duty=weekly", token=director(week))
    assert (len(page.json["items"]), wire.operations) == (1, ["Query"])
    with watch() as wire:
        week.call("GET", f"/v1/targets/4000/records/{record}", token=director(week))
    assert wire.operations == ["Query"]


def test_a_correction_is_two_reads_and_one_transaction(week: Api) -> None:
    """It looks first whether it is kept already: what it was judged by may be gone by then."""
    week.call("POST", "/v1/inspections", weekly(week), week.token())
    body = weekly(week, correction={"version": 1, "reason": "漏写"}, remark="补写")
    with watch() as wire:
        reply = week.call("POST", "/v1/inspections", body, week.token())
    assert (reply.status, wire.operations) == (201, ["BatchGetItem", "GetItem", "TransactWriteItems"]), reply.text


def test_a_clean_week_asks_once_whether_anything_of_the_kind_is_open(week: Api) -> None:
    body = weekly(week)
    body["answers"][0] = {"item": body["answers"][0]["item"], "result": "pass"}
    with watch() as wire:
        reply = week.call("POST", "/v1/inspections", body, week.token())
    assert (reply.json["stamp"], wire.operations) == ("zero_risk", ["BatchGetItem", "Query", "TransactWriteItems"])


def test_a_units_own_list_is_edited_by_two_reads_and_one_transaction(week: Api) -> None:
    item = {"group": "环境", "text": "照明完好", "hazard": "照明损坏"}
    token = week.token(Role.ADMINISTRATOR, person="G1")
    for version, reads in ((0, ["Query"]), (1, ["Query", "GetItem"])):
        with watch() as wire:
            reply = week.call("POST", "/v1/custom-lists/weekly/4000", {"version": version, "add": [item]}, token)
        assert (reply.status, wire.operations) == (201, [*reads, "TransactWriteItems"]), reply.text


def test_the_units_own_lists_are_one_query_and_one_batch_get_and_one_of_them_two_reads(week: Api) -> None:
    item = {"group": "环境", "text": "照明完好", "hazard": "照明损坏"}
    token = week.token(Role.ADMINISTRATOR, person="G1")
    week.call("POST", "/v1/custom-lists/weekly/4000", {"version": 0, "add": [item]}, token)
    with watch() as wire:
        lists = week.call("GET", "/v1/custom-lists", token=token).json["items"]
    assert [one["own"] for one in lists if (one["duty"], one["kind"]) == ("weekly", "4000")] == [1]
    assert wire.operations == ["Query", "BatchGetItem"]
    with watch() as wire:
        week.call("GET", "/v1/custom-lists/weekly/4000", token=token)
    assert wire.operations == ["Query", "GetItem"]


def test_what_a_set_up_lacks_is_one_query_of_its_roster_and_few_bytes(week: Api) -> None:
    bare = [builders.target(f"E-{n:03d}", next_inspection=None, subtype=None) for n in range(200)]
    people = [builders.person(code, role) for code, role in (("P1", Role.OFFICER), ("G1", Role.ADMINISTRATOR))]
    week.store.apply(builders.changes(builders.roster(people, bare)))
    token = week.token(Role.ADMINISTRATOR, person="G1")
    with watch() as wire:
        overview = week.call("GET", "/v1/gaps", token=token)
    assert wire.operations == ["Query"]
    assert {one["gap"]: one["count"] for one in overview.json["items"]} == {"undated": 200, "untyped": 200, "idle": 1}
    assert_light(overview.text)
    with watch() as wire:
        page = week.call("GET", "/v1/gaps/undated/use", token=token)
    assert (len(page.json["items"]), wire.operations) == (50, ["Query"])
    assert_light(page.text)


def test_a_task_with_items_of_the_units_own_is_one_read_more_and_its_submission_none(week: Api) -> None:
    item = {"group": "环境", "text": "照明完好", "hazard": "照明损坏"}
    token = week.token(Role.ADMINISTRATOR, person="G1")
    week.call("POST", "/v1/custom-lists/weekly/4000", {"version": 0, "add": [item]}, token)
    week.clock.set(closes_at(current(Duty.WEEKLY, week.clock()), Duty.WEEKLY))
    week.days.open(OpenUnit(unit=UNIT, duty=Duty.WEEKLY, due=current(Duty.WEEKLY, week.clock())))
    body = weekly(week)
    with watch() as wire:
        task = week.call("GET", f"/v1/tasks/weekly/{body['due']}/4000", token=week.token()).json
    assert wire.operations == ["BatchGetItem", "GetItem"]
    body |= {"checklist": task["checklist"]["sha256"]}
    body["answers"].append({"item": "ZDY-4000-W-01", "result": "pass"})
    with watch() as wire:
        reply = week.call("POST", "/v1/inspections", body, week.token())
    assert (reply.status, wire.operations) == (201, ["BatchGetItem", "TransactWriteItems"]), reply.text


# --- nights ---------------------------------------------------------------------------------------------------------


def crew(api: Api, officers: int, targets: int = 150) -> None:
    """So many officers, among whom so many elevators are shared out; today is open."""
    people = [builders.person(f"P{n}") for n in range(officers)]
    held = [builders.target(f"E-{n:03d}", officers=(f"P{n % officers}",)) for n in range(targets)]
    api.store.apply(builders.changes(builders.roster(people, held)))


def night(api: Api) -> int:
    """The run of the next 00:05; how many changes it took."""
    api.clock.set(closes_at(current(Duty.DAILY, api.clock())))
    return run(api)


def run(api: Api) -> int:
    """The run of the day that is on; how many changes it took."""
    return api.days.open(OpenUnit(unit=UNIT, duty=Duty.DAILY, due=current(Duty.DAILY, api.clock())))


@pytest.mark.parametrize("officers", [1, 3, 8])
def test_a_night_is_seven_queries_and_one_for_each_person_and_full_transactions(
    monkeypatch: pytest.MonkeyPatch, officers: int
) -> None:
    """Design.md §5 allows 1 + persons + 4 for the close and two for opening; the first night of a unit asks once more.
    Roster, sheets and roll-ups are three; the four others tell what was found, and what was confirmed of each duty. The
    month that everybody's numbers are summed in is a BatchGet.

    Closed are 150 rows, with as many markers, a sheet for each person and the roll-up; the roll-up of the day before
    is found as it was.
    """
    with moto_store() as store:
        api = installed(Api(store), monkeypatch)
        crew(api, officers)
        run(api)
        night(api)
        with watch() as wire:
            assert night(api) == (150 + 150 + 1 + officers) + (150 + officers)
        assert Counter(wire.operations) == {"Query": 7 + officers, "BatchGetItem": 1, "TransactWriteItems": 4 + 2}
        done = {action.kind for call in wire.calls for action in call.actions if action.table.endswith("-records")}
        assert done == {"Update"}, "all that the manifest lets a night do there"
        with watch() as wire:
            assert run(api) == api.days.repair(UNIT, Duty.DAILY) == 0
        assert wire.operations == 2 * ["Query", "Query"]


def test_a_roster_change_during_the_day_is_two_queries_and_what_the_changed_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with moto_store() as store:
        api = installed(Api(store), monkeypatch)
        crew(api, 3, targets=9)
        run(api)
        night(api)
        crew(api, 3, targets=10)
        with watch() as wire:
            assert run(api) == 2
        assert wire.operations == ["Query", "Query", "Query", "BatchGetItem", "TransactWriteItems"]


def test_a_list_that_finds_its_day_unopened_repairs_it_once(api: Api) -> None:
    """Two days of one month are closed, and summed in it one after the other."""
    api.clock.move(days=1)
    with watch() as wire:
        first = api.call("GET", "/v1/todos", token=api.token())
    assert [todo["state"] for todo in first.json["items"]] == ["missed", "open"]
    assert Counter(wire.operations) == {"Query": 2 + 4 + 4 + 1, "BatchGetItem": 1, "TransactWriteItems": 3}
    with watch() as wire:
        again = api.call("GET", "/v1/todos", token=api.token())
    assert (wire.operations, again.text) == (["Query"], first.text)


# --- reports --------------------------------------------------------------------------------------------------------


@pytest.fixture
def leaders(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """Monday after a week of three kinds; a director and a principal are asked for their reports."""
    kinds = {"E-1": "3000", "E-2": "4000", "E-3": "5000"}
    with moto_store() as store:
        scenes.enrol(store, *(builders.target(code, kind=kind, subtype=None) for code, kind in kinds.items()))
        api = installed(Api(store), monkeypatch)
        api.clock.set(closes_at(DAY - timedelta(days=2)) + timedelta(hours=9))
        for duty in Duty:
            api.days.open(OpenUnit(unit=UNIT, duty=duty, due=current(duty, api.clock())))
        api.clock.set(closes_at(DAY - timedelta(days=1)) + timedelta(hours=9))
        for duty in Duty:
            api.days.open(OpenUnit(unit=UNIT, duty=duty, due=current(duty, api.clock())))
        yield api


def signature_of(api: Api, who: str) -> str:
    upload = builders.upload(who, kind=FileKind.SIGNATURE, file=f"{who}.{'b' * 32}")
    scenes.begun(api.store, upload)
    api.store.settle(replace(upload, verdict=Verdict.VERIFIED, sha256="a" * 64, size=1))
    return upload.file


def test_the_draft_of_a_weekly_report_is_two_queries(leaders: Api) -> None:
    with watch() as wire:
        reply = leaders.call("GET", f"/v1/weekly_reports/{DAY}/3000", token=leaders.token(Role.DIRECTOR, person="D1"))
    assert (reply.status, wire.operations) == (200, ["BatchGetItem", "Query", "Query"]), reply.text


def test_weekly_reports_under_one_signature_are_one_transaction(leaders: Api) -> None:
    token = leaders.token(Role.DIRECTOR, person="D1")
    drafts = [leaders.call("GET", f"/v1/weekly_reports/{DAY}/{kind}", token=token).json for kind in ("3000", "4000")]
    said = {"summary": "平稳。", "evaluation": "under_control", "focus": "防汛。"}
    body = {
        "due": DAY.isoformat(), "signature": signature_of(leaders, "D1"),
        "reports": [{"kind": draft["kind"], "seen": draft["seen"]} | said for draft in drafts],
    }  # fmt: skip
    with watch() as wire:
        reply = leaders.call("POST", "/v1/weekly_reports", body, token)
    assert (reply.status, wire.operations) == (201, ["BatchGetItem", "Query", "Query", "TransactWriteItems"])
    with watch() as wire:
        assert leaders.call("POST", "/v1/weekly_reports", body, token).text == reply.text
    assert wire.operations == ["BatchGetItem"]


def test_the_draft_of_a_months_minutes_is_five_queries_however_many_kinds(leaders: Api) -> None:
    first = DAY.replace(day=1)
    with watch() as wire:
        reply = leaders.call("GET", f"/v1/monthly_reports/{first}", token=leaders.token(Role.PRINCIPAL, person="B1"))
    assert (reply.status, len(reply.json["kinds"])) == (200, 3), reply.text
    assert Counter(wire.operations) == {"Query": 5, "BatchGetItem": 1}


def meeting(api: Api, token: str, **fields: Any) -> dict[str, Any]:
    first = DAY.replace(day=1)
    draft = api.call("GET", f"/v1/monthly_reports/{first}?meeting_at=2026-11-23T01:00:00Z", token=token).json
    kinds = [{"kind": one["kind"], "seen": one["seen"]} for one in draft["kinds"]]
    return {
        "due": first.isoformat(), "kinds": kinds, "meeting_at": "2026-11-23T01:00:00Z", "text": "听取情况。",
        "focus": "防冻。",
    } | fields  # fmt: skip


def test_minutes_are_submitted_sent_back_and_signed_each_by_one_transaction(leaders: Api) -> None:
    head = leaders.token(Role.DIRECTOR, person="D1")
    chief = leaders.token(Role.PRINCIPAL, person="B1")
    body = meeting(leaders, head)
    with watch() as wire:
        reply = leaders.call("POST", "/v1/minutes", body, head)
    # What was drafted, tallies, what is open, what ends soon.
    assert (reply.status, Counter(wire.operations)) == (
        201, {"Query": 4, "BatchGetItem": 1, "TransactWriteItems": 1},
    ), reply.text  # fmt: skip
    minutes = f"/v1/minutes/{reply.json['minutes']}"
    with watch() as wire:
        reply = leaders.call("POST", f"{minutes}/return", {"version": 1, "reason": "补充。"}, chief)
    assert (reply.status, wire.operations) == (200, ["GetItem", "BatchGetItem", "TransactWriteItems"]), reply.text
    revised = body | {"focus": "防冻、防火。", "revises": {"minutes": reply.json["minutes"], "version": 1}}
    assert leaders.call("POST", "/v1/minutes", revised, head).status == 201
    signature = {"version": 2, "kinds": meeting(leaders, chief)["kinds"], "signature": signature_of(leaders, "B1")}
    with watch() as wire:
        reply = leaders.call("POST", f"{minutes}/signature", signature, chief)
    assert (reply.status, Counter(wire.operations)) == (
        201, {"Query": 4, "BatchGetItem": 1, "GetItem": 1, "TransactWriteItems": 1},
    ), reply.text  # fmt: skip
    report = reply.json["reports"][0]
    with watch() as wire:
        reply = leaders.call("GET", f"/v1/reports/{report['kind']}/{report['report']}", token=head)
    assert (reply.status, Counter(wire.operations)) == (200, {"GetItem": 1, "Query": 3}), reply.text


def test_a_principal_who_writes_alone_does_it_by_one_transaction(leaders: Api) -> None:
    chief = leaders.token(Role.PRINCIPAL, person="B1")
    body = meeting(leaders, chief, signature=signature_of(leaders, "B1"))
    with watch() as wire:
        reply = leaders.call("POST", "/v1/monthly_reports", body, chief)
    assert (reply.status, Counter(wire.operations)) == (
        201, {"Query": 4, "BatchGetItem": 1, "TransactWriteItems": 1},
    ), reply.text  # fmt: skip


def test_a_page_of_reports_is_one_query_and_a_look_for_the_names_of_who_missed_one(leaders: Api) -> None:
    with watch() as wire:
        reply = leaders.call("GET", "/v1/reports/3000?duty=weekly_report", token=leaders.token(Role.PRINCIPAL))
    assert (reply.status, len(reply.json["missed"])) == (200, 1)
    assert wire.operations == ["Query", "BatchGetItem"]


# --- what ends when -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "who", "told"),
    [(Role.OFFICER, "P1", 30), (Role.DIRECTOR, "D1", 50), (Role.PRINCIPAL, "B1", 50), (Role.ADMINISTRATOR, "G1", 50)],
)
def test_what_ends_within_sixty_days_is_one_query_and_few_bytes(api: Api, role: Role, who: str, told: int) -> None:
    lifts = [
        builders.target(
            f"E-{n:03d}",
            name=f"{n} 号乘客电梯",
            officers=(f"P{n % 2 + 1}",),
            next_inspection=DAY + timedelta(days=n % 61),
        )
        for n in range(60)
    ]
    api.store.apply(builders.changes(targets=tuple(lifts)))
    with watch() as wire:
        reply = api.call("GET", "/v1/expiries", token=api.token(role, person=who))
    assert (len(reply.json["items"]), wire.operations) == (told, ["Query"])
    assert wire.calls[0].request["IndexName"] == "expiry"
    assert len(gzip.compress(reply.text.encode())) <= 2 * 1024


def test_a_week_reads_its_days_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two Queries more for who was asked on them and whether each was counted, and one more for each officer."""
    with moto_store() as store:
        api = installed(Api(store), monkeypatch)
        crew(api, 3, targets=9)
        for duty in (Duty.DAILY, Duty.WEEKLY):
            api.days.open(OpenUnit(unit=UNIT, duty=duty, due=current(duty, api.clock())))
        api.clock.set(closes_at(current(Duty.WEEKLY, api.clock()), Duty.WEEKLY))
        run(api)
        week = OpenUnit(unit=UNIT, duty=Duty.WEEKLY, due=current(Duty.WEEKLY, api.clock()))
        with watch() as wire:
            api.days.open(week)
        # The first week of a unit; what it found is told by its days.
        first = 4
        assert Counter(wire.operations) == {
            "Query": first + 3 + 2 + 3, "BatchGetItem": 1, "TransactWriteItems": 1 + 1,
        }  # fmt: skip
