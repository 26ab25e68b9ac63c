"""The only wiring: which adapter stands behind which port.

Loaded at once is the way to DynamoDB, which every function needs. All else is loaded and made by who first asks for it:
imports are cold-start time, a cold start serves one use case (ADR 18), and each function is only given its own secrets.
``services()`` is what the API has; only ``arrivals()`` loads Pillow and an S3 client.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from tean.adapters.dynamo.calls import Calls
from tean.settings import Settings

if TYPE_CHECKING:
    from schemas.language import Duty
    from tean.adapters.cursors import Cursors
    from tean.adapters.hashing import Hasher
    from tean.adapters.ports.access import Access, WeChat
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.hazards import Hazards
    from tean.adapters.ports.inspections import Inspections
    from tean.adapters.ports.messages import Messages
    from tean.adapters.ports.registry import Registry
    from tean.adapters.ports.reports import Reports
    from tean.adapters.ports.rollups import Rollups
    from tean.adapters.ports.store import Store
    from tean.adapters.ports.tasks import Tasks
    from tean.adapters.ports.uploads import Uploads
    from tean.adapters.signing import Signer
    from tean.adapters.tokens import Tokens
    from tean.domain.turns import Allowance
    from tean.services.arrivals import ArrivalService
    from tean.services.clocks import ClockService
    from tean.services.custom import CustomService
    from tean.services.days import AnnouncementService, DayService
    from tean.services.figures import FigureReader
    from tean.services.gaps import GapService
    from tean.services.hazard_steps import HazardStepService
    from tean.services.hazards import HazardService
    from tean.services.inspections import InspectionService
    from tean.services.login import LoginService
    from tean.services.minutes import MinutesService
    from tean.services.monthly_reports import MonthlyReportService
    from tean.services.progress import ProgressService
    from tean.services.records import RecordService
    from tean.services.reports import ReportService
    from tean.services.statistics import StatisticsService
    from tean.services.sweep import SweepService
    from tean.services.tallies import TallyReader
    from tean.services.tasks import TaskService
    from tean.services.todos import TodoService
    from tean.services.unit_setup import UnitSetupService
    from tean.services.uploads import Buckets, UploadService
    from tean.services.weekly_reports import WeeklyReportService


def utc_now() -> datetime:
    """The real clock, to the millisecond: finer than that nothing is stored."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Stores:
    """The ports of storage over DynamoDB, one by one: none is loaded for another's sake."""

    def __init__(self) -> None:
        self._calls = Calls()

    @cached_property
    def access(self) -> Access:
        from tean.adapters.dynamo.access import DynamoAccess

        return DynamoAccess(self._calls)

    @cached_property
    def registry(self) -> Registry:
        from tean.adapters.dynamo.registry import DynamoRegistry

        return DynamoRegistry(self._calls)

    @cached_property
    def tasks(self) -> Tasks:
        from tean.adapters.dynamo.tasks import DynamoTasks

        return DynamoTasks(self._calls)

    @cached_property
    def inspections(self) -> Inspections:
        from tean.adapters.dynamo.inspections import DynamoInspections

        return DynamoInspections(self._calls)

    @cached_property
    def rollups(self) -> Rollups:
        from tean.adapters.dynamo.rollups import DynamoRollups

        return DynamoRollups(self._calls)

    @cached_property
    def hazards(self) -> Hazards:
        from tean.adapters.dynamo.hazards import DynamoHazards

        return DynamoHazards(self._calls)

    @cached_property
    def reports(self) -> Reports:
        from tean.adapters.dynamo.reports import DynamoReports

        return DynamoReports(self._calls)

    @cached_property
    def uploads(self) -> Uploads:
        from tean.adapters.dynamo.uploads import DynamoUploads

        return DynamoUploads(self._calls)

    @cached_property
    def whole(self) -> Store:
        from tean.adapters.dynamo.store import DynamoStore

        return DynamoStore(self._calls)


class Services:
    """What people do, over the adapters that the environment names; any ``given`` stands in place of its namesake."""

    def __init__(self, **given: Any) -> None:
        if unknown := given.keys() - vars(type(self)).keys():
            raise TypeError(f"nothing here is called {', '.join(sorted(unknown))}")
        self.__dict__ |= given

    # --- adapters ---------------------------------------------------------------------------------------------------

    @cached_property
    def settings(self) -> Settings:
        return Settings()

    @cached_property
    def clock(self) -> Clock:
        return utc_now

    @cached_property
    def stores(self) -> Stores:
        return Stores()

    @cached_property
    def wechat(self) -> WeChat:
        from tean.adapters.wechat import WeChatApi

        return WeChatApi(*self.settings.wechat_app, self.stores.access, self.clock, base_url=self.settings.wechat_api)

    @cached_property
    def tokens(self) -> Tokens:
        from tean.adapters.tokens import Tokens

        return Tokens.from_json(self.settings.signing_keys)

    @cached_property
    def hasher(self) -> Hasher:
        from tean.adapters.hashing import Hasher

        return Hasher(self.settings.pepper)

    @cached_property
    def signer(self) -> Signer:
        from tean.adapters.signing import Signer

        return Signer(self.settings.region, self.clock, origin=self.settings.files_origin)

    @cached_property
    def cursors(self) -> Cursors:
        from tean.adapters.cursors import Cursors

        return Cursors(self.settings.pepper)

    @cached_property
    def buckets(self) -> Buckets:
        from tean.services.uploads import Buckets

        return Buckets(self.settings.incoming, self.settings.evidence)

    @cached_property
    def upload_bytes(self) -> int:
        return self.settings.upload_bytes

    @cached_property
    def login_allowance(self) -> Allowance:
        return self.settings.logins

    @cached_property
    def upload_allowance(self) -> Allowance:
        return self.settings.uploads

    # --- use cases --------------------------------------------------------------------------------------------------

    @cached_property
    def login(self) -> LoginService:
        from tean.services.login import LoginService

        return LoginService(self.stores.access, self.wechat, self.tokens, self.hasher, self.clock, self.login_allowance)

    @cached_property
    def todos(self) -> TodoService:
        from tean.services.todos import TodoService

        return TodoService(self.stores.tasks, self.cursors, self.clock, self._repair)

    @cached_property
    def progress(self) -> ProgressService:
        from tean.services.progress import ProgressService

        return ProgressService(self.stores.tasks, self.stores.access, self.clock)

    @cached_property
    def tasks(self) -> TaskService:
        from tean.services.tasks import TaskService

        return TaskService(self.stores.inspections, self.stores.registry, self.clock)

    @cached_property
    def inspections(self) -> InspectionService:
        from tean.services.inspections import InspectionService

        return InspectionService(self.stores.inspections, self.clock)

    @cached_property
    def hazards(self) -> HazardService:
        from tean.services.hazards import HazardService

        return HazardService(self.stores.hazards, self.stores.registry, self.stores.access, self.cursors, self.clock)

    @cached_property
    def hazard_steps(self) -> HazardStepService:
        from tean.services.hazard_steps import HazardStepService

        return HazardStepService(self.stores.hazards, self.clock)

    @cached_property
    def records(self) -> RecordService:
        from tean.services.records import RecordService

        return RecordService(
            self.stores.inspections, self.stores.registry, self.stores.access, self.cursors, self.clock
        )

    @cached_property
    def reports(self) -> ReportService:
        from tean.services.reports import ReportService

        return ReportService(self.stores.reports, self.stores.access, self._figures, self.cursors)

    @cached_property
    def weekly_reports(self) -> WeeklyReportService:
        from tean.services.weekly_reports import WeeklyReportService

        return WeeklyReportService(self.stores.reports, self._figures, self.clock)

    @cached_property
    def monthly_reports(self) -> MonthlyReportService:
        from tean.services.monthly_reports import MonthlyReportService

        return MonthlyReportService(self.stores.reports, self.stores.tasks, self._figures, self.clock)

    @cached_property
    def minutes(self) -> MinutesService:
        from tean.services.minutes import MinutesService

        return MinutesService(self.stores.reports, self._figures, self.clock)

    @cached_property
    def clocks(self) -> ClockService:
        from tean.services.clocks import ClockService

        return ClockService(self.stores.registry, self.cursors, self.clock)

    @cached_property
    def custom(self) -> CustomService:
        from tean.services.custom import CustomService

        return CustomService(self.stores.registry, self.stores.access, self.clock)

    @cached_property
    def gaps(self) -> GapService:
        from tean.services.gaps import GapService

        return GapService(self.stores.registry, self.cursors, self.clock)

    @cached_property
    def statistics(self) -> StatisticsService:
        from tean.services.statistics import StatisticsService

        stores = self.stores
        return StatisticsService(
            self._tallies, stores.rollups, stores.hazards, stores.inspections, stores.access, self.cursors, self.clock
        )

    @cached_property
    def uploads(self) -> UploadService:
        from tean.services.uploads import UploadService

        return UploadService(
            self.stores.uploads, self.signer, self.buckets, self.clock, self.upload_bytes, self.upload_allowance
        )

    @cached_property
    def _figures(self) -> FigureReader:
        from tean.services.figures import FigureReader

        return FigureReader(self._tallies, self.stores.hazards, self.stores.registry, self.clock)

    @cached_property
    def _tallies(self) -> TallyReader:
        from tean.services.tallies import TallyReader

        return TallyReader(self.stores.rollups, self.clock, self._close_next)

    # Hardly any process of the API ever repairs a day.

    def _repair(self, unit: str, duty: Duty) -> int:
        return self._days.repair(unit, duty)

    def _close_next(self, unit: str, duty: Duty) -> int:
        return self._days.close_next(unit, duty)

    @cached_property
    def _days(self) -> DayService:
        from tean.services.days import DayService

        return DayService(self.stores.whole, self.clock)


@cache
def services() -> Services:
    """The use cases of the API in this process."""
    return Services()


@cache
def announcements() -> AnnouncementService:
    """What the schedule calls."""
    from tean.services.days import AnnouncementService

    return AnnouncementService(Stores().registry, _messages(), utc_now)


@cache
def days() -> DayService:
    """What the queue of days calls."""
    from tean.services.days import DayService

    return DayService(Stores().whole, utc_now)


@cache
def unit_setup() -> UnitSetupService:
    """What the operator's command calls."""
    from tean.adapters.hashing import Hasher
    from tean.services.unit_setup import UnitSetupService

    return UnitSetupService(Stores().whole, _messages(), Hasher(Settings().pepper).phone, utc_now)


@cache
def arrivals() -> ArrivalService:
    """What the file worker calls."""
    from imaging.examine import examine
    from tean.adapters.objects import S3Objects
    from tean.services.arrivals import ArrivalService
    from tean.services.uploads import Buckets

    env, stores = Settings(), Stores()
    buckets = Buckets(env.incoming, env.evidence)
    return ArrivalService(stores.uploads, stores.registry, S3Objects(), examine, buckets, env.upload_bytes)


@cache
def sweep() -> SweepService:
    """What looks after files without a verdict."""
    from tean.adapters.messages import SqsArrivals
    from tean.adapters.objects import S3Objects
    from tean.services.sweep import SweepService
    from tean.services.uploads import Buckets

    env = Settings()
    messages, buckets = SqsArrivals(env.arrivals_queue, env.region), Buckets(env.incoming, env.evidence)
    return SweepService(Stores().uploads, S3Objects(), messages, buckets, utc_now)


def _messages() -> Messages:
    from tean.adapters.messages import SqsMessages

    env = Settings()
    return SqsMessages(env.days_queue, env.region)


def consumed() -> dict[str, float]:
    """What storage has consumed since this was last asked."""
    from tean.adapters.consumption import METER

    return dict(METER.read())
