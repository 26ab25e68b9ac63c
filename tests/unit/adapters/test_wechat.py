"""The WeChat adapter against a real HTTP server that answers as WeChat does."""

from __future__ import annotations

import logging
import socket
import time
import traceback
from collections.abc import Iterator
from datetime import timedelta
from queue import Empty, Queue
from typing import Any

import pytest

from infra.manifest import load
from tean.adapters.ports.access import AppToken, WeChat
from tean.adapters.wechat import MEANINGS, PATIENCE, WeChatApi
from tean.domain.errors import Forbidden, Problem, TooOften, Unauthenticated, Unavailable
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.fakes.wechat import (
    APP_ID,
    CUT,
    HANG,
    OPENID,
    PHONE,
    SECRET,
    TOKEN,
    FakeWeChat,
    Scripted,
    WeChatServer,
    errcode,
)

NUMBER = "10000000001"
SOMEBODY = "oSomebody-0123456789_abcdefg"
DOCUMENTED = {
    # What the pages of code2Session, getStableAccessToken and getPhoneNumber list, below
    # developers.weixin.qq.com/miniprogram/dev/server/API (user-login, mp-access-token, user-info).
    -1, 40001, 40002, 40013, 40029, 40125, 40164, 40226, 40243, 41002, 41004, 43002, 45009, 45011, 50004, 50007,
    61024, 89503, 89506, 89507,
    # What any call may answer: developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html.
    40014, 40066, 40097, 41001, 41008, 42001, 44002, 47001, 48001, 48004,
    # On no page of the three; WeChat answers it to a code that was used, and says so in its community.
    40163,
}  # fmt: skip
"""Every errcode that WeChat tells of for what we call, written down beside the table and not taken from it."""
OURS = DOCUMENTED - {-1, 40029, 40163, 40001, 40014, 41001, 42001, 45011, 40226}
RENEWING = (40001, 40014, 41001, 42001)


@pytest.fixture
def server() -> Iterator[WeChatServer]:
    with WeChatServer().running() as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def wechat(server: WeChatServer, store: FakeStore, clock: FakeClock) -> WeChatApi:
    return WeChatApi(APP_ID, SECRET, store, clock, base_url=server.url, busy_pause=0)


@pytest.fixture
def unreachable(store: FakeStore, clock: FakeClock) -> Iterator[WeChatApi]:
    """A port that is taken and does not listen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield WeChatApi(APP_ID, SECRET, store, clock, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")


def refusal(wechat: WeChat, code: str = "login-code-0000") -> Problem:
    with pytest.raises(Problem) as refused:
        wechat.openid(code)
    return refused.value


# --- the port: the fake passes what the adapter passes --------------------------------------------------------------


@pytest.fixture(params=["http", "fake"])
def either(request: pytest.FixtureRequest, server: WeChatServer) -> tuple[WeChat, WeChatServer | FakeWeChat]:
    if request.param == "http":
        return WeChatApi(APP_ID, SECRET, FakeStore(), FakeClock(), base_url=server.url), server
    fake = FakeWeChat()
    return fake, fake


def test_a_login_code_gives_the_openid(either: tuple[WeChat, WeChatServer | FakeWeChat]) -> None:
    port, phones = either
    assert port.openid(phones.login.hand_out(SOMEBODY)) == SOMEBODY


def test_a_phone_code_gives_the_number(either: tuple[WeChat, WeChatServer | FakeWeChat]) -> None:
    port, phones = either
    assert port.phone(phones.phones.hand_out(NUMBER)) == NUMBER


def test_a_used_code_is_refused(either: tuple[WeChat, WeChatServer | FakeWeChat]) -> None:
    port, phones = either
    code, phone_code = phones.login.hand_out(SOMEBODY), phones.phones.hand_out(NUMBER)
    port.openid(code)
    port.phone(phone_code)
    with pytest.raises(Unauthenticated, match=r"login\.code_refused"):
        port.openid(code)
    with pytest.raises(Unauthenticated, match=r"login\.code_refused"):
        port.phone(phone_code)


def test_a_code_that_was_never_handed_out_is_refused(either: tuple[WeChat, WeChatServer | FakeWeChat]) -> None:
    port, phones = either
    with pytest.raises(Unauthenticated, match=r"login\.code_refused"):
        port.openid("made-up")
    with pytest.raises(Unauthenticated, match=r"login\.code_refused"):
        port.phone(phones.login.hand_out(SOMEBODY))


# --- what goes wrong at WeChat --------------------------------------------------------------------------------------


def test_every_documented_errcode_has_its_meaning() -> None:
    assert MEANINGS.keys() == DOCUMENTED


@pytest.mark.parametrize(
    ("errno", "kind", "code"),
    [
        (40029, Unauthenticated, "login.code_refused"),
        (40163, Unauthenticated, "login.code_refused"),
        (40226, Forbidden, "login.blocked_by_wechat"),
        (45011, TooOften, "login.too_often"),
        *((ours, Unavailable, "login.misconfigured") for ours in sorted(OURS)),
        *((renewing, Unavailable, "login.misconfigured") for renewing in RENEWING),
        (99999, Unavailable, "login.misconfigured"),
    ],
)
def test_each_errcode_becomes_a_refusal_with_a_sentence_to_act_on(
    server: WeChatServer, wechat: WeChatApi, errno: int, kind: type[Problem], code: str
) -> None:
    server.script(OPENID, errcode(errno))
    refused = refusal(wechat)
    assert (type(refused), refused.code) == (kind, code)
    assert "请" in refused.sentence
    assert server.calls == [OPENID]


def test_a_wrong_secret_is_our_fault_and_names_the_errcode_in_the_log(
    server: WeChatServer, store: FakeStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    wechat = WeChatApi(APP_ID, "wrong-secret", store, clock, base_url=server.url)
    assert refusal(wechat).code == "login.misconfigured"
    with pytest.raises(Unavailable, match=r"login\.misconfigured"):
        wechat.phone("phone-code-0000")
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors == [
        "WeChat refuses this app at /sns/jscode2session: errcode 40125",
        "WeChat refuses this app at /cgi-bin/stable_token: errcode 40125",
    ]


def test_that_our_token_was_fetched_too_often_is_not_told_as_his_fault(server: WeChatServer, wechat: WeChatApi) -> None:
    server.script(TOKEN, errcode(45011))
    with pytest.raises(Unavailable, match=r"login\.misconfigured"):
        wechat.phone(server.phones.hand_out("10000000001"))


def test_a_busy_wechat_is_asked_once_more(server: WeChatServer, wechat: WeChatApi) -> None:
    server.script(OPENID, errcode(-1))
    assert wechat.openid(server.login.hand_out(SOMEBODY)) == SOMEBODY
    assert server.calls == [OPENID, OPENID]


def test_a_wechat_that_stays_busy_is_silent(server: WeChatServer, wechat: WeChatApi) -> None:
    server.script(OPENID, errcode(-1), errcode(-1))
    refused = refusal(wechat)
    assert (type(refused), refused.code) == (Unavailable, "login.wechat_silent")
    assert server.calls == [OPENID, OPENID]


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(500, b'{"openid": "o"}'),
        Scripted(502, b"<html>Bad Gateway</html>"),
        Scripted(302, b""),
        Scripted(200, b""),
        Scripted(200, b"<html>"),
        Scripted(200, b"[]"),
        Scripted(200, b"{}"),
        Scripted(200, b'{"openid": ""}'),
        Scripted(200, b'{"errcode": "what", "openid": "o"}'),
        CUT,
    ],
    ids=repr,
)
def test_an_answer_that_makes_no_sense_is_silence(server: WeChatServer, wechat: WeChatApi, answer: Scripted) -> None:
    server.script(OPENID, answer)
    assert refusal(wechat, server.login.hand_out(SOMEBODY)).code == "login.wechat_silent"
    assert server.calls == [OPENID]


def test_a_wechat_that_does_not_answer_is_not_waited_for_or_asked_again(
    server: WeChatServer, wechat: WeChatApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patience ends when WeChat has been asked, however long that took; that it ends by the clock, see below."""

    class Patience(Queue[Any]):
        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            assert timeout is not None
            assert server.hangs.wait(30)
            raise Empty

    monkeypatch.setattr("tean.adapters.wechat.Queue", Patience)
    server.script(OPENID, HANG)
    assert refusal(wechat).code == "login.wechat_silent"
    assert server.calls == [OPENID]


def test_an_answer_that_comes_in_drops_is_not_waited_for(
    server: WeChatServer, store: FakeStore, clock: FakeClock
) -> None:
    """Each drop comes in time for a socket; together they would take ten seconds."""
    wechat = WeChatApi(APP_ID, SECRET, store, clock, base_url=server.url, patience=0.1)
    server.script(OPENID, Scripted(200, b'{"openid": "o"}' + b" " * 200, drop_every=0.05))
    began = time.monotonic()
    assert refusal(wechat).code == "login.wechat_silent"
    assert time.monotonic() - began < 5, "it would have taken ten"


def test_a_busy_wechat_is_not_asked_again_when_there_is_no_time_left(
    server: WeChatServer, store: FakeStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []
    monkeypatch.setattr("tean.adapters.wechat.time.sleep", paused.append)
    wechat = WeChatApi(APP_ID, SECRET, store, clock, base_url=server.url, patience=5, busy_pause=6)
    server.script(OPENID, errcode(-1))
    assert refusal(wechat).code == "login.wechat_silent"
    assert (server.calls, paused) == ([OPENID], [])


def test_all_calls_of_the_phone_share_one_patience(server: WeChatServer, store: FakeStore, clock: FakeClock) -> None:
    """The token is refused, WeChat hangs at the second: no call begins the patience anew."""
    wechat = WeChatApi(APP_ID, SECRET, store, clock, base_url=server.url, patience=2)
    server.script(PHONE, errcode(42001), HANG)
    with pytest.raises(Unavailable, match=r"login\.wechat_silent"):
        ask_phone(server, wechat)
    assert server.calls == [TOKEN, PHONE, TOKEN, PHONE]


def test_a_whole_login_fits_in_the_time_of_its_function_whatever_wechat_does() -> None:
    """Both questions at their longest leave two and a half seconds to start, read and write in."""
    assert load().functions["api_handler"].timeout >= 2 * PATIENCE + 2.5


def test_a_wechat_that_cannot_be_reached_is_tried_twice_and_then_silent(
    unreachable: WeChatApi, caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal(unreachable).code == "login.wechat_silent"
    retries = [record for record in caplog.records if record.getMessage().startswith("Retrying")]
    assert len(retries) == 1


def test_no_connection_is_kept_for_the_next_call(server: WeChatServer, wechat: WeChatApi) -> None:
    wechat.openid(server.login.hand_out(SOMEBODY))
    wechat.openid(server.login.hand_out(SOMEBODY))
    assert server.connections == 2


def test_a_refusal_does_not_carry_the_address_with_the_secret_on(unreachable: WeChatApi) -> None:
    refused = refusal(unreachable)
    assert SECRET not in "".join(traceback.format_exception(refused))
    assert refused.details == {}


def test_a_refusal_does_not_quote_what_wechat_said(server: WeChatServer, wechat: WeChatApi) -> None:
    server.script(OPENID, Scripted(200, b'{"session_key": "the-key-of-somebody"}'))
    assert "the-key" not in "".join(traceback.format_exception(refusal(wechat)))


# --- the app's token ------------------------------------------------------------------------------------------------


def ask_phone(server: WeChatServer, wechat: WeChatApi) -> str:
    return wechat.phone(server.phones.hand_out(NUMBER))


def test_the_app_token_is_fetched_once_and_kept(
    server: WeChatServer, wechat: WeChatApi, store: FakeStore, clock: FakeClock
) -> None:
    ask_phone(server, wechat)
    ask_phone(server, wechat)
    assert server.calls == [TOKEN, PHONE, PHONE]
    assert store.app_token() == AppToken("app-token-0", clock() + timedelta(seconds=7200))


def test_a_token_kept_by_another_function_is_used(
    server: WeChatServer, wechat: WeChatApi, store: FakeStore, clock: FakeClock
) -> None:
    store.keep_app_token(AppToken(server.app_token, clock() + timedelta(minutes=5)))
    ask_phone(server, wechat)
    assert server.calls == [PHONE]


def test_a_token_in_its_last_five_minutes_is_fetched_anew(
    server: WeChatServer, wechat: WeChatApi, store: FakeStore, clock: FakeClock
) -> None:
    ask_phone(server, wechat)
    clock.move(seconds=7200 - 299)
    server.renew_token()
    ask_phone(server, wechat)
    assert server.calls == [TOKEN, PHONE, TOKEN, PHONE]
    assert store.app_token() == AppToken("app-token-1", clock() + timedelta(seconds=7200))


@pytest.mark.parametrize("refused", RENEWING)
def test_a_refused_token_is_fetched_once_more_and_the_phone_asked_again(
    server: WeChatServer, wechat: WeChatApi, refused: int
) -> None:
    server.script(PHONE, errcode(refused))
    assert ask_phone(server, wechat) == NUMBER
    assert server.calls == [TOKEN, PHONE, TOKEN, PHONE]


def test_a_token_ended_before_its_time_costs_the_person_nothing(
    server: WeChatServer, wechat: WeChatApi, store: FakeStore, clock: FakeClock
) -> None:
    ask_phone(server, wechat)
    clock.move(minutes=1)
    server.renew_token()
    assert ask_phone(server, wechat) == NUMBER
    kept = store.app_token()
    assert kept is not None
    assert kept.token == "app-token-1"


def test_a_token_refused_twice_is_our_fault(server: WeChatServer, wechat: WeChatApi) -> None:
    server.script(PHONE, errcode(40001), errcode(40001))
    with pytest.raises(Unavailable, match=r"login\.misconfigured"):
        ask_phone(server, wechat)
    assert server.calls == [TOKEN, PHONE, TOKEN, PHONE]


def test_a_token_that_is_refused_leaves_nothing_kept(server: WeChatServer, wechat: WeChatApi, store: FakeStore) -> None:
    server.script(TOKEN, errcode(40125))
    with pytest.raises(Unavailable, match=r"login\.misconfigured"):
        ask_phone(server, wechat)
    assert store.app_token() is None


# --- the phone ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", ["86", 86, "+86"])
def test_a_mainland_number_is_taken_however_wechat_writes_the_country(
    server: WeChatServer, wechat: WeChatApi, country: str | int
) -> None:
    server.country = country
    assert ask_phone(server, wechat) == NUMBER


@pytest.mark.parametrize("country", ["852", 1, "", "8600"])
def test_a_number_from_abroad_is_refused(server: WeChatServer, wechat: WeChatApi, country: str | int) -> None:
    server.country = country
    with pytest.raises(Forbidden, match=r"login\.phone_abroad"):
        ask_phone(server, wechat)


# --- what is never written down -------------------------------------------------------------------------------------


def test_no_log_line_holds_a_code_an_openid_a_phone_or_a_secret(
    server: WeChatServer, wechat: WeChatApi, unreachable: WeChatApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    refusal(unreachable, SOMEBODY)
    wechat.openid(server.login.hand_out(SOMEBODY))
    server.script(PHONE, errcode(40001))
    ask_phone(server, wechat)
    for answer in (errcode(-1), errcode(40013), errcode(40029), Scripted(500), CUT, Scripted(200, SECRET.encode())):
        server.script(OPENID, answer)
        refusal(wechat, SOMEBODY)
    secrets = (SECRET, SOMEBODY, NUMBER, "login-code", "phone-code", "app-token", "session", "c2Vzc2lv")
    assert [word for word in secrets if word in caplog.text.replace(OPENID, "")] == []
    assert f'"GET {OPENID} HTTP/1.1" 200' in caplog.text
