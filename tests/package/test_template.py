"""The template of the package, generated from the manifest, read as AWS would read it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from pynamodb.models import Model

from app import app
from chalicelib import problems
from infra.generate.gateway import REFUSALS
from infra.manifest import API, Manifest, load
from schemas.base import ProblemAnswer
from tean import bootstrap
from tean.adapters import models

Json = dict[str, Any]

ONE_MACHINE_ONLY = ("WECHAT_API", "TEAN_FILES_ORIGIN", "AWS_ENDPOINT_URL")


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return load()


@pytest.fixture(scope="module", params=["dev", "prod"])
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def packaged(packages: Path, stage: str) -> Path:
    """The template of a stage."""
    return packages / stage / "template.yaml"


@pytest.fixture(scope="module")
def resources(packaged: Path) -> Json:
    template: Json = yaml.safe_load(packaged.read_text(encoding="utf-8"))
    found: Json = template["Resources"]
    return found


def of_type(resources: Json, kind: str) -> dict[str, Json]:
    return {name: found["Properties"] for name, found in resources.items() if found["Type"] == kind}


def test_the_template_has_no_yaml_alias_which_cloudformation_cannot_read(packaged: Path) -> None:
    tokens = yaml.scan(packaged.read_text(encoding="utf-8"))
    assert not [token for token in tokens if isinstance(token, yaml.AliasToken | yaml.AnchorToken)]


def test_no_variable_of_the_one_machine_stack_is_in_the_template(packaged: Path) -> None:
    text = packaged.read_text(encoding="utf-8")
    assert not [name for name in ONE_MACHINE_ONLY if name in text]


def test_functions_are_as_the_manifest_says(resources: Json, manifest: Manifest, stage: str) -> None:
    lambdas = of_type(resources, "AWS::Serverless::Function")
    assert {
        found["FunctionName"]: (found["Runtime"], found["Architectures"], found["MemorySize"], found["Timeout"])
        for found in lambdas.values()
    } == {
        f"tean-{stage}-api-handler": ("python3.12", ["x86_64"], 512, 10),
        f"tean-{stage}-open-days": ("python3.12", ["x86_64"], 256, 60),
        f"tean-{stage}-open-unit": ("python3.12", ["x86_64"], 512, 60),
        f"tean-{stage}-sweep-uploads": ("python3.12", ["x86_64"], 256, 120),
        f"tean-{stage}-verify-upload": ("python3.12", ["x86_64"], 1024, 60),
    }
    assert lambdas["APIHandler"]["Layers"] == [{"Ref": "CoreLayer"}]
    assert lambdas["VerifyUpload"]["Layers"] == [{"Ref": "CoreLayer"}, {"Ref": "ImagingLayer"}]


def test_the_runtime_is_the_manifests_whatever_python_packages(resources: Json, manifest: Manifest) -> None:
    assert {found["Runtime"] for found in of_type(resources, "AWS::Serverless::Function").values()} == {
        manifest.runtime
    }
    for layer in of_type(resources, "AWS::Serverless::LayerVersion").values():
        assert layer["CompatibleRuntimes"] == [manifest.runtime]


def test_every_handler_is_found_by_the_name_lambda_is_given(resources: Json) -> None:
    for function in of_type(resources, "AWS::Serverless::Function").values():
        module, _, name = function["Handler"].rpartition(".")
        assert callable(getattr(import_module(module), name))


def test_layers_lie_beside_the_template(resources: Json) -> None:
    layers = of_type(resources, "AWS::Serverless::LayerVersion")
    assert {name: layer["ContentUri"] for name, layer in layers.items()} == {
        "CoreLayer": "layers/core.zip",
        "ImagingLayer": "layers/imaging.zip",
    }


def test_each_function_has_a_role_and_a_log_of_its_own(resources: Json, manifest: Manifest, stage: str) -> None:
    roles = [found["Role"]["Fn::GetAtt"][0] for found in of_type(resources, "AWS::Serverless::Function").values()]
    assert sorted(roles) == ["ApiHandlerRole", "OpenDaysRole", "OpenUnitRole", "SweepUploadsRole", "VerifyUploadRole"]
    logs = of_type(resources, "AWS::Logs::LogGroup").values()
    assert {log["LogGroupName"] for log in logs} == {
        f"/aws/lambda/{found['FunctionName']}" for found in of_type(resources, "AWS::Serverless::Function").values()
    }
    assert {log["RetentionInDays"] for log in logs} == {manifest.stages[stage].log_retention_days}


def test_the_schedule_is_in_utc(resources: Json) -> None:
    rule = resources["OpenDays"]["Properties"]["Events"]["OpenDaysRule"]
    assert (rule["Type"], rule["Properties"]["Schedule"]) == ("Schedule", "cron(5 16 * * ? *)")
    sweep = resources["SweepUploads"]["Properties"]["Events"]["SweepUploadsRule"]
    assert (sweep["Type"], sweep["Properties"]["Schedule"]) == ("Schedule", "cron(*/15 * * * ? *)")


@pytest.mark.parametrize(
    ("function", "queue", "batch", "at_once"), [("OpenUnit", "Days", 10, 10), ("VerifyUpload", "Arrivals", 1, 20)]
)
def test_of_a_batch_only_the_messages_that_failed_come_again_and_few_run_at_once(
    resources: Json, function: str, queue: str, batch: int, at_once: int
) -> None:
    assert resources[function]["Properties"]["Events"] == {
        f"{queue}Messages": {
            "Type": "SQS",
            "Properties": {
                "Queue": {"Fn::GetAtt": [f"{queue}Queue", "Arn"]},
                "BatchSize": batch,
                "ScalingConfig": {"MaximumConcurrency": at_once},
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
            },
        }
    }


def test_a_message_that_fails_five_times_is_kept_for_two_weeks(resources: Json) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    assert set(queues) == {"DaysQueue", "DaysDeadLetters", "ArrivalsQueue", "ArrivalsDeadLetters"}
    for name in ("Days", "Arrivals"):
        redrive = {"deadLetterTargetArn": {"Fn::GetAtt": [f"{name}DeadLetters", "Arn"]}, "maxReceiveCount": 5}
        assert queues[f"{name}Queue"]["RedrivePolicy"] == redrive
        assert queues[f"{name}Queue"]["VisibilityTimeout"] == 360
        assert queues[f"{name}DeadLetters"]["MessageRetentionPeriod"] == 1_209_600
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())


def test_tables_are_kept_backed_up_encrypted_and_forget_nothing(
    resources: Json, manifest: Manifest, stage: str
) -> None:
    tables = of_type(resources, "AWS::DynamoDB::Table")
    assert {table["TableName"] for table in tables.values()} == {f"tean-{stage}-{name}" for name in manifest.tables}
    for name, table in tables.items():
        assert resources[name]["DeletionPolicy"] == resources[name]["UpdateReplacePolicy"] == "Retain"
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["DeletionProtectionEnabled"] is True
        # Only counters of turns have the attribute: nothing else is ever forgotten.
        ttl = {"AttributeName": "ttl", "Enabled": True} if name == "AccessTable" else None
        assert table.get("TimeToLiveSpecification") == ttl


def test_an_index_may_share_a_key_with_its_table(resources: Json) -> None:
    registry = resources["RegistryTable"]["Properties"]
    assert [one["AttributeName"] for one in registry["AttributeDefinitions"]] == ["expires", "pk", "sk"]
    assert registry["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "expiry",
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "expires", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ]


def test_an_index_has_its_keys(resources: Json) -> None:
    assert resources["TasksTable"]["Properties"]["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "sheets",
            "KeySchema": [
                {"AttributeName": "unit", "KeyType": "HASH"},
                {"AttributeName": "sheet", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ]


def test_buckets_are_private_encrypted_and_kept(resources: Json) -> None:
    buckets = of_type(resources, "AWS::S3::Bucket")
    assert set(buckets) == {"IncomingBucket", "EvidenceBucket"}
    for name, bucket in buckets.items():
        assert resources[name]["DeletionPolicy"] == "Retain"
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["BucketEncryption"]
        (statement,) = resources[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_evidence_has_versions_can_be_locked_and_never_ends(resources: Json, stage: str) -> None:
    evidence = resources["EvidenceBucket"]["Properties"]
    locked = evidence.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
    assert locked == {"dev": None, "prod": {"Mode": "GOVERNANCE", "Years": 5}}[stage]
    assert evidence["VersioningConfiguration"] == {"Status": "Enabled"}
    assert evidence["ObjectLockEnabled"] is True
    assert "LifecycleConfiguration" not in evidence
    assert "CorsConfiguration" not in evidence


def test_an_arrival_is_told_to_the_queue_and_ends_after_a_week(resources: Json, stage: str) -> None:
    bucket = resources["IncomingBucket"]
    incoming = bucket["Properties"]
    assert incoming["BucketName"] == {"Fn::Sub": f"tean-{stage}-incoming-${{AWS::AccountId}}"}
    assert incoming["NotificationConfiguration"]["QueueConfigurations"] == [
        {"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["ArrivalsQueue", "Arn"]}}
    ]
    (expiry,) = incoming["LifecycleConfiguration"]["Rules"]
    assert (expiry["ExpirationInDays"], expiry["Status"]) == (7, "Enabled")
    # S3 tries the queue when the bucket is made, so the permission must be there before it.
    assert bucket["DependsOn"] == ["ArrivalsQueuePolicy"]


def test_only_the_incoming_bucket_of_this_account_may_fill_the_queue(resources: Json, stage: str) -> None:
    (statement,) = resources["ArrivalsQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnEquals": {
            "aws:SourceArn": {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::tean-{stage}-incoming-${{AWS::AccountId}}"}
        },
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    }


def test_the_api_is_regional_and_compresses(resources: Json, stage: str) -> None:
    api = resources["RestAPI"]["Properties"]
    assert (api["EndpointConfiguration"], api["StageName"]) == ("REGIONAL", stage)
    assert api["MinimumCompressionSize"] == 1024


def test_the_api_lets_through_what_it_can_bear_and_logs_no_content(resources: Json) -> None:
    (settings,) = resources["RestAPI"]["Properties"]["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (200, 400)
    assert settings["DataTraceEnabled"] is False


def test_the_api_has_no_stage_but_its_own_and_no_metrics_that_are_paid_for_by_method(resources: Json) -> None:
    api = resources["RestAPI"]["Properties"]
    assert api["OpenApiVersion"] == api["DefinitionBody"]["swagger"] == "2.0"
    assert [settings["MetricsEnabled"] for settings in api["MethodSettings"]] == [False]


def test_every_route_of_the_app_is_a_path_of_the_api(resources: Json) -> None:
    paths = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    assert {(path, method.upper()) for path, methods in paths.items() for method in methods} == {
        (path, method) for path, methods in app.routes.items() for method in methods
    }


def test_the_gateway_refuses_in_the_one_problem_shape(resources: Json) -> None:
    answers = resources["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} < set(answers)
    for answer in answers.values():
        body = answer["responseTemplates"]["application/json"]
        problem = ProblemAnswer.model_validate_json(body)
        assert body.isascii(), "CloudFormation may turn other characters into question marks"
        assert answer["statusCode"] == str(problem.status)
        assert problem.details == {"request": "$context.requestId"}
        assert answer["responseParameters"]["gatewayresponse.header.Content-Type"] == "'application/problem+json'"


def test_an_unknown_address_is_not_found(resources: Json) -> None:
    answers = resources["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    for kind in ("MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "RESOURCE_NOT_FOUND"):
        problem = json.loads(answers[kind]["responseTemplates"]["application/json"])
        assert (problem["status"], problem["code"]) == (404, "route.unknown")


def test_gateway_and_app_say_the_same_for_the_same_code() -> None:
    app_says = dict([*problems._OWN.values(), problems._BROKEN])
    gateway_says = {refusal.code: refusal.sentence for refusal in REFUSALS}
    shared = app_says.keys() & gateway_says.keys()
    assert {"route.unknown", "request.too_large", "request.not_json", "server.error"} <= shared
    assert {code: gateway_says[code] for code in shared} == {code: app_says[code] for code in shared}


ENTRIES = {
    API: bootstrap.services,
    "open_days": bootstrap.announcements,
    "open_unit": bootstrap.days,
    "sweep_uploads": bootstrap.sweep,
    "verify_upload": bootstrap.arrivals,
}


def test_every_function_finds_what_it_reads_and_only_the_api_is_given_secrets(
    manifest: Manifest, resources: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    functions = of_type(resources, "AWS::Serverless::Function")
    assert len(functions) == len(ENTRIES)
    for name, function in functions.items():
        entry = next(entry for own, entry in ENTRIES.items() if _resource(own) == name.lower())
        given = {key: str(value) for key, value in function["Environment"]["Variables"].items()}
        keys = json.dumps([{"kid": "k", "key": "x" * 32}])
        told = given | {"TEAN_SIGNING_KEYS": keys} if "TEAN_SIGNING_KEYS" in given else given
        monkeypatch.setattr(os, "environ", told | {"AWS_REGION": "cn-northwest-1"})
        _whole(entry.__wrapped__())
        assert bool(set(manifest.secrets) & set(given)) == (entry is bootstrap.services), name


def _whole(made: object) -> None:
    """Let it make what it makes when first asked."""
    for name, member in vars(type(made)).items():
        if isinstance(member, cached_property):
            assert getattr(made, name) is not None


def _resource(function: str) -> str:
    return function.replace("_", "")


def test_every_function_table_and_schedule_of_the_manifest_exists_in_the_app_and_vice_versa(
    manifest: Manifest,
) -> None:
    assert app.app_name == manifest.app
    assert {API, *(function.name for function in app.pure_lambda_functions)} == set(manifest.functions)
    # Triggers are written in the manifest alone: a decorator with one of its own would be merged over.
    assert app.event_sources == []
    assert app.builtin_auth_handlers == []
    assert {function.schedule for function in manifest.functions.values()} - {None} == set(manifest.schedules)
    assert {name: in_code(model) for name, model in tables_in_code().items()} == {
        name: (
            table.partition,
            table.sort,
            {key: (index.partition, index.sort) for key, index in table.indexes.items()},
        )
        for name, table in manifest.tables.items()
    }


def tables_in_code() -> dict[str, type[Model]]:
    return {
        model.Meta.table_name.removeprefix(f"{models.PREFIX}-"): model
        for model in vars(models).values()
        if isinstance(model, type) and issubclass(model, Model) and hasattr(model, "Meta")
        if model.__module__ == models.__name__
    }


def in_code(model: type[Model]) -> tuple[str, str, dict[str, tuple[str, str]]]:
    """Keys and indexes, as DynamoDB is told them."""
    schema = model._get_schema()
    indexes = {index["index_name"]: keys(index["key_schema"]) for index in schema["global_secondary_indexes"]}
    return (*keys(schema["key_schema"]), indexes)


def keys(schema: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    by_type = {key["KeyType"]: key["AttributeName"] for key in schema}
    return by_type["HASH"], by_type["RANGE"]


ALLOWED = {
    "dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query",
    "dynamodb:UpdateItem", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
    "sns:Publish", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage",
    "sts:AssumeRole",
}  # fmt: skip
"""Every action that anybody is allowed; a new one is first thought about here."""


def allowing(part: Any) -> Iterator[Json]:
    """Every statement of a template that allows something."""
    if isinstance(part, list):
        for each in part:
            yield from allowing(each)
    elif isinstance(part, dict):
        if part.get("Effect") == "Allow":
            yield part
        for each in part.values():
            yield from allowing(each)


def test_nothing_is_allowed_that_is_not_listed_and_nothing_to_everything(resources: Json) -> None:
    statements = list(allowing(resources))
    assert {action for one in statements for action in listed(one["Action"])} == ALLOWED
    assert [one for one in statements if one.get("Principal") in ("*", {"AWS": "*"})] == []
    named = [str(where) for one in statements for where in listed(one.get("Resource", []))]
    assert {where for where in named if "*" in where} == {
        "{'Fn::Sub': '${EvidenceBucket.Arn}/*'}",
        "{'Fn::Sub': '${IncomingBucket.Arn}/*'}",
    }


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_it_is_no_larger_than_cloudformation_takes(packaged: Path) -> None:
    assert len(packaged.read_bytes()) < 1_000_000
