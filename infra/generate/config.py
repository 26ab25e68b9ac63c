"""Chalice's own ``config.json``."""

from __future__ import annotations

from infra.generate.faults import stage_settings
from infra.generate.names import Json
from infra.manifest import Function, Manifest, Stage


def config(manifest: Manifest) -> Json:
    """The configuration of every stage."""
    stages = {name: _stage(manifest, name, stage) for name, stage in manifest.stages.items()}
    return {"version": "2.0", "app_name": manifest.app, "stages": stages}


def _stage(manifest: Manifest, name: str, stage: Stage) -> Json:
    return {
        "api_gateway_stage": name,
        "minimum_compression_size": manifest.limits.compress_from,
        "lambda_architecture": manifest.architecture,
        "log_retention_in_days": stage.log_retention_days,
        **stage_settings(),
        "lambda_functions": {name: _function(name, function) for name, function in manifest.functions.items()},
    }


def _function(name: str, function: Function) -> Json:
    return {
        "lambda_memory_size": function.memory,
        "lambda_timeout": function.timeout,
        "iam_policy_file": f"{name}.json",
    }
