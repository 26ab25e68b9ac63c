"""My to-dos, the progress of those I answer for, and one task with its target and checklist."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.todos import ProgressAnswer, ProgressPath, TaskAnswer, TaskPath, TodoPage, TodoQuery
from tean import bootstrap


def todos(call: Call[Nothing, Nothing, TodoQuery]) -> TodoPage:
    """我的待办：今天的全部任务和还能补录的旧任务，每页 50 条"""
    return bootstrap.services().todos.page(call.member, call.query.cursor)


def progress(call: Call[Nothing, ProgressPath, Nothing]) -> ProgressAnswer:
    """安全员的进度：今天的日管控、本周的周排查、本月的月调度，应查、已查、停用"""
    return bootstrap.services().todos.progress(call.member, call.path.duty)


def task(call: Call[Nothing, TaskPath, Nothing]) -> TaskAnswer:
    """打开一项任务：对象资料、状态、要查的每一项"""
    return bootstrap.services().todos.open(call.member, call.path.duty, call.path.due, call.path.target)
