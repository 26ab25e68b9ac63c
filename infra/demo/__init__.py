"""The demo units: three rosters like anybody's, plainly invented, written by the same command as real ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from infra.operate.files import check_file
from schemas.language import UnitKind, role_words, words
from schemas.roster import PersonRow, UnitRow

FOLDER = Path(__file__).parent
FILES = tuple(FOLDER / f"{kind}.yaml" for kind in UnitKind)
"""One file per unit kind."""


class DemoPerson(NamedTuple):
    """Somebody to log in as: his unit, what kind it is, his name and post, and the phone number he has there."""

    unit: str
    kind: str
    name: str
    post: str
    phone: str


def people() -> list[DemoPerson]:
    """Everybody in the demo units, as their files have them. ValueError when a file is not right."""
    return [person for path in FILES for person in _people_of(path)]


def _people_of(path: Path) -> list[DemoPerson]:
    # What expires when is of no interest here.
    file = check_file(path, date.min).file
    if file is None:
        raise ValueError(f"{path.name} is not a right roster: python -m infra.operate check {path}")
    kinds = "、".join(words(kind) for kind in sorted(file.unit.kinds))
    return [DemoPerson(file.unit.name, kinds, row.name, _post(row, file.unit), row.phone) for row in file.people]


def _post(row: PersonRow, unit: UnitRow) -> str:
    titles = [role_words(role, kind) for role, sides in row.roles.items() for kind in sorted(sides or unit.kinds)]
    return "、".join(dict.fromkeys(titles))
