"""What a package's template refers to is found on one machine, or it is said that it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.generate.policies import policy
from infra.manifest import load
from infra.stack import artefact
from infra.stack.invoke import Functions
from infra.stack.package import Package
from infra.stack.roles import _arns, _as_asked, resolved
from tean.domain.errors import NotFound

MANIFEST = load()


@pytest.mark.parametrize("function", list(MANIFEST.functions))
def test_every_reference_of_a_policy_is_found(function: str) -> None:
    for statement in resolved(policy(MANIFEST, function), _arns(MANIFEST))["Statement"]:
        assert statement["Resource"]
        for arn in statement["Resource"]:
            assert arn.startswith("arn:aws:")
            assert "tean-local-" in arn


def test_an_index_lies_under_its_table() -> None:
    found = resolved({"Fn::Sub": "${HazardsTable.Arn}/index/queue"}, _arns(MANIFEST))
    assert found == "arn:aws:dynamodb:ap-southeast-1:000000000000:table/tean-local-hazards/index/queue"


def test_what_the_template_does_not_have_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        resolved([{"Fn::GetAtt": ["AtticTable", "Arn"]}], _arns(MANIFEST))


def test_only_who_may_send_one_message_may_send_several() -> None:
    sends, reads = ({"Statement": [{"Action": [action]}]} for action in ("sqs:SendMessage", "sqs:ReceiveMessage"))
    assert _as_asked(sends)["Statement"][0]["Action"] == ["sqs:SendMessage", "sqs:SendMessageBatch"]
    assert _as_asked(reads)["Statement"][0]["Action"] == ["sqs:ReceiveMessage"]


def test_a_folder_that_is_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="不是打好的包。先运行 make package"):
        Package.unpack(tmp_path / "nothing", tmp_path / "to")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "template.yaml").write_text("Resources: {}")
    (tmp_path / "damaged" / "functions.zip").write_bytes(b"half a zip")
    with pytest.raises(NotFound, match="不是打好的包"):
        Package.unpack(tmp_path / "damaged", tmp_path / "to")


def test_without_a_package_the_sources_are_run() -> None:
    assert isinstance(artefact.functions(MANIFEST, {}), Functions)
