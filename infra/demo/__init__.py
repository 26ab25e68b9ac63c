"""The demo units: three rosters like anybody's, plainly invented, written by the same command as real ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from infra.operate.files import check_file
from schemas.language import UnitKind, role_words, words
from schemas.roster import PersonRow, UnitRow

FOLDER = Path(__file__).parent
FILES = tuple(FOLDER / f"{kind}.yaml" for kind in UnitKind)
"""One file per unit kind."""


_DAYS_LEFT = {"FT-01": -12, "CC-02": 0, "GL-01": 5, "CC-01": 12, "QZ-01": 25, "DT-01": 38, "QZAZ": -9, "DTZZ": 45}
"""When inspections and licences end, counted from the day the units are made: one for each warning there is. Whatever
is not here keeps the date of its file."""


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


def written(folder: Path, today: date) -> list[Path]:
    """The demo rosters as they are applied on a day, written into a folder: some of their dates are near or past."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / path.name for path in FILES]
    for path, file in zip(FILES, files, strict=True):
        raw: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        raw |= {
            table: [_dated(row, today) for row in raw[table]] for table in ("equipment", "licences") if table in raw
        }
        file.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return files


def _dated(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    if row["code"] not in _DAYS_LEFT:
        return dict(row)
    field = "valid_until" if "valid_until" in row else "next_inspection"
    return {**row, field: today + timedelta(days=_DAYS_LEFT[row["code"]])}


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
