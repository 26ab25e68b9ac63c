"""Stores with something in them, and ways to look at all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any, TypeVar

from schemas.language import Duty, Handling, HazardState, Verdict
from tean.adapters.ports.common import Page
from tean.adapters.ports.days import PutRow, PutSheet
from tean.adapters.ports.inspections import Submission
from tean.adapters.ports.store import Store
from tean.domain.errors import Forbidden
from tean.domain.files import Upload
from tean.domain.hazards import Hazard, Step
from tean.domain.records import First, Head, Record
from tean.domain.registry import Person, Target
from tean.domain.turns import Allowance
from tests.fakes import builders
from tests.fakes.builders import DAY, UNIT

T = TypeVar("T")


def enrol(store: Store, *targets: Target) -> None:
    """Register the default people and these targets (by default ``E-1``, held by ``P1`` and ``P2``)."""
    held = targets or (builders.target(officers=("P1", "P2")),)
    store.apply(builders.changes(builders.roster(targets=held)))


def change(store: Store, *people: Person) -> None:
    """Write these people anew, and nothing else."""
    store.apply(builders.changes(people=people, targets=(), phones_added=()))


def open_day(store: Store, *, due: date = DAY, people: Sequence[str] = ("P1", "P2"), where: str = "E-1") -> None:
    """Give each of ``people`` a row for ``where`` and a sheet for the day."""
    rows = [PutRow(builders.row(who, where, due=due)) for who in people]
    sheets = [PutSheet(builders.sheet(who, due=due)) for who in people]
    assert store.write_day(UNIT, [*rows, *sheets])


def head_of(store: Store, where: str = "E-1") -> Head:
    """The end of a target's chain."""
    return store.facts(UNIT, "P1", where, Duty.DAILY, DAY).head


def inspected(store: Store, *hazards: Hazard, **fields: Any) -> Record:
    """Submit a record of ``E-1`` that goes on with its chain, closing the submitter's row."""
    record = next_record(store, **fields)
    assert store.submit(now(store, record, hazards=hazards)) is None
    return record


def next_record(store: Store, who: str = "P1", where: str = "E-1", **fields: Any) -> Record:
    """A record that goes on with the chain as it is now."""
    head = head_of(store, where)
    return builders.record(who, where, **{"seq": head.seq + 1, "previous": head.hash} | fields)


def now(store: Store, record: Record, **fields: Any) -> Submission:
    """``record`` on its way, judged by the head as it is now."""
    return builders.submission(record, **{"head": head_of(store, record.target)} | fields)


def supplement(store: Store, first: Record) -> Record:
    """What ``P2`` sends in seven minutes after ``first``."""
    mark = First(first.person, first.person_name, first.received_at)
    received_at = first.received_at + timedelta(minutes=7)
    return next_record(store, "P2", due=first.due, first=mark, received_at=received_at)


def report(store: Store, *hazards: Hazard, officers: tuple[str, ...] = ("P1", "P2")) -> None:
    """Submit, in an otherwise empty unit, one record of ``E-1`` that found all of them."""
    enrol(store, builders.target(officers=officers))
    open_day(store)
    inspected(store, *hazards)


def reported(store: Store, **fields: Any) -> Hazard:
    """A hazard of ``E-1`` that its finder ``P1`` has just reported."""
    hazard = builders.hazard(**fields)
    report(store, hazard)
    return hazard


def ordered(store: Store, **fields: Any) -> Hazard:
    """The same after the director's order, as it stands then."""
    hazard = reported(store, **fields)
    assert store.move(builders.move(hazard, builders.order(hazard))) is None
    return as_it_stands(store, hazard)


def as_it_stands(store: Store, hazard: Hazard) -> Hazard:
    """The hazard as it is kept now."""
    found = store.hazard(hazard.unit, hazard.id)
    assert found is not None
    return found[0]


def steps_of(store: Store, hazard: Hazard) -> list[Step]:
    """The steps of a hazard as they are kept now."""
    found = store.hazard(hazard.unit, hazard.id)
    assert found is not None
    return list(found[1])


def on_site(**fields: Any) -> Hazard:
    """A hazard handled on the spot: born rectified."""
    born: dict[str, Any] = {
        "handling": Handling.ON_SITE,
        "outcome": "已当场更换",
        "state": HazardState.RECTIFIED,
        "rectified_at": fields.get("found_at", builders.NOW),
    }
    return builders.hazard(**born | fields)


PLENTY = Allowance(10**6, timedelta(hours=1))


def begun(store: Store, upload: Upload) -> Upload:
    """A file whose sender, registered if nobody is, was just permitted to send it.

    Forbidden: he is dismissed, and the service would say so.
    """
    known = [person for _, person in store.people([(upload.unit, upload.person)])]
    if not known:
        sender = builders.person(upload.person)
        store.apply(builders.changes(unit=builders.unit(upload.unit), people=(sender,), targets=(), phones_added=()))
        known = [sender]
    member = builders.membership(upload.person, next(iter(known[0].roles)), unit=upload.unit)
    refused = store.begin(member, upload, PLENTY.turn(upload.requested_at))
    if refused and refused.dismissed:
        raise Forbidden("person.dismissed", "您已不在本单位任职，不能再上传。")
    assert refused is None
    return upload


def settled(store: Store, who: str = "P1", verdict: Verdict = Verdict.VERIFIED, **fields: Any) -> Upload:
    """An uploaded file with its verdict."""
    upload = begun(store, builders.upload(who, **fields))
    told = replace(upload, verdict=verdict, sha256="a" * 64, stored_sha256="b" * 64, size=20480, width=640, height=480)
    assert store.settle(told)
    return told


def walk(page: Callable[[str | None], Page[T]], limit: int, *, may_be_short: bool = False) -> list[T]:
    """Every item of a list, page by page: each is full but the last, and only an empty list has an empty page."""
    items: list[T] = []
    after: str | None = None
    for _ in range(100):
        one = page(after)
        assert len(one.items) <= limit
        assert may_be_short or len(one.items) == limit or one.next is None
        assert may_be_short or one.items or after is None
        items.extend(one.items)
        after = one.next
        if after is None:
            return items
    raise AssertionError("the list has no end")


def everything(store: Store, where: str = "E-1", due: date = DAY) -> dict[str, Any]:
    """All that a submission or a step could have touched, to be compared before and after."""
    week_ago = due - timedelta(days=7)
    queues = {state: store.queue(UNIT, Duty.DAILY, state, after=None, limit=100) for state in HazardState}
    return {
        "facts": [store.facts(UNIT, who, where, Duty.DAILY, due) for who in ("P1", "P2")],
        "sheets": list(store.sheets(UNIT, Duty.DAILY, due)),
        "records": store.records(
            UNIT, where, Duty.DAILY, since=week_ago, until=due, person=None, after=None, limit=100
        ),
        "queues": queues,
        "mine": {state: store.mine(UNIT, "P1", state, after=None, limit=100) for state in HazardState},
        "hazards": [store.hazard(UNIT, hazard.id) for page in queues.values() for hazard in page.items],
        "roster": store.roster(UNIT),
    }


def race(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do everything at the same moment, each in its own thread; the results, in the order of ``acts``."""
    start = Barrier(len(acts))
    results: dict[int, T] = {}

    def run(number: int) -> None:
        start.wait(timeout=10)
        results[number] = acts[number]()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == len(acts), "somebody did not come back"
    return [results[number] for number in range(len(acts))]
