"""Reading records: one by its id, and a target's by day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest

from schemas.language import Duty
from tean.adapters.ports.common import Page
from tean.adapters.ports.days import PutMissed
from tean.adapters.ports.inspections import Entry
from tean.adapters.ports.store import Store
from tean.domain.records import Record
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, OTHER_UNIT, UNIT

MONDAY = date(2026, 11, 2)


def test_a_record_is_found_under_its_own_target_and_unit_only(month: Store) -> None:
    record = next(record for record in _records(month) if record.due == MONDAY)

    assert month.record(UNIT, "E-1", f"daily.{MONDAY}.v01") == record
    assert month.record(UNIT, "E-10", record.id) is None
    assert month.record(OTHER_UNIT, "E-1", record.id) is None


def test_no_record_is_found_under_any_other_id(month: Store) -> None:
    near = [f"daily.{MONDAY}.v02", f"daily.{MONDAY}.v01.P2", f"daily.{MONDAY}", f"weekly.{MONDAY}.v01"]
    supplements = ["daily.2026-11-05.v01.P", "daily.2026-11-05.v01.P2.P2"]
    garbage = ["head", "...", ".", "", "不存在"]

    for id in [*near, *supplements, *garbage]:
        assert month.record(UNIT, "E-1", id) is None, id


def test_records_come_newest_day_first(month: Store) -> None:
    assert [record.due.day for record in _records(month)] == [6, 5, 5, 4, 3, 2, 1]


def test_records_are_those_of_the_days_asked_for_both_ends_included(month: Store) -> None:
    kept = _records(month, since=date(2026, 11, 3), until=date(2026, 11, 5))

    assert [record.due.day for record in kept] == [5, 5, 4, 3]


def test_records_can_be_kept_to_one_persons(month: Store) -> None:
    assert [record.due.day for record in _records(month, person="P2")] == [5, 4, 2]
    assert {record.person for record in _only(_records(month, person="P2"))} == {"P2"}


def test_records_of_a_target_without_any_are_an_empty_page(month: Store) -> None:
    assert _record_page(month, where="E-10") == Page(())
    assert _record_page(month, duty=Duty.WEEKLY) == Page(())


def test_pages_of_records_lose_and_double_none(month: Store) -> None:
    for person, limit in product((None, "P1", "P2", "P9"), (1, 2, 3, 7, 8)):
        whole = [record for record in _only(_records(month)) if person in (None, record.person)]
        pages = partial(_next_page, month, person, limit)

        assert scenes.walk(pages, limit) == whole, (person, limit)


def _only(entries: list[Entry]) -> list[Record]:
    return [entry for entry in entries if isinstance(entry, Record)]


def _next_page(store: Store, person: str | None, limit: int, after: str | None) -> Page[Entry]:
    return _record_page(store, person=person, limit=limit, after=after)


@pytest.fixture
def month(store: Store) -> Store:
    """Six days of ``E-1``: ``P1`` on the odd ones and the 6th, ``P2`` on the even ones, a supplement on the 5th."""
    scenes.enrol(store)
    for day, who in enumerate(("P1", "P2", "P1", "P2", "P1", "P1"), start=1):
        due = date(2026, 11, day)
        scenes.open_day(store, due=due)
        record = scenes.inspected(store, who=who, due=due)
        if day == 5:
            assert store.submit(scenes.now(store, scenes.supplement(store, record), close=())) is None
    return store


def _record_page(
    store: Store,
    *,
    where: str = "E-1",
    duty: Duty = Duty.DAILY,
    since: date = date(2026, 11, 1),
    until: date = date(2026, 11, 30),
    person: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Entry]:
    return store.records(UNIT, where, duty, since=since, until=until, person=person, after=after, limit=limit)


def _records(store: Store, **fields: Any) -> list[Entry]:
    return list(_record_page(store, **fields).items)


def test_what_was_missed_lies_among_the_records_unless_it_was_recorded_all_the_same(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    record = scenes.inspected(store)
    markers = [builders.missed(due=DAY - timedelta(days=back)) for back in range(1, 4)]
    assert store.write_day(UNIT, [*map(PutMissed, markers), PutMissed(builders.missed())])

    def page(person: str | None, limit: int, after: str | None) -> Page[Entry]:
        return store.records(
            UNIT, "E-1", Duty.DAILY, since=markers[-1].due, until=DAY, person=person, after=after, limit=limit
        )  # fmt: skip

    for limit in (1, 2, 50):
        assert scenes.walk(partial(page, None, limit), limit, may_be_short=True) == [record, *markers]
        assert scenes.walk(partial(page, "P2", limit), limit, may_be_short=True) == markers
        assert scenes.walk(partial(page, "P3", limit), limit, may_be_short=True) == []


def test_the_first_records_of_a_day_are_found_by_target(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    record = scenes.inspected(store)
    scenes.supplement(store, record)

    asked, other = builders.row(), builders.row(where="E-2")
    before = builders.row(due=DAY - timedelta(days=1))
    assert store.firsts(UNIT, [asked, other]) == {asked.shared: [record]}
    assert store.firsts(UNIT, [before]) == {}
    assert store.firsts(UNIT, []) == {}
