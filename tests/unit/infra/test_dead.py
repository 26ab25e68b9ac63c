"""Messages that were given up: what the operator sees of them, and that none is lost on its way back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner, Result

from infra.operate import letters
from infra.operate.__main__ import app
from infra.operate.connection import MARK
from infra.operate.letters import DeadLetters
from schemas.events import OpenUnit
from schemas.language import Duty
from tests.fakes.builders import UNIT
from tests.fakes.uploading import notification

REGION = "ap-southeast-1"
PREFIX = "tean-dev"
DAY = OpenUnit(unit=UNIT, duty=Duty.DAILY, due=date(2026, 11, 23)).model_dump_json()
PERSON, FILE = "A0123456", "0123456789abcdef0123456789abcdef"
ARRIVAL = json.dumps(notification(f"{UNIT}/{PERSON}/{FILE}"))
TEST_EVENT = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})


class Queues:
    """A stage's four queues on moto, empty."""

    def __init__(self, sqs: Any) -> None:
        self.sqs = sqs
        for url in sqs.list_queues().get("QueueUrls", []):
            sqs.delete_queue(QueueUrl=url)
        names = ("days", "days-dead", "arrivals", "arrivals-dead")
        self.urls = {name: sqs.create_queue(QueueName=f"{PREFIX}-{name}")["QueueUrl"] for name in names}

    def send(self, name: str, *bodies: str) -> list[str]:
        """The messages' ids."""
        return [self.sqs.send_message(QueueUrl=self.urls[name], MessageBody=body)["MessageId"] for body in bodies]

    def bodies(self, name: str) -> list[str]:
        """What can be taken from a queue now."""
        found: list[str] = []
        asked = {"QueueUrl": self.urls[name], "MaxNumberOfMessages": 10, "VisibilityTimeout": 60}
        while messages := self.sqs.receive_message(**asked).get("Messages"):
            found += [message["Body"] for message in messages]
        return sorted(found)

    def dead(self, name: str = "days") -> DeadLetters:
        return DeadLetters(self.sqs, name, f"{PREFIX}-{name}")


@pytest.fixture(scope="module")
def sqs() -> Iterator[Any]:
    """One for all: a client takes longer to be made than any of these tests."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        yield boto3.client("sqs", REGION)


@pytest.fixture
def queues(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> Queues:
    monkeypatch.setattr(letters, "_WAIT_SECONDS", 0)
    for name, value in {"AWS_REGION": REGION, MARK: PREFIX}.items():
        monkeypatch.setenv(name, value)
    # What the guide of operating sets is enough; boto3 alone would ask for the other.
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    return Queues(sqs)


def dead(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["dead", *arguments])


# What is shown.


def test_each_queue_is_told_and_each_letter_with_what_it_is_about(queues: Queues) -> None:
    day, broken = queues.send("days-dead", DAY, "{")
    (file,) = queues.send("arrivals-dead", ARRIVAL)
    shown = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "…", dead("show").stdout).splitlines()
    assert shown[0] == "days：2 条，最早的发出于 …"
    assert set(shown[1:3]) == {
        f"  {day[:8]}  … 发出  送达过 1 次  {UNIT} 2026-11-23 的日管控",
        f"  {broken[:8]}  … 发出  送达过 1 次  读不懂（1 字节）",
    }
    assert shown[3:] == [
        "arrivals：1 条，最早的发出于 …",
        f"  {file[:8]}  … 发出  送达过 1 次  {UNIT} 的文件 …89abcdef",
    ]


@pytest.mark.parametrize("body", [ARRIVAL, "{", ARRIVAL[:-9], json.dumps(notification(f"{PERSON}/{FILE}"))])
def test_nobody_is_named_whatever_a_message_holds(queues: Queues, body: str) -> None:
    queues.send("arrivals-dead", body)
    for command in ("show", "replay"):
        assert not {PERSON, FILE} & set(re.split(r"[^\w]", dead(command).stdout)), command


def test_a_queue_without_letters_says_so(queues: Queues) -> None:
    assert dead("show").stdout.splitlines() == ["days：0 条", "arrivals：0 条"]
    assert dead("replay").stdout.splitlines() == ["days：送回 0 条，留下 0 条", "arrivals：送回 0 条，留下 0 条"]


def test_what_was_shown_can_be_taken_at_once_by_anybody(queues: Queues) -> None:
    queues.send("days-dead", *(DAY for _ in range(23)))
    assert dead("show").stdout.startswith("days：23 条")
    assert len(queues.bodies("days-dead")) == 23


def test_no_more_are_taken_than_asked_for_and_none_is_left_hidden(queues: Queues) -> None:
    queues.send("days-dead", *(DAY for _ in range(14)))
    assert dead("show", "--queue", "days", "--most", "12").stdout.startswith("days：12 条（只取了这么多，可能还有）")
    assert len(queues.bodies("days-dead")) == 14


def test_what_somebody_else_holds_is_counted_and_left_to_him(queues: Queues) -> None:
    queues.send("days-dead", DAY, DAY)
    held = queues.sqs.receive_message(QueueUrl=queues.urls["days-dead"], VisibilityTimeout=60)["Messages"]
    assert dead("replay", "--queue", "days").stdout.splitlines()[0] == "days：送回 1 条，留下 0 条"
    assert "  另有约 1 条正被别人查看，最多 5 分钟后再看" in dead("show").stdout.splitlines()
    queues.sqs.delete_message(QueueUrl=queues.urls["days-dead"], ReceiptHandle=held[0]["ReceiptHandle"])
    assert queues.bodies("days") == [DAY]


# What is sent again.


def test_all_are_sent_again_however_many_and_are_gone_from_the_dead(queues: Queues) -> None:
    days = [OpenUnit(unit=UNIT, duty=Duty.DAILY, due=date(2026, 11, day)).model_dump_json() for day in range(1, 26)]
    queues.send("days-dead", *days)
    queues.send("arrivals-dead", ARRIVAL)
    result = dead("replay")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "days：送回 25 条，留下 0 条")
    assert (queues.bodies("days"), queues.bodies("arrivals")) == (sorted(days), [ARRIVAL])
    assert queues.bodies("days-dead") == queues.bodies("arrivals-dead") == []


def test_one_queue_is_replayed_alone(queues: Queues) -> None:
    queues.send("days-dead", DAY)
    queues.send("arrivals-dead", ARRIVAL)
    dead("replay", "--queue", "arrivals")
    assert (queues.bodies("days"), queues.bodies("arrivals")) == ([], [ARRIVAL])
    assert queues.bodies("days-dead") == [DAY]


def test_a_dry_run_tells_what_would_go_and_moves_nothing(queues: Queues) -> None:
    day, _ = queues.send("days-dead", DAY, "{")
    assert dead("replay", "--dry-run", "--queue", "days").stdout.splitlines() == [
        "days：会送回 1 条，留下 1 条",
        f"  {day[:8]}  {UNIT} 2026-11-23 的日管控",
        "  留下的有 1 条读不懂，写明编号才会动",
    ]
    assert (queues.bodies("days"), queues.bodies("days-dead")) == ([], sorted([DAY, "{"]))


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"unit": "x"}', TEST_EVENT, '{"Records": []}'])
def test_what_cannot_be_read_stays_until_it_is_named(queues: Queues, body: str) -> None:
    body = body or " "
    (unread,) = queues.send("days-dead", body)
    assert "留下的有 1 条读不懂" in dead("replay").stdout
    assert queues.bodies("days") == []
    assert dead("replay", unread[:8]).exit_code == 0
    assert queues.bodies("days") == [body]


def test_only_the_chosen_are_sent(queues: Queues) -> None:
    first, _, third = queues.send("days-dead", DAY, "second", "third")
    assert dead("replay", first[:8], third).exit_code == 0
    assert (queues.bodies("days"), queues.bodies("days-dead")) == (sorted([DAY, "third"]), ["second"])


def test_who_is_not_there_is_told_and_the_others_are_sent(queues: Queues) -> None:
    (there,) = queues.send("days-dead", DAY)
    result = dead("replay", there[:8], "0ab0ab0a")
    assert (result.exit_code, queues.bodies("days")) == (1, [DAY])
    assert "没有找到 0ab0ab0a" in result.stdout


@pytest.mark.parametrize("command", ["replay", "drop"])
def test_an_id_too_short_to_mean_one_letter_is_refused(queues: Queues, command: str) -> None:
    (there,) = queues.send("days-dead", DAY)
    result = dead(command, there[:7])
    assert (result.exit_code, "太短" in result.stdout) == (1, True)
    assert (queues.bodies("days"), queues.bodies("days-dead")) == ([], [DAY])


def test_what_nobody_wants_any_more_is_dropped_by_name_alone(queues: Queues) -> None:
    gone, _ = queues.send("days-dead", DAY, "kept")
    assert dead("drop").exit_code == 2, "never all"
    assert dead("drop", gone[:8]).stdout.splitlines()[0] == "days：删去 1 条，留下 1 条"
    assert (queues.bodies("days"), queues.bodies("days-dead")) == ([], ["kept"])


# What goes wrong.


class Dies(Exception):
    """The operator's process ends here."""


@pytest.mark.parametrize("call", ["SendMessage", "DeleteMessage"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_who_dies_on_the_way_loses_nothing_and_the_next_run_ends_it(queues: Queues, call: str, at: int) -> None:
    bodies = [f'{{"unit":"{UNIT}","duty":"daily","due":"2026-11-0{day}"}}' for day in (1, 2, 3)]
    queues.send("days-dead", *bodies)
    seen = 0

    def die(**_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            raise Dies

    queues.sqs.meta.events.register(f"before-call.sqs.{call}", die)
    with pytest.raises(Dies):
        queues.dead().replay(lambda letter: True, 100)
    queues.sqs.meta.events.unregister(f"before-call.sqs.{call}", die)
    live = queues.bodies("days")
    left = [letter.body for letter in queues.dead().look(100)]
    assert set(live) | set(left) == set(bodies)
    assert len(left) == 3 - (at - 1), "all that was not through is there, and not hidden"
    done = queues.dead().replay(lambda letter: True, 100).done
    assert [letter.body for letter in done] == left
    assert (set(queues.bodies("days")), queues.dead().look(100)) == (set(left), [])


def test_a_missing_queue_is_told_by_its_name(queues: Queues) -> None:
    queues.sqs.delete_queue(QueueUrl=queues.urls["days-dead"])
    result = dead("show")
    assert (result.exit_code, "没有队列 tean-dev-days-dead。请检查阶段、区域和登录的账号" in result.stdout) == (1, True)


def test_without_the_queue_to_send_to_the_letters_stay(queues: Queues) -> None:
    queues.send("days-dead", DAY)
    queues.sqs.delete_queue(QueueUrl=queues.urls["days"])
    result = dead("replay")
    assert (result.exit_code, "没有队列 tean-dev-days。" in result.stdout) == (1, True)
    assert queues.bodies("days-dead") == [DAY]


def test_a_queue_that_the_manifest_has_not_is_refused(queues: Queues) -> None:
    assert "没有队列 nights，只有：days、arrivals。" in dead("show", "--queue", "nights").stdout


def test_who_may_not_is_told_why(queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: DeadLetters, most: int) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "secret"}}, "ReceiveMessage")

    monkeypatch.setattr(DeadLetters, "look", denied)
    result = dead("show")
    assert (result.exit_code, "（AccessDenied）" in result.stdout, "secret" in result.stdout) == (1, True, False)


# What it reaches.


@pytest.mark.parametrize(("stage", "region"), [("dev", "ap-southeast-1"), ("prod", "cn-northwest-1")])
def test_a_stage_is_reached_by_its_name_in_its_region(
    queues: Queues, monkeypatch: pytest.MonkeyPatch, stage: str, region: str
) -> None:
    monkeypatch.delenv(MARK)
    sqs = boto3.client("sqs", region)
    urls = [sqs.create_queue(QueueName=f"tean-{stage}-{name}")["QueueUrl"] for name in ("days", "days-dead")]
    sqs.send_message(QueueUrl=urls[1], MessageBody=DAY)
    assert dead("replay", "--stage", stage, "--queue", "days").stdout.startswith("days：送回 1 条")
    assert sqs.receive_message(QueueUrl=urls[0])["Messages"][0]["Body"] == DAY
    assert sqs.meta.endpoint_url.endswith("amazonaws.com.cn") == (stage == "prod")


def test_an_unknown_stage_and_one_that_the_environment_contradicts_are_refused(queues: Queues) -> None:
    assert "没有部署阶段 test" in dead("show", "--stage", "test").stdout
    assert f"要的是 tean-prod，环境变量 {MARK} 却是 tean-dev" in dead("show", "--stage", "prod").stdout


def test_without_a_region_or_a_stack_it_says_what_is_wanting(queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    assert "环境变量里没有 AWS_REGION" in dead("show").stdout
    monkeypatch.delenv(MARK)
    assert "请先在另一个终端运行 make run" in dead("show", "--state", "/nonexistent").stdout
