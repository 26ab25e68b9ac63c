"""What a policy and a link permit, judged by an independent reading of SigV4."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest

from tean.adapters import signing
from tean.adapters.signing import Credentials, SignedPolicy, Signer, ambient_credentials
from tean.domain.errors import Unavailable
from tests.fakes.clock import FakeClock
from tests.fakes.sigv4 import Denied, Gate, leaves_nothing_open

REGION = "cn-northwest-1"
KEY = "91990000MA00000008/P1/P1.0123456789abcdef0123456789abcdef"
LIMIT = 8_388_608
GATE = Gate("incoming", REGION, "AKIDEXAMPLE", "secret-of-the-tests")
NOW = datetime(2026, 11, 23, 15, 59, 58, 987654, tzinfo=UTC)


class FixedCredentials:
    """As botocore hands them out: frozen together."""

    def __init__(self, token: str | None = None) -> None:
        self.access_key = GATE.access_key
        self.secret_key = GATE.secret_key
        self.token = token


def signer(*, token: str | None = None, region: str = REGION, origin: str | None = None) -> Signer:
    return Signer(region, FakeClock(NOW), lambda: FixedCredentials(token), origin)


def photo_policy(**options: str) -> SignedPolicy:
    return signer(**options).policy("incoming", KEY, content_type="image/jpeg", most=LIMIT)


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def test_the_verifier_agrees_with_the_link_in_the_documentation_of_aws() -> None:
    published = (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )
    gate = Gate("examplebucket", "us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    gate.get(published, datetime(2013, 5, 24, 12, tzinfo=UTC))


PUBLISHED = {
    "key": "user/user1/sigv4-test.txt",
    "acl": "public-read",
    "success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html",
    "Content-Type": "image/jpeg",
    "x-amz-meta-uuid": "14365123651274",
    "x-amz-server-side-encryption": "AES256",
    "X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Date": "20151229T000000Z",
    "x-amz-meta-tag": "",
    "Policy": (
        "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2"
        "NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMt"
        "cmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29t"
        "L3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4"
        "LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0s"
        "DQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZP"
        "RE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1B"
        "Qy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9"
    ),
    "X-Amz-Signature": "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
}
"""The form in the documentation of AWS, "Example: Browser-Based Upload using HTTP POST (Using AWS Signature V4)"."""
AWS = Gate("sigv4examplebucket", "us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
IN_TIME = datetime(2015, 12, 30, 11, 59, 59, tzinfo=UTC)


def test_the_verifier_agrees_with_the_form_in_the_documentation_of_aws() -> None:
    AWS.post(PUBLISHED, 10**9, IN_TIME)
    AWS.post({**PUBLISHED, "key": "user/user1/other", "Content-Type": "image/png", "x-amz-meta-tag": "x"}, 1, IN_TIME)
    assert not leaves_nothing_open(PUBLISHED), "any key below a folder, any size"


@pytest.mark.parametrize(
    "change",
    [
        {"key": "user/user2/sigv4-test.txt"},
        {"acl": "private"},
        {"Content-Type": "text/html"},
        {"x-amz-meta-uuid": "1"},
        {"x-amz-storage-class": "GLACIER"},
        {"X-Amz-Signature": "9" + str(PUBLISHED["X-Amz-Signature"])[1:]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_verifier_denies_what_that_form_does_not_permit(change: dict[str, str]) -> None:
    with pytest.raises(Denied):
        AWS.post(PUBLISHED | change, 1, IN_TIME)


def test_the_verifier_denies_that_form_to_another_key_and_after_its_end() -> None:
    with pytest.raises(Denied, match="signature"):
        replace(AWS, secret_key="another").post(PUBLISHED, 1, IN_TIME)
    with pytest.raises(Denied, match="expired"):
        AWS.post(PUBLISHED, 1, IN_TIME + timedelta(seconds=1))


REGIONS = ("cn-northwest-1", "cn-north-1", "ap-southeast-1")
EVERYWHERE = pytest.mark.parametrize(
    ("region", "token"), [(region, token) for region in REGIONS for token in (None, "of-the-role")]
)


def gate(region: str, token: str | None, bucket: str = "incoming") -> Gate:
    return replace(GATE, region=region, token=token, bucket=bucket)


@EVERYWHERE
def test_a_form_is_good_as_it_is_and_with_any_one_thing_changed_it_is_not(region: str, token: str | None) -> None:
    form = dict(
        signer(region=region, token=token).policy("incoming", KEY, content_type="image/jpeg", most=LIMIT).fields
    )
    door = gate(region, token)
    door.post(form, LIMIT, NOW)
    assert leaves_nothing_open(form)
    missing = [{name: value for name, value in form.items() if name != left} for left in form]
    changed = [{**form, name: value[:-1] + chr(ord(value[-1]) ^ 1)} for name, value in form.items()]
    empty = [{**form, name: ""} for name in form]
    extra = [{**form, name: "x"} for name in ("acl", "x-amz-meta-a", "tagging", "redirect", "Cache-Control", "expires")]
    for tampered in missing + changed + empty + extra:
        with pytest.raises(Denied):
            door.post(tampered, 1000, NOW)


@EVERYWHERE
def test_a_form_opens_no_other_door_and_none_later_or_for_more(region: str, token: str | None) -> None:
    form = signer(region=region, token=token).policy("incoming", KEY, content_type="image/jpeg", most=LIMIT).fields
    door = gate(region, token)
    others = (
        replace(door, bucket="evidence"),
        replace(door, region="us-east-1"),
        replace(door, access_key="AKIDOTHER"),
        replace(door, secret_key="secret-of-another"),
        replace(door, token="of-another-role"),
    )
    for other in others:
        with pytest.raises(Denied):
            other.post(form, 1000, NOW)
    for size, now in ((0, NOW), (LIMIT + 1, NOW), (1000, NOW + timedelta(minutes=10)), (1000, NOW + timedelta(days=9))):
        with pytest.raises(Denied):
            door.post(form, size, now)


@EVERYWHERE
def test_a_link_is_good_as_it_is_and_with_any_one_thing_changed_it_is_not(region: str, token: str | None) -> None:
    url = signer(region=region, token=token).link("evidence", "U/F +%名", content_type="image/png").url
    door, parts = gate(region, token, "evidence"), urlsplit(url)
    door.get(url, NOW)
    query = parse_qsl(parts.query)
    missing = [[pair for pair in query if pair[0] != name] for name, _ in query]
    changed = [[(name, value[:-1] + chr(ord(value[-1]) ^ 1) if name == one else value) for name, value in query]
               for one, _ in query]  # fmt: skip
    extra = [[*query, ("versionId", "x")], [*query, ("response-cache-control", "no-store")]]
    tampered = [parts._replace(query=urlencode(each, quote_via=quote)) for each in missing + changed + extra]
    tampered += [parts._replace(path=parts.path + "x"), parts._replace(netloc="x" + parts.netloc)]
    for each in tampered:
        with pytest.raises(Denied):
            door.get(each.geturl(), NOW)
    with pytest.raises(Denied):
        door.get(url, NOW + timedelta(minutes=10))
    with pytest.raises(Denied):
        replace(door, token="of-another-role").get(url, NOW)


def test_a_policy_lets_in_the_file_it_was_signed_for_from_one_byte_to_the_limit() -> None:
    for size in (1, 250_000, LIMIT):
        GATE.post(photo_policy().fields, size, NOW)


@pytest.mark.parametrize("size", [0, LIMIT + 1])
def test_a_policy_refuses_an_empty_file_and_one_over_the_limit(size: int) -> None:
    with pytest.raises(Denied, match="size"):
        GATE.post(photo_policy().fields, size, NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", KEY.replace("/P1/", "/P2/")),
        ("Content-Type", "text/html"),
        ("success_action_status", "200"),
        ("acl", "public-read"),
        ("x-amz-date", "20261123T155957Z"),
        ("x-amz-credential", f"OTHER/20261123/{REGION}/s3/aws4_request"),
        ("x-amz-algorithm", "none"),
        ("x-amz-signature", "0" * 64),
        ("x-amz-security-token", "of-somebody-else"),
    ],
)
def test_a_policy_refuses_a_form_with_any_field_changed_or_added(field: str, value: str) -> None:
    with pytest.raises(Denied):
        GATE.post({**photo_policy().fields, field: value}, 1000, NOW)


def test_a_policy_is_void_when_its_text_was_changed() -> None:
    fields = dict(photo_policy().fields)
    policy = json.loads(base64.b64decode(fields["policy"]))
    policy["conditions"][1] = ["content-length-range", 1, 10 * LIMIT]
    fields["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
    with pytest.raises(Denied, match="signature"):
        GATE.post(fields, 1000, NOW)


def test_a_policy_for_one_bucket_does_not_open_another() -> None:
    with pytest.raises(Denied, match="bucket"):
        replace(GATE, bucket="evidence").post(photo_policy().fields, 1000, NOW)


def test_a_policy_ends_after_ten_minutes_and_says_when() -> None:
    policy = photo_policy()
    assert policy.expires_at == datetime(2026, 11, 23, 16, 9, 58, tzinfo=UTC)
    GATE.post(policy.fields, 1000, policy.expires_at - timedelta(seconds=1))
    with pytest.raises(Denied, match="expired"):
        GATE.post(policy.fields, 1000, policy.expires_at)


def test_a_form_has_exactly_these_fields() -> None:
    assert list(photo_policy().fields) == [
        "key",
        "Content-Type",
        "success_action_status",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "policy",
        "x-amz-signature",
    ]
    assert photo_policy().fields["key"] == KEY
    assert photo_policy().fields["success_action_status"] == "201"


def test_temporary_credentials_send_their_token_along() -> None:
    policy = photo_policy(token="of-the-role")
    assert list(policy.fields)[6:] == ["x-amz-security-token", "policy", "x-amz-signature"]
    replace(GATE, token="of-the-role").post(policy.fields, 1000, NOW)
    link = signer(token="of-the-role").link("evidence", "U/F")
    replace(GATE, token="of-the-role").get(link.url, NOW)


@pytest.mark.parametrize(
    ("region", "origin", "url"),
    [
        ("cn-northwest-1", None, "https://incoming.s3.cn-northwest-1.amazonaws.com.cn"),
        ("ap-southeast-1", None, "https://incoming.s3.ap-southeast-1.amazonaws.com"),
        ("cn-northwest-1", "http://127.0.0.1:8000", "http://127.0.0.1:8000/incoming"),
    ],
)
def test_files_go_to_the_host_of_the_bucket_or_to_the_one_origin(region: str, origin: str | None, url: str) -> None:
    sent = signer(region=region, origin=origin).policy("incoming", KEY, content_type="image/png", most=LIMIT)
    read = signer(region=region, origin=origin).link("incoming", KEY)
    assert sent.url == url
    assert read.url.startswith(f"{url}/{KEY}?")
    replace(GATE, region=region).get(read.url, NOW)


def test_a_link_opens_one_object_for_ten_minutes() -> None:
    link = signer().link("evidence", "U/F", content_type="image/png")
    assert link.expires_at == datetime(2026, 11, 23, 16, 9, 58, tzinfo=UTC)
    GATE.get(link.url, link.expires_at - timedelta(seconds=1))
    with pytest.raises(Denied, match="expired"):
        GATE.get(link.url, link.expires_at)


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        ("/U/F?", "/U/G?"),
        ("evidence.s3", "incoming.s3"),
        ("X-Amz-Expires=600", "X-Amz-Expires=6000"),
        ("image%2Fpng", "text%2Fhtml"),
        ("inline", "attachment"),
    ],
)
def test_a_link_with_anything_changed_opens_nothing(asked: str, instead: str) -> None:
    url = signer().link("evidence", "U/F", content_type="image/png").url
    assert asked in url
    with pytest.raises(Denied, match="signature"):
        GATE.get(url.replace(asked, instead), NOW)


def test_a_link_is_shown_in_place_with_exactly_these_parameters() -> None:
    assert query_of(signer().link("evidence", "U/F", content_type="image/png").url) == {
        "response-content-disposition": "inline",
        "response-content-type": "image/png",
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{GATE.access_key}/20261123/{REGION}/s3/aws4_request",
        "X-Amz-Date": "20261123T155958Z",
        "X-Amz-Expires": "600",
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Signature": query_of(signer().link("evidence", "U/F", content_type="image/png").url)["X-Amz-Signature"],
    }


def test_a_link_keeps_the_stored_type_unless_another_is_asked_for() -> None:
    assert "response-content-type" not in query_of(signer().link("evidence", "U/F").url)


def test_every_signature_takes_the_credentials_of_its_moment() -> None:
    tokens = iter(["first", "second"])
    rotating = Signer(REGION, FakeClock(NOW), lambda: FixedCredentials(next(tokens)))
    for token in ("first", "second"):
        policy = rotating.policy("incoming", KEY, content_type="image/jpeg", most=LIMIT)
        assert policy.fields["x-amz-security-token"] == token


def test_the_credentials_of_the_process_are_those_of_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    signing._session_credentials.cache_clear()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-env")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-env")
    found: Credentials = ambient_credentials()
    assert (found.access_key, found.secret_key, found.token) == ("AKIDENV", "secret-env", "token-env")
    signing._session_credentials.cache_clear()


def test_a_process_without_credentials_says_that_files_do_not_work_now(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nobody:
        def get_credentials(self) -> None: ...

    signing._session_credentials.cache_clear()
    monkeypatch.setattr(signing, "get_session", Nobody)
    with pytest.raises(Unavailable) as refused:
        ambient_credentials()
    assert refused.value.code == "file.no_credentials"


def test_signing_loads_no_service_client_and_no_service_model() -> None:
    script = """
import sys
from datetime import UTC, datetime
from botocore.credentials import ReadOnlyCredentials
from botocore.loaders import JSONFileLoader
from tean.adapters.signing import Signer

read = []
JSONFileLoader.load_file = lambda self, path: read.append(path)
signer = Signer("cn-north-1", lambda: datetime.now(UTC), lambda: ReadOnlyCredentials("a", "b", None))
signer.policy("b", "k", content_type="image/png", most=9)
signer.link("b", "k")
print(read, sorted({"boto3", "s3transfer", "PIL"} & sys.modules.keys()))
"""
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[] []"
