"""Hazards: the lists, one hazard with its history, and its steps."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.hazards import (
    ExtensionRequest,
    HazardDetail,
    HazardPage,
    HazardPath,
    HazardQuery,
    OrderRequest,
    RectificationRequest,
    RegradeRequest,
    StepAnswer,
)
from tean import bootstrap


def hazards(call: Call[Nothing, Nothing, HazardQuery]) -> HazardPage:
    """隐患列表：按状态；待下达最重最早在前，待整改期限最近在前"""
    return bootstrap.services().hazards.page(call.member, call.query)


def hazard(call: Call[Nothing, HazardPath, Nothing]) -> HazardDetail:
    """一条隐患和它的每一步"""
    return bootstrap.services().hazards.detail(call.member, call.path.hazard)


def order(call: Call[OrderRequest, HazardPath, Nothing]) -> StepAnswer:
    """下达整改措施：措施、期限、整改人"""
    return bootstrap.services().hazard_steps.order(call.member, call.path.hazard, call.body)


def ask_extension(call: Call[ExtensionRequest, HazardPath, Nothing]) -> StepAnswer:
    """申请延期：原因、延到哪一天；由总监重新下达"""
    return bootstrap.services().hazard_steps.ask_extension(call.member, call.path.hazard, call.body)


def regrade(call: Call[RegradeRequest, HazardPath, Nothing]) -> StepAnswer:
    """调整等级：安全员只能调高，总监可以调低，都要写原因"""
    return bootstrap.services().hazard_steps.regrade(call.member, call.path.hazard, call.body)


def rectify(call: Call[RectificationRequest, HazardPath, Nothing]) -> StepAnswer:
    """确认完成整改：结果和照片"""
    return bootstrap.services().hazard_steps.rectify(call.member, call.path.hazard, call.body)
