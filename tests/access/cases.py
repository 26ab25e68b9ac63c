"""How every route is classified: the request that reaches something real, and what it is to those it is not for.

A route that is missing here fails the suite. To add one, name for each role that may call it a request that succeeds
for its owner, and say what the same request is to his colleague and to a stranger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from schemas.language import Duty, Role
from tests.access.firms import MEETING, MONTH, SUNDAY, Firm
from tests.fakes.builders import DAY

OFFICER, DIRECTOR, PRINCIPAL, ADMINISTRATOR = Role


class Meets(StrEnum):
    """What somebody meets who sends a request that reaches another's."""

    REFUSAL = "a refusal"
    HIS_OWN = "what is his own, and nothing of the other's"
    SHARED = "the same, because it is everybody's of the unit"


@dataclass(frozen=True)
class By:
    """Who sends a request that is about something of ``firm`` and its person ``owner``: he cites files of his own."""

    firm: Firm
    owner: str
    sender: Firm
    who: str

    @property
    def photo(self) -> str:
        """A verified photo of the sender."""
        return self.sender.photos[self.who]

    @property
    def signature(self) -> str:
        """A verified signature of the sender."""
        return self.sender.signatures[self.who]


@dataclass(frozen=True)
class Ask:
    """A request. ``shows`` must be in its answer to the owner, ``hides`` must not be in that to a colleague."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None
    shows: str = ""
    hides: str = ""


Make = Callable[[By], Ask]


@dataclass(frozen=True)
class Case:
    """One route. Only officers and directors have colleagues to whom anything is closed: a unit's principals and
    administrators answer for the whole of it."""

    asks: Mapping[Role, Make]
    stranger: Meets | Mapping[Role, Meets]
    """Somebody of the same role and code in another unit."""
    colleague: Meets | Mapping[Role, Meets] | None = None
    """Another officer of other targets, another director of other kinds."""
    why: str = ""

    def meets(self, role: Role, *, abroad: bool) -> Meets:
        """What a stranger (``abroad``) or a colleague of this role meets."""
        said = self.stranger if abroad else self.colleague
        assert said is not None, "somebody must have decided it"
        return said if isinstance(said, Meets) else said[role]


PUBLIC = {"login": "WeChat is asked who is there; what it leads to is tests/unit/services/test_login.py"}


def _all(make: Make, *roles: Role) -> Mapping[Role, Make]:
    return dict.fromkeys(roles or tuple(Role), make)


# --- sessions -------------------------------------------------------------------------------------------------------


def _session(by: By) -> Ask:
    return Ask(shows=by.firm.words_of(by.owner))


def _switch(by: By) -> Ask:
    own = by.firm.member(by.owner).role
    return Ask(body={"unit": by.firm.unit, "role": own}, shows=by.firm.words_of(by.owner))


# --- tasks ----------------------------------------------------------------------------------------------------------


def _todos(by: By) -> Ask:
    shown = {"P1": by.firm.target(4), "D1": by.firm.kinds.his, "B1": by.firm.kinds.nobodys}.get(by.owner, "items")
    return Ask(shows=f'"{shown}"', hides=f'"{shown}"')


def _progress(by: By) -> Ask:
    return Ask({"duty": "weekly"}, shows=by.firm.words_of("P1"), hides=by.firm.words_of("P1"))


def _task(duty: Duty, due: Any) -> Make:
    def make(by: By) -> Ask:
        where = by.firm.target(1) if duty is Duty.DAILY else by.firm.kinds.his
        return Ask({"duty": duty, "due": str(due), "target": where}, shows=where)

    return make


def _check(by: By) -> Ask:
    body = by.firm.check(4) | {"signature": by.signature}
    return Ask(body=body, shows=by.firm.target(4))


def _inspection(duty: Duty) -> Make:
    return lambda by: Ask(body=by.firm.inspection(duty), shows=by.firm.kinds.his)


# --- hazards --------------------------------------------------------------------------------------------------------


def _hazards(state: str) -> Make:
    def make(by: By) -> Ask:
        hazard = by.firm.ordered if state == "ordered" else by.firm.reported
        return Ask(query=f"duty=daily&state={state}", shows=hazard, hides=hazard)

    return make


def _hazard(by: By) -> Ask:
    return Ask({"hazard": by.firm.reported}, shows=by.firm.words_of("P1"))


def _order(which: str) -> Make:
    def make(by: By) -> Ask:
        hazard = getattr(by.firm, which)
        body = {"seen": by.firm.seen(hazard, 1), "measures": "三日内更换", "deadline": str(DAY)}
        return Ask({"hazard": hazard}, body=body, shows=hazard)

    return make


def _extension(by: By) -> Ask:
    hazard = by.firm.ordered
    until = str(DAY + timedelta(days=5))
    return Ask(
        {"hazard": hazard}, body={"seen": by.firm.seen(hazard, 2), "reason": "缺配件", "until": until}, shows=hazard
    )


def _regrade(which: str) -> Make:
    def make(by: By) -> Ask:
        hazard = getattr(by.firm, which)
        body = {"seen": by.firm.seen(hazard, 1), "grade": "major", "reason": "比原先严重"}
        return Ask({"hazard": hazard}, body=body, shows=hazard)

    return make


def _rectify(which: str, version: int) -> Make:
    def make(by: By) -> Ask:
        hazard = getattr(by.firm, which)
        body = {"seen": by.firm.seen(hazard, version), "result": "已更换", "photos": [by.photo]}
        return Ask({"hazard": hazard}, body=body, shows=hazard)

    return make


# --- records and reports --------------------------------------------------------------------------------------------


def _targets(by: By) -> Ask:
    return Ask(shows=by.firm.target(1), hides=by.firm.target(1))


def _records(by: By) -> Ask:
    # An officer reads what he recorded himself of a target that he does not hold any more, under its name.
    return Ask({"target": by.firm.target(1)}, shows=by.firm.record, hides=by.firm.record)


def _record(by: By) -> Ask:
    return Ask({"target": by.firm.target(1), "record": by.firm.record}, shows=by.firm.words_of("P1"))


def _reports(by: By) -> Ask:
    return Ask({"kind": by.firm.kinds.filed}, "duty=weekly_report", shows=by.firm.report)


def _report(by: By) -> Ask:
    return Ask({"kind": by.firm.kinds.filed, "report": by.firm.report}, shows=by.firm.words_of("D1"))


def _answers_for(by: By) -> str:
    return by.firm.kinds.his if by.owner == "D1" else by.firm.kinds.nobodys


def _weekly_draft(by: By) -> Ask:
    return Ask({"due": str(DAY), "kind": _answers_for(by)}, shows=_answers_for(by))


def _weekly_reports(by: By) -> Ask:
    body = by.firm.weekly_report(by.owner, _answers_for(by)) | {"signature": by.signature}
    return Ask(body=body, shows=_answers_for(by))


def _monthly_draft(by: By) -> Ask:
    kind = f'"kind":"{by.firm.kinds.his}"'
    return Ask({"due": str(MONTH)}, f"meeting_at={MEETING}", shows=kind, hides=kind)


def _monthly_reports(by: By) -> Ask:
    body = by.firm.meeting(by.owner, by.firm.kinds.nobodys) | {"signature": by.signature}
    return Ask(body=body, shows=by.firm.kinds.nobodys)


def _minutes_of_month(by: By) -> Ask:
    return Ask(query=f"due={MONTH}", shows=by.firm.minutes, hides=by.firm.minutes)


def _submit_minutes(by: By) -> Ask:
    return Ask(body=by.firm.meeting(by.owner, by.firm.kinds.his), shows="minutes")


def _minutes(by: By) -> Ask:
    return Ask({"minutes": by.firm.minutes}, shows=by.firm.words_of("D1"))


def _return(by: By) -> Ask:
    return Ask({"minutes": by.firm.minutes}, body={"version": 1, "reason": "请补充"}, shows=by.firm.minutes)


def _sign(by: By) -> Ask:
    kinds = by.firm.kinds_seen(by.owner, by.firm.kinds.filed)
    body = {"version": 1, "kinds": kinds, "signature": by.signature}
    return Ask({"minutes": by.firm.minutes}, body=body, shows=by.firm.kinds.filed)


# --- the unit as a whole --------------------------------------------------------------------------------------------

_RANGE = f"since={SUNDAY}&until={DAY}"


def _statistics(query: str, shows: Callable[[Firm], str]) -> Make:
    return lambda by: Ask(query=query, shows=shows(by.firm))


def _custom(by: By) -> Ask:
    return Ask({"duty": "weekly", "kind": by.firm.kinds.filed}, shows=by.firm.word)


def _revision(by: By) -> Ask:
    item = {"group": "环境", "text": "照明完好", "hazard": "照明损坏"}
    return Ask({"duty": "weekly", "kind": by.firm.kinds.his}, body={"version": 0, "add": [item]}, shows="照明完好")


def _gap(by: By) -> Ask:
    return Ask({"gap": "undated", "unit_kind": "use"}, shows=by.firm.target(6))


# --- files ----------------------------------------------------------------------------------------------------------


def _upload(by: By) -> Ask:
    body = {"kind": "photo", "content_type": "image/jpeg", "size": 1000}
    place = f"{by.firm.unit}/{by.owner}/"
    return Ask(body=body, shows=place, hides=place)


def _status(by: By) -> Ask:
    return Ask({"file": by.firm.photos[by.owner]}, shows="verified")


def _link(by: By) -> Ask:
    return Ask({"file": by.firm.photos[by.owner]}, shows=by.firm.photos[by.owner])


_REFUSAL, _HIS_OWN, _SHARED = Meets

CASES: Mapping[str, Case] = {
    "refresh": Case(_all(_session), _HIS_OWN, _HIS_OWN, "a session is renewed for whom its token names"),
    "switch": Case(_all(_switch), _REFUSAL, _HIS_OWN, "everybody chooses among his own memberships"),
    "session": Case(_all(_session), _HIS_OWN, _HIS_OWN),
    "todos": Case(_all(_todos), _HIS_OWN, _HIS_OWN),
    "progress": Case(
        _all(_progress, DIRECTOR, PRINCIPAL), _HIS_OWN, _HIS_OWN, "a director is told of the officers of his kinds"
    ),
    "task": Case(
        {
            OFFICER: _task(Duty.DAILY, DAY), DIRECTOR: _task(Duty.WEEKLY, DAY),
            PRINCIPAL: _task(Duty.MONTHLY, MONTH),
        },
        _REFUSAL, _REFUSAL, "a task is its person's; what a role shares is shared by those of the same kinds",
    ),
    "submit": Case(
        {OFFICER: _check, DIRECTOR: _inspection(Duty.WEEKLY), PRINCIPAL: _inspection(Duty.MONTHLY)},
        _REFUSAL, _REFUSAL,
    ),
    "hazards": Case(
        {OFFICER: _hazards("ordered"), DIRECTOR: _hazards("reported"), PRINCIPAL: _hazards("reported")},
        _HIS_OWN, _HIS_OWN,
    ),
    "hazard": Case(_all(_hazard, OFFICER, DIRECTOR, PRINCIPAL), _REFUSAL, _REFUSAL),
    "order": Case({DIRECTOR: _order("reported"), PRINCIPAL: _order("undirected")}, _REFUSAL, _REFUSAL),
    "ask_extension": Case({OFFICER: _extension}, _REFUSAL, _REFUSAL),
    "regrade": Case(
        {OFFICER: _regrade("reported"), DIRECTOR: _regrade("reported"), PRINCIPAL: _regrade("undirected")},
        _REFUSAL, _REFUSAL,
    ),
    "rectify": Case(
        {OFFICER: _rectify("ordered", 2), DIRECTOR: _rectify("weekly", 1), PRINCIPAL: _rectify("monthly", 1)},
        _REFUSAL, _REFUSAL,
    ),
    "targets": Case(_all(_targets, OFFICER, DIRECTOR, PRINCIPAL), _HIS_OWN, _HIS_OWN),
    "records": Case(
        _all(_records, OFFICER, DIRECTOR, PRINCIPAL), _REFUSAL, {OFFICER: _HIS_OWN, DIRECTOR: _REFUSAL},
        "an officer sees every record that he made himself",
    ),
    "record": Case(_all(_record, OFFICER, DIRECTOR, PRINCIPAL), _REFUSAL, _REFUSAL),
    "reports": Case(
        _all(_reports, DIRECTOR, PRINCIPAL), {DIRECTOR: _REFUSAL, PRINCIPAL: _HIS_OWN}, _REFUSAL,
        "a principal sees every kind there is, and of what his unit has not, nothing",
    ),
    "report": Case(_all(_report, DIRECTOR, PRINCIPAL), _REFUSAL, _REFUSAL),
    "weekly_draft": Case(_all(_weekly_draft, DIRECTOR, PRINCIPAL), _REFUSAL, _REFUSAL),
    "file_weekly_reports": Case(_all(_weekly_reports, DIRECTOR, PRINCIPAL), _REFUSAL, _REFUSAL),
    "monthly_draft": Case(_all(_monthly_draft, DIRECTOR, PRINCIPAL), _HIS_OWN, _HIS_OWN),
    "file_monthly_reports": Case({PRINCIPAL: _monthly_reports}, _REFUSAL),
    "minutes_of_month": Case(_all(_minutes_of_month, DIRECTOR, PRINCIPAL), _HIS_OWN, _HIS_OWN),
    "submit_minutes": Case({DIRECTOR: _submit_minutes}, _REFUSAL, _REFUSAL),
    "minutes": Case(_all(_minutes, DIRECTOR, PRINCIPAL), _REFUSAL, _REFUSAL),
    "return_minutes": Case({PRINCIPAL: _return}, _REFUSAL),
    "sign_minutes": Case({PRINCIPAL: _sign}, _REFUSAL),
    "statistics": Case({PRINCIPAL: _statistics(_RANGE, lambda firm: firm.kinds.his)}, _HIS_OWN),
    "outcomes": Case({PRINCIPAL: _statistics(f"{_RANGE}&what=on_time", lambda firm: firm.target(1))}, _HIS_OWN),
    "found_hazards": Case({PRINCIPAL: _statistics(_RANGE, lambda firm: firm.target(1))}, _HIS_OWN),
    "rectified_hazards": Case({PRINCIPAL: _statistics(_RANGE, lambda firm: firm.target(1))}, _HIS_OWN),
    "open_hazards": Case({PRINCIPAL: _statistics("", lambda firm: firm.reported)}, _HIS_OWN),
    "expiries": Case(_all(_targets), _HIS_OWN, _HIS_OWN),
    "custom_lists": Case({ADMINISTRATOR: _statistics("", lambda firm: firm.kinds.filed)}, _HIS_OWN),
    "custom_list": Case({ADMINISTRATOR: _custom}, _REFUSAL),
    "revise_custom_list": Case({ADMINISTRATOR: _revision}, _REFUSAL),
    "gaps": Case({ADMINISTRATOR: _statistics("", lambda firm: firm.word)}, _HIS_OWN),
    "gap": Case({ADMINISTRATOR: _gap}, _HIS_OWN),
    "request_upload": Case(_all(_upload), _HIS_OWN, _HIS_OWN),
    "upload_status": Case(_all(_status), _REFUSAL, _REFUSAL, "what became of a file is told to who sent it"),
    "file_link": Case(_all(_link), _REFUSAL, _SHARED, "a verified file is evidence of the unit"),
}  # fmt: skip
