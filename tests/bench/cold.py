"""Measure a cold start: ``python -m tests.bench.cold build/prod``.

Of a package of ``make package`` it is written into docs/figures.md: its zips, unpacked, by Lambda's Python. Without
one the source tree is measured, and only shown.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.manifest import API
from infra.stack.artefact import PYTHON
from infra.stack.package import Package
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


def main(arguments: Sequence[str]) -> None:
    """Measure and tell."""
    if not arguments:
        sys.stdout.write(f"{table(Laid())}\n")
        return
    with TemporaryDirectory() as folder:
        text = table(_unpacked(Path(arguments[0]), Path(folder) / "package"))
    sys.stdout.write(f"{text}\n")
    figures.write("cold", f"### A cold start\n\n{text}")


def _unpacked(package: Path, to: Path) -> Laid:
    unpacked = Package.unpack(package, to)
    (api,) = unpacked.functions([API]).values()
    return Laid((unpacked.code, *api.layers), str(PYTHON))


if __name__ == "__main__":
    main(sys.argv[1:])
