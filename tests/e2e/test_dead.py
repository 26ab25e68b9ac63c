"""A message that was given up comes back by the operator's command, and takes effect once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from infra.phone import Phone, signature, until
from infra.stack.provision import Storage
from tests.e2e.crew import crew_of
from tests.stack import RunningStack, operate, storage_of

pytestmark = pytest.mark.e2e
NEVER_WRITTEN = {"N": "99"}
"""The layout of an item that a newer package would have written."""


def dead(stack: RunningStack, *arguments: str) -> list[str]:
    """What the command says."""
    done = operate(stack, "dead", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def left(storage: Storage, url: str) -> int:
    """Messages that wait or are being handled."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = storage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(number) for number in found.values())


def told(storage: Storage, url: str, body: str) -> None:
    """Put a message into the queue and wait until its function is through with it."""
    storage.sqs.send_message(QueueUrl=url, MessageBody=body)
    until(lambda: left(storage, url), lambda number: number == 0)


@contextmanager
def tried_at_once(storage: Storage) -> Iterator[str]:
    """What failed is tried again without the six minutes in between."""
    url = storage.sqs.get_queue_url(QueueName="tean-local-arrivals")["QueueUrl"]
    before = storage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    storage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    # A poll that is under way still goes by the time it began with; it ends with this message, which nobody minds.
    told(storage, url, '{"Event": "s3:TestEvent"}')
    try:
        yield url
    finally:
        storage.sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


def layout(storage: Storage, row: dict[str, Any], layout: dict[str, str]) -> None:
    key = {name: row[name] for name in ("pk", "sk")}
    storage.dynamodb.update_item(
        TableName="tean-local-uploads", Key=key, UpdateExpression="SET v = :v", ExpressionAttributeValues={":v": layout}
    )


def row_of(storage: Storage, file: str) -> dict[str, Any]:
    rows = storage.dynamodb.scan(TableName="tean-local-uploads")["Items"]
    return {row["sk"]["S"]: dict(row) for row in rows}[file]


def kept(storage: Storage, file: str) -> list[str]:
    """Every version of everything that is kept of a file."""
    versions = storage.s3.list_object_versions(Bucket="tean-local-evidence").get("Versions", [])
    return sorted(version["Key"] for version in versions if f"/{file}." in version["Key"])


def send_file_of_tomorrow(storage: Storage, officer: Phone) -> dict[str, Any]:
    """A file whose row this package cannot read; the row as it was."""
    data = signature()
    policy = officer.post("/v1/uploads", {"kind": "signature", "content_type": "image/png", "size": len(data)})
    row = row_of(storage, policy["file"])
    layout(storage, row, NEVER_WRITTEN)
    officer.send_file(policy, data, "image/png")
    return row


def test_a_poisoned_message_is_shown_and_once_the_cause_is_mended_takes_effect_once(stack: RunningStack) -> None:
    storage, officer = storage_of(stack), crew_of(stack.origin, "use").officer
    with tried_at_once(storage) as url:
        row = send_file_of_tomorrow(storage, officer)
        file = row["sk"]["S"]
        until(lambda: left(storage, f"{url}-dead"), lambda number: number == 1)
    shown = dead(stack, "show", "--queue", "arrivals")
    assert shown[0].startswith("arrivals：1 条，最早的发出于 ")
    letter, about = shown[1].split()[0], shown[1].partition("次  ")[2]
    assert about == f"{officer.session['membership']['unit']} 的文件 …{file[-8:]}"
    assert kept(storage, file) == []

    layout(storage, row, row["v"])
    assert dead(stack, "replay", letter)[0] == "days：送回 0 条，留下 0 条"
    assert officer.verdict(file)["verdict"] == "verified"
    assert dead(stack, "show") == ["days：0 条", "arrivals：0 条"]
    once = kept(storage, file)
    assert len(once) == 2, "itself and its thumbnail"

    body = f'{{"Records": [{{"s3": {{"object": {{"key": "{row["pk"]["S"].replace("#", "/")}/{file}"}}}}}}]}}'
    told(storage, url, body)
    assert kept(storage, file) == once, "told a second time it keeps nothing anew"
