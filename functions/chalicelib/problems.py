"""Every refusal in one shape: the exception tree of ``tean.domain.errors`` and Chalice's own answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from chalice import Response
from chalice.app import ChaliceUnhandledError
from pydantic import ValidationError

from chalicelib.telemetry import note
from schemas.base import ProblemAnswer
from tean.domain.errors import Invalid, Problem

log = logging.getLogger("tean")

_OWN = {
    403: ("route.unknown", "没有这个地址，请更新小程序后再试。"),
    404: ("route.unknown", "没有这个地址，请更新小程序后再试。"),
    405: ("route.method", "这个地址不支持这种操作，请更新小程序后再试。"),
    413: ("request.too_large", "内容太大，请减少后再试。"),
    415: ("request.not_json", "只接受 JSON，请更新小程序后再试。"),
}
_BROKEN = ("server.error", "没有办成。已提交的记录不受影响，请再试一次。")

_FIELD_REASONS = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "string_too_long": "太长了",
    "string_too_short": "太短了",
    "too_long": "太多了",
    "too_short": "太少了",
    "string_pattern_mismatch": "格式不对",
    "json_invalid": "不是有效的 JSON",
    "enum": "没有这个选项",
    "literal_error": "没有这个选项",
}


def refuse_in_one_shape(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """The middleware of refusals: a known problem speaks for itself, anything else is logged, named by its request."""
    request_id = (event.context or {}).get("requestId", "-")
    try:
        response = get_response(event)
    except ChaliceUnhandledError as carrier:
        response = _refused(carrier.__cause__, request_id)
    except Exception as error:
        # Of Chalice itself, before or after a view.
        response = _refused(error, request_id)
    if response.status_code >= 400 and not isinstance(response.body, str):
        response = _answer(response.status_code, *_OWN.get(response.status_code, _BROKEN), {"request": request_id})
    response.headers |= {"X-Request-Id": request_id, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return response


def _refused(error: BaseException | None, request_id: str) -> Response:
    if isinstance(error, Problem):
        note(code=error.code)
        response = _answer(error.status, error.code, error.sentence, error.details)
        if error.wait:
            response.headers["Retry-After"] = str(error.wait)
        return response
    log.error("failed: %s", type(error).__name__, exc_info=error)
    return _answer(500, *_BROKEN, {"request": request_id})


def _answer(status: int, code: str, sentence: str, details: dict[str, Any]) -> Response:
    body = ProblemAnswer(code=code, status=status, sentence=sentence, details=details).to_json()
    return Response(body, {"Content-Type": "application/problem+json"}, status)


def invalid_request(error: ValidationError) -> Invalid:
    """What is wrong with which field, without repeating what was sent."""
    faults = [
        {"field": ".".join(str(part) for part in fault["loc"]), "reason": _reason(fault)}
        for fault in error.errors(include_url=False, include_input=False)[:20]
    ]
    return Invalid("request.invalid", f"请求有 {error.error_count()} 处不对，请更新小程序后再试。", faults=faults)


def _reason(fault: Any) -> str:
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return _FIELD_REASONS.get(fault["type"], "格式不对")
