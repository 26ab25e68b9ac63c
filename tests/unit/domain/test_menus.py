"""Acceptance 3, 4 and 16: what each post sees."""

from __future__ import annotations

import pytest

from schemas.language import Role, UnitKind
from tean.domain.menus import MenuKey, menu, post_words, tabs
from tests.fakes.builders import membership

USE, PRODUCTION, FILLING = UnitKind.USE, UnitKind.PRODUCTION, UnitKind.FILLING

ACCEPTANCE_3 = {
    Role.OFFICER: "我的待办/日管控/周排查/月调度/日隐患管理/日管控记录/周排查记录/月调度记录",
    Role.DIRECTOR: "我的待办/周排查/月调度/周报告/月报告/日隐患管理/周隐患管理/日管控记录/周排查记录/月调度记录",
    Role.PRINCIPAL: "我的待办/月调度/月报告/月隐患管理/日管控记录/周排查记录/月调度记录/管控统计",
    Role.ADMINISTRATOR: "单位设置",
}


@pytest.mark.parametrize("role", Role)
def test_each_post_sees_its_menu_in_the_order_of_the_guide(role: Role) -> None:
    assert "/".join(entry.title for entry in menu(membership(role=role))) == ACCEPTANCE_3[role]


def test_a_principal_without_a_director_finds_his_work_where_a_director_would() -> None:
    standing_in = membership("B1", Role.PRINCIPAL, stands_in=frozenset({"3000"}))
    titles = [entry.title for entry in menu(standing_in)]
    directors, own = (ACCEPTANCE_3[role].split("/") for role in (Role.DIRECTOR, Role.PRINCIPAL))
    assert [title for title in titles if title in directors] == directors
    assert [title for title in titles if title in own] == own
    assert set(titles) == {*directors, *own}


def test_every_place_is_in_somebodys_menu_under_one_title() -> None:
    seen = {(entry.key, entry.title) for role in Role for entry in menu(membership(role=role))}
    assert sorted(key for key, _ in seen) == sorted(MenuKey)


def test_an_officer_opens_daily_control_and_never_a_report() -> None:
    keys = [entry.key for entry in menu(membership())]
    assert MenuKey.DAILY in keys
    assert MenuKey.WEEKLY_REPORT not in keys
    assert MenuKey.MONTHLY_REPORT not in keys


@pytest.mark.parametrize(
    ("sides", "titles"),
    [
        ({USE}, ["设备巡查"]),
        ({PRODUCTION}, ["许可巡查"]),
        ({FILLING}, ["工位巡查"]),
        ({FILLING, PRODUCTION, USE}, ["设备巡查", "许可巡查", "工位巡查"]),
        (set(), []),
    ],
)
def test_daily_control_has_one_tab_for_each_kind_the_unit_is(sides: set[UnitKind], titles: list[str]) -> None:
    assert [tab.title for tab in tabs(sides)] == titles


def test_a_tab_names_the_side_it_shows() -> None:
    assert [tab.side for tab in tabs({FILLING, USE})] == [USE, FILLING]


@pytest.mark.parametrize(
    ("role", "sides", "words"),
    [
        (Role.OFFICER, {USE}, "安全员"),
        (Role.OFFICER, {PRODUCTION}, "质量安全员"),
        (Role.DIRECTOR, {FILLING}, "安全总监"),
        (Role.DIRECTOR, {PRODUCTION}, "质量安全总监"),
        (Role.OFFICER, {USE, FILLING}, "安全员"),
        (Role.DIRECTOR, {PRODUCTION, USE}, "安全总监、质量安全总监"),
        (Role.PRINCIPAL, {USE, PRODUCTION}, "主要负责人"),
        (Role.ADMINISTRATOR, set(), "管理员"),
    ],
)
def test_a_post_is_called_what_the_order_of_its_unit_kind_calls_it(
    role: Role, sides: set[UnitKind], words: str
) -> None:
    assert post_words(role, sides) == words
