"""Which items the adapter touches: nothing two officers could meet on, nothing a client may steer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Any, cast

import pytest

from schemas.language import Duty, HazardState
from tean.adapters.ports.days import DayWrite, PutRow, PutSheet
from tean.adapters.ports.store import Store
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, HEX, UNIT
from tests.fakes.day import Day
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.store import FakeStore
from tests.fakes.wire import Key

PHOTO = f"P1.{HEX}"
HAZARD = "20261123T013015123Z.E-1.EL-D-01.P1"


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with moto_store() as real:
        yield real


def test_officers_on_different_targets_never_meet_on_a_key(store: Store) -> None:
    scenes.enrol(store, builders.target("E-1"), builders.target("E-2", officers=("P2",)))
    scenes.open_day(store, people=("P1",), where="E-1")
    scenes.open_day(store, people=("P2",), where="E-2")

    wires = []
    for who, where in (("P1", "E-1"), ("P2", "E-2")):
        submission = scenes.now(store, scenes.next_record(store, who, where), hazards=(builders.hazard(who, where),))
        with watch() as wire:
            assert store.submit(submission) is None
        wires.append(wire)

    mine, theirs = (wire.keys for wire in wires)
    assert len(mine) == len(theirs) == 6
    assert not mine & theirs


CROWD = [f"P{number:02d}" for number in range(32)]


def _written(store: Store, duty: Duty, what: dict[str, str]) -> list[frozenset[Key]]:
    """What each of many officers writes when he hands in a check of his own, with a hazard, on an open day."""
    people = [builders.person(who) for who in what]
    things = [builders.target(f"E-{who}", officers=(who,)) for who in what]
    day = Day(builders.roster(people, things), cast(FakeStore, store), duties=(Duty.DAILY, Duty.WEEKLY))
    item = {Duty.DAILY: "EL-D-01", Duty.WEEKLY: "EL-W-01"}[duty]
    wires = []
    for who, where in what.items():
        answers = day.failing(item, who=who)
        request = (
            day.request(who, where, answers=answers) if duty is Duty.DAILY else day.inspection(who, answers=answers)
        )
        with watch() as wire:
            day.submit(request, who)
        wires.append(wire.keys)
    return wires


def test_thirty_two_officers_on_targets_of_their_own_never_meet_on_a_key(store: Store) -> None:
    written = _written(store, Duty.DAILY, {who: f"E-{who}" for who in CROWD})
    assert all(not one & other for one, other in combinations(written, 2))


def test_officers_who_inspect_the_same_kind_meet_on_the_head_of_its_chain_alone(store: Store) -> None:
    written = _written(store, Duty.WEEKLY, dict.fromkeys(CROWD, "3000"))
    met = {key for one, other in combinations(written, 2) for key in one & other}
    assert {_short(key) for key in met} == {("records", f"{UNIT}#3000", "head")}


def test_a_submission_writes_these_keys(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    record = scenes.next_record(store)
    submission = scenes.now(store, record, hazards=(builders.hazard(),), close=("P1", "P2"))

    with watch() as wire:
        assert store.submit(submission) is None

    assert [(action.kind, *_short(action.name)) for action in wire.calls[0].actions] == [
        ("ConditionCheck", "registry", UNIT, "P#P1"),
        ("Put", "records", f"{UNIT}#E-1", "daily#2026-11-23#v01"),
        ("Put", "hazards", UNIT, HAZARD),
        ("Update", "records", f"{UNIT}#E-1", "head"),
        ("Update", "tasks", f"{UNIT}#P1", "2026-11-23#daily#E-1"),
        ("Update", "tasks", f"{UNIT}#P2", "2026-11-23#daily#E-1"),
        ("Update", "tasks", f"{UNIT}#P1", "2026-11-23#daily"),
    ]


def test_a_phone_both_added_and_taken_away_is_written_once(store: Store) -> None:
    """DynamoDB refuses a transaction that names an item twice."""
    store.apply(builders.changes(phones_added=(("phone", "P1"),), phones_removed=(("phone", "P1"),)))

    assert list(store.memberships("phone")) == [(UNIT, "P1")]


def test_a_rectified_hazard_leaves_the_open_ones(store: Store) -> None:
    hazard = scenes.ordered(store)
    confirm = builders.move(hazard, builders.confirmation(hazard))

    with watch(priced=True) as wire:
        assert store.move(confirm) is None

    (key,) = (action.name for action in wire.calls[0].actions if action.name[1:] == (UNIT, HAZARD))
    before, after = wire.calls[0].before[key], wire.calls[0].after[key]
    assert before["open"] == {"S": UNIT}
    assert before["open_at"] == {"S": f"3000#E-1#{HAZARD}"}
    assert not {"open", "open_at"} & after.keys()


def test_facts_read_these_keys(store: Store) -> None:
    with watch() as wire:
        store.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY, [PHOTO, PHOTO])

    assert {_short(key) for key in wire.calls[0].read_keys} == {
        ("registry", UNIT, "P#P1"),
        ("registry", UNIT, "T#E-1"),
        ("tasks", f"{UNIT}#P1", "2026-11-23#daily#E-1"),
        ("records", f"{UNIT}#E-1", "head"),
        ("records", f"{UNIT}#E-1", "daily#2026-11-23#v01"),
        ("records", f"{UNIT}#E-1", "daily#2026-11-23#v01~P1"),
        ("uploads", f"{UNIT}#P1", PHOTO),
    }


def test_a_place_in_a_list_says_nothing_of_its_partition(store: Store) -> None:
    _two_of_everything(store)
    since = DAY - timedelta(days=2)
    reported, ordered = HazardState.REPORTED, HazardState.ORDERED

    places = [
        store.todos(UNIT, "P1", today=DAY, since=since, after=None, limit=1).page.next,
        store.targets(UNIT, after=None, limit=1).next,
        _records(store, None, limit=1).next,
        store.queue(UNIT, Duty.DAILY, reported, after=None, limit=1).next,
        store.mine(UNIT, "P1", ordered, after=None, limit=1).next,
    ]

    assert places == [
        "2026-11-23#daily#E-1",
        "T#E-1",
        "daily#2026-11-23#v01",
        f"9#2026-11-23T01:30:15.123Z#{HAZARD.replace('EL-D-01', 'EL-D-03')}",
        f"2026-11-26#{HAZARD}",
    ]


def test_a_place_from_before_midnight_still_leads_on(store: Store) -> None:
    """The list's first day moved on while somebody was reading it; DynamoDB refuses a start key out of the range."""
    scenes.enrol(store)
    scenes.open_day(store, people=("P1",))
    tomorrow = DAY + timedelta(days=1)
    old_place = f"{DAY - timedelta(days=2)}#daily#E-9"

    with watch() as wire:
        page = store.todos(UNIT, "P1", today=tomorrow, since=DAY, after=old_place, limit=50).page

    assert [row.target for row in page.items] == ["E-1"]
    assert "ExclusiveStartKey" not in wire.calls[0].request


def test_a_day_written_again_is_refused_and_changes_nothing(store: Store) -> None:
    writes: list[DayWrite] = [PutRow(builders.row()), PutSheet(builders.sheet())]
    assert store.write_day(UNIT, writes)

    with watch(priced=True) as wire:
        assert store.write_day(UNIT, writes) is False

    assert wire.operations == ["TransactWriteItems"]
    assert wire.calls[0].before == wire.calls[0].after != {}


def _short(key: Key) -> Key:
    return key[0].removeprefix("tean-local-"), key[1], key[2]


def _records(store: Store, person: str | None, limit: int = 50) -> Any:
    week_ago = DAY - timedelta(days=7)
    return store.records(UNIT, "E-1", Duty.DAILY, since=week_ago, until=DAY, person=person, after=None, limit=limit)


def _two_of_everything(store: Store) -> None:
    """Two targets, two rows and records of ``E-1``, two hazards reported and two ordered, all of ``P1``."""
    scenes.enrol(store, builders.target(), builders.target("E-2"))
    for due in (DAY - timedelta(days=1), DAY):
        scenes.open_day(store, people=("P1",), due=due)
    assert store.write_day(UNIT, [PutRow(builders.row(where="E-2"))])
    hazards = [builders.hazard(item=f"EL-D-0{number}") for number in range(1, 5)]
    scenes.inspected(store, due=DAY - timedelta(days=1), late=True)
    scenes.inspected(store, *hazards)
    for hazard in hazards[:2]:
        assert store.move(builders.move(hazard, builders.order(hazard))) is None
