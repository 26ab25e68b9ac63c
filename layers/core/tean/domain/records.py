"""The record of an inspection: immutable evidence, one link in its target's chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.instants import Instant
from schemas.language import Duty, Grade, Handling, Result, Role, Stamp, TargetState, UnitKind
from schemas.typed import typed
from tean.domain.membership import post_of
from tean.domain.shares import OFFICERS, share_of


@dataclass(frozen=True)
class Answer:
    """The verdict on one item, with what a fail brings: grade, handling, outcome of on-site handling, photos; where a
    kind was inspected, also the devices it was found on and until when it is to be put right."""

    item: str
    result: Result
    grade: Grade | None = None
    handling: Handling | None = None
    outcome: str | None = None
    photos: tuple[str, ...] = ()
    remark: str | None = None
    seconds: int | None = None
    devices: tuple[str, ...] = ()
    deadline: date | None = None
    hazard: str | None = None
    """The hazard that an earlier version of the record opened for it."""


@dataclass(frozen=True)
class First:
    """Who had already checked the target when a supplement came in."""

    person: str
    person_name: str
    received_at: Instant


@dataclass(frozen=True)
class Record:
    """One submitted checklist of a target (daily) or a target kind (weekly, monthly). ``received_at`` is the server's
    time and decides on time or late; ``performed_at`` is the phone's. ``payload`` is the hash of what was sent,
    ``previous`` that of the record before it in the chain. ``stop_use``: the officer stopped the target because of a
    重大 he found; ``kept_in_use``: why he did not. ``correction`` is why this ``version`` takes the place of the one
    before, which stays as it is; late is what the first version was.
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
    role: Role = Role.OFFICER
    stop_use: bool = False
    kept_in_use: str | None = None
    correction: str | None = None

    @property
    def post(self) -> str:
        """As what it was submitted, and by whom."""
        return post_of(self.person, self.role)

    @property
    def share(self) -> str:
        """Whose record of the bucket it is (see :func:`share_of`)."""
        return share_of(self.duty, self.role, self.person)

    @property
    def id(self) -> str:
        """Its natural key within the target, URL-safe: duty, bucket, share, version and, for a supplement, its
        person."""
        parts = (str(self.duty), self.due.isoformat(), self.share, f"v{self.version:02d}", self._supplements)
        return ".".join(filter(None, parts))

    @property
    def number(self) -> str:
        """The number printed on the record: bucket, target, share and version; no counter is needed."""
        mark = (_MARKS[self.duty], self.share.removeprefix(OFFICERS)) if self.share else ()
        parts = (f"{self.due:%Y%m%d}", self.target, *mark, f"{self.version:02d}", self._supplements)
        return "-".join(filter(None, parts))

    @property
    def _supplements(self) -> str:
        return self.person if self.first else ""

    @property
    def fails(self) -> int:
        """How many items were 不合格, those mended on the spot included."""
        return sum(answer.result is Result.FAIL for answer in self.answers)

    @property
    def text(self) -> str:
        """The evidence itself: canonical JSON without what is at its default, so a field added later changes no hash.

        It is stored as it is, and read back by :func:`from_text`.
        """
        return canonical(typed(Record).dump_python(self, mode="json", exclude_defaults=True))

    @property
    def sha256(self) -> str:
        """Its link in the chain."""
        return digest(self.text)


_MARKS = {Duty.WEEKLY: "W", Duty.MONTHLY: "M"}


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


def from_text(text: str) -> Record:
    """The record behind its canonical text."""
    return typed(Record).validate_json(text)
