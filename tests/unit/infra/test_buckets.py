"""Who may send into a bucket from a page, and how long evidence is locked: what the stage says, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from infra.generate.buckets import bucket
from infra.manifest import Manifest, load


def stage(**fields: Any) -> Manifest:
    """The manifest with a stage ``trial`` that says this."""
    manifest = load()
    raw = manifest.model_dump() | {"stages": {"trial": {"partition": "aws-cn", "region": "cn-north-1", **fields}}}
    raw["stages"]["trial"]["log_retention_days"] = 30
    return Manifest.model_validate(raw)


def properties(manifest: Manifest, name: str) -> dict[str, Any]:
    found: dict[str, Any] = bucket(manifest, "trial", name)[f"{name.capitalize()}Bucket"]["Properties"]
    return found


def test_the_page_of_the_stage_and_no_other_may_post_files() -> None:
    manifest = stage(page="https://tean.example.cn")
    (rule,) = properties(manifest, "incoming")["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == (["https://tean.example.cn"], ["POST"])
    assert "CorsConfiguration" not in properties(manifest, "evidence")


def test_without_a_page_no_page_may() -> None:
    assert "CorsConfiguration" not in properties(stage(), "incoming")


@pytest.mark.parametrize(
    "page", ["*", "https://*", "http://tean.example.cn", "https://tean.example.cn/", "https://tean.example.cn/h5", ""]
)
def test_a_page_is_one_origin(page: str) -> None:
    with pytest.raises(ValueError, match="page"):
        stage(page=page)


@pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
def test_evidence_is_locked_as_long_as_the_stage_says(mode: str) -> None:
    evidence = properties(stage(lock={"mode": mode, "years": 7}), "evidence")
    assert evidence["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": mode, "Years": 7}},
    }
    assert "ObjectLockConfiguration" not in properties(stage(lock={"mode": mode, "years": 7}), "incoming")


def test_without_a_lock_it_can_still_be_locked_later() -> None:
    evidence = properties(stage(), "evidence")
    assert evidence["ObjectLockEnabled"] is True
    assert "ObjectLockConfiguration" not in evidence
