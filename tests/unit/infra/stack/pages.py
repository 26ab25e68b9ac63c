"""A client as the compiler leaves it, small, and the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from infra import demo
from infra.stack.pages import Pages

FRONT = """<!DOCTYPE html>
<html lang="zh-CN">
  <head>
    <link rel="stylesheet" href="./assets/uni.eda98007.css">
    <link rel="icon" type="image/svg+xml" href="./static/mark.svg" />
    <title>特安</title>
    <script type="module" crossorigin src="./assets/index-CmWyECHv.js"></script>
  </head>
  <body>
    <div id="app"></div>
  </body>
</html>
"""


def build(folder: Path) -> Path:
    """The client, built into a folder."""
    files = {
        "index.html": FRONT,
        "assets/uni.eda98007.css": "body { margin: 0 }",
        "assets/index-CmWyECHv.js": "export {}",
        "static/mark.svg": "<svg/>",
        "static/photo.odd": "?",
    }
    for name, text in files.items():
        (folder / "h5" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "h5" / name).write_text(text, encoding="utf-8")
    return folder / "h5"


def pages(folder: Path, people: Sequence[demo.DemoPerson] | None = None) -> Pages:
    """The pages around that client."""
    return Pages(build(folder), demo.people() if people is None else people, 15)
