"""What some days came to together: a bucket that looks back over them tells what was inspected on none of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.language import Duty, TargetState, TaskState
from tean.domain import calendar
from tean.domain.rollups import decisive
from tean.domain.tasks import Row, group_by

_LOOKS_BACK: Mapping[Duty, Duty] = {Duty.WEEKLY: Duty.DAILY}


def looked_at(duty: Duty) -> Duty | None:
    """Over the buckets of which duty one of ``duty`` looks back."""
    return _LOOKS_BACK.get(duty)


def looking_back() -> Duty:
    """Whose buckets tell what was passed by."""
    return next(iter(_LOOKS_BACK))


@dataclass(frozen=True)
class Lookback:
    """Everybody's rows of the buckets that one looks back over. ``whole`` once each of them was counted: until then
    some of what was asked may not be there."""

    rows: Sequence[Row] = ()
    whole: bool = True


def is_whole(duty: Duty, since: date, until: date, counted: Collection[date], opened: Iterable[date]) -> bool:
    """Whether each bucket of ``duty`` from ``since`` to ``until`` was counted, beginning with the first there ever was.

    ``counted`` are the last ones that were, as many as there may be and one more; ``opened`` have a sheet."""
    begun = min([*counted, *opened], default=None)
    due = max(since, begun) if begun else calendar.following(duty, until)
    while due <= until:
        if due not in counted:
            return False
        due = calendar.following(duty, due)
    return True


def inspected(rows: Iterable[Row]) -> Mapping[str, int]:
    """How many targets of each kind were found in use, and inspected, at least once."""
    return _by_kind(own for own in _by_target(rows) if _was_inspected(own))


def unchecked(rows: Iterable[Row]) -> Sequence[Sequence[Row]]:
    """Of each target that was asked for, never inspected and missed at least once everybody's rows, oldest first. What
    was found suspended each time is none."""
    there = sorted((row for row in rows if row.state is not TaskState.WITHDRAWN), key=lambda row: row.due)
    missed = {own[0].target for own in _by_target(there) if not _was_inspected(own) and any(map(_is_missed, own))}
    return [own for target, own in sorted(group_by(there, lambda row: row.target).items()) if target in missed]


def unchecked_by_kind(rows: Iterable[Row]) -> Mapping[str, int]:
    """How many of them there are."""
    return _by_kind(unchecked(rows))


def _by_target(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    """What each target was asked by, one row for each record that was due, oldest first."""
    shares = group_by(rows, lambda row: f"{row.due.isoformat()}#{row.shared}")
    asked = (decisive(own) for _, own in sorted(shares.items()))
    due = (row for row in asked if row.state is not TaskState.WITHDRAWN)
    yield from (own for _, own in sorted(group_by(due, lambda row: row.target).items()))


def _was_inspected(rows: Iterable[Row]) -> bool:
    return any(row.is_closed and row.target_state is TargetState.IN_USE for row in rows)


def _is_missed(row: Row) -> bool:
    return row.state in (TaskState.OPEN, TaskState.MISSED)


def _by_kind(targets: Iterable[Sequence[Row]]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for *_, last in targets:
        counts[last.kind] = counts.get(last.kind, 0) + 1
    return dict(sorted(counts.items()))
