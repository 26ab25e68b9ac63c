"""Submitting a checklist."""

from __future__ import annotations

from chalice import Blueprint

from chalicelib.contract import INSPECTORS, Call, Nothing, operation
from schemas.inspections import InspectionRequest, Receipt
from tean import bootstrap

blueprint = Blueprint(__name__)


@operation(
    blueprint, "POST", "/v1/inspections",
    roles=INSPECTORS, body=InspectionRequest, answer=Receipt, status=201,
)  # fmt: skip
def submit(call: Call[InspectionRequest, Nothing, Nothing]) -> Receipt:
    """提交一次检查：同样的内容再交一次，得到第一次的回执"""
    return bootstrap.services().inspections.submit(call.member, call.body)
