"""How much of everything there has to be in a campaign: a part that tells nothing of it has done nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from infra.environment import ROOT

DOCUMENT = json.loads((ROOT / "schemas" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = [(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods]
"""All that the API does, by its document."""
LEAST_CASES, LEAST_ON_DYNAMO, LEAST_RAW = 2_000, 200, 600
"""Of each operation: requests by its schema, the same on the real adapter, and requests whose bytes nobody means."""

GOALS: Final[Mapping[tuple[str, str], int]] = {
    ("Contract of storage", "tests on the storage of the one-machine stack"): 450,
    ("Fault injector", "different cases played"): 10_000,
    ("Fault injector", "faults injected"): 10_000,
    ("Files", "histories of three files each, with dying workers and lost news"): 1_000,
    ("Generator and close", "histories whose runs die before a port's write, on the fake store"): 1_000,
    ("Generator and close", "histories whose runs die where botocore sends, on DynamoDB's adapter"): 48,
    ("Hazard state machine", "steps"): 50_000,
    ("Hostile requests", "operations"): len(OPERATIONS),
    ("Hostile requests", "cases made from the document, at least 2,000 of each operation"): LEAST_CASES
    * len(OPERATIONS),
    ("Hostile requests", "cases on DynamoDB's adapter, at least 200 of each operation"): LEAST_ON_DYNAMO
    * len(OPERATIONS),
    ("Hostile requests", "raw bodies, queries and headers"): LEAST_RAW * len(OPERATIONS),
    ("Kills", "processes killed"): 200,
    ("Kills", "requests acknowledged, none of them lost, doubled or changed"): 900,
    ("Largest pictures", "judged by one worker, one after the other"): 18,
    ("Mutated images", "judged"): 1_000,
    ("Soak", "submissions acknowledged, each there once"): 15_000,
    ("Soak", "a second, from the first that was due to the last that was answered"): 49,
}
"""By part, and what it counts. Whatever else these parts tell has none."""
