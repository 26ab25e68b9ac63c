"""What everybody did in a month, kept as a sum: a year of it is read at once, however many days and people it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.language import Duty
from tean.domain import calendar
from tean.domain.rollups import Counts, Rollup

People = Mapping[str, Mapping[str, Counts]]
"""Counts by post and target kind."""


@dataclass(frozen=True)
class PeopleMonth:
    """The buckets of one duty that end in a month, summed by post and target kind.

    ``month`` is its 1st. ``buckets`` are those in it, each with what its roll-up last said. ``version`` counts its
    writes; 0 is one that was never written."""

    duty: Duty
    month: date
    people: People = field(default_factory=dict)
    buckets: tuple[date, ...] = ()
    version: int = 0

    def with_rollup(self, rollup: Rollup, before: Rollup | None) -> PeopleMonth | None:
        """The sum after ``rollup`` was written in the place of ``before``; None when it stays as it is."""
        there = rollup.due in self.buckets
        gone = before.people if before and there else {}
        if there and gone == rollup.people:
            return None
        return replace(
            self,
            people=_sum([(self.people, 1), (gone, -1), (rollup.people, 1)]),
            buckets=tuple(sorted({*self.buckets, rollup.due})),
            version=self.version + 1,
        )


def month_of(duty: Duty, due: date) -> date:
    """The 1st of the month a bucket ends in."""
    return calendar.last_day(duty, due).replace(day=1)


def people_of(months: Iterable[PeopleMonth]) -> People:
    """Some months of one duty together."""
    return _sum((month.people, 1) for month in months)


def _sum(parts: Iterable[tuple[People, int]]) -> People:
    sums: dict[str, dict[str, Counts]] = {}
    for people, sign in parts:
        for post, kinds in people.items():
            for kind, counts in kinds.items():
                own = sums.setdefault(post, {})
                own[kind] = own.get(kind, Counts()) + counts.times(sign)
    return {post: kept for post, kinds in sorted(sums.items()) if (kept := _without_nothing(kinds))}


def _without_nothing(kinds: Mapping[str, Counts]) -> Mapping[str, Counts]:
    return {kind: counts for kind, counts in sorted(kinds.items()) if counts != Counts()}
