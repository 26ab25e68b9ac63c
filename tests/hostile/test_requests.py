"""Whatever is sent, by whomever: the API answers as its document says, and a refusal has changed nothing."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.datastructures import Headers
from werkzeug.test import Client, TestResponse

from chalicelib.routes import ROUTES
from infra.environment import ROOT
from tests.campaign import size, tell
from tests.campaign.goals import DOCUMENT, LEAST_CASES, LEAST_RAW, OPERATIONS
from tests.hostile.unit import ROLES, STRANGERS, HostileApi
from tests.unit.functions.conftest import installed

OPEN = DOCUMENT | {
    "paths": {
        path: {
            method: {name: said for name, said in one.items() if name != "security"} for method, one in there.items()
        }
        for path, there in DOCUMENT["paths"].items()
    }
}
"""Without who may call: tokens are ours to send."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")
NAMED = pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[" ".join(one) for one in OPERATIONS])
BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([
        b"", b"null", b"[]", b"{", b'"', b"NaN", b"1e999", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"[" * 5_000, b"{}" * 2,
        b'{"a":' * 5_000, b'{"target":"\\ud800"}', b'{"target":"E-1","target":"E-2"}', b'{"due":' + b"9" * 5_000 + b"}",
        b'{"__proto__":{}}', "{\"target\":\"E-1\u202e\"}".encode(),
    ]),
)  # fmt: skip
"""What is no JSON, or JSON that nobody means."""
SEEDS = st.integers(0, 1 << 32)
"""Of dice: what is thrown is not drawn, because hypothesis would draw the same again and again, and comes again all the
same when a case is played again."""
HANDLERS = {route.handler for route in ROUTES}
QUERIES = ["cursor=%00", "cursor=%ff", "cursor=a&cursor=b", "%", "=&&=", "until=2026-13-45", "since=" + "9" * 3_000]


@pytest.fixture(scope="module")
def api() -> Iterator[HostileApi]:
    with pytest.MonkeyPatch.context() as patched:
        yield installed(HostileApi(), patched)  # type: ignore[misc]  # what it is given


@cache
def codes() -> frozenset[str]:
    """Every code there is, wherever it is written; a table of routes writes its handlers in the same way."""
    places = [*(ROOT / "layers/core/tean").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    places += [*(ROOT / "infra/generate").rglob("*.py")]
    said = (node for place in places for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))))
    words = (node.value for node in said if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return frozenset(word for word in words if re.fullmatch(r"[a-z]+\.[a-z_]+", word)) - HANDLERS


def is_in_shape(status: int, kind: str | None, body: str) -> None:
    """A refusal says so in the one shape."""
    assert kind == "application/problem+json", body
    problem = json.loads(body)
    assert problem.keys() == {"code", "status", "sentence", "details"}
    assert problem["status"] == status
    assert problem["code"] in codes()
    assert problem["sentence"].endswith("。")


def judged(api: HostileApi, reply: TestResponse) -> None:
    """Nothing breaks, every refusal is in shape, and none has changed anything."""
    assert reply.status_code < 500, reply.text
    if reply.status_code >= 400:
        is_in_shape(reply.status_code, reply.headers["Content-Type"], reply.text)
        if said := api.functions.said:
            is_in_shape(said["statusCode"], said["headers"].get("Content-Type"), said["body"])
        assert not api.has_changed
    api.begin_again()


def aimed(sent: Any, ids: dict[str, list[Any]], dice: Random) -> Any:
    """The same with things that are there, wherever a name says what it is about."""
    if isinstance(sent, list):
        return [aimed(one, ids, dice) for one in sent]
    if not isinstance(sent, dict):
        return sent
    return {
        name: dice.choice(ids[name]) if name in ids and dice.random() < 0.8 else aimed(value, ids, dice)
        for name, value in sent.items()
    }


@st.composite
def cases(draw: st.DrawFn, operation: Any, ids: dict[str, list[Any]]) -> tuple[Any, str]:
    """A request of an operation, good or bad in some place, and who sends it."""
    mode = draw(st.sampled_from(list(schemathesis.GenerationMode)))
    case = draw(operation.as_strategy(generation_mode=mode))
    dice = Random(draw(SEEDS))
    if dice.random() < 0.7:
        case.path_parameters = aimed(case.path_parameters, ids, dice)
        case.query = aimed(case.query, ids, dice)
        case.body = aimed(case.body, ids, dice)
    allowed = operation.definition.raw.get("x-roles") or list(ROLES)
    return case, dice.choice(allowed if dice.random() < 0.7 else [*ROLES, *STRANGERS])


def hostile(cases: int) -> settings:
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(max_examples=cases, phases=[Phase.generate], suppress_health_check=quiet)


@pytest.mark.campaign
@NAMED
def test_every_request_is_answered_as_the_document_says(api: HostileApi, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_dict(OPEN)
    schema.app = api.knock
    most, counted = size(8, LEAST_CASES), 0

    @hostile(most)
    @given(sent=cases(schema[path][method], api.ids))
    def ask(sent: tuple[Any, str]) -> None:
        nonlocal counted
        counted += 1
        case, who = sent
        reply = case.call(headers=api.authorization(who))
        case.validate_response(reply, checks=CHECKS)
        status, text = reply.status_code, reply.content.decode()
        judged(api, TestResponse([text.encode()], f"{status} -", headers_of(reply), None))  # type: ignore[arg-type]  # made by nobody

    ask()
    assert counted >= most
    tell("Hostile requests", "operations", 1)
    tell("Hostile requests", "cases made from the document, at least 2,000 of each operation", counted)


def headers_of(reply: Any) -> Headers:
    return Headers([(name, value) for name, values in reply.headers.items() for value in values])


@pytest.mark.campaign
@NAMED
def test_no_body_query_or_header_breaks_it(api: HostileApi, method: str, path: str) -> None:
    client, most, counted = Client(api.knock), size(8, LEAST_RAW), 0

    @hostile(most)
    @given(body=BODIES, seed=SEEDS)
    def ask(body: bytes, seed: int) -> None:
        nonlocal counted
        counted += 1
        dice = Random(seed)
        place = re.sub(r"{(\w+)}", lambda name: str(dice.choice([*api.ids[name[1]], "%00", "%2e%2e", "a" * 500])), path)
        kind = dice.choice(
            ["application/json", "application/json; charset=gbk", "text/plain", "multipart/form-data", ""]
        )
        who = dice.choice([*ROLES, *STRANGERS])
        headers = api.authorization(who) | {"Content-Type": kind, "Accept": dice.choice(["*/*", "image/png", "é"])}
        query = dice.choice(QUERIES)
        judged(api, client.open(place, method=method.upper(), data=body, headers=headers, query_string=query))

    ask()
    assert counted >= most
    tell("Hostile requests", "raw bodies, queries and headers", counted)


@pytest.mark.parametrize("path", DOCUMENT["paths"])
@pytest.mark.parametrize("who", ["officer", "nobody"])
def test_a_method_that_is_not_there_is_refused_in_the_one_shape(api: HostileApi, path: str, who: str) -> None:
    place = re.sub(r"{(\w+)}", lambda name: str(api.ids[name[1]][0]), path)
    for method in METHODS:
        if method.lower() not in DOCUMENT["paths"][path]:
            reply = Client(api.knock).open(place, method=method, headers=api.authorization(who))
            assert reply.status_code in (403, 404, 405)
            judged(api, reply)
