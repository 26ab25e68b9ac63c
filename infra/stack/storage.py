"""The way to the two buckets: signed requests pass as they are, everything else of storage does not exist."""

from __future__ import annotations

import http.client
from collections.abc import Collection
from urllib.parse import unquote

from infra.stack.web import Reply, Request, refusal

PATIENCE = 30.0
_METHODS = ("GET", "HEAD", "POST")
# No header that could turn a request for a file into another call, or say who is asking: a signature says that.
_SENT_ON = ("host", "content-type", "range", "if-none-match", "if-modified-since", "accept", "accept-encoding")
_DROPPED = {"connection", "keep-alive", "transfer-encoding", "server", "date", "alt-svc", "content-length"}
# A file is shown, never run: it comes from the same origin as the pages.
_HARMLESS = (("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'; sandbox"))


class Storage:
    """S3 at ``port`` of this machine, seen through its buckets only."""

    def __init__(self, port: int, buckets: Collection[str]) -> None:
        self._port = port
        self._buckets = frozenset(buckets)

    def holds(self, request: Request) -> bool:
        """Whether a path leads into one of the buckets."""
        bucket, _, key = request.path.removeprefix("/").partition("/")
        escapes = ".." in unquote(key).split("/")
        return bucket in self._buckets and not escapes

    def answer(self, request: Request) -> Reply:
        """What storage says. The Host stays as it was sent, because the signature covers it."""
        if request.method not in _METHODS:
            return refusal("MISSING_AUTHENTICATION_TOKEN", request.id)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            _send(connection, request)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        headers = tuple(pair for pair in response.getheaders() if pair[0].lower() not in _DROPPED)
        length = response.getheader("Content-Length") if request.method == "HEAD" else None
        return Reply(response.status, (*headers, ("Content-Length", length or str(len(body)))), body).having(*_HARMLESS)


def _send(connection: http.client.HTTPConnection, request: Request) -> None:
    connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
    for name in _SENT_ON:
        if name in request.headers:
            connection.putheader(name, request.headers[name])
    connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body or None)
