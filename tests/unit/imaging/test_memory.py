"""What the largest pictures cost the whole worker: with all that it loads on Lambda, one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image

from imaging.examine import MOST_PIXELS_CLEAR, MOST_PIXELS_WHOLE
from tests.campaign import LARGE, tell
from tests.fakes.pictures import exif_with, file_of, scene

MOST_MEGABYTES = 256
WHOLE = int(MOST_PIXELS_WHOLE**0.5)
CLEAR = int(MOST_PIXELS_CLEAR**0.5)

WORKER = """
import json, os, pathlib, re, sys
os.environ |= {"AWS_REGION": "x-y-1", "TEAN_BUCKET_INCOMING": "i", "TEAN_BUCKET_EVIDENCE": "e"}
os.environ |= {"TEAN_UPLOAD_BYTES": "1", "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
from chalicelib import events
from tean import bootstrap
worker = bootstrap.arrivals()
worker.objects._s3
said = {}
for name in sys.argv[1:]:
    found = worker.examine(pathlib.Path(name).read_bytes(), ("上传 2026-11-23 09:00  A01 张示一", "DT-01 1 号客梯"))
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
    said[pathlib.Path(name).name] = [getattr(found, "code", "kept"), int(peak[1]) / 1024]
print(json.dumps(said))
"""

Make = Callable[[], bytes]
SOME: Mapping[str, Make] = {
    "baseline of 40 megapixels": lambda: file_of(scene(8000, 5000), quality=60, exif=exif_with(Orientation=6)),
    "baseline that is decoded at its full size": lambda: file_of(scene(5119, 5119), quality=60),
    "progressive": lambda: file_of(scene(WHOLE, WHOLE), progressive=True),
    "png with a colour that stands for nothing": lambda: file_of(
        scene(CLEAR, CLEAR), "PNG", transparency=(255, 0, 0), compress_level=1
    ),
    "png of sixteen bits": lambda: file_of(Image.new("I;16", (WHOLE, WHOLE), 0x8080), "PNG", compress_level=1),
}
MORE: Mapping[str, Make] = {
    "baseline of 80 megapixels": lambda: file_of(scene(8900, 8900), quality=60),
    "grey of 80 megapixels": lambda: file_of(scene(8900, 8900, "L"), quality=60),
    "cmyk": lambda: file_of(scene(WHOLE, WHOLE, "CMYK")),
    "turned progressive": lambda: file_of(scene(WHOLE, WHOLE), progressive=True, exif=exif_with(Orientation=6)),
    "png": lambda: file_of(scene(WHOLE, WHOLE), "PNG"),
    "png with a palette": lambda: file_of(scene(WHOLE, WHOLE, "P"), "PNG"),
    "png of grey with transparency": lambda: file_of(scene(CLEAR, CLEAR, "LA"), "PNG"),
    "png with transparency": lambda: file_of(scene(CLEAR, CLEAR).convert("RGBA"), "PNG"),
    "png with a transparent palette": lambda: file_of(scene(CLEAR, CLEAR, "P"), "PNG", transparency=0),
    "png of black and white with transparency": lambda: file_of(scene(CLEAR, CLEAR, "1"), "PNG", transparency=0),
}
TOO_MUCH: Mapping[str, Make] = {
    "progressive of 40 megapixels": lambda: file_of(Image.new("RGB", (8000, 5000)), progressive=True),
    "png of 40 megapixels": lambda: file_of(Image.new("RGB", (8000, 5000)), "PNG", compress_level=1),
    "clear png of 15 megapixels": lambda: file_of(Image.new("LA", (WHOLE, WHOLE)), "PNG", compress_level=1),
}


@pytest.mark.campaign
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of a process from /proc")
def test_whatever_a_phone_sends_the_worker_needs_256_megabytes_at_most(tmp_path: Path) -> None:
    kept = {**SOME, **(MORE if LARGE else {})}
    for name, make in {**kept, **TOO_MUCH}.items():
        (tmp_path / name).write_bytes(make())
    names = [str(tmp_path / name) for name in (*kept, *TOO_MUCH)]
    command = [sys.executable, "-X", "utf8", "-c", WORKER, *names]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert {name: verdict for name, (verdict, _) in said.items()} == {
        **dict.fromkeys(kept, "kept"),
        **dict.fromkeys(TOO_MUCH, "file.too_many_pixels"),
    }
    assert all(peak <= MOST_MEGABYTES for _, peak in said.values()), said
    tell("Largest pictures", "judged by one worker, one after the other", len(said))
    tell("Largest pictures", "MB at most of the whole process", round(max(peak for _, peak in said.values())))
