"""Who runs the system is told by mail what no user would tell in time: failures, what waits too long, a day that was
not opened."""

from __future__ import annotations

from collections.abc import Iterator

from infra.generate.names import Json, document, logical, physical, ref
from infra.manifest import API, Manifest

TOPIC = "AlarmTopic"
PARAMETERS: Json = {
    "AlarmEmail": {
        "Type": "String",
        "Default": "",
        "Description": "Where alarms are sent by mail; it has to be confirmed there once. Empty: to nobody.",
    }
}
CONDITIONS: Json = {"AlarmsAreMailed": {"Fn::Not": [{"Fn::Equals": [ref("AlarmEmail"), ""]}]}}

_FIVE_MINUTES = 300
_HOUR = 3600
_DAY_HOURS = 24


def alarms(manifest: Manifest, stage: str) -> Json:
    """The topic, who reads it, and every alarm of a stage."""
    merged: Json = {
        TOPIC: {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": physical(manifest.prefix(stage), "alarms")}},
        "AlarmTopicPolicy": _only_alarms(),
        "AlarmMail": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "AlarmsAreMailed",
            "Properties": {"TopicArn": ref(TOPIC), "Protocol": "email", "Endpoint": ref("AlarmEmail")},
        },
    }
    return merged | {name: _alarm(properties) for name, properties in _all(manifest, stage)}


def _all(manifest: Manifest, stage: str) -> Iterator[tuple[str, Json]]:
    prefix = manifest.prefix(stage)
    for name in manifest.functions:
        who = {"FunctionName": physical(prefix, name)}
        yield logical(name, "Fails"), _any("AWS/Lambda", "Errors", who, f"{name} failed")
        yield logical(name, "IsThrottled"), _any("AWS/Lambda", "Throttles", who, f"{name} was not let run")
    for name in daily(manifest):
        yield logical(name, "IsSilent"), _silent({"FunctionName": physical(prefix, name)}, name)
    for name, queue in manifest.queues.items():
        late = 2 * queue.visibility
        yield logical(name, "Waits"), _late({"QueueName": physical(prefix, name)}, late, f"{name}: messages wait")
        dead = {"QueueName": physical(prefix, f"{name}-dead")}
        visible = "ApproximateNumberOfMessagesVisible"
        yield logical(name, "Dies"), _any("AWS/SQS", visible, dead, f"{name}: a message was given up", "Maximum")
    api = {"ApiName": manifest.app, "Stage": stage}
    yield logical(API, "AnswersBroken"), _any("AWS/ApiGateway", "5XXError", api, "the API answered 5xx")


def daily(manifest: Manifest) -> list[str]:
    """The functions that run every day or are out of order: those of daily schedules, and those that take their
    messages and nobody else's."""
    scheduled = [
        name for name, one in manifest.functions.items() if one.schedule and manifest.schedules[one.schedule].daily
    ]
    notified = {bucket.notify for bucket in manifest.buckets.values()}
    fed = [queue for name in scheduled for queue in manifest.functions[name].queues if queue not in notified]
    return scheduled + [manifest.consumer(queue) for queue in fed]


def _alarm(properties: Json) -> Json:
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmActions": [ref(TOPIC)], **properties}}


def _any(namespace: str, metric: str, of: dict[str, str], says: str, statistic: str = "Sum") -> Json:
    return _measure(namespace, metric, of, says) | {
        "Statistic": statistic,
        "Period": _FIVE_MINUTES,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0,
        "TreatMissingData": "notBreaching",
    }


def _late(queue: dict[str, str], seconds: int, says: str) -> Json:
    late = _any("AWS/SQS", "ApproximateAgeOfOldestMessage", queue, f"{says} longer than {seconds} s", "Maximum")
    return late | {"Threshold": seconds}


def _silent(function: dict[str, str], name: str) -> Json:
    # Hour by hour: a single period of a day moves on minute by minute, and would ring between two runs.
    return _measure("AWS/Lambda", "Invocations", function, f"{name} did not run for a day") | {
        "Statistic": "Sum",
        "Period": _HOUR,
        "EvaluationPeriods": _DAY_HOURS,
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1,
        "TreatMissingData": "breaching",
        # It also rings before the first night, and as long as there is no unit: that it is over has to be heard too.
        "OKActions": [ref(TOPIC)],
    }


def _measure(namespace: str, metric: str, of: dict[str, str], says: str) -> Json:
    dimensions = [{"Name": name, "Value": value} for name, value in of.items()]
    return {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions, "AlarmDescription": says}


def _only_alarms() -> Json:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": ref(TOPIC),
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
    }
    return {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [ref(TOPIC)], **document(statement)}}
