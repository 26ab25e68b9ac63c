"""The whole build: a clean copy, the layers once, then each stage; put in place only when all of it is there."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.manifest import Manifest
from infra.package.code import build_code
from infra.package.layers import build_layers
from infra.package.sources import export

PAGE = Path(__file__).parent.parent / "page.yaml"
"""CloudFront, which in China asks for a domain and certificate of the operator's own."""
SUMS = "SHA256SUMS"
"""The SHA-256 of everything else, as ``sha256sum --check`` reads it."""


def build(manifest: Manifest, stages: Sequence[str], root: Path) -> list[Path]:
    """``build/<stage>/`` of each of ``stages``: template, code, layers and sums; NotFound for an unknown one."""
    for stage in stages:
        manifest.stage(stage)
    with TemporaryDirectory() as workshop:
        sources, layers = Path(workshop) / "sources", Path(workshop) / "layers"
        export(root, sources)
        build_layers(manifest, root, sources, layers)
        return [_stage(manifest, stage, root, sources, layers) for stage in stages]


def _stage(manifest: Manifest, stage: str, root: Path, sources: Path, layers: Path) -> Path:
    draft, place = root / "build" / f".{stage}", root / "build" / stage
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "layers").mkdir(parents=True)
    for name in manifest.layers:
        shutil.copyfile(layers / f"{name}.zip", draft / "layers" / f"{name}.zip")
    build_code(manifest, stage, sources, draft)
    if manifest.stage(stage).partition == "aws":
        shutil.copyfile(PAGE, draft / PAGE.name)
    (draft / SUMS).write_text("".join(_sums(draft)), encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    draft.rename(place)
    return place


def _sums(folder: Path) -> Iterator[str]:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n"
