"""Imports, which a cold start waits for: the API against the smallest function that talks to DynamoDB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from tests.bench.ratios import Ratio
from tests.fakes.dynamo import REGION

ROUNDS = 21

BARE = "import boto3; boto3.client('dynamodb')"
LIBRARIES = "import botocore.auth, botocore.session, chalice, jwt, pydantic, pynamodb.models, pynamodb.transactions"
API = "import app"
READY = "import app; from tean.adapters.models import CONNECTION; CONNECTION.client"

TIMED = """
import sys, time
sys.modules["cryptography"] = None  # only the tests' own tools bring it; the layer does not hold it
start = time.process_time()
%s
took = time.process_time() - start
ours = ("app", "chalicelib", "schemas", "tean")
loaded = [name for name, module in sys.modules.items() if module]
import json
print(json.dumps([took, len(loaded), sum(name.partition(".")[0] in ours for name in loaded)]))
"""


@dataclass(frozen=True)
class Start:
    """How long an import took, how many modules are there then, and how many of them are our own."""

    seconds: float
    modules: int
    own: int


@dataclass(frozen=True)
class ColdStart:
    """What the API stands on, the API itself, and the API with its client made / the bare function; what is loaded."""

    libraries: Ratio
    imported: Ratio
    ready: Ratio
    api: Start
    bare: Start


def cold_start() -> ColdStart:
    """Each in new interpreters, one after the other."""
    codes = (BARE, LIBRARIES, API, READY)
    rounds = [[start(code) for code in codes] for _ in range(1 + ROUNDS)]
    # The first one may have had to compile.
    libraries, imported, ready = (
        Ratio.of([starts[number].seconds / starts[0].seconds for starts in rounds[1:]]) for number in (1, 2, 3)
    )
    return ColdStart(libraries, imported, ready, api=rounds[0][3], bare=rounds[0][0])


def start(code: str) -> Start:
    """``code`` in a new interpreter, where credentials lie in the environment as they do in Lambda."""
    told = {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "of-nobody", "AWS_SECRET_ACCESS_KEY": "of-nothing"}
    command = [sys.executable, "-c", TIMED % code]
    run = subprocess.run(command, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True, check=True)
    return Start(*json.loads(run.stdout))
