"""Requests and replies as the gateway's parts see them, and the one problem shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.generate.gateway import REFUSALS
from schemas.base import ProblemAnswer

PROBLEM = "application/problem+json"
LIMIT = 10 * 1024 * 1024
"""Bytes of a request's body; API Gateway takes no more either."""

_DRAINED = 100 * 1024 * 1024
_CHUNK = 1 << 16
_BY_KIND = {refusal.kind: refusal for refusal in REFUSALS}
_BY_STATUS = {refusal.status: refusal.kind for refusal in REFUSALS if not refusal.kind.startswith("DEFAULT")}


@dataclass(frozen=True)
class Request:
    """One HTTP request. ``path`` and ``query`` are as sent, still escaped; ``headers`` in lower case."""

    id: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query as they stood in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first value of a header, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def having(self, *headers: tuple[str, str]) -> Reply:
        """The same with these headers, in place of their namesakes."""
        names = {name.lower() for name, _ in headers}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in names)
        return Reply(self.status, (*kept, *headers), self.body)


class TooMuch(Exception):
    """More than ``LIMIT`` bytes were sent."""


def refusal(kind: str, request_id: str) -> Reply:
    """What API Gateway answers by itself, as ``infra.generate.gateway`` has it say it."""
    said = _BY_KIND[kind]
    return problem(said.status, said.code, said.sentence, {"request": request_id})


def refusal_by_status(status: int, request_id: str) -> Reply:
    """The refusal with this status, else the general one of its hundred."""
    kind = _BY_STATUS.get(status) or ("DEFAULT_5XX" if status >= 500 else "DEFAULT_4XX")
    said = _BY_KIND[kind]
    return problem(status, said.code, said.sentence, {"request": request_id})


def problem(status: int, code: str, sentence: str, details: dict[str, Any]) -> Reply:
    """Any refusal."""
    body = ProblemAnswer(code=code, status=status, sentence=sentence, details=details).to_json()
    return Reply(status, (("Content-Type", PROBLEM), ("Cache-Control", "no-store")), body.encode())


def read_request(environ: Mapping[str, Any], request_id: str) -> Request:
    """The request of a WSGI call. TooMuch when its body is over the limit."""
    path, _, query = str(environ.get("RAW_URI") or "/").partition("?")
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return Request(request_id, environ["REQUEST_METHOD"], path, query, headers, _body(environ))


def _body(environ: Mapping[str, Any]) -> bytes:
    source = environ["wsgi.input"]
    body: bytes = source.read(LIMIT + 1)
    if len(body) > LIMIT:
        # Answered before it has sent everything, a client sees a broken line instead of the reason.
        _drain(source)
        raise TooMuch
    return body


def _drain(source: Any) -> None:
    left = _DRAINED
    while left > 0 and (chunk := source.read(_CHUNK)):
        left -= len(chunk)
