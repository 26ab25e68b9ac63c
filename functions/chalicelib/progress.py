"""How far the officers are."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.progress import ProgressAnswer, ProgressPath
from tean import bootstrap


def progress(call: Call[Nothing, ProgressPath, Nothing]) -> ProgressAnswer:
    """安全员的进度：今天的日管控、本周的周排查、本月的月调度，应查、已查、停用"""
    return bootstrap.services().progress.progress(call.member, call.path.duty)
