"""What those say whose trade it is to find fault with templates: cfn-lint, checkov; and what China does not have."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from infra.manifest import load
from tests.package.making import ROOT

CHECKOV = ROOT / ".venv" / "checkov" / "bin" / "checkov"
TEMPLATES = ("dev/template.yaml", "dev/page.yaml", "prod/template.yaml")
API, BUCKET, DISTRIBUTION = "AWS::Serverless::Api", "AWS::S3::Bucket", "AWS::CloudFront::Distribution"
FUNCTION = "AWS::Serverless::Function"

EXCEPTIONS = {
    "CKV_AWS_18": (
        BUCKET,
        "who may read a file is judged by the API alone; a log of readings would keep addresses of people",
    ),
    "CKV_AWS_21": (BUCKET, "what arrives ends after a week, and the page is built anew; only evidence has versions"),
    "CKV_AWS_26": ("AWS::SNS::Topic", "an alarm names a resource and a number, no person"),
    "CKV_AWS_27": ("AWS::SQS::Queue", "encrypted by SQS itself (SqsManagedSseEnabled), which the check does not know"),
    "CKV_AWS_68": (DISTRIBUTION, "the API holds its own bounds; a firewall is the operator's to add"),
    "CKV_AWS_73": (API, "X-Ray does not exist in China"),
    "CKV_AWS_76": (API, "its log wants a role for the whole account, and would keep addresses of people"),
    "CKV_AWS_86": (DISTRIBUTION, "it would keep addresses of people"),
    "CKV_AWS_115": (FUNCTION, "reserved for one, it would be taken from the others; API Gateway bounds the requests"),
    "CKV_AWS_116": (
        FUNCTION,
        "queues have dead letters; a schedule that failed rings, and reading a list makes up",
    ),
    "CKV_AWS_117": (FUNCTION, "nothing it calls lies in a private network"),
    "CKV_AWS_119": ("AWS::DynamoDB::Table", "encrypted under the key that AWS manages: no key of ours to be lost"),
    "CKV_AWS_120": (API, "every answer is somebody's own"),
    "CKV_AWS_158": ("AWS::Logs::LogGroup", "encrypted by CloudWatch; no phone, name, openid or token is ever logged"),
    "CKV_AWS_173": (FUNCTION, "encrypted under the key that AWS manages: no key of ours to be lost"),
    "CKV_AWS_174": (
        DISTRIBUTION,
        "CloudFront's own domain has its own certificate, whose versions nobody chooses",
    ),
}
"""What checkov would have otherwise: of which resources, and why it is as it is."""

NOT_IN_CHINA = (
    r"XRay|Tracing: Active|TracingEnabled", r"FunctionUrl|AWS::Lambda::Url", r"AWS::Cognito", r"SnapStart", r"AWS::WAF",
    r"\bEDGE\b", r"AWS::CloudFront", r"AWS::Route53", r"AWS::Signer", r"AWS::ApiGatewayV2", r"AWS::CertificateManager",
    r"AWS::SES", r"AWS::Amplify", r"AWS::AppSync", r"RedriveAllowPolicy", r"arn:aws:", r"https://\S*amazonaws\.com\b",
)  # fmt: skip
"""Services and features that the China partition lacks, or has only for other names and licences."""


@pytest.mark.parametrize(("stage", "region"), [("dev", "ap-southeast-1"), ("prod", "cn-northwest-1")])
def test_the_templates_of_a_stage_are_clean_for_its_region(packages: Path, stage: str, region: str) -> None:
    assert load().stage(stage).region == region
    files = [str(packages / template) for template in TEMPLATES if template.startswith(stage)]
    lint = [str(Path(sys.executable).parent / "cfn-lint"), "--regions", region, "--", *files]
    result = subprocess.run(lint, capture_output=True, text=True, timeout=120, check=False)
    assert (result.stdout + result.stderr, result.returncode) == ("", 0)


def test_every_template_is_judged(packages: Path) -> None:
    assert {file.relative_to(packages).as_posix() for file in packages.rglob("*.yaml")} == set(TEMPLATES)


def test_checkov_finds_nothing_that_is_not_explained(packages: Path) -> None:
    files = [argument for template in TEMPLATES for argument in ("-f", str(packages / template))]
    done = subprocess.run(
        [str(CHECKOV), *files, "--framework", "cloudformation", "--skip-download", "--output", "json"],
        capture_output=True, text=True, check=False, timeout=120, env=os.environ | {"LOG_LEVEL": "CRITICAL"},
    )  # fmt: skip
    results = json.loads(done.stdout)["results"]
    assert len(results["passed_checks"]) > 100
    assert results["parsing_errors"] == []
    found = defaultdict(set)
    for failed in results["failed_checks"]:
        found[failed["check_id"]].add(failed["resource"].rpartition(".")[0])
    assert dict(found) == {check: {kind} for check, (kind, _) in EXCEPTIONS.items()}


def test_in_china_nothing_is_used_that_does_not_exist_there(packages: Path) -> None:
    text = (packages / "prod" / "template.yaml").read_text(encoding="utf-8")
    assert [pattern for pattern in NOT_IN_CHINA if re.search(pattern, text)] == []
    assert not (packages / "prod" / "page.yaml").exists()


USED_IN_CHINA = {
    "AWS::CloudWatch::Alarm", "AWS::DynamoDB::Table", "AWS::IAM::Role", "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SNS::Subscription", "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::Serverless::Api",
    "AWS::Serverless::Function", "AWS::Serverless::LayerVersion",
}  # fmt: skip


def test_a_new_kind_of_resource_is_first_looked_up_for_china(packages: Path) -> None:
    template = yaml.safe_load((packages / "prod" / "template.yaml").read_text(encoding="utf-8"))
    assert {found["Type"] for found in template["Resources"].values()} == USED_IN_CHINA
