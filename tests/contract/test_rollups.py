"""What is written with a roll-up: the month it is summed in, and the lists behind its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.language import Duty, Fate, Role, UnitKind
from tean.adapters.ports.days import PutRollup
from tean.adapters.ports.rollups import PARTS_AT_ONCE
from tean.adapters.ports.store import Store
from tean.domain.months import PeopleMonth
from tean.domain.outcomes import PART, Listing, Outcome, Outcomes
from tean.domain.records import Head
from tean.domain.rollups import Counts, Finds
from tests.fakes import builders, scenes
from tests.fakes.builders import DAY, NOW, OTHER_UNIT, UNIT

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
FRIDAY = DAY + timedelta(days=4)


def month(**fields: Any) -> PeopleMonth:
    """The first version of November's daily control, with one bucket in it."""
    counts = Counts(due=3, on_time=1, missed=2, zero_risk=1, fails=4)
    people = {"D1#director": {"3000": counts}, "P1": {"3000": counts, "4000": Counts(withdrawn=1)}}
    defaults: dict[str, Any] = {
        "duty": Duty.DAILY, "month": NOVEMBER, "people": people, "buckets": (DAY,), "version": 1,
    }  # fmt: skip
    return PeopleMonth(**defaults | fields)


def missed(where: str = "E-1", **fields: Any) -> Outcome:
    return Outcome(Fate.MISSED, where, "1 号客梯", UnitKind.USE, "3000", ("P1", "P2"), **fields)


def listing(*entries: Outcome, **fields: Any) -> Outcomes:
    defaults: dict[str, Any] = {"listing": "exceptions", "duty": Duty.DAILY, "due": DAY, "entries": entries}
    return Outcomes(**defaults | fields)


def written(store: Store, month: PeopleMonth | None = None, *lists: Outcomes, unit: str = UNIT, **fields: Any) -> bool:
    return store.write_day(unit, [PutRollup(builders.rollup(**fields), month, lists)])


# --- months -----------------------------------------------------------------------------------------------------------


def test_a_month_comes_back_as_it_was_written(store: Store) -> None:
    assert written(store, month())

    assert store.months(UNIT, Duty.DAILY, [NOVEMBER, DECEMBER]) == {NOVEMBER: month()}
    assert list(store.people_months(UNIT, NOVEMBER, NOVEMBER)) == [month()]


def test_a_month_is_only_written_after_the_version_before_it(store: Store) -> None:
    """And with it the roll-up is not."""
    assert not written(store, month(version=2))
    assert written(store, month())
    friday: dict[str, Any] = {"due": FRIDAY}
    assert [written(store, month(version=version), **friday) for version in (1, 3)] == [False, False]
    assert [one.due for one in store.rollups(UNIT, Duty.DAILY, until=FRIDAY, limit=9)] == [DAY]
    assert written(store, month(version=2, buckets=(DAY, FRIDAY)), **friday)

    assert [one.version for one in store.people_months(UNIT, NOVEMBER, NOVEMBER)] == [2]


def test_a_roll_up_that_does_not_fit_leaves_month_and_lists_as_they_were(store: Store) -> None:
    assert written(store, month(), listing(missed()))

    assert not written(store, month(version=2, people={}), listing())
    assert list(store.people_months(UNIT, NOVEMBER, NOVEMBER)) == [month()]
    assert store.outcomes(UNIT, "exceptions", Duty.DAILY, DAY, DAY).items == (listing(missed()),)


def test_the_months_of_every_duty_come_in_order_and_of_this_unit_alone(store: Store) -> None:
    weekly = month(duty=Duty.WEEKLY, buckets=())
    january = month(month=date(2027, 1, 1))
    for number, one in enumerate([january, month(month=DECEMBER), weekly, month()]):
        assert written(store, one, due=DAY + timedelta(days=number))
    assert written(store, month(), unit=OTHER_UNIT)

    assert list(store.people_months(UNIT, NOVEMBER, DECEMBER)) == [month(), weekly, month(month=DECEMBER)]
    assert list(store.people_months(UNIT, date(2026, 1, 1), date(2026, 10, 1))) == []


# --- lists ------------------------------------------------------------------------------------------------------------

ENTRIES = [
    missed(),
    missed("4000", share="officer-P1"),
    Outcome(Fate.ON_TIME, "E-3", "3 号", UnitKind.USE, "3000", ("P1",), at=NOW, zero_risk=True),
    Outcome(Fate.LATE, "E-2", "“门”𠮷", UnitKind.USE, "3000", ("P2", "P1"), at=NOW),
    Outcome(Fate.SUSPENDED, "L-1", "", UnitKind.PRODUCTION, "4000", ("P1",), at=NOW, share="director"),
    Outcome(Fate.UNCHECKED, "S-1", "1 号", UnitKind.FILLING, "GC_FILL", ()),
]


@pytest.mark.parametrize("part", [listing(*ENTRIES), listing(), listing(missed(), part=3, cut=True)])
def test_a_list_comes_back_as_it_was_written(store: Store, part: Outcomes) -> None:
    assert written(store, None, part)

    page = store.outcomes(UNIT, "exceptions", Duty.DAILY, DAY, DAY)
    assert (page.items, page.next) == ((part,), None)
    assert [one.digest for one in page.items] == [part.digest]


def test_an_entry_tells_as_what_it_was_to_be_done() -> None:
    assert [one.role for one in ENTRIES] == [
        Role.OFFICER, Role.OFFICER, Role.OFFICER, Role.OFFICER, Role.DIRECTOR, Role.OFFICER,
    ]  # fmt: skip


def test_lists_come_newest_first_by_last_day_and_part_by_part(store: Store) -> None:
    days = [DAY - timedelta(days=1), DAY, FRIDAY]
    for due in days:
        assert written(store, None, listing(missed(str(due)), due=due), listing(missed(), due=due, part=1), due=due)
    assert written(store, None, listing(duty=Duty.WEEKLY), duty=Duty.WEEKLY)
    assert written(store, None, listing(), unit=OTHER_UNIT)

    def places(since: date, until: date, duty: Duty = Duty.DAILY, place: str | None = None) -> list[tuple[date, int]]:
        return [
            (one.due, one.part) for one in store.outcomes(UNIT, "exceptions", duty, since, until, place=place).items
        ]

    whole = [(FRIDAY, 0), (FRIDAY, 1), (DAY, 0), (DAY, 1)]
    assert places(DAY, FRIDAY) == whole
    for first, (due, part) in enumerate(whole):
        assert places(DAY, FRIDAY, place=listing(due=due, part=part).place) == whole[first:]
    assert places(DAY, DAY, Duty.WEEKLY) == []
    assert places(DAY, DAY + timedelta(days=6), Duty.WEEKLY) == [(DAY, 0)]


def test_each_list_of_a_bucket_is_read_by_itself(store: Store) -> None:
    done = listing(replace(missed(), what=Fate.ON_TIME), listing="done")
    assert written(store, None, listing(missed()), done)

    assert store.outcomes(UNIT, "exceptions", Duty.DAILY, DAY, DAY).items == (listing(missed()),)
    assert store.outcomes(UNIT, "done", Duty.DAILY, DAY, DAY).items == (done,)


@pytest.mark.parametrize("which", PARTS_AT_ONCE)
def test_so_many_parts_are_read_at_once_and_the_last_says_where_to_go_on(store: Store, which: Listing) -> None:
    many = PARTS_AT_ONCE[which] + 1
    dues = [DAY + timedelta(days=number) for number in range(many)]
    for due in dues:
        assert written(store, None, listing(missed(), due=due, listing=which), due=due)

    first = store.outcomes(UNIT, which, Duty.DAILY, DAY, dues[-1])
    assert [one.due for one in first.items] == dues[:0:-1]
    rest = store.outcomes(UNIT, which, Duty.DAILY, DAY, dues[-1], place=first.next)
    assert ([one.due for one in rest.items], rest.next) == ([dues[1], dues[0]], None)


def test_a_list_takes_the_place_of_the_one_before(store: Store) -> None:
    assert written(store, None, listing(missed()))
    assert written(store, None, listing(), version=2)

    assert [one.entries for one in store.outcomes(UNIT, "exceptions", Duty.DAILY, DAY, DAY).items] == [()]


def test_ten_thousand_missed_targets_with_names_as_long_as_they_may_be_are_all_there(store: Store) -> None:
    everything = [_as_long_as_may_be(number) for number in range(10_000)]
    parts = [listing(*everything[at : at + PART], part=at // PART) for at in range(0, len(everything), PART)]
    assert written(store, None, *parts)

    kept: list[Outcome] = []
    place: str | None = None
    for _ in range(9):
        page = store.outcomes(UNIT, "exceptions", Duty.DAILY, DAY, DAY, place=place)
        kept += [entry for part in page.items if part.place != place for entry in part.entries]
        place = page.next
        if place is None:
            break
    assert kept == everything


def _as_long_as_may_be(number: int) -> Outcome:
    """A code of 32, a name of 60 characters that are hard to pack, eight officers."""
    name = "".join(chr(0x4E00 + (number * 7919 + at * at * 104729 + at * 31) % 20_000) for at in range(60))
    people = tuple(f"P{number % 97 + at:031d}" for at in range(8))
    return replace(missed(), target=f"E-{number:030d}", name=name, people=people)


# --- heads ------------------------------------------------------------------------------------------------------------


def test_heads_are_those_of_chains_that_began(store: Store) -> None:
    scenes.enrol(store)
    scenes.open_day(store)
    record = scenes.inspected(store)

    assert store.heads(UNIT, ["E-1", "E-2", "E-1"]) == {"E-1": Head(1, record.sha256, {})}
    assert store.heads(UNIT, []) == store.heads(OTHER_UNIT, ["E-1"]) == {}


# --- the roll-up itself -----------------------------------------------------------------------------------------------


def test_a_roll_up_comes_back_with_all_that_it_says(store: Store) -> None:
    """What the close reads is compared with what it counts: less would be written anew every night."""
    whole = builders.rollup(
        officers={"3000": Counts(due=1)}, inspected={"3000": 2}, unchecked={"3000": 1},
        lists={"exceptions": ("a", "b"), "done": ("c",)},
        hazards={"3000": {Duty.DAILY: Finds(serious=1, minutes=5)}}, people={"P1": {"3000": Counts(due=2, late=1)}},
    )  # fmt: skip
    assert store.write_day(UNIT, [PutRollup(whole)])
    assert store.rollups(UNIT, Duty.DAILY, until=DAY, limit=1) == [whole]
