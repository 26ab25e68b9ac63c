"""Counting turns: one item for each person and window, which DynamoDB itself takes away (``ttl`` in the manifest)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from tean.adapters.dynamo.conditions import any_of

if TYPE_CHECKING:
    from tean.adapters.models import AccessItem, UploadItem
    from tean.domain.turns import Turn


def taken(table: type[AccessItem | UploadItem], turn: Turn) -> Sequence[Action]:
    """One more."""
    return [table.v.set(1), table.taken.add(1), table.ttl.set(int(turn.ends.timestamp()))]


def left(table: type[AccessItem | UploadItem], turn: Turn) -> Condition:
    """There is one left."""
    return any_of([table.taken.does_not_exist(), table.taken < turn.most])
