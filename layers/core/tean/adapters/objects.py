"""Objects in buckets, as the worker reads and writes them."""

from __future__ import annotations

from contextlib import closing
from functools import cached_property
from typing import Any, Protocol


class Objects(Protocol):
    """Files in buckets."""

    def get(self, bucket: str, key: str, most: int) -> bytes | None:
        """The first ``most`` bytes of an object; None when there is no such object (any more)."""

    def has(self, bucket: str, key: str) -> bool:
        """Whether there is such an object."""

    def put(self, bucket: str, key: str, content: bytes, content_type: str) -> None:
        """Keep an object; putting the same again changes nothing a reader sees."""


class S3Objects:
    """:class:`Objects` in S3."""

    def get(self, bucket: str, key: str, most: int) -> bytes | None:
        try:
            answer = self._s3.get_object(Bucket=bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return None
        # ``closing``, because entering the body hands out the bare stream, whose end nobody checks.
        with closing(answer["Body"]) as body:
            # Only a read to the end checks that all of it came; a file cut by the network must not be judged.
            return bytes(body.read() if answer["ContentLength"] <= most else body.read(most))

    def has(self, bucket: str, key: str) -> bool:
        try:
            self._s3.head_object(Bucket=bucket, Key=key)
        except self._s3.exceptions.ClientError as error:
            # An answer to HEAD has no body that could name the code.
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return True

    def put(self, bucket: str, key: str, content: bytes, content_type: str) -> None:
        # A bucket that locks what it is given takes nothing without a checksum.
        self._s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type, ChecksumAlgorithm="SHA256")

    @cached_property
    def _s3(self) -> Any:
        # Imported late: the API function holds this module and must not pay for S3's service model.
        import boto3
        from botocore.config import Config

        return boto3.client("s3", config=Config(connect_timeout=3, read_timeout=15, retries={"mode": "standard"}))
