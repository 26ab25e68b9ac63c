from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.stack import clock
from tean import bootstrap

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "utc_now", lambda: NOW)


def test_time_is_real_until_somebody_moves_it_and_from_then_on_ahead_of_it(tmp_path: Path, real: None) -> None:
    clock.follow(tmp_path, "gateway")
    assert bootstrap.utc_now() == NOW
    clock.set_ahead(tmp_path, "gateway", timedelta(days=1, milliseconds=1))
    assert bootstrap.utc_now() == NOW + timedelta(days=1, milliseconds=1)


def test_each_part_has_a_clock_of_its_own(tmp_path: Path, real: None) -> None:
    clock.follow(tmp_path, "pump")
    clock.set_ahead(tmp_path, "gateway", timedelta(days=1))
    assert bootstrap.utc_now() == NOW
