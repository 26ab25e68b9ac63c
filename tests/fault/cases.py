"""One case: a situation, what strikes each try, and whether in the end everything is as if nothing had.

What must hold is read off runs without any fault, one for each instant at which a try may be made: so even the instants
in records, hashes and rows have to be those of the one try that was carried out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from infra.operate.chain import chains
from tests.fault.injector import Fault, Strike
from tests.fault.scenarios import Scenario
from tests.fault.stage import GONE, Act, Answer, Kept, Stage, State

MOST_TRIES = 3
"""Of one case: two that are struck, and the one that is not."""


@dataclass(frozen=True)
class Undisturbed:
    """What a try at one instant comes to when nothing strikes it."""

    answer: Answer
    after: State


class Situation:
    """A scenario made ready once, from which all its cases begin."""

    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        self.stage, self.scenario = stage, scenario
        stage.monday()
        self.act: Act = scenario.prepare(stage)
        self._kept: Kept = stage.kept_aside()
        self.before = stage.state()
        self.sent: Sequence[str] = ()
        tries = MOST_TRIES if scenario.pace else 1
        self.undisturbed = [self._undisturbed(number) for number in range(tries)]

    def begin(self) -> None:
        """As it was when it was made ready."""
        self.stage.bring_back(self._kept)

    def do(self, number: int, strike: Strike | None = None) -> Answer:
        """The try of this number, at its instant."""
        self.stage.clock.set(self._kept.at)
        self.stage.clock.move(seconds=number * self.scenario.pace)
        return self.stage.play(self.act, strike)

    def _undisturbed(self, number: int) -> Undisturbed:
        self.begin()
        answer = self.do(number)
        assert answer.good, answer
        if number == 0:
            self.sent = tuple(self.stage.injector.last)
        after = self.stage.state()
        audit(after, answer)
        if not self.scenario.leaves:
            again = self.do(number + 1)
            assert self.stage.state() == after, difference(after, self.stage.state())
            assert self.scenario.own_answer or again == answer
        return Undisturbed(answer, after)

    # --- what may strike --------------------------------------------------------------------------------------------

    def strikes(self) -> Iterator[Strike]:
        """Every fault at every request: once, and for as long as the try lasts."""
        for (at, operation), fault in product(enumerate(self.sent), Fault):
            if fault.may_befall(operation):
                yield Strike(at, fault)
                if not fault.kills:
                    yield Strike(at, fault, lasting=True)


def play(situation: Situation, *strikes: Strike) -> int:
    """Tries that are struck one after the other, and one that is not; how many faults there were."""
    trial = Trial(situation)
    situation.begin()
    injected = situation.stage.injector.injected
    for number, strike in enumerate(strikes):
        trial.observe(number, situation.do(number, strike))
    answer = situation.do(len(strikes))
    assert answer.good, f"not even now: {answer}"
    trial.observe(len(strikes), answer)
    return situation.stage.injector.injected - injected


class Trial:
    """What was seen of one case so far."""

    def __init__(self, situation: Situation) -> None:
        self._scenario = situation.scenario
        self._before = situation.before
        self._wanted = situation.undisturbed
        self._state = situation.before
        self._stage = situation.stage
        self._made: set[int] = set()
        """The tries that may have left something, of what leaves something each time."""

    def observe(self, number: int, answer: Answer) -> None:
        """After each try: what was acknowledged is there, and nothing else came to be than what was asked for."""
        state = self._stage.state()
        if not answer.good:
            require_told(answer)
        if self._scenario.leaves:
            self._observe_additions(number, answer, state)
        elif self._scenario.steps:
            self._observe_steps(answer, state)
        else:
            self._observe_whole(number, answer, state)
        self._state = state

    def _observe_whole(self, number: int, answer: Answer, state: State) -> None:
        """All or nothing, once, and by the first answer for ever."""
        if self._state == self._before:
            assert state in (self._before, self._wanted[number].after), difference(self._wanted[number].after, state)
        else:
            assert state == self._state, difference(self._state, state)
        if answer.good:
            done = [one for one in self._wanted if one.after == state]
            assert done, "acknowledged, and not there"
            expected = self._wanted[number] if self._scenario.own_answer else done[0]
            assert answer == expected.answer

    def _observe_steps(self, answer: Answer, state: State) -> None:
        """It may break off anywhere; once it is acknowledged, it is there whole."""
        require_whole_chains(state)
        if answer.good:
            whole = self._wanted[0].after
            assert state == whole, difference(whole, state)
            assert answer == self._wanted[0].answer

    def _observe_additions(self, number: int, answer: Answer, state: State) -> None:
        """Each try adds what is its own or nothing, and what it is answered by is there."""
        self._made.add(number)
        own = [added(self._before, self._wanted[made].after) for made in sorted(self._made)]
        everything: dict[str, Any] = dict(self._before)
        for one in own:
            everything |= one
        assert all(everything.get(place) == there for place, there in state.items()), difference(everything, state)
        assert all(state.get(place) == there for place, there in self._state.items()), difference(self._state, state)
        if answer.good:
            assert all(place in state for place in own[-1]), "acknowledged, and not there"
            assert answer == self._wanted[number].answer


# --- what must hold whatever happens -----------------------------------------------------------------------------


def require_told(answer: Answer) -> None:
    """Who is refused is told so in a sentence that asks him to try again; a process that died tells nothing."""
    if answer == GONE or answer.body is None:
        return
    assert answer.status == 503, answer
    assert answer.body["sentence"].endswith("。"), answer


def audit(state: State, answer: Answer) -> None:
    """Records are what was acknowledged, what sheets count, and whole chains."""
    require_whole_chains(state)
    if isinstance(answer.body, dict) and "record" in answer.body:
        require_record(state, answer.body)
    counted = sum(_counted(item) for place, item in state.items() if place.startswith("tasks ") and "sheet" in item)
    assert counted == _recorded(state), "sheets count what is not recorded, or not all of it"


def require_record(state: State, receipt: Mapping[str, Any]) -> None:
    """What a receipt names is kept, as often as it says."""
    key = "#".join(receipt["record"].split("."))
    there = [place for place in state if place.startswith("records ") and f"#{receipt['target']} " in place]
    found = [place for place in there if place.rpartition(" ")[2].replace("~", "#") == key]
    assert len(found) == 1, (receipt, there)


def require_whole_chains(state: State) -> None:
    """The operator's own judge finds no fault."""
    items = [item for place, item in state.items() if place.startswith("records ")]
    for where, chain in chains(items).items():
        assert list(chain.faults()) == [], where


def _counted(sheet: Mapping[str, Any]) -> int:
    counts = (sheet.get(name, {}).get("M", {}) for name in ("done", "suspended"))
    return sum(int(number["N"]) for count in counts for number in count.values())


def _recorded(state: State) -> int:
    """What a sheet counts: the first record or report of each bucket and share, and each kind that minutes tell of."""
    there = [(*place.split(" ")[1:], item) for place, item in state.items() if place.startswith("records ")]
    minutes = [item for where, key, item in there if where.endswith("#minutes") and key.endswith("#v01")]
    firsts = [key for where, key, _ in there if not where.endswith("#minutes") and key.endswith(("#v01", "#01"))]
    return len(firsts) + sum(len(json.loads(item["body"]["S"])["kinds"]) for item in minutes)


def added(before: State, after: State) -> State:
    """What came to be."""
    return {place: there for place, there in after.items() if before.get(place) != there}


def difference(wanted: State, found: State) -> str:
    """What is other than it should be, place by place."""
    places = sorted(place for place in {*wanted, *found} if wanted.get(place) != found.get(place))
    return "\n".join(f"{place}\n  wanted {wanted.get(place)}\n  found  {found.get(place)}" for place in places)
