"""The package under Lambda's runtime client: each function by its own event, with its own role, layers and settings."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.generate.names import physical
from infra.manifest import API, load
from infra.stack.artefact import PYTHON, Artefact
from infra.stack.package import Package
from infra.stack.provision import REGION
from infra.stack.roles import role_variables
from tests.stack import RunningStack

pytestmark = pytest.mark.e2e
Json = dict[str, Any]
MANIFEST = load()
PREFIX = "tean-local"

ON_TABLE = {
    "r": {"BatchGetItem", "GetItem", "Query"},
    "g": {"BatchGetItem", "GetItem"},
    "w": {"ConditionCheckItem", "PutItem", "UpdateItem"},
    "u": {"UpdateItem"},
}
KEY = {"pk": {"S": "nobody"}, "sk": {"S": "nothing"}}
NEVER: Json = {"ConditionExpression": "attribute_exists(pk)"}
"""Nothing has this key, so even what is permitted writes nothing."""


@pytest.fixture(scope="module")
def told(packaged_stack: RunningStack) -> Json:
    found: Json = json.loads((packaged_stack.state / "environment.json").read_text())
    return found | {"no_proxy": "*"}


@pytest.fixture(scope="module")
def package(packaged_stack: RunningStack) -> Package:
    return Package(packaged_stack.state / "package")


@pytest.fixture(scope="module")
def artefact(package: Package, told: Json) -> Iterator[Artefact]:
    """The same functions, in processes of this test's own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, told[name])
        artefact = Artefact(package, MANIFEST, told)
        yield artefact
        artefact.end()


@pytest.fixture(params=list(MANIFEST.functions))
def function(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Role:
    """What a function's role may do to storage."""

    def __init__(self, told: Json, function: str) -> None:
        keys = {name.lower(): told[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        self._endpoint = told["AWS_ENDPOINT_URL_DYNAMODB"]
        sts = boto3.client("sts", endpoint_url=self._endpoint, region_name=REGION, **keys)
        self._keys = {key.lower(): value for key, value in role_variables(sts, MANIFEST, function).items()}

    def client(self, service: str) -> Any:
        """As the function would have it."""
        return boto3.client(service, endpoint_url=self._endpoint, region_name=REGION, **self._keys)


def permitted(call: Any, **arguments: Any) -> bool:
    """Whether it is let do this, whatever comes of it."""
    try:
        call(**arguments)
    except ClientError as error:
        return not error.response["Error"]["Code"].startswith("AccessDenied")
    return True


def calls(dynamodb: Any, table: str) -> dict[str, tuple[Any, Json]]:
    """Every action on a table that a function could think of."""
    one: Json = {"TableName": table}
    checked = [{"ConditionCheck": {**one, "Key": KEY, **NEVER}}]
    query = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "nobody"}}}
    return {
        "BatchGetItem": (dynamodb.batch_get_item, {"RequestItems": {table: {"Keys": [KEY]}}}),
        "GetItem": (dynamodb.get_item, {**one, "Key": KEY}),
        "Query": (dynamodb.query, {**one, **query}),
        "ConditionCheckItem": (dynamodb.transact_write_items, {"TransactItems": checked}),
        "PutItem": (dynamodb.put_item, {**one, "Item": KEY, **NEVER}),
        "UpdateItem": (dynamodb.update_item, {**one, "Key": KEY, **NEVER}),
        "DeleteItem": (dynamodb.delete_item, {**one, "Key": KEY, **NEVER}),
        "Scan": (dynamodb.scan, one),
        "DescribeTable": (dynamodb.describe_table, one),
    }


def test_storage_refuses_a_function_every_action_on_a_table_that_its_policy_does_not_list(
    told: Json, function: str
) -> None:
    dynamodb = Role(told, function).client("dynamodb")
    for table in MANIFEST.tables:
        access = MANIFEST.functions[function].tables.get(table, "")
        may = {name for name, (call, said) in calls(dynamodb, f"{PREFIX}-{table}").items() if permitted(call, **said)}
        assert may == {action for letter in access for action in ON_TABLE[letter]}, table


def test_storage_refuses_a_function_the_buckets_and_queues_it_has_nothing_to_do_with(told: Json, function: str) -> None:
    role, said = Role(told, function), MANIFEST.functions[function]
    s3, sqs = role.client("s3"), role.client("sqs")
    for bucket in MANIFEST.buckets:
        there, access = {"Bucket": physical(PREFIX, bucket), "Key": "nothing"}, said.buckets.get(bucket, "")
        assert permitted(s3.get_object, **there) == ("r" in access), bucket
        assert not permitted(s3.delete_object, **there), bucket
        if "w" not in access:
            assert not permitted(s3.put_object, **there, Body=b""), bucket
    for queue in MANIFEST.queues:
        there = {"QueueUrl": told[f"TEAN_QUEUE_{queue.upper()}"]}
        assert not permitted(sqs.purge_queue, **there), queue
        if queue not in said.queues:
            assert not permitted(sqs.send_message, **there, MessageBody="{}"), queue
        if queue != said.consumes:
            assert not permitted(sqs.receive_message, **there), queue


def test_a_function_is_given_its_own_settings_keys_and_layers_and_nothing_else(artefact: Artefact, told: Json) -> None:
    for name, said in MANIFEST.functions.items():
        given = artefact._environment(artefact._functions[name])
        assert {each for each in MANIFEST.secrets if each in given} == set(said.secrets)
        assert given["AWS_ACCESS_KEY_ID"] != told["AWS_ACCESS_KEY_ID"]
        assert given["AWS_SESSION_TOKEN"]
        assert not {"HOME", "USER", "VIRTUAL_ENV"} & set(given)
        asked = [str(PYTHON), "-c", "import importlib.util as u; print(bool(u.find_spec('PIL')))"]
        opens = subprocess.run(asked, env=given, capture_output=True, text=True, check=True).stdout.strip()
        assert opens == str("imaging" in said.layers)


def event_of(path: str, route: str) -> Json:
    context = {"resourcePath": route, "httpMethod": "GET", "path": path, "requestId": "r", "stage": "dev"}
    return {
        "resource": route, "path": path, "httpMethod": "GET", "headers": {}, "multiValueHeaders": {}, "body": None,
        "queryStringParameters": None, "multiValueQueryStringParameters": None, "pathParameters": None,
        "stageVariables": None, "isBase64Encoded": False, "requestContext": context | {"identity": {}},
    }  # fmt: skip


def test_the_api_answers_an_event_of_api_gateway(artefact: Artefact) -> None:
    answer = artefact.invoke(API, event_of("/v1/todos", "/v1/todos"))
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["status"], problem["code"][:8]) == (401, 401, "session.")


def test_the_schedule_asks_for_the_day_of_every_unit(artefact: Artefact) -> None:
    # Of today, which has been opened already: again nothing is written. A message for each demo unit and duty.
    event = {"time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "detail-type": "Scheduled Event", "detail": {}}
    assert artefact.invoke("open_days", event)["units"] in (3, 6, 9, 12, 15)


def test_the_schedule_looks_after_files_without_a_verdict(artefact: Artefact) -> None:
    # Which of them are due by now is the stack's own business: everything demanded of it was verified long ago.
    assert artefact.invoke("sweep_uploads", {}).keys() == {"again", "gone"}


def test_the_queues_hear_which_messages_failed(artefact: Artefact) -> None:
    for name in ("open_unit", "verify_upload"):
        event = {"Records": [{"messageId": "broken", "body": "no json"}]}
        assert artefact.invoke(name, event) == {"batchItemFailures": [{"itemIdentifier": "broken"}]}


def test_nothing_is_written_beside_what_was_unpacked(artefact: Artefact, package: Package, packages: Path) -> None:
    """On Lambda it could not be: whatever is compiled at all was compiled before."""
    artefact.invoke(API, event_of("/v1/todos", "/v1/todos"))
    unpacked = {file.relative_to(package.folder) for file in package.folder.rglob("*.pyc")}
    assert unpacked
    fresh = Package.unpack(packages / "dev", package.folder.parent / "fresh")
    assert unpacked == {file.relative_to(fresh.folder) for file in fresh.folder.rglob("*.pyc")}
