"""Every number once more, told from raw records, rows, markers and hazards alone.

Nothing here asks the code that is to be proved: neither the close, nor roll-ups, nor its calendar. ``Recount`` counts
what had come in when a bucket was last counted, which only the diary of the played quarter knows
(``tests.fakes.quarter``).
Numbers that are nought are left out everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from schemas.language import Duty, Grade, Handling, Result, Role, Stamp, TargetState, TaskState
from tean.domain.hazards import Hazard
from tean.domain.records import Record
from tean.domain.reports import Report
from tean.domain.tasks import Row
from tests.fakes.quarter import INSPECTED, Bucket, Quarter

Numbers = Counter[str]
Kinds = dict[str, Numbers]
DAY = timedelta(days=1)
WEEKS, MONTHS = (Duty.WEEKLY, Duty.WEEKLY_REPORT), (Duty.MONTHLY, Duty.MONTHLY_REPORT)
CLOSED = (TaskState.DONE, TaskState.LATE)
FILLING = {"filling", "GC_FILL", "MPV_FILL"}
"""What is reported on as one."""


def in_shanghai(at: datetime) -> datetime:
    """An instant in UTC on a clock on a wall there."""
    return at.replace(tzinfo=None) + timedelta(hours=8)


def ends(duty: Duty, due: date) -> date:
    """The last day of a bucket."""
    if duty in WEEKS:
        return due + 6 * DAY
    return (due + 31 * DAY).replace(day=1) - DAY if duty in MONTHS else due


def begins(duty: Duty, day: date) -> date:
    """The bucket a day is in."""
    if duty in WEEKS:
        return day - day.weekday() * DAY
    return day.replace(day=1) if duty in MONTHS else day


@dataclass
class Share:
    """What one record stands for: a target's day, a kind's week of one officer, a kind's month of all directors."""

    target: str
    kind: str
    name: str
    share: str
    role: Role
    rows: list[Row]
    versions: list[Record] = field(default_factory=list)
    """Of the record that was first, as far as they had come in."""
    people: set[str] = field(default_factory=set)
    """Who was to do it."""

    @property
    def withdrawn(self) -> bool:
        return not self.versions and all(row.state is TaskState.WITHDRAWN for row in self.rows)

    @property
    def missed(self) -> bool:
        return not self.versions and not self.withdrawn

    @property
    def inspected(self) -> bool:
        return bool(self.versions) and self.versions[0].state is TargetState.IN_USE

    @property
    def on_time(self) -> bool:
        return self.inspected and not self.late

    @property
    def zero_risk(self) -> bool:
        return self.inspected and self.versions[-1].stamp is Stamp.ZERO_RISK

    @property
    def late(self) -> bool:
        return self.inspected and self.versions[0].late

    @property
    def suspended(self) -> bool:
        return bool(self.versions) and not self.inspected

    @property
    def numbers(self) -> Numbers:
        if self.withdrawn:
            return Counter(withdrawn=1)
        return of_versions(self.versions) if self.versions else Counter(due=1, missed=1)


def of_versions(versions: list[Record]) -> Numbers:
    """What a record with its corrections counts as."""
    first, newest = versions[0], versions[-1]
    if first.state is TargetState.SUSPENDED:
        return Counter(due=1, suspended=1)
    fails = sum(answer.result is Result.FAIL for answer in newest.answers)
    clean = newest.stamp is Stamp.ZERO_RISK
    return +Counter(due=1, late=int(first.late), on_time=int(not first.late), zero_risk=int(clean), fails=fails)


@dataclass(frozen=True)
class Filed:
    """A report, or minutes that were submitted, as they do a to-do: once, like a record without items."""

    target: str
    duty: Duty
    due: date
    person: str
    role: Role
    received_at: datetime
    late: bool
    version: int = 1
    first: None = None
    state: TargetState = TargetState.IN_USE
    stamp: None = None
    answers: tuple[()] = ()


def filed(quarter: Quarter) -> Iterator[Any]:
    """What was reported first of each kind in a bucket, by role; what a director drafted is his."""
    there = [
        Filed(one.kind, one.duty, one.due, one.person, one.role, one.received_at, one.late)
        for one in quarter.store._reports.values()
    ]
    for minutes in quarter.store._minutes.values():
        at = minutes.steps[0].at
        late = in_shanghai(at) >= datetime.combine(ends(Duty.MONTHLY, minutes.due) + DAY, time(0, 5))
        there += [
            Filed(kind, Duty.MONTHLY_REPORT, minutes.due, minutes.by, Role.DIRECTOR, at, late) for kind in minutes.kinds
        ]
    told: set[tuple[Any, ...]] = set()
    for one in sorted(there, key=lambda one: one.received_at):
        whose = one.target, one.duty, one.due, one.role
        if whose not in told:
            yield one
        told.add(whose)


class Recount:
    """What is known of a played quarter, at this moment."""

    def __init__(self, quarter: Quarter) -> None:
        self.quarter, self.store, self.diary = quarter, quarter.store, quarter.diary
        self.now = quarter.clock()
        local = in_shanghai(self.now)
        self.today = local.date()
        self.over = (local - timedelta(minutes=5)).date() - DAY
        self.rows: dict[Bucket, list[Row]] = {}
        for row in self.store._rows.values():
            self.rows.setdefault((row.duty, row.due), []).append(row)
        self.records: dict[tuple[str, Duty, date], list[Record]] = {}
        for record in (*self.store._records.values(), *filed(quarter)):
            self.records.setdefault((record.target, record.duty, record.due), []).append(record)

    # --- one bucket -------------------------------------------------------------------------------------------------

    def shares(self, bucket: Bucket, until: datetime | None = None) -> list[Share]:
        """What was asked in a bucket, and recorded of it until it was last counted, or another instant."""
        until = until or self.diary.counted[bucket]
        shares: dict[tuple[str, str], Share] = {}
        for row in self.rows.get(bucket, []):
            if (
                self.diary.born[
                    row.person if row.role is Role.OFFICER else f"{row.person}#{row.role}",
                    row.duty,
                    row.due,
                    row.target,
                ]
                > until
            ):
                continue
            whose = (
                "" if row.duty is Duty.DAILY else f"officer-{row.person}" if row.role is Role.OFFICER else str(row.role)
            )
            known = shares.setdefault((row.target, whose), Share(row.target, row.kind, row.name, whose, row.role, []))
            known.rows.append(row)
        for (target, whose), share in shares.items():
            there = self.recorded(target, bucket, until)
            share.people = {row.person for row in share.rows if row.state is not TaskState.WITHDRAWN}
            share.versions = [one for one in there if one.first is None and self.stands_for(one) == whose]
        return list(shares.values())

    def recorded(self, target: str, bucket: Bucket, until: datetime) -> list[Record]:
        there = [one for one in self.records.get((target, *bucket), []) if one.received_at <= until]
        return sorted(there, key=lambda one: one.version)

    def stands_for(self, record: Record) -> str:
        if record.duty is Duty.DAILY:
            return ""
        return f"officer-{record.person}" if record.role is Role.OFFICER else str(record.role)

    def kinds(self, bucket: Bucket, *, officers: bool = False) -> Kinds:
        """Each record that was due once; the officers' alone."""
        kinds: Kinds = {}
        for share in self.shares(bucket):
            if not officers or share.role is Role.OFFICER:
                add(kinds, {share.kind: share.numbers})
            if share.missed:
                assert (self.unit, share.target, *bucket, share.share) in self.store._missed
        return kinds

    @property
    def unit(self) -> str:
        (unit,) = self.store._units
        return unit

    def people(self, bucket: Bucket) -> dict[str, Kinds]:
        """Every row, for the post whose it is; what a colleague recorded counts for both."""
        until, people = self.diary.counted[bucket], dict[str, Kinds]()
        for share in self.shares(bucket):
            for row in share.rows:
                add(people.setdefault(row.post, {}), {row.kind: self.of_row(row, share, bucket, until)})
        return people

    def of_row(self, row: Row, share: Share, bucket: Bucket, until: datetime) -> Numbers:
        if row.state is TaskState.WITHDRAWN:
            return Counter(withdrawn=1)
        if row.state not in CLOSED or row.closed_at is None or row.closed_at > until:
            return Counter(due=1, missed=1)
        there = self.recorded(row.target, bucket, until)
        (by,) = [
            one for one in there if (one.person, one.received_at, one.version) == (row.closed_by, row.closed_at, 1)
        ]
        if by.first is None:
            return of_versions(share.versions)
        return of_versions([one for one in there if one.first and one.person == by.person])

    def week(self, monday: date) -> tuple[list[Share], list[Share]]:
        """Of each target that was asked for in a week the last it was asked by: those inspected on any of its days, and
        those missed at least once and inspected on none."""
        until = self.diary.counted[Duty.WEEKLY, monday]
        targets: dict[str, list[Share]] = {}
        for day in (monday + n * DAY for n in range(7)):
            for share in self.shares((Duty.DAILY, day), until):
                if not share.withdrawn:
                    targets.setdefault(share.target, []).append(share)
        for days in targets.values():
            days[-1].people = {person for one in days for person in one.people}
        inspected = [days[-1] for days in targets.values() if any(one.inspected for one in days)]
        left = [days for days in targets.values() if not any(one.inspected for one in days)]
        return inspected, [days[-1] for days in left if any(one.missed for one in days)]

    def finds(self, day: date) -> dict[tuple[str, Duty], Numbers]:
        """What a day found and confirmed, by kind and by the duty that finds it."""
        until, finds = self.diary.counted[Duty.DAILY, day], dict[tuple[str, Duty], Numbers]()
        for hazard in self.store._hazards.values():
            own: Numbers = Counter()
            if in_shanghai(hazard.found_at).date() == day:
                own[str(self.grade(hazard, until))] += 1
                own["on_site"] += hazard.handling is Handling.ON_SITE
            gone = hazard.rectified_at
            if gone and gone <= until and in_shanghai(gone).date() == day and hazard.handling is Handling.PENDING:
                own += Counter(rectified=1, minutes=int((gone - hazard.found_at).total_seconds() // 60))
            if +own:
                add(finds, {(hazard.kind, hazard.duty): +own})
        return finds

    def grade(self, hazard: Hazard, until: datetime) -> Grade:
        """As it was graded then."""
        return [grade for at, grade in self.diary.grades[hazard.id] if at <= until][-1]

    # --- a report ---------------------------------------------------------------------------------------------------

    def report(self, report: Report) -> dict[str, Any]:
        """What a report should say of its days, if it were saved at this moment."""
        since, until = report.numbers.since, report.numbers.until
        kinds = FILLING if report.kind == "filling" else {report.kind}
        of_week = report.duty is Duty.WEEKLY_REPORT
        told = INSPECTED[:2] if of_week else INSPECTED
        days = [due for _, due in self.buckets(since, until, Duty.DAILY)]
        finds = total(self.finds(day) for day in days)
        found = sum((numbers for (kind, duty), numbers in finds.items() if kind in kinds and duty in told), Counter())
        grades = +Counter({str(grade): found[str(grade)] for grade in Grade})
        open = [one for one in self.store._hazards.values() if one.rectified_at is None and one.kind in kinds]
        still = [one for one in open if one.duty in told and in_shanghai(one.found_at).date() in days]
        weeks = [due for _, due in self.buckets(since, until, Duty.WEEKLY)] if of_week else []
        daily = total(self.kinds((Duty.DAILY, day)) for day in days)
        officers = total(self.kinds((Duty.WEEKLY, monday), officers=True) for monday in weeks)
        return {
            "daily": sum((daily[kind] for kind in kinds & daily.keys()), Counter()),
            "found": dict(grades),
            "rectified": grades.total() - len(still),
            "open": dict(Counter(str(one.grade) for one in open)),
            "carried": sum(in_shanghai(one.found_at).date() < since for one in open),
            "overdue": sum(one.deadline is not None and one.deadline < self.today for one in open if one.assignee),
            "targets": sum(one.kind in kinds for monday in weeks for one in self.week(monday)[0]) if of_week else None,
            "officers": sum((officers[kind] for kind in kinds & officers.keys()), Counter()) if of_week else None,
        }

    # --- a range ----------------------------------------------------------------------------------------------------

    def buckets(self, since: date, until: date, *duties: Duty) -> list[Bucket]:
        """Those that were counted and whose last day is in a range."""
        there = [(ends(duty, due), duty, due) for duty, due in self.diary.counted if duty in (duties or tuple(Duty))]
        return [(duty, due) for last, duty, due in sorted(there) if since <= last <= until]

    def overview(self, since: date, until: date) -> dict[str, Any]:
        """All the numbers of a range."""
        buckets = self.buckets(since, until)
        rollups = {key[1:]: one for key, one in self.store._rollups.items()}
        months = list(self.months(since, until))
        return {
            "duties": {duty: self.of_duty(buckets, duty) for duty in Duty if any(one[0] is duty for one in buckets)},
            "weeks": self.weeks(buckets),
            "hazards": total(self.finds(due) for duty, due in buckets if duty is Duty.DAILY),
            "months": months,
            "people": self.of_people(months),
            "provisional": {ends(*one) for one in buckets if not rollups[one].final},
            "unasked": {ends(*one) for one in buckets if self.diary.served[one] >= self.closes(one)},
            "uncounted": set(self.uncounted(since, min(until, self.over))),
        }

    def of_duty(self, buckets: Iterable[Bucket], duty: Duty) -> tuple[Kinds, Kinds]:
        own = [bucket for bucket in buckets if bucket[0] is duty]
        officers = [] if duty is Duty.DAILY else own
        return total(map(self.kinds, own)), total(self.kinds(bucket, officers=True) for bucket in officers)

    def weeks(self, buckets: Iterable[Bucket]) -> dict[date, tuple[int, Kinds, Numbers]]:
        days: dict[date, list[Bucket]] = {}
        for duty, due in buckets:
            if duty is Duty.DAILY:
                days.setdefault(begins(Duty.WEEKLY, due), []).append((duty, due))
        whole = {due for duty, due in buckets if duty is Duty.WEEKLY}
        unchecked = {monday: Counter(one.kind for one in self.week(monday)[1]) for monday in whole}
        return {
            monday: (len(own), total(map(self.kinds, own)), unchecked.get(monday, Counter()))
            for monday, own in sorted(days.items())
        }

    def months(self, since: date, until: date) -> Iterator[date]:
        for first in sorted({(since + n * DAY).replace(day=1) for n in range((until - since).days + 1)}):
            whole = [first + n * DAY for n in range(31) if (first + n * DAY).month == first.month]
            needed = [day for day in whole if day < self.today] if first <= self.today else [date.max]
            if since <= first and all(day <= until for day in needed):
                yield first

    def of_people(self, months: Iterable[date]) -> dict[tuple[Duty, str], Kinds]:
        people: dict[tuple[Duty, str], Kinds] = {}
        for first in months:
            for duty, due in self.buckets(first, (first + 31 * DAY).replace(day=1) - DAY):
                for post, kinds in self.people((duty, due)).items():
                    add(people.setdefault((duty, post), {}), kinds)
        return people

    def closes(self, bucket: Bucket) -> datetime:
        return datetime.fromisoformat(f"{ends(*bucket) + DAY}T00:05:00+08:00")

    def uncounted(self, since: date, until: date) -> Iterator[date]:
        begun = min(due for duty, due in self.diary.served if duty is Duty.DAILY)
        for duty in Duty:
            for n in range((until - since).days + 1):
                last = since + n * DAY
                due = begins(duty, last)
                over = ends(duty, due) == last and last >= begun
                if over and (duty, due) not in self.diary.counted:
                    yield last

    # --- the lists --------------------------------------------------------------------------------------------------

    def listed(self, duty: Duty, what: str, since: date, until: date) -> set[tuple[Any, ...]]:
        """What became of what was due: bucket, target, role, who did it or else was to, and when it was recorded."""
        found: set[tuple[Any, ...]] = set()
        for bucket in self.buckets(since, until, duty):
            if what == "unchecked":
                shares = self.week(bucket[1])[1] if duty is Duty.WEEKLY else []
            else:
                shares = [one for one in self.shares(bucket) if getattr(one, what)]
            for one in shares:
                first = one.versions[0] if what != "unchecked" and one.versions else None
                people = (first.person,) if first else tuple(sorted(one.people))
                found.add((bucket[1], one.target, one.role, people, first.received_at if first else None))
        return found


def add(sums: dict[Any, Numbers], more: Mapping[Any, Numbers]) -> None:
    """Numbers by whatever, added to others."""
    for key, numbers in more.items():
        sums[key] = sums.get(key, Counter()) + numbers


def total(parts: Iterable[Mapping[Any, Numbers]]) -> dict[Any, Numbers]:
    """All of them together."""
    sums: dict[Any, Numbers] = {}
    for part in parts:
        add(sums, part)
    return sums
