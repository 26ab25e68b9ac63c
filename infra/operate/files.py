"""From a file on disk to an examined roster."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from infra.operate.csv_file import read_csv
from infra.operate.reading import decoded, unreadable
from infra.operate.yaml_file import read_yaml
from schemas.roster import Finding
from tean.domain.errors import Invalid
from tean.domain.roster_checks import Examination, examine
from tean.domain.roster_draft import Reading

_READERS = {".yaml": read_yaml, ".yml": read_yaml, ".csv": read_csv}


def check_file(path: Path, today: date) -> Examination:
    """All there is to say about a roster file, also when it cannot be read at all."""
    try:
        return examine(read(path), today)
    except Invalid as refusal:
        return Examination(None, (Finding(sentence=refusal.sentence),))


def read(path: Path) -> Reading:
    """The rows of a YAML or CSV file, as written. Invalid ``roster.unreadable`` when none can be made out."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise unreadable(f"{path.name} 不是名册；请给 .yaml 或 .csv 文件（Excel 请另存为“CSV UTF-8”）。")
    try:
        data = path.read_bytes()
    except OSError:
        raise unreadable(f"打不开 {path}；请检查文件名和权限。") from None
    return reader(decoded(data))
