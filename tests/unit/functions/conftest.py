"""The real routes over the fakes: what a handler, the middleware and the contract do, without storage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.config import Config
from chalice.local import LocalGateway

from app import app
from schemas.language import Role, UnitKind
from tean import bootstrap
from tean.adapters.cursors import Cursors
from tean.adapters.hashing import Hasher
from tean.adapters.ports.store import Store
from tean.adapters.signing import Signer
from tean.adapters.tokens import SigningKey, Tokens
from tean.domain.membership import Membership
from tean.domain.turns import Allowance
from tean.services.days import AnnouncementService, DayService
from tean.services.uploads import Buckets
from tests.fakes import builders
from tests.fakes.clock import FakeClock
from tests.fakes.messages import FakeMessages
from tests.fakes.store import FakeStore

OPENID = "0" * 64
PORTS = [name for name, port in vars(bootstrap.Stores).items() if isinstance(port, cached_property)]


class Credentials:
    """Keys that open nothing."""

    access_key = "AKIAEXAMPLE"
    secret_key = "example"
    token = None


class NobodyHome:
    """A WeChat that is not asked by these tests."""

    def openid(self, code: str) -> str:
        raise AssertionError("not asked here")

    def phone(self, phone_code: str) -> str:
        raise AssertionError("not asked here")


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.text)


class Api:
    """The app behind a local gateway."""

    def __init__(self, store: Store) -> None:
        self.clock = FakeClock()
        self.store = store
        self.tokens = Tokens([SigningKey(kid="k1", key="x" * 32)])
        self.gateway = LocalGateway(app, Config())
        self.messages = FakeMessages()
        self.services = self.served()
        self.days = DayService(store, self.clock, lambda attempt: None)
        self.announcements = AnnouncementService(store, self.messages, self.clock)

    def served(self, **given: Any) -> bootstrap.Services:
        """All there is to serve with, over the fakes; any ``given`` in place of its namesake."""
        usual = {
            "stores": SimpleNamespace(**dict.fromkeys(PORTS, self.store)),
            "wechat": NobodyHome(),
            "tokens": self.tokens,
            "hasher": Hasher(b"pepper" * 6),
            "signer": Signer("cn-northwest-1", self.clock, lambda: Credentials()),
            "cursors": Cursors(b"pepper"),
            "buckets": Buckets("incoming", "evidence"),
            "clock": self.clock,
            "upload_bytes": 8_388_608,
            "login_allowance": Allowance(20, timedelta(minutes=10)),
            "upload_allowance": Allowance(600, timedelta(hours=1)),
        }
        return bootstrap.Services(**usual | given)

    def token(
        self, role: Role = Role.OFFICER, unit: str = builders.UNIT, person: str = "P1", **fields: frozenset[str]
    ) -> str:
        """A good token."""
        sides = frozenset({UnitKind.USE})
        return self.tokens.issue(OPENID, Membership(unit, person, "示例人员", role, sides, **fields), self.clock())[0]

    def call(self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str) -> Reply:
        """One request."""
        sent = {"Content-Type": "application/json", "Host": "localhost"} | headers
        if token:
            sent["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self.gateway.handle_request(method, path, sent, data.decode())  # type: ignore[arg-type]
        text = answer["body"] if isinstance(answer["body"], str) else answer["body"].decode()
        return Reply(answer["statusCode"], answer["headers"], text)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """The app over fresh fakes."""
    return installed(Api(FakeStore()), monkeypatch)


def installed(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """Let the routes use these services instead of those the environment names."""
    monkeypatch.setattr(bootstrap, "services", lambda: api.services)
    monkeypatch.setattr(bootstrap, "days", lambda: api.days)
    monkeypatch.setattr(bootstrap, "announcements", lambda: api.announcements)
    return api
