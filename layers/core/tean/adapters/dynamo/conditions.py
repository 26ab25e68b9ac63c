"""What writes demand, by name."""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from schemas.language import FileKind, Grade, PersonState, Role, TargetState, TaskState, UnitKind, Verdict
from tean.adapters.dynamo import codec
from tean.adapters.models import HazardItem, RecordItem, RegistryItem, RollupItem, Table, TaskItem, UploadItem
from tean.adapters.ports import Move
from tean.domain.minutes import Minutes
from tean.domain.records import Head
from tean.domain.registry import covered, side_of

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


def acts_as(role: Role, sides: Iterable[UnitKind]) -> Condition:
    """The person is active and still holds the post, on every side named."""
    marks = codec.role_marks(role, sorted(sides))
    return all_of([RegistryItem.state == PersonState.ACTIVE, *(RegistryItem.roles.contains(mark) for mark in marks)])


def officer_of(target: str) -> Condition:
    """The person is an active officer on the side of this target."""
    side = side_of(target)
    return acts_as(Role.OFFICER, (side,) if side else ())


def names_or_nobody(officer: str) -> Condition:
    """The target names this officer, or none at all."""
    return any_of([RegistryItem.officers.contains(officer), Path(RegistryItem.officers) == []])


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
    place = Path(codec.open_count(grade))
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
    return Path(codec.open_count(grade)) > 0


def his_turn(move: Move) -> Condition:
    """The hazard is as he saw it, and the step is his to take."""
    return all_of([
        HazardItem.version == move.seen_version,
        HazardItem.state == move.from_state,
        HazardItem.grade == move.seen_grade,
        HazardItem.duty == move.duty,
        (Path(HazardItem.devices) == list(move.devices)) if move.devices else HazardItem.devices.does_not_exist(),
        *_covered(move),
        *([HazardItem.assignee == move.membership.person] if move.assignee_only else []),
        *([_his_own(move.membership.person)] if move.his_own else []),
        *([HazardItem.finder != move.membership.person] if move.other_than_finder else []),
    ])  # fmt: skip


def _his_own(person: str) -> Condition:
    return any_of([HazardItem.finder == person, HazardItem.assignee == person])


def _covered(move: Move) -> Iterable[Condition]:
    """A director's posts cover the hazard's side and kind; a principal takes his steps only where there is none. Other
    steps are not narrowed."""
    member = move.membership
    if member.role is Role.DIRECTOR:
        yield HazardItem.unit_kind.is_in(*sorted(member.sides))
        if member.kinds:
            yield HazardItem.kind.is_in(*sorted(covered(member.kinds)))
    elif move.in_directors_place:
        yield HazardItem.kind.is_in(*sorted(member.stands_in))
