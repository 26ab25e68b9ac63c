"""What ``make bench`` measures against each other does the same work; how long it takes is no matter here.

The frameworks lie in an environment of their own: the bench itself refuses one that answers anything else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app import app
from tests.bench import canned, ours
from tests.bench.cold_start import API, BARE, Laid, NotTheSame, own, start, storage
from tests.bench.opening_a_day import day
from tests.bench.ours import AtOnce, api, serving
from tests.bench.ratios import Ratio, paired
from tests.bench.routes import GET, POST, refused, routes
from tests.bench.serve import Context, OtherAnswer, Route, Side, check, check_refusal
from tests.bench.todo_page import page
from tests.fakes import scenes
from tests.fakes.builders import DAY, UNIT

SIDES = pytest.mark.parametrize("side", [ours.whole, ours.frame])
ROUTES = pytest.mark.parametrize("route", [POST, GET])


@SIDES
@ROUTES
def test_our_side_answers_what_every_side_has_to_answer(side: Side, route: str) -> None:
    with side() as handler:
        check(handler, routes()[route])
        check_refusal(handler, refused())


@SIDES
@ROUTES
def test_our_side_asks_who_it_is(side: Side, route: str) -> None:
    event = json.loads(json.dumps(routes()[route].event))
    event["headers"]["Authorization"] += "x"
    event["multiValueHeaders"]["Authorization"] = [event["headers"]["Authorization"]]
    with side() as handler:
        assert handler(event, Context())["statusCode"] == 401


def test_a_side_that_answers_anything_else_is_refused() -> None:
    def lazy(event: Any, context: Any) -> Mapping[str, Any]:
        return {"statusCode": 200, "body": "{}"}

    with pytest.raises(OtherAnswer):
        check(lazy, Route({}, 200, {"today": canned.TODAY}))
    with pytest.raises(OtherAnswer):
        check_refusal(lazy, {})


def test_every_submission_is_the_first_one() -> None:
    one = api()
    with serving(one):
        answers = [app(routes()[POST].event, Context()) for _ in range(2)]
    assert [answer["statusCode"] for answer in answers] == [201, 201]
    assert isinstance(one.store, AtOnce)
    assert one.store.facts(UNIT, canned.PERSON, canned.TARGET, ours.LIST.duty, DAY).first is None
    assert scenes.head_of(one.store, canned.TARGET).seq == 0


def test_both_make_the_same_page() -> None:
    with page() as one:
        answer, bare = json.loads(one.answer()), json.loads(one.bare_answer())
    targets = [row["target"] for row in canned.ROWS]
    assert [item["target"] for item in answer["items"]] == targets
    assert [row["sk"].rpartition("#")[2] for row in bare if "plan" not in row] == targets


def test_both_write_the_same_day_and_we_write_it_once() -> None:
    with day(devices=150) as one:
        rows = [item for item in one.items if "sheet" not in item]
        assert len(rows) == 150
        assert (one.open(), one.put_each()) == (len(one.items), len(one.items))
        assert one.calls(one.put_each) == Counter(PutItem=len(one.items))
        assert one.calls(one.open) == Counter(Query=2, TransactWriteItems=2)
        one.keep()
        assert (one.open(), one.calls(one.open)) == (0, Counter(Query=2))


def test_a_cold_start_is_measured_up_to_one_answer_to_one_query() -> None:
    with storage() as dynamo:
        api, bare = start(API, dynamo, Laid()), start(BARE, dynamo, Laid())
    assert min(api.init, api.answer, bare.init, bare.answer) > 0
    assert (bool(own(api.modules["init"])), own(bare.modules["answer"])) == (True, [])


def test_a_cold_start_that_answers_anything_else_is_refused() -> None:
    with storage() as dynamo, pytest.raises(NotTheSame):
        start(BARE, replace(dynamo, items=dynamo.items[1:]), Laid())


def test_a_ratio_tells_its_median_and_what_a_tenth_stayed_below_and_above() -> None:
    assert Ratio.of([number / 10 for number in range(11)]) == Ratio(0.5, 0.1, 0.9)


def test_each_of_a_pair_begins_every_other_round() -> None:
    done: list[str] = []
    paired(lambda: done.append("ours"), lambda: done.append("theirs"), rounds=2)
    assert done == ["ours", "theirs", *("ours", "theirs"), *("theirs", "ours")]
