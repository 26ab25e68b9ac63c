from __future__ import annotations

from schemas.language import Duty, Role, UnitKind
from tean.domain.progress import Progress, progress
from tests.fakes.builders import membership, sheet

SHEETS = (
    sheet("P1", owed={"3000": 4, "4000": 2}, done={"3000": 3}, suspended={"4000": 1}),
    sheet("P2", owed={}, done={"3000": 1}),
    sheet("P3", owed={"GC_FILL": 8}, done={"GC_FILL": 5}, suspended={"GC_FILL": 2}),
)
PRINCIPAL = membership("B1", Role.PRINCIPAL)


def test_the_principal_sees_every_officers_sums() -> None:
    assert progress(PRINCIPAL, SHEETS) == {
        "P1": Progress(owed=6, done=3, suspended=1), "P2": Progress(0, 1, 0), "P3": Progress(8, 5, 2),
    }  # fmt: skip


def test_a_director_is_not_told_of_the_people_and_kinds_that_are_not_his() -> None:
    director = membership("D1", Role.DIRECTOR)
    elevators = membership("D1", Role.DIRECTOR, kinds=frozenset({"3000"}))
    filling = membership("D1", Role.DIRECTOR, sides=frozenset({UnitKind.FILLING}))
    assert progress(director, SHEETS) == {"P1": Progress(6, 3, 1), "P2": Progress(0, 1, 0)}
    assert progress(elevators, SHEETS) == {"P1": Progress(4, 3, 0), "P2": Progress(0, 1, 0)}
    assert progress(filling, SHEETS) == {"P3": Progress(8, 5, 2)}


def test_what_directors_and_principals_do_themselves_is_not_the_officers_progress() -> None:
    assert progress(PRINCIPAL, [sheet("D1", role=Role.DIRECTOR, duty=Duty.WEEKLY)]) == {}


def test_without_sheets_nothing_is_owed() -> None:
    assert progress(PRINCIPAL, iter(())) == {}
