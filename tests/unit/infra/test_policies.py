"""What each function may do and is told: exactly what the manifest says."""

from __future__ import annotations

import pytest

from infra.generate.functions import environment
from infra.generate.policies import policy
from infra.manifest import Manifest, load

WRITES = [
    "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem", "dynamodb:PutItem",
    "dynamodb:UpdateItem",
]  # fmt: skip
READS_AND_UPDATES = [action for action in WRITES if action.rpartition(":")[2] not in ("ConditionCheckItem", "PutItem")]
"""The close leaves markers beside the records, and can replace none."""


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return load()


def test_who_turns_a_units_day_over_may_do_exactly_that(manifest: Manifest) -> None:
    assert policy(manifest, "open_unit")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [{"Fn::GetAtt": ["OpenUnitLogGroup", "Arn"]}],
        },
        {
            "Effect": "Allow",
            "Action": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
            "Resource": [{"Fn::GetAtt": ["RegistryTable", "Arn"]}],
        },
        {
            "Effect": "Allow",
            "Action": ["dynamodb:Query"],
            "Resource": [{"Fn::Sub": "${RegistryTable.Arn}/index/expiry"}],
        },
        {
            "Effect": "Allow",
            "Action": WRITES,
            "Resource": [{"Fn::GetAtt": ["TasksTable", "Arn"]}],
        },
        {
            "Effect": "Allow",
            "Action": ["dynamodb:Query"],
            "Resource": [{"Fn::Sub": "${TasksTable.Arn}/index/sheets"}],
        },
        {
            "Effect": "Allow",
            "Action": READS_AND_UPDATES,
            "Resource": [{"Fn::GetAtt": ["RecordsTable", "Arn"]}],
        },
        {
            "Effect": "Allow",
            "Action": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
            "Resource": [{"Fn::GetAtt": ["HazardsTable", "Arn"]}],
        },
        {
            "Effect": "Allow",
            "Action": ["dynamodb:Query"],
            "Resource": [{"Fn::Sub": f"${{HazardsTable.Arn}}/index/{index}"} for index in ("queue", "mine", "open")],
        },
        {
            "Effect": "Allow",
            "Action": WRITES,
            "Resource": [{"Fn::GetAtt": ["RollupsTable", "Arn"]}],
        },
        {
            "Effect": "Allow",
            "Action": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            "Resource": [{"Fn::GetAtt": ["DaysQueue", "Arn"]}],
        },
    ]


def grants(manifest: Manifest, function: str, service: str) -> set[tuple[str, str]]:
    """(action, resource) of one service."""
    return {
        (action, resource["Fn::Sub"] if "Fn::Sub" in resource else resource["Fn::GetAtt"][0])
        for statement in policy(manifest, function)["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
        if action.startswith(f"{service}:")
    }


def test_buckets_are_touched_only_as_the_manifest_says(manifest: Manifest) -> None:
    assert grants(manifest, "api_handler", "s3") == {
        ("s3:PutObject", "${IncomingBucket.Arn}/*"),
        ("s3:GetObject", "${EvidenceBucket.Arn}/*"),
    }
    assert grants(manifest, "verify_upload", "s3") == {
        ("s3:GetObject", "${IncomingBucket.Arn}/*"),
        ("s3:ListBucket", "IncomingBucket"),
        ("s3:PutObject", "${EvidenceBucket.Arn}/*"),
    }
    assert grants(manifest, "sweep_uploads", "s3") == {
        ("s3:GetObject", "${IncomingBucket.Arn}/*"),
        ("s3:ListBucket", "IncomingBucket"),
    }
    assert grants(manifest, "open_days", "s3") == grants(manifest, "open_unit", "s3") == set()


def test_who_answers_the_api_may_query_the_sheets_of_a_day(manifest: Manifest) -> None:
    assert ("dynamodb:Query", "${TasksTable.Arn}/index/sheets") in grants(manifest, "api_handler", "dynamodb")


def test_only_who_reads_and_writes_files_may_look_for_those_without_a_verdict(manifest: Manifest) -> None:
    index = ("dynamodb:Query", "${UploadsTable.Arn}/index/pending")
    assert index in grants(manifest, "sweep_uploads", "dynamodb")
    assert index not in grants(manifest, "open_unit", "dynamodb")


def test_who_writes_names_on_files_may_read_those_and_list_none(manifest: Manifest) -> None:
    registry = {action for action, table in grants(manifest, "verify_upload", "dynamodb") if table == "RegistryTable"}
    assert registry == {"dynamodb:BatchGetItem", "dynamodb:GetItem"}


def test_who_answers_the_api_may_query_what_expires(manifest: Manifest) -> None:
    assert ("dynamodb:Query", "${RegistryTable.Arn}/index/expiry") in grants(manifest, "api_handler", "dynamodb")


def test_only_who_announces_the_day_or_looks_after_files_may_send(manifest: Manifest) -> None:
    assert grants(manifest, "open_days", "sqs") == {("sqs:SendMessage", "DaysQueue")}
    assert grants(manifest, "sweep_uploads", "sqs") == {("sqs:SendMessage", "ArrivalsQueue")}
    assert grants(manifest, "api_handler", "sqs") == set()


def test_no_function_may_delete_or_scan_or_touch_everything(manifest: Manifest) -> None:
    for name in manifest.functions:
        for statement in policy(manifest, name)["Statement"]:
            assert "*" not in statement["Resource"]
            for action in statement["Action"]:
                assert "*" not in action
                assert action == "sqs:DeleteMessage" or not any(word in action for word in ("Delete", "Scan"))


def test_a_function_is_told_the_queues_it_sends_to_and_no_secret_it_does_not_need(manifest: Manifest) -> None:
    told = environment(manifest, "prod", manifest.functions["open_days"])
    assert told["TEAN_QUEUE_DAYS"] == {"Ref": "DaysQueue"}
    assert told.keys() & manifest.secrets.keys() == set()


def test_the_environment_names_the_stage_and_keeps_secrets_as_references(manifest: Manifest) -> None:
    assert environment(manifest, "prod", manifest.functions["api_handler"]) == {
        "TEAN_TABLE_PREFIX": "tean-prod",
        "TEAN_UPLOAD_BYTES": "8388608",
        "TEAN_LOGINS": "60/1",
        "TEAN_UPLOADS": "600/60",
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        "TEAN_BUCKET_INCOMING": {"Ref": "IncomingBucket"},
        "TEAN_BUCKET_EVIDENCE": {"Ref": "EvidenceBucket"},
        "TEAN_PEPPER": "{{resolve:secretsmanager:tean-prod:SecretString:pepper}}",
        "TEAN_SIGNING_KEYS": "{{resolve:secretsmanager:tean-prod:SecretString:signing_keys}}",
        "WECHAT_APP_ID": "{{resolve:secretsmanager:tean-prod:SecretString:wechat_app_id}}",
        "WECHAT_SECRET": "{{resolve:secretsmanager:tean-prod:SecretString:wechat_secret}}",
    }
