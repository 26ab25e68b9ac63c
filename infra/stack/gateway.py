"""The only public door and the only origin: the API, the two buckets, the phones' WeChat, and a few pages."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from infra.stack.api import Api
from infra.stack.logs import without_words
from infra.stack.pages import Pages
from infra.stack.standin import PHONE
from infra.stack.storage import Storage
from infra.stack.web import Reply, Request, TooMuch, problem, read_request, refusal

PHONE_LOGIN = "/wechat/login"
PATIENCE = 10.0

log = logging.getLogger("tean.gateway")

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Gateway:
    """A WSGI application. It must be run by processes, never by threads: see :class:`infra.stack.invoke.Functions`."""

    def __init__(self, origin: str, api: Api, storage: Storage, pages: Pages, standin_port: int) -> None:
        port = origin.rpartition(":")[2]
        self._origin = origin
        self._host = f"127.0.0.1:{port}"
        self._alias = f"localhost:{port}"
        self._api = api
        self._storage = storage
        self._pages = pages
        self._standin_port = standin_port

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        reply = self._reply(environ, str(uuid4()))
        if not reply.header("Content-Length"):
            reply = reply.having(("Content-Length", str(len(reply.body))))
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", list(reply.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]

    def _reply(self, environ: Mapping[str, Any], request_id: str) -> Reply:
        try:
            reply = self._route(read_request(environ, request_id))
        except TooMuch:
            reply = refusal("REQUEST_TOO_LARGE", request_id)
        except Exception as error:
            log.error("request %s failed: %s", request_id, without_words(error))
            reply = refusal("INTEGRATION_FAILURE", request_id)
        return reply.having(("X-Request-Id", request_id), ("X-Content-Type-Options", "nosniff"))

    def _route(self, request: Request) -> Reply:
        host = request.headers.get("host", "")
        if host not in (self._host, self._alias):
            # Another name for this address means that a page from elsewhere is asking through the browser.
            return problem(421, "route.host", f"请用 {self._origin} 打开。", {"request": request.id})
        if request.path.startswith("/v1/"):
            return self._api.answer(request)
        if request.path == PHONE_LOGIN and request.method == "POST":
            return self._phone(request)
        if self._storage.holds(request):
            return self._storage.answer(request)
        return self._page(request, host)

    def _page(self, request: Request, host: str) -> Reply:
        page = self._pages.find(request.path) if request.method in ("GET", "HEAD") else None
        if page is None:
            return refusal("MISSING_AUTHENTICATION_TOKEN", request.id)
        if host == self._alias:
            # One origin: files are signed for it, and a page of another could not send them.
            return Reply(307, (("Location", self._origin + request.target),))
        return page

    def _phone(self, request: Request) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self._standin_port, timeout=PATIENCE)
        try:
            connection.request("POST", PHONE, request.body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        headers = (("Content-Type", response.getheader("Content-Type", "")), ("Cache-Control", "no-store"))
        return Reply(response.status, headers, body)
