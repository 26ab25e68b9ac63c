"""Nights whose run is killed at any request, before or after it was carried out, and begun anew, with people entering
what they missed meanwhile: in the end every day is as if no run had ever broken off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from schemas.language import Duty
from tean.domain import calendar
from tean.services import days
from tests.campaign import size, tell
from tests.fakes.builders import DAY, UNIT
from tests.fault.cases import require_whole_chains
from tests.fault.injector import Fault, Strike
from tests.fault.runs import turned_over
from tests.fault.stage import Stage, raised
from tests.property.killed import PART

HELD = {"E-1": ("P1", "P2"), "E-2": ("P1",), "E-3": ("P1",)}
NIGHTS, SETTLING = 2, 4
FEWEST_CALLS, MOST_CALLS = 8, 30
"""About as many requests as a run sends."""
KILLS = (Fault.KILLED, Fault.KILLED_AFTER)


@dataclass(frozen=True)
class Killing:
    """A run that is killed, and what is entered late before it is begun anew."""

    strike: Strike
    late: str | None


@dataclass(frozen=True)
class Night:
    """Who checks what on the day before, and how often the run is killed."""

    checked: tuple[str, ...]
    killings: tuple[Killing, ...]


def night(chance: Random) -> Night:
    """One by lot: nothing is entered twice."""
    wheres = chance.sample(sorted(HELD), len(HELD))
    checked = chance.randrange(len(HELD))
    left = [*wheres[checked:], *[None] * 3]
    # The first meets any run; a later one may come too late, or find that nothing is left to be carried out.
    strikes = chain([Strike(chance.randrange(FEWEST_CALLS), Fault.KILLED)], iter(lambda: _anywhere(chance), None))
    killings = (Killing(strike, late) for strike, late in zip(strikes, left, strict=False))
    return Night(tuple(wheres[:checked]), tuple(killings)[: chance.randint(1, 3)])


def _anywhere(chance: Random) -> Strike:
    return Strike(chance.randrange(MOST_CALLS), chance.choice(KILLS))


@dataclass
class History:
    """Some nights of the unit, and whether they are disturbed."""

    stage: Stage
    nights: tuple[Night, ...]
    disturbed: bool

    def play(self) -> dict[str, Any]:
        """What it comes to."""
        self.stage.monday()
        for number, one in enumerate(self.nights):
            self.live_through(one, number)
        for _ in range(SETTLING):
            self.to_the_close()
            self.run()
        require_whole_chains(self.stage.state())
        return self.outcome()

    def live_through(self, one: Night, number: int) -> None:
        due = DAY + timedelta(days=number)
        for where in one.checked:
            self.enter(where, due)
        self.to_the_close()
        if not self.disturbed:
            self.run()
        for killing in one.killings:
            self.break_off(killing.strike)
            self.stage.clock.move(minutes=1)
            if killing.late:
                self.enter(killing.late, due)
        self.run()
        self.stage.clock.move(hours=8)

    def to_the_close(self) -> None:
        self.stage.clock.set(calendar.closes_at(calendar.current(Duty.DAILY, self.stage.clock())))

    def enter(self, where: str, due: Any) -> None:
        """Whatever the run is at, it is taken."""
        who = HELD[where][-1]
        receipt = self.stage.day.check(who, where, due=due)
        assert receipt.first is None

    def run(self) -> None:
        assert self.stage.play(turned_over(self.stage, Duty.DAILY)).good

    def break_off(self, strike: Strike) -> None:
        if self.disturbed:
            self.stage.play(turned_over(self.stage, Duty.DAILY), strike)

    # --- what it came to --------------------------------------------------------------------------------------------

    def outcome(self) -> dict[str, Any]:
        """Rows, sheets, records and numbers. Left out are when a run came by, how often it counted, and the marks of
        what was missed for the few minutes until it was entered."""
        store = self.stage.day.store
        last = DAY + timedelta(days=NIGHTS + SETTLING)
        rows = {
            (row.target, who, row.due): (row.state, row.closed_at, row.closed_by)
            for who in ("P1", "P2")
            for row in store.rows(UNIT, who, Duty.DAILY, DAY, last)
        }
        sheets = [
            replace(sheet, plan="")
            for number in range(NIGHTS + SETTLING)
            for sheet in sorted(
                store.sheets(UNIT, Duty.DAILY, DAY + timedelta(days=number)), key=lambda one: one.person
            )
        ]
        final = store.rollups(UNIT, Duty.DAILY, until=DAY + timedelta(days=NIGHTS - 1), limit=NIGHTS)
        assert all(rollup.final for rollup in final)
        numbers = {rollup.due: (dict(rollup.kinds), dict(rollup.people)) for rollup in final}
        records = {where: [(one.id, one.received_at) for one in self.stage.day.chain(where)] for where in HELD}
        return {"rows": rows, "sheets": sheets, "numbers": numbers, "records": records}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Three writes a transaction: a handful of rows already needs several."""
    with patch.object(days, "MOST_WRITES", 3), raised() as stage:
        yield stage


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(size(1, 6)))
def test_nights_whose_runs_are_killed_anywhere_end_as_undisturbed_ones(stage: Stage, seed: int) -> None:
    chance = Random(seed)
    for _ in range(size(1, 8)):
        nights = tuple(night(chance) for _ in range(NIGHTS))
        killed = stage.injector.injected
        found = History(stage, nights, disturbed=True).play()
        killed = stage.injector.injected - killed
        assert killed >= NIGHTS
        wanted = History(stage, nights, disturbed=False).play()
        assert {part: found[part] == wanted[part] for part in wanted} == dict.fromkeys(wanted, True), (
            nights, *((found[part], wanted[part]) for part in wanted if found[part] != wanted[part]),
        )  # fmt: skip
        tell(PART, "histories whose runs die where botocore sends, on DynamoDB's adapter", 1)
        tell(PART, "runs killed where botocore sends", killed)
