"""What the unit's set-up lacks."""

from __future__ import annotations

from chalice import Blueprint

from chalicelib.contract import ADMINISTRATORS, Call, Nothing, operation
from schemas.gaps import GapPage, GapPath, GapQuery, GapsAnswer
from tean import bootstrap

blueprint = Blueprint(__name__)


@operation(blueprint, "GET", "/v1/gaps", roles=ADMINISTRATORS, answer=GapsAnswer)
def gaps(call: Call[Nothing, Nothing, Nothing]) -> GapsAnswer:
    """单位资料的缺口：缺什么、有几处、资料齐全的有多少"""
    return bootstrap.services().gaps.overview(call.member)


@operation(
    blueprint, "GET", "/v1/gaps/{gap}/{unit_kind}",
    roles=ADMINISTRATORS, parameters=GapPath, query=GapQuery, answer=GapPage,
)  # fmt: skip
def gap(call: Call[Nothing, GapPath, GapQuery]) -> GapPage:
    """一种缺口：是哪些设备、许可、工位、种类或人员，每页 50 个"""
    return bootstrap.services().gaps.page(call.member, call.path.gap, call.path.unit_kind, call.query.cursor)
