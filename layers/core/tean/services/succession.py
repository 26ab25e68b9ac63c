"""Who leaves a unit, or is an officer there no more, leaves nothing behind: what was his goes to a named successor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.language import Act, HazardState, Role, TaskState, UnitKind
from tean.adapters.ports.common import PAGE, Clock, Page
from tean.domain import calendar
from tean.domain.errors import Conflict, Invalid, Unavailable
from tean.domain.hazards import Hazard, Step
from tean.domain.sheets import DUTIES

if TYPE_CHECKING:
    from tean.adapters.ports.hazards import Hazards
    from tean.adapters.ports.tasks import Tasks
    from tean.domain.registry import Person, Roster
    from tean.domain.tasks import Row

ROSTER = "roster"
"""Who takes the step of handing a hazard over: nobody of the unit, but the roster that was applied."""
ROUNDS = 5


@dataclass(frozen=True)
class Estate:
    """What somebody has left on the sides he is no officer of any more: open rows, and hazards he found or is to
    rectify. ``stays`` when he is still in the roster."""

    person: Person
    stays: bool
    rows: Sequence[Row]
    hazards: Sequence[Hazard]

    @property
    def why(self) -> str:
        """What became of him, in the words of a refusal or a step."""
        return "不再是这一类的安全员" if self.stays else "离岗"


@dataclass(frozen=True)
class Succession:
    """What is left by those whom a roster dismisses or makes officers no more, or did so in an application that was cut
    short."""

    tasks: Tasks
    hazards: Hazards
    clock: Clock

    def require_heirs(self, before: Roster | None, after: Roster, successors: Mapping[str, str]) -> None:
        """Refuse a roster that leaves somebody's work to nobody, or to somebody who may not do it.

        ``roster.successor_missing``, ``roster.successor_unfit``, ``roster.successor_unneeded``.
        """
        gone = _gone(before, after)
        for code in successors.keys() - gone.keys():
            raise Invalid(
                "roster.successor_unneeded",
                f"{code} 没有离岗，也还是安全员，不用写接手的人。什么都没有写入。",
                person=code,
            )
        for estate in self._estates(after, gone):
            _require_heir(estate, after, successors.get(estate.person.code))

    def hand_over(self, before: Roster | None, after: Roster, successors: Mapping[str, str]) -> None:
        """Give the hazards of everybody who is gone to his successor; to be called when the roster is written.

        From then on nobody who is gone can act, so nothing is added to what he leaves. His open rows follow the roster:
        it names who checks each target from now on.

        ``roster.successor_missing`` when he found something after :meth:`require_heirs` had looked and nobody is named
        for it. By then the roster is written, so whatever has an heir is handed over first.
        """
        left: dict[str, int] = {}
        for estate in self._estates(after, _gone(before, after)):
            code = estate.person.code
            for hazard in estate.hazards:
                heir = _heir(hazard, after, successors.get(code))
                if heir:
                    self._hand_over(hazard, estate, heir)
                else:
                    left[code] = left.get(code, 0) + 1
        _refuse_what_is_left(left)

    def _hand_over(self, hazard: Hazard, estate: Estate, heir: Person) -> None:
        for _ in range(ROUNDS):
            step = _step(hazard, estate, heir, self.clock())
            if self.hazards.hand_over(hazard, step):
                return
            found = self.hazards.hazard(hazard.unit, hazard.id)
            if found is None or not _is_his(found[0], estate.person):
                return
            hazard = found[0]
        raise Unavailable("hazard.contended", "隐患正在被别人处理，还没有全部移交；请再运行一次。")

    def _estates(self, after: Roster, gone: Mapping[str, Person]) -> Iterator[Estate]:
        unit = after.unit.code
        for code, person in sorted(gone.items()):
            lost = _lost(after, code)
            rows = [row for row in self._open_rows(unit, code) if row.unit_kind in lost]
            hazards = [hazard for hazard in self._open_hazards(unit, code) if hazard.unit_kind in lost]
            yield Estate(person, code in after.people, rows, hazards)

    def _open_rows(self, unit: str, person: str) -> Iterator[Row]:
        now = self.clock()
        since, today = calendar.earliest_open(now), calendar.business_date(now)
        for duty in DUTIES[Role.OFFICER]:
            rows = self.tasks.rows(unit, person, duty, calendar.bucket(duty, since), today)
            yield from (row for row in rows if row.state is TaskState.OPEN)

    def _open_hazards(self, unit: str, person: str) -> Iterator[Hazard]:
        for state in (HazardState.REPORTED, HazardState.ORDERED):
            after: str | None = None
            while True:
                page: Page[Hazard] = self.hazards.mine(unit, person, state, after=after, limit=PAGE)
                yield from page.items
                after = page.next
                if after is None:
                    break


def _gone(before: Roster | None, after: Roster) -> Mapping[str, Person]:
    """Who may be to leave something: see :func:`_lost`."""
    known = before.people if before else {}
    return {code: person for code, person in known.items() if _lost(after, code)}


def _lost(after: Roster, code: str) -> frozenset[UnitKind]:
    """The sides on which somebody can finish nothing any more: all when he left, else those he is no officer of.

    Not compared with what he was before, of which an application that was cut short has left no trace. Who was never
    an officer there has left nothing there either.
    """
    return after.unit.kinds - _held(after, code) if code in after.people else frozenset(UnitKind)


def _held(roster: Roster, code: str) -> frozenset[UnitKind]:
    """The sides somebody is an officer of; none when he is not in the roster."""
    person = roster.people.get(code)
    return person.roles.get(Role.OFFICER, frozenset()) if person else frozenset()


def _require_heir(estate: Estate, after: Roster, heir: str | None) -> None:
    code = estate.person.code
    if not estate.rows and not estate.hazards:
        return
    if heir is None:
        raise Conflict(
            "roster.successor_missing",
            f"工号 {code} {estate.why}时还有 {len(estate.rows)} 项待办、{len(estate.hazards)} 条隐患没有办完。"
            f"请写明由谁接手，如 --successor {code}=A02。什么都没有写入。",
            person=code, rows=len(estate.rows), hazards=len(estate.hazards),
        )  # fmt: skip
    sides = {row.unit_kind for row in estate.rows} | {hazard.unit_kind for hazard in estate.hazards}
    if not sides <= _held(after, heir):
        raise Invalid(
            "roster.successor_unfit",
            f"{heir} 不能接手 {code} 的工作：接手的人要在名册里，并且是同一类的安全员。什么都没有写入。",
            person=code, successor=heir,
        )  # fmt: skip


def _heir(hazard: Hazard, after: Roster, code: str | None) -> Person | None:
    return after.people[code] if code and hazard.unit_kind in _held(after, code) else None


def _refuse_what_is_left(left: Mapping[str, int]) -> None:
    if left:
        told = "、".join(f"工号 {code} 的 {many} 条隐患" for code, many in left.items())
        named = " ".join(f"--successor {code}=A02" for code in left)
        raise Conflict(
            "roster.successor_missing",
            f"名册已经更新，但在更新的同时又有隐患报上来，还没有移交：{told}。"
            f"请写明由谁接手（同一类的安全员），再运行一次，如 {named}。",
            hazards=sum(left.values()), people=list(left),
        )  # fmt: skip


def _is_his(hazard: Hazard, gone: Person) -> bool:
    return hazard.state is not HazardState.RECTIFIED and (hazard.assignee or hazard.finder) == gone.code


def _step(hazard: Hazard, estate: Estate, heir: Person, at: datetime) -> Step:
    return Step(
        hazard=hazard.id,
        version=hazard.version + 1,
        act=Act.HAND_OVER,
        state=hazard.state,
        by=ROSTER,
        by_name="名册",
        at=at,
        text=f"{estate.person.name}{estate.why}，由{heir.name}接手",
        assignee=heir.code,
        deadline=hazard.deadline,
    )
