"""Every route, seen from outside: what it takes, what it refuses, in which shape. Who may call it is tests/access."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import app
from chalicelib.routes import ROUTES
from chalicelib.telemetry import JsonLine
from infra import openapi
from schemas.base import Answer, Request
from tean.domain.turns import Allowance
from tests.fakes import builders
from tests.unit.functions.conftest import Api


def is_problem(reply: Any, status: int, code: str) -> bool:
    assert (reply.status, reply.json["code"]) == (status, code), reply.text
    assert set(reply.json) == {"code", "status", "sentence", "details"}
    assert reply.json["status"] == status
    return bool(reply.headers["Content-Type"] == "application/problem+json")


def test_the_committed_document_is_the_one_the_routes_and_models_make() -> None:
    assert openapi.PATH.read_text(encoding="utf-8") == openapi.text(), "run: python -m infra.openapi"


def test_the_document_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(json.loads(openapi.text())).validate()


def test_every_enum_of_the_document_brings_a_word_for_each_value() -> None:
    enums = {name: schema for name, schema in openapi.document()["components"]["schemas"].items() if "enum" in schema}
    assert {"Duty", "Grade", "Role", "Stamp", "TaskState"} <= enums.keys()
    for name, schema in enums.items():
        assert list(schema["x-words"]) == schema["enum"], name
    assert enums["Stamp"]["x-words"] == {"zero_risk": "零风险", "no_new_hazard": "无新增隐患"}
    assert enums["Handling"]["x-words"]["pending"] == "待处理"


def test_the_document_names_every_target_kind_a_task_can_have() -> None:
    kinds = openapi.document()["x-target-kinds"]
    lists = openapi.PATH.parent / "checklists"
    assert kinds.keys() == {path.name.partition(".")[0] for path in lists.glob("*.v*.json")}
    assert kinds["3000"] == {"name": "电梯", "short": "电梯", "unit_kind": "use"}
    assert {kind["unit_kind"] for kind in kinds.values()} == {"use", "production", "filling"}


def test_every_chalice_route_is_declared_in_the_contract_and_vice_versa() -> None:
    declared = {(method, path) for path, methods in app.routes.items() for method in methods}
    assert declared == {(route.method, route.path) for route in ROUTES}


def test_every_handler_is_reached_by_a_route() -> None:
    named = {route.handler for route in ROUTES}
    assert len(named) == len(ROUTES) == len({route.name for route in ROUTES})
    for feature in {route.feature for route in ROUTES}:
        functions = vars(import_module(f"chalicelib.{feature}")).values()
        own = {one.__name__ for one in functions if getattr(one, "__module__", "") == f"chalicelib.{feature}"}
        handlers = {name for name in own if name[0].islower()}
        assert {f"{feature}.{name}" for name in handlers} <= named


def test_every_request_model_refuses_what_it_does_not_know() -> None:
    assert all(route.operation for route in ROUTES)  # and so every model there is was loaded
    models = _subclasses(Request)
    assert len(models) > 15
    assert [model.__name__ for model in models if model.model_config.get("extra") != "forbid"] == []


def _subclasses(model: type[Request] | type[Answer]) -> list[type[Request] | type[Answer]]:
    return [found for child in model.__subclasses__() for found in (child, *_subclasses(child))]


def test_an_unknown_field_is_named_and_nothing_is_repeated(api: Api) -> None:
    reply = api.call("POST", "/v1/login", {"code": "c", "passwort": "geheim"})
    assert is_problem(reply, 400, "request.invalid")
    assert reply.json["details"] == {"faults": [{"field": "passwort", "reason": "不认识这一项"}]}
    assert "geheim" not in reply.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\x00"])
def test_a_body_that_is_not_the_expected_object_is_refused(api: Api, body: bytes) -> None:
    assert is_problem(api.call("POST", "/v1/login", body), 400, "request.invalid")


def test_another_content_type_is_refused_in_the_same_shape(api: Api) -> None:
    reply = api.call("POST", "/v1/login", b"<xml/>", **{"Content-Type": "text/xml"})
    assert is_problem(reply, 415, "request.not_json")


def test_who_does_something_too_often_is_told_when_to_try_again(api: Api) -> None:
    api.store.apply(builders.changes())
    api.services = api.served(upload_allowance=Allowance(1, timedelta(minutes=10)))
    body = {"kind": "photo", "content_type": "image/jpeg", "size": 1000}
    assert api.call("POST", "/v1/uploads", body, api.token()).status == 201
    reply = api.call("POST", "/v1/uploads", body, api.token())
    assert is_problem(reply, 429, "file.too_often")
    assert reply.headers["Retry-After"] == str(reply.json["details"]["wait"]) == "600"


def test_what_is_counted_says_so_in_the_document() -> None:
    counted = {route.name for route in ROUTES if route.counted}
    operations = [one for methods in openapi.document()["paths"].values() for one in methods.values()]
    told = {one["operationId"]: one["responses"]["429"] for one in operations if "429" in one["responses"]}
    assert told.keys() == counted == {"login", "request_upload"}
    assert all("Retry-After" in answer["headers"] for answer in told.values())


@pytest.mark.parametrize(
    "instant", ["20261323T010000000Z", "20260230T010000000Z", "20261123T250000000Z", "20261123T010061000Z"]
)
def test_a_hazard_of_an_instant_that_never_was_is_refused_before_anything_is_looked_for(api: Api, instant: str) -> None:
    reply = api.call("GET", f"/v1/hazards/{instant}.E-1.EL-D-01.P1", token=api.token())
    assert is_problem(reply, 400, "request.invalid")
    assert reply.json["details"] == {"faults": [{"field": "hazard", "reason": "格式不对"}]}


def test_ids_that_could_reach_another_key_are_refused(api: Api) -> None:
    for id in ("a.b", "x" * 40, "%23", "a~b"):
        reply = api.call("GET", f"/v1/targets/{id}/records", token=api.token())
        assert reply.status in (400, 403), id
        assert reply.headers["Content-Type"] == "application/problem+json"


def test_a_fault_of_our_own_is_told_without_its_message(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(caplog.handler, "formatter", JsonLine())
    private = "".join(["10", "0" * 9])

    def broken(*args: object) -> None:
        raise RuntimeError(private)

    monkeypatch.setattr(type(api.services.todos), "page", broken)
    reply = api.call("GET", "/v1/todos", token=api.token())
    assert is_problem(reply, 500, "server.error")
    assert reply.json["details"]["request"] == reply.headers["X-Request-Id"]
    assert "RuntimeError" in caplog.text
    assert private not in reply.text + caplog.text


def test_answers_are_not_to_be_stored_and_name_their_request(api: Api) -> None:
    reply = api.call("GET", "/v1/todos", token=api.token())
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store")
    assert reply.headers["X-Request-Id"]


def test_chinese_is_sent_as_it_is(api: Api) -> None:
    api.store.apply(builders.changes())
    reply = api.call("GET", "/v1/targets", token=api.token())
    assert "1 号客梯" in reply.text


SAID = """
import app, logging
for name in ("tean", "botocore"):
    for level in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger(name), level)(f"{name} {level}")
"""


def test_what_any_floor_logs_from_information_on_is_shown_and_shown_once() -> None:
    """By the app as Lambda loads it: nobody else has set up a log."""
    run = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, check=True)
    said = [json.loads(line)["message"] for line in run.stdout.splitlines()]
    assert said == ["tean info", "tean warning", "tean error", "botocore warning", "botocore error"]
    assert "tean" not in run.stderr
