"""``python -m infra.package dev [prod …]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.interpreter import missing
from infra.manifest import Manifest, load
from infra.package.build import SUMS, build
from tean.domain.errors import Problem, Unavailable

ROOT = Path(__file__).parent.parent.parent


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> None:
    """Build the package of each stage and say what it is and what comes next."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description="打包，供部署")
    parser.add_argument("stages", nargs="+", help="部署阶段")
    stages = parser.parse_args(arguments).stages
    try:
        manifest = load(root / "chalicelake.yaml")
        check_interpreter(manifest)
        for built in build(manifest, stages, root):
            print(f"{built.relative_to(root)}：\n{(built / SUMS).read_text()}", end="")
    except Problem as problem:
        sys.exit(problem.sentence)
    print("下一步见 docs/deploy.md。")


def check_interpreter(manifest: Manifest, version: tuple[int, ...] = tuple(sys.version_info[:2])) -> None:
    """Refuse any Python but the deployed one: ``package.wrong_python``."""
    running = "python{}.{}".format(*version)
    if running != manifest.runtime:
        raise Unavailable("package.wrong_python", missing(manifest.runtime.removeprefix("python")))


if __name__ == "__main__":
    main()
