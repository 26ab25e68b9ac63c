"""From a file to an examined roster."""

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
        data = path.read_bytes()
    except OSError:
        return _refused(f"打不开 {path}；请检查文件名和权限。")
    return check(path.name, data, today)


def check(name: str, data: bytes, today: date) -> Examination:
    """The same for what a file called ``name`` holds."""
    try:
        return examine(_read(Path(name), data), today)
    except Invalid as refusal:
        return _refused(refusal.sentence)


def _read(name: Path, data: bytes) -> Reading:
    reader = _READERS.get(name.suffix.lower())
    if reader is None:
        raise unreadable(f"{name} 不是名册；请给 .yaml 或 .csv 文件（Excel 请另存为“CSV UTF-8”）。")
    return reader(decoded(data))


def _refused(sentence: str) -> Examination:
    return Examination(None, (Finding(sentence=sentence),))
