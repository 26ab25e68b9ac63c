"""Two units that are alike down to the codes of their people, with everything in them that a route can reach.

What belongs to a unit bears its word, what an officer alone has to do with bears his: an answer that holds another's
word was not for its caller. Because people are called the same in both units, a key that forgets the unit would hit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any

from schemas import checklists
from schemas.events import OpenUnit
from schemas.language import Duty, FileKind, Grade, Role
from tean.adapters.ports.access import Binding
from tean.domain.calendar import closes_at, current
from tean.domain.membership import Membership
from tean.domain.registry import Person
from tean.domain.roster import RosterChanges
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, OTHER_UNIT, UNIT, USE
from tests.unit.functions.conftest import Api

SUNDAY = DAY - timedelta(days=1)
MONTH = DAY.replace(day=1)
MEETING = "2026-11-23T00:30:00Z"
POSTS = {
    "P1": Role.OFFICER, "P2": Role.OFFICER, "D1": Role.DIRECTOR, "D2": Role.DIRECTOR, "B1": Role.PRINCIPAL,
    "G1": Role.ADMINISTRATOR,
}  # fmt: skip
OWNERS: Mapping[str, str] = {
    Role.OFFICER: "P1", Role.DIRECTOR: "D1", Role.PRINCIPAL: "B1", Role.ADMINISTRATOR: "G1",
}  # fmt: skip
"""Whose things most requests are about, by role."""
_HIS = {"P1": "壹", "P2": "贰", "D1": "叁", "D2": "肆", "B1": "伍", "G1": "陆"}


@dataclass(frozen=True)
class Kinds:
    """Target kinds by who answers for them: ``D1`` (of ``filed`` he has reported), ``D2``, no director."""

    his: str
    filed: str
    others: str
    nobodys: str


@dataclass
class Firm:
    """One unit on Monday morning. Its first targets are ``<letter>-1`` and so on: 1, 4, 5 and 3 are of officer ``P1``,
    2 is of ``P2``."""

    api: Api
    unit: str
    word: str
    letter: str
    kinds: Kinds
    _files: Iterator[int] = field(default_factory=lambda: count(1))

    # --- people -----------------------------------------------------------------------------------------------------

    def words_of(self, who: str) -> str:
        """What everything bears that is somebody's alone."""
        return self.word + _HIS[who]

    def name_of(self, who: str) -> str:
        """What he is called."""
        return f"示例人员{self.words_of(who)}"

    def token(self, who: str) -> str:
        """He is logged in."""
        return self.api.tokens.issue(self.openid(who), self.member(who), self.api.clock())[0]

    def openid(self, who: str) -> str:
        """The keyed hash his token bears."""
        return f"openid-{self.unit}-{who}"

    def member(self, who: str) -> Membership:
        """He, in his first post."""
        stands_in = frozenset({self.kinds.nobodys}) if who == "B1" else frozenset()
        name, role = self.name_of(who), POSTS[who]
        return Membership(self.unit, who, name, role, USE, self._covered.get(who, frozenset()), stands_in)

    @cached_property
    def _covered(self) -> dict[str, frozenset[str]]:
        return {"D1": frozenset({self.kinds.his, self.kinds.filed}), "D2": frozenset({self.kinds.others})}

    def person(self, who: str, **fields: Any) -> Person:
        """He, as the roster has him; the first director holds a second post."""
        roles = {POSTS[who]: USE} | ({Role.OFFICER: USE} if who == "D1" else {})
        defaults: dict[str, Any] = {
            "name": self.name_of(who), "phone": f"phone-{self.unit}-{who}", "roles": roles,
            "kinds": self._covered.get(who, frozenset()),
        }  # fmt: skip
        return builders.person(who, **defaults | fields)

    # --- what is there ----------------------------------------------------------------------------------------------

    def target(self, n: int) -> str:
        """The code of one of its targets."""
        return f"{self.letter}-{n}"

    def enrol(self) -> None:
        """Write the roster, bind everybody's openid, and give everybody a photo and a signature to cite."""
        held = {1: self.kinds.his, 4: self.kinds.his, 5: self.kinds.filed, 3: self.kinds.nobodys, 2: self.kinds.others}
        targets = [self._thing(n, kind, "P2" if n == 2 else "P1") for n, kind in held.items()]
        idle = [self._thing(6, self.kinds.his, "P1", officers=(), next_inspection=None)]
        unit = builders.unit(self.unit, name=f"{self.word}公司")
        people = [self.person(who) for who in POSTS]
        whole = builders.roster(people, targets + idle, unit=unit)
        self._known = replace(whole.unit, undirected=whole.undirected, target_kinds=whole.target_kinds)
        self.api.store.apply(builders.changes(whole, unit=self._known))
        for one in people:
            assert one.phone
            self.api.store.bind(self.openid(one.code), Binding(one.phone, frozenset({(self.unit, one.code)})))
        self.photos = {who: self.file(who) for who in POSTS}
        self.signatures = {who: self.file(who, FileKind.SIGNATURE) for who in POSTS}

    def change(self, who: str, **fields: Any) -> None:
        """Let the roster have him otherwise from now on: one write of his item."""
        self.api.store.apply(RosterChanges(self._known, "r2", (self.person(who, **fields),)))

    def _thing(self, n: int, kind: str, who: str, **fields: Any) -> Any:
        name = f"{self.words_of(who)}{n}号"
        defaults: dict[str, Any] = {
            "name": name, "location": name, "kind": kind, "subtype": None, "officers": (who,),
            "next_inspection": DAY + timedelta(days=20 + n),
        }  # fmt: skip
        return builders.target(self.target(n), **defaults | fields)

    def turn(self) -> None:
        """Open whatever is on, and close what is over."""
        for duty in Duty:
            self.api.days.open(OpenUnit(unit=self.unit, duty=duty, due=current(duty, self.api.clock())))

    def file(self, who: str, kind: FileKind = FileKind.PHOTO) -> str:
        """A verified file of his; the other unit has none of this name."""
        name = f"{who}.{next(self._files):031x}{'a' if self.unit == UNIT else 'b'}"
        return scenes.settled(self.api.store, who, unit=self.unit, file=name, kind=kind).file

    # --- what was done ----------------------------------------------------------------------------------------------

    def sunday(self) -> None:
        """A hazard that was found, ordered and put right."""
        (hazard,) = self._found(1, 1, due=SUNDAY)
        self.step("D1", hazard, "order", version=1, deadline=str(DAY), measures=self.words_of("P1"))
        self.step("P1", hazard, "rectification", version=2, result=self.words_of("P1"), photos=[self.photos["P1"]])
        self._found(2, 1, who="P2", due=SUNDAY)

    def monday(self) -> None:
        """Everything that routes ask for by its id."""
        self.reported, self.ordered = self._found(1, 2)
        self.step("D1", self.ordered, "order", version=1, deadline=str(DAY), measures=self.words_of("P1"))
        (self.undirected,) = self._found(3, 1)
        self._found(2, 1, who="P2")
        (self.weekly,) = self._inspected(Duty.WEEKLY)
        (self.monthly,) = self._inspected(Duty.MONTHLY)
        filed = self.post("D1", "/v1/weekly_reports", self.weekly_report("D1", self.kinds.filed))
        self.report = str(filed["reports"][0]["report"])
        self.minutes = self.post("D1", "/v1/minutes", self.meeting("D1", self.kinds.filed))["minutes"]
        listed = {"version": 0, "add": [{"group": "环境", "text": self.word, "hazard": self.word}]}
        self.post("G1", f"/v1/custom-lists/weekly/{self.kinds.filed}", listed)

    def _found(self, n: int, fails: int, who: str = "P1", **fields: Any) -> list[str]:
        body = self.check(n, who, fails=fails, **fields)
        record = self.post(who, "/v1/inspections", body)
        self.record = record["record"] if n == 1 else self.record
        return list(record["hazards"])

    record = ""

    def check(self, n: int, who: str = "P1", fails: int = 0, **fields: Any) -> dict[str, Any]:
        """The daily check of a target; the first items that are not grave are 不合格."""
        found = self.api.store.target(self.unit, self.target(n))
        assert found is not None
        listed = checklists.current(found.kind, Duty.DAILY)
        items = sorted(listed.items_for(found.subtype), key=lambda item: item.grade is Grade.MAJOR)
        answers: list[dict[str, Any]] = [{"item": item.code, "result": "pass"} for item in items]
        for answer in answers[:fails]:
            answer |= self._fail(who)
        return {
            "target": found.code, "duty": "daily", "due": DAY.isoformat(), "state": "in_use",
            "checklist": listed.sha256, "answers": answers, "signature": self.signatures[who],
        } | {name: str(value) for name, value in fields.items()}  # fmt: skip

    def inspection(self, duty: Duty, *, fails: bool = False) -> dict[str, Any]:
        """A week or a month of ``D1``'s kind."""
        asked = checklists.asked((self.kinds.his,), duty)
        answers: list[dict[str, Any]] = [{"item": item.code, "result": "pass"} for item in asked.items]
        if fails:
            answers[0] |= self._fail("P1") | {"devices": [self.target(1)]}
        due = current(duty, self.api.clock()).isoformat()
        return {
            "target": self.kinds.his, "duty": duty, "due": due, "state": "in_use", "checklist": asked.reference,
            "answers": answers,
        }  # fmt: skip

    def _fail(self, who: str) -> dict[str, Any]:
        remark = self.words_of(who)
        return {"result": "fail", "handling": "pending", "photos": [self.file(who)], "remark": remark}

    def _inspected(self, duty: Duty) -> list[str]:
        return list(self.post("P1", "/v1/inspections", self.inspection(duty, fails=True))["hazards"])

    def step(self, who: str, hazard: str, step: str, *, version: int, **body: Any) -> None:
        """A step of a daily hazard."""
        self.post(who, f"/v1/hazards/{hazard}/{step}", {"seen": self.seen(hazard, version)} | body)

    def seen(self, hazard: str, version: int) -> dict[str, Any]:
        """What was before the eyes of who takes a step."""
        found = self.api.store.hazard(self.unit, hazard)
        assert found is not None
        one = found[0]
        return {
            "version": version, "grade": one.grade, "state": one.state, "duty": one.duty, "devices": list(one.devices)
        }  # fmt: skip

    def weekly_report(self, who: str, kind: str) -> dict[str, Any]:
        """A report of last week, drafted, to be signed."""
        draft = self.get(who, f"/v1/weekly_reports/{DAY}/{kind}")
        said = {"summary": self.words_of(who), "evaluation": "at_risk", "focus": self.words_of(who)}
        reports = [{"kind": kind, "seen": draft["seen"]} | said]
        return {"due": DAY.isoformat(), "reports": reports, "signature": self.signatures[who]}

    def meeting(self, who: str, kind: str) -> dict[str, Any]:
        """Minutes about one kind, with the numbers that were seen."""
        said = {"meeting_at": MEETING, "text": self.words_of(who), "focus": self.words_of(who)}
        return {"due": MONTH.isoformat(), "kinds": self.kinds_seen(who, kind)} | said

    def kinds_seen(self, who: str, kind: str) -> list[dict[str, str]]:
        """The numbers of a kind as he saw them."""
        draft = self.get(who, f"/v1/monthly_reports/{MONTH}?meeting_at={MEETING}")
        return [{"kind": one["kind"], "seen": one["seen"]} for one in draft["kinds"] if one["kind"] == kind]

    # --- the wire ---------------------------------------------------------------------------------------------------

    def get(self, who: str, path: str) -> Any:
        """He reads."""
        return self._done(who, "GET", path)

    def post(self, who: str, path: str, body: Any) -> Any:
        """He does."""
        return self._done(who, "POST", path, body)

    def _done(self, who: str, method: str, path: str, body: Any = None) -> Any:
        reply = self.api.call(method, path, body, self.token(who))
        assert reply.status < 300, f"{method} {path} by {who}: {reply.text}"
        return reply.json


def two_firms(api: Api) -> tuple[Firm, Firm]:
    """Both, on Monday at 09:05."""
    ours = Firm(api, UNIT, "甲", "E", Kinds("3000", "1000", "4000", "5000"))
    theirs = Firm(api, OTHER_UNIT, "乙", "F", Kinds("2000", "8000", "9000", "6000"))
    firms = ours, theirs
    api.clock.set(closes_at(SUNDAY - timedelta(days=1)) + timedelta(hours=9))
    for firm in firms:
        firm.enrol()
        firm.turn()
        firm.sunday()
    api.clock.set(closes_at(SUNDAY) + timedelta(hours=9))
    for firm in firms:
        firm.turn()
        firm.monday()
    return firms
