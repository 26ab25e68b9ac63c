"""A unit's own checklists: it adds to the fixed ones and grades higher, it takes nothing away (ruling on details,
design.md §6; acceptance 24, 26). A version never changes; what is edited makes the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schemas.catalogue import FILLING, target_kind, target_kinds
from schemas.checklists import Checklist, CustomItem, CustomList, Item
from schemas.language import Duty, Grade, UnitKind
from tean.domain.errors import Conflict, Invalid, NotFound
from tean.domain.registry import Unit, asked_as

MOST_ITEMS = 30
"""Items of its own that a unit may ask at once: a list must stay one that is read, and a submission in which everything
failed must still fit into one transaction."""
_MARKS = {Duty.DAILY: "D", Duty.WEEKLY: "W", Duty.MONTHLY: "M"}


@dataclass(frozen=True)
class Revision:
    """What is to become of a list: items to add (their codes are given here), codes to end from a day, grades to
    raise."""

    add: Sequence[Item] = ()
    end: Mapping[str, date] | None = None
    raised: Mapping[str, Grade] | None = None


def lists_of(unit: Unit) -> Sequence[tuple[Duty, str]]:
    """Every list a unit may add to: of each duty with items, for each kind it asks for."""
    kinds = sorted(unit.target_kinds)
    return [(duty, kind) for duty in _MARKS for kind in dict.fromkeys(asked_as(kind, duty) for kind in kinds)]


def fixed_kinds(unit: Unit, kind: str) -> tuple[str, ...]:
    """The kinds whose fixed lists go before the unit's own."""
    if kind != FILLING:
        return (kind,)
    return tuple(one.code for one in target_kinds(UnitKind.FILLING) if one.code in unit.target_kinds)


def require_list(unit: Unit, duty: Duty, kind: str) -> None:
    """NotFound when the unit has nothing that this list could be asked of."""
    if (duty, kind) not in lists_of(unit):
        raise NotFound("custom.unknown", "本单位没有这一类，不能设置它的自定义清单。")


def new_code(duty: Duty, kind: str, known: int) -> str:
    """The code of an item: they are counted, and none is given twice because none vanishes."""
    return f"ZDY-{kind}-{_MARKS[duty]}-{known + 1:02d}"


def revised(
    known: CustomList | None, fixed: Sequence[Checklist], revision: Revision, *,
    duty: Duty, kind: str, by: str, now: datetime, next_bucket: date,
) -> CustomList:  # fmt: skip
    """The next version. Refused when it would take anything away, change a bucket that has begun, or grow too long."""
    before = known.items if known else ()
    grades = {item.code: item.grade for one in fixed for item in one.items} | {item.code: item.grade for item in before}
    items = [*(_ended(item, revision.end or {}, next_bucket) for item in before), *revision.add]
    _require_known(revision.end or {}, {item.code for item in before})
    raised = _raised(known.raised if known else {}, revision.raised or {}, grades)
    version = CustomList(
        target_kind=kind, duty=duty, version=known.version + 1 if known else 1, raised=raised,
        items=tuple(CustomItem.model_validate(item.model_dump()) for item in items), edited_by=by, edited_at=now,
    )  # fmt: skip
    if len(version.items_on(next_bucket)) > MOST_ITEMS:
        raise Invalid("custom.too_many", f"同时要查的自定义项最多 {MOST_ITEMS} 项，请先停用不再需要的。")
    return version


def is_kept(known: CustomList, revision: Revision, *, seen: int, by: str) -> bool:
    """Whether the version in force is what this revision of the version ``seen`` made already."""
    if (known.version, known.edited_by) != (seen + 1, by):
        return False
    added = known.items[len(known.items) - len(revision.add) :]
    ends = {item.code: item.ends for item in known.items}
    return (
        [_asks(item) for item in added] == [_asks(item) for item in revision.add]
        and all(ends.get(code) == end for code, end in (revision.end or {}).items())
        and all(known.raised.get(code) == grade for code, grade in (revision.raised or {}).items())
    )


def _asks(item: Item) -> tuple[object, ...]:
    return item.group, item.text, item.hazard, item.grade, item.na_allowed


def _ended(item: CustomItem, ends: Mapping[str, date], next_bucket: date) -> CustomItem:
    end = ends.get(item.code)
    if end is None:
        return item
    if item.ends is not None:
        raise Conflict("custom.ended", "这一项已经停用过了，请刷新后再看。", item=item.code)
    if end < next_bucket:
        raise Invalid("custom.ends_early", f"已经派发的任务不能改，最早从 {next_bucket} 起停用。", item=item.code)
    return item.model_copy(update={"ends": end})


def _require_known(codes: Iterable[str], known: set[str]) -> None:
    if strange := sorted(set(codes) - known):
        raise Invalid("custom.not_own", "固定清单的项目不能停用，只能停用自定义的项目。", items=strange)


def _raised(before: Mapping[str, Grade], wanted: Mapping[str, Grade], grades: Mapping[str, Grade]) -> dict[str, Grade]:
    after = dict(before)
    for code, grade in wanted.items():
        if code not in grades:
            raise Invalid("custom.item_unknown", "没有找到要调整等级的项目，请刷新后再试。", item=code)
        if grade.rank <= after.get(code, grades[code]).rank:
            raise Invalid("custom.grade_not_raised", "等级只能调高，不能调低或不变。", item=code)
        after[code] = grade
    return after


def require_once(codes: Sequence[str]) -> None:
    """Refuse a revision that names an item twice."""
    if twice := [code for code, many in Counter(codes).items() if many > 1]:
        raise Invalid("custom.item_twice", "同一项只能改一次，请检查后再提交。", items=twice)


def name_of(kind: str) -> str:
    """What a list is called by."""
    return target_kind(kind).short
