"""The layers: locked wheels for Lambda's machine, our own packages beside them, cut to what is used, compiled."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from infra.interpreter import Target
from infra.manifest import Layer, Manifest
from infra.package.archive import pack
from infra.package.commands import compile_for, pip
from infra.package.slim import slim

IN_LAMBDA = "/opt/python"
"""Where Lambda unpacks the folder ``python`` of every layer."""
WHEELS = Path(sys.prefix) / "wheels"
"""What the set-up has downloaded (``infra.environment``)."""


def build_layers(manifest: Manifest, root: Path, sources: Path, to: Path) -> None:
    """``to/<name>.zip`` of each layer; their locks are taken from ``root``, our own code from ``sources``."""
    for name, layer in manifest.layers.items():
        content = to / name
        _fill(content / "python", manifest, root / "requirements" / f"{name}.txt", sources, layer)
        compile_for(content / "python", IN_LAMBDA)
        pack(content, to / f"{name}.zip")


def _fill(folder: Path, manifest: Manifest, lock: Path, sources: Path, layer: Layer) -> None:
    _install(folder, manifest, lock)
    slim(folder)
    for package in layer.packages:
        shutil.copytree(sources / package, folder / Path(package).name)


def _install(folder: Path, manifest: Manifest, lock: Path) -> None:
    wanted = Target(manifest.runtime.removeprefix("python"), manifest.architecture).wheels
    source = ["--no-index", "--find-links", str(WHEELS), "--require-hashes", "--requirement", str(lock)]
    pip("install", "--quiet", "--no-deps", "--no-compile", "--target", str(folder), *wanted, *source)
