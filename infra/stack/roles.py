"""The roles of a package's functions on one machine: what its template permits, and nothing else.

Storage enforces them as AWS does (``AUTH``), so a function that is not permitted something fails here first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from infra.generate.names import logical, physical
from infra.manifest import Manifest
from infra.stack.package import Packaged
from infra.stack.provision import REGION, STAGE

ACCOUNT = "000000000000"
SESSION_HOURS = 12
"""As long as STS lets a role be taken."""
_POLICY = "generated"
_TAKEN_BY_US = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}


def make_roles(iam: Any, manifest: Manifest, functions: Iterable[Packaged]) -> None:
    """One role for each function, with the policy of its template; again, the policy is replaced."""
    arns = _arns(manifest)
    for function in functions:
        name = role_name(manifest, function.name)
        trust = json.dumps({"Version": "2012-10-17", "Statement": [_TAKEN_BY_US]})
        if not _exists(iam, name):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration=SESSION_HOURS * 3600)
        document = json.dumps(_as_asked(resolved(function.policy, arns)))
        iam.put_role_policy(RoleName=name, PolicyName=_POLICY, PolicyDocument=document)


def role_variables(sts: Any, manifest: Manifest, function: str) -> dict[str, str]:
    """The credentials of a function's role, as Lambda tells them."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role_name(manifest, function)}"
    taken = sts.assume_role(RoleArn=arn, RoleSessionName=function, DurationSeconds=SESSION_HOURS * 3600)["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": taken["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": taken["SecretAccessKey"],
        "AWS_SESSION_TOKEN": taken["SessionToken"],
    }


def role_name(manifest: Manifest, function: str) -> str:
    """What the role of a function is called."""
    return physical(manifest.prefix(STAGE), function)


def resolved(value: Any, arns: Mapping[str, str]) -> Any:
    """A part of a template with the ARNs it refers to; KeyError for one that is not there."""
    if isinstance(value, list):
        return [resolved(each, arns) for each in value]
    if not isinstance(value, dict):
        return value
    if "Fn::GetAtt" in value:
        return arns[value["Fn::GetAtt"][0]]
    if "Fn::Sub" in value:
        name, _, rest = value["Fn::Sub"].removeprefix("${").partition(".Arn}")
        return arns[name] + rest
    return {key: resolved(each, arns) for key, each in value.items()}


def _as_asked(document: Any) -> Any:
    # AWS asks for SendMessage whether one or ten are sent; this storage asks for an action that AWS does not have.
    for statement in document["Statement"]:
        if "sqs:SendMessage" in statement["Action"]:
            statement["Action"].append("sqs:SendMessageBatch")
    return document


def _exists(iam: Any, name: str) -> bool:
    try:
        iam.get_role(RoleName=name)
    except iam.exceptions.NoSuchEntityException:
        return False
    return True


def _arns(manifest: Manifest) -> dict[str, str]:
    prefix, here = manifest.prefix(STAGE), f"{REGION}:{ACCOUNT}"
    arns = {logical(name, "Table"): f"arn:aws:dynamodb:{here}:table/{prefix}-{name}" for name in manifest.tables}
    arns |= {logical(name, "Bucket"): f"arn:aws:s3:::{physical(prefix, name)}" for name in manifest.buckets}
    arns |= {logical(name, "Queue"): f"arn:aws:sqs:{here}:{physical(prefix, name)}" for name in manifest.queues}
    for name in manifest.functions:
        arns[logical(name, "LogGroup")] = f"arn:aws:logs:{here}:log-group:/aws/lambda/{physical(prefix, name)}:*"
    return arns
