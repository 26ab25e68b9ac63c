"""The unit's own checklists."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.custom import CustomListAnswer, CustomLists, CustomPath, RevisionRequest
from tean import bootstrap


def custom_lists(call: Call[Nothing, Nothing, Nothing]) -> CustomLists:
    """可以加自定义项的清单：每种责任、每个种类一张"""
    return bootstrap.services().custom.overview(call.member)


def custom_list(call: Call[Nothing, CustomPath, Nothing]) -> CustomListAnswer:
    """一张清单：固定项、自定义项和调高过的等级"""
    return bootstrap.services().custom.list(call.member, call.path.duty, call.path.kind)


def revise_custom_list(call: Call[RevisionRequest, CustomPath, Nothing]) -> CustomListAnswer:
    """改一张清单：增加、停用、调高等级，从下一次派发的任务起生效"""
    return bootstrap.services().custom.revise(call.member, call.path.duty, call.path.kind, call.body)
