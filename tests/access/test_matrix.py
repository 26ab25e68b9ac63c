"""Every operation of the route table, for every role, seen from every side, over the real adapter.

Each request reaches something that exists: what is refused would have been found. A refusal shows nothing of it, and
leaves everything as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.contract import Route
from chalicelib.routes import ROUTES
from schemas.language import PersonState, Role
from tean.domain.turns import Allowance
from tests.access.cases import CASES, PUBLIC, Ask, By, Meets
from tests.access.firms import OWNERS, Firm, two_firms
from tests.fakes.builders import USE
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.tables import Place, Watched, everything
from tests.fakes.wechat import FakeWeChat
from tests.fakes.wire import Wire
from tests.unit.functions.conftest import Api, Reply, installed

COLLEAGUES = {Role.OFFICER: "P2", Role.DIRECTOR: "D2"}
GUARDED = [route for route in ROUTES if route.name not in PUBLIC]
WRITING = [route for route in GUARDED if route.method != "GET" and route.feature != "login"]
LIFE_MINUTES = 15


def cells(routes: list[Route] = GUARDED, roles: Any = Role, *, allowed: bool = True) -> pytest.MarkDecorator:
    """A cell of the matrix for each of these routes and roles."""
    pairs = [(route, role) for route in routes for role in roles if (role in route.roles) is allowed]
    return pytest.mark.parametrize(("route", "role"), pairs, ids=[f"{route.name}-{role}" for route, role in pairs])


class World:
    """Two firms as they are before each cell."""

    def __init__(self, api: Api, wire: Wire) -> None:
        self.api = api
        self.ours, self.theirs = two_firms(api)
        self.now = api.clock()
        self.before = Watched(wire)

    def ask(self, route: Route, role: Role, sender: Firm | None = None, who: str | None = None) -> Ask:
        """What reaches our owner of this role, sent by him or by somebody else."""
        by = By(self.ours, OWNERS[role], sender or self.ours, who or OWNERS[role])
        return CASES[route.name].asks[role](by)

    def send(self, route: Route, ask: Ask, token: str | None) -> Reply:
        """One request."""
        path = re.sub(r"{(\w+)}", lambda place: ask.path[place[1]], route.path)
        return self.api.call(route.method, f"{path}?{ask.query}" if ask.query else path, ask.body, token)

    @property
    def unchanged(self) -> bool:
        """Nothing was written since the cell began."""
        return not self.before.changed

    def restore(self) -> None:
        """Everything as it was before the cell."""
        self.before.restore()
        self.api.clock.set(self.now)
        self.api.services = self.api.served()


@pytest.fixture(scope="module")
def _world() -> Iterator[World]:
    with moto_store() as store, pytest.MonkeyPatch.context() as patch:
        api = installed(Api(store), patch)
        with watch() as wire:
            yield World(api, wire)


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    """Both firms, on Monday at 09:05."""
    yield _world
    _world.restore()


def assert_refused(world: World, reply: Reply, *statuses: int) -> None:
    assert reply.status in statuses, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert set(reply.json) == {"code", "status", "sentence", "details"}
    assert reply.json["code"] != "request.invalid", f"it never reached anything: {reply.text}"
    assert world.ours.word not in reply.text
    assert world.unchanged


def ours(items: Mapping[Place, Any], world: World) -> Mapping[Place, Any]:
    """What lies under our unit."""
    return {place: item for place, item in items.items() if world.ours.unit in place[1] + place[2]}


# --- the table ------------------------------------------------------------------------------------------------------


def test_every_route_is_classified_for_exactly_the_roles_it_is_for() -> None:
    """A new route fails here until tests/access/cases.py says whose it is."""
    assert {route.name for route in ROUTES if not route.roles} == PUBLIC.keys()
    assert {route.name: set(route.roles) for route in GUARDED} == {name: set(case.asks) for name, case in CASES.items()}
    shared_out = {name for name, case in CASES.items() if case.asks.keys() & COLLEAGUES.keys()}
    assert {name for name, case in CASES.items() if case.colleague} == shared_out


# --- his own --------------------------------------------------------------------------------------------------------


@cells()
def test_who_it_is_for_is_answered(world: World, route: Route, role: Role) -> None:
    ask = world.ask(route, role)
    reply = world.send(route, ask, world.ours.token(OWNERS[role]))
    assert reply.status == route.status, reply.text
    assert ask.shows in reply.text
    assert world.unchanged is (route not in WRITING)


# --- not his --------------------------------------------------------------------------------------------------------


@cells(allowed=False)
def test_a_role_it_is_not_for_is_refused(world: World, route: Route, role: Role) -> None:
    other = min(route.roles)
    reply = world.send(route, world.ask(route, other), world.ours.token(OWNERS[role]))
    assert_refused(world, reply, 403)
    assert reply.json["code"] == "session.wrong_role"


@cells()
def test_another_unit_never_reaches_it(world: World, route: Route, role: Role) -> None:
    ask = world.ask(route, role, world.theirs, OWNERS[role])
    reply = world.send(route, ask, world.theirs.token(OWNERS[role]))
    if CASES[route.name].meets(role, abroad=True) is Meets.REFUSAL:
        assert_refused(world, reply, 403, 404, 409)
    else:
        assert reply.status == route.status, reply.text
    assert world.ours.word not in reply.text
    assert world.ours.unit not in reply.text
    assert world.unchanged or ours(everything(), world) == ours(world.before.everything, world)


@cells(roles=COLLEAGUES)
def test_another_officer_or_director_of_the_unit_meets_what_is_decided(world: World, route: Route, role: Role) -> None:
    who, meets = COLLEAGUES[role], CASES[route.name].meets(role, abroad=False)
    ask = world.ask(route, role, who=who)
    reply = world.send(route, ask, world.ours.token(who))
    if meets is Meets.REFUSAL:
        assert_refused(world, reply, 403, 404, 409)
    else:
        assert reply.status == route.status, reply.text
        hidden = ask.hides or world.ours.words_of(OWNERS[role])
        assert (hidden in reply.text) is (meets is Meets.SHARED and bool(ask.hides))


# --- his own, but too often -------------------------------------------------------------------------------------------


def test_exactly_what_is_counted_is_refused_to_who_has_had_his_turn(world: World) -> None:
    def reply(route: Route) -> Reply:
        if route.name in PUBLIC:
            return world.api.call("POST", "/v1/login", {"code": wechat.login.hand_out("openid")})
        role = min(route.roles)
        return world.send(route, world.ask(route, role), world.ours.token(OWNERS[role]))

    wechat, one = FakeWeChat(), Allowance(1, timedelta(hours=1))
    world.api.services = world.api.served(wechat=wechat, login_allowance=one, upload_allowance=one)
    refused = {route.name for route in ROUTES for _ in range(2) if reply(route).status == 429}
    assert refused == {route.name for route in ROUTES if route.counted}


# --- no session, or none any more -----------------------------------------------------------------------------------


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_without_a_token_nothing_is_answered(world: World, route: Route) -> None:
    reply = world.send(route, world.ask(route, min(route.roles)), None)
    assert_refused(world, reply, 401)
    assert reply.json["code"] == "session.missing"


@cells()
def test_an_expired_token_is_refused(world: World, route: Route, role: Role) -> None:
    ask, token = world.ask(route, role), world.ours.token(OWNERS[role])
    world.api.clock.move(minutes=LIFE_MINUTES)
    reply = world.send(route, ask, token)
    assert_refused(world, reply, 401)
    assert reply.json["code"] == "session.expired"


@cells()
def test_a_forged_token_is_refused(world: World, route: Route, role: Role) -> None:
    """Signed by nobody, and by somebody else for whom it would be right."""
    ask, good = world.ask(route, role), world.ours.token(OWNERS[role])
    head, body, _ = good.split(".")
    stranger = type(world.api.tokens).from_json('[{"kid": "k1", "key": "' + "y" * 32 + '"}]')
    forged, _ = stranger.issue("openid", world.ours.member(OWNERS[role]), world.api.clock())
    for token in (f"{head}.{body}.AAAA", forged):
        reply = world.send(route, ask, token)
        assert_refused(world, reply, 401)
        assert reply.json["code"] == "session.forged"


LOST: dict[str, dict[str, Any]] = {
    "dismissed": {"state": PersonState.DISMISSED},
    "an officer no longer": {"roles": {Role.ADMINISTRATOR: USE}},
    "an officer only": {"roles": {Role.OFFICER: USE}},
}
SESSION = ("refresh", "switch", "session")
"""They read the person anew."""


@cells()
def test_who_is_dismissed_writes_nothing_from_that_write_on(world: World, route: Route, role: Role) -> None:
    """And reads at most what he could read, until his token ends."""
    assert_powerless(world, route, role, "dismissed")


@cells(WRITING)
def test_who_lost_his_post_writes_nothing_from_that_write_on(world: World, route: Route, role: Role) -> None:
    assert_powerless(world, route, role, "an officer no longer" if role is Role.OFFICER else "an officer only")


def assert_powerless(world: World, route: Route, role: Role, how: str) -> None:
    who = OWNERS[role]
    ask, token = world.ask(route, role), world.ours.token(who)
    world.ours.change(who, **LOST[how])
    revoked = everything()
    reply = world.send(route, ask, token)
    if route in WRITING or route.name in SESSION:
        assert reply.status in (401, 403, 409), reply.text
    else:
        assert reply.status == route.status, reply.text
    assert everything() == revoked
