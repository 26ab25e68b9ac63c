"""The ports of storage together."""

from __future__ import annotations

from typing import Protocol

from tean.adapters.ports.access import Access
from tean.adapters.ports.days import DayWrites
from tean.adapters.ports.hazards import Hazards
from tean.adapters.ports.inspections import Inspections
from tean.adapters.ports.registry import Registry
from tean.adapters.ports.reports import Reports
from tean.adapters.ports.rollups import Rollups
from tean.adapters.ports.tasks import Tasks
from tean.adapters.ports.uploads import Uploads


class Days(Registry, Tasks, DayWrites, Inspections, Rollups, Hazards, Protocol):
    """What opening and closing a day needs."""


class Store(Access, Days, Reports, Uploads, Protocol):
    """All of storage; services name only the part they need."""
