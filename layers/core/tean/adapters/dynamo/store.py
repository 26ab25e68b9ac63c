"""The whole store."""

from __future__ import annotations

from tean.adapters.dynamo.access import DynamoAccess
from tean.adapters.dynamo.days import DynamoDays
from tean.adapters.dynamo.hazards import DynamoHazards
from tean.adapters.dynamo.inspections import DynamoInspections
from tean.adapters.dynamo.registry import DynamoRegistry
from tean.adapters.dynamo.reports import DynamoReports
from tean.adapters.dynamo.rollups import DynamoRollups
from tean.adapters.dynamo.tasks import DynamoTasks
from tean.adapters.dynamo.uploads import DynamoUploads
from tean.adapters.ports.store import Store


class DynamoStore(
    DynamoAccess,
    DynamoRegistry,
    DynamoTasks,
    DynamoDays,
    DynamoInspections,
    DynamoRollups,
    DynamoHazards,
    DynamoReports,
    DynamoUploads,
    Store,
):
    """All of storage on seven tables and one connection."""
