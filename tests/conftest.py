"""How hard hypothesis looks: the same few examples at every ``make test``, many new ones in a campaign. And that a run
of all tests is held to the acceptance list.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.acceptance import watch

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile(
    "test",
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_SLOW,
)
settings.register_profile(
    "campaign",
    max_examples=2_000,
    stateful_step_count=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=_SLOW,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))


def pytest_configure(config: pytest.Config) -> None:
    """Every row of docs/acceptance.md has to be proved."""
    watch(config)
