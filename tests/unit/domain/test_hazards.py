from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.hazards import HazardPath
from schemas.language import HazardState
from tean.domain.hazard_ids import finder_of, hazard_id, item_of, target_of
from tean.domain.hazards import overdue
from tests.fakes.builders import DAY, NOW, hazard

CODES = st.from_regex(re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", re.ASCII), fullmatch=True)
INSTANTS = st.datetimes(datetime(2023, 5, 5), datetime(2040, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)


def test_an_id_begins_with_the_found_instant_to_the_millisecond() -> None:
    assert hazard_id(NOW, "E-1", "EL-D-02", "P1") == "20261123T013015123Z.E-1.EL-D-02.P1"


def test_a_millisecond_below_a_hundred_keeps_its_zeros() -> None:
    assert hazard_id(NOW.replace(microsecond=7000), "E-1", "A", "P1").startswith("20261123T013015007Z.")


@given(INSTANTS, CODES, CODES, CODES)
def test_an_id_gives_back_what_it_was_made_of(at: datetime, target: str, item: str, finder: str) -> None:
    id = hazard_id(at, target, item, finder)
    assert (target_of(id), item_of(id), finder_of(id)) == (target, item, finder)
    assert HazardPath(hazard=id).hazard == id


@given(INSTANTS, INSTANTS)
def test_ids_sort_by_age(one: datetime, other: datetime) -> None:
    ids = [hazard_id(at, "E-1", "A", "P1") for at in (one, other)]
    assert (ids[0] < ids[1]) == (one < other)


@pytest.mark.parametrize(
    ("state", "deadline", "expected"),
    [
        (HazardState.ORDERED, DAY - timedelta(days=1), True),
        (HazardState.ORDERED, DAY, False),
        (HazardState.ORDERED, DAY + timedelta(days=1), False),
        (HazardState.ORDERED, None, False),
        (HazardState.REPORTED, None, False),
        (HazardState.RECTIFIED, DAY - timedelta(days=1), False),
    ],
)
def test_overdue_is_past_its_deadline_and_not_rectified(
    state: HazardState, deadline: date | None, expected: bool
) -> None:
    assert overdue(hazard(state=state, deadline=deadline), DAY) is expected


@pytest.mark.parametrize(
    "wrong",
    ["", "20261123T013015123Z.E-1.A", "20261123T013015Z.E-1.A.P1", "20261123T013015123Z.E-1.A.P1\n", "x" * 121],
)
def test_what_is_no_id_is_refused_at_the_door(wrong: str) -> None:
    with pytest.raises(ValidationError):
        HazardPath(hazard=wrong)
