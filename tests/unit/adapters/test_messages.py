"""Messages to workers: all of them are sent, ten a call, or somebody is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from botocore.session import get_session
from moto import mock_aws

from schemas.events import OpenUnit
from schemas.language import Duty
from tean.adapters.messages import SqsArrivals, SqsMessages
from tean.domain.errors import Unavailable
from tean.services.arrivals import _arrived
from tests.fakes.faults import answering
from tests.fakes.wire import watching

DAY = date(2026, 11, 23)
UNITS = [f"91990000MA{number:08d}" for number in range(23)]
REGION = "ap-southeast-1"


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an SQS without queues."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_SQS", raising=False)
    with mock_aws():
        yield get_session().create_client("sqs", region_name=REGION)


@pytest.fixture
def queue(sqs: Any) -> str:
    """The address of an empty queue."""
    url: str = sqs.create_queue(QueueName="tean-test-days")["QueueUrl"]
    return url


@pytest.fixture
def messages(queue: str) -> SqsMessages:
    """What sends into it."""
    return SqsMessages(queue, REGION)


def received(sqs: Any, queue: str) -> list[OpenUnit]:
    """Everything in the queue."""
    found: list[OpenUnit] = []
    while answer := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        found.extend(OpenUnit.model_validate_json(message["Body"]) for message in answer)
    return found


def test_every_unit_gets_one_message(messages: SqsMessages, sqs: Any, queue: str) -> None:
    messages.open_units(UNITS, Duty.DAILY, DAY)

    assert sorted(received(sqs, queue), key=lambda message: message.unit) == [
        OpenUnit(unit=unit, duty=Duty.DAILY, due=DAY) for unit in UNITS
    ]


def test_ten_messages_go_in_one_request(messages: SqsMessages) -> None:
    with watching(messages._client) as wire:
        messages.open_units(UNITS, Duty.DAILY, DAY)

    assert wire.operations == ["SendMessageBatch"] * 3
    assert [len(call.request["Entries"]) for call in wire.calls] == [10, 10, 3]


def test_nothing_is_sent_for_no_units(messages: SqsMessages) -> None:
    with watching(messages._client) as wire:
        messages.open_units([], Duty.DAILY, DAY)

    assert wire.operations == []


def test_no_client_is_made_before_it_is_needed(messages: SqsMessages) -> None:
    assert "_client" not in vars(messages)


def test_only_the_entries_that_failed_are_sent_again(messages: SqsMessages) -> None:
    answers = [_failing("1", "3"), _failing("3"), _failing()]

    with watching(messages._client) as wire, answering(lambda *_: answers.pop(0)):
        messages.open_units(UNITS[:5], Duty.DAILY, DAY)

    sent = [[json.loads(entry["MessageBody"])["unit"] for entry in call.request["Entries"]] for call in wire.calls]
    assert sent == [UNITS[:5], [UNITS[1], UNITS[3]], [UNITS[3]]]


def test_an_entry_that_fails_every_time_is_told(messages: SqsMessages) -> None:
    with answering(lambda *_: _failing("0")), pytest.raises(Unavailable) as refusal:
        messages.open_units(UNITS[:1], Duty.DAILY, DAY)

    assert refusal.value.code == "queue.unavailable"


def test_a_queue_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, messages: SqsMessages) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    silence = 503, {"__type": "ServiceUnavailable"}

    with answering(lambda *_: silence), pytest.raises(Unavailable) as refusal:
        messages.open_units(UNITS, Duty.DAILY, DAY)

    assert refusal.value.code == "queue.unavailable"


def _failing(*ids: str) -> tuple[int, Mapping[str, Any]]:
    return 200, {
        "Successful": [],
        "Failed": [{"Id": id, "SenderFault": False, "Code": "InternalError"} for id in ids],
    }


def test_files_are_named_in_the_words_in_which_s3_names_them(sqs: Any, queue: str) -> None:
    keys = [f"UNIT +%/P{number}/名" for number in range(11)]
    SqsArrivals(queue, REGION).arrived(keys)

    said: list[str] = []
    while answer := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        said.extend(key for message in answer for key in _arrived(json.loads(message["Body"])))
    assert sorted(said) == sorted(keys)


def test_about_no_file_nothing_is_sent(queue: str) -> None:
    with answering(lambda operation, request: pytest.fail(operation)):
        SqsArrivals(queue, REGION).arrived([])
