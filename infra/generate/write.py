"""Writes what is generated to where Chalice looks for it."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from infra.generate.config import config
from infra.generate.names import Json
from infra.generate.policies import policy
from infra.generate.resources import resources
from infra.manifest import Manifest
from tean.domain.errors import NotFound

ROOT = Path(__file__).parent.parent.parent


def write(manifest: Manifest, stage: str, root: Path = ROOT) -> list[Path]:
    """Write Chalice's config, the policies and ``build/resources.yaml`` of ``stage`` under ``root``."""
    if stage not in manifest.stages:
        raise NotFound("manifest.no_stage", f"没有部署阶段 {stage}，只有：{'、'.join(manifest.stages)}。")
    chalice = root / "functions" / ".chalice"
    merge = root / "build" / "resources.yaml"
    files = {chalice / f"{name}.json": _json(policy(manifest, name)) for name in manifest.functions}
    files |= {chalice / "config.json": _json(config(manifest)), merge: yaml.safe_dump(resources(manifest, stage))}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _json(value: Json) -> str:
    return json.dumps(value, indent=1) + "\n"
