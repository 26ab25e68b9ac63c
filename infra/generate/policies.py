"""What each function may do: its tables, buckets, queues and its own log, nothing else.

Nothing may be deleted by a function: rows are withdrawn, people dismissed, objects end by their lifecycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infra.generate.names import Json, arn, logical, sub
from infra.manifest import Access, Function, Manifest, TableAccess

_ON_TABLE = {
    "r": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
    "g": ["dynamodb:BatchGetItem", "dynamodb:GetItem"],
    "w": ["dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    "u": ["dynamodb:UpdateItem"],
}
_CONSUMES = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
_LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"]


def policy(manifest: Manifest, name: str) -> Json:
    """The policy document of one function; its resources are named as the template names them."""
    return {"Version": "2012-10-17", "Statement": list(_statements(manifest, name, manifest.functions[name]))}


def _statements(manifest: Manifest, name: str, function: Function) -> Iterator[Json]:
    yield _allow(_LOGS, [arn(logical(name, "LogGroup"))])
    for table, access in function.tables.items():
        yield from _on_table(manifest, table, access)
    for bucket, access in function.buckets.items():
        yield from _on_bucket(manifest, bucket, access)
    for queue in function.queues:
        yield _allow(["sqs:SendMessage"], [arn(logical(queue, "Queue"))])
    if function.consumes:
        yield _allow(_CONSUMES, [arn(logical(function.consumes, "Queue"))])


def _on_table(manifest: Manifest, table: str, access: TableAccess) -> Iterator[Json]:
    yield _allow([action for letter in access for action in _ON_TABLE[letter]], [arn(logical(table, "Table"))])
    indexes = [sub(f"${{{logical(table, 'Table')}.Arn}}/index/{index}") for index in manifest.tables[table].indexes]
    if indexes and "r" in access:
        yield _allow(["dynamodb:Query"], indexes)


def _on_bucket(manifest: Manifest, bucket: str, access: Access) -> Iterator[Json]:
    actions = (["s3:GetObject"] if "r" in access else []) + (["s3:PutObject"] if "w" in access else [])
    yield _allow(actions, [sub(f"${{{logical(bucket, 'Bucket')}.Arn}}/*")])
    # Without it S3 answers "denied" for an object that has expired, and the reader could not tell the two apart.
    if "r" in access and manifest.buckets[bucket].expire_days:
        yield _allow(["s3:ListBucket"], [arn(logical(bucket, "Bucket"))])


def _allow(actions: Sequence[str], resources: Sequence[Json]) -> Json:
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
