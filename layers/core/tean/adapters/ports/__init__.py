"""What the services ask of the world outside: storage, files, queues, WeChat, the clock.

Each port has a real adapter beside this package and a fake in ``tests/fakes``; both pass ``tests/contract``. What a
port takes and answers lies with it.
"""

from __future__ import annotations

from typing import Protocol

from tean.adapters.ports.access import Access, AppToken, Binding, WeChat
from tean.adapters.ports.common import PAGE, Clock, Page
from tean.adapters.ports.hazards import Hazards, Move, NotMoved
from tean.adapters.ports.inspections import Entry, Facts, Inspections, NotSubmitted, Submission
from tean.adapters.ports.registry import SHARDS, CustomKey, NotRevised, Registry
from tean.adapters.ports.reports import Filing, NotFiled, ReportFacts, Reports
from tean.adapters.ports.tasks import (
    MOST_WRITES,
    PARTS_AT_ONCE,
    CloseRow,
    CloseSheet,
    DayWrite,
    Listed,
    Messages,
    PutMissed,
    PutRollup,
    PutRow,
    PutSheet,
    ReopenRow,
    ReviseRow,
    ReviseSheet,
    Rollups,
    Tasks,
    WithdrawRow,
    actions,
)
from tean.adapters.ports.uploads import Uploads


class Days(Registry, Tasks, Inspections, Rollups, Hazards, Protocol):
    """What opening and closing a day needs."""


class Store(Access, Days, Reports, Uploads, Protocol):
    """All of storage; services name only the part they need."""


__all__ = [
    "MOST_WRITES", "PAGE", "PARTS_AT_ONCE", "SHARDS", "Access", "AppToken", "Binding", "Clock", "CloseRow",
    "CloseSheet", "CustomKey", "DayWrite", "Days", "Entry", "Facts", "Filing", "Hazards", "Inspections",
    "Listed", "Messages", "Move", "NotFiled", "NotMoved", "NotRevised", "NotSubmitted", "Page", "PutMissed",
    "PutRollup", "PutRow", "PutSheet", "Registry", "ReopenRow", "ReportFacts", "Reports", "ReviseRow",
    "ReviseSheet", "Rollups", "Store", "Submission", "Tasks", "Uploads", "WeChat", "WithdrawRow", "actions",
]  # fmt: skip
