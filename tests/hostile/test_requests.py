"""Whatever is sent, by whomever: the API answers as its document says, and a refusal has changed nothing."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any
from urllib.parse import parse_qsl

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
from werkzeug.test import Client, TestResponse

from chalicelib.routes import ROUTES
from infra.environment import ROOT
from tests.access.cases import Ask
from tests.access.firms import OWNERS
from tests.campaign import size, tell
from tests.campaign.goals import DOCUMENT, LEAST_CASES, LEAST_ON_DYNAMO, LEAST_RAW, OPERATIONS
from tests.hostile.world import STRANGERS, Hostile, on_dynamo, on_the_fake

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
def fake() -> Iterator[Hostile]:
    with on_the_fake() as world:
        yield world


@pytest.fixture(scope="module")
def dynamo() -> Iterator[Hostile]:
    with on_dynamo() as world:
        yield world


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


def judged(world: Hostile, reply: TestResponse) -> None:
    """What came back over WSGI, see :func:`judged_as`."""
    judged_as(world, reply.status_code, reply.headers["Content-Type"], reply.text)


def judged_as(world: Hostile, status: int, kind: str, text: str) -> None:
    """Nothing breaks, every refusal is in shape, and none has changed anything."""
    assert status < 500, text
    if status >= 400:
        is_in_shape(status, kind, text)
        if said := world.functions.said:
            is_in_shape(said["statusCode"], said["headers"].get("Content-Type"), said["body"])
        assert not world.before.changed
    world.before.restore()


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


ODD: tuple[Any, ...] = (
    None, "", [], {}, 0, -1, 2**63, 1e308, True, "\x00", "一" * 5_000, "E-1#T#E-2", "2026-02-30", [[]], "~",
    {"seen": {}}, ["P1"] * 70,
)  # fmt: skip
"""What nobody means, wherever it stands."""


def damaged(sent: Any, dice: Random) -> Any:
    """The same with one place of it left out, replaced by something odd, or there twice, as it was or damaged; now and
    then all of it as it was."""
    if isinstance(sent, dict) and sent:
        name = dice.choice(list(sent))
        if dice.random() < 0.2:
            return {other: value for other, value in sent.items() if other != name}
        return sent | {name: damaged(sent[name], dice)}
    if isinstance(sent, list) and sent:
        place = dice.randrange(len(sent))
        changed = sent[place] if dice.random() < 0.2 else damaged(sent[place], dice)
        return [*sent[:place], changed, *sent[place + (dice.random() < 0.8) :]]
    return dice.choice((*ODD, sent))


@st.composite
def cases(draw: st.DrawFn, operation: Any, world: Hostile) -> tuple[Any, str]:
    """A request of an operation, good or bad in some place, and who sends it."""
    dice = Random(draw(SEEDS))
    good = world.good.get((operation.method, operation.path), ())
    if good and dice.random() < 0.4:
        # Hardly anything that is made from a schema is good enough to get to the last check.
        who, ask = dice.choice(good)
        return operation.Case(media_type="application/json", **harmed(ask, dice)), who
    case = draw(operation.as_strategy(generation_mode=draw(st.sampled_from(list(schemathesis.GenerationMode)))))
    if dice.random() < 0.7:
        case.path_parameters = aimed(case.path_parameters, world.ids, dice)
        case.query = aimed(case.query, world.ids, dice)
        case.body = aimed(case.body, world.ids, dice)
    allowed = operation.definition.raw.get("x-roles") or list(OWNERS)
    return case, dice.choice(allowed if dice.random() < 0.7 else [*OWNERS, *STRANGERS])


def harmed(ask: Ask, dice: Random) -> dict[str, Any]:
    """The parts of a good request, at most one of them damaged; its path is right."""
    parts = {"query": dict(parse_qsl(ask.query))} | ({} if ask.body is None else {"body": ask.body})
    name = dice.choice([name for name, part in parts.items() if part] or ["query"])
    damage = {name: damaged(parts[name], dice)} if parts[name] and dice.random() < 0.8 else {}
    return {"path_parameters": dict(ask.path)} | parts | damage


def hostile(cases: int) -> settings:
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(max_examples=cases, phases=[Phase.generate], suppress_health_check=quiet)


@pytest.mark.campaign
@NAMED
def test_every_request_is_answered_as_the_document_says(fake: Hostile, method: str, path: str) -> None:
    counted = answered_as_the_document_says(fake, method, path, size(6, LEAST_CASES))
    tell("Hostile requests", "operations", 1)
    tell("Hostile requests", "cases made from the document, at least 2,000 of each operation", counted)


@pytest.mark.campaign
@NAMED
def test_on_dynamodbs_adapter_too_it_is_answered_as_the_document_says(dynamo: Hostile, method: str, path: str) -> None:
    counted = answered_as_the_document_says(dynamo, method, path, size(2, LEAST_ON_DYNAMO))
    tell("Hostile requests", "cases on DynamoDB's adapter, at least 200 of each operation", counted)


def answered_as_the_document_says(world: Hostile, method: str, path: str, most: int) -> int:
    """Ask so often; how often that was."""
    schema, counted = schemathesis.openapi.from_dict(OPEN), 0
    schema.app = world.knock

    @hostile(most)
    @given(sent=cases(schema[path][method], world))
    def ask(sent: tuple[Any, str]) -> None:
        nonlocal counted
        counted += 1
        case, who = sent
        reply = case.call(headers=world.authorization(who))
        case.validate_response(reply, checks=CHECKS)
        judged_as(world, reply.status_code, reply.headers["content-type"][0], reply.content.decode())

    ask()
    assert counted >= most
    return counted


@pytest.mark.campaign
@NAMED
def test_no_body_query_or_header_breaks_it(fake: Hostile, method: str, path: str) -> None:
    client, most, counted = Client(fake.knock), size(6, LEAST_RAW), 0

    @hostile(most)
    @given(body=BODIES, seed=SEEDS)
    def ask(body: bytes, seed: int) -> None:
        nonlocal counted
        counted += 1
        dice = Random(seed)
        place = re.sub(
            r"{(\w+)}", lambda name: str(dice.choice([*fake.ids[name[1]], "%00", "%2e%2e", "a" * 500])), path
        )
        kind = dice.choice(
            ["application/json", "application/json; charset=gbk", "text/plain", "multipart/form-data", ""]
        )
        who = dice.choice([*OWNERS, *STRANGERS])
        headers = fake.authorization(who) | {"Content-Type": kind, "Accept": dice.choice(["*/*", "image/png", "é"])}
        query = dice.choice(QUERIES)
        judged(fake, client.open(place, method=method.upper(), data=body, headers=headers, query_string=query))

    ask()
    assert counted >= most
    tell("Hostile requests", "raw bodies, queries and headers", counted)


@pytest.mark.parametrize("path", DOCUMENT["paths"])
@pytest.mark.parametrize("who", ["officer", "nobody"])
def test_a_method_that_is_not_there_is_refused_in_the_one_shape(fake: Hostile, path: str, who: str) -> None:
    place = re.sub(r"{(\w+)}", lambda name: str(fake.ids[name[1]][0]), path)
    for method in METHODS:
        if method.lower() not in DOCUMENT["paths"][path]:
            reply = Client(fake.knock).open(place, method=method, headers=fake.authorization(who))
            assert reply.status_code in (403, 404, 405)
            judged(fake, reply)
