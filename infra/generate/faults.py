"""What is wrong or missing in what Chalice 1.34 writes, put right in this one place, with the report upstream if any.

Not used at all are its ``deploy``, its guessed policies (aws/chalice#985) and ``on_s3_event``, which it cannot package
(aws/chalice#1119); triggers of queues and schedules are ours (docs/adr/0001).
"""

from __future__ import annotations

from infra.generate.names import Json, function_id, logical, physical
from infra.manifest import Manifest

CODE = "functions.zip"
"""The code of all functions, beside the template."""


def stage_settings() -> Json:
    """For ``config.json``."""
    return {
        # Its default, EDGE, does not exist in China (aws/chalice#977).
        "api_gateway_endpoint_type": "REGIONAL",
        # It would guess permissions from the source, and guess too little (aws/chalice#985).
        "autogen_policy": False,
    }


def for_api() -> Json:
    """Properties of the API."""
    # Without a version SAM makes a second stage, called Stage, for which no bounds are set (aws/chalice#1655).
    return {"OpenApiVersion": "2.0"}


def for_function(manifest: Manifest, stage: str, name: str) -> Json:
    """To be merged over the resources of one function, by logical id."""
    return {
        function_id(name): {
            # Else Lambda may make the log group first, one that is kept for ever.
            "DependsOn": [logical(name, "LogGroup")],
            # It writes the Python it runs on, and knows no setting for it; its zip is packed anew.
            "Properties": {"Runtime": manifest.runtime, "CodeUri": CODE},
        },
        logical(name, "LogGroup"): _log_group(physical(manifest.prefix(stage), name)),
        logical(name, "Role"): _role(),
    }


def _log_group(function: str) -> Json:
    # It derives the name from the function, which for the API is a reference to a resource that does not exist
    # (aws/chalice#2079), and for all of them would close a circle: function, role, policy, log group.
    return {"Properties": {"LogGroupName": f"/aws/lambda/{function}"}}


def _role() -> Json:
    # It gives all roles one and the same object, which is written as a YAML alias; CloudFormation reads none.
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}}
