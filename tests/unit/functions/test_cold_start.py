"""What a cold start loads: imports are the time it takes (ADR 4, ADR 18)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence

import pytest

from chalicelib.routes import ROUTES
from tests.bench.cold_start import API, Laid, own, start, storage

FEATURES = {route.feature for route in ROUTES}
MOST_OWN = 27
"""Modules of ours that every request needs."""
MOST_MORE = 2
"""Modules of others beyond the libraries we stand on."""

LIBRARIES = """
import botocore.auth, botocore.session, chalice, jwt, pydantic, pynamodb.models, pynamodb.transactions
pydantic.TypeAdapter(type("Model", (pydantic.BaseModel,), {}))
"""
HEAVY = {"PIL", "boto3", "imaging", "openpyxl", "yaml"}


@pytest.fixture(scope="module")
def loaded() -> Sequence[str]:
    """By the API when it is loaded, with the libraries it stands on."""
    return modules(f"{LIBRARIES}\nimport app")


def modules(code: str) -> Sequence[str]:
    # Only the tests' own tools bring cryptography; the layer does not hold it.
    whole = f"import sys\nsys.modules['cryptography'] = None\n{code}\nprint(*sys.modules)"
    return subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True).stdout.split()


def of(package: str, names: Iterable[str]) -> set[str]:
    """The modules of a package by what they are called within it."""
    return {name.removeprefix(f"{package}.") for name in names if name.startswith(f"{package}.")}


def test_the_api_loads_what_every_request_needs_and_no_feature(loaded: Sequence[str]) -> None:
    assert len(own(loaded)) <= MOST_OWN, own(loaded)
    assert of("chalicelib", loaded) == {"contract", "events", "problems", "routes", "telemetry"}
    assert of("schemas", loaded) == {"base", "language", "typed"}
    assert of("tean.domain", loaded) == {"errors", "membership"}
    assert of("tean.services", loaded) == set()


def test_the_api_loads_its_libraries_and_next_to_nothing_more(loaded: Sequence[str]) -> None:
    more = set(loaded) - set(modules(LIBRARIES)) - set(own(loaded))
    assert (len(more) <= MOST_MORE, HEAVY.intersection(loaded)) == (True, set()), more


def test_the_first_request_loads_the_column_of_its_feature() -> None:
    with storage() as dynamo:
        loaded = start(API, dynamo, Laid()).modules["answer"]
    assert of("chalicelib", loaded) & FEATURES == {"todos"}
    assert of("schemas", loaded) & FEATURES == {"todos"}
    assert of("tean.services", loaded) == {"todos"}
    assert of("tean.adapters.dynamo", loaded) & {"access", "days", "tasks", "store", *FEATURES} == {"tasks"}
    assert of("tean.domain", loaded) <= {
        "calendar", "errors", "hazard_ids", "membership", "shares", "sheets", "tasks",
    }  # fmt: skip
    assert HEAVY.intersection(loaded) == set()


SHOWN_BY_OTHERS = {"records": {"inspections"}, "reports": {"inspections", "records"}, "statistics": {"hazards"}}
"""Whose answers a feature shows in its own."""


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_a_feature_loads_the_models_of_no_other_unless_it_shows_them(feature: str) -> None:
    loaded = modules(f"import chalicelib.{feature}")
    assert of("chalicelib", loaded) & FEATURES == {feature}
    assert of("schemas", loaded) & FEATURES - {feature} == SHOWN_BY_OTHERS.get(feature, set())


REFUSED = """
import json
from app import app
context = {"resourcePath": "/v1/todos", "httpMethod": "GET"}
event = {"requestContext": context, "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": None,
         "body": None, "isBase64Encoded": False, "stageVariables": None}
assert app(event, None)["statusCode"] == 401
"""


def test_who_is_refused_loads_no_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAN_SIGNING_KEYS", '[{"kid": "k1", "key": "' + "x" * 32 + '"}]')
    assert of("chalicelib", modules(REFUSED)) & FEATURES == set()


def test_a_worker_loads_no_route() -> None:
    loaded = modules("import chalicelib.events")
    assert ("app" in loaded, of("chalicelib", loaded)) == (False, {"events", "telemetry"})


WIRED = """
import os
os.environ |= {"AWS_REGION": "x-y-1", "TEAN_BUCKET_INCOMING": "i", "TEAN_BUCKET_EVIDENCE": "e"}
os.environ |= {"TEAN_UPLOAD_BYTES": "1", "TEAN_QUEUE_ARRIVALS": "q", "TEAN_UPLOADS": "1/1", "TEAN_LOGINS": "1/1"}
from tean import bootstrap
"""
STORAGE = {
    "access", "days", "hazards", "inspections", "registry", "reports", "rollups", "store", "tasks", "uploads",
}  # fmt: skip


def test_the_file_worker_loads_the_storage_of_files_and_of_the_names_it_writes_on_them() -> None:
    loaded = modules(f"{WIRED}bootstrap.arrivals()")
    assert of("tean.adapters.dynamo", loaded) & STORAGE == {"registry", "uploads"}


def test_the_sweep_loads_the_storage_of_files_alone_and_opens_no_picture() -> None:
    loaded = modules(f"{WIRED}bootstrap.sweep()")
    assert of("tean.adapters.dynamo", loaded) & STORAGE == {"uploads"}
    assert {"PIL", "imaging"} & {name.partition(".")[0] for name in loaded} == set()


def test_garbage_is_looked_for_again_once_everything_is_loaded() -> None:
    code = "import gc, app; print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["True", "True"]
