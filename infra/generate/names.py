"""How the parts of the manifest are called in CloudFormation, and its few functions."""

from __future__ import annotations

from typing import Any

from infra.manifest import API

Json = dict[str, Any]

KEPT: Json = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
"""What outlives the stack."""


def logical(name: str, kind: str = "") -> str:
    """The logical id of a part: ``open_days`` and ``LogGroup`` give ``OpenDaysLogGroup``."""
    return "".join(word.capitalize() for word in name.split("_")) + kind


def function_id(name: str) -> str:
    """The logical id of a function as Chalice writes it."""
    return "APIHandler" if name == API else logical(name)


def physical(prefix: str, name: str) -> str:
    """The name of a part within its account: ``tean-dev-open-days``."""
    return f"{prefix}-{name.replace('_', '-')}"


def ref(logical_id: str) -> Json:
    """A resource's own value: its name, or the URL of a queue."""
    return {"Ref": logical_id}


def arn(logical_id: str) -> Json:
    """A resource's ARN."""
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def sub(text: str) -> Json:
    """Text with ``${…}`` filled in by CloudFormation."""
    return {"Fn::Sub": text}


def document(*statements: Json) -> Json:
    """The property that holds a policy."""
    return {"PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
