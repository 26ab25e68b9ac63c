"""The OpenAPI 3.1 document, made of the declared routes and the pydantic models (``python -m infra.openapi``)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

import app
from chalicelib.contract import Nothing, Operation, Route
from chalicelib.routes import ROUTES
from schemas import language
from schemas.base import Answer, ProblemAnswer, Request
from schemas.catalogue import target_kinds
from schemas.language import UnitKind

PATH = Path(__file__).parent.parent / "schemas" / "openapi.json"
PREFIX = "#/components/schemas/{model}"
TAGS = {
    "login": "登录与会话",
    "todos": "待办与任务",
    "progress": "待办与任务",
    "tasks": "待办与任务",
    "inspections": "检查",
    "hazards": "隐患",
    "records": "记录",
    "reports": "报告",
    "statistics": "统计",
    "custom": "自定义清单",
    "gaps": "单位资料",
    "clocks": "检验和许可到期",
    "uploads": "文件",
}
ABOUT = """特安的接口。所有时间为 UTC（ISO 8601），业务日期为北京时间。
除登录外都要带 `Authorization: Bearer <token>`，令牌十五分钟有效。
任何拒绝都是同一种形状（`application/problem+json`）：稳定的 `code`、HTTP `status`、可以照做的 `sentence`。"""

_RETRY_AFTER = {"headers": {"Retry-After": {"description": "多少秒后再试", "schema": {"type": "integer"}}}}


def document() -> dict[str, Any]:
    """The whole document as a dict, in a stable order."""
    models = sorted(
        {model for route in ROUTES for model in _models(route.operation)}, key=lambda pair: pair[0].__name__
    )
    _, definitions = models_json_schema(models, ref_template=PREFIX, schema_generator=GenerateJsonSchema)
    components = definitions.get("$defs", {})
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _described(route, route.operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tean 特安", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": words} for words in dict.fromkeys(TAGS.values())],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: _worded(name, schema) for name, schema in sorted(components.items())},
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
        "x-target-kinds": _target_kinds(),
    }


def _worded(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A client takes the words of an enum over instead of writing them again."""
    enum = language.ENUMS.get(name)
    return schema | {"x-words": {member.value: language.words(member) for member in enum}} if enum else schema


def _target_kinds() -> dict[str, dict[str, str]]:
    kinds = [kind for side in UnitKind for kind in target_kinds(side)]
    return {kind.code: {"name": kind.name, "short": kind.short, "unit_kind": kind.unit_kind.value} for kind in kinds}


def _models(operation: Operation) -> list[tuple[type[Request] | type[Answer], JsonSchemaMode]]:
    models: list[tuple[type[Request] | type[Answer], JsonSchemaMode]] = [
        (operation.answer, "serialization"),
        (ProblemAnswer, "serialization"),
    ]
    return [*models, (operation.body, "validation")] if operation.body is not Nothing else models


def _described(route: Route, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.name,
        "summary": (operation.handle.__doc__ or "").strip().splitlines()[0],
        "tags": [TAGS[route.feature]],
        "parameters": [*_parameters(operation.path, "path"), *_parameters(operation.query, "query")],
        "responses": {
            str(route.status): _content("application/json", operation.answer, "成功"),
            "default": _content("application/problem+json", ProblemAnswer, "拒绝"),
        },
    }
    if route.counted:
        described["responses"]["429"] = _content("application/problem+json", ProblemAnswer, "太频繁") | _RETRY_AFTER
    if operation.body is not Nothing:
        described["requestBody"] = {"required": True} | _content("application/json", operation.body)
    if route.roles:
        described["security"] = [{"session": []}]
        described["x-roles"] = sorted(route.roles)
    return described


def _content(kind: str, model: type[Request] | type[Answer], description: str | None = None) -> dict[str, Any]:
    content = {"content": {kind: {"schema": {"$ref": PREFIX.format(model=model.__name__)}}}}
    return {"description": description} | content if description else content


def _parameters(model: type[Request], place: str) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template=PREFIX)
    inlined = schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": place,
            "required": name in schema.get("required", ()),
            "schema": _inline(described, inlined),
        }
        for name, described in schema.get("properties", {}).items()
    ]


def _inline(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else schema


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the document."""
    PATH.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{PATH.name}: {len(ROUTES)} operations of {app.app.app_name}\n")


if __name__ == "__main__":
    main()
