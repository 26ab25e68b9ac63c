"""The keys that sign sessions are changed while people are logged in."""

from __future__ import annotations

from collections.abc import Sequence

import jwt
import pytest

from schemas.language import PersonState, Role, UnitKind
from tean.adapters.ports.access import Binding
from tean.adapters.tokens import SigningKey, Tokens
from tests.fakes import builders, scenes
from tests.fakes.builders import UNIT
from tests.fakes.store import FakeStore
from tests.unit.functions.conftest import OPENID, Api, Reply, installed

FORMER, NEW = (SigningKey(kid=kid, key=kid * 32) for kid in ("a", "b"))


class Service:
    """The API, deployed anew with each set of keys."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.api = Api(FakeStore())
        scenes.enrol(self.api.store)
        phone = builders.person("P1").phone
        assert phone
        self.api.store.bind(OPENID, Binding(phone, frozenset({(UNIT, "P1")})))

    def deploy(self, *keys: SigningKey) -> None:
        self.api.tokens = self.api.services.tokens = Tokens(keys)
        installed(self.api, self._patch)

    def refresh(self, token: str) -> Reply:
        return self.api.call("POST", "/v1/session/refresh", token=token)

    def reads(self, token: str) -> int:
        return self.api.call("GET", "/v1/targets", token=token).status


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    return Service(monkeypatch)


def test_changing_the_keys_in_the_order_of_the_guide_logs_nobody_out(service: Service) -> None:
    """docs/deploy.md: the new one is added and signs; a quarter of an hour later the former one goes."""
    service.deploy(FORMER)
    token = service.api.token()
    service.deploy(NEW, FORMER)
    assert service.reads(token) == 200
    service.api.clock.move(minutes=14)
    renewed = service.refresh(token).json["token"]
    assert jwt.get_unverified_header(renewed)["kid"] == "b"
    service.api.clock.move(minutes=2)
    service.deploy(NEW)
    assert service.reads(renewed) == 200


@pytest.mark.parametrize("keys", [[NEW], [NEW, SigningKey(kid="a", key="c" * 32)]])
def test_a_key_that_was_taken_away_opens_nothing_under_any_name(service: Service, keys: Sequence[SigningKey]) -> None:
    service.deploy(FORMER)
    token = service.api.token()
    service.deploy(*keys)
    assert service.reads(token) == 401
    refused = service.refresh(token)
    assert (refused.status, refused.json["code"]) == (401, "session.forged")


def test_a_membership_that_ends_is_not_renewed_from_that_write_on(service: Service) -> None:
    service.deploy(NEW)
    token = service.api.token()
    assert service.refresh(token).status == 200
    scenes.change(service.api.store, builders.person("P1", state=PersonState.DISMISSED))
    assert service.refresh(token).json["code"] == "session.membership_gone"


def test_who_switches_acts_in_the_other_post_and_both_tokens_live_their_quarter_of_an_hour(service: Service) -> None:
    both = {Role.OFFICER: frozenset({UnitKind.USE}), Role.DIRECTOR: frozenset({UnitKind.USE})}
    scenes.change(service.api.store, builders.person("P1", roles=both))
    service.deploy(NEW)
    token, body = service.api.token(), {"unit": UNIT, "role": "director"}
    switched = service.api.call("POST", "/v1/session/membership", body, token).json["token"]
    progress = [service.api.call("GET", "/v1/progress/daily", token=one).status for one in (token, switched)]
    assert progress == [403, 200]
    service.api.clock.move(minutes=15)
    assert [service.reads(one) for one in (token, switched)] == [401, 401]
