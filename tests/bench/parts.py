"""Where the time of our own requests goes, as shares of the whole."""

from __future__ import annotations

from collections.abc import Mapping

from app import app
from schemas.inspections import InspectionRequest
from tests.bench.ours import api, serving
from tests.bench.ratios import Work, paired
from tests.bench.routes import GET, POST, routes
from tests.bench.serve import Context, Route

ROUNDS, TIMES = 21, 50

TOKEN, BODY, USE_CASE, ANSWER = "token verified", "body checked", "use case", "answer written"
REST = "Chalice, middleware, all else"


def shares() -> Mapping[str, Mapping[str, float]]:
    """The share of each part in a request, by route."""
    one, asked = api(), routes()
    token, now = one.token(), one.clock()
    raw = asked[POST].event["body"].encode()
    _, member = one.tokens.read(token, now)
    inspections, todos = one.services.inspections, one.services.todos
    body = InspectionRequest.model_validate_json(raw)
    receipt, page = inspections.submit(member, body), todos.page(member, None)

    def verified() -> object:
        return one.tokens.read(token, now)

    works: Mapping[str, Mapping[str, Work]] = {
        POST: {
            TOKEN: verified,
            BODY: lambda: InspectionRequest.model_validate_json(raw),
            USE_CASE: lambda: inspections.submit(member, body),
            ANSWER: receipt.to_json,
        },
        GET: {TOKEN: verified, USE_CASE: lambda: todos.page(member, None), ANSWER: page.to_json},
    }
    with serving(one):
        return {route: _shares(parts, _request(asked[route])) for route, parts in works.items()}


def _request(route: Route) -> Work:
    return lambda: app(route.event, Context())


def _shares(parts: Mapping[str, Work], whole: Work) -> Mapping[str, float]:
    known = {part: paired(work, whole, rounds=ROUNDS, times=TIMES).median for part, work in parts.items()}
    return {**known, REST: 1 - sum(known.values())}
