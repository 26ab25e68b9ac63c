"""The pages need nothing from outside, and WeChat's stand-in is there before the client asks for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from infra import demo
from infra.stack.pages import OWN, Pages
from infra.stack.web import Reply
from tests.unit.infra.stack.pages import FRONT, build, pages

CLIENT = ("/", "/assets/uni.eda98007.css", "/assets/index-CmWyECHv.js", "/static/mark.svg", "/standin/wechat.js",
          "/standin/wechat.css", "/standin/people.json")  # fmt: skip
DOCS = ("/docs", "/openapi.json", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/docs.js")
KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "json": "application/json",
}


@pytest.fixture
def all_pages(tmp_path: Path) -> Pages:
    return pages(tmp_path)


def page(found: Pages, path: str) -> Reply:
    reply = found.find(path)
    assert reply is not None, path
    return reply


def policy(reply: Reply) -> dict[str, set[str]]:
    directives = [each.split() for each in reply.header("Content-Security-Policy").split(";")]
    return {name: set(sources) for name, *sources in directives}


NOTHING = {"base-uri": {"'none'"}, "frame-ancestors": {"'none'"}, "object-src": {"'none'"}}
OURS = NOTHING | {"default-src": {"'self'"}, "style-src": {"'self'", "'unsafe-inline'"}}


@pytest.mark.parametrize("path", CLIENT)
def test_the_client_may_do_what_it_needs_and_nothing_else(all_pages: Pages, path: str) -> None:
    assert policy(page(all_pages, path)) == OURS | {
        "script-src": {"'self'"},
        "img-src": {"'self'", "data:", "blob:"},
        "connect-src": {"'self'", "blob:"},
        "form-action": {"'none'"},
    }


@pytest.mark.parametrize("path", DOCS)
def test_the_document_may_draw_itself_and_nothing_else(all_pages: Pages, path: str) -> None:
    assert policy(page(all_pages, path)) == OURS | {"img-src": {"'self'", "data:"}, "form-action": {"'self'"}}


@pytest.mark.parametrize("path", [*CLIENT, *DOCS])
def test_every_page_has_its_type_whatever_the_machine_thinks_of_its_ending(all_pages: Pages, path: str) -> None:
    wanted = KINDS.get(path.rpartition(".")[2], "text/html; charset=utf-8")
    assert page(all_pages, path).header("Content-Type") == wanted


def test_an_ending_nobody_knows_is_only_bytes(all_pages: Pages) -> None:
    assert page(all_pages, "/static/photo.odd").header("Content-Type") == "application/octet-stream"


def test_only_what_has_its_content_in_its_name_is_kept_by_browsers(all_pages: Pages) -> None:
    for path in (*CLIENT, *DOCS):
        kept = path.startswith("/assets/")
        assert page(all_pages, path).header("Cache-Control") == (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_refers_to_nothing_outside_and_to_nothing_missing(all_pages: Pages, path: str) -> None:
    text = page(all_pages, path).body.decode()
    links = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert links
    for link in links:
        assert all_pages.find(link.removeprefix(".")) is not None, link
    assert not re.search(r"https?:|<script(?![^>]*src=)|\son\w+=|style=", text), "the policy would block it"


def test_our_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    files = [file for file in OWN.rglob("*") if file.is_file()]
    assert len(files) == 4
    for file in files:
        assert not re.search(r"https?:|@import|url\(|\Wimport\(|\Weval\(|innerHTML", file.read_text(encoding="utf-8"))


def test_wechat_is_there_before_the_client_and_the_client_is_as_it_was_built(all_pages: Pages, tmp_path: Path) -> None:
    front = page(all_pages, "/").body.decode()
    assert front.index('<script src="/standin/wechat.js"></script>') < front.index('<script type="module"')
    without = re.sub(r"<link[^>]*standin[^>]*><script[^>]*standin[^>]*></script>\s*", "", front)
    assert without == FRONT
    assert "standin" not in (tmp_path / "h5" / "index.html").read_text(encoding="utf-8")


def test_a_front_page_without_an_app_is_refused_at_the_start(tmp_path: Path) -> None:
    (build(tmp_path) / "index.html").write_text("<html></html>")
    with pytest.raises(ValueError, match="module script"):
        Pages(tmp_path / "h5", [], 15)


def test_a_build_that_is_replaced_meanwhile_does_not_mix_with_this_one(all_pages: Pages, tmp_path: Path) -> None:
    for file in (tmp_path / "h5" / "assets").iterdir():
        file.unlink()
    assert page(all_pages, "/assets/index-CmWyECHv.js").body == b"export {}"


def test_the_document_is_not_sent_to_a_validator(all_pages: Pages) -> None:
    assert "validatorUrl: null" in page(all_pages, "/docs/docs.js").body.decode()
    assert json.loads(page(all_pages, "/openapi.json").body)["openapi"] == "3.1.0"


def test_wechat_knows_everybody_by_unit_and_how_often_the_state_is_saved(all_pages: Pages) -> None:
    told = json.loads(page(all_pages, "/standin/people.json").body)
    assert told["seconds"] == 15
    people = [
        demo.DemoPerson(unit["name"], unit["kind"], person["name"], person["post"], person["phone"])
        for unit in told["units"]
        for person in unit["people"]
    ]
    assert people == demo.people()
    assert [unit["kind"] for unit in told["units"]] == ["使用单位", "生产单位", "充装单位"]


def test_other_paths_are_no_pages(all_pages: Pages) -> None:
    for path in ("/index.html", "/static/", "/static/missing.svg", "/docs/LICENSE", "/docs/index.html", "/assets/..",
                 "/static/../index.html", "/assets/%2e%2e/index.html", "/standin/", "/standin", ""):  # fmt: skip
        assert all_pages.find(path) is None
