"""What ends when: inspections and licences."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.clocks import ExpiryPage, ExpiryQuery
from tean import bootstrap


def expiries(call: Call[Nothing, Nothing, ExpiryQuery]) -> ExpiryPage:
    """检验和许可到期：60 天内到期的和已过期的，最急的在前，每页 50 个"""
    return bootstrap.services().clocks.expiring(call.member, call.query)
