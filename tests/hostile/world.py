"""Two units in the middle of their work behind the real routes, the door that API Gateway is, and who may knock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import uuid4

import pytest

from app import app
from chalicelib.routes import ROUTES
from infra.manifest import load
from infra.stack import web
from infra.stack.api import Api as Door
from infra.stack.invoke import Functions
from schemas import checklists
from schemas.language import Duty, FileKind, Role, UnitKind, Verdict
from tean.adapters.tokens import SigningKey, Tokens
from tests.access.cases import CASES, PUBLIC, Ask, By
from tests.access.firms import OWNERS, Firm, two_firms
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, OTHER_UNIT, UNIT, membership
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.store import FakeStore
from tests.fakes.tables import Watched
from tests.fakes.wechat import FakeWeChat
from tests.unit.functions.conftest import Api, installed

STRANGERS = ("nobody", "expired", "forged", "dismissed", "other unit", "garbage")


class Snapshot(Protocol):
    """All that is kept, as it was."""

    @property
    def changed(self) -> bool:
        """Whether anything is kept otherwise now."""

    def restore(self) -> None:
        """Everything as it was."""


class Heard(Functions):
    """Keeps what the function itself answered: API Gateway puts its own words in place of a refusal out of shape."""

    said: Any = None

    def invoke(self, name: str, event: Any) -> Any:
        """What the function answers."""
        self.said = super().invoke(name, event)
        return self.said


class Hostile:
    """The app over two units that have everything a request can be about."""

    def __init__(self, api: Api, keep: Callable[[], Snapshot]) -> None:
        self.api = api
        with self._on_stage():
            self._ours, self._theirs = two_firms(api)
            files = [*_judged(api, self._ours)]
            self.ids = _ids(self._ours, files)
            self.good = _good(self._ours)
        api.services = api.served(wechat=FakeWeChat())
        self.functions = Heard(app, load())
        self.door = Door(self.functions, compress_from=1 << 30)
        self.before = keep()

    @contextmanager
    def _on_stage(self) -> Iterator[None]:
        """The routes are served by this world: there may be another one in the same process."""
        with pytest.MonkeyPatch.context() as patched:
            installed(self.api, patched)
            yield

    def knock(self, environ: Mapping[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """The API as WSGI, by the pieces that the one-machine stack is made of."""
        request_id, self.functions.said = str(uuid4()), None
        with self._on_stage():
            try:
                reply = self.door.answer(web.read_request(environ, request_id))
            except web.TooMuch:
                reply = web.refusal("REQUEST_TOO_LARGE", request_id)
        start_response(f"{reply.status} -", list(reply.headers))
        return [reply.body]

    def authorization(self, who: str) -> dict[str, str]:
        """The header by which somebody says who he is: by his role, or one of those who are none of the unit's."""
        if who == "nobody":
            return {}
        if who == "garbage":
            return {"Authorization": "Basic bm9ib2R5Om5vYm9keQ=="}
        return {"Authorization": f"Bearer {self._token_of(who)}"}

    def _token_of(self, who: str) -> str:
        now, tokens, firm, person = self.api.clock(), self.api.tokens, self._ours, OWNERS.get(who, "P1")
        match who:
            case "expired":
                now -= timedelta(hours=1)
            case "forged":
                tokens = Tokens([SigningKey(kid="k1", key="y" * 32)])
            case "dismissed":
                return tokens.issue("openid", membership("P9"), now)[0]
            case "other unit":
                firm = self._theirs
        return tokens.issue(firm.openid(person), firm.member(person), now)[0]


class _Shelves:
    """What a fake store keeps; values are frozen, so that what changes is in which of them are there."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self._kept = _copied(store)

    @property
    def changed(self) -> bool:
        return _copied(self._store) != self._kept

    def restore(self) -> None:
        for name, there in self._kept.items():
            getattr(self._store, name).clear()
            getattr(self._store, name).update({key: _loose(value) for key, value in there.items()})


def _copied(store: FakeStore) -> dict[str, dict[Any, Any]]:
    shelves = {name: shelf for name, shelf in vars(store).items() if isinstance(shelf, dict)}
    return {name: {key: _loose(value) for key, value in shelf.items()} for name, shelf in shelves.items()}


def _loose(value: Any) -> Any:
    return type(value)(value) if isinstance(value, (list, set)) else value


@contextmanager
def on_the_fake() -> Iterator[Hostile]:
    """Over storage in memory, which is quick."""
    store = FakeStore()
    yield Hostile(Api(store), lambda: _Shelves(store))


@contextmanager
def on_dynamo() -> Iterator[Hostile]:
    """Over the real adapter, which has limits of its own."""
    with moto_store() as store, watch() as wire:
        yield Hostile(Api(store), lambda: Watched(wire))


def _judged(api: Api, firm: Firm) -> Iterator[str]:
    """A file of everybody for each kind and verdict."""
    for number, (who, kind, verdict) in enumerate(
        (who, kind, verdict) for who in OWNERS.values() for kind in FileKind for verdict in Verdict
    ):
        file = f"{who}.{number:032x}"
        if verdict is Verdict.PENDING:
            scenes.begun(api.store, builders.upload(who, unit=firm.unit, file=file, kind=kind))
        else:
            scenes.settled(api.store, who, verdict, unit=firm.unit, file=file, kind=kind)
        yield file


def _good(firm: Firm) -> Mapping[tuple[str, str], list[tuple[Role, Ask]]]:
    """The requests that succeed of each operation, with who sends them."""
    found: dict[tuple[str, str], list[tuple[Role, Ask]]] = {}
    for route in ROUTES:
        for role, make in CASES[route.name].asks.items() if route.name in CASES else ():
            ask = make(By(firm, OWNERS[role], firm, OWNERS[role]))
            found.setdefault((route.method.lower(), route.path), []).append((role, ask))
    assert len(found) == len(ROUTES) - len(PUBLIC)
    return found


def _ids(firm: Firm, files: list[str]) -> dict[str, list[Any]]:
    """The ids of what is there, by the names requests give them."""
    hazards = [firm.reported, firm.ordered, firm.undirected, firm.weekly, firm.monthly]
    kinds = [firm.kinds.his, firm.kinds.filed, firm.kinds.others, firm.kinds.nobodys]
    return {
        "hazard": hazards, "file": files, "photos": [[one] for one in files[:6]], "signature": files,
        "target": [firm.target(1), firm.target(2), *kinds], "kind": kinds, "kinds": [[kind] for kind in kinds],
        "record": [firm.record], "report": [firm.report], "minutes": [firm.minutes],
        "due": [str(DAY), str(DAY.replace(day=1)), str(DAY - timedelta(days=7)), str(date(2199, 12, 31))],
        "duty": [*Duty], "gap": ["idle", "undated"], "unit_kind": [*UnitKind], "unit": [UNIT, OTHER_UNIT],
        "person": ["P1", "D1"], "version": [1, 2], "assignee": ["P1", "P2", "D1"],
        "devices": [[firm.target(1)], [firm.target(1), firm.target(2)]],
        "checklist": [
            checklists.current(firm.kinds.his, duty).sha256 for duty in (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY)
        ],
        "until": [str(DAY)], "since": [str(DAY - timedelta(days=30))], "role": [*Role],
        "seen": [{"version": 1, "grade": "general"}, {"version": 2, "grade": "serious", "state": "ordered"}],
    }  # fmt: skip
