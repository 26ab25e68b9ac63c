"""The programs that build: this very Python's pip, Chalice and compiler, undisturbed by whoever calls them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tean.domain.errors import Unavailable

_KEPT = ("PATH", "HOME", "TMPDIR", "LANG")
_SETTLED = {
    # Sets are compiled in the order of their hashes.
    "PYTHONHASHSEED": "0",
    # What is imported while packaging must not be packaged as compiled here.
    "PYTHONDONTWRITEBYTECODE": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


def pip(*arguments: str) -> None:
    """This Python's pip."""
    _python("-m", "pip", *arguments)


def chalice(*arguments: str, **variables: str) -> None:
    """Chalice's command, with environment variables besides the settled ones."""
    _python("-c", "from chalice.cli import main; main()", *arguments, **variables)


def compile_for(folder: Path, where: str) -> None:
    """Compile ``folder`` as it will lie at ``where``."""
    _python("-S", str(Path(__file__).with_name("precompile.py")), str(folder), where)


def _python(*arguments: str, **variables: str) -> None:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    done = subprocess.run(
        [sys.executable, *arguments], env=kept | _SETTLED | variables, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise Unavailable("package.failed", "没有打成包，原因见上面的输出。")
