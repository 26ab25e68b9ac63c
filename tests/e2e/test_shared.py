"""Two officers of one target, over HTTP: whoever is first closes it for both, and what the second found is kept."""

from __future__ import annotations

from typing import Any

import pytest

from infra import demo
from infra.phone import Phone, Refused, clean_answers, inspection, until
from tests.e2e.crew import Crew, crew_of

pytestmark = pytest.mark.e2e
SHARED = "E-DT-02"
GRAVE = "EL-D-05"


@pytest.fixture
def crew(stack: Any) -> Crew:
    return crew_of(stack.origin, "use")


@pytest.fixture
def officers(stack: Any, crew: Crew) -> tuple[Phone, Phone]:
    """The two of the demo unit who share its second elevator."""
    unit = crew.officer.session["membership"]["unit"]
    phones = []
    for number in sorted({person.phone for person in demo.people()}):
        phone = Phone(stack.origin, number)
        if any((one["unit"], one["role"]) == (unit, "officer") for one in phone.login()["memberships"]):
            phone.switch(unit, "officer")
            phones.append(phone)
    first, second = until(lambda: [phone for phone in phones if row(phone)], lambda theirs: len(theirs) == 2)
    return first, second


def row(phone: Phone) -> dict[str, Any]:
    """Today's row of the shared elevator."""
    today = phone.get("/v1/todos")["today"]
    rows = [one for one in phone.pages("/v1/todos") if (one["target"], one["due"]) == (SHARED, today)]
    return rows[0] if rows else {}


def check(phone: Phone, *failed: str, **decided: Any) -> dict[str, Any]:
    """A signed check of the shared elevator as it was opened before anybody was first, ready to be sent."""
    task = phone.get(f"/v1/tasks/daily/{row(phone)['due']}/{SHARED}")
    answers = clean_answers(task)
    for answer in answers:
        if answer["item"] in failed:
            answer |= {"result": "fail", "handling": "pending", "photos": [phone.photo(answer["item"])]}
    return inspection(task, phone.sign(), answers, **decided)


def test_the_first_closes_it_for_both_and_the_second_is_kept_with_what_he_found(
    crew: Crew, officers: tuple[Phone, Phone]
) -> None:
    first, second = officers
    clean, grave = check(first), check(second, GRAVE, "EL-D-02", stop_use=True)

    receipt = first.post("/v1/inspections", clean)
    assert (receipt["stamp"], "first" in receipt) == ("zero_risk", False)
    name = first.session["membership"]["name"]
    for phone in officers:
        closed = row(phone)
        assert (closed["state"], closed["closed_by"]) == ("done", first.session["membership"]["person"])

    # The answer got lost: the same again. Other words are other content, and nothing of them is kept.
    assert first.post("/v1/inspections", clean) == receipt
    with pytest.raises(Refused, match=r"inspection.already_submitted"):
        first.post("/v1/inspections", clean | {"remark": "再看了一遍"})

    supplement = second.post("/v1/inspections", grave)
    assert (supplement["first"]["person_name"], supplement["first"]["received_at"]) == (name, receipt["received_at"])
    assert (supplement["stop_use"], len(supplement["hazards"])) == (True, 2)
    assert second.post("/v1/inspections", grave) == supplement
    assert row(second)["closed_by"] == first.session["membership"]["person"]

    page = crew.director.get(f"/v1/targets/{SHARED}/records")
    listed = {record["record"]: record.get("first", {}).get("person_name") for record in page["items"]}
    assert listed == {receipt["record"]: None, supplement["record"]: name}
    assert page["target"]["state"] == "suspended"
    assert page["target"]["state_reason"].startswith("重大隐患：")
    detail = crew.principal.get(f"/v1/targets/{SHARED}/records/{supplement['record']}")
    assert (detail["first"]["person_name"], detail["stop_use"]) == (name, True)
    waiting = [one["hazard"] for one in crew.director.pages("/v1/hazards", state="reported") if one["target"] == SHARED]
    assert sorted(waiting) == sorted(supplement["hazards"])
    assert crew.director.get(f"/v1/hazards/{waiting[0]}")["stop_use"] is True
