"""``python -m tests.e2e.load PLAN``: sends what a plan says at the times it says, whatever the answers do.

The load is open: a request that is due is sent though those before it still wait, and its time is counted from when it
was due, not from when somebody had a hand free. In a process of its own, so that nothing of the test slows it down.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HANDS = 100
"""Requests under way at once; what is due beyond them waits, and its time runs."""
TRIES = 20
PAUSE = 0.5
"""Seconds before what got no answer, or 5xx, is sent again to the letter."""


@dataclass(frozen=True)
class Plan:
    """Who sends what to where, so many a second."""

    host: str
    rate: float
    requests: list[tuple[str, dict[str, Any]]]
    """Token and body of each submission."""


@dataclass(frozen=True)
class Answered:
    """What came of one: the last status, its answer, how often it was sent; seconds since the start, and since its
    time."""

    status: int
    answer: dict[str, Any]
    tries: int
    at: float
    seconds: float


def play(plan: Plan) -> list[Answered]:
    """Everything, in the plan's order."""
    start = time.monotonic()
    with ThreadPoolExecutor(HANDS) as hands:
        waiting = []
        for number, (token, body) in enumerate(plan.requests):
            due = start + number / plan.rate
            time.sleep(max(0.0, due - time.monotonic()))
            waiting.append(hands.submit(_send, plan.host, token, body, start, due))
        return [each.result() for each in waiting]


def _send(host: str, token: str, body: dict[str, Any], start: float, due: float) -> Answered:
    data = json.dumps(body, ensure_ascii=False).encode()
    for tries in range(1, TRIES + 1):  # noqa: B007 (told at the end)
        status, answer = _try(host, token, data)
        if 0 < status < 500:
            break
        time.sleep(PAUSE)
    now = time.monotonic()
    return Answered(status, answer, tries, now - start, now - due)


def _try(host: str, token: str, data: bytes) -> tuple[int, dict[str, Any]]:
    """Status 0 when there was no answer."""
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/inspections", data, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()


def main() -> None:
    """The answers, as JSON beside the plan."""
    file = Path(sys.argv[1])
    answered = play(Plan(**json.loads(file.read_text(encoding="utf-8"))))
    file.with_suffix(".answers").write_text(json.dumps([asdict(each) for each in answered]), encoding="utf-8")


if __name__ == "__main__":
    main()
