"""DynamoDB under traffic, out of breath, or silent: what is tried again, what is told, what is never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from pynamodb.exceptions import TransactWriteError

from schemas.language import Duty, Verdict
from tean.adapters.dynamo.calls import ROUNDS, Calls
from tean.adapters.dynamo.conditions import PRESENT
from tean.adapters.dynamo.transactions import Refused, Transaction
from tean.adapters.models import RecordItem, UploadItem
from tean.adapters.patience import pause
from tean.adapters.ports.days import PutSheet
from tean.adapters.ports.hazards import NotMoved
from tean.adapters.ports.inspections import NotSubmitted
from tean.adapters.ports.store import Store
from tean.domain.errors import Unavailable
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, UNIT
from tests.fakes.dynamo import moto_store, watch
from tests.fakes.faults import Told, saying


@pytest.fixture
def pauses() -> list[int]:
    """Before which tries the adapter paused."""
    return []


@pytest.fixture
def store(pauses: list[int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store; botocore's own pauses take no time either."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    with moto_store(pauses.append) as real:
        yield real


def cancelled(*codes: str) -> Told:
    """A transaction that was not written, with the reason of each of its actions."""
    reasons = [{"Code": code} for code in codes]
    return 400, {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": reasons,
    }


def failed(code: str, status: int = 400) -> Told:
    """An error that says nothing about conditions."""
    return status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code}


CONFLICT = cancelled("None", "TransactionConflict")


def test_a_submission_that_met_another_is_tried_again(store: Store, pauses: list[int]) -> None:
    scenes.enrol(store)
    scenes.open_day(store)

    with saying("TransactWriteItems", CONFLICT, CONFLICT):
        record = scenes.inspected(store)

    assert pauses == [0, 1]
    assert store.record(UNIT, "E-1", record.id) == record


def test_throttled_items_are_tried_again_too(store: Store, pauses: list[int]) -> None:
    with saying("TransactWriteItems", cancelled("ThrottlingError"), cancelled("ProvisionedThroughputExceeded", "None")):
        assert store.write_day(UNIT, [PutSheet(builders.sheet())])

    assert pauses == [0, 1]


def test_endless_traffic_asks_for_a_submission_to_be_judged_anew(store: Store, pauses: list[int]) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    before = scenes.everything(store)
    submission = scenes.now(store, scenes.next_record(store))

    with saying("TransactWriteItems", *[CONFLICT] * 50):
        assert store.submit(submission) == NotSubmitted(head_moved=True)

    assert pauses == list(range(ROUNDS))
    assert scenes.everything(store) == before


def test_endless_traffic_refuses_a_step_without_a_reason_of_its_own(store: Store) -> None:
    hazard = scenes.reported(store)

    with saying("TransactWriteItems", *[CONFLICT] * 50):
        assert store.move(builders.move(hazard, builders.order(hazard))) == NotMoved()


def test_endless_traffic_leaves_a_day_unwritten(store: Store) -> None:
    with saying("TransactWriteItems", *[CONFLICT] * 50):
        assert store.write_day(UNIT, [PutSheet(builders.sheet())]) is False


def test_endless_traffic_stops_a_roster_with_a_sentence(store: Store) -> None:
    with saying("TransactWriteItems", *[CONFLICT] * 50), pytest.raises(Unavailable):
        scenes.enrol(store)


def test_a_failed_demand_is_told_at_once_even_amid_traffic(store: Store, pauses: list[int]) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    submission = scenes.now(store, scenes.next_record(store))
    reasons = ["ConditionalCheckFailed", "None", "TransactionConflict", "None", "None"]

    with saying("TransactWriteItems", cancelled(*reasons)):
        assert store.submit(submission) == NotSubmitted(dismissed=True)

    assert pauses == []


def test_reasons_find_their_demands_whatever_the_order_they_were_added_in(store: Store) -> None:
    """They come back by position: checks, deletes, puts, updates."""
    one = UploadItem("p", "s")
    transaction = Transaction(Calls())
    transaction.update("update", one, [UploadItem.kind.set("photo")])
    transaction.put("put", one)
    transaction.delete("delete", one)
    transaction.check("check", UploadItem, "p", "s", PRESENT)

    for place, demand in enumerate(["check", "delete", "put", "update"]):
        reasons = ["None"] * 4
        reasons[place] = "ConditionalCheckFailed"
        with saying("TransactWriteItems", cancelled(*reasons)):
            assert transaction.commit() == Refused({demand: None})


def test_a_head_never_counts_below_zero(store: Store) -> None:
    """That its hazards are fewer than those open is damage; it is not made worse."""
    hazard = scenes.ordered(store)
    RecordItem(f"{UNIT}#E-1", "head").update([RecordItem.open_general.set(0)])

    assert store.move(builders.move(hazard, builders.confirmation(hazard))) == NotMoved()
    assert scenes.as_it_stands(store, hazard) == hazard


def test_a_fault_of_our_own_is_not_taken_for_a_refusal(store: Store) -> None:
    with saying("TransactWriteItems", cancelled("ValidationError")), pytest.raises(TransactWriteError):
        store.write_day(UNIT, [PutSheet(builders.sheet())])


def test_a_lost_answer_is_asked_for_again_under_the_same_token(store: Store) -> None:
    """DynamoDB knows a token for ten minutes and does not write twice under it."""
    with watch() as wire, saying("TransactWriteItems", failed("InternalServerError", 500)):
        assert store.write_day(UNIT, [PutSheet(builders.sheet())])

    tokens = [call.request["ClientRequestToken"] for call in wire.calls]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1


def test_two_transactions_never_share_a_token(store: Store) -> None:
    with watch() as wire:
        store.write_day(UNIT, [PutSheet(builders.sheet("P1"))])
        store.write_day(UNIT, [PutSheet(builders.sheet("P2"))])

    assert len({call.request["ClientRequestToken"] for call in wire.calls}) == 2


PORTS: dict[str, tuple[str, Callable[[Store], object]]] = {
    "one item": ("GetItem", lambda store: store.target(UNIT, "E-1")),
    "many items": ("BatchGetItem", lambda store: store.facts(UNIT, "P1", "E-1", Duty.DAILY, DAY)),
    "a page": ("Query", lambda store: store.targets(UNIT, after=None, limit=9)),
    "a list": ("Query", lambda store: store.roster(UNIT)),
    "one write": ("PutItem", lambda store: store.settle(builders.upload())),
    "one change": ("UpdateItem", lambda store: store.take_login("o", scenes.PLENTY.turn(builders.NOW))),
    "a transaction": ("TransactWriteItems", lambda store: store.write_day(UNIT, [PutSheet(builders.sheet())])),
}


@pytest.mark.parametrize(
    "fault",
    [
        failed("ThrottlingException"),
        failed("ProvisionedThroughputExceededException"),
        failed("InternalServerError", 500),
        failed("ServiceUnavailable", 503),
        ConnectTimeoutError(endpoint_url="http://127.0.0.1"),
        ReadTimeoutError(endpoint_url="http://127.0.0.1"),
    ],
)
@pytest.mark.parametrize(("operation", "call"), PORTS.values(), ids=PORTS.keys())
def test_a_storage_that_does_not_answer_is_a_problem_with_a_sentence(
    store: Store, operation: str, call: Callable[[Store], object], fault: Told | Exception
) -> None:
    with saying(operation, *[fault] * 9), pytest.raises(Unavailable) as refusal:
        call(store)

    assert refusal.value.code == "storage.unavailable"


def test_what_a_batch_left_over_is_asked_for_again(store: Store, pauses: list[int]) -> None:
    scenes.enrol(store)
    people = [(UNIT, "P1"), (UNIT, "P2")]
    whole = store.people(people)

    with watch() as wire:
        store.people(people)
    wanted = wire.calls[0].request["RequestItems"]
    with watch() as wire, saying("BatchGetItem", (200, {"Responses": {}, "UnprocessedKeys": wanted})):
        found = store.people(people)

    assert list(found) == list(whole)
    assert [call.request["RequestItems"] for call in wire.calls] == [wanted, wanted]
    assert pauses == [0]


def test_a_batch_that_never_comes_whole_is_unavailable(store: Store, pauses: list[int]) -> None:
    with watch() as wire:
        store.people([(UNIT, "P1")])
    none = 200, {"Responses": {}, "UnprocessedKeys": wire.calls[0].request["RequestItems"]}

    with saying("BatchGetItem", *[none] * 50), pytest.raises(Unavailable):
        store.people([(UNIT, "P1")])

    assert pauses == list(range(ROUNDS))


def test_more_keys_than_a_batch_takes_are_read_in_several(store: Store) -> None:
    scenes.enrol(store)

    with watch() as wire:
        found = store.people([(UNIT, f"P{number}") for number in range(120)])

    assert [person.code for _, person in found] == ["P1", "P2"]
    assert [len(call.read_keys) for call in wire.calls] == [100, 21]


def test_pauses_grow_and_are_never_the_same_for_two(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tean.adapters.patience.time.sleep", waits.append)

    for attempt in range(ROUNDS):
        pause(attempt)

    assert all(0 <= wait <= 0.02 * 2**attempt for attempt, wait in enumerate(waits))
    assert len(set(waits)) == ROUNDS
    assert sum(waits) < 2


IN_THE_WAY = failed("TransactionConflictException")


def test_a_single_write_in_the_way_of_a_transaction_is_tried_again(store: Store, pauses: list[int]) -> None:
    """Nobody else tries it again: botocore does not know this one."""
    begun = scenes.begun(store, builders.upload())
    told = begun.settled(Verdict.REFUSED)

    with saying("PutItem", IN_THE_WAY, IN_THE_WAY):
        assert store.settle(told)

    assert store.upload(UNIT, "P1", begun.file) == told
    assert pauses == [0, 1]


def test_a_single_write_that_never_gets_through_is_unavailable(store: Store, pauses: list[int]) -> None:
    with saying("PutItem", *[IN_THE_WAY] * 50), pytest.raises(Unavailable):
        store.settle(builders.upload())

    assert pauses == list(range(ROUNDS))
