"""Tables, buckets and queues of ``chalicelake.yaml`` in the storage of this machine. Run again, nothing changes."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.generate.names import physical
from infra.manifest import Bucket, Index, Manifest, Queue, Table
from tean.domain.errors import Conflict

STAGE = "local"
REGION = "ap-southeast-1"


class Storage:
    """Clients of the services at one address."""

    def __init__(self, endpoint: str, key_id: str, key: str) -> None:
        session = boto3.session.Session(key_id, key, region_name=REGION)
        config = Config(s3={"addressing_style": "path"}, proxies={}, retries={"total_max_attempts": 2})

        def client(service: str) -> Any:
            return session.client(service, endpoint_url=endpoint, config=config)

        self.dynamodb = client("dynamodb")
        self.s3 = client("s3")
        self.sqs = client("sqs")
        self.iam = client("iam")


def provision(manifest: Manifest, storage: Storage) -> dict[str, str]:
    """Make what is missing. The URL of each queue."""
    prefix = manifest.prefix(STAGE)
    for name, table in manifest.tables.items():
        _table(storage, f"{prefix}-{name}", table)
    urls = {name: _queue(storage, physical(prefix, name), queue) for name, queue in manifest.queues.items()}
    for name, bucket in manifest.buckets.items():
        _bucket(storage, physical(prefix, name), bucket, urls)
    return urls


def _table(storage: Storage, name: str, table: Table) -> None:
    try:
        found = storage.dynamodb.describe_table(TableName=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        make_table(storage, name, table)
        return
    _let_items_end(storage, name, table)
    present = {index["IndexName"] for index in found.get("GlobalSecondaryIndexes", [])}
    if present != set(table.indexes) or found["KeySchema"] != _key_schema(table):
        raise Conflict(
            "stack.state_outdated",
            f"状态文件夹是另一个版本留下的：表 {name} 的索引不同。换一个文件夹：make run STATE=…，旧的不会动。",
        )


def make_table(storage: Storage, name: str, table: Table) -> None:
    """A table that is not there yet."""
    keys = {table.partition, table.sort}.union(*({index.partition, index.sort} for index in table.indexes.values()))
    indexes: list[dict[str, Any]] = [
        {"IndexName": key, "KeySchema": _key_schema(index), "Projection": {"ProjectionType": "ALL"}}
        for key, index in table.indexes.items()
    ]
    storage.dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)],
        KeySchema=_key_schema(table),
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )
    _let_items_end(storage, name, table)


def _let_items_end(storage: Storage, name: str, table: Table) -> None:
    found = storage.dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    # Asked for what is so already, DynamoDB refuses.
    if table.ttl and found.get("AttributeName") != table.ttl:
        ends = {"AttributeName": table.ttl, "Enabled": True}
        storage.dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ends)


def _key_schema(keys: Table | Index) -> list[dict[str, str]]:
    return [{"AttributeName": keys.partition, "KeyType": "HASH"}, {"AttributeName": keys.sort, "KeyType": "RANGE"}]


def _queue(storage: Storage, name: str, queue: Queue) -> str:
    dead = _arn(storage, _url(storage, f"{name}-dead"))
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": queue.receives})
    url = _url(storage, name)
    attributes = {"VisibilityTimeout": str(queue.visibility), "RedrivePolicy": redrive}
    storage.sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    return url


def _url(storage: Storage, name: str) -> str:
    try:
        return str(storage.sqs.get_queue_url(QueueName=name)["QueueUrl"])
    except ClientError:
        return str(storage.sqs.create_queue(QueueName=name)["QueueUrl"])


def _arn(storage: Storage, url: str) -> str:
    found = storage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(found["Attributes"]["QueueArn"])


def _bucket(storage: Storage, name: str, bucket: Bucket, urls: dict[str, str]) -> None:
    present = {found["Name"] for found in storage.s3.list_buckets()["Buckets"]}
    if name not in present:
        storage.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if bucket.versioned:
        storage.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if bucket.expire_days:
        storage.s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=_expiry(bucket.expire_days))
    if bucket.notify:
        _notify(storage, name, urls[bucket.notify])


def _expiry(days: int) -> dict[str, Any]:
    return {"Rules": [{"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}]}


def _notify(storage: Storage, bucket: str, url: str) -> None:
    arn = _arn(storage, url)
    configured = storage.s3.get_bucket_notification_configuration(Bucket=bucket).get("QueueConfigurations", [])
    if [found["QueueArn"] for found in configured] == [arn]:
        # Set anew, S3 would send one more test message.
        return
    storage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(_may_send(bucket, arn))})
    heard = [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]
    storage.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": heard}
    )


def _may_send(bucket: str, queue_arn: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
