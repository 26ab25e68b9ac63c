"""The template that is merged over Chalice's: layers, tables, queues, and what stands in modules of its own."""

from __future__ import annotations

from infra.generate.alarms import CONDITIONS, PARAMETERS, alarms
from infra.generate.buckets import bucket
from infra.generate.functions import functions
from infra.generate.names import KEPT, Json, arn, logical, physical
from infra.manifest import Manifest, Queue, Table

_TWO_WEEKS = 14 * 24 * 3600


def resources(manifest: Manifest, stage: str) -> Json:
    """The whole merge template of one stage."""
    prefix = manifest.prefix(stage)
    merged = functions(manifest, stage)
    for name in manifest.layers:
        merged[logical(name, "Layer")] = _layer(manifest, prefix, name)
    for name, table in manifest.tables.items():
        merged[logical(name, "Table")] = _table(prefix, name, table)
    for name, queue in manifest.queues.items():
        merged |= _queue(prefix, name, queue)
    for name in manifest.buckets:
        merged |= bucket(manifest, stage, name)
    merged |= alarms(manifest, stage)
    return {"Parameters": PARAMETERS, "Conditions": CONDITIONS, "Resources": merged}


def _layer(manifest: Manifest, prefix: str, name: str) -> Json:
    return {
        "Type": "AWS::Serverless::LayerVersion",
        "Properties": {
            "LayerName": physical(prefix, name),
            "ContentUri": f"layers/{name}.zip",
            "CompatibleRuntimes": [manifest.runtime],
        },
    }


def _table(prefix: str, name: str, table: Table) -> Json:
    indexes = [_index(key, index.partition, index.sort) for key, index in table.indexes.items()]
    keys = {table.partition, table.sort}.union(*({index.partition, index.sort} for index in table.indexes.values()))
    properties: Json = {
        "TableName": f"{prefix}-{name}",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)],
        "KeySchema": _key_schema(table.partition, table.sort),
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
        "DeletionProtectionEnabled": True,
    }
    if indexes:
        properties["GlobalSecondaryIndexes"] = indexes
    if table.ttl:
        properties["TimeToLiveSpecification"] = {"AttributeName": table.ttl, "Enabled": True}
    return {"Type": "AWS::DynamoDB::Table", **KEPT, "Properties": properties}


def _index(name: str, partition: str, sort: str) -> Json:
    projection = {"ProjectionType": "ALL"}
    return {"IndexName": name, "KeySchema": _key_schema(partition, sort), "Projection": projection}


def _key_schema(partition: str, sort: str) -> list[Json]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _queue(prefix: str, name: str, queue: Queue) -> Json:
    dead = logical(name, "DeadLetters")
    redrive = {"deadLetterTargetArn": arn(dead), "maxReceiveCount": queue.receives}
    return {
        dead: _sqs(physical(prefix, f"{name}-dead"), MessageRetentionPeriod=_TWO_WEEKS),
        logical(name, "Queue"): _sqs(
            physical(prefix, name), VisibilityTimeout=queue.visibility, RedrivePolicy=redrive
        ),
    }  # fmt: skip


def _sqs(name: str, **properties: object) -> Json:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name, "SqsManagedSseEnabled": True, **properties}}
