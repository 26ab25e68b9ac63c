"""What Chalice leaves out of its functions: triggers, layers, environment, names; and its API's refusals."""

from __future__ import annotations

from infra.generate.gateway import responses
from infra.generate.names import Json, arn, function_id, logical, physical, ref
from infra.manifest import API, Function, Manifest


def functions(manifest: Manifest, stage: str) -> Json:
    """Overrides to be merged over Chalice's resources, by logical id."""
    merged: Json = {}
    for name in manifest.functions:
        merged[function_id(name)] = _function(manifest, stage, name)
        merged[logical(name, "LogGroup")] = _log_group(manifest, stage, name)
        merged[logical(name, "Role")] = _role()
    merged["RestAPI"] = {
        "Properties": {"DefinitionBody": {"x-amazon-apigateway-gateway-responses": responses()}},
    }
    return merged


def environment(manifest: Manifest, stage: str, function: Function) -> Json:
    """The environment variables of a function; a secret is a reference that CloudFormation resolves."""
    prefix = manifest.prefix(stage)
    variables: Json = {"TEAN_TABLE_PREFIX": prefix, "TEAN_UPLOAD_BYTES": str(manifest.limits.upload_bytes)}
    variables["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # there are none, and each cold start would look for them
    variables |= {f"TEAN_BUCKET_{name.upper()}": ref(logical(name, "Bucket")) for name in manifest.buckets}
    variables |= {f"TEAN_QUEUE_{name.upper()}": ref(logical(name, "Queue")) for name in function.queues}
    return variables | {name: _secret(prefix, manifest.secrets[name]) for name in function.secrets}


def _secret(prefix: str, key: str) -> str:
    return f"{{{{resolve:secretsmanager:{prefix}:SecretString:{key}}}}}"


def _function(manifest: Manifest, stage: str, name: str) -> Json:
    function = manifest.functions[name]
    properties: Json = {
        "FunctionName": physical(manifest.prefix(stage), name),
        # Chalice writes the Python it happens to run on.
        "Runtime": manifest.runtime,
        "Layers": [ref(logical(layer, "Layer")) for layer in function.layers],
        "Environment": {"Variables": environment(manifest, stage, function)},
    }
    if name != API:
        properties["Events"] = _events(manifest, function)
    # The log group first, or Lambda makes one of its own that is kept for ever.
    return {"DependsOn": [logical(name, "LogGroup")], "Properties": properties}


def _events(manifest: Manifest, function: Function) -> Json:
    if function.schedule:
        return {logical(function.schedule, "Rule"): _rule(manifest, function.schedule)}
    queue = str(function.consumes)
    return {logical(queue, "Messages"): _messages(manifest, queue)}


def _rule(manifest: Manifest, name: str) -> Json:
    schedule = manifest.schedules[name]
    properties = {"Schedule": f"cron({schedule.utc})", "Description": f"{schedule.cron} in {manifest.timezone}"}
    return {"Type": "Schedule", "Properties": properties}


def _messages(manifest: Manifest, name: str) -> Json:
    properties = {
        "Queue": arn(logical(name, "Queue")),
        "BatchSize": manifest.queues[name].batch,
        # Only the messages that failed come again; Chalice cannot say this.
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    return {"Type": "SQS", "Properties": properties}


def _log_group(manifest: Manifest, stage: str, name: str) -> Json:
    # Chalice derives the name from the function, which for the API is a reference to a resource that does not exist,
    # and for all of them would close a circle: function, role, policy, log group.
    return {"Properties": {"LogGroupName": f"/aws/lambda/{physical(manifest.prefix(stage), name)}"}}


def _role() -> Json:
    # Chalice gives all roles one and the same object, which is written as a YAML alias; CloudFormation reads none.
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}}
