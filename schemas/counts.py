"""Numbers that statistics tell and reports freeze."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from schemas.base import Answer
from schemas.language import Grade, UnitKind


class Counted(Answer):
    """What became of what was asked. ``due`` is the sum of ``on_time``, ``late``, ``missed`` and ``suspended``;
    ``withdrawn`` is not due. ``zero_risk`` are records stamped 零风险, ``fails`` items that were 不合格."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    missed: int = 0
    suspended: int = 0
    withdrawn: int = 0
    zero_risk: int = 0
    fails: int = 0


class KindCounted(Counted):
    """The same of one target kind."""

    kind: str
    unit_kind: UnitKind


class Numbers(Answer):
    """What a report says of a target kind from ``since`` to ``until``, both included.

    ``targets`` were inspected on at least one of these days; ``officers`` is the officers' own weekly inspection of the
    kind. ``found`` are the hazards found in these days, by grade, ``rectified`` those of them that are gone by now;
    ``open`` is all that is open now, by grade, ``carried`` what of it was found before. ``expiring`` are inspections or
    licences that end within 30 days, or have ended. ``uncounted`` are days that were not counted yet; ``provisional``
    says that some number may still change by late entries.
    """

    since: date
    until: date
    targets: int | None = None
    daily: Counted
    officers: Counted | None = None
    found: dict[Grade, int] = Field(default_factory=dict)
    rectified: int = 0
    open: dict[Grade, int] = Field(default_factory=dict)
    carried: int = 0
    overdue: int = 0
    expiring: int | None = None
    uncounted: tuple[date, ...] = ()
    provisional: bool = False
