"""The budgets of statistics, from the route down to the wire: exact numbers, every request counted."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from schemas.events import OpenUnit
from schemas.language import Duty, Fate, Role, UnitKind
from tean.adapters.dynamo import count_codec
from tean.domain.calendar import before, current, last_day
from tean.domain.months import PeopleMonth
from tean.domain.outcomes import Listing, Outcome, Outcomes
from tean.domain.rollups import Counts, Finds, Rollup
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, UNIT
from tests.fakes.dynamo import moto_store, watch
from tests.unit.functions.conftest import Api, installed

YEAR, YESTERDAY = DAY - timedelta(days=364), DAY - timedelta(days=1)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The app over the real adapter, empty."""
    with moto_store() as store:
        yield installed(Api(store), monkeypatch)


def principal(api: Api) -> str:
    return api.token(Role.PRINCIPAL, person="B1")


def buckets(api: Api) -> Iterator[tuple[Duty, date]]:
    """Those of every duty that ended in the last year."""
    for duty in Duty:
        due = before(duty, current(duty, api.clock()))
        while last_day(duty, due) >= YEAR:
            yield duty, due
            due = before(duty, due)


def year(api: Api, officers: int, targets: int) -> None:
    """What the close leaves of a year of a unit of some size, a hazard found each day. Item by item: moto carries out a
    transaction in a time that grows with all there is."""
    people = [builders.person(f"P{n}") for n in range(officers)]
    api.store.apply(builders.changes(builders.roster(people)))
    kinds = dict.fromkeys(("3000", "4000"), Counts(due=targets, on_time=targets - 3, missed=3))
    everybody = {one.code: kinds for one in people}
    for duty, due in buckets(api):
        found: dict[str, dict[Duty, Finds]] = {"3000": {duty: Finds(general=1)}} if duty is Duty.DAILY else {}
        count_codec.tally_item(UNIT, Rollup(duty, due, api.clock(), kinds, final=True, hazards=found)).save()
    for duty in Duty:
        for month in {last_day(duty, due).replace(day=1) for what, due in buckets(api) if what is duty}:
            count_codec.month_item(UNIT, PeopleMonth(duty, month, everybody, version=1)).save()


@pytest.mark.parametrize(("officers", "targets"), [(2, 10), (200, 10_000)])
def test_a_years_statistics_are_two_queries_and_the_names_however_large_the_unit(
    api: Api, officers: int, targets: int
) -> None:
    """A BatchGet takes a hundred names."""
    year(api, officers, targets)
    with watch() as wire:
        reply = api.call("GET", f"/v1/statistics?since={YEAR}&until={YESTERDAY}", token=principal(api))
    assert wire.operations == ["Query", "Query", *(officers // 100 + 1) * ["BatchGetItem"]], reply.text
    told = reply.json
    assert (told["duties"][0]["kinds"][0]["due"], told["uncounted"]) == (364 * targets, [])
    assert (len(told["months"]), len(told["people"])) == (12, officers * len(Duty))
    assert len(gzip.compress(reply.text.encode())) < 32 * 1024


@pytest.mark.parametrize(
    ("what", "asked"),
    [(Fate.MISSED, "missed"), (Fate.LATE, "late"), (Fate.ON_TIME, "on_time"), (Fate.LATE, "zero_risk")],
)
def test_a_page_of_the_list_behind_a_number_is_one_query_and_the_names(api: Api, what: Fate, asked: str) -> None:
    listing: Listing = "done" if asked in ("on_time", "zero_risk") else "exceptions"
    entries = tuple(
        Outcome(what, f"E-{n}", "客梯", UnitKind.USE, "3000", (f"P{n}",), zero_risk=asked == "zero_risk")
        for n in range(5)
    )
    for duty, due in buckets(api):
        count_codec.outcomes_item(UNIT, Outcomes(listing, duty, due, entries=entries)).save()
    asked = f"/v1/statistics/outcomes?since={YEAR}&until={DAY}&what={asked}&duty=daily"
    cursor, seen = "", set[tuple[str, str]]()
    for _ in range(3):
        with watch() as wire:
            page = api.call("GET", f"{asked}{cursor}", token=principal(api))
        assert (len(page.json["items"]), wire.operations) == (50, ["Query", "BatchGetItem"])
        assert len(page.text.encode()) <= 12 * 1024
        seen |= {(one["due"], one["target"]) for one in page.json["items"]}
        cursor = f"&cursor={page.json['next']}"
    assert len(seen) == 150


def test_whether_there_is_any_record_of_what_was_unchecked_is_one_batch_get_more(api: Api) -> None:
    entry = Outcome(Fate.UNCHECKED, "E-1", "客梯", UnitKind.USE, "3000", ("P1",))
    week = before(Duty.WEEKLY, current(Duty.WEEKLY, api.clock()))
    count_codec.outcomes_item(UNIT, Outcomes("exceptions", Duty.WEEKLY, week, entries=(entry,))).save()
    with watch() as wire:
        page = api.call(
            "GET", f"/v1/statistics/outcomes?since={YEAR}&until={DAY}&what=unchecked&duty=weekly",
            token=principal(api),
        )  # fmt: skip
    assert [one["never"] for one in page.json["items"]] == [True]
    assert wire.operations == ["Query", "BatchGetItem", "BatchGetItem"]


def test_what_was_rectified_is_a_query_for_each_duty(api: Api) -> None:
    hazard = scenes.ordered(api.store, found_at=api.clock(), duty=Duty.WEEKLY)
    assert api.store.move(builders.move(hazard, builders.confirmation(hazard, at=api.clock()))) is None
    api.clock.move(days=1)
    with watch() as wire:
        page = api.call("GET", f"/v1/statistics/rectified?since={DAY}&until={DAY}", token=principal(api))
    assert ([one["hazard"] for one in page.json["items"]], wire.operations) == ([hazard.id], 3 * ["Query"])


def test_what_is_open_and_what_was_found_is_one_query_each(api: Api) -> None:
    hazard = scenes.reported(api.store, found_at=api.clock())
    with watch() as wire:
        opened = api.call("GET", "/v1/statistics/open", token=principal(api))
    assert ([one["hazard"] for one in opened.json["items"]], wire.operations) == ([hazard.id], ["Query"])
    api.clock.move(days=1)
    with watch() as wire:
        found = api.call("GET", f"/v1/statistics/found?since={DAY}&until={DAY}", token=principal(api))
    assert ([one["hazard"] for one in found.json["items"]], wire.operations) == ([hazard.id], ["Query"])


def test_a_day_that_no_run_counted_is_repaired_once_by_who_asks_for_numbers(api: Api) -> None:
    scenes.enrol(api.store)
    for _ in range(2):
        api.days.open(OpenUnit(unit=UNIT, duty=Duty.DAILY, due=current(Duty.DAILY, api.clock())))
        api.clock.move(days=1)
    tuesday = DAY + timedelta(days=1)
    asked = f"/v1/statistics?since={DAY}&until={tuesday}"
    with watch() as wire:
        first = api.call("GET", asked, token=principal(api))
    assert (first.json["uncounted"], "TransactWriteItems" in wire.operations) == ([], True)
    with watch() as wire:
        again = api.call("GET", asked, token=principal(api))
    assert (again.text, wire.operations) == (first.text, ["Query"])


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_statistics_are_the_principals_alone(api: Api, role: Role) -> None:
    days = f"since={DAY}&until={DAY}"
    for path in (f"?{days}", f"/outcomes?what=missed&{days}", f"/found?{days}", f"/rectified?{days}", "/open"):
        reply = api.call("GET", f"/v1/statistics{path}", token=api.token(role))
        assert reply.status == 403, reply.text
