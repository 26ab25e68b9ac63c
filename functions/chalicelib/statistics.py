"""Statistics of a unit, and the lists behind each number."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.hazards import HazardPage
from schemas.statistics import (
    FoundQuery,
    OpenAnswer,
    OpenQuery,
    OutcomePage,
    OutcomeQuery,
    RectifiedQuery,
    StatisticsAnswer,
    StatisticsQuery,
)
from tean import bootstrap


def statistics(call: Call[Nothing, Nothing, StatisticsQuery]) -> StatisticsAnswer:
    """管控统计：一段时间里每项职责、每个种类、每个人的完成情况和隐患"""
    return bootstrap.services().statistics.overview(call.member, call.query)


def outcomes(call: Call[Nothing, Nothing, OutcomeQuery]) -> OutcomePage:
    """按时、补录、漏检、停用、零风险、整周未检的是哪些，新的在前"""
    return bootstrap.services().statistics.outcomes(call.member, call.query)


def found_hazards(call: Call[Nothing, Nothing, FoundQuery]) -> HazardPage:
    """一段时间里发现的隐患，已整改的也在内，新的在前"""
    return bootstrap.services().statistics.found(call.member, call.query)


def rectified_hazards(call: Call[Nothing, Nothing, RectifiedQuery]) -> HazardPage:
    """一段时间里确认整改的隐患，以前发现的也在内，立即处理的不算，新的在前"""
    return bootstrap.services().statistics.rectified(call.member, call.query)


def open_hazards(call: Call[Nothing, Nothing, OpenQuery]) -> OpenAnswer:
    """现在没有整改完成的隐患：按种类、等级、状态、时长的数字，和其中一页"""
    return bootstrap.services().statistics.open(call.member, call.query)
