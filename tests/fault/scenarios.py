"""Everything people do that writes, one by one: who does it, in which situation, and by which route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from schemas.base import Request
from schemas.custom import NewItem, RaisedItem, RevisionRequest
from schemas.hazards import ExtensionRequest, OrderRequest, RectificationRequest, RegradeRequest, Seen
from schemas.inspections import CorrectionRequest, InspectionRequest
from schemas.language import Duty, Evaluation, FileKind, Grade, Role
from schemas.reports import (
    KindSeen,
    MinutesItem,
    MinutesRequest,
    MonthlyReportsRequest,
    ReturnRequest,
    Revision,
    SignatureRequest,
    WeeklyReportRequest,
    WeeklyReportsRequest,
)
from tean.adapters.ports.access import Binding
from tean.domain.membership import Membership
from tests.fakes.builders import DAY, UNIT, membership
from tests.fakes.day import director, mended
from tests.fault.stage import PHONE, Act, Stage
from tests.unit.functions.conftest import OPENID

P1, P2, D1, B1 = membership("P1"), membership("P2"), director(), membership("B1", Role.PRINCIPAL)
A1 = membership("A1", Role.ADMINISTRATOR)
NEXT, MONTH = DAY + timedelta(days=1), DAY.replace(day=1)
SERIOUS, GRAVE = "EL-D-02", "EL-D-05"
ELEVATORS, CRANES = "3000", "4000"


@dataclass(frozen=True)
class Scenario:
    """``prepare`` brings about a situation and tells what is then done. ``covers`` is the handler, event or command.

    ``steps``: it is more than one write, so that something of it may be there when it breaks off. ``leaves``: each try
    that arrives leaves something of its own behind, which harms nobody. ``own_answer``: it is answered by what is true
    then, not by what was written first. Between two tries lie ``pace`` seconds."""

    name: str
    covers: str
    prepare: Callable[[Stage], Act]
    steps: bool = False
    leaves: bool = False
    own_answer: bool = False
    pace: float = 7


SCENARIOS: dict[str, Scenario] = {}


def scenario(covers: str, **how: Any) -> Callable[[Callable[[Stage], Act]], Callable[[Stage], Act]]:
    """Enter what the function brings about in the table."""

    def enter(prepare: Callable[[Stage], Act]) -> Callable[[Stage], Act]:
        SCENARIOS[prepare.__name__] = Scenario(prepare.__name__, covers, prepare, **how)
        return prepare

    return enter


def sends(stage: Stage, path: str, body: Request | None, member: Membership, method: str = "POST") -> Act:
    """He sends it, with a token of now."""
    token, told = stage.token(member), body.model_dump(mode="json", exclude_none=True) if body else None
    return lambda process: process.call(method, path, told, token)


# --- login --------------------------------------------------------------------------------------------------------


def logs_in(stage: Stage, *, phone: bool) -> Act:
    """Each try takes new codes, as the client has to: WeChat's are good for one."""

    def act(process: Any) -> Any:
        codes = {"code": stage.wechat.login.hand_out("openid-of-P1")}
        if phone:
            codes["phone_code"] = stage.wechat.phones.hand_out(PHONE)
        return process.call("POST", "/v1/login", codes)

    return act


def bind(stage: Stage, openid: str) -> None:
    phone = stage.process.api.services.hasher.phone(PHONE)
    stage.day.store.bind(openid, Binding(phone, frozenset({(UNIT, "P1")})))


# What WeChat's token is good for begins with the try that fetched it: here all tries are made at one instant.
@scenario("login.login", steps=True, pace=0)
def somebody_logs_in_for_the_first_time(stage: Stage) -> Act:
    return logs_in(stage, phone=True)


@scenario("login.login", own_answer=True)
def somebody_logs_in_again(stage: Stage) -> Act:
    bind(stage, stage.process.api.services.hasher.openid("openid-of-P1"))
    return logs_in(stage, phone=False)


@scenario("login.refresh", own_answer=True)
def a_token_is_renewed(stage: Stage) -> Act:
    bind(stage, OPENID)
    return sends(stage, "/v1/session/refresh", None, P1)


@scenario("login.switch", own_answer=True)
def somebody_switches_to_another_post(stage: Stage) -> Act:
    from schemas.login import SwitchRequest

    bind(stage, OPENID)
    return sends(stage, "/v1/session/membership", SwitchRequest(unit=UNIT, role=Role.ADMINISTRATOR), P1)


# --- files --------------------------------------------------------------------------------------------------------


@scenario("uploads.request_upload", leaves=True, own_answer=True)
def a_photo_is_announced(stage: Stage) -> Act:
    """A permission whose answer was lost stays behind unused: no file has come, nothing can cite it."""
    from schemas.uploads import UploadRequest

    request = UploadRequest(kind=FileKind.PHOTO, content_type="image/jpeg", size=1000)
    return sends(stage, "/v1/uploads", request, P1)


# --- inspections --------------------------------------------------------------------------------------------------


def submits(stage: Stage, request: InspectionRequest, member: Membership = P1) -> Act:
    return sends(stage, "/v1/inspections", request, member)


def next_day(stage: Stage) -> None:
    """The night, and the morning after it."""
    stage.day.night()
    stage.day.clock.move(hours=9)


@scenario("inspections.submit")
def a_clean_check(stage: Stage) -> Act:
    return submits(stage, stage.day.request())


@scenario("inspections.submit")
def a_check_that_finds_two_hazards(stage: Stage) -> Act:
    answers = stage.day.failing(SERIOUS, "EL-D-01") | {"EL-D-03": mended("EL-D-03", photos=(stage.day.file(),))}
    return submits(stage, stage.day.request(answers=answers))


@scenario("inspections.submit")
def a_check_that_stops_its_target(stage: Stage) -> Act:
    return submits(stage, stage.day.request(answers=stage.day.failing(GRAVE), stop_use=True))


@scenario("inspections.submit")
def a_target_is_declared_suspended(stage: Stage) -> Act:
    return submits(stage, stage.day.stopped())


@scenario("inspections.submit")
def a_suspended_target_is_restarted(stage: Stage) -> Act:
    stage.day.submit(stage.day.stopped())
    next_day(stage)
    return submits(stage, stage.day.request(due=NEXT))


@scenario("inspections.submit")
def a_second_person_supplements(stage: Stage) -> Act:
    stage.day.check("P1")
    return submits(stage, stage.day.request("P2", answers=stage.day.failing(SERIOUS, who="P2")), P2)


@scenario("inspections.submit")
def a_missed_day_is_entered_late(stage: Stage) -> Act:
    next_day(stage)
    return submits(stage, stage.day.request(answers=stage.day.failing(SERIOUS)))


@scenario("inspections.submit")
def a_record_is_corrected(stage: Stage) -> Act:
    stage.day.check("P1")
    said = CorrectionRequest(version=1, reason="漏填了一项")
    return submits(stage, stage.day.request(answers=stage.day.failing(SERIOUS), correction=said))


@scenario("inspections.submit")
def a_weekly_inspection(stage: Stage) -> Act:
    return submits(stage, stage.day.inspection())


@scenario("inspections.submit")
def a_weekly_inspection_that_finds_a_hazard(stage: Stage) -> Act:
    answers = {"EL-W-01": failed_weekly(stage)}
    return submits(stage, stage.day.inspection(answers=answers))


@scenario("inspections.submit")
def a_directors_weekly_inspection(stage: Stage) -> Act:
    return submits(stage, stage.day.inspection("D1"), D1)


@scenario("inspections.submit")
def a_monthly_dispatch(stage: Stage) -> Act:
    return submits(stage, stage.day.inspection("B1", duty=Duty.MONTHLY), B1)


def failed_weekly(stage: Stage) -> Any:
    from tests.fakes.day import failed

    return failed("EL-W-01", photos=(stage.day.file(),))


# --- hazards ------------------------------------------------------------------------------------------------------


def reported(stage: Stage) -> str:
    return stage.day.found(SERIOUS).hazards[0]


def as_seen(stage: Stage, id: str) -> Seen:
    there = stage.day.hazard(id)
    return Seen(version=there.version, grade=there.grade, state=there.state, duty=there.duty)


def order(stage: Stage, id: str) -> OrderRequest:
    return OrderRequest(seen=as_seen(stage, id), measures="更换对讲机", deadline=DAY + timedelta(days=3))


def ordered(stage: Stage) -> str:
    id = reported(stage)
    stage.day.hazard_steps.order(D1, id, order(stage, id))
    return id


def steps(stage: Stage, id: str, step: str, request: Request, member: Membership) -> Act:
    return sends(stage, f"/v1/hazards/{quote(id)}/{step}", request, member)


@scenario("hazards.order")
def measures_are_ordered(stage: Stage) -> Act:
    id = reported(stage)
    return steps(stage, id, "order", order(stage, id), D1)


@scenario("hazards.ask_extension")
def an_extension_is_asked_for(stage: Stage) -> Act:
    id = ordered(stage)
    request = ExtensionRequest(seen=as_seen(stage, id), reason="备件未到", until=DAY + timedelta(days=9))
    return steps(stage, id, "extension", request, P1)


@scenario("hazards.regrade")
def a_hazard_is_graded_higher(stage: Stage) -> Act:
    id = reported(stage)
    request = RegradeRequest(seen=as_seen(stage, id), grade=Grade.MAJOR, reason="门机也坏了")
    return steps(stage, id, "grade", request, P1)


@scenario("hazards.rectify")
def a_rectification_is_confirmed(stage: Stage) -> Act:
    id = ordered(stage)
    request = RectificationRequest(seen=as_seen(stage, id), result="已更换", photos=(stage.day.file(),))
    return steps(stage, id, "rectification", request, P1)


@scenario("hazards.rectify")
def a_director_confirms_what_a_week_found(stage: Stage) -> Act:
    receipt = stage.day.submit(stage.day.inspection(answers={"EL-W-01": failed_weekly(stage)}))
    id = receipt.hazards[0]
    request = RectificationRequest(seen=as_seen(stage, id), result="已更换", photos=(stage.day.file("D1"),))
    return steps(stage, id, "rectification", request, D1)


# --- reports ------------------------------------------------------------------------------------------------------


@scenario("reports.file_weekly_reports")
def two_weekly_reports_under_one_signature(stage: Stage) -> Act:
    reports = tuple(
        WeeklyReportRequest(
            kind=kind,
            seen=stage.day.weekly_reports.draft(D1, DAY, kind).seen,
            summary="本周平稳。",
            evaluation=Evaluation.UNDER_CONTROL,
            focus="检查机房防水。",
        )
        for kind in (ELEVATORS, CRANES)
    )
    request = WeeklyReportsRequest(due=DAY, reports=reports, signature=stage.day.file("D1", FileKind.SIGNATURE))
    return sends(stage, "/v1/weekly_reports", request, D1)


def meeting(stage: Stage, member: Membership, **fields: Any) -> dict[str, Any]:
    met = stage.clock() - timedelta(hours=1)
    there = stage.day.monthly_reports.draft(member, MONTH, met).kinds
    kinds = tuple(KindSeen(kind=one.kind, seen=one.seen) for one in there)
    return {"due": MONTH, "kinds": kinds, "meeting_at": met, "text": "听取了本月情况。", "focus": "更换门机。"} | fields


def drafted(stage: Stage) -> MinutesItem:
    return stage.day.minutes.submit(D1, MinutesRequest(**meeting(stage, D1)))


@scenario("reports.file_monthly_reports")
def a_monthly_report_of_two_kinds(stage: Stage) -> Act:
    signed = {"signature": stage.day.file("B1", FileKind.SIGNATURE)}
    return sends(stage, "/v1/monthly_reports", MonthlyReportsRequest(**meeting(stage, B1, **signed)), B1)


@scenario("reports.submit_minutes")
def minutes_are_submitted(stage: Stage) -> Act:
    return sends(stage, "/v1/minutes", MinutesRequest(**meeting(stage, D1)), D1)


def sent_back(stage: Stage) -> MinutesItem:
    item = drafted(stage)
    return stage.day.minutes.send_back(B1, item.minutes, ReturnRequest(version=item.version, reason="补上日期。"))


@scenario("reports.submit_minutes")
def minutes_that_were_returned_are_submitted_again(stage: Stage) -> Act:
    item = sent_back(stage)
    revises = Revision(minutes=item.minutes, version=item.version)
    request = MinutesRequest(**meeting(stage, D1, text="补上了日期。", revises=revises))
    return sends(stage, "/v1/minutes", request, D1)


@scenario("reports.return_minutes")
def minutes_are_returned(stage: Stage) -> Act:
    item = drafted(stage)
    request = ReturnRequest(version=item.version, reason="补上日期。")
    return sends(stage, f"/v1/minutes/{item.minutes}/return", request, B1)


@scenario("reports.sign_minutes")
def minutes_are_signed(stage: Stage) -> Act:
    item = drafted(stage)
    kinds = meeting(stage, B1)["kinds"]
    signed = SignatureRequest(version=item.version, kinds=kinds, signature=stage.day.file("B1", FileKind.SIGNATURE))
    return sends(stage, f"/v1/minutes/{item.minutes}/signature", signed, B1)


# --- the unit's own lists -----------------------------------------------------------------------------------------


@scenario("custom.revise_custom_list")
def a_list_is_revised(stage: Stage) -> Act:
    added = NewItem(group="设备", text="机房钥匙由专人保管", hazard="机房钥匙无人保管")
    raised = RaisedItem(item="EL-D-01", grade=Grade.SERIOUS)
    request = RevisionRequest(version=0, add=(added,), raised=(raised,))
    return sends(stage, f"/v1/custom-lists/daily/{ELEVATORS}", request, A1)
