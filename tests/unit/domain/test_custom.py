"""A unit's own checklists: what a revision may not do, and which one was made already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from schemas import checklists
from schemas.checklists import CustomItem, CustomList
from schemas.language import Duty, Grade
from tean.domain.custom import MOST_ITEMS, Revision, is_kept, require_list, require_once, revised
from tean.domain.errors import Conflict, Invalid, NotFound, Problem
from tests.fakes.builders import DAY, NOW, unit

FIXED = checklists.current("3000", Duty.WEEKLY)
GENERAL = next(item.code for item in FIXED.items if item.grade is Grade.GENERAL)
YESTERDAY = DAY - timedelta(days=1)


def item(number: int = 1, **fields: Any) -> CustomItem:
    defaults: dict[str, Any] = {
        "code": f"ZDY-3000-W-{number:02d}", "group": "环境", "text": "照明完好", "hazard": "照明损坏",
        "grade": Grade.GENERAL, "basis": (), "na_allowed": True, "stop_use": False,
    }  # fmt: skip
    return CustomItem(**defaults | fields)


def listed(*items: CustomItem, **fields: Any) -> CustomList:
    defaults: dict[str, Any] = {"version": 1, "edited_by": "A1", "edited_at": NOW}
    return CustomList(target_kind="3000", duty=Duty.WEEKLY, items=items, **defaults | fields)


def revise(known: CustomList | None = None, **revision: Any) -> CustomList:
    return revised(
        known, [FIXED], Revision(**revision), duty=Duty.WEEKLY, kind="3000", by="A1", now=NOW, next_bucket=DAY
    )


REFUSED: dict[str, tuple[Callable[[], object], Problem]] = {
    "a kind the unit has not": (
        lambda: require_list(unit(target_kinds={"3000"}), Duty.WEEKLY, "4000"),
        NotFound("custom.unknown", "本单位没有这一类，不能设置它的自定义清单。"),
    ),
    "one more than a list may ask": (
        lambda: revise(add=[item(number) for number in range(MOST_ITEMS + 1)]),
        Invalid("custom.too_many", "同时要查的自定义项最多 30 项，请先停用不再需要的。"),
    ),
    "ended a second time": (
        lambda: revise(listed(item(ends=DAY)), end={item().code: DAY}),
        Conflict("custom.ended", "这一项已经停用过了，请刷新后再看。", item=item().code),
    ),
    "ended in a bucket that has begun": (
        lambda: revise(listed(item()), end={item().code: YESTERDAY}),
        Invalid("custom.ends_early", "已经派发的任务不能改，最早从 2026-11-23 起停用。", item=item().code),
    ),
    "a fixed item ended": (
        lambda: revise(listed(item()), end={GENERAL: DAY, "EL-W-99": DAY}),
        Invalid("custom.not_own", "固定清单的项目不能停用，只能停用自定义的项目。", items=sorted([GENERAL, "EL-W-99"])),
    ),
    "a grade of what is not there": (
        lambda: revise(raised={"EL-W-99": Grade.MAJOR}),
        Invalid("custom.item_unknown", "没有找到要调整等级的项目，请刷新后再试。", item="EL-W-99"),
    ),
    "the grade it has": (
        lambda: revise(raised={GENERAL: Grade.GENERAL}),
        Invalid("custom.grade_not_raised", "等级只能调高，不能调低或不变。", item=GENERAL),
    ),
    "named twice": (
        lambda: require_once(["b", "a", "b"]),
        Invalid("custom.item_twice", "同一项只能改一次，请检查后再提交。", items=["b"]),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_list_may_not_become_is_refused_with_what_to_do(case: str) -> None:
    act, wanted = REFUSED[case]
    with pytest.raises(type(wanted)) as caught:
        act()
    assert (caught.value.code, caught.value.sentence, caught.value.details) == (
        wanted.code, wanted.sentence, wanted.details,
    )  # fmt: skip


def test_a_list_may_ask_as_many_as_the_bound() -> None:
    assert len(revise(add=[item(number) for number in range(MOST_ITEMS)]).items) == MOST_ITEMS


def test_what_a_revision_made_is_known_again_and_nothing_else() -> None:
    added, ended = item(2), item(1)
    revision = Revision(add=[added], end={ended.code: DAY}, raised={GENERAL: Grade.MAJOR})
    made = listed(item(1, ends=DAY), added, version=2, raised={GENERAL: Grade.MAJOR})
    assert is_kept(made, revision, seen=1, by="A1")
    others = {
        "made from another version": (made, 2, "A1"),
        "made by somebody else": (made, 1, "A2"),
        "not ended": (made.model_copy(update={"items": (ended, added)}), 1, "A1"),
        "not raised": (made.model_copy(update={"raised": {}}), 1, "A1"),
        "not added": (made.model_copy(update={"items": (item(1, ends=DAY), item(2, text="另一项"))}), 1, "A1"),
    }
    assert {name for name, (known, seen, by) in others.items() if is_kept(known, revision, seen=seen, by=by)} == set()


def test_an_item_counts_as_added_by_what_it_asks_whatever_its_code() -> None:
    assert is_kept(listed(item(7)), Revision(add=[item(1)]), seen=0, by="A1")
