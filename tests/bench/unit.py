"""A unit of elevators whose people use the app as it is written, over the real routes, adapter and picture worker.

Every officer has devices of his own; there is one director and one principal. What people do beyond their duty – how
often a home page is looked at, how many records are read, how often a check finds something – is assumed here.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice, product
from typing import Any
from urllib.parse import quote

from PIL import Image, ImageDraw

from imaging.examine import examine
from schemas import checklists
from schemas.events import OpenUnit
from schemas.language import Duty, Grade, Role
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.models import CONNECTION, TABLES, Table
from tean.adapters.ports.access import Binding
from tean.adapters.ports.common import SHARDS
from tean.adapters.tokens import LIFETIME
from tean.domain import calendar
from tean.domain.registry import Target
from tean.services.arrivals import ArrivalService
from tean.services.uploads import Buckets
from tests.bench.ledger import Counts, Ledger
from tests.fakes import builders, pictures
from tests.fakes.builders import UNIT
from tests.fakes.objects import FakeObjects
from tests.fakes.read_units import Item, item_bytes
from tests.unit.functions.conftest import Api

KIND, SUBTYPE = "3000", "3100"
DEVICES = 25
"""Of one officer."""
HOMES = 4
"""How often a day an officer comes back to his home page; leaders see theirs once."""
READ = 10
"""Records that a leader reads on a day."""
MINUTES = 4
"""From one device to the next."""
UPLOAD_BYTES = 8_388_608
ITEM_OVERHEAD = 100
"""Bytes that DynamoDB counts for each item besides its own."""
BUCKETS = Buckets("incoming", "evidence")

_ALSO = {
    Role.OFFICER: (),
    Role.DIRECTOR: ("duty=weekly&state=ordered", "duty=monthly&state=ordered&grade=major"),
    Role.PRINCIPAL: ("duty=monthly&state=ordered", "duty=weekly&state=ordered&grade=major"),
}
"""Lists of hazards that leaders' home pages read besides."""
_TEXT = "已更换损坏的部件并复查，运行正常。"
Row = dict[str, Any]
examined = cache(examine)
SWEEPS = 24 * 4
"""Looks a day after files without a verdict (``chalicelake.yaml``)."""


@cache
def photo() -> bytes:
    """About as large as a phone sends it: 1,600 points wide, quality 82, with the noise of a dim machine room."""
    noise = Image.effect_noise((1600, 1200), 40).convert("RGB")
    picture = Image.blend(pictures.scene(1600, 1200), noise, 0.25)
    return pictures.file_of(picture, quality=82)


@cache
def signature() -> bytes:
    """Three characters drawn with a finger."""
    picture = Image.new("RGBA", (1050, 540), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for n in range(24):
        draw.arc((40 * n, 60 + 9 * n, 40 * n + 200, 420), 20 * n, 20 * n + 140, fill=(0, 0, 0, 255), width=8)
    return pictures.file_of(picture, "PNG")


def table_bytes() -> int:
    """What DynamoDB keeps: each item, once more in each index that it has the keys of, and what it adds to each."""
    return sum(
        copies(item, table) * (item_bytes(item) + ITEM_OVERHEAD)
        for table in TABLES
        for page in CONNECTION.client.get_paginator("scan").paginate(TableName=table.Meta.table_name)
        for item in page["Items"]
    )


def copies(item: Item, table: type[Table]) -> int:
    """In how many places it lies: the table and its indexes."""
    indexes = table._get_schema()["global_secondary_indexes"]
    return 1 + sum(all(part["AttributeName"] in item for part in index["key_schema"]) for index in indexes)


class Unit:
    """Its people and devices. It has been there for some weeks when its devices come, on the morning of ``first``:
    whatever asks of what is over finds it closed."""

    def __init__(self, store: DynamoStore, first: date, officers: int, devices: int = DEVICES) -> None:
        self.api = Api(store)
        self.ledger = Ledger()
        self.objects = FakeObjects()
        self.arrivals = ArrivalService(store, store, self.objects, examined, BUCKETS, UPLOAD_BYTES)
        self.devices = devices
        self.officers = [f"P{n:03d}" for n in range(officers)]
        self._register()
        leaders = {"D1": Role.DIRECTOR, "B1": Role.PRINCIPAL}
        posts = {**dict.fromkeys(self.officers, Role.OFFICER), **leaders}
        self.phones = {code: Phone(self, code, role) for code, role in posts.items()}
        self._settle(first)

    def _register(self, *held: Target) -> None:
        people = [builders.person(code) for code in self.officers]
        people += [builders.person("D1", Role.DIRECTOR), builders.person("B1", Role.PRINCIPAL)]
        whole = builders.roster(people, held or [builders.target("E-0", removed=True)], version=f"r{len(held)}")
        known = replace(whole.unit, undirected=whole.undirected, target_kinds=whole.target_kinds)
        self.api.store.apply(builders.changes(whole, unit=known))

    def _settle(self, first: date) -> None:
        """The nights since the end of the month before, then the devices."""
        self.api.clock.set(calendar.begins_at(first.replace(day=1) - calendar.DAY) + timedelta(hours=7))
        for duty in Duty:
            self.api.days.open(OpenUnit(unit=UNIT, duty=duty, due=calendar.current(duty, self.api.clock())))
        with self.ledger.open():
            while calendar.current(Duty.DAILY, self.api.clock()) < first - calendar.DAY:
                self.night()
            self._register(*self._targets())
            self.night()
            self.ledger.take()

    def _targets(self) -> Iterator[Target]:
        for who in self.officers:
            for n in range(self.devices):
                yield builders.target(f"DT-{who}-{n:02d}", kind=KIND, subtype=SUBTYPE, officers=(who,))

    def live(self, day: date) -> Counts:
        """What people do on a day that is open, and what that takes."""
        kept, rows = self.stored, table_bytes()
        for phone in self.phones.values():
            self.api.clock.set(calendar.begins_at(day) + timedelta(hours=8))
            phone.work()
        for phone in self.phones.values():
            self.api.clock.set(calendar.begins_at(day) + timedelta(hours=17))
            phone.follow_up()
        self.ledger.add("files", s3_bytes_kept=self.stored - kept)
        self.ledger.add("check", table_bytes=table_bytes() - rows)
        return self.ledger.take()

    def night(self) -> Counts:
        """The next 00:05: the schedule, its messages, what each of them does; and what that takes."""
        now = self.api.clock.set(calendar.closes_at(calendar.current(Duty.DAILY, self.api.clock())))
        told, rows = len(self.api.messages.opened), table_bytes()
        with self.ledger.storage("night"):
            self.api.announcements.announce(calendar.business_date(now))
        # A look at a shard of an index, which hardly ever holds anything, is half a unit.
        self.ledger.add("night", open_days=1, sweep_uploads=SWEEPS, read_units=SWEEPS * SHARDS / 2)
        for unit, duty, due in self.api.messages.opened[told:]:
            with self.ledger.storage("night"):
                self.api.days.open(OpenUnit(unit=unit, duty=duty, due=due))
            self.ledger.add("night", open_unit=1, messages=1)
        self.ledger.add("night", table_bytes=table_bytes() - rows)
        return self.ledger.take()

    @property
    def stored(self) -> int:
        """Bytes of evidence, thumbnails with it."""
        return sum(len(content) for (bucket, _), (content, _) in self.objects.stored.items() if bucket == "evidence")


class Phone:
    """One person with the app."""

    def __init__(self, unit: Unit, person: str, role: Role) -> None:
        self._unit, self._person, self._role = unit, person, role
        self._member = builders.membership(person, role)
        self._issued = datetime.min.replace(tzinfo=UTC)
        self._token = ""
        phone = builders.person(person).phone
        assert phone
        unit.api.store.bind(self._openid, Binding(phone, frozenset({(UNIT, person)})))
        self.todos: list[Row] = []

    def work(self) -> None:
        """The morning: his home page, and all that is asked of him."""
        self.home()
        waiting = [todo for todo in self.todos if todo["state"] == "open"]
        daily = [todo for todo in waiting if todo["duty"] == "daily"]
        for n, todo in enumerate(daily):
            self.check(todo, finds=n == self._today.toordinal() % len(daily))
        deeds: dict[str, Callable[[Row], None]] = {
            "weekly": self.inspect, "monthly": self.inspect,
            "weekly_report": self.report_week, "monthly_report": self.report_month,
        }  # fmt: skip
        for todo in [todo for todo in waiting if todo not in daily]:
            deeds[todo["duty"]](todo)
        for _ in range(HOMES - 1 if self._role is Role.OFFICER else 0):
            self.home()

    def follow_up(self) -> None:
        """The evening: hazards are ordered and put right; leaders read."""
        if self._role is Role.DIRECTOR:
            for hazard in self._hazards("daily", "reported"):
                self._order(hazard)
        if self._role is Role.OFFICER:
            mine = [one for one in self._hazards("daily", "ordered") if one["assignee"] == self._person]
            for hazard in mine:
                self._rectify(hazard)
        else:
            self._read_records()

    # --- what the home page asks ------------------------------------------------------------------------------------

    def home(self) -> None:
        """As the client's stores load it (miniprogram/src/stores/home.ts)."""
        self._get("home", "/v1/session")
        self._get("home", "/v1/expiries")
        self.read_todos("home")
        for waiting in ("duty=daily&state=reported", "duty=daily&state=ordered", *_ALSO[self._role]):
            self._get("home", f"/v1/hazards?{waiting}")
        if self._role is not Role.OFFICER:
            for duty in ("daily", "weekly", "monthly"):
                self._get("home", f"/v1/progress/{duty}")
            self._get("home", f"/v1/minutes?due={self._today.replace(day=1)}")
        if self._role is Role.PRINCIPAL:
            self._get("statistics", f"/v1/statistics?since={self._today.replace(day=1)}&until={self._today}")

    def read_todos(self, activity: str) -> None:
        """Every page."""
        self.todos, cursor = [], ""
        while True:
            page = self._get(activity, f"/v1/todos{cursor}")
            self.todos += page["items"]
            if not page.get("next"):
                return
            cursor = f"?cursor={quote(page['next'])}"

    # --- checklists -------------------------------------------------------------------------------------------------

    def check(self, todo: Row, *, finds: bool) -> None:
        """Its list for offline use, its list when it is opened, a signature, the check, and the to-dos again."""
        self._unit.api.clock.move(minutes=MINUTES)
        listed = checklists.current(KIND, Duty.DAILY)
        answers: list[dict[str, Any]] = [
            {"item": item.code, "result": "pass", "seconds": 5} for item in listed.items_for(SUBTYPE)
        ]
        if finds:
            item = next(n for n, one in enumerate(listed.items_for(SUBTYPE)) if one.grade is not Grade.MAJOR)
            photos = [self._send("photo", photo())]
            answers[item] |= {"result": "fail", "handling": "pending", "photos": photos, "remark": _TEXT}
        self._submit("check", todo, {"checklist": listed.sha256, "answers": answers})
        self.read_todos("check")

    def inspect(self, todo: Row) -> None:
        """A week or a month of a kind, everything in order."""
        asked = checklists.asked((KIND,), Duty(todo["duty"]))
        answers = [{"item": item.code, "result": "pass"} for item in asked.items]
        self._submit("week and month", todo, {"checklist": asked.reference, "answers": answers})

    def _submit(self, activity: str, todo: Row, body: dict[str, Any]) -> None:
        at = {name: todo[name] for name in ("duty", "due", "target")}
        for _ in range(2):
            self._get(activity, f"/v1/tasks/{at['duty']}/{at['due']}/{at['target']}")
        signed = self._send("signature", signature())
        self._post(activity, "/v1/inspections", at | body | {"state": "in_use", "signature": signed})

    # --- reports ----------------------------------------------------------------------------------------------------

    def report_week(self, todo: Row) -> None:
        """周报告"""
        draft = self._get("reports", f"/v1/weekly_reports/{todo['due']}/{todo['target']}")
        said = {"summary": draft["summary"], "evaluation": "at_risk", "focus": _TEXT}
        report = {"kind": draft["kind"], "seen": draft["seen"], **said}
        body = {"due": todo["due"], "reports": [report], "signature": self._send("signature", signature())}
        self._post("reports", "/v1/weekly_reports", body)

    def report_month(self, todo: Row) -> None:
        """月调度: the principal writes and signs alone."""
        if self._role is not Role.PRINCIPAL:
            return
        draft = self._get("reports", f"/v1/monthly_reports/{todo['due']}")
        kinds = [{"kind": one["kind"], "seen": one["seen"]} for one in draft["kinds"]]
        said = {"meeting_at": draft["meeting_at"], "text": _TEXT, "focus": _TEXT}
        signed = self._send("signature", signature())
        self._post("reports", "/v1/monthly_reports", {"due": todo["due"], "kinds": kinds, **said, "signature": signed})

    # --- hazards and records ----------------------------------------------------------------------------------------

    def _hazards(self, duty: str, state: str) -> list[Row]:
        found: list[Row] = self._get("hazards", f"/v1/hazards?duty={duty}&state={state}")["items"]
        return found

    def _order(self, hazard: Row) -> None:
        self._look_at(hazard)
        deadline = (self._today + timedelta(days=3)).isoformat()
        body = {"seen": _seen(hazard), "measures": _TEXT, "deadline": deadline}
        self._post("hazards", f"/v1/hazards/{hazard['hazard']}/order", body)

    def _rectify(self, hazard: Row) -> None:
        self._look_at(hazard)
        body = {"seen": _seen(hazard), "result": _TEXT, "photos": [self._send("photo", photo())]}
        self._post("hazards", f"/v1/hazards/{hazard['hazard']}/rectification", body)

    def _look_at(self, hazard: Row) -> None:
        detail = self._get("hazards", f"/v1/hazards/{hazard['hazard']}")
        for file in detail["photos"]:
            self._see("hazards", file)

    def _read_records(self) -> None:
        """Of the first devices, the newest of each, with its signature."""
        for who, n in islice(product(self._unit.officers, range(self._unit.devices)), READ):
            where = f"DT-{who}-{n:02d}"
            page = self._get("records", f"/v1/targets/{where}/records")
            record = self._get("records", f"/v1/targets/{where}/records/{page['items'][0]['record']}")
            self._see("records", record["signature"])

    def _see(self, activity: str, file: str) -> None:
        self._get(activity, f"/v1/files/{file}")
        # The thumbnail alone: few open the whole picture.
        self._unit.ledger.add(activity, s3_gets=1, s3_bytes_out=8_000)

    # --- the wire ---------------------------------------------------------------------------------------------------

    @property
    def _openid(self) -> str:
        return f"openid-of-{self._person}"

    @property
    def _today(self) -> date:
        return calendar.business_date(self._unit.api.clock())

    def _send(self, kind: str, content: bytes) -> str:
        """A policy, the file into the bucket, the worker's verdict, and one look at it."""
        sort = "image/png" if kind == "signature" else "image/jpeg"
        asked = {"kind": kind, "content_type": sort, "size": len(content)}
        policy = self._post("files", "/v1/uploads", asked)
        key = policy["fields"]["key"]
        self._unit.objects.stored["incoming", key] = (content, sort)
        with self._unit.ledger.storage("files"):
            self._unit.arrivals.settle_arrival(key)
        del self._unit.objects.stored["incoming", key]
        self._unit.ledger.add("files", verify_upload=1, messages=1, s3_puts=3, s3_gets=1, s3_bytes_in=len(content))
        assert self._get("files", f"/v1/uploads/{policy['file']}")["verdict"] == "verified"
        return str(policy["file"])

    def _get(self, activity: str, path: str) -> Any:
        return self._call(activity, "GET", path)

    def _post(self, activity: str, path: str, body: Any) -> Any:
        return self._call(activity, "POST", path, body)

    def _call(self, activity: str, method: str, path: str, body: Any = None) -> Any:
        now = self._unit.api.clock()
        if now - self._issued >= LIFETIME:
            self._issued = now
            # Whoever logs in anew in the morning reads the same as who goes on.
            self._token = self._unit.api.tokens.issue(self._openid, self._member, now)[0]
            self._token = self._send_request("session", "POST", "/v1/session/refresh", None)["token"]
        return self._send_request(activity, method, path, body)

    def _send_request(self, activity: str, method: str, path: str, body: Any) -> Any:
        with self._unit.ledger.storage(activity):
            reply = self._unit.api.call(method, path, body, self._token)
        assert reply.status < 300, f"{method} {path}: {reply.text}"
        sent = gzip.compress(reply.text.encode()) if len(reply.text) > 1024 else reply.text.encode()
        self._unit.ledger.add(activity, calls=1, bytes_out=len(sent))
        return reply.json


def _seen(hazard: Row) -> dict[str, Any]:
    return {name: hazard[name] for name in ("version", "grade", "state", "duty")}
