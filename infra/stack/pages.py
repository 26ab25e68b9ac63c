"""What a browser is shown: the client as it was built, WeChat's stand-in beside it, and the API's document to try."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import swagger_ui

from infra import demo
from infra.stack.web import Reply

OWN = Path(__file__).parent.parent / "pages"
SWAGGER = Path(swagger_ui.__file__).parent / "static"
OPENAPI = Path(__file__).parent.parent.parent / "schemas" / "openapi.json"

_SELF = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
# Photos are looked at and read again before they are sent.
CLIENT_POLICY = f"{_SELF}; script-src 'self'; img-src 'self' data: blob:; connect-src 'self' blob:; form-action 'none'"
# Swagger UI draws with data: images.
DOCS_POLICY = f"{_SELF}; img-src 'self' data:; form-action 'self'"

ANEW = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"

_STANDIN = '<link rel="stylesheet" href="/standin/wechat.css"><script src="/standin/wechat.js"></script>\n    '
_APP = '<script type="module"'
_SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")
# Our own list: the system's says other things on other machines.
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
}


class Pages:
    """Every page there is, by its path, as it was at the start: a build that is replaced meanwhile must not mix.

    ``build`` is the client for browsers, ``seconds`` how often the state is saved.
    """

    def __init__(self, build: Path, people: Sequence[demo.DemoPerson], seconds: int) -> None:
        self._pages = dict([*_client(build), *_standin(people, seconds), *_docs()])

    def find(self, path: str) -> Reply | None:
        """The page at a path, or None."""
        return self._pages.get(path)


def _client(build: Path) -> Iterator[tuple[str, Reply]]:
    front = build / "index.html"
    for file in build.rglob("*"):
        if file.is_file() and file != front:
            # What lies in assets has a name that changes with its content.
            age = FOR_EVER if file.parent == build / "assets" else ANEW
            yield f"/{file.relative_to(build).as_posix()}", _page(file.name, file.read_bytes(), CLIENT_POLICY, age)
    yield "/", _page(front.name, _with_standin(front.read_text(encoding="utf-8")).encode(), CLIENT_POLICY)


def _with_standin(front: str) -> str:
    """The front page with WeChat in it, before the app that asks for it."""
    before, app, after = front.partition(_APP)
    if not app:
        raise ValueError("the client's index.html has no module script")
    return f"{before}{_STANDIN}{app}{after}"


def _standin(people: Sequence[demo.DemoPerson], seconds: int) -> Iterator[tuple[str, Reply]]:
    for file in (OWN / "standin").iterdir():
        yield f"/standin/{file.name}", _page(file.name, file.read_bytes(), CLIENT_POLICY)
    told = json.dumps({"seconds": seconds, "units": _units(people)}, ensure_ascii=False)
    yield "/standin/people.json", _page("people.json", told.encode(), CLIENT_POLICY)


def _units(people: Sequence[demo.DemoPerson]) -> list[dict[str, Any]]:
    by_unit = groupby(people, key=lambda person: (person.unit, person.kind))
    return [{"name": name, "kind": kind, "people": list(map(_person, group))} for (name, kind), group in by_unit]


def _person(person: demo.DemoPerson) -> dict[str, str]:
    return {"name": person.name, "post": person.post, "phone": person.phone}


def _docs() -> Iterator[tuple[str, Reply]]:
    files = {
        "/docs": OWN / "docs" / "index.html",
        "/docs/docs.js": OWN / "docs" / "docs.js",
        "/openapi.json": OPENAPI,
        **{f"/docs/{name}": SWAGGER / name for name in _SWAGGER_FILES},
    }
    for path, file in files.items():
        yield path, _page(file.name, file.read_bytes(), DOCS_POLICY)


def _page(name: str, body: bytes, policy: str, age: str = ANEW) -> Reply:
    headers = (
        ("Content-Type", _KINDS.get(Path(name).suffix, "application/octet-stream")),
        ("Content-Security-Policy", policy),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", age),
    )
    return Reply(200, headers, body)
