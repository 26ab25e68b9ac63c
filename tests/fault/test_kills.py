"""Processes of the stack are killed at any moment while people work: nothing acknowledged is lost or doubled.

Storage is not among them: it keeps its state at a clean stop and every few seconds, and whoever needs more has AWS.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from infra.manifest import load
from infra.phone import Phone, Refused, clean_answers, inspection, until
from infra.stack.parts import members
from infra.stack.provision import STAGE
from infra.stack.stack import MOST_DEATHS, Deaths
from tests.campaign import LARGE, size, tell
from tests.fakes import crowd
from tests.fakes.audit import Held, Made
from tests.stack import RunningStack, running, storage_of

pytestmark = [pytest.mark.e2e, pytest.mark.campaign]
UNIT = 7001
PATIENCE = 60.0
VICTIMS, CHANCES = ("worker", "master", "gateway", "pump"), (9, 1, 1, 1)
"""Each at least once, a master without its workers too; then mostly workers, for whole parts come back only so often a
minute."""
WHAT_RUNS = ["sources", "package"] if LARGE else ["sources"]


class Stubborn(PoolManager):
    """What got no answer, or none but 5xx and 429, is sent again to the letter, as the client does."""

    def request(self, method: str, url: str, *sent: Any, **more: Any) -> BaseHTTPResponse:
        answer: BaseHTTPResponse = until(lambda: self._answer(method, url, *sent, **more), bool, PATIENCE)
        return answer

    def _answer(self, *sent: Any, **more: Any) -> BaseHTTPResponse | None:
        try:
            answer = super().request(*sent, **more)
        except HTTPError:
            return None
        return None if answer.status >= 500 or answer.status == 429 else answer


@dataclass
class Acknowledged:
    """Something the unit took, and what it said."""

    phone: Phone
    path: str
    body: dict[str, Any]
    answer: dict[str, Any]

    def said_again(self) -> Any:
        """What it says when it is sent once more."""
        return self.phone.post(self.path, self.body)


@dataclass
class Worker:
    """Somebody at work, and what he was acknowledged."""

    phone: Phone
    code: str
    done: list[Acknowledged] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, origin: str, code: str, number: str) -> Worker:
        phone = Phone(origin, number, http=Stubborn(timeout=Timeout(10), retries=False))
        until(lambda: _logs_in(phone), bool, PATIENCE)
        return cls(phone, code)

    def send(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.phone.post(path, body)
        self.done.append(Acknowledged(self.phone, path, body, answer))
        return answer

    def file(self, taken: str) -> str:
        self.files.append(taken)
        return taken

    def inspect(self, target: str, due: str, *, faulty: bool) -> None:
        task = self.phone.get(f"/v1/tasks/daily/{due}/{target}")
        answers = clean_answers(task)
        if faulty:
            photos = [self.file(self.phone.photo())]
            answers[0] |= {"result": "fail", "handling": "pending", "photos": photos}
        signed = self.file(self.phone.sign())
        self.send("/v1/inspections", inspection(task, signed, answers))

    def rectify(self, hazard: dict[str, Any]) -> None:
        body = {"seen": _seen(hazard), "result": "已整改", "photos": [self.file(self.phone.photo())]}
        self.send(f"/v1/hazards/{hazard['hazard']}/rectification", body)

    def order(self, hazard: dict[str, Any], deadline: str) -> None:
        body = {"seen": _seen(hazard), "measures": "当天整改", "deadline": deadline}
        self.send(f"/v1/hazards/{hazard['hazard']}/order", body)

    def answers(self, ending: str) -> list[dict[str, Any]]:
        """What was answered where the path ends so."""
        return [each.answer for each in self.done if each.path.endswith(ending)]


def _logs_in(phone: Phone) -> bool:
    try:
        phone.login()
    except Refused as refusal:
        # The answer that used the code up got lost: WeChat gives a new one.
        if refusal.code != "login.code_refused":
            raise
        return False
    return True


def _seen(hazard: dict[str, Any]) -> dict[str, Any]:
    return {"version": hazard["version"], "grade": hazard["grade"]}


def officers_day(officer: Worker) -> None:
    """Every second lift has a fault, which he mends as soon as he is told to."""
    day = officer.phone.get("/v1/todos")["today"]
    for number, todo in enumerate(lifts_of(officer, day)):
        officer.inspect(todo["target"], day, faulty=number % 2 == 0)
    faults = sum(receipt["fails"] for receipt in officer.answers("/inspections"))
    while len(officer.answers("/rectification")) < faults:
        for hazard in until(lambda: list(officer.phone.pages("/v1/hazards", state="ordered")), bool, PATIENCE):
            officer.rectify(hazard)


def lifts_of(officer: Worker, day: str) -> list[dict[str, Any]]:
    return [row for row in officer.phone.pages("/v1/todos") if (row["duty"], row["due"]) == ("daily", day)]


def directors_day(director: Worker, faults: int) -> None:
    """He orders until every fault is ordered."""
    deadline = (date.fromisoformat(director.phone.get("/v1/session")["today"]) + timedelta(days=3)).isoformat()
    while len(director.done) < faults:
        for hazard in until(lambda: list(director.phone.pages("/v1/hazards", state="reported")), bool, PATIENCE):
            director.order(hazard, deadline)


@dataclass
class Killer:
    """Kills one process after the other, at moments and of parts that a seed decides."""

    stack: RunningStack
    random: Random
    killed: Counter[str] = field(default_factory=Counter)
    deaths: Deaths = field(default_factory=lambda: Deaths(MOST_DEATHS - 1))

    def run(self, most: int, enough: threading.Event) -> None:
        """Each of them once; then until there is nobody left to disturb, or it was enough."""
        for victim in self.random.sample(VICTIMS, len(VICTIMS)):
            enough.wait(self._pause())
            until(partial(self._kill, self._allowed(victim)), bool, PATIENCE)
        for _ in range(most - len(VICTIMS)):
            if enough.wait(self._pause()):
                return
            self._kill(self._allowed(self.random.choices(VICTIMS, CHANCES)[0]))

    def _pause(self) -> float:
        return self.random.uniform(0.1, 1.0)

    def _allowed(self, victim: str) -> str:
        return victim if victim == "worker" or self.deaths.allow(part_of(victim)) else "worker"

    def _kill(self, victim: str) -> str | None:
        """Who was killed: None when nobody was there."""
        group = self.stack.groups()[part_of(victim)]
        # With packaged functions their processes are among the workers.
        there = {pid for pid, _ in members(group)}
        workers, leads = sorted(there - {group}), group in there
        with suppress(ProcessLookupError):
            if victim == "worker" and workers:
                os.kill(self.random.choice(workers), signal.SIGKILL)
            elif victim == "master" and leads:
                os.kill(group, signal.SIGKILL)
            elif victim in ("gateway", "pump") and leads:
                os.killpg(group, signal.SIGKILL)
            else:
                return None
            self.killed[victim] += 1
            return victim
        return None


def part_of(victim: str) -> str:
    """What dies with him."""
    return "pump" if victim == "pump" else "gateway"


def come_back_soon(stack: RunningStack) -> None:
    """What a killed pump had taken comes again in seconds instead of minutes."""
    sqs = storage_of(stack).sqs
    for name in load().queues:
        url = sqs.get_queue_url(QueueName=f"tean-{STAGE}-{name}")["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "3"})


def work(officers: Sequence[Worker], director: Worker, lifts: int) -> None:
    """All of them at once, to the end of their day."""
    faults = sum((len(lifts_of(each, each.phone.get("/v1/todos")["today"])) + 1) // 2 for each in officers)
    assert faults >= lifts // 2
    with ThreadPoolExecutor(len(officers) + 1) as hands:
        days = [hands.submit(officers_day, officer) for officer in officers]
        days.append(hands.submit(directors_day, director, faults))
        for day in days:
            day.result()


@pytest.mark.parametrize("what_runs", WHAT_RUNS)
def test_whatever_is_killed_between_and_during_requests_nothing_acknowledged_is_lost_or_doubled(
    what_runs: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    package = request.getfixturevalue("packages") / "dev" if what_runs == "package" else None
    many, lifts = size(2, 6), size(6, 120)
    with running(tmp_path / "state", package) as stack:
        come_back_soon(stack)
        raw = crowd.roster(UNIT, many, lifts)
        crowd.register(stack, tmp_path, [raw])
        killer, enough = Killer(stack, Random(f"kills {what_runs}")), threading.Event()
        with ThreadPoolExecutor(1) as hand:
            killing = hand.submit(killer.run, size(6, 400), enough)
            try:
                director, *officers = people = [
                    Worker.at(stack.origin, each["code"], each["phone"])
                    for each in raw["people"]
                    if each["code"] != crowd.PRINCIPAL
                ]
                work(officers, director, lifts)
            finally:
                enough.set()
            killing.result()
        assert killer.killed.keys() == set(VICTIMS)
        everything_is_there(stack, raw["unit"]["code"], officers, director, lifts)
    acknowledged = sum(len(each.done) + len(each.files) for each in people)
    tell("Kills", "processes killed", killer.killed.total())
    tell("Kills", "requests acknowledged, none of them lost, doubled or changed", acknowledged)


def everything_is_there(
    stack: RunningStack, unit: str, officers: Sequence[Worker], director: Worker, lifts: int
) -> None:
    """Once, and as it was acknowledged."""
    for each in officers:
        assert [one.said_again() for one in each.done] == [one.answer for one in each.done]
    made: Made = Counter(
        (unit, each.code, receipt["target"]) for each in officers for receipt in each.answers("/inspections")
    )
    assert made.total() == lifts
    held = Held.of(storage_of(stack), [unit])
    held.check(made)
    rectified = {answer["hazard"]: answer["version"] for each in officers for answer in each.answers("/rectification")}
    reported = {
        hazard for each in officers for receipt in each.answers("/inspections") for hazard in receipt["hazards"]
    }
    # An order is no longer the hazard's last step, so it is counted instead of sent once more.
    assert (
        Counter(answer["hazard"] for answer in director.answers("/order"))
        == Counter(set(rectified))
        == Counter(reported)
    )
    assert held.hazards_stand_at() == rectified
    evidence_is_there(stack, [(each, file) for each in officers for file in each.files])


def evidence_is_there(stack: RunningStack, files: Sequence[tuple[Worker, str]]) -> None:
    """Each file is verified and kept under one name, with its thumbnail."""
    pages = storage_of(stack).s3.get_paginator("list_objects_v2").paginate(Bucket=f"tean-{STAGE}-evidence")
    names = [item["Key"].rpartition("/")[2].removesuffix(".thumb") for page in pages for item in page["Contents"]]
    kept = Counter(name.rpartition(".")[0] for name in names)
    for owner, file in files:
        assert owner.phone.get(f"/v1/uploads/{file}")["verdict"] == "verified"
        assert kept[file] == 2
