"""The fixed checklists (固定清单): what a daily, weekly or monthly inspection of a target kind asks.

A list is evidence: a record names the one it was answered on by SHA-256, so a released list never changes. A new
version is a new file beside the old one, and ``released.json`` locks what was ever released (docs/checklists.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, model_validator

from schemas.instants import Instant
from schemas.language import Duty, Grade
from schemas.typed import typed

Group = Literal["人员", "管理", "设备", "安全附件", "环境", "动态"]
"""How the national model lists sort their items; shown as it is."""

LOCK = "released.json"


def _with_items(duty: Duty) -> Duty:
    if duty not in (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY):
        raise ValueError(f"{duty} has no checklist")
    return duty


InspectionDuty = Annotated[Duty, AfterValidator(_with_items)]
"""A duty carried out item by item: daily, weekly or monthly; reports have no checklist."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Item(_Strict):
    """One question of a checklist (巡查项)."""

    code: str = Field(min_length=1)
    """Unique among all lists; a later version keeps the code of an item that still means the same."""
    group: Group
    text: str = Field(min_length=1)
    """The requirement (管控措施), answered 合格, 不合格 or 无此项."""
    hazard: str = Field(min_length=1)
    """The sentence a 不合格 stands for (风险隐患)."""
    grade: Grade
    """The grade proposed for that hazard; only the officer and the director decide."""
    basis: tuple[str, ...]
    """Names of the documents it rests on, without articles."""
    na_allowed: bool
    """Whether 无此项 may be answered."""
    stop_use: bool
    """Whether a 不合格 proposes stopping the equipment, the process or the station (总局令57号第25条, GB 45067)."""
    applies_to: tuple[str, ...] = ()
    """Sub-type codes it is asked for; empty means every sub-type."""

    @model_validator(mode="after")
    def _stops_only_what_is_grave(self) -> Self:
        if self.stop_use and self.grade is not Grade.MAJOR:
            raise ValueError(f"{self.code}: only a major hazard may propose to stop use")
        return self

    @property
    def custom(self) -> bool:
        """Whether a unit asks it of its own accord."""
        return False

    def applies(self, subtype: str | None) -> bool:
        """Whether it is asked for ``subtype``; an unknown sub-type (None) is asked everything."""
        return subtype is None or not self.applies_to or subtype in self.applies_to


def _digest(model: _Strict) -> str:
    # Without defaults: a field the model gains later must not rename the lists already cited.
    content = model.model_dump(mode="json", exclude_defaults=True)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class _Questions(_Strict):
    title: str = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        if len({item.code for item in self.items}) < len(self.items):
            raise ValueError("an item code is used twice")
        return self


class Checklist(_Questions):
    """One version of what one duty asks of one target kind."""

    target_kind: str
    duty: InspectionDuty
    version: PositiveInt

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of its canonical JSON (sorted keys, no spaces, UTF-8), the name by which a record cites it."""
        return _digest(self)

    def items_for(self, subtype: str | None) -> tuple[Item, ...]:
        """The items asked for ``subtype``, in the order of the list; None asks all."""
        return tuple(item for item in self.items if item.applies(subtype))


class CustomItem(Item):
    """A question of a unit's own. It ends, but never vanishes: from ``ends`` on it is asked no more."""

    ends: date | None = None

    @property
    def custom(self) -> bool:
        return True


class CustomList(_Strict):
    """One version of a unit's own list (自定义管控清单): what it asks besides the fixed list of a kind, and which
    items, fixed or its own, it grades higher. ``edited_by`` and ``edited_at`` say who made this version."""

    target_kind: str
    duty: InspectionDuty
    version: PositiveInt
    items: tuple[CustomItem, ...] = ()
    raised: dict[str, Grade] = {}
    edited_by: str
    edited_at: Instant

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of its canonical JSON, the name by which a task asks it and a record cites it."""
        return _digest(self)

    def graded(self, item: Item) -> Item:
        """``item`` in the grade it has here."""
        raised = self.raised.get(item.code, item.grade)
        return item.model_copy(update={"grade": max(raised, item.grade, key=lambda grade: grade.rank)})

    def items_on(self, due: date) -> tuple[CustomItem, ...]:
        """What it asks in a bucket."""
        return tuple(item for item in self.items if item.ends is None or due < item.ends)


@dataclass(frozen=True)
class Asked:
    """What one task asks: one list or, where kinds are inspected as one, theirs one after the other; last the unit's
    own items as they are asked in the bucket ``due``."""

    lists: tuple[Checklist, ...]
    custom: CustomList | None = None
    due: date = date.max

    @property
    def reference(self) -> str:
        """The name by which a record cites it: the SHA-256 of each list."""
        own = [self.custom.sha256] if self.custom else []
        return ".".join([*(one.sha256 for one in self.lists), *own])

    @property
    def kinds(self) -> tuple[str, ...]:
        """The target kinds it is for."""
        return tuple(one.target_kind for one in self.lists)

    @property
    def duties(self) -> frozenset[Duty]:
        """The duties it is for: one, unless it was put together wrongly."""
        return frozenset(one.duty for one in self.lists)

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of every list."""
        return self.items_for(None)

    def items_for(self, subtype: str | None) -> tuple[Item, ...]:
        """The items asked for ``subtype``, list by list, in the grades they have for the unit; None asks all."""
        fixed = tuple(item for one in self.lists for item in one.items_for(subtype))
        if self.custom is None:
            return fixed
        return tuple(map(self.custom.graded, (*fixed, *self.custom.items_on(self.due))))


class _File(_Strict):
    target_kind: str
    version: PositiveInt
    lists: dict[InspectionDuty, _Questions] = Field(min_length=1)

    def checklist(self, duty: Duty) -> Checklist:
        asked = self.lists[duty]
        return Checklist(
            target_kind=self.target_kind, duty=duty, version=self.version, title=asked.title, items=asked.items
        )


class Release(_Strict):
    """What the lock says of one released list."""

    target_kind: str
    version: PositiveInt
    duty: InspectionDuty

    @property
    def file(self) -> str:
        return f"{self.target_kind}.v{self.version}.json"


def read(path: Path) -> Mapping[Duty, Checklist]:
    """The lists of one file, validated, whether released or not. ValueError for a damaged or misnamed file."""
    file = _File.model_validate_json(path.read_bytes(), strict=True)
    if path.name != f"{file.target_kind}.v{file.version}.json":
        raise ValueError(f"{path.name} holds version {file.version} of {file.target_kind}")
    return {duty: file.checklist(duty) for duty in file.lists}


class Library:
    """A folder of checklist files with its lock. Reads a file when one of its lists is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Mapping[Duty, Checklist]] = {}

    @cached_property
    def releases(self) -> Mapping[str, Release]:
        """Every list ever released, by SHA-256."""
        return typed(dict[str, Release]).validate_json((self._folder / LOCK).read_bytes(), strict=True)

    def current(self, target_kind: str, duty: Duty) -> Checklist:
        """The newest released list. LookupError when ``target_kind`` has none for ``duty``."""
        newest = self._newest.get((target_kind, duty))
        if newest is None:
            raise LookupError(f"no {duty} checklist for target kind {target_kind!r}")
        return self.released(newest)

    def released(self, sha256: str) -> Checklist:
        """The list a record cites. LookupError when no such list was released, or it is no longer what it was."""
        release = self.releases.get(sha256)
        if release is None:
            raise LookupError(f"no released checklist {sha256}")
        checklist = self._lists(release.file).get(release.duty)
        if checklist is None or checklist.sha256 != sha256:
            raise LookupError(f"{release.file} no longer holds the released {release.duty} checklist {sha256}")
        return checklist

    @cached_property
    def _newest(self) -> Mapping[tuple[str, Duty], str]:
        oldest_first = sorted(self.releases.items(), key=lambda entry: entry[1].version)
        return {(release.target_kind, release.duty): digest for digest, release in oldest_first}

    def _lists(self, file: str) -> Mapping[Duty, Checklist]:
        if file not in self._read:
            self._read[file] = read(self._folder / file)
        return self._read[file]


_library = Library(Path(__file__).parent / "checklists")


def current(target_kind: str, duty: Duty) -> Checklist:
    """The newest released list. LookupError when ``target_kind`` has none for ``duty``."""
    return _library.current(target_kind, duty)


def released(sha256: str) -> Checklist:
    """The list a record cites by ``sha256``. LookupError when no such list was ever released."""
    return _library.released(sha256)


def asked(kinds: Iterable[str], duty: Duty, custom: CustomList | None = None, due: date = date.max) -> Asked:
    """What a duty asks of these target kinds today. LookupError when one of them has no list for it."""
    return Asked(tuple(current(kind, duty) for kind in kinds), custom, due)


def cited(reference: str) -> tuple[tuple[Checklist, ...], str | None]:
    """The fixed lists a record cites, and the SHA-256 of the unit's own list if it cites one: that comes last.
    LookupError when it cites no fixed list, or one that was never released."""
    first, *others = reference.split(".")
    own = others.pop() if others and others[-1] not in _library.releases else None
    return tuple(map(released, (first, *others))), own
