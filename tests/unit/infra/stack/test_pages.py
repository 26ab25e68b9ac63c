"""The pages need nothing from outside, and say who is there."""

from __future__ import annotations

import json
import re

import pytest

from infra import demo
from infra.stack.pages import OWN, Pages
from infra.stack.web import Reply

pages = Pages(demo.people(), 15)
EVERY = ("/", "/docs", "/openapi.json", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/static/front.css",
         "/static/front.js", "/static/docs.js", "/static/mark.svg")  # fmt: skip


def page(path: str) -> Reply:
    found = pages.find(path)
    assert found is not None, path
    return found


@pytest.mark.parametrize("path", EVERY)
def test_every_page_has_its_type_and_may_load_from_its_own_origin_only(path: str) -> None:
    policy = page(path).header("Content-Security-Policy")
    assert policy.startswith("default-src 'self';")
    sources = {source for directive in policy.split("; ")[1:] for source in directive.split()[1:]}
    assert sources == {"'self'", "'unsafe-inline'", "data:", "'none'"}
    assert "script-src" not in policy, "scripts fall under default-src, which has no unsafe-inline"
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "json": "application/json"}
    wanted = kinds.get(path.rpartition(".")[2] if "." in path else "", "text/html")
    assert page(path).header("Content-Type").split(";")[0] == wanted


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_refers_to_nothing_outside_and_to_nothing_missing(path: str) -> None:
    text = page(path).body.decode()
    links = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert links
    for link in links:
        assert pages.find(link) is not None, link
    assert "http:" not in text
    assert "https:" not in text
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", text), "the policy would block it"


def test_our_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    for file in OWN.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|@import|url\(|//[a-z]", text), file.name


def test_the_document_is_not_sent_to_a_validator() -> None:
    assert "validatorUrl: null" in page("/static/docs.js").body.decode()
    assert json.loads(page("/openapi.json").body)["openapi"] == "3.1.0"


def test_the_front_page_shows_everybody_with_post_and_phone() -> None:
    text = page("/").body.decode()
    for person in demo.people():
        assert f'data-phone="{person.phone}" data-unit="{person.unit}"' in text
        assert f'<p class="name">{person.name}</p><p class="post">{person.post} · ' in text
    assert "每 15 秒一次" in text


def test_names_are_escaped() -> None:
    evil = demo.DemoPerson('<b>"', "&", "<i>", "<u>", '1"')
    found = Pages([evil], 15).find("/")
    assert found
    text = found.body.decode()
    assert "&lt;b&gt;&quot;" in text
    assert not {"<b>", "<i>", "<u>"} & set(re.findall(r"<\w+>", text))


def test_other_paths_are_no_pages() -> None:
    for path in ("/front.html", "/static/", "/static/front.html", "/docs/LICENSE", "/static/../__init__.py", ""):
        assert pages.find(path) is None
