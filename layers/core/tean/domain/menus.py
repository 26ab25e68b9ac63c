"""What a post shows: its menu, its titles, the tabs of daily control (acceptance 3, 4 and 16)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from schemas.language import Role, UnitKind, role_words, words
from tean.domain.membership import Membership


class MenuKey(StrEnum):
    """A place in the product that a menu leads to."""

    TODOS = "todos"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WEEKLY_REPORT = "weekly_report"
    MONTHLY_REPORT = "monthly_report"
    DAILY_HAZARDS = "daily_hazards"
    WEEKLY_HAZARDS = "weekly_hazards"
    MONTHLY_HAZARDS = "monthly_hazards"
    DAILY_RECORDS = "daily_records"
    WEEKLY_RECORDS = "weekly_records"
    MONTHLY_RECORDS = "monthly_records"
    STATISTICS = "statistics"
    UNIT_SETUP = "unit_setup"


@dataclass(frozen=True)
class MenuEntry:
    """One entry of a menu."""

    key: MenuKey
    title: str


@dataclass(frozen=True)
class Tab:
    """One tab of daily control: what the unit has to inspect as this kind of unit."""

    side: UnitKind
    title: str


_TITLES = {
    MenuKey.TODOS: "我的待办",
    MenuKey.DAILY: "日管控",
    MenuKey.WEEKLY: "周排查",
    MenuKey.MONTHLY: "月调度",
    MenuKey.WEEKLY_REPORT: "周报告",
    MenuKey.MONTHLY_REPORT: "月报告",
    MenuKey.DAILY_HAZARDS: "日隐患管理",
    MenuKey.WEEKLY_HAZARDS: "周隐患管理",
    MenuKey.MONTHLY_HAZARDS: "月隐患管理",
    MenuKey.DAILY_RECORDS: "日管控记录",
    MenuKey.WEEKLY_RECORDS: "周排查记录",
    MenuKey.MONTHLY_RECORDS: "月调度记录",
    MenuKey.STATISTICS: "管控统计",
    MenuKey.UNIT_SETUP: "单位设置",
}

_RECORDS = (MenuKey.DAILY_RECORDS, MenuKey.WEEKLY_RECORDS, MenuKey.MONTHLY_RECORDS)

_DIRECTORS_OWN = (
    MenuKey.TODOS, MenuKey.WEEKLY, MenuKey.MONTHLY, MenuKey.WEEKLY_REPORT, MenuKey.MONTHLY_REPORT,
    MenuKey.DAILY_HAZARDS, MenuKey.WEEKLY_HAZARDS,
)  # fmt: skip
_PRINCIPALS_OWN = (MenuKey.MONTHLY_HAZARDS, *_RECORDS, MenuKey.STATISTICS)

_MENUS = {
    Role.OFFICER: (
        MenuKey.TODOS, MenuKey.DAILY, MenuKey.WEEKLY, MenuKey.MONTHLY, MenuKey.DAILY_HAZARDS, *_RECORDS,
    ),
    Role.DIRECTOR: (*_DIRECTORS_OWN, *_RECORDS),
    Role.PRINCIPAL: (MenuKey.TODOS, MenuKey.MONTHLY, MenuKey.MONTHLY_REPORT, *_PRINCIPALS_OWN),
    Role.ADMINISTRATOR: (MenuKey.UNIT_SETUP,),
}  # fmt: skip

_TABS = {UnitKind.USE: "设备巡查", UnitKind.PRODUCTION: "许可巡查", UnitKind.FILLING: "工位巡查"}


def menu(member: Membership) -> tuple[MenuEntry, ...]:
    """The menu of a post, in the order of the user's guide. It is the same for every kind of unit.

    A principal without a director does his work too, and finds it where a director would (domain.md §4.9).
    """
    keys = (*_DIRECTORS_OWN, *_PRINCIPALS_OWN) if member.stands_in else _MENUS[member.role]
    return tuple(MenuEntry(key, _TITLES[key]) for key in keys)


def tabs(sides: Set[UnitKind]) -> tuple[Tab, ...]:
    """The tabs of daily control: one for each kind the unit is."""
    return tuple(Tab(side, _TABS[side]) for side in in_order(sides))


def post_words(role: Role, sides: Set[UnitKind]) -> str:
    """The title of a post as a person reads it. Who holds it on two sides that name it differently bears both titles:
    安全员、质量安全员 (orders 73 and 74 each appoint him)."""
    titles = dict.fromkeys(role_words(role, side) for side in in_order(sides))
    return "、".join(titles) or words(role)


def in_order(sides: Set[UnitKind]) -> tuple[UnitKind, ...]:
    """Unit kinds in the one order in which they are always shown: 使用, 生产, 充装."""
    return tuple(side for side in UnitKind if side in sides)
