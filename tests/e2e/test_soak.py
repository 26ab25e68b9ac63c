"""Fifty submissions a second for five minutes: nothing is lost or doubled, and nothing grows.

``make test`` sends a hundred, and says nothing of speed or memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest

from infra.manifest import load
from infra.phone import Phone, clean_answers, inspection, until
from infra.stack.parts import ROOT, members
from infra.stack.provision import STAGE
from tests.campaign import LARGE, size, tell
from tests.e2e.load import Answered, Plan
from tests.fakes import crowd
from tests.fakes.audit import Held, Made
from tests.stack import RunningStack, storage_of

pytestmark = [pytest.mark.e2e, pytest.mark.campaign, pytest.mark.alone]
FIRST_UNIT = 8001
UNITS, OFFICERS, LIFTS = size(1, 15), size(4, 10), size(100, 1000)
RATE = 50.0
PARTS = {"gateway": "the gateway with its functions", "storage": "storage", "pump": "queues and schedules"}
PREPARED_SECONDS = 300.0
FLAT_SHARE, FLAT_BYTES = 0.10, 20_000_000
"""Memory is flat when, from the end of the first minute on, a process grew by no more than either."""


@dataclass(frozen=True)
class Officer:
    """Somebody who has signed, and the lifts he has to check today."""

    phone: Phone
    unit: str
    code: str
    signature: str
    todos: list[dict[str, Any]]

    @classmethod
    def at(cls, origin: str, unit: str, person: dict[str, Any], lifts: int) -> Officer:
        phone = Phone(origin, person["phone"])
        phone.login()
        todos = until(lambda: _lifts(phone), lambda rows: len(rows) == lifts, PREPARED_SECONDS)
        return cls(phone, unit, person["code"], phone.sign(), todos)

    def bodies(self) -> list[dict[str, Any]]:
        """All lifts are asked the same."""
        first = self.todos[0]
        task = self.phone.get(f"/v1/tasks/daily/{first['due']}/{first['target']}")
        whole = inspection(task, self.signature, clean_answers(task))
        return [whole | {"target": todo["target"]} for todo in self.todos]


def _lifts(phone: Phone) -> list[dict[str, Any]]:
    return [row for row in phone.pages("/v1/todos") if row["duty"] == "daily"]


@dataclass
class Memory:
    """Bytes that processes hold, looked at once a second."""

    stack: RunningStack
    seen: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    @contextmanager
    def watched(self) -> Iterator[Memory]:
        over = threading.Event()
        watching = threading.Thread(target=self._watch, args=(over,))
        watching.start()
        try:
            yield self
        finally:
            over.set()
            watching.join()

    def _watch(self, over: threading.Event) -> None:
        while True:
            for part in ("gateway", "pump"):
                for pid, _ in members(self.stack.groups()[part]):
                    self.seen.setdefault((part, pid), []).append(_resident(pid))
            if over.wait(1.0):
                return

    def grown(self) -> dict[str, int]:
        """What grew by more than is flat, and by how much. Who was not there all the time was started anew."""
        longest = max(map(len, self.seen.values()))
        assert {len(looks) for looks in self.seen.values()} == {longest}, "nobody died and was started anew"
        begin = min(60, longest // 2)
        growth = {f"{part} {pid}": (looks[begin], looks[-1]) for (part, pid), looks in self.seen.items()}
        return {
            name: after - before
            for name, (before, after) in growth.items()
            if after - before > max(FLAT_SHARE * before, FLAT_BYTES)
        }

    def largest_growth(self) -> int:
        """Bytes."""
        return max(looks[-1] - looks[min(60, len(looks) // 2)] for looks in self.seen.values())


def _resident(pid: int) -> int:
    told = Path(f"/proc/{pid}/statm")
    return int(told.read_text().split()[1]) * 4096


def processor_seconds(stack: RunningStack, part: str) -> float:
    """What the processes of a part have used of a core so far."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2] for pid, _ in members(stack.groups()[part])]
    return sum(sum(map(int, stat.split()[11:13])) for stat in stats) / os.sysconf("SC_CLK_TCK")


def play(plan: Plan, folder: Path) -> list[Answered]:
    """In a process of its own."""
    file = folder / "plan.json"
    file.write_text(json.dumps(asdict(plan), ensure_ascii=False), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "tests.e2e.load", str(file)], cwd=ROOT, check=True)
    return [Answered(**each) for each in json.loads(file.with_suffix(".answers").read_text(encoding="utf-8"))]


def interleaved(officers: Sequence[Officer]) -> list[tuple[Officer, dict[str, Any]]]:
    """One of each in turn, as many people at once would."""
    turns = [[(officer, body) for body in officer.bodies()] for officer in officers]
    return [sent for turn in zip(*turns, strict=True) for sent in turn]


def test_a_crowd_that_never_waits_is_answered_and_storage_holds_each_answer_once(
    stack: RunningStack, tmp_path: Path
) -> None:
    rosters = [crowd.roster(FIRST_UNIT + number, OFFICERS, LIFTS) for number in range(UNITS)]
    crowd.register(stack, tmp_path, rosters)
    officers = [
        Officer.at(stack.origin, raw["unit"]["code"], person, LIFTS // OFFICERS)
        for raw in rosters
        for person in raw["people"]
        if person["code"].startswith("A")
    ]
    sent = interleaved(officers)
    logs = {log: log.stat().st_size for log in stack.logs.iterdir()}
    plan = Plan(stack.origin.rpartition("/")[2], RATE, [(str(who.phone.token), body) for who, body in sent])
    used = {part: -processor_seconds(stack, part) for part in PARTS}
    with Memory(stack).watched() as memory:
        answered = play(plan, tmp_path)
    used = {part: before + processor_seconds(stack, part) for part, before in used.items()}
    assert Counter(each.status for each in answered) == {201: len(sent)}
    assert [each.answer["target"] for each in answered] == [body["target"] for _, body in sent]
    made: Made = Counter((who.unit, who.code, body["target"]) for who, body in sent)
    Held.of(storage_of(stack), [raw["unit"]["code"] for raw in rosters]).check(made)
    assert dead_letters(stack) == 0
    for log, before in logs.items():
        assert '"ERROR"' not in log.read_bytes()[before:].decode(errors="replace"), log
    if LARGE:
        # In two seconds, and beside others, it says nothing of whether memory is flat.
        assert memory.grown() == {}
    told(answered, memory, used)


def dead_letters(stack: RunningStack) -> int:
    """In all queues."""
    sqs, name = storage_of(stack).sqs, "ApproximateNumberOfMessages"
    urls = [sqs.get_queue_url(QueueName=f"tean-{STAGE}-{queue}-dead")["QueueUrl"] for queue in load().queues]
    return sum(int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]) for url in urls)


def told(answered: Sequence[Answered], memory: Memory, used: Mapping[str, float]) -> None:
    """The figures of a campaign."""
    seconds = [each.seconds * 1000 for each in answered]
    part = "Soak"
    tell(part, "submissions acknowledged, each there once", len(answered))
    tell(part, "a second, from the first that was due to the last that was answered", round(_rate(answered)))
    tell(part, "answered at the second try or later", sum(each.tries > 1 for each in answered))
    tell(part, "ms from its time to the answer, half of them (p50)", round(median(seconds)))
    tell(part, "ms from its time to the answer, 99 of 100 (p99)", round(quantiles(seconds, n=100)[-1]))
    tell(part, "kB the process that grew most grew by after the first minute", round(memory.largest_growth() / 1000))

    for name, seconds_used in used.items():
        tell(part, f"µs of a core each costs {PARTS[name]}", round(seconds_used / len(answered) * 1_000_000))


def _rate(answered: Sequence[Answered]) -> float:
    # The last is due one interval before the end of what was planned.
    return len(answered) / (max(each.at for each in answered) + 1 / RATE)
