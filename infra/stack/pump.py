"""What moves without a caller: messages of the queues, and the schedules."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config

from infra.manifest import Manifest, load
from infra.stack import clock
from infra.stack.artefact import functions
from infra.stack.cron import Cron
from infra.stack.logs import without_words, write_log
from infra.stack.provision import REGION, STAGE
from tean import bootstrap

WAIT_SECONDS = 1
"""How long a poll waits for a message; a stop waits for it too."""
BREATH = 1.0
"""Seconds between two looks at the clock, and before the next try after a failure."""
TRIES = 3
"""Lambda runs a schedule's function again twice when it fails."""
FAREWELL = 8.0
"""Seconds that a running function gets at the stop."""

log = logging.getLogger("tean.pump")

Invoke = Callable[[str, Any], Any]


class QueuePump:
    """Takes messages of one queue to its function, as SQS and Lambda do between them."""

    def __init__(self, sqs: Any, url: str, function: str, batch: int, invoke: Invoke) -> None:
        self._sqs = sqs
        self._url = url
        self._arn = f"arn:aws:sqs:{REGION}:000000000000:{url.rpartition('/')[2]}"
        self._function = function
        self._batch = batch
        self._invoke = invoke

    def step(self, wait: int = WAIT_SECONDS) -> int:
        """One batch. What failed is left alone: it comes back after its visibility timeout, at last to the dead."""
        received = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self._batch,
            WaitTimeSeconds=wait,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        failed = self._failed(received) if received else set()
        self._delete([message for message in received if message["MessageId"] not in failed])
        return len(received)

    def _failed(self, messages: list[Any]) -> set[str]:
        everyone = {str(message["MessageId"]) for message in messages}
        try:
            answer = self._invoke(self._function, {"Records": [self._record(message) for message in messages]})
        except Exception as error:
            log.error("%s failed: %s", self._function, without_words(error))
            return everyone
        named = {str(failure.get("itemIdentifier")) for failure in (answer or {}).get("batchItemFailures", [])}
        # An identifier that nobody sent means that the answer cannot be trusted: Lambda then takes all as failed.
        return named if named <= everyone else everyone

    def _record(self, message: Any) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {},
            "md5OfBody": hashlib.md5(message["Body"].encode(), usedforsecurity=False).hexdigest(),
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": REGION,
        }

    def _delete(self, messages: list[Any]) -> None:
        entries = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(messages)
        ]
        if entries:
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


class Scheduler:
    """Fires one schedule. The last instant that was missed while nothing ran is fired at the start.

    Late is safe, and so is twice: what schedules call writes nothing the second time.
    """

    def __init__(self, name: str, cron: Cron, function: str, invoke: Invoke) -> None:
        self._rule = f"arn:aws:events:{REGION}:000000000000:rule/{name}"
        self._cron = cron
        self._function = function
        self._invoke = invoke
        self._done: datetime | None = None
        self._failures = 0

    def step(self, now: datetime | None = None) -> None:
        """Fire if it has become due since the last time."""
        due = self._cron.latest(now or bootstrap.utc_now())
        if due is None or (self._done and due <= self._done):
            return
        try:
            self._invoke(self._function, self._event(due))
        except Exception as error:
            log.error("%s failed: %s", self._function, without_words(error))
            self._failures += 1
            if self._failures < TRIES:
                return
        self._done, self._failures = due, 0

    def _event(self, due: datetime) -> dict[str, Any]:
        return {
            "version": "0",
            "id": str(uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "000000000000",
            "time": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": REGION,
            "resources": [self._rule],
            "detail": {},
        }


def queue_pumps(manifest: Manifest, urls: dict[str, str], invoke: Invoke) -> list[QueuePump]:
    """One for each queue of the manifest."""
    sqs = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))
    return [
        QueuePump(sqs, urls[name], manifest.consumer(name), queue.batch, invoke)
        for name, queue in manifest.queues.items()
    ]


def schedulers(manifest: Manifest, invoke: Invoke) -> list[Scheduler]:
    """One for each function that a schedule starts."""
    return [
        Scheduler(f"{manifest.prefix(STAGE)}-{name}", Cron.parse(manifest.schedules[each.schedule].cron), name, invoke)
        for name, each in manifest.functions.items()
        if each.schedule
    ]


def _again_and_again(stopping: threading.Event, step: Callable[[], object], breath: float) -> None:
    while not stopping.is_set():
        try:
            step()
        except Exception as error:
            log.error("%s", without_words(error))
            stopping.wait(BREATH)
        stopping.wait(breath)


def urls(manifest: Manifest, environment: dict[str, str]) -> dict[str, str]:
    """Where the queues are."""
    return {name: environment[f"TEAN_QUEUE_{name.upper()}"] for name in manifest.queues}


def steps(manifest: Manifest, environment: dict[str, str], invoke: Invoke) -> list[tuple[Callable[[], object], float]]:
    """All there is to do again and again, and the pause in between."""
    pumps = queue_pumps(manifest, urls(manifest, environment), invoke)
    return [*((pump.step, 0.0) for pump in pumps), *((each.step, BREATH) for each in schedulers(manifest, invoke))]


def main() -> None:
    """``python -m infra.stack.pump STATE``: until a signal; a function that is running may finish."""
    write_log()
    clock.follow(Path(sys.argv[1]), "pump")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    manifest, told = load(), dict(os.environ)
    todo = steps(manifest, told, functions(manifest, told).invoke)
    threads = [threading.Thread(target=_again_and_again, args=(stopping, *step), daemon=True) for step in todo]
    for thread in threads:
        thread.start()
    stopping.wait()
    for thread in threads:
        thread.join(FAREWELL)


if __name__ == "__main__":
    main()
