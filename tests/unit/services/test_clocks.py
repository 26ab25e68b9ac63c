from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.clocks import ExpiryPage, ExpiryQuery
from schemas.language import ClockLevel, Role, TargetState, UnitKind
from tean.domain.errors import Invalid
from tean.domain.membership import Membership
from tean.domain.registry import Target
from tests.fakes.builders import DAY, membership, person, roster, target, unit
from tests.fakes.day import Day

P1, P2 = membership("P1"), membership("P2")
DIRECTOR, PRINCIPAL = membership("D1", Role.DIRECTOR), membership("B1", Role.PRINCIPAL)
BOILERS = membership("D1", Role.DIRECTOR, kinds=frozenset({"1000"}))
ADMINISTRATOR = membership("G1", Role.ADMINISTRATOR)


def ending(code: str, days: int | None, **fields: Any) -> Target:
    return target(code, next_inspection=None if days is None else DAY + timedelta(days=days), **fields)


def expiring(day: Day, member: Membership = P1, **query: Any) -> ExpiryPage:
    return day.clocks.expiring(member, ExpiryQuery(**query))


def codes(page: ExpiryPage) -> list[str]:
    return [item.target for item in page.items]


def unit_with(*targets: Target) -> Day:
    return Day(roster(targets=targets))


def test_what_ends_within_sixty_days_or_has_ended_is_told_the_most_urgent_first() -> None:
    day = unit_with(ending("E-1", 60), ending("E-2", 61), ending("E-3", -400), ending("E-4", 0), ending("E-5", None))
    page = expiring(day)
    assert (page.today, page.until) == (DAY, DAY + timedelta(days=60))
    assert [(item.target, item.clock and item.clock.level) for item in page.items] == [
        ("E-3", ClockLevel.ENDED),
        ("E-4", ClockLevel.TODAY),
        ("E-1", ClockLevel.WITHIN_60),
    ]


def test_another_day_may_be_asked_for() -> None:
    day = unit_with(ending("E-1", 7), ending("E-2", 8), ending("E-3", 300))
    assert codes(expiring(day, until=DAY + timedelta(days=7))) == ["E-1"]
    assert codes(expiring(day, until=date(2099, 1, 1))) == ["E-1", "E-2", "E-3"]


def test_the_days_are_those_of_shanghai() -> None:
    day = unit_with(ending("E-1", 0))
    day.clock.move(hours=15)
    assert [item.clock and item.clock.days for item in expiring(day).items] == [-1]


def test_an_officer_is_told_of_what_he_holds_a_director_of_his_kinds_and_the_others_of_all() -> None:
    day = unit_with(
        ending("B-1", 1, kind="1000", subtype=None, officers=("P2",)), ending("E-1", 2), ending("E-2", 3, removed=True)
    )
    told = {who.person: codes(expiring(day, who)) for who in (P1, P2, BOILERS, PRINCIPAL, ADMINISTRATOR)}
    assert told == {"P1": ["E-1"], "P2": ["B-1"], "D1": ["B-1"], "B1": ["B-1", "E-1"], "G1": ["B-1", "E-1"]}
    assert codes(expiring(day, DIRECTOR)) == ["B-1", "E-1"]


def test_a_licence_is_told_to_everybody_who_holds_it() -> None:
    production = frozenset({UnitKind.PRODUCTION})
    licence = ending("L-1", -1, unit_kind=UnitKind.PRODUCTION, kind="EL_MFG", subtype=None, officers=())
    maker = person("P3", roles={Role.OFFICER: production})
    day = Day(roster((person("P1"), maker), (ending("E-1", 1), licence), unit=unit(kinds=production | P1.sides)))
    (told,) = expiring(day, membership("P3", sides=production)).items
    assert (told.target, told.state) == ("L-1", TargetState.IN_USE)
    assert told.clock and (told.clock.level, told.clock.apply_by) == (ClockLevel.ENDED, None)


@pytest.mark.parametrize("there", [49, 50, 51])
def test_a_page_holds_fifty_and_says_whether_there_are_more(there: int) -> None:
    page = expiring(unit_with(*(ending(f"E-{n:02d}", n % 60) for n in range(there))))
    assert (len(page.items), page.next is not None) == (min(there, 50), there > 50)


def test_pages_go_on_over_midnight_and_are_the_callers_own() -> None:
    day = unit_with(*(ending(f"E-{n:02d}", 1 + n % 60) for n in range(80)))
    first = expiring(day)
    day.clock.move(days=1)
    second = expiring(day, cursor=first.next)
    assert second.next is None
    assert sorted(_all(first, second)) == [f"E-{n:02d}" for n in range(80)]
    for other in (P2, PRINCIPAL, membership("P1", Role.DIRECTOR), membership(unit="91990000MA1111111R")):
        with pytest.raises(Invalid):
            expiring(day, other, cursor=first.next)
    with pytest.raises(Invalid):
        expiring(day, until=DAY, cursor=first.next)


def _all(*pages: ExpiryPage) -> Iterable[str]:
    return (code for page in pages for code in codes(page))
