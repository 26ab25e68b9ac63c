"""What storage would have said: the same for every side, in the plainest values. Only the standard library, because the
sides have nothing else in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

PERSON = "P1"
TARGET = "E-000"
TODAY = "2026-11-23"
PAGE = 50

ROWS: Sequence[Mapping[str, Any]] = [
    {
        "duty": "daily", "due": TODAY, "target": f"E-{number:03d}", "name": f"{number} 号桥式起重机",
        "location": "示例大厦 A 座大堂", "unit_kind": "use", "kind": "4000", "state": "open",
    }
    for number in range(PAGE)
]  # fmt: skip


def page() -> dict[str, Any]:
    """The page of to-dos."""
    return {"today": TODAY, "items": ROWS, "names": {}}


def receipt(*, target: str, duty: str, due: str, state: str, failed: Sequence[str]) -> dict[str, Any]:
    """What the first submission of the day is answered."""
    return {
        "record": f"{duty}.{due}.v01",
        "number": f"{due.replace('-', '')}-{target}-01",
        "target": target,
        "duty": duty,
        "due": due,
        "state": state,
        "received_at": f"{due}T01:00:00.000Z",
        "late": False,
        "fails": len(failed),
        "hazards": [f"{due.replace('-', '')}T010000000Z.{target}.{item}.{PERSON}" for item in failed],
        "stop_use": False,
    }
