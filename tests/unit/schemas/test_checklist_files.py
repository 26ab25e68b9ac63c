"""A library of checklist files: versions side by side, nothing served that was not released, nothing malformed read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas import checklists
from schemas.checklists import Checklist, Library, read
from schemas.language import Duty


def an_item(code: str, **change: Any) -> dict[str, Any]:
    item = {
        "code": code,
        "group": "设备",
        "text": "好",
        "hazard": "不好",
        "grade": "general",
        "basis": ["GB 1"],
        "na_allowed": False,
        "stop_use": False,
    }
    return item | change


def a_list(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"target_kind": "3000", "duty": "daily", "version": 1, "title": "清单", "items": items}


def a_file(
    target_kind: str = "3000", version: int = 1, duty: str = "daily", title: str = "清单", **change: Any
) -> dict[str, Any]:
    questions = {"title": title, "items": [an_item("X-1")]} | change
    return {"target_kind": target_kind, "version": version, "lists": {duty: questions}}


def put(folder: Path, file: dict[str, Any]) -> Checklist:
    """Write a file holding one list, and read it back."""
    path = folder / f"{file['target_kind']}.v{file['version']}.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    (checklist,) = read(path).values()
    return checklist


def lock(folder: Path, *released: Checklist) -> None:
    entries = {
        one.sha256: {"target_kind": one.target_kind, "version": one.version, "duty": one.duty} for one in released
    }
    (folder / checklists.LOCK).write_text(json.dumps(entries), encoding="utf-8")


class TestALibrary:
    def test_a_new_version_becomes_current_and_the_old_one_stays_readable(self, tmp_path: Path) -> None:
        old = put(tmp_path, a_file(version=9))
        new = put(tmp_path, a_file(version=10, title="新清单"))
        lock(tmp_path, new, old)
        library = Library(tmp_path)
        assert library.current("3000", Duty.DAILY) == new
        assert library.released(old.sha256) == old

    def test_a_duty_that_a_new_version_leaves_out_keeps_its_list(self, tmp_path: Path) -> None:
        daily, weekly = put(tmp_path, a_file(version=1)), put(tmp_path, a_file(version=2, duty="weekly"))
        lock(tmp_path, daily, weekly)
        assert Library(tmp_path).current("3000", Duty.DAILY) == daily
        assert Library(tmp_path).current("3000", Duty.WEEKLY) == weekly

    def test_a_version_that_was_not_released_is_not_served(self, tmp_path: Path) -> None:
        old = put(tmp_path, a_file(version=1))
        put(tmp_path, a_file(version=2))
        lock(tmp_path, old)
        assert Library(tmp_path).current("3000", Duty.DAILY) == old

    def test_a_list_changed_after_its_release_is_refused(self, tmp_path: Path) -> None:
        lock(tmp_path, put(tmp_path, a_file(title="清单")))
        changed = put(tmp_path, a_file(title="清单。"))
        with pytest.raises(LookupError, match="no longer holds the released daily checklist"):
            Library(tmp_path).current("3000", Duty.DAILY)
        with pytest.raises(LookupError, match="no released checklist"):
            Library(tmp_path).released(changed.sha256)

    def test_a_list_taken_out_of_its_file_after_its_release_is_refused(self, tmp_path: Path) -> None:
        daily = put(tmp_path, a_file(duty="daily"))
        lock(tmp_path, daily)
        put(tmp_path, a_file(duty="weekly"))
        with pytest.raises(LookupError, match="no longer holds the released daily checklist"):
            Library(tmp_path).released(daily.sha256)

    def test_only_the_file_that_is_asked_for_is_parsed(self, tmp_path: Path) -> None:
        wanted, other = put(tmp_path, a_file()), put(tmp_path, a_file(target_kind="4000"))
        lock(tmp_path, wanted, other)
        (tmp_path / "4000.v1.json").write_text("not json")
        library = Library(tmp_path)
        assert library.current("3000", Duty.DAILY) == wanted
        with pytest.raises(ValidationError):
            library.current("4000", Duty.DAILY)

    def test_a_file_is_read_once(self, tmp_path: Path) -> None:
        lock(tmp_path, put(tmp_path, a_file()))
        library = Library(tmp_path)
        first = library.current("3000", Duty.DAILY)
        (tmp_path / "3000.v1.json").unlink()
        assert library.current("3000", Duty.DAILY) is first


class TestAFile:
    def test_one_that_says_another_kind_than_its_name_is_refused(self, tmp_path: Path) -> None:
        put(tmp_path, a_file())
        wrong = (tmp_path / "3000.v1.json").rename(tmp_path / "3000.v2.json")
        with pytest.raises(ValueError, match=r"3000\.v2\.json holds version 1 of 3000"):
            read(wrong)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"items": []}, "at least 1 item"),
            ({"title": ""}, "at least 1 character"),
            ({"duty": "weekly_report"}, "weekly_report has no checklist"),
            ({"duty": "yearly"}, "Input should be 'daily'"),
            ({"version": 0}, "greater than 0"),
            ({"author": "?"}, "Extra inputs are not permitted"),
        ],
    )
    def test_a_list_of_the_wrong_shape_is_refused(self, change: dict[str, Any], message: str, tmp_path: Path) -> None:
        with pytest.raises(ValidationError, match=message):
            put(tmp_path, a_file(**change))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"text": ""}, "at least 1 character"),
            ({"hazard": ""}, "at least 1 character"),
            ({"grade": "较大"}, "Input should be 'general', 'serious' or 'major'"),
            ({"group": "其他"}, "Input should be '人员'"),
            ({"na_allowed": "yes"}, "should be a valid boolean"),
            ({"na_allowed": None}, "should be a valid boolean"),
            ({"stop_use": True, "grade": "serious"}, "only a major hazard may propose to stop use"),
            ({"level": "major"}, "Extra inputs are not permitted"),
        ],
    )
    def test_an_item_of_the_wrong_shape_is_refused(self, change: dict[str, Any], message: str, tmp_path: Path) -> None:
        with pytest.raises(ValidationError, match=message):
            put(tmp_path, a_file(items=[an_item("X-1", **change)]))

    @pytest.mark.parametrize("field", ["code", "group", "text", "hazard", "grade", "basis", "na_allowed", "stop_use"])
    def test_nothing_an_inspection_depends_on_is_left_to_a_default(self, field: str, tmp_path: Path) -> None:
        item = an_item("X-1")
        del item[field]
        with pytest.raises(ValidationError, match="Field required"):
            put(tmp_path, a_file(items=[item]))

    def test_a_code_used_twice_in_one_list_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValidationError, match="an item code is used twice"):
            put(tmp_path, a_file(items=[an_item("X-1"), an_item("X-1")]))


class TestTheHash:
    def test_it_is_that_of_the_canonical_json(self) -> None:
        canonical = (
            '{"duty":"daily","items":[{"basis":["GB 1"],"code":"X-1","grade":"major","group":"设备",'
            '"hazard":"不好","na_allowed":false,"stop_use":true,"text":"好"}],'
            '"target_kind":"3000","title":"清单","version":1}'
        )
        one = Checklist.model_validate(a_list([an_item("X-1", grade="major", stop_use=True)]))
        assert one.sha256 == hashlib.sha256(canonical.encode()).hexdigest()

    @pytest.mark.parametrize(
        "change",
        [
            {"text": "好。"},
            {"hazard": "不好。"},
            {"grade": "major"},
            {"na_allowed": True},
            {"basis": ["GB 2"]},
            {"applies_to": ["3100"]},
            {"group": "环境"},
            {"code": "X-2"},
        ],
    )
    def test_it_changes_with_anything_that_is_asked(self, change: dict[str, Any]) -> None:
        before = Checklist.model_validate(a_list([an_item("X-1")]))
        after = Checklist.model_validate(a_list([{**an_item("X-1"), **change}]))
        assert before.sha256 != after.sha256

    def test_it_survives_the_way_through_json(self) -> None:
        one = checklists.current("3000", Duty.DAILY)
        assert Checklist.model_validate_json(one.model_dump_json()).sha256 == one.sha256


@settings(deadline=None)
@given(st.data())
def test_every_sub_type_sees_an_ordered_part_and_all_together_see_all(data: st.DataObject) -> None:
    subtypes = data.draw(st.lists(st.sampled_from("ABCDEFG"), min_size=1, unique=True))
    narrowed = st.lists(st.sampled_from(subtypes), unique=True)
    applies = data.draw(st.lists(narrowed, min_size=1, max_size=20))
    one = Checklist.model_validate(a_list([an_item(f"X-{n}", applies_to=to) for n, to in enumerate(applies)]))
    seen = {subtype: one.items_for(subtype) for subtype in subtypes}
    for items in seen.values():
        assert items == tuple(item for item in one.items if item in items)
    unrestricted = {item for item in one.items if not item.applies_to}
    assert unrestricted.union(*seen.values()) == set(one.items)
    assert all(unrestricted <= set(items) for items in seen.values())
    assert all(subtype in item.applies_to for subtype in subtypes for item in {*seen[subtype]} - unrestricted)
