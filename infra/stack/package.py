"""A package of ``make package``, unpacked as Lambda unpacks it, and what its template says of each function."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import yaml

from infra.generate.names import function_id
from tean.domain.errors import NotFound

TEMPLATE = "template.yaml"


@dataclass(frozen=True)
class Packaged:
    """One function of a package. ``variables`` is the environment it is given, as the template says it."""

    name: str
    handler: str
    memory: int
    timeout: int
    variables: Mapping[str, Any]
    layers: tuple[Path, ...]
    policy: Mapping[str, Any]
    """With references into the template."""


class Package:
    """The package in ``folder``: its template, and all its zips unpacked beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = folder / "functions"
        self._resources = yaml.safe_load((folder / TEMPLATE).read_text(encoding="utf-8"))["Resources"]

    @classmethod
    def unpack(cls, package: Path, to: Path) -> Package:
        """Unpack ``build/<stage>``; NotFound ``package.none`` when that is none."""
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir(parents=True)
        try:
            shutil.copyfile(package / TEMPLATE, to / TEMPLATE)
            for archive in package.rglob("*.zip"):
                with ZipFile(archive) as zipped:
                    zipped.extractall(to / archive.relative_to(package).with_suffix(""))
        except (OSError, BadZipFile):
            raise NotFound("package.none", f"{package} 不是打好的包。先运行 make package，再试一次。") from None
        return cls(to)

    @property
    def routes(self) -> list[str]:
        """The paths of the API."""
        return list(self._properties("RestAPI")["DefinitionBody"]["paths"])

    def functions(self, names: Iterable[str]) -> dict[str, Packaged]:
        """The functions by their names in the manifest."""
        return {name: self._function(name) for name in names}

    def _function(self, name: str) -> Packaged:
        said = self._properties(function_id(name))
        role = self._properties(said["Role"]["Fn::GetAtt"][0])
        (policy,) = role["Policies"]
        return Packaged(
            name=name,
            handler=said["Handler"],
            memory=said["MemorySize"],
            timeout=said["Timeout"],
            variables=said["Environment"]["Variables"],
            layers=tuple(self._layer(layer["Ref"]) for layer in said["Layers"]),
            policy=policy["PolicyDocument"],
        )

    def _layer(self, logical_id: str) -> Path:
        archive = Path(self._properties(logical_id)["ContentUri"])
        return self.folder / archive.with_suffix("") / "python"

    def _properties(self, logical_id: str) -> Any:
        return self._resources[logical_id]["Properties"]
