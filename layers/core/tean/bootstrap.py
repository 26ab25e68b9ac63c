"""The only wiring: which adapter stands behind which port.

Three entries, because imports are cold-start time: ``services()`` is what the API needs, ``operations()`` what
schedules, queues and the operator need, ``worker()`` what judges files: only it loads Pillow and an S3 client.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from tean import settings
from tean.adapters.cursors import Cursors
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.hashing import Hasher
from tean.adapters.ports import Clock, Messages, Store, WeChat
from tean.adapters.signing import Signer
from tean.adapters.tokens import Tokens
from tean.adapters.wechat import WeChatApi
from tean.services.hazards import HazardService
from tean.services.inspections import InspectionService
from tean.services.login import LoginService
from tean.services.records import RecordService
from tean.services.todos import TodoService
from tean.services.uploads import ArrivalService, Buckets, UploadService

if TYPE_CHECKING:
    from tean.services.days import DayService
    from tean.services.unit_setup import UnitSetupService


@dataclass(frozen=True)
class Services:
    """What people do."""

    clock: Clock
    tokens: Tokens
    login: LoginService
    todos: TodoService
    inspections: InspectionService
    hazards: HazardService
    records: RecordService
    uploads: UploadService


@dataclass(frozen=True)
class Operations:
    """What happens by itself or by the operator's hand."""

    days: DayService
    unit_setup: UnitSetupService


@dataclass(frozen=True)
class Worker:
    """What judges files."""

    arrivals: ArrivalService


def utc_now() -> datetime:
    """The real clock, to the millisecond: finer than that nothing is stored."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def wire(
    store: Store, *, wechat: WeChat, tokens: Tokens, hasher: Hasher, signer: Signer,
    cursors: Cursors, buckets: Buckets, clock: Clock, upload_bytes: int,
) -> Services:  # fmt: skip
    """What people do, over any set of adapters."""
    return Services(
        clock=clock,
        tokens=tokens,
        login=LoginService(store, wechat, tokens, hasher, clock),
        todos=TodoService(store, store, cursors, clock),
        inspections=InspectionService(store, clock),
        hazards=HazardService(store, store, store, cursors, clock),
        records=RecordService(store, store, cursors, clock),
        uploads=UploadService(store, signer, buckets, clock, upload_bytes),
    )


def wire_operations(store: Store, *, messages: Messages, hasher: Hasher, clock: Clock) -> Operations:
    """What happens by itself, over any set of adapters."""
    from tean.services.days import DayService
    from tean.services.unit_setup import UnitSetupService

    return Operations(DayService(store, store, messages, clock), UnitSetupService(store, messages, hasher.phone, clock))


@cache
def services() -> Services:
    """The use cases of the API in this process, over the real adapters named by the environment."""
    env, store = settings.read(), DynamoStore()
    return wire(
        store,
        wechat=WeChatApi(env.wechat_app_id, env.wechat_secret, store, utc_now, base_url=env.wechat_api),
        tokens=Tokens.from_json(env.signing_keys),
        hasher=Hasher(env.pepper),
        signer=Signer(env.region, utc_now, origin=env.files_origin),
        cursors=Cursors(env.pepper),
        buckets=Buckets(env.incoming, env.evidence),
        clock=utc_now,
        upload_bytes=env.upload_bytes,
    )


@cache
def operations() -> Operations:
    """The schedule's, the queues' and the operator's use cases in this process."""
    from tean.adapters.messages import SqsMessages

    env = settings.read()
    messages = SqsMessages(env.days_queue, env.region)
    return wire_operations(DynamoStore(), messages=messages, hasher=Hasher(env.pepper), clock=utc_now)


@cache
def worker() -> Worker:
    """The file worker of this process."""
    from imaging.examine import examine
    from tean.adapters.objects import S3Objects

    env = settings.read()
    buckets = Buckets(env.incoming, env.evidence)
    return Worker(ArrivalService(DynamoStore(), S3Objects(), examine, buckets, env.upload_bytes))
