"""Statistics of a unit, and the lists behind each number."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.hazards import HazardPage
from schemas.statistics import (
    ExceptionPage,
    ExceptionQuery,
    FoundQuery,
    OpenAnswer,
    OpenQuery,
    StatisticsAnswer,
    StatisticsQuery,
)
from tean import bootstrap


def statistics(call: Call[Nothing, Nothing, StatisticsQuery]) -> StatisticsAnswer:
    """管控统计：一段时间里每项职责、每个种类、每个人的完成情况和隐患"""
    return bootstrap.services().statistics.overview(call.member, call.query)


def exceptions(call: Call[Nothing, Nothing, ExceptionQuery]) -> ExceptionPage:
    """漏检、补录、停用、整周未检的是哪些，新的在前"""
    return bootstrap.services().statistics.exceptions(call.member, call.query)


def found_hazards(call: Call[Nothing, Nothing, FoundQuery]) -> HazardPage:
    """一段时间里发现的隐患，已整改的也在内，新的在前"""
    return bootstrap.services().statistics.found(call.member, call.query)


def open_hazards(call: Call[Nothing, Nothing, OpenQuery]) -> OpenAnswer:
    """现在没有整改完成的隐患：按种类、等级、状态、时长的数字，和其中一页"""
    return bootstrap.services().statistics.open(call.member, call.query)
