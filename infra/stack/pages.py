"""The few pages of the one-machine stack: the front page, and the API's document to read and try."""

from __future__ import annotations

import html
import mimetypes
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from string import Template

import swagger_ui

from infra import demo
from infra.stack.web import Reply

OWN = Path(__file__).parent.parent / "pages"
SWAGGER = Path(swagger_ui.__file__).parent / "static"
OPENAPI = Path(__file__).parent.parent.parent / "schemas" / "openapi.json"

# Swagger UI styles its elements one by one and draws with data: images.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = (("Content-Security-Policy", POLICY), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-cache"))
_SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


class Pages:
    """Every page there is, by its path. ``seconds`` is how often the state is saved."""

    def __init__(self, people: Sequence[demo.DemoPerson], seconds: int) -> None:
        self._front = _front(people, seconds).encode()
        self._files = {
            "/docs": OWN / "docs.html",
            "/openapi.json": OPENAPI,
            **{f"/static/{file.name}": file for file in OWN.iterdir() if file.suffix in (".css", ".js", ".svg")},
            **{f"/docs/{name}": SWAGGER / name for name in _SWAGGER_FILES},
        }

    def find(self, path: str) -> Reply | None:
        """The page at a path, or None."""
        if path == "/":
            return _page("front.html", self._front)
        file = self._files.get(path)
        return _page(file.name, file.read_bytes()) if file and file.is_file() else None


def _page(name: str, body: bytes) -> Reply:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return Reply(200, (("Content-Type", kind + charset), *_HEADERS), body)


def _front(people: Sequence[demo.DemoPerson], seconds: int) -> str:
    by_unit = groupby(people, key=lambda person: (person.unit, person.kind))
    units = "\n".join(_unit(unit, kind, list(group)) for (unit, kind), group in by_unit)
    template = Template((OWN / "front.html").read_text(encoding="utf-8"))
    return template.substitute(units=units, seconds=seconds)


def _unit(unit: str, kind: str, people: list[demo.DemoPerson]) -> str:
    rows = "\n".join(_person(person) for person in people)
    heading = f'{html.escape(unit)} <span class="chip">{html.escape(kind)}</span>'
    return f'<section class="panel unit"><h2>{heading}</h2><ul class="people">\n{rows}\n</ul></section>'


def _person(person: demo.DemoPerson) -> str:
    unit, _, name, post, phone = map(html.escape, person)
    return (
        f'<li class="person"><div class="person-in"><p class="name">{name}</p>'
        f'<p class="post">{post} · <span class="phone">{phone}</span></p></div>'
        f'<button class="enter" type="button" data-phone="{phone}" data-unit="{unit}" aria-label="以{name}登录">'
        "登录</button></li>"
    )
