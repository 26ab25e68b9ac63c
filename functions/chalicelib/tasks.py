"""A task opened."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.tasks import TaskAnswer, TaskPath
from tean import bootstrap


def task(call: Call[Nothing, TaskPath, Nothing]) -> TaskAnswer:
    """打开一项任务：对象资料、状态、要查的每一项"""
    return bootstrap.services().tasks.open(call.member, call.path.duty, call.path.due, call.path.target)
