"""The two routes that are measured, as API Gateway hands them to Lambda."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.bench import canned, ours
from tests.bench.serve import Route

POST, GET = "POST /v1/inspections", "GET /v1/todos"

HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br",
    "Content-Type": "application/json",
    "Host": "abcde12345.execute-api.cn-northwest-1.amazonaws.com.cn",
    "Referer": "https://servicewechat.com/wx0000000000000000/1/page-frame.html",
    "User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50 MiniProgramEnv/android",
    "X-Amzn-Trace-Id": "Root=1-00000000-000000000000000000000000",
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
}


def routes() -> Mapping[str, Route]:
    """An inspection of twelve items, one of them 不合格 with a photo; and the first page of fifty to-dos."""
    failed = [ours.ITEMS[0].code]
    receipt = canned.receipt(target=canned.TARGET, duty="daily", due=canned.TODAY, state="in_use", failed=failed)
    return {
        POST: Route(event("POST", "/v1/inspections", inspection()), 201, receipt),
        GET: Route(event("GET", "/v1/todos"), 200, canned.page()),
    }


def refused() -> Mapping[str, Any]:
    """An inspection that every side has to refuse."""
    return event("POST", "/v1/inspections", {**inspection(), "due": "yesterday"})


def inspection() -> Mapping[str, Any]:
    """What the phone sends."""
    answers: list[dict[str, Any]] = [{"item": item.code, "result": "pass", "seconds": 4} for item in ours.ITEMS]
    answers[0] |= {"result": "fail", "handling": "pending", "photos": [ours.PHOTO]}
    return {
        "target": canned.TARGET, "duty": "daily", "due": canned.TODAY, "state": "in_use",
        "checklist": ours.LIST.sha256, "answers": answers, "signature": ours.SIGNATURE,
        "remark": "当班检查，司机室照明偏暗。",
    }  # fmt: skip


def event(
    method: str, path: str, body: Mapping[str, Any] | None = None, *, token: str | None = None
) -> Mapping[str, Any]:
    """A request to a REST API, with a session's token."""
    headers = {**HEADERS, "Authorization": f"Bearer {token or ours.api().token()}"}
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "abc123",
            "resourcePath": path,
            "operationName": None,
            "httpMethod": method,
            "extendedRequestId": "AAAAAAAAAAAAAAA=",
            "requestTime": "23/Nov/2026:01:00:00 +0000",
            "path": f"/prod{path}",
            "accountId": "000000000000",
            "protocol": "HTTP/1.1",
            "stage": "prod",
            "domainPrefix": "abcde12345",
            "requestTimeEpoch": 1795395600000,
            "requestId": "00000000-0000-0000-0000-000000000000",
            "identity": {"sourceIp": "192.0.2.1", "userAgent": HEADERS["User-Agent"], "accountId": None, "user": None},
            "domainName": HEADERS["Host"],
            "apiId": "abcde12345",
        },
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")) if body else None,
        "isBase64Encoded": False,
    }
