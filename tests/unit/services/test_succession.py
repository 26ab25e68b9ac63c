"""Who leaves a unit: what was his to do goes to a named successor, or the roster is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.hazards import OrderRequest, Seen
from schemas.language import Duty, HazardState, PersonState, Role, TaskState, UnitKind
from schemas.roster import RosterFile
from tean.domain.errors import Conflict, Invalid, Problem, Unavailable
from tean.domain.hazards import Hazard, Step
from tean.domain.roster import RosterChanges
from tean.services.succession import Succession
from tean.services.unit_setup import UnitSetupService
from tests.fakes.builders import DAY, UNIT, changes, person, roster, target
from tests.fakes.day import Day, director
from tests.fakes.scenes import everything
from tests.fakes.watched import WatchedStore

OPEN, DONE, WITHDRAWN = TaskState.OPEN, TaskState.DONE, TaskState.WITHDRAWN


def file(*people: str, **officers: list[str]) -> RosterFile:
    """The unit of ``builders`` as a file, with these officers among its people."""
    named = officers or {"1": [people[0]]}
    rows: list[dict[str, Any]] = [
        {"code": code, "name": f"示例人员{code}", "phone": f"1000000000{code[-1]}", "roles": ["officer"]}
        for code in people
    ]
    others = [
        {"code": "D1", "name": "示例人员D1", "phone": "10000000018", "roles": ["director"]},
        {"code": "B1", "name": "示例人员B1", "phone": "10000000019", "roles": ["principal", "administrator"]},
    ]
    return RosterFile.model_validate({
        "unit": {"code": UNIT, "name": "示例大厦物业有限公司", "kinds": ["use"]},
        "people": [*rows, *others],
        "equipment": [
            {"code": code, "name": "客梯", "category": "3000", "subtype": "3100", "officers": who}
            for code, who in named.items()
        ],
    })  # fmt: skip


class Scene:
    """``P1`` holds ``E-1`` and has checked nothing yet; ``P2`` and ``P3`` are his colleagues."""

    def __init__(self) -> None:
        people = [person(code) for code in ("P1", "P2", "P3")]
        self.store = WatchedStore()
        self.day = Day(roster([*people, *_others()], [target()]), self.store)
        self.setup = UnitSetupService(
            self.store, self.day.messages, "hash of {}".format, self.day.clock, self.day.pause
        )

    def found(self) -> Hazard:
        """``P1`` reports a hazard."""
        (id,) = self.day.found("EL-D-02").hazards
        return self.hazard(id)

    def hazard(self, id: str) -> Hazard:
        found = self.store.hazard(UNIT, id)
        assert found is not None
        return found[0]

    def refused(self, kind: type[Problem], whole: RosterFile, successors: dict[str, str]) -> Problem:
        before = everything(self.store)
        problems = []
        for act in (self.setup.preview, self.setup.apply):
            with pytest.raises(kind) as caught:
                act(whole, successors)
            problems.append(caught.value)
        assert everything(self.store) == before
        assert problems[0].code == problems[1].code
        return problems[0]


def _others() -> list[Any]:
    return [person("D1", Role.DIRECTOR), person("B1", Role.PRINCIPAL)]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_who_has_nothing_left_to_do_may_simply_go(scene: Scene) -> None:
    scene.day.check()
    scene.setup.apply(file("P2", "P3"))
    assert scene.store.roster(UNIT).people["P1"].state is PersonState.DISMISSED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (lambda scene: None, "1 项待办、0 条隐患"),
        (Scene.found, "0 项待办、1 条隐患"),
    ],
    ids=["an open row", "a hazard he found"],
)
def test_work_that_would_be_nobodys_is_refused_in_a_sentence(
    scene: Scene, act: Callable[[Scene], object], left: str
) -> None:
    act(scene)
    problem = scene.refused(Conflict, file("P2", "P3"), {})
    assert problem.code == "roster.successor_missing"
    assert f"工号 P1 离岗时还有 {left}没有办完" in problem.sentence and "--successor P1=" in problem.sentence


@pytest.mark.parametrize("heir", ["D1", "P1", "P9"])
def test_a_successor_must_be_an_officer_in_the_roster(scene: Scene, heir: str) -> None:
    scene.found()
    assert scene.refused(Invalid, file("P2", "P3"), {"P1": heir}).code == "roster.successor_unfit"


def test_a_successor_of_somebody_who_stays_is_a_mistake(scene: Scene) -> None:
    assert scene.refused(Invalid, file("P1", "P2"), {"P1": "P2"}).code == "roster.successor_unneeded"


def no_officer_any_more(code: str = "P1") -> RosterFile:
    """``code`` stays in the file, as a director; ``P2`` checks what he held."""
    whole = file(code, "P2", "P3", **{"1": ["P2"]})
    post = {"roles": {Role.DIRECTOR: frozenset({UnitKind.USE})}}
    people = tuple(one.model_copy(update=post) if one.code == code else one for one in whole.people)
    return whole.model_copy(update={"people": people})


@pytest.mark.parametrize(
    ("act", "left"),
    [(lambda scene: None, "1 项待办、0 条隐患"), (Scene.found, "0 项待办、1 条隐患")],
    ids=["an open row", "a hazard he found"],
)
def test_who_stays_but_is_no_officer_any_more_leaves_what_he_cannot_finish(
    scene: Scene, act: Callable[[Scene], object], left: str
) -> None:
    act(scene)
    problem = scene.refused(Conflict, no_officer_any_more(), {})
    assert problem.code == "roster.successor_missing"
    assert f"工号 P1 不再是这一类的安全员时还有 {left}没有办完" in problem.sentence


def test_what_somebody_leaves_who_is_no_officer_any_more_goes_to_his_successor_once(scene: Scene) -> None:
    hazard = scene.found()
    for _ in range(2):
        scene.setup.apply(no_officer_any_more(), {"P1": "P2"})
    assert scene.hazard(hazard.id) == replace(hazard, assignee="P2", version=2)
    detail = scene.day.hazards.detail(director(), hazard.id)
    assert detail.steps[-1].text == "示例人员P1不再是这一类的安全员，由示例人员P2接手"


def test_who_lost_the_post_in_an_application_that_died_is_still_asked_about(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.found()
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(Succession, "hand_over", _died)
        scene.setup.apply(no_officer_any_more(), {"P1": "P2"})
    assert scene.refused(Conflict, no_officer_any_more(), {}).code == "roster.successor_missing"


def test_a_hazard_of_a_side_he_still_holds_stays_his(scene: Scene) -> None:
    """Only the side he lost is asked about."""
    hazard = scene.found()
    both = frozenset({UnitKind.USE, UnitKind.PRODUCTION})
    known, succession = scene.store.roster(UNIT), Succession(scene.store, scene.store, scene.day.clock)
    assert known is not None
    after = replace(known, unit=replace(known.unit, kinds=both))
    succession.require_heirs(known, after, {"P1": "P2"})
    succession.hand_over(known, after, {"P1": "P2"})
    assert scene.hazard(hazard.id) == hazard


def test_open_rows_follow_the_roster_to_the_successor_it_names(scene: Scene) -> None:
    scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    assert (UNIT, Duty.DAILY, DAY) in scene.day.messages.opened
    scene.day.open()
    assert (scene.day.states("P1"), scene.day.states("P2")) == ({"E-1": WITHDRAWN}, {"E-1": OPEN})
    owed = [sheet.owed for who in ("P1", "P2") if (sheet := scene.day.sheet(who))]
    assert owed == [{}, {"3000": 1}]


def test_a_reported_hazard_goes_to_the_successor_and_says_why(scene: Scene) -> None:
    hazard = scene.found()
    scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    taken = scene.hazard(hazard.id)
    assert taken == replace(hazard, assignee="P2", version=2)
    detail = scene.day.hazards.detail(director(), hazard.id)
    assert (detail.steps[-1].text, detail.steps[-1].assignee_name) == ("示例人员P1离岗，由示例人员P2接手", "示例人员P2")
    assert detail.officers[0].person == "P2"


def test_an_ordered_hazard_goes_to_the_successor(scene: Scene) -> None:
    hazard = scene.found()
    _order(scene, hazard)
    scene.setup.apply(file("P2", "P3"), {"P1": "P3"})
    taken = scene.hazard(hazard.id)
    assert (taken.state, taken.assignee, taken.version) == (HazardState.ORDERED, "P3", 3)


def test_a_hazard_he_found_and_another_is_to_rectify_stays_with_him(scene: Scene) -> None:
    scene.store.apply(changes(roster(targets=[target(officers=("P1", "P2"))])))
    hazard = scene.found()
    _order(scene, hazard, assignee="P2")
    scene.setup.apply(file("P2", "P3"))
    assert scene.hazard(hazard.id).assignee == "P2"


def test_more_hazards_than_a_page_all_go(scene: Scene) -> None:
    seed = scene.found()
    for number in range(120):
        one = replace(seed, id=f"20261123T0100{number:05d}Z.E-1.EL-D-02.P1")
        scene.store._hazards[UNIT, one.id] = one
    scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    assert not scene.store.mine(UNIT, "P1", HazardState.REPORTED, after=None, limit=10).items
    assert len(scene.store.mine(UNIT, "P2", HazardState.REPORTED, after=None, limit=200).items) == 121


def test_an_application_that_died_before_the_hand_over_is_finished_by_the_next(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard = scene.found()
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(Succession, "hand_over", _died)
        scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    assert scene.hazard(hazard.id).assignee is None
    assert scene.refused(Conflict, file("P2", "P3"), {}).code == "roster.successor_missing"
    scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    assert scene.hazard(hazard.id).assignee == "P2"


@pytest.mark.parametrize("heir", [None, "P9", "D1"], ids=["nobody", "unknown", "no officer"])
def test_a_hazard_reported_while_the_roster_is_written_is_asked_about_when_all_else_is_done(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, heir: str | None
) -> None:
    hazard = _reporting_meanwhile(scene, monkeypatch)
    with pytest.raises(Conflict) as caught:
        scene.setup.apply(file("P2", "P3"), {"P1": heir} if heir else {})
    assert caught.value.code == "roster.successor_missing"
    assert "名册已经更新" in caught.value.sentence and "--successor P1=" in caught.value.sentence
    assert "什么都没有写入" not in caught.value.sentence
    assert (UNIT, Duty.DAILY, DAY) in scene.day.messages.opened
    scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    assert scene.hazard(hazard.id).assignee == "P2"


def test_who_has_a_successor_is_succeeded_though_another_has_none(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard = _reporting_meanwhile(scene, monkeypatch)
    his = replace(hazard, id=hazard.id.replace("P1", "P2"), finder="P2")
    scene.store._hazards[UNIT, his.id] = his
    with pytest.raises(Conflict) as caught:
        scene.setup.apply(file("P3"), {"P2": "P3"})
    assert caught.value.details == {"hazards": 1, "people": ["P1"]}
    assert (scene.hazard(his.id).assignee, scene.hazard(hazard.id).assignee) == ("P3", None)


def test_a_hazard_that_is_ordered_to_a_colleague_in_the_middle_of_it_stays_his(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard, real = scene.found(), scene.store.hand_over

    def late(seen: Hazard, step: Step) -> bool:
        _order(scene, hazard, assignee="P3")
        return real(seen, step)

    monkeypatch.setattr(scene.store, "hand_over", late)
    scene.setup.apply(file("P2", "P3", **{"1": ["P2", "P3"]}), {"P1": "P2"})
    taken = scene.hazard(hazard.id)
    assert (taken.assignee, taken.state, taken.version) == ("P3", HazardState.ORDERED, 2)


@pytest.mark.parametrize("days", [2, 3, 17])
def test_days_whose_run_never_came_are_missed_by_who_was_in_the_roster_then(scene: Scene, days: int) -> None:
    """One run makes good seven days: the third case takes more."""
    scene.day.clock.move(days=days)
    scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    scene.day.run()
    for due in (DAY + timedelta(days=after) for after in range(days)):
        marker, rollup = scene.day.missed("E-1", due), scene.day.rollup(due)
        assert marker is not None and marker.officers == ("P1",), due
        assert rollup is not None and rollup.asked is (due == DAY) and "P2" not in rollup.people, due
        assert scene.day.states("P2", due) == {}, due
    assert scene.day.states("P2", DAY + timedelta(days=days)) == {"E-1": OPEN}


def test_days_left_unclosed_by_a_run_that_opened_today_are_closed_too(scene: Scene) -> None:
    scene.day.clock.move(days=17)
    scene.day.run()
    scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    marker = scene.day.missed("E-1", DAY + timedelta(days=16))
    assert marker is not None and marker.officers == ("P1",)


def test_a_roster_is_not_written_as_long_as_the_days_before_it_cannot_be_closed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.day.clock.move(days=2)
    monkeypatch.setattr(scene.store, "write_day", lambda unit, writes: False)
    with pytest.raises(Unavailable) as caught:
        scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    assert "名册没有写入" in caught.value.sentence
    assert scene.store.roster(UNIT).people["P1"].state is PersonState.ACTIVE  # type: ignore[union-attr]


def test_applied_again_nothing_is_handed_over_a_second_time(scene: Scene) -> None:
    hazard = scene.found()
    for _ in range(2):
        scene.setup.apply(file("P2", "P3"), {"P1": "P2"})
    assert scene.hazard(hazard.id).version == 2


def _reporting_meanwhile(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Hazard:
    """A hazard of ``P1`` that is there from the moment the next roster is written."""
    hazard, real = scene.found(), scene.store.apply
    del scene.store._hazards[UNIT, hazard.id]

    def meanwhile(changes: RosterChanges) -> None:
        scene.store._hazards[UNIT, hazard.id] = hazard
        real(changes)

    monkeypatch.setattr(scene.store, "apply", meanwhile)
    return hazard


def _died(*_: Any) -> None:
    raise RuntimeError("died here")


def _order(scene: Scene, hazard: Hazard, assignee: str | None = None) -> None:
    seen = Seen(version=hazard.version, grade=hazard.grade)
    request = OrderRequest(seen=seen, measures="更换", deadline=DAY, assignee=assignee)
    scene.day.hazard_steps.order(director(), hazard.id, request)
