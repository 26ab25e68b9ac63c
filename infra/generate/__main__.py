"""``python -m infra.generate [--stage dev]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.generate.write import ROOT, write
from infra.manifest import load
from tean.domain.errors import Problem


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> None:
    """Write everything of one stage and say what comes next."""
    parser = argparse.ArgumentParser(prog="python -m infra.generate", description="由 chalicelake.yaml 生成部署文件")
    parser.add_argument("--stage", default="dev", help="部署阶段（默认 dev）")
    stage = parser.parse_args(arguments).stage
    try:
        manifest = load()
        written = write(manifest, stage, root)
    except Problem as problem:
        sys.exit(problem.sentence)
    print(f"{stage}：已生成", "、".join(str(path.relative_to(root)) for path in written))
    print(
        f"下一步：AWS_DEFAULT_REGION={manifest.stages[stage].region} chalice --project-dir functions package"
        f" --stage {stage} --merge-template ../build/resources.yaml ../build/package"
    )


if __name__ == "__main__":
    main()
