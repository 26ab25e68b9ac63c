"""The record of an inspection: immutable evidence, one link in its target's chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from schemas.instants import Instant
from schemas.language import Duty, Grade, Handling, Result, Stamp, TargetState, UnitKind


@dataclass(frozen=True)
class Answer:
    """The verdict on one item, with what a fail brings: grade, handling, outcome of on-site handling, photos."""

    item: str
    result: Result
    grade: Grade | None = None
    handling: Handling | None = None
    outcome: str | None = None
    photos: tuple[str, ...] = ()
    remark: str | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class First:
    """Who had already checked the target when a supplement came in."""

    person: str
    person_name: str
    received_at: Instant


@dataclass(frozen=True)
class Record:
    """One submitted checklist. ``received_at`` is the server's time and decides on time or late; ``performed_at`` is
    the phone's. ``payload`` is the hash of what was sent, ``previous`` that of the record before it in the chain.
    ``stop_use``: the officer stopped the target because of a 重大 he found; ``kept_in_use``: why he did not.
    """

    unit: str
    target: str
    target_name: str
    location: str
    unit_kind: UnitKind
    kind: str
    duty: Duty
    due: date
    person: str
    person_name: str
    state: TargetState
    received_at: Instant
    payload: str
    seq: int
    version: int = 1
    subtype: str | None = None
    previous: str | None = None
    checklist: str | None = None
    answers: tuple[Answer, ...] = ()
    reason: str | None = None
    remark: str | None = None
    signature: str | None = None
    performed_at: Instant | None = None
    late: bool = False
    stamp: Stamp | None = None
    first: First | None = None
    stop_use: bool = False
    kept_in_use: str | None = None

    @property
    def id(self) -> str:
        """Its natural key within the target, URL-safe: duty, day, version and, for a supplement, its person."""
        base = f"{self.duty}.{self.due.isoformat()}.v{self.version:02d}"
        return f"{base}.{self.person}" if self.first else base

    @property
    def number(self) -> str:
        """The number printed on the record: day, target and version; no counter is needed."""
        mark = f"{self.due:%Y%m%d}-{self.target}-{self.version:02d}"
        return f"{mark}-{self.person}" if self.first else mark

    @property
    def fails(self) -> int:
        """How many items were 不合格, those mended on the spot included."""
        return sum(answer.result is Result.FAIL for answer in self.answers)

    @property
    def text(self) -> str:
        """The evidence itself: canonical JSON without what is at its default, so a field added later changes no hash.

        It is stored as it is, and read back by :func:`from_text`.
        """
        return canonical(_RECORD.dump_python(self, mode="json", exclude_defaults=True))

    @property
    def sha256(self) -> str:
        """Its link in the chain."""
        return digest(self.text)


@dataclass(frozen=True)
class Head:
    """The end of a target's chain: how many records, the last one's hash, open hazards by grade."""

    seq: int = 0
    hash: str | None = None
    open_hazards: Mapping[Grade, int] = field(default_factory=dict)

    @property
    def has_open_hazards(self) -> bool:
        """Whether any hazard of the target is still open."""
        return any(count > 0 for count in self.open_hazards.values())


def canonical(value: Any) -> str:
    """JSON that is the same for the same content: sorted keys, no spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of ``text``, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


_RECORD = TypeAdapter(Record)


def from_text(text: str) -> Record:
    """The record behind its canonical text."""
    return _RECORD.validate_json(text)
