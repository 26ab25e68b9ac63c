"""Whether all chains of records are whole in what a scan of the table told.

After a table was restored this says whether a link is missing from a chain, or is not what was written; a chain that is
gone as a whole leaves no trace here. It reads files alone, so it may be tried on any copy.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tean.adapters.dynamo import keys
from tean.domain.errors import Invalid
from tean.domain.records import digest

Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Link:
    """A record or report: its place, its own hash, and that of the one it follows."""

    seq: int
    own: str
    previous: str | None


@dataclass
class Chain:
    """Everything of one target or kind, and the end it is said to have."""

    links: list[Link] = field(default_factory=list)
    end: tuple[int, str | None] = (0, None)

    def faults(self) -> Iterator[str]:
        """What is wrong with it, in the order of its links."""
        before: str | None = None
        for place, link in enumerate(sorted(self.links, key=lambda link: link.seq), 1):
            if link.seq != place:
                yield f"第 {place} 份不在，或有两份同号（见到第 {link.seq} 份）"
                return
            if link.previous != before:
                yield f"第 {link.seq} 份接不上它前面的那一份"
            before = link.own
        if (len(self.links), before) != self.end:
            yield f"末尾应是第 {self.end[0]} 份，见到的是第 {len(self.links)} 份，或它的内容变了"


def chains(items: Iterable[Item]) -> Mapping[str, Chain]:
    """By partition; what is no link and no end is passed over."""
    found: dict[str, Chain] = defaultdict(Chain)
    for item in items:
        text = item["body"]["S"] if "body" in item else "{}"
        told = _read(text)
        if item["sk"]["S"] == keys.HEAD:
            # One that only counts what is open of a device has no end yet.
            found[item["pk"]["S"]].end = int(item.get("seq", {}).get("N", 0)), item.get("hash", {}).get("S")
        elif "seq" in told:
            found[item["pk"]["S"]].links.append(Link(told["seq"], digest(text), told.get("previous")))
    return found


def _read(text: str) -> Mapping[str, Any]:
    try:
        told: Mapping[str, Any] = json.loads(text)
    except ValueError:
        # Cut off or overwritten: then its chain lacks a link, and says so.
        return {}
    return told


def judge(files: Iterable[Path]) -> tuple[list[str], bool]:
    """What there is to say of all files as one table, and whether there are chains and all of them are whole."""
    found = chains(item for file in files for item in _items(file))
    broken = [f"{where}：{fault}" for where, chain in sorted(found.items()) for fault in chain.faults()]
    begun = [chain for chain in found.values() if chain.links]
    links = sum(len(chain.links) for chain in begun)
    lines = [*broken, f"{len(begun)} 条链，{links} 份记录和报告，{len(broken)} 处不对。"]
    return lines, bool(begun and not broken)


def _items(file: Path) -> list[Item]:
    try:
        items: list[Item] = json.loads(file.read_text(encoding="utf-8"))["Items"]
    except (OSError, ValueError, KeyError, TypeError):
        raise Invalid("operate.no_scan", f"{file} 不是 aws dynamodb scan --output json 所得的文件。") from None
    return items
