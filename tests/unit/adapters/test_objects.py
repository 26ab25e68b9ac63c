"""Buckets: the fake and S3 (moto) keep the same promises."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError, IncompleteReadError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from moto import mock_aws

from tean.adapters.objects import Objects, S3Objects
from tests.fakes.objects import FakeObjects


@pytest.fixture(params=["fake", "s3"])
def objects(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    if request.param == "fake":
        yield FakeObjects()
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="evidence")
        yield S3Objects()


def test_what_was_put_is_got(objects: Objects) -> None:
    objects.put("evidence", "U/F", b"\xff\xd8 bytes", "image/jpeg")
    assert objects.get("evidence", "U/F", 100) == b"\xff\xd8 bytes"


def test_what_is_put_again_replaces_what_was_there(objects: Objects) -> None:
    objects.put("evidence", "U/F", b"first", "image/jpeg")
    objects.put("evidence", "U/F", b"second", "image/jpeg")
    assert objects.get("evidence", "U/F", 100) == b"second"


def test_no_more_is_read_than_was_asked_for(objects: Objects) -> None:
    objects.put("evidence", "U/F", b"0123456789", "image/jpeg")
    assert objects.get("evidence", "U/F", 10) == b"0123456789"
    assert objects.get("evidence", "U/F", 9) == b"012345678"


def test_an_object_that_is_not_there_is_none(objects: Objects) -> None:
    assert objects.get("evidence", "U/F", 100) is None


def test_whether_an_object_is_there_is_told_without_reading_it(objects: Objects) -> None:
    objects.put("evidence", "U/+ %名", b"bytes", "image/jpeg")
    assert objects.has("evidence", "U/+ %名")
    assert not objects.has("evidence", "U/+ %")


def test_a_bucket_that_does_not_answer_is_not_taken_for_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        s3 = S3Objects()
        with Stubber(s3._s3) as stubbed, pytest.raises(ClientError):
            stubbed.add_client_error("head_object", "AccessDenied", http_status_code=403)
            s3.has("evidence", "U/F")


def test_s3_keeps_the_type_that_a_phone_is_shown(objects: Objects) -> None:
    objects.put("evidence", "U/F", b"bytes", "image/png")
    if isinstance(objects, FakeObjects):
        assert objects.stored["evidence", "U/F"] == (b"bytes", "image/png")
    else:
        assert boto3.client("s3").head_object(Bucket="evidence", Key="U/F")["ContentType"] == "image/png"


def test_s3_is_given_a_checksum_without_which_a_locked_bucket_refuses(objects: Objects) -> None:
    objects.put("evidence", "U/F", b"bytes", "image/png")
    if isinstance(objects, S3Objects):
        kept = boto3.client("s3").head_object(Bucket="evidence", Key="U/F", ChecksumMode="ENABLED")
        assert kept["ChecksumSHA256"] == b64encode(sha256(b"bytes").digest()).decode()


def test_a_file_cut_off_on_the_way_is_not_taken_for_the_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"ContentLength": 10, "Body": StreamingBody(BytesIO(b"half"), 10)}
    cut = SimpleNamespace(
        get_object=lambda **_: answer, exceptions=SimpleNamespace(NoSuchKey=type("NoSuchKey", (Exception,), {}))
    )
    monkeypatch.setattr(boto3, "client", lambda *_, **__: cut)
    with pytest.raises(IncompleteReadError):
        S3Objects().get("evidence", "U/F", 100)
