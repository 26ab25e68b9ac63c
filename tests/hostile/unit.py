"""A unit in the middle of its work behind the real routes, the door that API Gateway is, and who may knock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

from app import app
from infra.manifest import load
from infra.stack import web
from infra.stack.api import Api as Door
from infra.stack.invoke import Functions
from schemas import checklists
from schemas.custom import NewItem, RevisionRequest
from schemas.hazards import OrderRequest, Seen
from schemas.language import Duty, FileKind, Grade, Role, UnitKind, Verdict
from tean.adapters.tokens import SigningKey, Tokens
from tean.domain.membership import Membership
from tests.fakes import builders
from tests.fakes.builders import DAY, OTHER_UNIT, UNIT, membership, person, roster, target
from tests.fakes.day import Day, failed
from tests.fakes.store import FakeStore
from tests.fakes.wechat import FakeWeChat
from tests.unit.functions.conftest import OPENID, Api

ROLES = {
    "officer": membership("P1"),
    "director": membership("D1", Role.DIRECTOR),
    "principal": membership("B1", Role.PRINCIPAL),
    "administrator": membership("G1", Role.ADMINISTRATOR),
}
STRANGERS = ("nobody", "expired", "forged", "dismissed", "other unit", "garbage")


class Heard(Functions):
    """Keeps what the function itself answered: API Gateway puts its own words in place of a refusal out of shape."""

    said: Any = None

    def invoke(self, name: str, event: Any) -> Any:
        """What the function answers."""
        self.said = super().invoke(name, event)
        return self.said


class HostileApi(Api):
    """The app over a unit that has everything a request can be about."""

    def __init__(self) -> None:
        self.day = Day(_whole(), FakeStore(), duties=tuple(Duty))
        super().__init__(self.day.store)
        self.services.wechat = FakeWeChat()
        self.ids = _worked(self.day)
        self.clock.set(self.day.clock())
        self.functions = Heard(app, load())
        self.door = Door(self.functions, compress_from=1 << 30)
        self._kept = _copied(self.day.store)

    def knock(self, environ: Mapping[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """The API as WSGI, by the pieces that the one-machine stack is made of."""
        request_id, self.functions.said = str(uuid4()), None
        try:
            reply = self.door.answer(web.read_request(environ, request_id))
        except web.TooMuch:
            reply = web.refusal("REQUEST_TOO_LARGE", request_id)
        start_response(f"{reply.status} -", list(reply.headers))
        return [reply.body]

    def authorization(self, who: str) -> dict[str, str]:
        """The header by which somebody says who he is."""
        if who == "nobody":
            return {}
        if who == "garbage":
            return {"Authorization": "Basic bm9ib2R5Om5vYm9keQ=="}
        return {"Authorization": f"Bearer {self._token_of(who)}"}

    def _token_of(self, who: str) -> str:
        now, tokens = self.clock(), self.tokens
        member = ROLES.get(who, ROLES["officer"])
        match who:
            case "expired":
                now -= timedelta(hours=1)
            case "forged":
                tokens = Tokens([SigningKey(kid="k1", key="y" * 32)])
            case "dismissed":
                member = membership("P9")
            case "other unit":
                member = Membership(OTHER_UNIT, "P1", "示例人员", Role.OFFICER, builders.USE)
        return tokens.issue(OPENID, member, now)[0]

    @property
    def has_changed(self) -> bool:
        """Whether anything is kept otherwise than at first."""
        return _copied(self.day.store) != self._kept

    def begin_again(self) -> None:
        """Everything as it was at first."""
        for name, there in self._kept.items():
            getattr(self.day.store, name).clear()
            getattr(self.day.store, name).update({key: _loose(value) for key, value in there.items()})


def _copied(store: FakeStore) -> dict[str, dict[Any, Any]]:
    """What is kept; values are frozen, so that what changes is in which of them are there."""
    shelves = {name: shelf for name, shelf in vars(store).items() if isinstance(shelf, dict)}
    return {name: {key: _loose(value) for key, value in shelf.items()} for name, shelf in shelves.items()}


def _loose(value: Any) -> Any:
    return type(value)(value) if isinstance(value, (list, set)) else value


def _whole() -> Any:
    people = (
        person("P1"), person("P2"), person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL),
        person("G1", Role.ADMINISTRATOR),
    )  # fmt: skip
    return roster(people, (target("E-1", officers=("P1", "P2")), target("E-2")))


def _worked(day: Day) -> dict[str, list[Any]]:
    """A week ago the unit began; since then there is one of each. All their ids, by the names requests give them."""
    today = day.clock()
    day.clock.move(days=-7)
    day.open(DAY - timedelta(days=7))
    for _ in range(7):
        day.night(minutes=1)
    day.clock.set(today)
    (reported,) = day.found("EL-D-01").hazards
    ordered = day.check("P2", "E-1", answers=day.failing("EL-D-02", who="P2")).hazards[0]
    day.hazard_steps.order(
        ROLES["director"], ordered,
        OrderRequest(seen=Seen(version=1, grade=Grade.SERIOUS), measures="更换", deadline=DAY + timedelta(days=3)),
    )  # fmt: skip
    answers = {"EL-W-01": failed("EL-W-01")}
    weekly = day.inspections.submit(ROLES["officer"], day.inspection(answers=answers))
    lamp = NewItem(group="环境", text="机房照明完好", hazard="机房照明损坏")
    day.custom.revise(ROLES["administrator"], Duty.MONTHLY, "3000", RevisionRequest(version=0, add=(lamp,)))
    store = cast(Any, day.store)
    report, minutes = builders.report(), builders.minutes()
    store._reports[UNIT, "3000", report.id] = report
    store._minutes[UNIT, minutes.id] = minutes
    files = [
        day.file(who, kind, verdict) for who in ("P1", "D1", "B1", "G1") for kind in FileKind for verdict in Verdict
    ]
    daily = day.chain()[0]
    return {
        "hazard": [reported, ordered, *weekly.hazards], "file": files, "photos": [[one] for one in files[:6]],
        "signature": files, "target": ["E-1", "E-2", "3000"], "kind": ["3000", "1000"], "kinds": [["3000"]],
        "record": [daily.id, weekly.record], "report": [report.id], "minutes": [minutes.id],
        "due": [str(DAY), str(DAY.replace(day=1)), str(DAY - timedelta(days=7)), str(date(2199, 12, 31))],
        "duty": [*Duty], "gap": ["idle"], "unit_kind": [*UnitKind], "unit": [UNIT, OTHER_UNIT], "person": ["P1", "D1"],
        "version": [1, 2], "assignee": ["P1", "P2", "D1"], "devices": [["E-1"], ["E-1", "E-2"]],
        "checklist": [checklists.current("3000", duty).sha256 for duty in (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY)],
        "until": [str(DAY)], "since": [str(DAY - timedelta(days=30))], "role": [*Role],
        "seen": [{"version": 1, "grade": "general"}, {"version": 2, "grade": "serious", "state": "ordered"}],
    }  # fmt: skip
