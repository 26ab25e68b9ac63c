"""What schedules and queues call."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import events
from chalicelib.telemetry import JsonLine
from infra.stack.invoke import Context
from schemas.events import OpenUnit
from schemas.language import Duty
from tean import bootstrap
from tests.fakes import builders
from tests.fakes.uploading import ME, PHOTO, World
from tests.unit.functions.conftest import Api

CONTEXT = Context("open_unit", memory_limit_in_mb=512, seconds=60)


def queue_event(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]}


@pytest.fixture
def opened(api: Api) -> Api:
    api.store.apply(builders.changes())
    return api


def message(unit: str = builders.UNIT) -> str:
    return OpenUnit(unit=unit, duty=Duty.DAILY, due=builders.DAY).model_dump_json()


def test_the_schedule_asks_for_the_day_it_fired_not_the_day_it_is_handled(opened: Api) -> None:
    opened.clock.move(days=1)
    assert events.open_days({"time": "2026-11-22T16:05:00Z"}, CONTEXT) == {"units": 1}
    duties = (Duty.DAILY, Duty.WEEKLY, Duty.WEEKLY_REPORT)
    assert opened.messages.opened == [(builders.UNIT, duty, builders.DAY) for duty in duties]


def test_a_delivered_twice_message_opens_the_day_once(opened: Api) -> None:
    event = queue_event(message(), message())
    assert events.open_unit(event, CONTEXT) == {"batchItemFailures": []}
    assert len(opened.store.rows(builders.UNIT, "P1", Duty.DAILY, builders.DAY)) == 1


def test_a_bad_message_does_not_hold_up_its_neighbours(opened: Api) -> None:
    reply = events.open_unit(queue_event("{", message(), '{"unit": "x"}'), CONTEXT)
    assert reply == {"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m2"}]}
    assert opened.store.sheet(builders.UNIT, "P1", Duty.DAILY, builders.DAY) is not None


def test_a_unit_that_is_gone_is_not_an_error(opened: Api) -> None:
    assert events.open_unit(queue_event(message("91990000MA0000000X")), CONTEXT) == {"batchItemFailures": []}


def test_the_sweep_says_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.send(b"photo")
    world.uploads.request_upload(ME, PHOTO)
    world.clock.move(minutes=15)
    monkeypatch.setattr(bootstrap, "sweep", lambda: world.sweep)
    assert events.sweep_uploads({}, CONTEXT) == {"again": 1, "gone": 1}
    assert events.sweep_uploads({}, CONTEXT) == {"again": 0, "gone": 0}


def test_a_failure_is_logged_with_its_place_and_without_its_words(
    opened: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(caplog.handler, "formatter", JsonLine())
    words = "示例人员张 10000000901"

    def quoting(unit: str) -> None:
        raise ExceptionGroup(words, [ValueError(words)])

    monkeypatch.setattr(opened.store, "roster", quoting)
    assert events.open_unit(queue_event(message()), CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert words not in caplog.text
    assert "in quoting" in caplog.text and "ValueError" in caplog.text
