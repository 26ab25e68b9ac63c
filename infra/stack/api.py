"""API Gateway, as far as this product uses it: a route becomes an event, the function's answer becomes a reply."""

from __future__ import annotations

import base64
import gzip
import time
from typing import Any
from urllib.parse import parse_qsl

from chalice.local import LambdaEventConverter, RouteMatcher

from infra.manifest import API
from infra.stack.invoke import Invoker
from infra.stack.web import PROBLEM, Reply, Request, refusal, refusal_by_status

STAGE = "local"


class Api:
    """The routes of the functions' app. Answers of ``compress_from`` bytes and more travel compressed if they may."""

    def __init__(self, functions: Invoker, compress_from: int) -> None:
        self._functions = functions
        self._compress_from = compress_from
        self._events = LambdaEventConverter(RouteMatcher(functions.routes))

    def answer(self, request: Request) -> Reply:
        """What the API says, every refusal in the one shape."""
        event = self._event(request)
        if event is None:
            return refusal("MISSING_AUTHENTICATION_TOKEN", request.id)
        reply = _reply(self._functions.invoke(API, event))
        if reply.status >= 400 and reply.header("Content-Type") != PROBLEM:
            return refusal_by_status(reply.status, request.id)
        return self._compressed(request, reply)

    def _event(self, request: Request) -> dict[str, Any] | None:
        text, encoded = _text(request.body)
        try:
            event = self._events.create_lambda_event(request.method, request.target, dict(request.headers))
        except ValueError:
            return None
        route, context = event["requestContext"]["resourcePath"], event["requestContext"]
        event |= {"resource": route, "path": request.path, "httpMethod": request.method}
        event |= {"body": text, "isBase64Encoded": encoded}
        event["multiValueHeaders"] = {name: [value] for name, value in event["headers"].items()}
        event["queryStringParameters"] = dict(parse_qsl(request.query, keep_blank_values=True)) or None
        context |= {"requestId": request.id, "stage": STAGE, "apiId": STAGE, "protocol": "HTTP/1.1"}
        context["requestTimeEpoch"] = int(time.time() * 1000)
        context["identity"] |= {"userAgent": request.headers.get("user-agent")}
        return event

    def _compressed(self, request: Request, reply: Reply) -> Reply:
        if len(reply.body) < self._compress_from or "gzip" not in request.headers.get("accept-encoding", ""):
            return reply
        smaller = Reply(reply.status, reply.headers, gzip.compress(reply.body, 6, mtime=0))
        return smaller.having(("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))


def _text(body: bytes) -> tuple[str | None, bool]:
    """A body as events carry it: text, or base64 of what is none."""
    try:
        return body.decode() or None, False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True


def _reply(answer: dict[str, Any]) -> Reply:
    body = answer.get("body") or ""
    data = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    return Reply(int(answer["statusCode"]), tuple(headers), data)
