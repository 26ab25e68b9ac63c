"""Statistics of a unit (管控统计), and the lists behind each number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from schemas.catalogue import target_kind
from schemas.counts import KindCounted
from schemas.hazards import HazardPage
from schemas.language import Duty, Fate, Stamp
from schemas.statistics import (
    DutyCounts,
    FoundCounts,
    FoundQuery,
    OpenAnswer,
    OpenCounts,
    OpenQuery,
    OutcomeItem,
    OutcomePage,
    OutcomePerson,
    OutcomeQuery,
    PersonCounts,
    Range,
    RectifiedQuery,
    StatisticsAnswer,
    StatisticsQuery,
    WeekCounts,
)
from tean.adapters.ports.common import PAGE, Clock
from tean.domain import calendar, statistics
from tean.domain.hazards import FINDS, Hazard, age, overdue
from tean.domain.lookback import looking_back
from tean.domain.membership import Membership, held_by
from tean.domain.months import people_of
from tean.services.hazards import hazard_item

if TYPE_CHECKING:
    from tean.adapters.cursors import Cursors
    from tean.adapters.ports.access import Access
    from tean.adapters.ports.common import Page
    from tean.adapters.ports.hazards import Hazards
    from tean.adapters.ports.inspections import Inspections
    from tean.adapters.ports.rollups import Rollups
    from tean.domain.outcomes import Listing, Outcome, Outcomes
    from tean.domain.rollups import Counts, Rollup
    from tean.services.tallies import TallyReader

BEGINNING = date(2000, 1, 1)
"""No unit was counted before; an instant of year 1 in Shanghai is none in UTC."""


@dataclass(frozen=True)
class StatisticsService:
    """What the principal is told of his unit (acceptance 42). All of it is read from what the close counted: a year
    takes as many requests as a week, however large the unit is."""

    tallies: TallyReader
    rollups: Rollups
    hazards: Hazards
    inspections: Inspections
    access: Access
    cursors: Cursors
    clock: Clock

    # --- the numbers ------------------------------------------------------------------------------------------------

    def overview(self, member: Membership, query: StatisticsQuery) -> StatisticsAnswer:
        """A range in numbers. Two Queries and a BatchGet for the names of each 100 people; where the unit has no tally
        in it, one more for each duty to tell whether it had begun. What is not counted is told."""
        now = self.clock()
        since, until = _span(query, now)
        tallies, uncounted = self.tallies.read(member.unit, Duty, since, until) if since <= until else ((), {})
        today = calendar.business_date(now)
        months = statistics.whole_months(since, query.until, today)
        return StatisticsAnswer(
            today=today, since=query.since, until=query.until, months=tuple(months),
            duties=tuple(_duties(tallies)), weeks=tuple(_weeks(tallies)), hazards=tuple(_finds(tallies)),
            people=tuple(self._people(member.unit, months)),
            provisional=statistics.last_days(one for one in tallies if not one.final),
            unasked=statistics.last_days(one for one in tallies if not one.asked),
            uncounted=tuple(sorted({day for days in uncounted.values() for day in days})),
        )  # fmt: skip

    def _people(self, unit: str, months: Sequence[date]) -> Iterator[PersonCounts]:
        summed = self.rollups.people_months(unit, months[0], months[-1]) if months else ()
        people = {duty: people_of(one for one in summed if one.duty is duty) for duty in Duty}
        names = self._names(unit, {held_by(post)[0] for posts in people.values() for post in posts})
        for duty, posts in people.items():
            for post, kinds in posts.items():
                person, role = held_by(post)
                name = names.get(person, person)
                yield PersonCounts(person=person, name=name, role=role, duty=duty, kinds=tuple(_kinds(kinds)))

    def _names(self, unit: str, people: Collection[str]) -> Mapping[str, str]:
        wanted = ((unit, person) for person in sorted(people))
        return {one.code: one.name for _, one in self.access.people(wanted)} if people else {}

    # --- the lists behind them --------------------------------------------------------------------------------------

    def outcomes(self, member: Membership, query: OutcomeQuery) -> OutcomePage:
        """What became of what was due, newest bucket first, as it was when it was last counted. One Query, a BatchGet
        for names, and one of unchecked targets for whether there is any record of them."""
        scope = _scope("outcomes", member, query)
        since, until = _span(query, self.clock())
        if since > until:
            return OutcomePage(items=())
        place, _, after = (self.cursors.open(scope, query.cursor) or "").partition("|")
        duty = looking_back() if query.what is Fate.UNCHECKED else query.duty
        page = self.rollups.outcomes(member.unit, _listing(query), duty, since, until, place=place or None)
        wanted = (
            (part, one)
            for part in page.items
            for one in part.entries
            if _is_asked_for(one, query) and (part.place != place or one.place > after)
        )
        found = list(islice(wanted, PAGE + 1))
        # What a Query did not answer any more lies behind all of its last part.
        next = f"{page.next}|~" if page.next else None
        if len(found) > PAGE:
            next = "|".join(one.place for one in found[PAGE - 1])
        return OutcomePage(
            items=tuple(self._outcomes(member.unit, found[:PAGE])),
            next=self.cursors.seal(scope, next),
            cut=any(part.cut for part in page.items),
        )

    def _outcomes(self, unit: str, found: Sequence[tuple[Outcomes, Outcome]]) -> Iterator[OutcomeItem]:
        names = self._names(unit, {person for _, one in found for person in one.people})
        unchecked = {one.target for _, one in found if one.what is Fate.UNCHECKED}
        heads = self.inspections.heads(unit, sorted(unchecked)) if unchecked else {}
        recorded = {target for target, head in heads.items() if head.seq}
        for part, one in found:
            yield OutcomeItem(
                what=one.what, duty=part.duty, due=part.due, target=one.target, name=one.name,
                unit_kind=one.unit_kind, kind=one.kind, role=one.role, at=one.at, zero_risk=one.zero_risk,
                never=one.target in unchecked - recorded,
                people=tuple(OutcomePerson(person=code, name=names.get(code, code)) for code in one.people),
            )  # fmt: skip

    def found(self, member: Membership, query: FoundQuery) -> HazardPage:
        """Hazards found in the days of a range that are over, newest first. One Query."""
        scope, now = _scope("found", member, query), self.clock()
        since, until = _span(query, now)
        if since > until:
            return HazardPage(items=())
        page = self.hazards.found_page(
            member.unit, calendar.begins_at(since), calendar.begins_at(until + calendar.DAY),
            after=self.cursors.open(scope, query.cursor), limit=PAGE,
            kind=query.kind, grade=query.grade, duty=query.duty, on_site=query.on_site,
        )  # fmt: skip
        return self._hazards(page, scope, now)

    def rectified(self, member: Membership, query: RectifiedQuery) -> HazardPage:
        """Hazards confirmed in the days of a range that are over, whenever they were found, newest first; not those put
        right on the spot. A Query for each duty."""
        scope, now = _scope("rectified", member, query), self.clock()
        since, until = _span(query, now)
        if since > until:
            return HazardPage(items=())
        page = self.hazards.rectified_page(
            member.unit, FINDS, calendar.begins_at(since), calendar.begins_at(until + calendar.DAY),
            after=self.cursors.open(scope, query.cursor), limit=PAGE, kind=query.kind, grade=query.grade,
        )  # fmt: skip
        return self._hazards(page, scope, now)

    def _hazards(self, page: Page[Hazard], scope: str, now: datetime) -> HazardPage:
        items = tuple(hazard_item(hazard, now) for hazard in page.items)
        return HazardPage(items=items, next=self.cursors.seal(scope, page.next))

    def open(self, member: Membership, query: OpenQuery) -> OpenAnswer:
        """What is open now, in numbers and by pages, oldest first. One Query."""
        scope, now = _scope("open", member, query), self.clock()
        after, today = self.cursors.open(scope, query.cursor), calendar.business_date(now)
        hazards, more = self.hazards.open_hazards(member.unit, [query.kind] if query.kind else None)
        left = [one for one in hazards if _is_open_as(one, query, today) and (after is None or one.id > after)]
        return OpenAnswer(
            today=today,
            counts=tuple(_open_counts(hazards, today)),
            items=tuple(hazard_item(hazard, now) for hazard in left[:PAGE]),
            more=more,
            next=self.cursors.seal(scope, left[PAGE - 1].id if len(left) > PAGE else None),
        )


def _span(query: Range, now: datetime) -> tuple[date, date]:
    """The days of a range that are over; none when the first lies behind the last."""
    return max(query.since, BEGINNING), min(query.until, calendar.last_over(now))


def _scope(list: str, member: Membership, query: Any) -> str:
    return f"statistics {list} {member.unit} {member.person} {query.model_dump_json(exclude={'cursor'})}"


def _listing(query: OutcomeQuery) -> Listing:
    return "done" if query.what in (Fate.ON_TIME, Stamp.ZERO_RISK) else "exceptions"


def _is_asked_for(one: Outcome, query: OutcomeQuery) -> bool:
    his = (query.person is None or query.person in one.people) and query.role in (None, one.role)
    alike = one.zero_risk if query.what is Stamp.ZERO_RISK else one.what is query.what
    return alike and his and query.kind in (None, one.kind)


def _is_open_as(hazard: Hazard, query: OpenQuery, today: date) -> bool:
    asked = ((query.kind, hazard.kind), (query.grade, hazard.grade), (query.state, hazard.state))
    alike = all(wanted in (None, found) for wanted, found in (*asked, (query.age, age(hazard, today))))
    return alike and (overdue(hazard, today) or not query.overdue)


def _kinds(kinds: Mapping[str, Counts]) -> Iterator[KindCounted]:
    for kind, counts in kinds.items():
        yield KindCounted(kind=kind, unit_kind=target_kind(kind).unit_kind, **asdict(counts))


def _duties(tallies: Iterable[Rollup]) -> Iterator[DutyCounts]:
    for duty, own in statistics.by_duty(tallies).items():
        yield DutyCounts(duty=duty, kinds=tuple(_kinds(own.kinds)), officers=tuple(_kinds(own.officers)))


def _weeks(tallies: Iterable[Rollup]) -> Iterator[WeekCounts]:
    for week in statistics.weeks(tallies):
        kinds = tuple(_kinds(week.kinds))
        yield WeekCounts(monday=week.monday, days=week.days, kinds=kinds, unchecked=dict(week.unchecked))


def _finds(tallies: Iterable[Rollup]) -> Iterator[FoundCounts]:
    for (kind, duty), finds in statistics.finds(tallies).items():
        yield FoundCounts(duty=duty, kind=kind, unit_kind=target_kind(kind).unit_kind, **asdict(finds))


def _open_counts(hazards: Iterable[Hazard], today: date) -> Iterator[OpenCounts]:
    for (kind, grade, state, old, late), count in statistics.alike(hazards, today).items():
        side = target_kind(kind).unit_kind
        yield OpenCounts(kind=kind, unit_kind=side, grade=grade, state=state, age=old, overdue=late, count=count)
