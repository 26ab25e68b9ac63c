"""Whatever comes in, there is a verdict, in time and in one piece; and what is kept is a bare picture."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from imaging.examine import examine
from tests.campaign import size, tell
from tests.fakes.mutants import mutant, seeds
from tests.fakes.pictures import PNG_MAGIC

SECONDS = 20
"""That one small picture may take before it counts as one that never ends."""

JUDGE = f"""
import collections, json, signal, sys
from imaging.examine import examine
from tests.fakes.mutants import mutant
from tests.unit.imaging.test_mutants import fault_of
said = collections.Counter()
for number in range(int(sys.argv[1]), int(sys.argv[2])):
    print(number, file=sys.stderr, flush=True)
    signal.alarm({SECONDS})
    data = mutant(number)
    found = examine(data, ("上传 2026-11-23 09:00  A01 张示一",) if number % 4 == 0 else ())
    code = getattr(found, "code", "kept")
    if code == "kept" and (fault := fault_of(found.content) or fault_of(found.thumbnail)):
        sys.exit(fault)
    said[code] += 1
print(json.dumps(said))
"""
"""The last number that stands in its stderr is that of the mutant it did not survive."""


def fault_of(content: bytes) -> str:
    """What is wrong with a picture that is kept, if anything is: it must decode, and hold nothing but itself."""
    from tests.fakes.pictures import opened

    picture = opened(content)
    allowed = {"jfif", "jfif_version", "jfif_unit", "jfif_density"} if picture.format == "JPEG" else set()
    if set(picture.info) - allowed or picture.getexif():
        return f"there is metadata: {sorted(picture.info)}"
    end = b"\xff\xd9" if picture.format == "JPEG" else b"IEND\xaeB`\x82"
    return "" if content.endswith(end) and content.count(end) == 1 else "there is something behind its end"


@pytest.mark.parametrize("name", seeds())
def test_the_pictures_that_are_tampered_with_are_good_ones(name: str) -> None:
    expected = "file.animated" if name.startswith("animated") else "kept"
    assert getattr(examine(seeds()[name]), "code", "kept") == expected


def test_tampering_reaches_what_lies_behind_the_checksums() -> None:
    mutants = [mutant(number) for number in range(300)]
    assert len(set(mutants)) > 280
    assert sum(data.startswith(PNG_MAGIC) for data in mutants) > 100
    assert not {*mutants} <= {*seeds().values()}


@pytest.mark.campaign
def test_every_mutant_gets_a_verdict_and_what_is_kept_is_a_bare_picture() -> None:
    number, batch = size(200, 6_000), 1_000
    codes: dict[str, int] = {}
    for start in range(0, number, batch):
        command = [sys.executable, "-X", "utf8", "-c", JUDGE, str(start), str(min(number, start + batch))]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        for code, times in json.loads(done.stdout).items():
            codes[code] = codes.get(code, 0) + times
    assert sum(codes.values()) == number
    assert codes.keys() <= {
        "kept", "file.damaged", "file.not_picture", "file.too_many_pixels", "file.too_small", "file.animated"
    }  # fmt: skip
    assert codes["kept"] > number / 20 < codes["file.damaged"], "neither is rare"
    tell("Mutated images", "judged", number)
    tell("Mutated images", "of them kept, each a bare picture", codes["kept"])
