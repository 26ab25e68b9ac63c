"""Measure a cold start: ``python -m tests.bench.cold``.

Of the source tree it is written into docs/figures.md. Of what was packaged it is only shown: ``--code`` names the
folders of the function and of its layers, in the order of Python's path, ``--python`` the Python they were made for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests import figures
from tests.bench.cold_start import Laid, cold_start, own
from tests.bench.lines import HEAD, line


def table(laid: Laid) -> str:
    """Loading and the first answer."""
    measured = cold_start(laid)
    api, bare = measured.api, measured.bare
    return figures.table(
        HEAD,
        [
            line("init and first Query: the API / a bare boto3 handler", measured.answered, 1.6),
            line("init alone / the same, whose client is made then", measured.loaded, 1.15),
            line("the libraries the API stands on / the same", measured.libraries),
            *(_loaded(when, api.modules[when], bare.modules[when]) for when in api.modules),
        ],
    )


def _loaded(when: str, ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, str, str, str]:
    return f"modules after {when}", f"{len(ours)} / {len(theirs)}", "", f"{len(own(ours))} are our own"


def told(arguments: Sequence[str]) -> Laid:
    """Where what is to be measured lies."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cold")
    parser.add_argument("--code", nargs="+", type=lambda folder: Path(folder).resolve(strict=True), default=Laid.code)
    parser.add_argument("--python", default=sys.executable)
    return Laid(**vars(parser.parse_args(arguments)))


def main(arguments: Sequence[str]) -> None:
    """Measure and tell."""
    laid = told(arguments)
    text = table(laid)
    sys.stdout.write(f"{text}\n")
    if not laid.packaged:
        figures.write("cold", f"### A cold start\n\n{text}")


if __name__ == "__main__":
    main(sys.argv[1:])
