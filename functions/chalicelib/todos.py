"""My to-dos, and one task with its target and checklist."""

from __future__ import annotations

from chalice import Blueprint

from chalicelib.contract import EVERYBODY, Call, Nothing, operation
from schemas.language import Role
from schemas.todos import TaskAnswer, TaskPath, TodoPage, TodoQuery
from tean import bootstrap

blueprint = Blueprint(__name__)


@operation(blueprint, "GET", "/v1/todos", roles=EVERYBODY, query=TodoQuery, answer=TodoPage)
def todos(call: Call[Nothing, Nothing, TodoQuery]) -> TodoPage:
    """我的待办：今天的全部任务和还能补录的旧任务，每页 50 条"""
    return bootstrap.services().todos.page(call.member, call.query.cursor)


@operation(
    blueprint, "GET", "/v1/tasks/{duty}/{due}/{target}",
    roles=frozenset({Role.OFFICER}), parameters=TaskPath, answer=TaskAnswer,
)  # fmt: skip
def task(call: Call[Nothing, TaskPath, Nothing]) -> TaskAnswer:
    """打开一项任务：对象资料、状态、要查的每一项"""
    return bootstrap.services().todos.open(call.member, call.path.duty, call.path.due, call.path.target)
