"""WeChat for tests: the phones that hand out codes, the port without HTTP, and a server that answers as WeChat does."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tean.domain.errors import Unauthenticated

APP_ID = "wx0000000000000000"
SECRET = "secret-of-the-app-0123456789abcd"

OPENID = "/sns/jscode2session"
TOKEN = "/cgi-bin/stable_token"
PHONE = "/wxa/business/getuserphonenumber"


class RefusedCode(Exception):
    """A code that WeChat does not take."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class Codes:
    """Codes as ``wx.login`` or the phone-number button hand them out: each works once."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._behind: dict[str, str] = {}
        self._used: set[str] = set()

    def hand_out(self, value: str) -> str:
        """A new code that stands for ``value``."""
        code = f"{self._word}-{len(self._behind):04d}"
        self._behind[code] = value
        return code

    def redeem(self, code: str) -> str:
        """What a code stands for: 40029 for no code of ours, 40163 for a used one."""
        if code in self._used:
            raise RefusedCode(40163)
        if code not in self._behind:
            raise RefusedCode(40029)
        self._used.add(code)
        return self._behind[code]


class FakeWeChat:
    """The port ``WeChat`` in memory; ``login`` and ``phones`` are what the phones out there hand out."""

    def __init__(self) -> None:
        self.login = Codes("login-code")
        self.phones = Codes("phone-code")

    def openid(self, code: str) -> str:
        """The openid behind a code."""
        return self._redeem(self.login, code)

    def phone(self, phone_code: str) -> str:
        """The phone behind a code."""
        return self._redeem(self.phones, phone_code)

    def _redeem(self, codes: Codes, code: str) -> str:
        try:
            return codes.redeem(code)
        except RefusedCode:
            raise Unauthenticated("login.code_refused", "这次微信授权已失效，请重新登录。") from None


@dataclass(frozen=True)
class Scripted:
    """One answer out of turn; without a status there is none: the line is cut, or with ``hang`` left dangling. With
    ``drop_every`` it comes byte by byte, so many seconds apart, until the server closes."""

    status: int | None = None
    body: bytes = b""
    hang: bool = False
    drop_every: float = 0


CUT = Scripted()
HANG = Scripted(hang=True)


def errcode(code: int) -> Scripted:
    """WeChat's refusal: HTTP 200 with an errcode."""
    return Scripted(200, json.dumps({"errcode": code, "errmsg": "refused, rid: 0000"}).encode())


class WeChatServer:
    """Answers the three calls over HTTP. ``script`` puts answers out of turn before the ordinary ones."""

    def __init__(self) -> None:
        self.login = Codes("login-code")
        self.phones = Codes("phone-code")
        self.calls: list[str] = []
        """Paths in the order they were asked for."""
        self.connections = 0
        self.country: str | int = "86"
        self.expires_in = 7200
        self.app_token = "app-token-0"
        self._script: dict[str, list[Scripted]] = defaultdict(list)
        self._closing = Event()
        self.hangs = Event()
        """Somebody waits who gets no answer."""
        self.url = ""

    def script(self, path: str, *answers: Scripted) -> None:
        """The next answers at ``path``."""
        self._script[path].extend(answers)

    def renew_token(self) -> None:
        """End the app token before its time, as a forced refresh elsewhere does."""
        self.app_token = f"app-token-{int(self.app_token.rpartition('-')[2]) + 1}"

    @contextmanager
    def running(self) -> Iterator[WeChatServer]:
        """Serve on a free port of this machine."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            self._closing.set()
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Scripted:
        """What WeChat says; it leaves ``errcode`` out where the real one does."""
        self.calls.append(path)
        if self._script[path]:
            return self._script[path].pop(0)
        answers: dict[str, Callable[[dict[str, str], dict[str, Any]], dict[str, Any]]] = {
            OPENID: self._openid,
            TOKEN: self._token,
            PHONE: self._phone,
        }
        try:
            return Scripted(200, json.dumps(answers[path](query, body)).encode())
        except RefusedCode as refused:
            return errcode(refused.errcode)

    def hang_until_closed(self) -> None:
        """Keep the line open and say nothing."""
        self.hangs.set()
        self._closing.wait(10)

    def send(self, line: BufferedIOBase, answer: Scripted) -> None:
        """At once, or byte by byte for as long as anybody listens."""
        if not answer.drop_every:
            line.write(answer.body)
            return
        for byte in answer.body:
            if self._closing.wait(answer.drop_every):
                return
            with suppress(OSError):
                line.write(bytes([byte]))

    def _openid(self, query: dict[str, str], _: dict[str, Any]) -> dict[str, Any]:
        _check_app(query)
        if query.get("grant_type") != "authorization_code":
            raise RefusedCode(40002)
        return {"openid": self.login.redeem(query["js_code"]), "session_key": "c2Vzc2lvbi1rZXktMDEyMw=="}

    def _token(self, _: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        _check_app(body)
        if body.get("grant_type") != "client_credential":
            raise RefusedCode(40002)
        return {"access_token": self.app_token, "expires_in": self.expires_in}

    def _phone(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if query.get("access_token") != self.app_token:
            raise RefusedCode(40001)
        number = self.phones.redeem(body["code"])
        watermark = {"timestamp": 1795395600, "appid": APP_ID}
        info = {"phoneNumber": number, "purePhoneNumber": number, "countryCode": self.country, "watermark": watermark}
        return {"errcode": 0, "errmsg": "ok", "phone_info": info}


def _check_app(sent: dict[str, Any]) -> None:
    if "appid" not in sent:
        raise RefusedCode(41002)
    if sent["appid"] != APP_ID:
        raise RefusedCode(40013)
    if sent.get("secret") != SECRET:
        raise RefusedCode(40125)


def _handler(wechat: WeChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            wechat.connections += 1
            super().setup()

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: dict[str, Any]) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            self._send(wechat.answer(url.path, query, body))

        def _send(self, answer: Scripted) -> None:
            if answer.hang:
                wechat.hang_until_closed()
            if answer.status is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            # WeChat labels its JSON as text.
            self.send_header("Content-Type", "text/plain")
            if answer.status == 302:
                self.send_header("Location", self.path)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            wechat.send(self.wfile, answer)

        def log_message(self, format: str, *args: object) -> None:
            """Tests read no access log."""

    return Handler
