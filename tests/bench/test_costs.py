"""A month of many officers may be computed from those of one and two: what is counted grows by the same for each."""

from __future__ import annotations

from datetime import date

import pytest

from tests import figures
from tests.bench.bill import PRICES, bill, counted
from tests.bench.costs import played
from tests.bench.ledger import Counts, added, scaled, times, total

TUESDAY = date(2026, 11, 3)
"""Two nights after the month and one after the week began, so that a unit settles in a few nights."""


def day(officers: int) -> Counts:
    """A day of officers with two lifts each, and the night before it."""
    *_, (_, counts) = played(officers, 2, first=TUESDAY, last=date(2026, 11, 4))
    return {name: amount for name, amount in counts.items() if "bytes" not in name[1]}


def test_each_further_officer_asks_for_the_same() -> None:
    one, two, three = map(day, (1, 2, 3))
    assert scaled(one, two, 3) == three
    assert total(one, "write_units") > 0 < total(one, "read_units")
    # Each check: its list twice, itself, the to-dos again.
    assert one["check", "calls"] == 2 * 4
    assert one["files", "verify_upload"] == 2 + 2, (
        "a signature each; the hazard, and how it looked when it was put right"
    )
    assert (one["night", "open_days"], one["night", "open_unit"]) == (1, one["night", "messages"])


def test_counts_are_added_multiplied_and_extrapolated() -> None:
    one, two = {("a", "x"): 5.0, ("b", "x"): 1.0}, {("a", "x"): 7.0, ("b", "x"): 1.0}
    assert scaled(one, two, 1) == one
    assert scaled(one, two, 40) == {("a", "x"): 5 + 39 * 2, ("b", "x"): 1}
    assert added(one, times(two, 2), {("c", "y"): 1}) == {("a", "x"): 19, ("b", "x"): 3, ("c", "y"): 1}
    assert total(two, "x") == 8


def test_everything_that_is_counted_has_a_price_and_stands_in_the_bill() -> None:
    counts: Counts = {("check", "calls"): 2e6, ("check", "write_units"): 1e6, ("files", "verify_upload"): 1e6}
    paid = counted(counts)
    assert paid.keys() == PRICES.keys()
    told = bill(paid)
    assert "| DynamoDB: write units | 1,000,000 | $ 0.625 / million | 0.62 |" in told
    assert "| API Gateway (REST): requests | 2,000,000 | $ 3.5 / million | 7.00 |" in told
    assert paid["Lambda: GB-seconds"] == pytest.approx(2e6 * 0.15 * 0.5 + 1e6 * 1.0 * 1.0)


@pytest.mark.parametrize(("page", "section"), [("figures", "month"), ("deploy", "costs")])
def test_the_counts_and_the_bill_have_their_place(page: str, section: str) -> None:
    text = figures.FIGURES.with_stem(page).read_text(encoding="utf-8")
    assert text.count(f"<!-- {section}: begin -->") == text.count(f"<!-- {section}: end -->") == 1
