"""WeChat's stand-in: WeChat's server as the functions call it, and the phones that hand out codes.

The server side answers three calls as WeChat does: HTTP 200 always, JSON labelled as text, an
``errcode`` where something is wrong and mostly none where nothing is. The phone side is what the gateway lets through.
Nothing is kept but in memory; an openid comes back the same because it is a keyed hash of the phone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from schemas.base import ProblemAnswer

OPENID = "/sns/jscode2session"
TOKEN = "/cgi-bin/stable_token"  # noqa: S105 (a path)
NUMBER = "/wxa/business/getuserphonenumber"
PHONE = "/phone/login"
"""The phone side; all else is the server side."""

CODE_SECONDS = 300
TOKEN_SECONDS = 7200
OVERLAP = 300
"""Seconds before its end from which a token is renewed; until then the old one stays good."""

_MAINLAND = re.compile(r"1\d{10}")

Clock = Callable[[], float]
Json = dict[str, Any]

BAD_TOKEN = 40001
BAD_APP_ID = 40013
BAD_GRANT = 40002
BAD_CODE = 40029
BAD_SECRET = 40125
USED_CODE = 40163
NO_APP_ID = 41002
NO_SECRET = 41004
NO_CODE = 41008


class Refused(Exception):
    """WeChat's errcode."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errcode)
        self.answer = {"errcode": errcode, "errmsg": f"{errmsg}, rid: {secrets.token_hex(4)}"}


@dataclass
class Codes:
    """Codes of one kind. Each works once, for five minutes."""

    clock: Clock
    _phones: dict[str, tuple[str, float]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def hand_out(self, phone: str) -> str:
        """A new code for a phone."""
        code = secrets.token_urlsafe(24)
        self._phones[code] = (phone, self.clock() + CODE_SECONDS)
        return code

    def redeem(self, code: str) -> str:
        """The phone behind a code: 40029 for none of ours or a stale one, 40163 for a used one."""
        if code in self._used:
            raise Refused(USED_CODE, "code been used")
        phone, ends = self._phones.pop(code, ("", 0.0))
        if self.clock() >= ends:
            raise Refused(BAD_CODE, "invalid code")
        self._used.add(code)
        return phone


@dataclass
class AppToken:
    """``stable_token``: the same answer until shortly before its end, or a forced refresh."""

    clock: Clock
    _token: str = ""
    _ends: float = 0.0
    _former: str = ""

    def current(self, force: bool) -> Json:
        """The token and the seconds it has left."""
        if force or self.clock() >= self._ends - OVERLAP:
            self._former = "" if force else self._token
            self._token, self._ends = secrets.token_urlsafe(96), self.clock() + TOKEN_SECONDS
        return {"access_token": self._token, "expires_in": int(self._ends - self.clock())}

    def accepts(self, token: str) -> bool:
        """Whether a token is good now."""
        renewed = self._ends - TOKEN_SECONDS
        former = bool(self._former) and token == self._former and self.clock() < renewed + OVERLAP
        return former or (bool(token) and token == self._token and self.clock() < self._ends)


class WeChat:
    """WeChat as one app sees it."""

    def __init__(self, app_id: str, secret: str, openid_key: str, clock: Clock = time.monotonic) -> None:
        self._app_id = app_id
        self._secret = secret
        self._openid_key = openid_key.encode()
        self._logins = Codes(clock)
        self._numbers = Codes(clock)
        self._token = AppToken(clock)
        self._turn = threading.Lock()

    def phone_login(self, phone: object) -> Json | None:
        """What ``wx.login`` and the phone-number button give on this phone; None for what is no mainland number."""
        if not (isinstance(phone, str) and _MAINLAND.fullmatch(phone)):
            return None
        with self._turn:
            return {"code": self._logins.hand_out(phone), "phone_code": self._numbers.hand_out(phone)}

    def answer(self, path: str, query: Json, body: Json) -> Json | None:
        """The server's answer, or None for an address WeChat does not have."""
        calls = {OPENID: self._session, TOKEN: self._stable_token, NUMBER: self._number}
        call = calls.get(path)
        try:
            with self._turn:
                return call(query, body) if call else None
        except Refused as refused:
            return refused.answer

    def _session(self, query: Json, _: Json) -> Json:
        self._check_app(query)
        if not query.get("js_code"):
            raise Refused(NO_CODE, "missing code")
        if query.get("grant_type") != "authorization_code":
            raise Refused(BAD_GRANT, "invalid grant_type")
        phone = self._logins.redeem(str(query["js_code"]))
        return {"openid": self._openid(phone), "session_key": secrets.token_urlsafe(18)}

    def _stable_token(self, _: Json, body: Json) -> Json:
        self._check_app(body)
        if body.get("grant_type") != "client_credential":
            raise Refused(BAD_GRANT, "invalid grant_type")
        return self._token.current(force=body.get("force_refresh") is True)

    def _number(self, query: Json, body: Json) -> Json:
        if not self._token.accepts(str(query.get("access_token", ""))):
            raise Refused(BAD_TOKEN, "invalid credential, access_token is invalid or not latest")
        phone = self._numbers.redeem(str(body.get("code", "")))
        watermark = {"timestamp": int(time.time()), "appid": self._app_id}
        info = {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86", "watermark": watermark}
        return {"errcode": 0, "errmsg": "ok", "phone_info": info}

    def _check_app(self, sent: Json) -> None:
        if not sent.get("appid"):
            raise Refused(NO_APP_ID, "appid missing")
        if not sent.get("secret"):
            raise Refused(NO_SECRET, "appsecret missing")
        if sent["appid"] != self._app_id:
            raise Refused(BAD_APP_ID, "invalid appid")
        if not hmac.compare_digest(str(sent["secret"]).encode(), self._secret.encode()):
            raise Refused(BAD_SECRET, "invalid appsecret")

    def _openid(self, phone: str) -> str:
        # 28 characters, as WeChat's are.
        return "o" + hmac.new(self._openid_key, phone.encode(), hashlib.sha256).hexdigest()[:27]


class Server(ThreadingHTTPServer):
    """Serves a ``WeChat`` on a socket that listens already."""

    daemon_threads = True

    def __init__(self, listening: socket.socket, wechat: WeChat) -> None:
        super().__init__(listening.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.wechat = wechat


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """The server side."""
        self._answer({})

    def do_POST(self) -> None:
        """The server side, or the phone side at ``PHONE``."""
        body = self._body()
        if self.path == PHONE:
            self._hand_out(self.server.wechat.phone_login(body.get("phone")))
        else:
            self._answer(body)

    def _body(self) -> Json:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def _answer(self, body: Json) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        answer = self.server.wechat.answer(url.path, query, body)
        self._send(200 if answer is not None else 404, "text/plain", json.dumps(answer or {}))

    def _hand_out(self, codes: Json | None) -> None:
        if codes:
            self._send(200, "application/json", json.dumps(codes))
            return
        sentence = "手机号应是 11 位数字，例如 10000000001。"
        refusal = ProblemAnswer(code="wechat.no_phone", status=400, sentence=sentence)
        self._send(400, "application/problem+json", refusal.to_json())

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """No access log: the addresses hold codes and the app's secret."""


def main() -> None:
    """``python -m infra.stack.standin STATE FD``; the app's identity comes by the environment."""
    told = os.environ
    wechat = WeChat(told["WECHAT_APP_ID"], told["WECHAT_SECRET"], told["STANDIN_OPENID_KEY"])
    Server(socket.socket(fileno=int(sys.argv[2])), wechat).serve_forever()


if __name__ == "__main__":
    main()
