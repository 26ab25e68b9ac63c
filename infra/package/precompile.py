"""Compiles a folder for Lambda: ``python -S precompile.py FOLDER WHERE``.

Lambda can write no ``__pycache__``; without this every cold start compiles botocore and pydantic anew, which takes two
thirds of it. Each file knows the place where it will lie, ``WHERE``, not the one where it was compiled, and is taken as
it is: nobody looks whether the source has changed.

A process of its own, in which nothing else happens: what a compiled file looks like depends to the byte on which
strings the process already holds.
"""

from __future__ import annotations

import sys
from pathlib import Path
from py_compile import PycInvalidationMode, compile


def main(folder: Path, where: str) -> None:
    """Compile every module under ``folder``; a syntax error ends it."""
    for file in sorted(folder.rglob("*.py")):
        compile(
            str(file),
            dfile=f"{where}/{file.relative_to(folder).as_posix()}",
            doraise=True,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
