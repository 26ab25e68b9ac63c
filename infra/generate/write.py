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

MERGE = Path("build", "resources.yaml")
"""What is merged over Chalice's template, for one stage."""


def write(manifest: Manifest, stage: str, root: Path) -> list[Path]:
    """Write Chalice's config, the policies and :data:`MERGE` of ``stage`` under ``root``."""
    chalice = root / "functions" / ".chalice"
    files = {chalice / f"{name}.json": _json(policy(manifest, name)) for name in manifest.functions}
    files |= {
        chalice / "config.json": _json(config(manifest)),
        root / MERGE: yaml.safe_dump(resources(manifest, stage)),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _json(value: Json) -> str:
    return json.dumps(value, indent=1) + "\n"
