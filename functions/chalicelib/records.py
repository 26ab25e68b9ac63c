"""Records: the targets one may see, the history of a target, one record whole."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.records import RecordDetail, RecordPage, RecordPath, RecordQuery, TargetPage, TargetPath, TargetQuery
from tean import bootstrap


def targets(call: Call[Nothing, Nothing, TargetQuery]) -> TargetPage:
    """可以查看记录的设备、许可和工位"""
    return bootstrap.services().records.targets(call.member, call.query.cursor)


def records(call: Call[Nothing, TargetPath, RecordQuery]) -> RecordPage:
    """一个对象，或一个种类，历次的记录和漏检，新的在前"""
    return bootstrap.services().records.page(call.member, call.path.target, call.query)


def record(call: Call[Nothing, RecordPath, Nothing]) -> RecordDetail:
    """一条记录的全部：每一项、照片、签名"""
    return bootstrap.services().records.detail(call.member, call.path.target, call.path.record)
