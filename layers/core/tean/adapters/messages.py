"""Messages to workers, over SQS."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from schemas.events import OpenUnit
from tean.adapters.ports.messages import Arrivals, Messages
from tean.domain.errors import Unavailable

if TYPE_CHECKING:
    from schemas.language import Duty

MOST_ENTRIES = 10
"""Messages in one batch (SQS's limit)."""
ROUNDS = 3
"""How often entries that SQS refused on its own account are sent again."""


class _Queue:
    """One queue. A message may arrive twice, as everything SQS delivers may; workers bear that."""

    def __init__(self, queue_url: str, region: str | None = None) -> None:
        self._queue_url = queue_url
        self._region = region

    @cached_property
    def _client(self) -> Any:
        # Made on first use: only the schedule's function sends, and every function wires the same services.
        config = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
        return get_session().create_client("sqs", region_name=self._region, config=config)

    def _send_all(self, bodies: Sequence[str]) -> None:
        """One message each, ten a call; ``queue.unavailable`` when some could not be sent."""
        for start in range(0, len(bodies), MOST_ENTRIES):
            self._send(dict(enumerate(bodies[start : start + MOST_ENTRIES])))

    def _send(self, bodies: Mapping[int, str]) -> None:
        for _ in range(ROUNDS):
            bodies = self._refused(bodies)
            if not bodies:
                return
        raise _unavailable()

    def _refused(self, bodies: Mapping[int, str]) -> Mapping[int, str]:
        entries = [{"Id": str(number), "MessageBody": body} for number, body in bodies.items()]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        except (ClientError, BotoCoreError) as error:
            raise _unavailable() from error
        return {int(entry["Id"]): bodies[int(entry["Id"])] for entry in answer.get("Failed", ())}


class SqsMessages(_Queue, Messages):
    """The queue of days."""

    def open_units(self, units: Sequence[str], duty: Duty, due: date) -> None:
        """One message per unit."""
        self._send_all([OpenUnit(unit=unit, duty=duty, due=due).model_dump_json() for unit in units])


class SqsArrivals(_Queue, Arrivals):
    """The queue that S3 tells of files."""

    def arrived(self, keys: Sequence[str]) -> None:
        """One message per file, in the words of S3 as far as the worker reads them."""
        self._send_all([json.dumps({"Records": [{"s3": {"object": {"key": quote_plus(key)}}}]}) for key in keys])


def _unavailable() -> Unavailable:
    return Unavailable("queue.unavailable", "任务队列暂时没有响应，稍后会自动再试。")
