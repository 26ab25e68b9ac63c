"""What the manifest says is there, and nothing changes the second time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pytest
from moto import mock_aws

from infra.manifest import Index, Manifest, load
from infra.stack.provision import Storage, provision
from tean.domain.errors import Problem

WRITES = ("Create", "Put", "Set", "Update", "Delete")


@dataclass
class Made:
    """A storage of moto, and the names of the calls made to it."""

    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # At the default endpoints, because moto answers there (see the fixture).
        self.storage = Storage("", "key-id", "key")
        for client in (self.storage.dynamodb, self.storage.s3, self.storage.sqs):
            client.meta.events.register("before-call.*", self._note)

    def _note(self, model: Any, **_: Any) -> None:
        self.calls.append(model.name)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    real = boto3.session.Session.client
    monkeypatch.setattr(
        boto3.session.Session,
        "client",
        lambda self, service, endpoint_url, config: real(self, service, config=config),
    )
    with mock_aws():
        yield Made()


def test_counters_of_turns_end_by_themselves(made: Made) -> None:
    manifest = load()
    provision(manifest, made.storage)
    for name, table in manifest.tables.items():
        found = made.storage.dynamodb.describe_time_to_live(TableName=f"tean-local-{name}")["TimeToLiveDescription"]
        assert found.get("AttributeName") == table.ttl
    assert [name for name, table in manifest.tables.items() if table.ttl] == ["access"]


def test_tables_have_their_keys_and_indexes(made: Made) -> None:
    manifest = load()
    provision(manifest, made.storage)
    names = made.storage.dynamodb.list_tables()["TableNames"]
    assert sorted(names) == sorted(f"tean-local-{name}" for name in manifest.tables)
    hazards = made.storage.dynamodb.describe_table(TableName="tean-local-hazards")["Table"]
    assert [key["AttributeName"] for key in hazards["KeySchema"]] == ["pk", "sk"]
    assert {index["IndexName"] for index in hazards["GlobalSecondaryIndexes"]} == {"queue", "mine", "open"}
    assert hazards["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_a_queue_gives_up_on_a_message_after_the_manifests_tries(made: Made) -> None:
    manifest = load()
    queues = provision(manifest, made.storage)
    assert set(queues) == set(manifest.queues)
    found = made.storage.sqs.get_queue_attributes(QueueUrl=queues["days"], AttributeNames=["All"])["Attributes"]
    redrive = json.loads(found["RedrivePolicy"])
    assert redrive["maxReceiveCount"] == manifest.queues["days"].receives
    assert redrive["deadLetterTargetArn"].endswith(":tean-local-days-dead")
    assert found["VisibilityTimeout"] == str(manifest.queues["days"].visibility)


def test_a_new_file_is_announced_and_evidence_keeps_its_versions(made: Made) -> None:
    queues = provision(load(), made.storage)
    made.storage.s3.put_object(Bucket="tean-local-incoming", Key="U/P/特", Body=b"x")
    bodies = [json.loads(message["Body"]) for _ in range(2) for message in _received(made, queues["arrivals"])]
    keys = [unquote_plus(record["s3"]["object"]["key"]) for body in bodies for record in body.get("Records", [])]
    assert keys == ["U/P/特"]
    assert made.storage.s3.get_bucket_versioning(Bucket="tean-local-evidence")["Status"] == "Enabled"
    rules = made.storage.s3.get_bucket_lifecycle_configuration(Bucket="tean-local-incoming")["Rules"]
    assert [rule["Expiration"]["Days"] for rule in rules] == [7]


def _received(made: Made, url: str) -> list[Any]:
    found = made.storage.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    messages: list[Any] = found.get("Messages", [])
    return messages


def test_the_second_time_nothing_is_made_or_announced_anew(made: Made) -> None:
    first = provision(load(), made.storage)
    made.calls.clear()
    assert provision(load(), made.storage) == first
    harmless = {"SetQueueAttributes", "PutBucketVersioning", "PutBucketLifecycleConfiguration"}
    assert {call for call in made.calls if call.startswith(WRITES)} <= harmless


def test_tables_of_another_version_are_refused_and_left_alone(made: Made) -> None:
    manifest = load()
    provision(manifest, made.storage)
    with pytest.raises(Problem, match=r"stack.state_outdated.*tean-local-tasks"):
        provision(_with_another_index(manifest), made.storage)


def _with_another_index(manifest: Manifest) -> Manifest:
    tasks = manifest.tables["tasks"]
    grown = tasks.model_copy(update={"indexes": {**tasks.indexes, "new": Index(partition="a", sort="b")}})
    return manifest.model_copy(update={"tables": {**manifest.tables, "tasks": grown}})
