"""Queues and schedules, as SQS, EventBridge and Lambda do it between them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.manifest import load
from infra.stack.cron import Cron
from infra.stack.pump import TRIES, QueuePump, Scheduler, queue_pumps, schedulers, urls

REGION = "ap-southeast-1"


@dataclass
class Invoked:
    """Remembers what it was invoked with; answers or fails as told."""

    answer: Any = None
    error: Exception | None = None
    calls: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, function: str, event: Any) -> Any:
        self.calls.append((function, event))
        if self.error:
            raise self.error
        return self.answer(event) if callable(self.answer) else self.answer

    @property
    def bodies(self) -> list[list[str]]:
        return [sorted(record["body"] for record in event["Records"]) for _, event in self.calls]


class Queue:
    """A real queue of moto with a visibility of no time, so that what failed is there again at once."""

    def __init__(self, receives: int) -> None:
        self.sqs = boto3.client("sqs", REGION)
        self.dead = self.sqs.create_queue(QueueName="days-dead")["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:123456789012:days-dead"
        redrive = f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":{receives}}}'
        attributes = {"VisibilityTimeout": "0", "RedrivePolicy": redrive}
        self.url = self.sqs.create_queue(QueueName="days", Attributes=attributes)["QueueUrl"]

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def left(self, url: str | None = None) -> list[str]:
        found = self.sqs.receive_message(QueueUrl=url or self.url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return sorted(message["Body"] for message in found.get("Messages", []))

    def pump(self, invoke: Invoked, batch: int = 10) -> QueuePump:
        return QueuePump(self.sqs, self.url, "open_unit", batch, invoke)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield Queue(receives=3)


def failing(*bodies: str) -> Any:
    def answer(event: Any) -> Any:
        failed = [record["messageId"] for record in event["Records"] if record["body"] in bodies]
        return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}

    return answer


def test_the_event_is_what_lambda_gets_from_sqs(queue: Queue) -> None:
    queue.send("特安")
    invoked = Invoked()
    assert queue.pump(invoked).step(0) == 1
    function, event = invoked.calls[0]
    record = event["Records"][0]
    assert (function, record["body"], record["awsRegion"]) == ("open_unit", "特安", REGION)
    assert record["eventSourceARN"] == f"arn:aws:sqs:{REGION}:000000000000:days"
    assert record["md5OfBody"] == hashlib.md5("特安".encode()).hexdigest()
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert set(record) == {
        "messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody", "eventSource",
        "eventSourceARN", "awsRegion",
    }  # fmt: skip


def test_an_empty_queue_invokes_nothing(queue: Queue) -> None:
    invoked = Invoked()
    assert (queue.pump(invoked).step(0), invoked.calls) == (0, [])


def test_a_batch_is_no_larger_than_the_manifest_says(queue: Queue) -> None:
    queue.send("a", "b", "c")
    invoked = Invoked()
    pump = queue.pump(invoked, batch=2)
    pump.step(0)
    pump.step(0)
    assert sorted(map(len, invoked.bodies)) == [1, 2]
    assert queue.left() == []


def test_only_what_did_not_fail_is_deleted(queue: Queue) -> None:
    queue.send("good", "bad", "fine")
    queue.pump(Invoked(failing("bad"))).step(0)
    assert queue.left() == ["bad"]


@pytest.mark.parametrize(
    "invoked",
    [
        Invoked(error=RuntimeError("broken")),
        Invoked({"batchItemFailures": [{"itemIdentifier": "nobody-sent-this"}]}),
        Invoked({"batchItemFailures": [{}]}),
    ],
)
def test_a_failed_batch_or_a_senseless_answer_deletes_nothing(queue: Queue, invoked: Invoked) -> None:
    queue.send("a", "b")
    queue.pump(invoked).step(0)
    assert queue.left() == ["a", "b"]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}])
def test_an_answer_without_failures_means_success(queue: Queue, answer: Any) -> None:
    queue.send("a", "b")
    queue.pump(Invoked(answer)).step(0)
    assert queue.left() == []


def test_what_keeps_failing_ends_among_the_dead(queue: Queue) -> None:
    queue.send("poison")
    invoked = Invoked(failing("poison"))
    pump = queue.pump(invoked)
    for _ in range(5):
        pump.step(0)
    assert invoked.bodies == [["poison"]] * 3
    assert queue.left(queue.dead) == ["poison"]


def test_every_queue_and_schedule_of_the_manifest_has_its_pump(queue: Queue) -> None:
    manifest = load()
    environment = {f"TEAN_QUEUE_{name.upper()}": queue.url for name in manifest.queues}
    assert len(queue_pumps(manifest, urls(manifest, environment), Invoked())) == len(manifest.queues)
    assert len(schedulers(manifest, Invoked())) == len(manifest.schedules)


DUE = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
"""00:05 in Shanghai."""


def scheduler(invoked: Invoked) -> Scheduler:
    return Scheduler("tean-local-open_days", Cron.parse("5 0 * * ? *"), "open_days", invoked)


def test_a_schedule_fires_once_when_it_is_due() -> None:
    invoked = Invoked()
    daily = scheduler(invoked)
    daily.step(DUE)
    for seconds in (1, 60, 86_399):
        daily.step(DUE + timedelta(seconds=seconds))
    assert len(invoked.calls) == 1
    daily.step(DUE + timedelta(days=1))
    times = [event["time"] for _, event in invoked.calls]
    assert times == ["2026-11-23T16:05:00Z", "2026-11-24T16:05:00Z"]


def test_what_was_missed_while_nothing_ran_fires_at_the_start_with_its_own_time() -> None:
    invoked = Invoked()
    scheduler(invoked).step(DUE + timedelta(hours=9, minutes=30))
    function, event = invoked.calls[0]
    assert (function, event["time"], event["source"]) == ("open_days", "2026-11-23T16:05:00Z", "aws.events")
    assert (event["detail-type"], event["detail"]) == ("Scheduled Event", {})
    assert event["resources"] == [f"arn:aws:events:{REGION}:000000000000:rule/tean-local-open_days"]


def test_after_days_asleep_only_the_latest_fires() -> None:
    invoked = Invoked()
    daily = scheduler(invoked)
    daily.step(DUE)
    daily.step(DUE + timedelta(days=4, hours=1))
    assert [event["time"][:10] for _, event in invoked.calls] == ["2026-11-23", "2026-11-27"]


def test_a_failing_schedule_is_tried_again_as_lambda_does_and_then_left() -> None:
    invoked = Invoked(error=RuntimeError("broken"))
    daily = scheduler(invoked)
    for second in range(10):
        daily.step(DUE + timedelta(seconds=second))
    assert len(invoked.calls) == TRIES == 3
    daily.step(DUE + timedelta(days=1))
    assert len(invoked.calls) == 4, "the next day it is tried anew"
