from __future__ import annotations

from schemas.language import Role, UnitKind
from tean.domain.day import Day, day_of
from tests.fakes.builders import membership, sheet

SHEETS = (
    sheet("P1", owed={"3000": 4, "4000": 2}, done={"3000": 3}, suspended={"4000": 1}),
    sheet("P2", owed={}, done={"3000": 1}),
    sheet("P3", owed={"GC_FILL": 8}, done={"GC_FILL": 5}, suspended={"GC_FILL": 2}),
)
PRINCIPAL = membership("B1", Role.PRINCIPAL)


def test_the_principals_day_is_the_sum_of_every_sheet() -> None:
    assert day_of(PRINCIPAL, SHEETS) == Day(owed=14, done=9, suspended=3)


def test_a_directors_day_leaves_out_the_people_and_kinds_that_are_not_his() -> None:
    director = membership("D1", Role.DIRECTOR)
    elevators = membership("D1", Role.DIRECTOR, kinds=frozenset({"3000"}))
    filling = membership("D1", Role.DIRECTOR, sides=frozenset({UnitKind.FILLING}))
    assert day_of(director, SHEETS) == Day(owed=6, done=4, suspended=1)
    assert day_of(elevators, SHEETS) == Day(owed=4, done=4, suspended=0)
    assert day_of(filling, SHEETS) == Day(owed=8, done=5, suspended=2)


def test_without_sheets_nothing_is_owed() -> None:
    assert day_of(PRINCIPAL, iter(())) == Day(0, 0, 0)
