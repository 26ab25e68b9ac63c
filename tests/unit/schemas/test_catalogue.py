"""The catalogue of target kinds: complete, consistent, and titled as orders 73 and 74 have it."""

from __future__ import annotations

import pytest

from schemas.catalogue import TargetKind, target_kind, target_kinds
from schemas.language import Duty, Role, UnitKind, role_words

ALL = [kind for unit_kind in UnitKind for kind in target_kinds(unit_kind)]
CATEGORIES = ["1000", "2000", "8000", "3000", "4000", "9000", "6000", "5000"]


def titles(kind: TargetKind) -> tuple[str, ...]:
    return (kind.risk_list_title, *kind.record_titles.values())


def test_there_are_8_categories_18_licence_kinds_and_2_filling_kinds() -> None:
    assert {unit_kind: len(target_kinds(unit_kind)) for unit_kind in UnitKind} == {
        UnitKind.USE: 8,
        UnitKind.PRODUCTION: 18,
        UnitKind.FILLING: 2,
    }
    assert len({kind.code for kind in ALL}) == 28


def test_categories_stand_in_the_order_of_order_74() -> None:
    assert [kind.code for kind in target_kinds(UnitKind.USE)] == CATEGORIES


def test_codes_are_safe_in_a_key_and_in_a_url() -> None:
    assert [kind.code for kind in ALL if not kind.code.replace("_", "").isalnum() or not kind.code.isascii()] == []


def test_names_and_short_names_tell_the_kinds_apart() -> None:
    assert len({kind.name for kind in ALL}) == 28
    assert len({kind.short for kind in ALL}) == 28
    assert [kind.code for kind in ALL if len(kind.short) > len(kind.name)] == []


def test_a_category_has_its_sub_types_of_the_catalogue_of_special_equipment() -> None:
    assert target_kind("3000").subtypes == {
        "3100": "曳引与强制驱动电梯",
        "3200": "液压驱动电梯",
        "3300": "自动扶梯与自动人行道",
        "3400": "其它类型电梯",
    }
    assert [len(target_kind(code).subtypes) for code in CATEGORIES] == [3, 4, 3, 4, 9, 3, 13, 2]


def test_a_sub_type_code_begins_with_the_digit_of_its_category() -> None:
    for kind in target_kinds(UnitKind.USE):
        assert [code for code in kind.subtypes if code[0] != kind.code[0] or not code.endswith("00")] == []


def test_only_categories_have_sub_types_and_certificates() -> None:
    others = target_kinds(UnitKind.PRODUCTION) + target_kinds(UnitKind.FILLING)
    assert [kind.code for kind in others if kind.subtypes or kind.certificate_prefix or kind.inspection_hint] == []
    prefixes = [kind.certificate_prefix for kind in target_kinds(UnitKind.USE)]
    assert prefixes == ["锅", "容", "管", "梯", "起", "索", "游", "车"]


def test_a_licence_kind_belongs_to_a_category_and_a_filling_kind_to_none() -> None:
    assert {kind.category for kind in target_kinds(UnitKind.PRODUCTION)} == set(CATEGORIES)
    assert [kind.category for kind in target_kinds(UnitKind.USE)] == CATEGORIES
    assert [kind.category for kind in target_kinds(UnitKind.FILLING)] == [None, None]


def test_every_duty_with_a_checklist_has_a_record_title() -> None:
    for kind in ALL:
        assert tuple(kind.record_titles) == (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY)


def test_titles_of_a_use_unit_are_those_of_order_74() -> None:
    lift = target_kind("3000")
    assert lift.record_titles == {
        Duty.DAILY: "每日电梯安全检查记录",
        Duty.WEEKLY: "每周电梯安全排查治理报告",
        Duty.MONTHLY: "每月电梯安全调度会议纪要",
    }
    assert lift.risk_list_title == "电梯安全风险管控清单"
    assert (lift.officer_title, lift.director_title) == ("电梯安全员", "电梯安全总监")


def test_titles_of_a_producer_speak_of_quality_safety() -> None:
    for kind in target_kinds(UnitKind.PRODUCTION):
        assert [title for title in titles(kind) if "质量安全" not in title] == []
    for kind in target_kinds(UnitKind.USE) + target_kinds(UnitKind.FILLING):
        assert [title for title in titles(kind) if "质量" in title] == []


def test_licences_of_one_category_share_its_titles_except_gas_cylinders() -> None:
    boilers = target_kind("BOILER_MFG"), target_kind("BOILER_INS")
    assert {titles(kind) for kind in boilers} == {
        (
            "锅炉质量安全风险管控清单",
            "每日锅炉质量安全检查记录",
            "每周锅炉质量安全排查治理报告",
            "每月锅炉质量安全调度会议纪要",
        )
    }
    assert target_kind("GC_MFG").record_titles[Duty.DAILY] == "每日气瓶质量安全检查记录"
    assert len({titles(kind) for kind in target_kinds(UnitKind.PRODUCTION)}) == 9


def test_filling_stations_have_titles_of_their_own() -> None:
    assert target_kind("GC_FILL").record_titles[Duty.DAILY] == "每日气瓶充装安全检查记录"
    assert target_kind("MPV_FILL").record_titles[Duty.DAILY] == "每日移动式压力容器充装安全检查记录"


@pytest.mark.parametrize("unit_kind", [UnitKind.PRODUCTION, UnitKind.FILLING])
def test_where_no_kind_is_named_in_a_post_the_title_is_that_of_the_role(unit_kind: UnitKind) -> None:
    posts = {(kind.officer_title, kind.director_title) for kind in target_kinds(unit_kind)}
    assert posts == {(role_words(Role.OFFICER, unit_kind), role_words(Role.DIRECTOR, unit_kind))}


def test_only_titles_all_seen_in_print_are_called_verified() -> None:
    assert [kind.code for kind in ALL if kind.title_verified] == ["5000"]


@pytest.mark.parametrize("code", ["", "7000", "3100", "el_mfg"])
def test_an_unknown_target_kind_is_refused(code: str) -> None:
    with pytest.raises(LookupError, match=f"no target kind '{code}'"):
        target_kind(code)
