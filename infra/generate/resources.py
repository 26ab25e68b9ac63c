"""The template that is merged over Chalice's: tables, buckets, queues, layers."""

from __future__ import annotations

from infra.generate.functions import functions
from infra.generate.names import Json, arn, logical, physical, ref, sub
from infra.manifest import Bucket, Manifest, Queue, Table

_TWO_WEEKS = 14 * 24 * 3600
_KEPT: Json = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


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
    for name, bucket in manifest.buckets.items():
        merged |= _bucket(prefix, name, bucket)
    return {"Resources": merged}


def _layer(manifest: Manifest, prefix: str, name: str) -> Json:
    return {
        "Type": "AWS::Serverless::LayerVersion",
        "Properties": {
            "LayerName": physical(prefix, name),
            "ContentUri": f"layers/{name}.zip",
            "CompatibleRuntimes": [manifest.runtime],
            "CompatibleArchitectures": [manifest.architecture],
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
    return {"Type": "AWS::DynamoDB::Table", **_KEPT, "Properties": properties}


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


def _bucket(prefix: str, name: str, bucket: Bucket) -> Json:
    made: Json = {"Type": "AWS::S3::Bucket", **_KEPT, "Properties": _bucket_properties(prefix, name, bucket)}
    merged: Json = {logical(name, "Bucket"): made, logical(name, "BucketPolicy"): _only_over_tls(name)}
    if bucket.notify:
        made["DependsOn"] = [logical(bucket.notify, "QueuePolicy")]
        merged[logical(bucket.notify, "QueuePolicy")] = _may_notify(prefix, name, bucket.notify)
    return merged


def _bucket_properties(prefix: str, name: str, bucket: Bucket) -> Json:
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    blocked = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    properties: Json = {
        "BucketName": _bucket_name(prefix, name),
        "PublicAccessBlockConfiguration": dict.fromkeys(blocked, True),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
    }
    if bucket.versioned:
        properties |= {"VersioningConfiguration": {"Status": "Enabled"}, "ObjectLockEnabled": True}
    if bucket.expire_days:
        properties["LifecycleConfiguration"] = {"Rules": [_expiry(bucket.expire_days)]}
    if bucket.post_origins:
        properties["CorsConfiguration"] = {"CorsRules": [_posts_from(bucket.post_origins)]}
    if bucket.notify:
        heard = {"Event": "s3:ObjectCreated:*", "Queue": arn(logical(bucket.notify, "Queue"))}
        properties["NotificationConfiguration"] = {"QueueConfigurations": [heard]}
    return properties


def _bucket_name(prefix: str, name: str) -> Json:
    # Bucket names are shared by all accounts; and a name of its own breaks the circle of bucket and queue policy.
    return sub(f"{physical(prefix, name)}-${{AWS::AccountId}}")


def _expiry(days: int) -> Json:
    aborted = {"DaysAfterInitiation": 1}
    return {"Id": "expire", "Status": "Enabled", "ExpirationInDays": days, "AbortIncompleteMultipartUpload": aborted}


def _posts_from(origins: tuple[str, ...]) -> Json:
    return {"AllowedOrigins": list(origins), "AllowedMethods": ["POST"], "AllowedHeaders": ["*"], "MaxAge": 3600}


def _only_over_tls(name: str) -> Json:
    bucket = logical(name, "Bucket")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn(bucket), sub(f"${{{bucket}.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ref(bucket), **_document(statement)}}


def _may_notify(prefix: str, bucket: str, queue: str) -> Json:
    source = sub(f"arn:${{AWS::Partition}}:s3:::{physical(prefix, bucket)}-${{AWS::AccountId}}")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn(logical(queue, "Queue")),
        "Condition": {
            "ArnEquals": {"aws:SourceArn": source},
            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
        },
    }
    queues = [ref(logical(queue, "Queue"))]
    return {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": queues, **_document(statement)}}


def _document(statement: Json) -> Json:
    return {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
