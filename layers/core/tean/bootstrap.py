"""The only wiring: which adapter stands behind which port.

``services()`` is all that the API needs. What else there is has an entry of its own, because imports are cold-start
time and each function is only given its own secrets: only ``arrivals()`` loads Pillow and an S3 client.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from schemas.language import Duty
from tean.adapters.cursors import Cursors
from tean.adapters.dynamo.store import DynamoStore
from tean.adapters.hashing import Hasher
from tean.adapters.ports import Clock, Messages, Store, WeChat
from tean.adapters.signing import Signer
from tean.adapters.tokens import Tokens
from tean.adapters.wechat import WeChatApi
from tean.services.clocks import ClockService
from tean.services.custom import CustomService
from tean.services.figures import FigureReader
from tean.services.gaps import GapService
from tean.services.hazard_steps import HazardStepService
from tean.services.hazards import HazardService
from tean.services.inspections import InspectionService
from tean.services.login import LoginService
from tean.services.minutes import MinutesService
from tean.services.monthly_reports import MonthlyReportService
from tean.services.records import RecordService
from tean.services.reports import ReportService
from tean.services.statistics import StatisticsService
from tean.services.tallies import TallyReader
from tean.services.todos import TodoService
from tean.services.uploads import ArrivalService, Buckets, UploadService
from tean.services.weekly_reports import WeeklyReportService
from tean.settings import Settings

if TYPE_CHECKING:
    from tean.services.days import AnnouncementService, DayService
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
    hazard_steps: HazardStepService
    records: RecordService
    reports: ReportService
    weekly_reports: WeeklyReportService
    monthly_reports: MonthlyReportService
    minutes: MinutesService
    clocks: ClockService
    custom: CustomService
    gaps: GapService
    statistics: StatisticsService
    uploads: UploadService


def utc_now() -> datetime:
    """The real clock, to the millisecond: finer than that nothing is stored."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def wire(
    store: Store, *, wechat: WeChat, tokens: Tokens, hasher: Hasher, signer: Signer,
    cursors: Cursors, buckets: Buckets, clock: Clock, upload_bytes: int,
) -> Services:  # fmt: skip
    """What people do, over any set of adapters."""

    def repair(unit: str, duty: Duty) -> int:
        # Loaded by whom it befalls: hardly any process of the API ever repairs a day.
        from tean.services.days import DayService

        return DayService(store, clock).repair(unit, duty)

    def close_next(unit: str, duty: Duty) -> int:
        from tean.services.days import DayService

        return DayService(store, clock).close_next(unit, duty)

    tallies = TallyReader(store, clock, close_next)
    figures = FigureReader(tallies, store, store, clock)
    return Services(
        clock=clock,
        tokens=tokens,
        login=LoginService(store, wechat, tokens, hasher, clock),
        todos=TodoService(store, store, store, store, cursors, clock, repair),
        inspections=InspectionService(store, clock),
        hazards=HazardService(store, store, store, cursors, clock),
        hazard_steps=HazardStepService(store, clock),
        records=RecordService(store, store, store, cursors, clock),
        reports=ReportService(store, store, figures, cursors),
        weekly_reports=WeeklyReportService(store, figures, clock),
        monthly_reports=MonthlyReportService(store, store, figures, clock),
        minutes=MinutesService(store, figures, clock),
        clocks=ClockService(store, cursors, clock),
        custom=CustomService(store, store, clock),
        gaps=GapService(store, cursors, clock),
        statistics=StatisticsService(tallies, store, store, store, store, cursors, clock),
        uploads=UploadService(store, signer, buckets, clock, upload_bytes),
    )


@cache
def services() -> Services:
    """The use cases of the API in this process, over the real adapters named by the environment."""
    env, store = Settings(), DynamoStore()
    app_id, secret = env.wechat_app
    return wire(
        store,
        wechat=WeChatApi(app_id, secret, store, utc_now, base_url=env.wechat_api),
        tokens=Tokens.from_json(env.signing_keys),
        hasher=Hasher(env.pepper),
        signer=Signer(env.region, utc_now, origin=env.files_origin),
        cursors=Cursors(env.pepper),
        buckets=Buckets(env.incoming, env.evidence),
        clock=utc_now,
        upload_bytes=env.upload_bytes,
    )


@cache
def announcements() -> AnnouncementService:
    """What the schedule calls."""
    from tean.services.days import AnnouncementService

    return AnnouncementService(DynamoStore(), _messages(), utc_now)


@cache
def days() -> DayService:
    """What the queue of days calls."""
    from tean.services.days import DayService

    return DayService(DynamoStore(), utc_now)


@cache
def unit_setup() -> UnitSetupService:
    """What the operator's command calls."""
    from tean.services.unit_setup import UnitSetupService

    return UnitSetupService(DynamoStore(), _messages(), Hasher(Settings().pepper).phone, utc_now)


@cache
def arrivals() -> ArrivalService:
    """What the file worker calls."""
    from imaging.examine import examine
    from tean.adapters.objects import S3Objects

    env = Settings()
    buckets = Buckets(env.incoming, env.evidence)
    return ArrivalService(DynamoStore(), S3Objects(), examine, buckets, env.upload_bytes)


def _messages() -> Messages:
    from tean.adapters.messages import SqsMessages

    env = Settings()
    return SqsMessages(env.days_queue, env.region)
