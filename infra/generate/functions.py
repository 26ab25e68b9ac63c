"""What Chalice does not know of the functions: triggers, layers, environment, names; its API's refusals and bounds."""

from __future__ import annotations

from infra.generate.faults import for_api, for_function
from infra.generate.gateway import responses
from infra.generate.names import Json, arn, function_id, logical, physical, ref
from infra.manifest import API, Function, Limits, Manifest


def functions(manifest: Manifest, stage: str) -> Json:
    """Overrides to be merged over Chalice's resources, by logical id."""
    merged: Json = {"RestAPI": {"Properties": for_api() | _api(manifest.limits)}}
    for name in manifest.functions:
        put_right = for_function(manifest, stage, name)
        put_right[function_id(name)]["Properties"] |= _properties(manifest, stage, name)
        merged |= put_right
    return merged


def _api(limits: Limits) -> Json:
    everything = {"ResourcePath": "/*", "HttpMethod": "*"}
    bounds = {"ThrottlingRateLimit": limits.requests_per_second, "ThrottlingBurstLimit": limits.requests_at_once}
    return {
        "DefinitionBody": {"x-amazon-apigateway-gateway-responses": responses()},
        # Never what is asked and answered: it names people. Nor metrics of each method, which are paid for one by one:
        # those of the stage are there without, and the log lines tell the rest.
        "MethodSettings": [{**everything, **bounds, "MetricsEnabled": False, "DataTraceEnabled": False}],
    }


def environment(manifest: Manifest, stage: str, function: Function) -> Json:
    """The environment variables of a function; a secret is a reference that CloudFormation resolves."""
    prefix = manifest.prefix(stage)
    variables: Json = {"TEAN_TABLE_PREFIX": prefix, **manifest.limits.variables()}
    variables["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # there are none, and each cold start would look for them
    variables |= {f"TEAN_BUCKET_{name.upper()}": ref(logical(name, "Bucket")) for name in manifest.buckets}
    variables |= {f"TEAN_QUEUE_{name.upper()}": ref(logical(name, "Queue")) for name in function.queues}
    return variables | {name: _secret(prefix, manifest.secrets[name]) for name in function.secrets}


def _secret(prefix: str, key: str) -> str:
    return f"{{{{resolve:secretsmanager:{prefix}:SecretString:{key}}}}}"


def _properties(manifest: Manifest, stage: str, name: str) -> Json:
    function = manifest.functions[name]
    properties: Json = {
        "FunctionName": physical(manifest.prefix(stage), name),
        "Layers": [ref(logical(layer, "Layer")) for layer in function.layers],
        "Environment": {"Variables": environment(manifest, stage, function)},
    }
    return properties if name == API else properties | {"Events": _events(manifest, function)}


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
        # Else a night with many units could take all that an account may run at once, and leave nothing for people.
        "ScalingConfig": {"MaximumConcurrency": manifest.queues[name].at_once},
        # Only the messages that failed come again; Chalice cannot say this.
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    return {"Type": "SQS", "Properties": properties}
