"""Our side: the app that Lambda calls, over a store in memory. A request leaves nothing out but the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from app import app
from schemas import checklists
from schemas.inspections import InspectionRequest, Receipt
from schemas.language import Duty, FileKind, Result
from schemas.todos import TodoPage
from tean.adapters.ports.days import PutRow, PutSheet
from tean.adapters.ports.inspections import NotSubmitted, Submission
from tean.adapters.ports.tasks import Listed
from tean.domain.membership import Membership
from tests.bench import canned
from tests.bench.serve import Handler
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, UNIT
from tests.fakes.store import FakeStore
from tests.unit.functions.conftest import Api, installed

KIND, SUBTYPE = "4000", "4100"
LIST = checklists.current(KIND, Duty.DAILY)
ITEMS = LIST.items_for(SUBTYPE)
PHOTO, SIGNATURE = f"{canned.PERSON}.{'a' * 32}", f"{canned.PERSON}.{'b' * 32}"


class AtOnce(FakeStore):
    """A list is put together once. A submission is judged by all its conditions, the evidence that would be written is
    made, and nothing is kept, so that each is the first."""

    def __init__(self) -> None:
        super().__init__()
        self._listed: Listed | None = None

    def todos(self, unit: str, post: str, *, today: date, since: date, after: str | None, limit: int) -> Listed:
        if self._listed is None:
            self._listed = super().todos(unit, post, today=today, since=since, after=after, limit=limit)
        return self._listed

    def submit(self, submission: Submission) -> NotSubmitted | None:
        refusal = self._submission_refusal(submission)
        assert submission.record.sha256
        return None if refusal == NotSubmitted() else refusal


def api() -> Api:
    """One officer whose fifty bridge cranes are all to be checked today."""
    store = AtOnce()
    scenes.enrol(store, *(builders.target(row["target"], kind=KIND, subtype=SUBTYPE) for row in canned.ROWS))
    rows = [
        builders.row(where=row["target"], name=row["name"], location=row["location"], kind=KIND) for row in canned.ROWS
    ]
    yesterday, today = builders.sheet(due=DAY - timedelta(days=1), closed=True), builders.sheet(owed={KIND: len(rows)})
    sheets = [yesterday, today, *builders.week_and_month()]
    assert store.write_day(UNIT, [*map(PutRow, rows), *map(PutSheet, sheets)])
    for file, kind in ((PHOTO, FileKind.PHOTO), (SIGNATURE, FileKind.SIGNATURE)):
        scenes.settled(store, canned.PERSON, file=file, kind=kind)
    return Api(store)


@contextmanager
def whole() -> Iterator[Handler]:
    """Everything, the use cases too."""
    with serving(api()):
        yield app


@contextmanager
def frame() -> Iterator[Handler]:
    """Everything around the use cases, which answer what was prepared, as those of the others do."""
    one = api()
    vars(one.services).update(inspections=_Inspections(), todos=_Todos())
    with serving(one):
        yield app


@contextmanager
def serving(one: Api) -> Iterator[None]:
    """The app is wired to these services."""
    with pytest.MonkeyPatch.context() as stage:
        installed(one, stage)
        yield


class _Inspections:
    def submit(self, member: Membership, request: InspectionRequest) -> Receipt:
        failed = [answer.item for answer in request.answers if answer.result is Result.FAIL]
        known = {"target": request.target, "duty": request.duty, "state": request.state}
        return Receipt.model_validate(canned.receipt(due=request.due.isoformat(), failed=failed, **known))


class _Todos:
    def page(self, member: Membership, cursor: str | None) -> TodoPage:
        return TodoPage.model_validate(canned.page())
