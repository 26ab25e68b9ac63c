"""The budgets of design.md §5 where they are paid: requests on the wire, keys, write units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import pytest
from pynamodb.connection import Connection

from schemas.language import Duty, Fate, Grade, Handling, HazardState, Result, UnitKind, Verdict
from tean.adapters.dynamo import count_codec, hazard_codec
from tean.adapters.models import CONNECTION
from tean.adapters.ports.access import AppToken, Binding
from tean.adapters.ports.days import PutSheet
from tean.adapters.ports.inspections import NotSubmitted
from tean.adapters.ports.store import Store
from tean.domain.outcomes import Outcome, Outcomes
from tean.domain.records import Answer, Record
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, HEX, NOW, UNIT
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.wire import Wire

PHOTOS = (f"P1.{HEX}", f"P1.{HEX[::-1]}")
HAZARD = "20261123T013015123Z.E-1.EL-D-01.P1"


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with moto_store() as real:
        yield real


# --- requests -------------------------------------------------------------------------------------------------------

ONE_REQUEST: dict[str, tuple[Callable[[Store], object], str]] = {
    "binding": (lambda store: store.binding("o"), "GetItem"),
    "bind": (lambda store: store.bind("o", Binding("p", frozenset({(UNIT, "P1")}))), "PutItem"),
    "memberships": (lambda store: store.memberships("p"), "Query"),
    "people": (lambda store: store.people([(UNIT, "P1"), (UNIT, "P2")]), "BatchGetItem"),
    "app_token": (lambda store: store.app_token(), "GetItem"),
    "keep_app_token": (lambda store: store.keep_app_token(AppToken("t", NOW)), "PutItem"),
    "roster": (lambda store: store.roster(UNIT), "Query"),
    "target": (lambda store: store.target(UNIT, "E-1"), "GetItem"),
    "targets": (lambda store: store.targets(UNIT, after=None, limit=50), "Query"),
    "an officer's targets": (lambda store: store.targets(UNIT, after=None, limit=1, officer="P1"), "Query"),
    "expiring": (lambda store: store.expiring(UNIT, until=DAY, after=None, limit=50), "Query"),
    "all that expire": (lambda store: store.expiring(UNIT, until=DAY, after=None, limit=None, officer="P1"), "Query"),
    "units": (lambda store: store.units(3), "Query"),
    "todos": (
        lambda store: store.todos(UNIT, "P1", today=DAY, since=DAY - timedelta(days=2), after=None, limit=50), "Query",
    ),
    "sheet": (lambda store: store.sheet(UNIT, "P1", Duty.DAILY, DAY), "GetItem"),
    "sheets": (lambda store: store.sheets(UNIT, Duty.DAILY, DAY), "Query"),
    "rows": (lambda store: store.rows(UNIT, "P1", Duty.DAILY, DAY), "Query"),
    "facts": (lambda store: store.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY, PHOTOS), "BatchGetItem"),
    "record": (lambda store: store.record(UNIT, "E-1", f"daily.{DAY}.v01"), "GetItem"),
    "records": (lambda store: _records(store, None), "Query"),
    "his records": (lambda store: _records(store, "P1"), "Query"),
    "hazard": (lambda store: store.hazard(UNIT, HAZARD), "Query"),
    "queue": (lambda store: store.queue(UNIT, Duty.DAILY, HazardState.REPORTED, after=None, limit=50), "Query"),
    "mine": (lambda store: store.mine(UNIT, "P1", HazardState.RECTIFIED, after=None, limit=50), "Query"),
    "found": (lambda store: store.found(UNIT, NOW, NOW + timedelta(days=9)), "Query"),
    "found of a kind": (
        lambda store: store.found_page(
            UNIT, NOW, NOW + timedelta(days=9), after=None, limit=50, kind="3000", grade=Grade.MAJOR
        ),
        "Query",
    ),
    "rectified": (lambda store: store.rectified(UNIT, Duty.DAILY, NOW, NOW + timedelta(days=9)), "Query"),
    "open": (lambda store: store.open_hazards(UNIT), "Query"),
    "open of a kind": (lambda store: store.open_hazards(UNIT, ["3000"]), "Query"),
    "heads": (lambda store: store.heads(UNIT, ["E-1", "E-2"]), "BatchGetItem"),
    "tallies": (lambda store: store.tallies(UNIT, DAY - timedelta(days=365), DAY), "Query"),
    "months": (lambda store: store.months(UNIT, Duty.DAILY, [DAY.replace(day=1)]), "BatchGetItem"),
    "people by month": (lambda store: store.people_months(UNIT, DAY - timedelta(days=365), DAY), "Query"),
    "outcomes": (lambda store: store.outcomes(UNIT, "exceptions", Duty.DAILY, DAY - timedelta(days=365), DAY), "Query"),
    "upload": (lambda store: store.upload(UNIT, "P1", PHOTOS[0]), "GetItem"),
    "take_login": (lambda store: store.take_login("o", scenes.PLENTY.turn(NOW)), "UpdateItem"),
    "begin": (
        lambda store: store.begin(builders.membership(), builders.upload(), scenes.PLENTY.turn(NOW)),
        "TransactWriteItems",
    ),
    "pending": (lambda store: store.pending(3, NOW, 50), "Query"),
    "sender and target": (lambda store: store.sender_and_target(UNIT, "P1", "E-1"), "BatchGetItem"),
    "settle": (lambda store: store.settle(builders.upload(verdict=Verdict.VERIFIED)), "PutItem"),
    "write_day": (lambda store: store.write_day(UNIT, [PutSheet(builders.sheet())]), "TransactWriteItems"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "operation"), ONE_REQUEST.values(), ids=ONE_REQUEST.keys())
def test_a_port_is_one_request(store: Store, call: Callable[[Store], object], operation: str) -> None:
    with watch() as wire:
        call(store)

    assert wire.operations == [operation]


def test_no_request_is_made_for_nothing(store: Store) -> None:
    with watch() as wire:
        store.people([])
        store.heads(UNIT, [])
        store.months(UNIT, Duty.DAILY, [])
        store.write_day(UNIT, [])

    assert wire.operations == []


def test_a_submission_is_one_read_and_one_transaction(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)

    with watch() as wire:
        facts = store.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY)
        submission = builders.submission(builders.record(), head=facts.head, hazards=(builders.hazard(),))
        assert store.submit(submission) is None

    assert wire.operations == ["BatchGetItem", "TransactWriteItems"]


def test_both_steps_of_a_hazard_are_one_transaction_and_no_read(store: Store) -> None:
    hazard = scenes.reported(store)
    order = builders.move(hazard, builders.order(hazard))
    given = scenes.settled(store, file=PHOTOS[0])
    ordered = replace(hazard, state=HazardState.ORDERED, version=2, assignee="P1")
    confirm = builders.move(ordered, builders.confirmation(ordered, photos=(given.file,)))

    with watch() as wire:
        assert store.move(order) is None
        assert store.move(confirm) is None

    assert wire.operations == ["TransactWriteItems"] * 2


def test_a_refused_step_is_told_without_a_read_too(store: Store) -> None:
    hazard = scenes.ordered(store)
    late = builders.move(replace(hazard, state=HazardState.REPORTED, version=1), builders.order(hazard))

    with watch() as wire:
        refused = store.move(late)

    assert refused is not None and refused.hazard == hazard
    assert wire.operations == ["TransactWriteItems"]


def test_a_roster_takes_a_transaction_for_each_hundred_changes_and_one_for_the_unit(store: Store) -> None:
    targets = [builders.target(f"E-{number:03d}") for number in range(100)]

    with watch() as wire:
        scenes.enrol(store, *targets)

    assert wire.operations == ["TransactWriteItems"] * 3
    assert [len(call.actions) for call in wire.calls] == [100, 8, 2]
    assert {key[0] for key in wire.calls[-1].keys} == {"tean-local-registry", "tean-local-access"}


def test_a_roster_is_read_by_the_megabyte(store: Store) -> None:
    heavy = [builders.target(f"E-{number:03d}", identifiers={"n": "字" * 8_000}) for number in range(60)]
    scenes.enrol(store, *heavy)

    with watch() as wire:
        roster = store.roster(UNIT)

    assert roster is not None and len(roster.targets) == 60
    assert wire.operations == ["Query"] * 2


def test_what_is_open_ends_at_a_megabyte_and_says_so(store: Store) -> None:
    hours = [timedelta(hours=number) for number in range(60)]
    kinds = ("3000", "4000")
    for number, since in enumerate(hours):
        heavy = builders.hazard(found_at=NOW + since, kind=kinds[number % 2], remark="字" * 8_000)
        hazard_codec.hazard_item(heavy).save()

    with watch() as wire:
        whole, more = store.open_hazards(UNIT)
        half, no_more = store.open_hazards(UNIT, ["4000"])

    assert wire.operations == ["Query"] * 2
    assert (more, no_more, len(half)) == (True, False, 30)
    assert 30 < len(whole) < 60 and [one.id for one in whole] == sorted(one.id for one in whole)


def test_a_list_of_exceptions_goes_on_at_the_last_place_it_answered(store: Store) -> None:
    days = [DAY - timedelta(days=number) for number in range(8)]
    for due in days:
        entries = tuple(
            Outcome(Fate.MISSED, f"E-{number}", token_urlsafe(99), UnitKind.USE, "3000", ()) for number in range(2_000)
        )
        count_codec.outcomes_item(UNIT, Outcomes("exceptions", Duty.DAILY, due, entries=entries)).save()

    found: list[Outcomes] = []
    place: str | None = None
    with watch() as wire:
        while place or not found:
            page = store.outcomes(UNIT, "exceptions", Duty.DAILY, days[-1], DAY, place=place)
            assert not found or page.items[0] == found[-1]
            found += page.items[bool(found) :]
            place = page.next

    assert [one.due for one in found] == days
    assert wire.operations == ["Query"] * 3


def test_an_officer_finds_his_last_target_in_one_request(store: Store) -> None:
    """DynamoDB counts what it reads, not what a filter leaves: limited, his pages would be empty for a while."""
    others = [builders.target(f"E-{number:02d}", officers=("P2",)) for number in range(30)]
    scenes.enrol(store, *others, builders.target("E-99"))

    with watch() as wire:
        page = store.targets(UNIT, after=None, limit=5, officer="P1")

    assert [target.code for target in page.items] == ["E-99"]
    assert wire.operations == ["Query"]


def test_a_page_of_all_targets_reads_no_more_than_one_beyond_it(store: Store) -> None:
    with watch() as wire:
        store.targets(UNIT, after=None, limit=50)
        _records(store, None, limit=50)
        store.queue(UNIT, Duty.DAILY, HazardState.ORDERED, after=None, limit=50)

    assert [call.request["Limit"] for call in wire.calls] == [51, 51, 51]


def test_nothing_ever_scans(store: Store) -> None:
    with watch() as wire:
        for call, _ in ONE_REQUEST.values():
            call(store)

    assert "Scan" not in wire.operations


def test_a_filter_never_touches_a_key(store: Store) -> None:
    """DynamoDB refuses that, emulators do not."""
    with watch() as wire:
        for call, _ in ONE_REQUEST.values():
            call(store)

    filtered = [call.request for call in wire.calls if "FilterExpression" in call.request]
    names = {name for request in filtered for name in _named_in(request["FilterExpression"], request)}
    assert names == {"due", "state", "officers", "removed", "plan", "kind", "grade"}


def _named_in(expression: str, request: Any) -> list[str]:
    names = request["ExpressionAttributeNames"]
    return [names[word.strip("(),")] for word in expression.split() if word.strip("(),") in names]


def test_what_is_read_by_key_is_read_consistently(store: Store) -> None:
    with watch() as wire:
        store.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY)
        store.target(UNIT, "E-1")
        store.rows(UNIT, "P1", Duty.DAILY, DAY)
        store.sheets(UNIT, Duty.DAILY, DAY)

    by_key, target, rows, index = (call.request for call in wire.calls)
    assert all(table["ConsistentRead"] for table in by_key["RequestItems"].values())
    assert target["ConsistentRead"] and rows["ConsistentRead"]
    assert "ConsistentRead" not in index


def test_the_endpoint_of_one_machine_is_found_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:4566")

    client = Connection(region="ap-southeast-1", host=CONNECTION.host).client

    assert client.meta.endpoint_url == "http://127.0.0.1:4566"


def _records(store: Store, person: str | None, limit: int = 50) -> Any:
    week_ago = DAY - timedelta(days=7)
    return store.records(UNIT, "E-1", Duty.DAILY, since=week_ago, until=DAY, person=person, after=None, limit=limit)


# --- write units ----------------------------------------------------------------------------------------------------


def test_twelve_items_and_a_hazard_cost_eighteen_write_units(store: Store) -> None:
    """Words as long as the longest item of the fixed lists, two photos, remarks; the budget is 21."""
    _officer_of_one_target(store)
    hazard = builders.hazard(
        requirement="抽查材料、工艺、无损检测、理化检验等质量控制系统，责任人员均按程序履职",
        sentence="材料、工艺、无损检测、理化检验等质量控制系统责任人员未按程序履职",
        photos=PHOTOS,
        remark="报警装置按下后没有人应答",
    )
    submission = scenes.now(store, _twelve_items(store), hazards=(hazard,))

    with watch(priced=True) as wire:
        assert store.submit(submission) is None

    (call,) = wire.calls
    assert _by_purpose(wire) == {
        "ConditionCheck registry": 2,
        "Put records": 4,
        "Update records": 2,
        "Update tasks": 4,
        "index sheets": 1,
        "Put hazards": 2,
        "index queue": 1,
        "index mine": 1,
        "index open": 1,
    }
    assert (len(call.actions), wire.write_units) == (6, 18)


def test_twelve_items_without_a_hazard_cost_thirteen_write_units(store: Store) -> None:
    _officer_of_one_target(store)
    submission = scenes.now(store, _twelve_items(store))

    with watch(priced=True) as wire:
        assert store.submit(submission) is None

    assert wire.write_units == 13


def test_a_step_pays_for_the_lists_it_moves_a_hazard_between(store: Store) -> None:
    hazard = scenes.reported(store)

    with watch(priced=True) as wire:
        assert store.move(builders.move(hazard, builders.order(hazard))) is None

    assert _by_purpose(wire) == {
        "ConditionCheck registry": 6,
        "Update hazards": 2,
        "Put hazards": 2,
        "index queue": 2,
        "index mine": 2,
        "index open": 1,
    }


def test_what_is_refused_changes_no_item(store: Store) -> None:
    _officer_of_one_target(store)
    submission = scenes.now(store, _twelve_items(store))
    assert store.submit(submission) is None

    with watch(priced=True) as wire:
        refused = store.submit(submission)

    assert refused == NotSubmitted(existing=True, head_moved=True, rows=("P1",))
    assert all(call.before == call.after for call in wire.calls)


def _officer_of_one_target(store: Store) -> None:
    scenes.enrol(store, builders.target())
    scenes.open_day(store, people=("P1",))


def _twelve_items(store: Store) -> Record:
    passed = [Answer(f"EL-D-{number:02d}", Result.PASS, seconds=15) for number in range(1, 12)]
    failed = Answer(
        "EL-D-12", Result.FAIL, Grade.GENERAL, Handling.PENDING, photos=PHOTOS, remark="报警装置按下后没有人应答"
    )
    return scenes.next_record(store, answers=(*passed, failed), checklist="c" * 64, remark="现场已告知管理人员")


def _by_purpose(wire: Wire) -> dict[str, int]:
    """Units by what kind of action on which table, or by index."""
    prices: dict[str, int] = {}
    for call in wire.calls:
        for name, units in _prices(wire, call):
            prices[name] = prices.get(name, 0) + units
    return prices


def _prices(wire: Wire, call: Any) -> Iterator[tuple[str, int]]:
    for name, units in wire.price(call).items():
        kind, what = name.split(" ")[:2]
        yield f"{kind} {what.removeprefix('tean-local-')}", units
