"""How hard hypothesis looks: the same few examples at every ``make test``, many new ones in a campaign. That a run
of all tests is held to the acceptance list, and any run to its discretion. And the one package that they share.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import acceptance, discretion
from tests.campaign import LARGE
from tests.package.making import make_all, shared

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
settings.load_profile("campaign" if LARGE else "test")


def pytest_configure(config: pytest.Config) -> None:
    """Every row of docs/acceptance.md has to be proved, and no line logged may name a person."""
    acceptance.watch(config)
    discretion.watch(config)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``build/`` with the package of every stage."""
    return shared(tmp_path_factory, "package", make_all) / "build"
