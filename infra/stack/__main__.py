"""``python -m infra.stack [--port 8600] [--state .state]``: what ``make run`` runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from infra.stack.stack import Stack
from infra.stack.state import State
from tean.domain.errors import Problem


def main() -> int:
    """Run the stack until Ctrl-C; 1 and one sentence when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m infra.stack", description="特安，整套在一台机器上")
    parser.add_argument("--port", type=int, default=8600, help="网关的端口")
    parser.add_argument("--state", type=Path, default=Path(".state"), help="状态文件夹")
    options = parser.parse_args()
    try:
        Stack(State(options.state), options.port).run()
    except Problem as problem:
        sys.stderr.write(f"{problem.sentence}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
