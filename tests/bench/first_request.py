"""One side of a cold start in a new interpreter: it is loaded, then answers its first request.

Told the request as JSON, it tells what each of the two took in processor time. Only the standard library: nothing else
is on its path than what is measured.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

Handler = Callable[[Any, Any], Any]

LIBRARIES = (
    "botocore.auth", "botocore.session", "chalice", "jwt", "pydantic.main", "pydantic.types", "pynamodb.models",
    "pynamodb.transactions",
)  # fmt: skip

# Only the tests' own tools bring it; the layer does not hold it.
sys.modules["cryptography"] = None  # type: ignore[assignment]  # this is how Python is told that there is none


def bare(told: Mapping[str, Any]) -> Handler:
    """The smallest function that asks DynamoDB."""
    import boto3

    client = boto3.client("dynamodb")

    def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": json.dumps(client.query(**told["query"])["Items"])}

    return handler


def api(told: Mapping[str, Any]) -> Handler:
    """The API, as Lambda calls it."""
    from app import app

    handler: Handler = app
    return handler


def libraries(told: Mapping[str, Any]) -> Handler:
    """What the API stands on, which answers nothing."""
    for name in LIBRARIES:
        importlib.import_module(name)
    return lambda event, context: {"statusCode": 204, "body": "null"}


def main() -> None:
    """Load the side, let it answer, tell what it took."""
    told = json.load(sys.stdin)
    begun = time.process_time()
    handler = {"bare": bare, "api": api, "libraries": libraries}[sys.argv[1]](told)
    loaded = time.process_time()
    modules = {"init": sorted(sys.modules)}
    asked = time.process_time()
    answer = handler(told["event"], SimpleNamespace(aws_request_id="cold"))
    answered = time.process_time()
    modules["answer"] = sorted(sys.modules)
    took = {"init": loaded - begun, "answer": answered - asked}
    said = {"status": answer["statusCode"], "items": _items(json.loads(answer["body"]))}
    sys.stdout.write(json.dumps({"took": took, "modules": modules, **said}))


def _items(body: Any) -> int:
    return len(body["items"] if isinstance(body, dict) else body or ())


if __name__ == "__main__":
    main()
