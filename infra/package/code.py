"""The code of the functions and the template, as Chalice makes them; its zip is packed anew, compiled."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

from infra.generate.faults import CODE
from infra.generate.write import MERGE, write
from infra.manifest import Manifest
from infra.package.archive import pack
from infra.package.commands import chalice, compile_for

IN_LAMBDA = "/var/task"
TEMPLATE = "template.yaml"


def build_code(manifest: Manifest, stage: str, sources: Path, to: Path) -> None:
    """``template.yaml`` and ``functions.zip`` of a stage in ``to``, from the copy ``sources``."""
    write(manifest, stage, sources)
    made = sources / "build" / stage
    _chalice(manifest, stage, sources, made)
    shutil.copyfile(made / "sam.yaml", to / TEMPLATE)
    _repack(made / "deployment.zip", made / "code", to / CODE)


def _chalice(manifest: Manifest, stage: str, sources: Path, to: Path) -> None:
    merge = ["--merge-template", str(sources / MERGE)]
    chalice(
        "--project-dir", str(sources / "functions"), "package", "--stage", stage, *merge, str(to),
        AWS_DEFAULT_REGION=manifest.stage(stage).region,
        # It imports the app; these stand before what this environment knows by the same names.
        PYTHONPATH=":".join(str(sources / folder) for folder in ("layers/core", "layers/imaging", ".")),
    )  # fmt: skip


def _repack(made: Path, folder: Path, to: Path) -> None:
    with ZipFile(made) as zipped:
        zipped.extractall(folder)
    compile_for(folder, IN_LAMBDA)
    pack(folder, to)
