"""WeChat's stand-in says what WeChat says."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import urllib3

from infra.stack.standin import CODE_SECONDS, NUMBER, OPENID, OVERLAP, PHONE, TOKEN, TOKEN_SECONDS, Server, WeChat

APP = {"appid": "wx0123456789abcdef", "secret": "s" * 32}
PHONE_NUMBER = "10000000001"


@dataclass
class Seconds:
    """A clock that moves when it is told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bench:
    """The stand-in and its clock."""

    clock: Seconds = field(default_factory=Seconds)

    def __post_init__(self) -> None:
        self.wechat = WeChat(APP["appid"], APP["secret"], "k" * 64, self.clock)

    def codes(self, phone: str = PHONE_NUMBER) -> dict[str, str]:
        codes = self.wechat.phone_login(phone)
        assert codes
        return codes

    def session(self, code: str, **changed: str) -> dict[str, Any]:
        query = APP | {"js_code": code, "grant_type": "authorization_code"} | changed
        return self.ask(OPENID, query, {})

    def token(self, **changed: Any) -> dict[str, Any]:
        return self.ask(TOKEN, {}, APP | {"grant_type": "client_credential"} | changed)

    def number(self, token: str, code: str) -> dict[str, Any]:
        return self.ask(NUMBER, {"access_token": token}, {"code": code})

    def ask(self, path: str, query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        answer = self.wechat.answer(path, query, body)
        assert answer is not None
        return answer


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_login_code_names_the_same_person_each_time_and_nobody_else(bench: Bench) -> None:
    first, second = bench.session(bench.codes()["code"]), bench.session(bench.codes()["code"])
    other = bench.session(bench.codes("10000000002")["code"])
    assert first["openid"] == second["openid"] != other["openid"]
    assert (len(first["openid"]), first["openid"][0]) == (28, "o")
    assert PHONE_NUMBER not in first["openid"]
    assert first["session_key"] != second["session_key"]
    assert "errcode" not in first, "WeChat leaves it out of a success"


def test_an_openid_survives_a_restart_and_depends_on_the_key(bench: Bench) -> None:
    openid = bench.session(bench.codes()["code"])["openid"]
    again = Bench()
    assert again.session(again.codes()["code"])["openid"] == openid
    other = WeChat(APP["appid"], APP["secret"], "x" * 64, again.clock)
    codes = other.phone_login(PHONE_NUMBER)
    assert codes
    query = APP | {"js_code": codes["code"], "grant_type": "authorization_code"}
    answer = other.answer(OPENID, query, {})
    assert answer and answer["openid"] != openid


def test_a_used_code_is_refused(bench: Bench) -> None:
    code = bench.codes()["code"]
    bench.session(code)
    assert bench.session(code)["errcode"] == 40163


def test_a_code_lives_five_minutes(bench: Bench) -> None:
    young, old = bench.codes()["code"], bench.codes()["code"]
    bench.clock.now += CODE_SECONDS - 1
    assert "openid" in bench.session(young)
    bench.clock.now += 1
    assert bench.session(old)["errcode"] == 40029
    assert CODE_SECONDS == 300


def test_codes_of_one_kind_do_not_work_as_the_other(bench: Bench) -> None:
    codes, token = bench.codes(), bench.token()["access_token"]
    assert bench.session(codes["phone_code"])["errcode"] == 40029
    assert bench.number(token, codes["code"])["errcode"] == 40029


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": "wxother"}, 40013),
        ({"appid": ""}, 41002),
        ({"secret": "wrong"}, 40125),
        ({"secret": ""}, 41004),
        ({"js_code": ""}, 41008),
        ({"js_code": "never-handed-out"}, 40029),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
def test_a_wrong_session_call_is_refused_with_wechats_code(
    bench: Bench, changed: dict[str, str], errcode: int
) -> None:  # fmt: skip
    code = bench.codes()["code"]
    assert bench.session(code, **changed)["errcode"] == errcode
    assert "openid" in bench.session(code), "a refused call uses no code up"


@pytest.mark.parametrize(
    ("changed", "errcode"), [({"appid": "wxother"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)]
)
def test_a_wrong_token_call_is_refused_with_wechats_code(bench: Bench, changed: dict[str, str], errcode: int) -> None:
    assert bench.token(**changed)["errcode"] == errcode


def test_the_number_comes_with_a_good_token_and_an_unused_code(bench: Bench) -> None:
    token, code = bench.token()["access_token"], bench.codes()["phone_code"]
    assert bench.number("", code)["errcode"] == 40001
    assert bench.number("not-the-token", code)["errcode"] == 40001
    answer = bench.number(token, code)
    assert (answer["errcode"], answer["phone_info"]["purePhoneNumber"]) == (0, PHONE_NUMBER)
    assert (answer["phone_info"]["countryCode"], answer["phone_info"]["watermark"]["appid"]) == ("86", APP["appid"])
    assert bench.number(token, code)["errcode"] == 40163


def test_the_app_token_is_the_same_until_five_minutes_before_its_end(bench: Bench) -> None:
    first = bench.token()
    assert first["expires_in"] == TOKEN_SECONDS == 7200
    bench.clock.now += TOKEN_SECONDS - OVERLAP - 1
    assert bench.token() == {"access_token": first["access_token"], "expires_in": OVERLAP + 1}
    bench.clock.now += 1
    renewed = bench.token()
    assert (renewed["access_token"] != first["access_token"], renewed["expires_in"]) == (True, TOKEN_SECONDS)
    assert "phone_info" in bench.number(first["access_token"], bench.codes()["phone_code"]), "both are good meanwhile"
    bench.clock.now += OVERLAP
    assert bench.number(first["access_token"], bench.codes()["phone_code"])["errcode"] == 40001
    assert "phone_info" in bench.number(renewed["access_token"], bench.codes()["phone_code"])


def test_a_forced_refresh_ends_the_former_token_at_once(bench: Bench) -> None:
    first = bench.token()["access_token"]
    second = bench.token(force_refresh=True)["access_token"]
    assert bench.number(first, bench.codes()["phone_code"])["errcode"] == 40001
    assert "phone_info" in bench.number(second, bench.codes()["phone_code"])


@pytest.mark.parametrize("phone", [None, 10000000001, "", "1000000000", "100000000011", "20000000001", "1000000000a"])
def test_what_is_no_mainland_number_gets_no_codes(bench: Bench, phone: object) -> None:
    assert bench.wechat.phone_login(phone) is None


@pytest.fixture
def served(bench: Bench) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(listening, bench.wechat)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_http_it_answers_as_wechat_labels_it(served: str) -> None:
    with urllib3.PoolManager() as http:
        codes = json.loads(http.request("POST", served + PHONE, json={"phone": PHONE_NUMBER}).data)
        fields = APP | {"js_code": codes["code"], "grant_type": "authorization_code"}
        session = http.request("GET", served + OPENID, fields=fields)
        assert (session.status, session.headers["Content-Type"]) == (200, "text/plain")
        assert set(json.loads(session.data)) == {"openid", "session_key"}
        refused = http.request("GET", served + OPENID, fields=fields)
        assert (refused.status, json.loads(refused.data)["errcode"]) == (200, 40163)
        assert http.request("GET", served + "/nothing").status == 404


def test_over_http_a_wrong_phone_is_refused_in_the_one_shape(served: str) -> None:
    with urllib3.PoolManager() as http:
        for body in (b'{"phone": "12"}', b"[]", b"not json", b""):
            answer = http.request("POST", served + PHONE, body=body)
            problem = json.loads(answer.data)
            assert (answer.status, problem["code"]) == (400, "wechat.no_phone")
            assert answer.headers["Content-Type"] == "application/problem+json"
