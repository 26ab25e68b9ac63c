"""The catalogue of target kinds (设备种类, 许可类型, 充装类型): their names, sub-types and statutory titles.

Categories and sub-types follow the 特种设备目录 (质检总局 2014 No.114); titles follow orders 73 and 74, of which only
those marked verified were seen in print (docs/checklists.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from schemas.checklists import InspectionDuty
from schemas.language import Duty, UnitKind
from schemas.typed import typed


class TargetKind(BaseModel):
    """A category (use), a licence kind (production) or a filling kind (filling)."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    code: str
    name: str
    """The official name; that of a licence kind says what the licence includes."""
    short: str
    """The name where space is scarce: lists, chips, tabs."""
    unit_kind: UnitKind
    category: str | None
    """The equipment category it is about; None for filling kinds."""
    subtypes: Mapping[str, str]
    """Second-level codes of the 特种设备目录 and their names; only categories have them."""
    officer_title: str
    director_title: str
    risk_list_title: str
    """Title of the unit's risk list (风险管控清单), from which the checklists follow."""
    record_titles: Mapping[InspectionDuty, str]
    """The statutory title of each duty's record, never shortened where a record shows it."""
    title_verified: bool
    """Whether every title was seen in print; otherwise some follow the pattern of sister chapters."""
    certificate_prefix: str | None = None
    """First character of a 使用登记证编号 of this category."""
    inspection_hint: str | None = None
    """Usual inspection cycle, to help a reader; the date in the inspection report is the truth."""


FILLING = "filling"
"""All filling of a unit, which is inspected as one weekly and monthly, on the lists of the kinds it has (guide 2.1). No
station is of this kind; a record bears the statutory titles of those lists."""


def target_kind(code: str) -> TargetKind:
    """The target kind ``code``, :data:`FILLING` included. LookupError when there is none."""
    kind = _filling() if code == FILLING else _catalogue().get(code)
    if kind is None:
        raise LookupError(f"no target kind {code!r}")
    return kind


def record_title(kinds: Iterable[str], duty: Duty) -> str:
    """The statutory title of the record of an inspection on the lists of these kinds."""
    return "、".join(target_kind(kind).record_titles[duty] for kind in kinds)


def target_kinds(unit_kind: UnitKind) -> tuple[TargetKind, ...]:
    """The target kinds a unit of this kind can have, in the order of orders 73 and 74."""
    return tuple(kind for kind in _catalogue().values() if kind.unit_kind is unit_kind)


@cache
def _catalogue() -> Mapping[str, TargetKind]:
    data = (Path(__file__).parent / "catalogue.json").read_bytes()
    kinds = typed(tuple[TargetKind, ...]).validate_json(data, strict=True)
    return {kind.code: kind for kind in kinds}


@cache
def _filling() -> TargetKind:
    return TargetKind(
        code=FILLING,
        name="充装工位",
        short="工位巡查",
        unit_kind=UnitKind.FILLING,
        category=None,
        subtypes={},
        officer_title="充装安全员",
        director_title="充装安全总监",
        risk_list_title="充装安全风险管控清单",
        record_titles={Duty.WEEKLY: "每周充装安全排查治理报告", Duty.MONTHLY: "每月充装安全调度会议纪要"},
        title_verified=False,
    )
