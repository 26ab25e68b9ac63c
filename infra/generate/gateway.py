"""API Gateway's own refusals, in the one problem shape.

They answer what never reaches the app, so they must say the same as the app would (``chalicelib.problems``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from infra.generate.names import Json


@dataclass(frozen=True)
class Refusal:
    """One refusal: what API Gateway calls it, and what is answered."""

    kind: str
    status: int
    code: str
    sentence: str


_UPDATE = "请更新小程序后再试。"
_UNKNOWN = ("route.unknown", f"没有这个地址，{_UPDATE}")
_INVALID = ("request.invalid", f"请求不对，{_UPDATE}")
_REFUSED = ("request.refused", f"请求没有被接受，{_UPDATE}")
_BUSY = ("request.too_many", "请求太多，请过一分钟再试。")
_BROKEN = ("server.error", "没有办成。已提交的记录不受影响，请再试一次。")

REFUSALS = (
    # Without IAM authorisation these all mean that the address does not exist.
    Refusal("MISSING_AUTHENTICATION_TOKEN", 404, *_UNKNOWN),
    Refusal("INVALID_SIGNATURE", 404, *_UNKNOWN),
    Refusal("RESOURCE_NOT_FOUND", 404, *_UNKNOWN),
    Refusal("BAD_REQUEST_BODY", 400, *_INVALID),
    Refusal("BAD_REQUEST_PARAMETERS", 400, *_INVALID),
    Refusal("REQUEST_TOO_LARGE", 413, "request.too_large", "内容太大，请减少后再试。"),
    Refusal("UNSUPPORTED_MEDIA_TYPE", 415, "request.not_json", f"只接受 JSON，{_UPDATE}"),
    Refusal("QUOTA_EXCEEDED", 429, *_BUSY),
    Refusal("THROTTLED", 429, *_BUSY),
    Refusal("WAF_FILTERED", 403, *_REFUSED),
    Refusal("DEFAULT_4XX", 400, *_REFUSED),
    Refusal("INTEGRATION_TIMEOUT", 504, "server.slow", "没有等到结果，可能已经办成。请刷新看看，再试一次也不会重复。"),
    Refusal("INTEGRATION_FAILURE", 502, *_BROKEN),
    Refusal("DEFAULT_5XX", 500, *_BROKEN),
)


def responses() -> Json:
    """The ``x-amazon-apigateway-gateway-responses`` of the API."""
    return {refusal.kind: _response(refusal) for refusal in REFUSALS}


def _response(refusal: Refusal) -> Json:
    return {
        "statusCode": str(refusal.status),
        "responseParameters": {
            # A template is chosen by its media type, and only application/json is chosen whatever a caller accepts.
            "gatewayresponse.header.Content-Type": "'application/problem+json'",
            "gatewayresponse.header.Cache-Control": "'no-store'",
            "gatewayresponse.header.X-Content-Type-Options": "'nosniff'",
        },
        "responseTemplates": {"application/json": _body(refusal)},
    }


def _body(refusal: Refusal) -> str:
    details = {"request": "$context.requestId"}
    body = {"code": refusal.code, "status": refusal.status, "sentence": refusal.sentence, "details": details}
    # Escaped: on its way through CloudFormation a template may lose characters that are not ASCII.
    return json.dumps(body, ensure_ascii=True)
