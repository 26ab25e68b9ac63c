"""How far a unit's day is, for those who answer for others: what is owed and what is done in all they see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tean.domain.membership import Membership
from tean.domain.tasks import Sheet
from tean.domain.visibility import sees_kind


@dataclass(frozen=True)
class Day:
    """Targets to check, checked, and found suspended, each target counted once."""

    owed: int
    done: int
    suspended: int


def day_of(member: Membership, sheets: Iterable[Sheet]) -> Day:
    """The sums of everybody's sheets over the target kinds that ``member`` sees."""
    whole = tuple(sheets)
    return Day(
        owed=sum(_seen(member, sheet.owed) for sheet in whole),
        done=sum(_seen(member, sheet.done) for sheet in whole),
        suspended=sum(_seen(member, sheet.suspended) for sheet in whole),
    )


def _seen(member: Membership, counts: Mapping[str, int]) -> int:
    return sum(count for kind, count in counts.items() if sees_kind(member, kind))
