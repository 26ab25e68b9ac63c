"""What DynamoDB answers is read as botocore reads it, and an item is not made anew."""

from __future__ import annotations

import json
from threading import Thread
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto.core.botocore_stubber import MockRawResponse
from pynamodb.connection import Connection

from tean.adapters.models import CONNECTION
from tean.adapters.parsing import LightConnection
from tests.fakes.dynamo import REGION

ITEM = {
    "pk": {"S": "单位#P1"},
    "v": {"N": "1"},
    "closed": {"BOOL": False},
    "body": {"NULL": True},
    "roles": {"SS": ["officer", "director"]},
    "counts": {"NS": ["1", "2"]},
    "devices": {"L": [{"S": "E-1"}, {"M": {"deep": {"L": []}}}]},
    "owed": {"M": {"3000": {"N": "12"}}},
}
KEY = {"pk": {"S": "p"}, "sk": {"S": "s"}}
CANCELLED = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
ANSWERS: list[tuple[str, dict[str, Any], int, dict[str, Any]]] = [
    ("GetItem", {"TableName": "t", "Key": KEY}, 200, {"Item": ITEM}),
    ("GetItem", {"TableName": "t", "Key": KEY}, 200, {}),
    ("Query", {"TableName": "t"}, 200, {"Items": [ITEM, {}], "Count": 2, "ScannedCount": 2, "LastEvaluatedKey": KEY}),
    (
        "BatchGetItem", {"RequestItems": {}}, 200,
        {"Responses": {"t": [ITEM]}, "UnprocessedKeys": {"t": {"Keys": [KEY], "ConsistentRead": True}}},
    ),
    ("UpdateItem", {"TableName": "t", "Key": KEY}, 200, {"Attributes": ITEM}),
    (
        "TransactWriteItems", {"TransactItems": []}, 400,
        {
            "__type": CANCELLED, "Message": "cancelled",
            "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": ITEM}],
        },
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-nothing")


def read(client: Any, operation: str, request: dict[str, Any], status: int, answer: dict[str, Any]) -> Any:
    def reply(request: Any, **_: Any) -> AWSResponse:
        headers = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, status, headers, MockRawResponse(json.dumps(answer)))

    client.meta.events.register_first("before-send.*.*", reply)
    try:
        return client._make_api_call(operation, request)
    except ClientError as error:
        return error.response


@pytest.mark.parametrize(("operation", "request_", "status", "answer"), ANSWERS)
def test_every_answer_is_what_botocore_makes_of_it(
    operation: str, request_: dict[str, Any], status: int, answer: dict[str, Any]
) -> None:
    asked = operation, request_, status, answer
    said = read(LightConnection(region=REGION).client, *asked)
    assert said == read(Connection(region=REGION).client, *asked)
    assert operation == "GetItem" or str(ITEM) in str(said)


def test_an_item_stays_as_it_came_whichever_thread_makes_the_client() -> None:
    strange = {"Item": {"pk": {"of a type to come": "x"}}}
    asked = ("GetItem", {"TableName": "t", "Key": KEY}, 200, strange)
    assert read(Connection(region=REGION).client, *asked)["Item"] != strange["Item"]
    light, said = LightConnection(region=REGION), list[Any]()
    elsewhere = Thread(target=lambda: said.append(read(light.client, *asked)))
    elsewhere.start()
    elsewhere.join()
    assert said[0]["Item"] == read(light.client, *asked)["Item"] == strange["Item"]


def test_the_tables_share_such_a_connection() -> None:
    assert isinstance(CONNECTION, LightConnection)
