"""My to-dos."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.todos import TodoPage, TodoQuery
from tean import bootstrap


def todos(call: Call[Nothing, Nothing, TodoQuery]) -> TodoPage:
    """我的待办：今天的全部任务和还能补录的旧任务，每页 50 条"""
    return bootstrap.services().todos.page(call.member, call.query.cursor)
