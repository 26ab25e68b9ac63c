"""The tables as PynamoDB sees them: keys, indexes, and the attributes that conditions and updates touch.

Whatever else an item holds is JSON in ``body`` (see ``tean.adapters.dynamo.codec``).
"""

# PynamoDB ships types but leaves the making of maps and indexes untyped.
# mypy: untyped-calls-exclude=pynamodb

from __future__ import annotations

import os
from typing import Any

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from tean.adapters.parsing import LightConnection

PREFIX = os.environ.get("TEAN_TABLE_PREFIX", "tean-local")
"""What every table's name begins with; one deployment, one prefix."""

# botocore reads only AWS_DEFAULT_REGION, Lambda promises AWS_REGION.
_REGION = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


class _Settings:
    region = _REGION
    billing_mode = PAY_PER_REQUEST_BILLING_MODE


class Table(Model):
    """What every item has: its key, the version of its layout, and its body."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    v = NumberAttribute(default=1)
    body = UnicodeAttribute(null=True)


class AccessItem(Table):
    """Openids, phones, the directory of units, WeChat's token, how often somebody did what has a limit."""

    class Meta(_Settings):
        table_name = f"{PREFIX}-access"

    phone = UnicodeAttribute(null=True)
    people = UnicodeSetAttribute(null=True)
    token = UnicodeAttribute(null=True)
    ends = UnicodeAttribute(null=True)
    taken = NumberAttribute(null=True)
    ttl = NumberAttribute(null=True)


class ExpiryIndex(GlobalSecondaryIndex["RegistryItem"]):
    """The targets of a unit that have a date, earliest first; sparse."""

    class Meta:
        index_name = "expiry"
        projection = AllProjection()

    pk = UnicodeAttribute(hash_key=True)
    expires = UnicodeAttribute(range_key=True)


class RegistryItem(Table):
    """A unit, its people and targets."""

    class Meta(_Settings):
        table_name = f"{PREFIX}-registry"

    version = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    roles = UnicodeSetAttribute(null=True)
    state_reason = UnicodeAttribute(null=True)
    officers = ListAttribute(of=UnicodeAttribute, null=True)
    unit_kind = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    removed = BooleanAttribute(null=True)
    expires = UnicodeAttribute(null=True)
    expiry_index = ExpiryIndex()


class SheetIndex(GlobalSecondaryIndex["TaskItem"]):
    """The sheets of a unit's day."""

    class Meta:
        index_name = "sheets"
        projection = AllProjection()

    unit = UnicodeAttribute(hash_key=True)
    sheet = UnicodeAttribute(range_key=True)


class TaskItem(Table):
    """To-do rows and sheets."""

    class Meta(_Settings):
        table_name = f"{PREFIX}-tasks"

    due = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)
    closed_at = UnicodeAttribute(null=True)
    closed_by_name = UnicodeAttribute(null=True)
    target_state = UnicodeAttribute(null=True)
    stamp = UnicodeAttribute(null=True)
    fails = NumberAttribute(null=True)
    missed_at = UnicodeAttribute(null=True)
    plan = UnicodeAttribute(null=True)
    crew = NumberAttribute(null=True)
    closed = BooleanAttribute(null=True)
    owed: MapAttribute[str, Any] = MapAttribute(null=True)
    done: MapAttribute[str, Any] = MapAttribute(null=True)
    suspended: MapAttribute[str, Any] = MapAttribute(null=True)
    unit = UnicodeAttribute(null=True)
    sheet = UnicodeAttribute(null=True)
    sheets = SheetIndex()


class RecordItem(Table):
    """Records and reports, the head of each target's chain, and drafted minutes."""

    class Meta(_Settings):
        table_name = f"{PREFIX}-records"

    person = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    seq = NumberAttribute(null=True)
    hash = UnicodeAttribute(null=True)
    open_general = NumberAttribute(null=True)
    open_serious = NumberAttribute(null=True)
    open_major = NumberAttribute(null=True)


class QueueIndex(GlobalSecondaryIndex["HazardItem"]):
    """A unit's hazards in one state, in the order they are worked off."""

    class Meta:
        index_name = "queue"
        projection = AllProjection()

    queue = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class MineIndex(GlobalSecondaryIndex["HazardItem"]):
    """A person's hazards in one state."""

    class Meta:
        index_name = "mine"
        projection = AllProjection()

    mine = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class OpenIndex(GlobalSecondaryIndex["HazardItem"]):
    """A unit's hazards that are not rectified, by target kind; sparse."""

    class Meta:
        index_name = "open"
        projection = AllProjection()

    open = UnicodeAttribute(hash_key=True)
    open_at = UnicodeAttribute(range_key=True)


class HazardItem(Table):
    """Hazards and their steps."""

    class Meta(_Settings):
        table_name = f"{PREFIX}-hazards"

    state = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    grade = UnicodeAttribute(null=True)
    duty = UnicodeAttribute(null=True)
    unit_kind = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    finder = UnicodeAttribute(null=True)
    assignee = UnicodeAttribute(null=True)
    deadline = UnicodeAttribute(null=True)
    rectified_at = UnicodeAttribute(null=True)
    last_step = UnicodeAttribute(null=True)
    devices = ListAttribute(of=UnicodeAttribute, null=True)
    extension = UnicodeAttribute(null=True)
    queue = UnicodeAttribute(null=True)
    mine = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)
    open = UnicodeAttribute(null=True)
    open_at = UnicodeAttribute(null=True)
    queue_index = QueueIndex()
    mine_index = MineIndex()
    open_index = OpenIndex()


class PendingIndex(GlobalSecondaryIndex["UploadItem"]):
    """The files without a verdict, in shards, whichever is to be looked after first; sparse."""

    class Meta:
        index_name = "pending"
        projection = AllProjection()

    pending = UnicodeAttribute(hash_key=True)
    look_at = UnicodeAttribute(range_key=True)


class UploadItem(Table):
    """Uploaded files and the verdict on each."""

    class Meta(_Settings):
        table_name = f"{PREFIX}-uploads"

    kind = UnicodeAttribute(null=True)
    verdict = UnicodeAttribute(null=True)
    pending = UnicodeAttribute(null=True)
    look_at = UnicodeAttribute(null=True)
    pending_index = PendingIndex()


class RollupItem(Table):
    """What closed buckets came to."""

    class Meta(_Settings):
        table_name = f"{PREFIX}-rollups"

    version = NumberAttribute(null=True)
    final = BooleanAttribute(null=True)
    packed = BinaryAttribute(null=True, legacy_encoding=False)
    cut = BooleanAttribute(null=True)


TABLES: tuple[type[Table], ...] = (
    AccessItem, RegistryItem, TaskItem, RecordItem, HazardItem, UploadItem, RollupItem,
)  # fmt: skip


def _one_connection() -> Connection:
    """One client for all tables: PynamoDB would make one for each, and a cold start would pay for all of them.

    No host is named, so that botocore looks for ``AWS_ENDPOINT_URL_DYNAMODB``. The patience (seconds a try, three
    tries) fits the ten seconds an API call has.
    """
    shared = LightConnection(
        region=_REGION, connect_timeout_seconds=1, read_timeout_seconds=3, max_retry_attempts=2, max_pool_connections=10
    )
    for table in TABLES:
        link = table._get_connection()
        shared.add_meta_table(link.get_meta_table())
        link.connection = shared
    return shared


CONNECTION = _one_connection()
