"""``python -m infra.stack [--port 8600] [--state .state] [--package build/dev]``: what ``make run`` runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tean.domain.errors import Problem


def main() -> int:
    """Run the stack until Ctrl-C; 1 and one sentence when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m infra.stack", description="特安，整套在一台机器上")
    parser.add_argument("--port", type=int, default=8600, help="网关的端口")
    parser.add_argument("--state", type=Path, default=Path(".state"), help="状态文件夹")
    parser.add_argument("--package", type=Path, help="运行打好的包（make package），而不是源码")
    options = parser.parse_args()
    try:
        _run(options.state, options.port, options.package)
    except Problem as problem:
        sys.stderr.write(f"{problem.sentence}\n")
        return 1
    except OSError as failure:
        sys.stderr.write(f"已停下：{failure.strerror}（{failure.filename}）。处理后再运行一次。\n")
        return 1
    except KeyboardInterrupt:
        # So early that nothing was started.
        return 0
    return 0


def _run(state: Path, port: int, package: Path | None) -> None:
    # Here, because it takes a second in which somebody may press Ctrl-C.
    from infra.stack.stack import Stack
    from infra.stack.state import State

    Stack(State(state), port, package).run()


if __name__ == "__main__":
    sys.exit(main())
