"""The only wiring: which adapter stands behind which port.

``services()`` is what the API and the scheduled functions use; ``worker()`` adds what only the file worker needs, and is
the only way to Pillow and to an S3 client, so that neither is ever loaded at a cold start of the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from tean import settings
from tean.adapters.cursors import Cursors
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.hashing import Hasher
from tean.adapters.messages import SqsMessages
from tean.adapters.ports import Clock, Messages, Store, WeChat
from tean.adapters.signing import Signer
from tean.adapters.tokens import Tokens
from tean.adapters.wechat import WeChatApi
from tean.services.days import DayService
from tean.services.hazards import HazardService
from tean.services.inspections import InspectionService
from tean.services.login import LoginService
from tean.services.records import RecordService
from tean.services.todos import TodoService
from tean.services.unit_setup import UnitSetupService
from tean.services.uploads import ArrivalService, Buckets, UploadService


@dataclass(frozen=True)
class Services:
    """Every use case, wired."""

    clock: Clock
    tokens: Tokens
    login: LoginService
    todos: TodoService
    inspections: InspectionService
    hazards: HazardService
    records: RecordService
    uploads: UploadService
    unit_setup: UnitSetupService
    days: DayService


@dataclass(frozen=True)
class Worker:
    """What the file worker does."""

    arrivals: ArrivalService


def utc_now() -> datetime:
    """The real clock, to the millisecond: finer than that nothing is stored."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def wire(
    store: Store, *, messages: Messages, wechat: WeChat, tokens: Tokens, hasher: Hasher, signer: Signer,
    cursors: Cursors, buckets: Buckets, clock: Clock, upload_bytes: int,
) -> Services:  # fmt: skip
    """The use cases over any set of adapters."""
    return Services(
        clock=clock,
        tokens=tokens,
        login=LoginService(store, wechat, tokens, hasher, clock),
        todos=TodoService(store, store, cursors, clock),
        inspections=InspectionService(store, clock),
        hazards=HazardService(store, store, store, cursors, clock),
        records=RecordService(store, store, cursors, clock),
        uploads=UploadService(store, signer, buckets, clock, upload_bytes),
        unit_setup=UnitSetupService(store, messages, hasher.phone, clock),
        days=DayService(store, store, messages, clock),
    )


@cache
def services() -> Services:
    """The use cases of this process, over the real adapters named by the environment."""
    env = settings.read()
    store = DynamoStore()
    hasher = Hasher(env.pepper)
    return wire(
        store,
        messages=SqsMessages(env.days_queue),
        wechat=WeChatApi(env.wechat_app_id, env.wechat_secret, store, utc_now, base_url=env.wechat_api),
        tokens=Tokens.from_json(env.signing_keys),
        hasher=hasher,
        signer=Signer(env.region, utc_now, origin=env.files_origin),
        cursors=Cursors(env.pepper),
        buckets=Buckets(env.incoming, env.evidence),
        clock=utc_now,
        upload_bytes=env.upload_bytes,
    )


@cache
def worker() -> Worker:
    """The file worker of this process."""
    from imaging.examine import examine
    from tean.adapters.objects import S3Objects

    env = settings.read()
    buckets = Buckets(env.incoming, env.evidence)
    return Worker(ArrivalService(DynamoStore(), S3Objects(), examine, buckets, env.upload_bytes))
