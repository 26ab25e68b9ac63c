"""A request becomes the event that API Gateway would send, and an answer what it would reply."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from chalice import Chalice, Response

from infra.manifest import load
from infra.stack.api import Api
from infra.stack.invoke import Functions
from infra.stack.web import PROBLEM, Reply, Request

app = Chalice("tiny")


@app.route("/v1/echo/{name}", methods=["GET", "POST"], content_types=["application/json", "image/png"])
def echo(name: str) -> Any:
    assert app.current_request
    return Response({"name": name, "event": app.current_request.to_original_event()}, {"Set-Cookie": ["a=1", "b=2"]})


@app.route("/v1/refused", methods=["GET"])
def refused() -> Response:
    return Response('{"code":"a.b"}', {"Content-Type": PROBLEM}, 409)


@app.route("/v1/plain/{status}", methods=["GET"])
def plain(status: str) -> Response:
    return Response("<html>", {"Content-Type": "text/html"}, int(status))


@app.route("/v1/long", methods=["GET"])
def long() -> Response:
    return Response("特安" * 600, {"Content-Type": "text/plain"})


api = Api(Functions(app, load()), compress_from=1024)


def ask(path: str, method: str = "GET", body: bytes = b"", *, query: str = "", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {"content-type": "application/json", "user-agent": "phone"} | named
    return api.answer(Request("r-1", method, path, query, sent, body))


def event_of(reply: Reply) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(reply.body)["event"]
    return event


def test_the_event_has_what_api_gateway_sends() -> None:
    event = event_of(ask("/v1/echo/E-01", query="a=1&a=2&b="))
    context = event["requestContext"]
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/v1/echo/{name}", "/v1/echo/E-01", "GET")
    assert (context["requestId"], context["stage"], context["resourcePath"]) == ("r-1", "local", "/v1/echo/{name}")
    assert context["identity"] == {"sourceIp": "127.0.0.1", "userAgent": "phone"}
    assert event["pathParameters"] == {"name": "E-01"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""]}
    assert event["queryStringParameters"] == {"a": "2", "b": ""}
    assert event["multiValueHeaders"]["user-agent"] == ["phone"]
    assert (event["body"], event["isBase64Encoded"]) == (None, False)


def test_path_parameters_stay_escaped_as_api_gateway_leaves_them() -> None:
    assert event_of(ask("/v1/echo/%E7%89%B9"))["pathParameters"] == {"name": "%E7%89%B9"}


def test_a_body_is_text_or_marked_as_base64() -> None:
    event = event_of(ask("/v1/echo/x", "POST", '{"a":"特"}'.encode()))
    assert (event["body"], event["isBase64Encoded"]) == ('{"a":"特"}', False)
    event = event_of(ask("/v1/echo/x", "POST", b"\x89PNG", content_type="image/png"))
    assert (event["body"], event["isBase64Encoded"]) == ("iVBORw==", True)


def test_several_headers_of_one_name_all_arrive() -> None:
    assert [value for name, value in ask("/v1/echo/x").headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_the_apps_own_refusal_passes_unchanged() -> None:
    reply = ask("/v1/refused")
    assert (reply.status, reply.body) == (409, b'{"code":"a.b"}')


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/v1/nothing", "GET", 404, "route.unknown"),
        ("/v1/echo", "GET", 404, "route.unknown"),
        ("/v1/plain/415", "GET", 415, "request.not_json"),
        ("/v1/plain/413", "GET", 413, "request.too_large"),
        ("/v1/plain/405", "GET", 405, "request.refused"),
        ("/v1/refused", "DELETE", 405, "request.refused"),
        ("/v1/plain/500", "GET", 500, "server.error"),
        ("/v1/plain/502", "GET", 502, "server.error"),
    ],
)
def test_every_other_refusal_gets_the_one_shape(path: str, method: str, status: int, code: str) -> None:
    reply = ask(path, method)
    problem = json.loads(reply.body)
    assert (reply.status, reply.header("content-type")) == (status, PROBLEM)
    assert (problem["code"], problem["status"], problem["details"]) == (code, status, {"request": "r-1"})
    assert problem["sentence"].endswith("。")


def test_a_long_answer_travels_compressed_to_whom_it_may() -> None:
    plain, small = ask("/v1/long"), ask("/v1/long", accept_encoding="br, gzip")
    assert (plain.header("Content-Encoding"), small.header("Content-Encoding")) == ("", "gzip")
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < 100 < 1024 < len(plain.body)
    assert ask("/v1/refused", accept_encoding="gzip").header("Content-Encoding") == ""
