"""One whole day of daily control per unit kind, over real HTTP, through the schedule, the queues and storage: of the
sources, and of the package under Lambda's runtime client."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image

from infra.phone import Phone, Refused, clean_answers, inspection, jpeg, signature
from tests.e2e.crew import Crew, crew_of, first_open, open_task, tomorrow

pytestmark = pytest.mark.e2e
KINDS = ("use", "production", "filling")
TABS = {"use": "设备巡查", "production": "许可巡查", "filling": "工位巡查"}


@pytest.fixture(params=["stack", "packaged_stack"], ids=["sources", "package"])
def system(request: pytest.FixtureRequest) -> Any:
    """What runs in development, and what is deployed."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=KINDS)
def crew(system: Any, request: pytest.FixtureRequest) -> Crew:
    return crew_of(system.origin, request.param)


def seen(hazard: dict[str, Any]) -> dict[str, Any]:
    return {"version": hazard["version"], "grade": hazard["grade"]}


def test_a_day_from_schedule_to_record(crew: Crew) -> None:
    """The road: to-dos, inspection with photo and signature, order, rectification, records for everybody."""
    session = crew.officer.get("/v1/session")
    assert TABS[crew.kind] in [tab["title"] for tab in session["tabs"]]

    todo = first_open(crew.officer)
    task = open_task(crew.officer, todo)
    answers = clean_answers(task)
    picture = jpeg(crew.kind)
    photo = crew.officer.upload("photo", picture)
    verdict = crew.officer.verdict(photo)
    assert (verdict["verdict"], verdict["sha256"]) == ("verified", hashlib.sha256(picture).hexdigest())
    answers[0] |= {"result": "fail", "handling": "pending", "photos": [photo], "remark": "现场可见"}
    answers[1] |= {"result": "fail", "handling": "on_site", "outcome": "当场紧固", "photos": [crew.officer.photo()]}
    sent = inspection(task, crew.officer.sign(), answers, remark="当班检查")

    receipt = crew.officer.post("/v1/inspections", sent)
    assert (receipt["fails"], len(receipt["hazards"]), receipt["late"], "stamp" in receipt) == (2, 1, False, False)
    assert crew.officer.post("/v1/inspections", sent) == receipt, "the same submission gets the same receipt"
    done = [row for row in crew.officer.pages("/v1/todos") if row["target"] == todo["target"]]
    assert [(row["state"], row["fails"]) for row in done if row["due"] == todo["due"]] == [("done", 2)]

    hazard = receipt["hazards"][0]
    listed = [item for item in crew.director.pages("/v1/hazards", state="reported") if item["hazard"] == hazard]
    assert [item["sentence"] for item in listed] == [task["checklist"]["items"][0]["hazard"]]
    with pytest.raises(Refused, match=r"hazard.not_this_step"):
        rectify(crew.officer, listed[0], crew.officer.photo())
    crew.director.post(f"/v1/hazards/{hazard}/order", order(listed[0]))
    ordered = next(item for item in crew.officer.pages("/v1/hazards", state="ordered") if item["hazard"] == hazard)
    rectify(crew.officer, ordered, crew.officer.photo())
    steps = crew.director.get(f"/v1/hazards/{hazard}")["steps"]
    assert [step["state"] for step in steps] == ["reported", "ordered", "rectified"]

    for reader in (crew.officer, crew.director, crew.principal):
        path = f"/v1/targets/{todo['target']}/records"
        assert receipt["record"] in [item["record"] for item in reader.pages(path)]
        record = reader.get(f"{path}/{receipt['record']}")
        assert [item["code"] for item in record["items"]] == [item["code"] for item in task["checklist"]["items"]]
        assert record["items"][0]["remark"] == "现场可见"
        assert record["title"].startswith("每日")
        assert Image.open(io.BytesIO(read(reader, record["signature"]))).format == "PNG"
        # What was photographed, and a line beneath it.
        assert Image.open(io.BytesIO(read(reader, photo))).size == (1280, 960 + 80)


def order(hazard: dict[str, Any]) -> dict[str, Any]:
    return {"seen": seen(hazard), "measures": "更换并复查", "deadline": tomorrow()}


def rectify(officer: Phone, hazard: dict[str, Any], photo: str) -> dict[str, Any]:
    body = {"seen": seen(hazard), "result": "已更换，复查合格", "photos": [photo]}
    step: dict[str, Any] = officer.post(f"/v1/hazards/{hazard['hazard']}/rectification", body)
    return step


def read(phone: Phone, file: str) -> bytes:
    return phone.download(phone.get(f"/v1/files/{file}")["url"])


def test_a_clean_check_is_stamped_zero_risk(crew: Crew) -> None:
    task = open_task(crew.officer, first_open(crew.officer))
    before = [phone.get("/v1/progress/daily") for phone in (crew.director, crew.principal)]
    receipt = crew.officer.post("/v1/inspections", inspection(task, crew.officer.sign(), clean_answers(task)))
    assert receipt["stamp"] == "zero_risk"
    page = crew.officer.get("/v1/todos")
    (stamped,) = [row for row in page["items"] if (row["target"], row["due"]) == (receipt["target"], task["due"])]
    name = crew.officer.session["membership"]["name"]
    assert (stamped["stamp"], page["names"][stamped["closed_by"]]) == ("zero_risk", name)
    after = [phone.get("/v1/progress/daily") for phone in (crew.director, crew.principal)]
    assert after == [day | {"done": day["done"] + 1} for day in before]


def test_generation_went_through_the_schedule_once_per_target(crew: Crew) -> None:
    """Per device of his, per licence, per station: each once."""
    held = {row["target"] for row in crew.officer.pages("/v1/targets")}
    today = crew.officer.get("/v1/todos")["today"]
    rows = [row["target"] for row in crew.officer.pages("/v1/todos") if row["due"] == today]
    assert (sorted(rows), len(rows)) == (sorted(held), len(held))


def test_a_suspended_target_is_done_with_its_reason(system: Any) -> None:
    crew = crew_of(system.origin, "use")
    todo = first_open(crew.officer)
    body = {key: todo[key] for key in ("target", "duty", "due")} | {"state": "suspended"}
    with pytest.raises(Refused, match=r"inspection.reason_missing"):
        crew.officer.post("/v1/inspections", body | {"signature": crew.officer.sign()})
    receipt = crew.officer.post("/v1/inspections", body | {"reason": "检修停梯", "signature": crew.officer.sign()})
    assert (receipt["state"], receipt["fails"], "stamp" in receipt) == ("suspended", 0, False)
    assert crew.officer.get(f"/v1/targets/{todo['target']}/records")["target"]["state"] == "suspended"


def test_wrong_answers_are_all_named_and_change_nothing(system: Any) -> None:
    crew = crew_of(system.origin, "use")
    todo = first_open(crew.officer)
    task = open_task(crew.officer, todo)
    answers = clean_answers(task)[1:]
    answers[0] |= {"result": "fail"}
    answers.append({"item": "EL-D-99", "result": "pass"})
    with pytest.raises(Refused) as refusal:
        crew.officer.post("/v1/inspections", inspection(task, crew.officer.sign(), answers))
    faults = {fault["item"] for fault in refusal.value.problem["details"]["faults"]}
    assert {task["checklist"]["items"][0]["code"], "EL-D-99", answers[0]["item"]} <= faults
    assert open_task(crew.officer, todo)["state"] == "open"


def test_a_picture_that_is_none_is_refused_and_cannot_be_cited(system: Any) -> None:
    crew = crew_of(system.origin, "use")
    file = crew.officer.upload("photo", b"GIF89a" + bytes(400))
    status = crew.officer.verdict(file)
    assert (status["verdict"], bool(status["reason"])) == ("refused", True)
    task = open_task(crew.officer, first_open(crew.officer))
    answers = clean_answers(task)
    answers[0] |= {"result": "fail", "handling": "pending", "photos": [file]}
    with pytest.raises(Refused, match=r"file.refused"):
        crew.officer.post("/v1/inspections", inspection(task, crew.officer.sign(), answers))


def test_storage_itself_refuses_what_the_policy_does_not_permit(system: Any) -> None:
    phone = crew_of(system.origin, "use").officer
    policy = phone.post("/v1/uploads", {"kind": "photo", "content_type": "image/jpeg", "size": 10})
    other = policy["fields"] | {"key": policy["fields"]["key"] + "x"}
    with pytest.raises(Refused, match=r"storage.refused"):
        phone.send_file(policy | {"fields": other}, jpeg(), "image/jpeg")
    with pytest.raises(Refused, match=r"storage.refused"):
        phone.send_file(policy, bytes(8_388_609), "image/jpeg")


def test_nothing_of_another_unit_exists(system: Any) -> None:
    ours, theirs = crew_of(system.origin, "use"), crew_of(system.origin, "filling")
    target = next(theirs.officer.pages("/v1/targets"))["target"]
    file = theirs.officer.photo()
    for path in (f"/v1/targets/{target}/records", f"/v1/files/{file}", f"/v1/tasks/daily/{today()}/{target}"):
        with pytest.raises(Refused) as refusal:
            ours.officer.get(path)
        assert refusal.value.status == 404, path


def today() -> str:
    return (date.fromisoformat(tomorrow()) - timedelta(days=1)).isoformat()


def test_who_is_not_registered_is_told_whom_to_ask(system: Any) -> None:
    with pytest.raises(Refused, match=r"login.phone_unknown.*管理员"):
        Phone(system.origin, "10099999999").login()


def test_a_code_works_once(system: Any) -> None:
    phone = crew_of(system.origin, "use").officer
    codes = phone.wechat()
    assert phone.post("/v1/login", {"code": codes["code"]})["token"]
    with pytest.raises(Refused, match=r"login.code"):
        phone.post("/v1/login", {"code": codes["code"]})


def test_signatures_are_pictures_too(system: Any) -> None:
    phone = crew_of(system.origin, "use").officer
    status = phone.verdict(phone.upload("signature", signature(), "image/png"))
    assert (status["verdict"], status["sha256"]) == ("verified", hashlib.sha256(signature()).hexdigest())
