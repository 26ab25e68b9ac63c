"""Submitting a checklist."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.inspections import InspectionRequest, Receipt
from tean import bootstrap


def submit(call: Call[InspectionRequest, Nothing, Nothing]) -> Receipt:
    """提交一次检查：同样的内容再交一次，得到第一次的回执"""
    return bootstrap.services().inspections.submit(call.member, call.body)
