"""A unit on moto's services, and the processes that serve it: everything that is kept can be looked at, kept aside, and
brought back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from imaging.examine import examine
from schemas.language import Duty, Role
from tean import bootstrap
from tean.adapters.dynamo.calls import Calls
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.hashing import Hasher
from tean.adapters.messages import SqsArrivals, SqsMessages
from tean.adapters.objects import S3Objects
from tean.adapters.signing import Signer
from tean.adapters.wechat import WeChatApi
from tean.domain.membership import Membership
from tean.domain.registry import Roster
from tean.services import uploads
from tean.services.arrivals import ArrivalService
from tean.services.days import AnnouncementService, DayService
from tean.services.sweep import SweepService
from tean.services.unit_setup import UnitSetupService
from tean.services.uploads import Buckets
from tests.fakes import tables
from tests.fakes.builders import USE, person, roster, target
from tests.fakes.clock import FakeClock
from tests.fakes.day import Day
from tests.fakes.dynamo import REGION, moto_store
from tests.fakes.wechat import APP_ID, SECRET, WeChatServer
from tests.fault.injector import Injector, Killed, Strike
from tests.unit.functions.conftest import OPENID, Api, Credentials

BUCKETS = Buckets("incoming", "evidence")
LIMIT = 8_388_608
QUEUES = ("days", "arrivals")
PHONE = "10000000001"
PEPPER = b"pepper" * 6
State = Mapping[str, Any]
"""All that is kept anywhere, by where it lies."""
examined = cache(examine)


def no_pause(attempt: int) -> None:
    """Where a try would wait for others."""


@dataclass(frozen=True)
class Answer:
    """What somebody got for what he sent."""

    status: int
    body: Any = None

    @property
    def good(self) -> bool:
        """Whether it was acknowledged."""
        return 200 <= self.status < 300


GONE = Answer(0)
"""Nothing: the process died before it answered."""


class Process:
    """What a cold start makes: none of it outlives a kill. Clients stay, because they know nothing."""

    def __init__(self, stage: Stage) -> None:
        store = DynamoStore(Calls(pause=no_pause))
        self.stage = stage
        self.api = Api(store)
        services = self.api.services
        services.clock = stage.clock
        services.signer = Signer("cn-northwest-1", stage.clock, lambda: Credentials())
        services.wechat = WeChatApi(APP_ID, SECRET, store, stage.clock, base_url=stage.wechat.url)
        self.days = DayService(store, stage.clock, no_pause)
        self.announcements = AnnouncementService(store, stage.messages, stage.clock)
        self.arrivals = ArrivalService(store, store, stage.objects, examined, BUCKETS, LIMIT)
        self.sweep = SweepService(store, stage.objects, stage.arrivals, BUCKETS, stage.clock)
        self.setup = UnitSetupService(store, stage.messages, services.hasher.phone, stage.clock, no_pause)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        """One request over the routes."""
        reply = self.api.call(method, path, body, token)
        return Answer(reply.status, reply.json)


Act = Callable[[Process], Answer]
"""What somebody does, word by word the same each time."""


class Stage:
    """Monday morning of a unit of two officers, two directors, a principal and an administrator, everything opened."""

    def __init__(self, store: DynamoStore, wechat: WeChatServer, injector: Injector) -> None:
        self.wechat, self.injector = wechat, injector
        for bucket in (BUCKETS.incoming, BUCKETS.evidence):
            boto3.client("s3").create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"}
            )
        self.objects = S3Objects()
        days, arrivals = (boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in QUEUES)
        self.messages, self.arrivals = SqsMessages(days, REGION), SqsArrivals(arrivals, REGION)
        self.day = Day(_roster(), store, duties=tuple(Duty))  # type: ignore[arg-type]  # it asks the ports alone
        self.process = Process(self)
        self._monday = self.kept_aside()

    @property
    def clock(self) -> FakeClock:
        """The one clock of everybody."""
        return self.day.clock

    def monday(self) -> None:
        """As it was when everything was opened, whatever has happened since."""
        self.bring_back(self._monday)

    def token(self, member: Membership) -> str:
        """A good token."""
        return self.process.api.tokens.issue(OPENID, member, self.clock())[0]

    def arrive(self, upload: str, content: bytes) -> None:
        """A file is sent to where its policy points."""
        boto3.client("s3").put_object(Bucket=BUCKETS.incoming, Key=upload, Body=content)

    # --- all that is kept -------------------------------------------------------------------------------------------

    def kept_aside(self) -> Kept:
        """All of it as it is now."""
        return Kept(
            tables.Kept(),
            {name: frozenset(bucket.keys) for name, bucket in _buckets().items()},
            self.clock(),
        )

    def bring_back(self, kept: Kept) -> None:
        """All of it as it was then, and a process that knows nothing of what came after."""
        kept.items.restore()
        for name, bucket in _buckets().items():
            for key in set(bucket.keys) - kept.objects[name]:
                bucket.keys.pop(key)
        for queue in _queues():
            queue._messages.clear()
        self.clock.set(kept.at)
        self.injector.forget()
        self.start()

    def state(self) -> State:
        """What is kept where. A message may come twice, so how often it was sent does not matter; and how many turns
        somebody took is left out, because each try that arrives is one."""
        items = {
            f"{name.rpartition('-')[2]} {pk} {sk}": attributes
            for (name, pk, sk), attributes in tables.everything().items()
            if not sk.startswith("turns#")
        }
        objects = {
            f"object {name} {key}": (str(one.metadata.get("content-type")), one.value)
            for name, bucket in _buckets().items()
            for key, one in bucket.keys._iteritems()
        }
        return items | objects | {f"message {one.body}": True for queue in _queues() for one in queue._messages}

    # --- processes --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """A cold start."""
        self.process = Process(self)

    def play(self, act: Act, strike: Strike | None = None) -> Answer:
        """Do it once, with what may strike it; who is killed comes back as another process."""
        self.injector.arm(strike)
        try:
            return act(self.process)
        except Killed:
            self.start()
            return GONE
        finally:
            self.injector.arm()


@dataclass(frozen=True)
class Kept:
    """All that was kept at an instant."""

    items: tables.Kept
    objects: Mapping[str, frozenset[str]]
    """Nothing that is there is ever changed or taken away."""
    at: datetime


@contextmanager
def raised() -> Iterator[Stage]:
    """The curtain is up: the routes, the events and the operator's command are served by this stage's process."""
    with (
        pytest.MonkeyPatch.context() as patched,
        moto_store(no_pause) as store,
        WeChatServer().running() as wechat,
        Injector().installed() as injector,
    ):
        patched.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
        stage = Stage(store, wechat, injector)
        # What would be drawn by lot tells the instant instead, so that two runs of one try are alike.
        patched.setattr(uploads, "token_hex", lambda size: f"{int(1000 * stage.clock().timestamp()):032x}")
        patched.setattr(bootstrap, "services", lambda: stage.process.api.services)
        for name in ("days", "announcements", "arrivals", "sweep"):
            patched.setattr(bootstrap, name, lambda name=name: getattr(stage.process, name))
        yield stage


def _roster() -> Roster:
    people = [
        person("P1", phone=Hasher(PEPPER).phone(PHONE), roles={Role.OFFICER: USE, Role.ADMINISTRATOR: USE}),
        person("P2"), person("D1", Role.DIRECTOR), person("D2", Role.DIRECTOR), person("B1", Role.PRINCIPAL),
        person("A1", Role.ADMINISTRATOR),
    ]  # fmt: skip
    crane = target("E-3", kind="4000", subtype="4100", name="桥式起重机")
    return roster(people, (target(officers=("P1", "P2")), target("E-2"), crane))


def _buckets() -> Mapping[str, Any]:
    return s3_backends[ACCOUNT]["aws"].buckets


def _queues() -> list[Any]:
    return [sqs_backends[ACCOUNT][REGION].queues[name] for name in QUEUES]
