"""A cold start: the API against the smallest function that talks to DynamoDB, each in a new interpreter.

Both are loaded and then answer their first request, for which they ask DynamoDB once. It stands on a port of this
machine and says what was prepared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from infra.environment import ROOT
from infra.generate.functions import environment
from infra.manifest import API as FUNCTION
from infra.manifest import load
from schemas.language import Duty
from tean.adapters.dynamo import task_codec
from tean.adapters.models import TaskItem
from tean.adapters.tokens import SigningKey, Tokens
from tean.domain import calendar
from tests.bench import canned
from tests.bench.ratios import Ratio
from tests.bench.routes import event
from tests.fakes import builders
from tests.fakes.builders import UNIT
from tests.fakes.dynamo import REGION

ROUNDS = 21
BARE, LIBRARIES, API = "bare", "libraries", "api"
CHILD = Path(__file__).with_name("first_request.py")
SITE = Path(sysconfig.get_path("purelib"))
KEY = SigningKey(kid="k1", key="x" * 32)
QUERY = "DynamoDB_20120810.Query"


class NotTheSame(Exception):
    """A side does not do the work that is measured."""


@dataclass(frozen=True)
class Laid:
    """Where the code lies that is measured, in the order of Python's path, and which Python runs it.

    The source tree unless told otherwise. What was packaged is to bring its bytecode along, as Lambda cannot write it.
    """

    code: Sequence[Path] = (ROOT / "functions", ROOT / "layers" / "core", ROOT, SITE)
    python: str = sys.executable

    @property
    def packaged(self) -> bool:
        """Whether it is anything but the source tree."""
        return self.code != Laid.code


@dataclass(frozen=True)
class Start:
    """Processor seconds of a side, and the modules that are there then."""

    init: float
    answer: float
    modules: Mapping[str, Sequence[str]]

    @property
    def whole(self) -> float:
        """Up to the first answer."""
        return self.init + self.answer


def own(modules: Iterable[str]) -> Sequence[str]:
    """Those that are ours."""
    return [name for name in modules if name.partition(".")[0] in ("app", "chalicelib", "imaging", "schemas", "tean")]


@dataclass(frozen=True)
class ColdStart:
    """What the API stands on, the API loaded, and its first answer / the bare function; what is loaded."""

    libraries: Ratio
    loaded: Ratio
    answered: Ratio
    api: Start
    bare: Start


def cold_start(laid: Laid) -> ColdStart:
    """Each in new interpreters, one after the other, in one run."""
    with storage() as dynamo:
        # The first round may have to compile, and does not count.
        rounds = [_round(dynamo, laid, number) for number in range(1 + ROUNDS)][1:]
    return ColdStart(
        libraries=Ratio.of([each[LIBRARIES].init / each[BARE].init for each in rounds]),
        loaded=Ratio.of([each[API].init / each[BARE].init for each in rounds]),
        answered=Ratio.of([each[API].whole / each[BARE].whole for each in rounds]),
        api=rounds[0][API],
        bare=rounds[0][BARE],
    )


def _round(dynamo: Dynamo, laid: Laid, number: int) -> Mapping[str, Start]:
    sides = (BARE, LIBRARIES, API) if number % 2 else (API, LIBRARIES, BARE)
    return {side: start(side, dynamo, laid) for side in sides}


def start(side: str, dynamo: Dynamo, laid: Laid) -> Start:
    """A side in a new interpreter, which sees nothing but its own code. NotTheSame if it did anything else than ask
    once and answer all that it found."""
    dynamo.asked.clear()
    command = [laid.python, "-S", "-P", str(CHILD), side]
    run = subprocess.run(
        command,
        env=_told(side, dynamo, laid),
        input=json.dumps(_asked()),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    # Its log comes first.
    said = json.loads(run.stdout.splitlines()[-1])
    done = said["items"], dynamo.asked
    if done != {BARE: (len(dynamo.items), [QUERY]), LIBRARIES: (0, []), API: (canned.PAGE, [QUERY])}[side]:
        raise NotTheSame(f"{side}: {said['status']}, {done}")
    return Start(**said["took"], modules=said["modules"])


def _told(side: str, dynamo: Dynamo, laid: Laid) -> dict[str, str]:
    """As Lambda tells it: credentials lie in the environment, beside what the manifest gives the function."""
    # What is packaged brings boto3 along, so that the bare function is packaged in the same way.
    path = [SITE] if side == BARE and not laid.packaged else laid.code
    told = _deployed() | {
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PATH": os.environ["PATH"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "of-nobody",
        "AWS_SECRET_ACCESS_KEY": "of-nothing",
        "AWS_ENDPOINT_URL_DYNAMODB": dynamo.url,
    }
    return told | {"PYTHONDONTWRITEBYTECODE": "1"} if laid.packaged else told


def _deployed() -> dict[str, str]:
    manifest = load()
    given = environment(manifest, "prod", manifest.functions[FUNCTION])
    keys = json.dumps([KEY.model_dump()])
    return {name: str(value) for name, value in given.items()} | {"TEAN_SIGNING_KEYS": keys, "TEAN_PEPPER": "x" * 32}


def _asked() -> Mapping[str, Any]:
    """The first page of to-dos, by somebody who is logged in; and what the bare function asks DynamoDB."""
    now = datetime.now(UTC)
    token, _ = Tokens([KEY]).issue("0" * 64, builders.membership(canned.PERSON), now)
    key = {":pk": {"S": f"{UNIT}#{canned.PERSON}"}, ":since": {"S": calendar.earliest_open(now).isoformat()}}
    query = {"KeyConditionExpression": "pk = :pk AND sk >= :since", "ExpressionAttributeValues": key}
    asked = event("GET", "/v1/todos", token=token)
    return {"event": asked, "query": {"TableName": TaskItem.Meta.table_name, "ConsistentRead": True, **query}}


# --- DynamoDB on a port -----------------------------------------------------------------------------------------------


@dataclass
class Dynamo:
    """Says the same to everybody; ``asked`` are the operations."""

    items: Sequence[Mapping[str, Any]]
    asked: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def answer(self) -> bytes:
        """What is found."""
        found = {"Items": self.items, "Count": len(self.items), "ScannedCount": len(self.items)}
        return json.dumps(found, ensure_ascii=False).encode()


@contextmanager
def storage() -> Iterator[Dynamo]:
    """DynamoDB, with fifty rows that are due today and the sheets that prove that nothing needs repair."""
    dynamo = Dynamo(list(_items(datetime.now(UTC))))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(dynamo))
    dynamo.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield dynamo
    finally:
        server.shutdown()
        server.server_close()


def _answering(dynamo: Dynamo) -> type[BaseHTTPRequestHandler]:
    answer = dynamo.answer

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            dynamo.asked.append(self.headers["X-Amz-Target"])
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Answering


def _items(now: datetime) -> Iterator[Mapping[str, Any]]:
    today = calendar.business_date(now)
    for row in canned.ROWS:
        known = {"where": row["target"], "name": row["name"], "location": row["location"], "kind": row["kind"]}
        yield task_codec.row_item(UNIT, builders.row(canned.PERSON, due=today, **known)).serialize()
    for duty in (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY):
        on = calendar.current(duty, now)
        for due, closed in ((calendar.before(duty, on), True), (on, False)):
            sheet = builders.sheet(canned.PERSON, duty=duty, due=due, owed={}, closed=closed)
            yield task_codec.sheet_item(UNIT, sheet).serialize()
