"""The door: who gets in, and to where."""

from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from chalice import Chalice

from infra.manifest import load
from infra.stack.api import Api
from infra.stack.gateway import Gateway
from infra.stack.invoke import Functions
from infra.stack.parts import ROOT
from infra.stack.standin import Server, WeChat
from infra.stack.storage import Storage
from infra.stack.web import LIMIT, PROBLEM
from tests.unit.infra.stack.pages import pages

ORIGIN = "http://127.0.0.1:8600"
HOST = "127.0.0.1:8600"
ALIAS = "localhost:8600"
PERSONAL = "10000000101"
SHIPPED = ("functions", "layers", "schemas", "miniprogram/src")

app = Chalice("tiny")


@app.route("/v1/echo", methods=["POST"])
def echo() -> Any:
    request = app.current_request
    assert request
    return {"length": len(request.raw_body), "request": request.context["requestId"]}


@app.route("/v1/broken", methods=["GET"])
def broken() -> Any:
    return {}


@dataclass
class Answer:
    """What a client sees."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> Any:
        assert self.headers["Content-Type"] == PROBLEM
        return json.loads(self.body)


@dataclass
class Client:
    """Calls a gateway as gunicorn does."""

    gateway: Gateway

    def ask(self, uri: str, method: str = "GET", body: bytes = b"", host: str = HOST, **headers: str) -> Answer:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "RAW_URI": uri,
            "HTTP_HOST": host,
            "wsgi.input": io.BytesIO(body),
            "CONTENT_TYPE": headers.pop("content_type", "application/json"),
            "CONTENT_LENGTH": str(len(body)),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        started: list[Any] = []
        chunks = self.gateway(environ, lambda status, sent: started.append((status, sent)))
        status, sent = started[0]
        return Answer(int(status[:3]), dict(sent), b"".join(chunks))


class Bucket(BaseHTTPRequestHandler):
    """Storage that repeats what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = json.dumps([self.command, self.path, sorted(self.headers.items()), body.decode("latin-1")]).encode()
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("ETag", '"abc"')
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)

    do_POST = do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Tests read no access log."""


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """A storage and a stand-in that answer on this machine."""
    storage = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    door = socket.create_server(("127.0.0.1", 0))
    standin = Server(door, WeChat("app", "secret", "key"))
    threads = [threading.Thread(target=each.serve_forever, args=(0.01,)) for each in (storage, standin)]
    for thread in threads:
        thread.start()
    yield storage.server_address[1], door.getsockname()[1]
    for each, thread in zip((storage, standin), threads, strict=True):
        each.shutdown()
        thread.join()
        each.server_close()


@pytest.fixture
def client(ports: tuple[int, int], tmp_path: Path) -> Client:
    api = Api(Functions(app, load()), 10_000)
    storage = Storage(ports[0], ["tean-local-incoming", "tean-local-evidence"])
    return Client(Gateway(ORIGIN, api, storage, pages(tmp_path), ports[1]))


def test_an_api_call_carries_one_request_id_all_the_way(client: Client) -> None:
    answer = client.ask("/v1/echo", "POST", b'{"a":1}')
    said = json.loads(answer.body)
    assert (answer.status, said["length"]) == (200, 7)
    assert said["request"] == answer.headers["X-Request-Id"]
    assert answer.headers["X-Request-Id"] != client.ask("/v1/echo", "POST").headers["X-Request-Id"]


@pytest.mark.parametrize(
    "uri",
    [
        "/_ministack/health", "/_ministack/reset", "/_localstack/health", "/health", "/sns/jscode2session",
        "/cgi-bin/stable_token", "/phone/login", "/wechat", "/wechat/login", "/wechat/../phone/login", "/v1",
        "/V1/echo", "//v1/echo", "/tean-local-other/x", "/tean-local-incoming2/x",
        "/tean-local-incoming/../_ministack/reset",
        "/tean-local-incoming/%2e%2e/_ministack/reset", "/index.html", "/static/../index.html",
        "/assets/../../package.json", "/assets/%2e%2e/index.html", "/assets/",
        "/assets", "/static", "/standin", "/standin/", "/standin/../docs/docs.js", "/docs/", "*",
        "http://127.0.0.1:8600/", "/_aws/execute-api/x/y",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_public_does_not_exist(client: Client, uri: str, method: str) -> None:
    if (uri, method) == ("/wechat/login", "POST"):
        return
    answer = client.ask(uri, method)
    assert (answer.status, answer.problem["code"]) == (404, "route.unknown")
    assert answer.problem["details"]["request"] == answer.headers["X-Request-Id"]


def test_another_host_name_for_this_address_is_refused(client: Client) -> None:
    for host in ("evil.example:8600", "127.0.0.1", "127.0.0.1:8601", "localhost", "x.execute-api.localhost:8600", ""):
        for uri in ("/", "/v1/echo", "/tean-local-evidence/x"):
            answer = client.ask(uri, host=host)
            assert (answer.status, answer.problem["code"]) == (421, "route.host")
            assert ORIGIN in answer.problem["sentence"]


def test_pages_have_one_origin_and_the_api_answers_the_alias_too(client: Client) -> None:
    answer = client.ask("/docs?x=1", host=ALIAS)
    assert (answer.status, answer.headers["Location"]) == (307, f"{ORIGIN}/docs?x=1")
    assert client.ask("/v1/echo", "POST", host=ALIAS).status == 200


def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not(client: Client) -> None:
    assert client.ask("/v1/echo", "POST", bytes(LIMIT)).status == 200
    answer = client.ask("/v1/echo", "POST", bytes(LIMIT + 1))
    assert (answer.status, answer.problem["code"]) == (413, "request.too_large")
    assert LIMIT == 10_485_760


def test_a_failure_is_a_problem_and_its_words_stay_in_no_log(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError(PERSONAL)

    monkeypatch.setattr(Functions, "invoke", explode)
    answer = client.ask("/v1/broken")
    assert (answer.status, answer.problem["code"]) == (502, "server.error")
    assert answer.headers["X-Request-Id"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert PERSONAL not in caplog.text


def test_wechats_stand_in_is_served_here_and_nothing_that_is_shipped_knows_of_it(client: Client) -> None:
    for path in ("/standin/wechat.js", "/standin/wechat.css", "/standin/people.json"):
        assert client.ask(path).status == 200
        assert client.ask(path, "POST").problem["code"] == "route.unknown"
    shipped = [file for place in SHIPPED for file in (ROOT / place).rglob("*") if file.is_file()]
    assert len(shipped) > 100
    assert [file for file in shipped if b"/standin" in file.read_bytes()] == []


def test_the_phones_side_of_wechat_is_open(client: Client) -> None:
    answer = client.ask("/wechat/login", "POST", b'{"phone":"10000000001"}')
    assert (answer.status, set(json.loads(answer.body))) == (200, {"code", "phone_code"})
    refused = client.ask("/wechat/login", "POST", b'{"phone":"1"}')
    assert (refused.status, refused.problem["code"]) == (400, "wechat.no_phone")


def asked(answer: Answer) -> tuple[str, str, dict[str, str], str]:
    method, path, headers, body = json.loads(answer.body)
    return method, path, {name.lower(): value for name, value in headers}, body


def test_a_bucket_gets_path_query_and_body_as_they_were_sent(client: Client) -> None:
    uri = "/tean-local-evidence/U/P/f%20%E7%89%B9?X-Amz-Signature=a%2Fb&response-content-type=image%2Fjpeg"
    method, path, headers, body = asked(client.ask(uri, "POST", b"\x00\xff", content_type="multipart/form-data"))
    assert (method, path, body) == ("POST", uri, "\x00\xff")
    assert (headers["host"], headers["content-type"]) == (HOST, "multipart/form-data"), "signatures cover the host"


def test_only_harmless_headers_reach_storage(client: Client) -> None:
    answer = client.ask(
        "/tean-local-incoming/x", "GET", x_amz_target="DynamoDB_20120810.Scan", authorization="AWS4", range="bytes=0-9",
        x_forwarded_host="evil", cookie="a=b",
    )  # fmt: skip
    _, _, headers, _ = asked(answer)
    assert set(headers) == {"host", "content-type", "range", "content-length"}
    assert (answer.status, answer.headers["ETag"]) == (206, '"abc"')


def test_a_file_is_shown_and_never_run(client: Client) -> None:
    answer = client.ask("/tean-local-evidence/x")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_tells_the_length_without_the_body(client: Client) -> None:
    answer = client.ask("/tean-local-evidence/x", "HEAD")
    assert (answer.body, int(answer.headers["Content-Length"]) > 50) == (b"", True)
    page = client.ask("/", "HEAD")
    assert (page.body, page.headers["Content-Length"]) == (b"", client.ask("/").headers["Content-Length"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_bucket_takes_no_other_method(client: Client, method: str) -> None:
    assert client.ask("/tean-local-evidence/x", method).problem["code"] == "route.unknown"


def test_storage_that_does_not_answer_is_a_problem(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        nobody = door.getsockname()[1]
    client.gateway._storage = Storage(nobody, ["tean-local-evidence"])
    assert client.ask("/tean-local-evidence/x").problem["code"] == "server.error"
