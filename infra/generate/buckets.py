"""Buckets: private, encrypted, over TLS alone; what arrives ends, what is evidence stays."""

from __future__ import annotations

from infra.generate.names import KEPT, Json, arn, document, logical, physical, ref, sub
from infra.manifest import Bucket, Lock, Manifest, Origin, Stage


def bucket(manifest: Manifest, stage: str, name: str) -> Json:
    """One bucket of a stage, with its policy, and the leave to tell its queue."""
    prefix, one = manifest.prefix(stage), manifest.buckets[name]
    made: Json = {
        "Type": "AWS::S3::Bucket", **KEPT, "Properties": _properties(prefix, name, one, manifest.stage(stage))
    }  # fmt: skip
    merged: Json = {logical(name, "Bucket"): made, logical(name, "BucketPolicy"): _only_over_tls(name)}
    if one.notify:
        # S3 tries the queue when the bucket is made.
        made["DependsOn"] = [logical(one.notify, "QueuePolicy")]
        merged[logical(one.notify, "QueuePolicy")] = _may_notify(prefix, name, one.notify)
    return merged


def _properties(prefix: str, name: str, one: Bucket, stage: Stage) -> Json:
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    blocked = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    properties: Json = {
        "BucketName": _bucket_name(prefix, name),
        "PublicAccessBlockConfiguration": dict.fromkeys(blocked, True),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
    }
    if one.versioned:
        properties |= {"VersioningConfiguration": {"Status": "Enabled"}, **_locked(stage.lock)}
    if one.expire_days:
        properties["LifecycleConfiguration"] = {"Rules": [_expiry(one.expire_days)]}
    if one.posts and stage.page:
        properties["CorsConfiguration"] = {"CorsRules": [_posts_from(stage.page)]}
    if one.notify:
        heard = {"Event": "s3:ObjectCreated:*", "Queue": arn(logical(one.notify, "Queue"))}
        properties["NotificationConfiguration"] = {"QueueConfigurations": [heard]}
    return properties


def _bucket_name(prefix: str, name: str) -> Json:
    # Bucket names are shared by all accounts; and a name of its own breaks the circle of bucket and queue policy.
    return sub(f"{physical(prefix, name)}-${{AWS::AccountId}}")


def _locked(lock: Lock | None) -> Json:
    # Even without a lock it can be locked later, which S3 allows only for what was made so.
    able: Json = {"ObjectLockEnabled": True}
    if lock is None:
        return able
    retention = {"Mode": lock.mode, "Years": lock.years}
    rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    return able | {"ObjectLockConfiguration": rule}


def _expiry(days: int) -> Json:
    aborted = {"DaysAfterInitiation": 1}
    return {"Id": "expire", "Status": "Enabled", "ExpirationInDays": days, "AbortIncompleteMultipartUpload": aborted}


def _posts_from(page: Origin) -> Json:
    return {"AllowedOrigins": [page], "AllowedMethods": ["POST"], "AllowedHeaders": ["*"], "MaxAge": 3600}


def _only_over_tls(name: str) -> Json:
    found = logical(name, "Bucket")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn(found), sub(f"${{{found}.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ref(found), **document(statement)}}


def _may_notify(prefix: str, name: str, queue: str) -> Json:
    source = sub(f"arn:${{AWS::Partition}}:s3:::{physical(prefix, name)}-${{AWS::AccountId}}")
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
    return {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": queues, **document(statement)}}
