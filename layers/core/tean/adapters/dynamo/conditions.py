"""What writes demand, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from schemas.language import FileKind, Grade, TargetState, TaskState, Verdict
from tean.adapters.dynamo import marks
from tean.adapters.models import RecordItem, RegistryItem, RollupItem, Table, TaskItem, UploadItem

if TYPE_CHECKING:
    from tean.domain.minutes import Minutes
    from tean.domain.records import Head

ABSENT: Condition = Table.pk.does_not_exist()
PRESENT: Condition = Table.pk.exists()

ROW_OPEN: Condition = TaskItem.state == TaskState.OPEN
ROW_ENTERABLE: Condition = TaskItem.state.is_in(TaskState.OPEN, TaskState.MISSED)
SHEET_UNCLOSED: Condition = TaskItem.closed.does_not_exist()

UNDECIDED: Condition = UploadItem.verdict == Verdict.PENDING
CITABLE_PHOTO: Condition = (UploadItem.verdict == Verdict.VERIFIED) & (UploadItem.kind == FileKind.PHOTO)


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Every one of at least one condition."""
    first, *others = conditions
    for other in others:
        first = first & other
    return first


def any_of(conditions: Iterable[Condition]) -> Condition:
    """One of at least one condition."""
    first, *others = conditions
    for other in others:
        first = first | other
    return first


def in_force(sha256: str | None) -> Condition:
    """This version of a unit's own list is in force; None: there was none yet."""
    return RegistryItem.version == sha256 if sha256 else ABSENT


def still(state: TargetState) -> Condition:
    """The target is in the state it was seen in."""
    return RegistryItem.state == state


def chained(head: Head) -> Condition:
    """The chain ends where it ended when it was read."""
    if head.seq == 0:
        return RecordItem.seq.does_not_exist()
    return all_of([RecordItem.seq == head.seq, RecordItem.hash == head.hash])


def unmoved(head: Head) -> Condition:
    """The chain ends, and as many hazards are open, as when it was read."""
    return all_of([chained(head), *(_counts(grade, head.open_hazards.get(grade, 0)) for grade in Grade)])


def minutes_are(seen: Minutes) -> Condition:
    """The minutes stand as they were seen."""
    return all_of([RecordItem.version == seen.version, RecordItem.state == seen.state])


def _counts(grade: Grade, count: int) -> Condition:
    """The head counts so many open hazards of this grade; what was never counted is none."""
    place = Path(marks.open_count(grade))
    return (place == count) if count else (place.does_not_exist() | (place == 0))


def plan_is(plan: str) -> Condition:
    """The sheet still stands for this plan, and is not closed."""
    return all_of([TaskItem.plan == plan, SHEET_UNCLOSED])


def follows(version: int) -> Condition:
    """The roll-up is the version before this one, and was not frozen."""
    if version == 1:
        return ABSENT
    return all_of([RollupItem.version == version - 1, RollupItem.final == False])  # noqa: E712 (it makes a condition)


def replaces(version: int) -> Condition:
    """The sum of a month is the version before this one."""
    return ABSENT if version == 1 else RollupItem.version == version - 1


def one_open(grade: Grade) -> Condition:
    """The head counts at least one open hazard of this grade."""
    return Path(marks.open_count(grade)) > 0
