"""Counting turns: one item for each person and window, which DynamoDB itself takes away (``ttl`` in the manifest).

They lie in ``access`` whatever they are turns of: no table that holds evidence has items that vanish.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from tean.adapters.dynamo import keys
from tean.adapters.dynamo.conditions import any_of
from tean.adapters.models import AccessItem

if TYPE_CHECKING:
    from tean.domain.turns import Turn


def counter(whose: str, turn: Turn) -> AccessItem:
    """Where the turns of a window are counted, for the partition ``whose``."""
    return AccessItem(whose, keys.turns(turn))


def taken(turn: Turn) -> Sequence[Action]:
    """One more."""
    return [AccessItem.v.set(1), AccessItem.taken.add(1), AccessItem.ttl.set(int(turn.ends.timestamp()))]


def left(turn: Turn) -> Condition:
    """There is one left."""
    return any_of([AccessItem.taken.does_not_exist(), AccessItem.taken < turn.most])
