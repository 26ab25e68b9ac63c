"""Dead letters: messages of a queue that its function failed at again and again, kept where nobody takes them.

They are looked at and sent again as any other reader of SQS could: held back from others for a while, then deleted or
given back. Whoever dies in between leaves them hidden for :data:`HOLD_SECONDS`, and loses none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import filterfalse
from typing import Any
from urllib.parse import unquote_plus

from pydantic import ValidationError

from schemas.events import OpenUnit
from schemas.language import words
from tean.domain.errors import NotFound

HOLD_SECONDS = 300
"""How long a letter that is being looked at is hidden from others."""
_WAIT_SECONDS = 1
_BATCH = 10
SHORT = 8
"""How much of an id names a letter, and a file."""


@dataclass(frozen=True)
class Letter:
    """One message that was given up. ``received`` counts every delivery: the tries, and each time it was looked at."""

    id: str
    body: str
    sent: datetime
    received: int
    receipt: str

    @property
    def short_id(self) -> str:
        """Enough of its id to name it by."""
        return self.id[:SHORT]

    @property
    def about(self) -> str | None:
        """Which unit's duty of which day, or which file; None when it cannot be read. A key's person is left out."""
        return _about_a_day(self.body) or _about_files(self.body)


@dataclass(frozen=True)
class Settled:
    """What became of the letters of one queue: ``done`` are gone here, or would be; ``kept`` are still here."""

    done: list[Letter]
    kept: list[Letter]


class DeadLetters:
    """The dead letters of one queue, and the way back into it."""

    def __init__(self, sqs: Any, name: str, queue: str) -> None:
        self._sqs = sqs
        self._queue = queue
        self.name = name

    def look(self, most: int) -> list[Letter]:
        """The letters, oldest first; at most ``most``."""
        with self._held(most) as held:
            return _sorted(held.values())

    def held_elsewhere(self) -> int:
        """How many somebody else is looking at now; SQS counts about right."""
        name = "ApproximateNumberOfMessagesNotVisible"
        found = self._sqs.get_queue_attributes(QueueUrl=self._dead_url, AttributeNames=[name])
        return int(found["Attributes"][name])

    def preview(self, chosen: Callable[[Letter], bool], most: int) -> Settled:
        """What a replay would send."""
        letters = self.look(most)
        return Settled(list(filter(chosen, letters)), list(filterfalse(chosen, letters)))

    def replay(self, chosen: Callable[[Letter], bool], most: int) -> Settled:
        """Send the chosen ones into their queue again, oldest first."""
        return self._settle(chosen, most, self._send)

    def drop(self, chosen: Callable[[Letter], bool], most: int) -> Settled:
        """Delete the chosen ones without sending them."""
        return self._settle(chosen, most, lambda letter: None)

    def _settle(self, chosen: Callable[[Letter], bool], most: int, first: Callable[[Letter], None]) -> Settled:
        done = []
        with self._held(most) as held:
            for letter in filter(chosen, _sorted(held.values())):
                first(letter)
                # Only now: who dies in between leaves it in both places, and every worker bears to be told twice.
                self._sqs.delete_message(QueueUrl=self._dead_url, ReceiptHandle=letter.receipt)
                done.append(held.pop(letter.id))
            return Settled(done, _sorted(held.values()))

    def _send(self, letter: Letter) -> None:
        self._sqs.send_message(QueueUrl=self._live_url, MessageBody=letter.body)

    @contextmanager
    def _held(self, most: int) -> Iterator[dict[str, Letter]]:
        """What is left in it at the end is given back."""
        held: dict[str, Letter] = {}
        try:
            self._take(held, most)
            yield held
        finally:
            self._give_back(list(held.values()))

    def _take(self, held: dict[str, Letter], most: int) -> None:
        while len(held) < most:
            received = map(_letter, self._receive(min(_BATCH, most - len(held))))
            new = {letter.id: letter for letter in received if letter.id not in held}
            if not new:
                return
            held.update(new)

    def _receive(self, most: int) -> list[Any]:
        received = self._sqs.receive_message(
            QueueUrl=self._dead_url,
            MaxNumberOfMessages=most,
            # Asked without waiting, SQS looks only into some of its servers.
            WaitTimeSeconds=_WAIT_SECONDS,
            VisibilityTimeout=HOLD_SECONDS,
            AttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
        )
        return list(received.get("Messages", []))

    def _give_back(self, letters: list[Letter]) -> None:
        for start in range(0, len(letters), _BATCH):
            entries = [
                {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                for number, letter in enumerate(letters[start : start + _BATCH])
            ]
            self._sqs.change_message_visibility_batch(QueueUrl=self._dead_url, Entries=entries)

    @cached_property
    def _live_url(self) -> str:
        return self._url(self._queue)

    @cached_property
    def _dead_url(self) -> str:
        return self._url(f"{self._queue}-dead")

    def _url(self, name: str) -> str:
        try:
            return str(self._sqs.get_queue_url(QueueName=name)["QueueUrl"])
        except self._sqs.exceptions.QueueDoesNotExist:
            raise NotFound(
                "operate.no_queue", f"没有队列 {name}。请检查阶段、区域和登录的账号；一条消息都没有动。"
            ) from None


def _letter(message: Any) -> Letter:
    told = message["Attributes"]
    return Letter(
        message["MessageId"],
        message["Body"],
        datetime.fromtimestamp(int(told["SentTimestamp"]) / 1000, UTC),
        int(told["ApproximateReceiveCount"]),
        message["ReceiptHandle"],
    )


def _sorted(letters: Iterable[Letter]) -> list[Letter]:
    return sorted(letters, key=lambda letter: (letter.sent, letter.id))


def _about_a_day(body: str) -> str | None:
    try:
        asked = OpenUnit.model_validate_json(body)
    except ValidationError:
        return None
    return f"{asked.unit} {asked.due.isoformat()} 的{words(asked.duty)}"


def _about_files(body: str) -> str | None:
    try:
        keys = [unquote_plus(record["s3"]["object"]["key"]).split("/") for record in json.loads(body)["Records"]]
        return "；".join(f"{unit} 的文件 …{file[-SHORT:]}" for unit, _, file in keys) or None
    except (ValueError, AttributeError, KeyError, TypeError):
        return None
