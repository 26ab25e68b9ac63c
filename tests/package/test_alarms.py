"""Whoever runs the system hears of every failure, of what waits too long, and of a day that was not opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.generate.alarms import daily
from infra.manifest import Manifest, load

Json = dict[str, Any]
MANIFEST = load()


@pytest.fixture(scope="module", params=["dev", "prod"])
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def template(packages: Path, stage: str) -> Json:
    found: Json = yaml.safe_load((packages / stage / "template.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def alarms(template: Json) -> dict[tuple[str, ...], Json]:
    """By what they watch: metric, then the values of its dimensions."""
    found = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    return {(one["MetricName"], *(each["Value"] for each in one["Dimensions"])): one for one in found}


def names(stage: str) -> tuple[list[str], list[str]]:
    functions = [f"tean-{stage}-{name.replace('_', '-')}" for name in MANIFEST.functions]
    return functions, [f"tean-{stage}-{name}" for name in MANIFEST.queues]


def test_all_that_can_go_wrong_is_watched(alarms: dict[tuple[str, ...], Json], stage: str) -> None:
    functions, queues = names(stage)
    assert set(alarms) == {
        *(("Errors", function) for function in functions),
        *(("Throttles", function) for function in functions),
        *(("ApproximateAgeOfOldestMessage", queue) for queue in queues),
        *(("ApproximateNumberOfMessagesVisible", f"{queue}-dead") for queue in queues),
        ("Invocations", f"tean-{stage}-open-days"),
        ("Invocations", f"tean-{stage}-open-unit"),
        ("Invocations", f"tean-{stage}-sweep-uploads"),
        ("5XXError", "tean", stage),
    }


def test_what_is_watched_exists_by_that_name(template: Json, alarms: dict[tuple[str, ...], Json], stage: str) -> None:
    properties = [found["Properties"] for found in template["Resources"].values()]
    functions = {one["FunctionName"] for one in properties if "Handler" in one}
    queues = {one["QueueName"] for one in properties if "QueueName" in one}
    api = template["Resources"]["RestAPI"]["Properties"]
    assert (api["DefinitionBody"]["info"]["title"], api["StageName"]) == ("tean", stage)
    watched = {name for metric, name, *_ in alarms if metric != "5XXError"}
    assert watched == functions | queues


def test_one_failure_rings_within_five_minutes(alarms: dict[tuple[str, ...], Json]) -> None:
    loud = {"Errors", "Throttles", "5XXError", "ApproximateNumberOfMessagesVisible"}
    for (metric, *_), alarm in alarms.items():
        if metric in loud:
            assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (300, 1, 0)
            assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")


def test_a_message_rings_when_it_waits_longer_than_two_tries(alarms: dict[tuple[str, ...], Json], stage: str) -> None:
    for name, queue in MANIFEST.queues.items():
        alarm = alarms["ApproximateAgeOfOldestMessage", f"tean-{stage}-{name}"]
        assert (alarm["Threshold"], alarm["Statistic"]) == (2 * queue.visibility, "Maximum")


def test_a_day_on_which_nothing_was_opened_rings(alarms: dict[tuple[str, ...], Json], stage: str) -> None:
    for function in ("open-days", "open-unit", "sweep-uploads"):
        alarm = alarms["Invocations", f"tean-{stage}-{function}"]
        assert alarm["Period"] * alarm["EvaluationPeriods"] == 86_400
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
        assert alarm["TreatMissingData"] == "breaching", "no run leaves no number at all"


def test_only_what_runs_every_day_may_be_missed() -> None:
    assert daily(MANIFEST) == ["open_days", "sweep_uploads", "open_unit"]
    assert daily(on(MANIFEST, "5 0 ? * MON *")) == ["sweep_uploads"]
    assert daily(on(MANIFEST, "5 0 ? * * *")) == ["open_days", "sweep_uploads", "open_unit"]


def on(manifest: Manifest, cron: str) -> Manifest:
    schedule = manifest.schedules["open_days"].model_copy(update={"cron": cron})
    return manifest.model_copy(update={"schedules": {**manifest.schedules, "open_days": schedule}})


def test_alarms_are_mailed_to_whom_the_deployment_names(template: Json, alarms: dict[tuple[str, ...], Json]) -> None:
    assert {str(alarm["AlarmActions"]) for alarm in alarms.values()} == {str([{"Ref": "AlarmTopic"}])}
    mail = template["Resources"]["AlarmMail"]
    assert mail["Properties"] == {
        "TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"},
    }  # fmt: skip
    assert template["Parameters"]["AlarmEmail"]["Default"] == ""
    assert template["Conditions"][mail["Condition"]] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}


def test_only_alarms_of_this_account_are_told(template: Json) -> None:
    (statement,) = template["Resources"]["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
