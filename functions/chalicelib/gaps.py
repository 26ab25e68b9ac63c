"""What the unit's set-up lacks."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.gaps import GapPage, GapPath, GapQuery, GapsAnswer
from tean import bootstrap


def gaps(call: Call[Nothing, Nothing, Nothing]) -> GapsAnswer:
    """单位资料的缺口：缺什么、有几处、资料齐全的有多少"""
    return bootstrap.services().gaps.overview(call.member)


def gap(call: Call[Nothing, GapPath, GapQuery]) -> GapPage:
    """一种缺口：是哪些设备、许可、工位、种类或人员，每页 50 个"""
    return bootstrap.services().gaps.page(call.member, call.path.gap, call.path.unit_kind, call.query.cursor)
