"""What no log line may hold is found, and what only looks like it is not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra import demo
from tests import discretion
from tests.discretion import Watch, finds

PLANTED = {
    "a phone number": "called by 10000000101 at noon",
    "a name": f"{demo.people()[0].name} was here",
    "an openid": "o" + "0123456789abcdef01234567890" + " came in",
    "a session's token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMDAwIn0.c2lnbmF0dXJl",
    "an authorization": "Authorization: Bearer 0123456789abcdef0123",
    "WeChat's token": "POST /wxa/business/getuserphonenumber?access_token=abc",
    "WeChat's secret": "GET /sns/jscode2session?appid=wx0&secret=abc",
    "a WeChat code": "GET /sns/jscode2session?js_code=abc",
}


def test_every_kind_is_planted_once() -> None:
    assert PLANTED.keys() == discretion.PRIVATE.keys()


@pytest.mark.parametrize("kind", PLANTED)
def test_each_is_found_and_told_without_being_repeated(kind: str) -> None:
    (told,) = finds(PLANTED[kind])
    assert told.startswith(kind)
    assert len(told) <= len(kind) + discretion.SHOWN + len(" (…)")


@pytest.mark.parametrize(
    "text",
    [
        "1795829557179", "2026-11-28T01:32:37.179+00:00", "91990000MA00000008", "abc10000000101", "1.10000000101",
        "123456789012", "POST /v1/login", "secret", "the openid is kept as a hash", "access_token", "Bearer",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert list(finds(text)) == []


@pytest.fixture
def planted() -> Iterator[tuple[Watch, logging.Logger]]:
    """A watch of its own: the one of this run must not hear what is planted here."""
    watch, logger = Watch(), logging.getLogger("planted")
    logger.propagate = False
    logger.addHandler(watch)
    yield watch, logger
    logger.removeHandler(watch)
    logger.propagate = True


def test_a_line_that_names_a_person_fails_its_test_and_says_where(planted: tuple[Watch, logging.Logger]) -> None:
    watch, logger = planted
    logger.warning("called by %s", PLANTED["a phone number"].split()[2])
    logger.warning("invocation", extra={"facts": {"who": PLANTED["a name"]}})
    teardown = watch.pytest_runtest_teardown()
    next(teardown)
    with pytest.raises(AssertionError, match=r"planted \(test_discretion\.py:\d+\): a phone number \(10…\)") as failed:
        next(teardown)
    assert "a name" in str(failed.value)
    assert "10000000101" not in str(failed.value)
    watch.judge()


def test_what_is_logged_after_the_last_test_fails_the_run(planted: tuple[Watch, logging.Logger]) -> None:
    watch, logger = planted
    logger.warning(PLANTED["an openid"])
    session = SimpleNamespace(exitstatus=0)
    watch.pytest_sessionfinish(session)  # type: ignore[arg-type]  # all it touches
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED


def test_the_words_of_an_exception_are_not_printed_and_so_not_found(planted: tuple[Watch, logging.Logger]) -> None:
    watch, logger = planted
    try:
        raise ValueError(PLANTED["a phone number"])
    except ValueError:
        logger.exception("failed")
    assert watch.found == []


def test_a_line_in_a_file_of_a_stack_is_found_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "gateway.log").write_text(f"all is well\n{PLANTED['a phone number']}\n", "utf-8")
    (tmp_path / "pump.log").write_text("all is well\n", "utf-8")
    assert discretion.of_files(tmp_path) == ["gateway.log:2: a phone number (10…)"]
    with pytest.raises(AssertionError, match="gateway"):
        discretion.assert_nothing(discretion.of_files(tmp_path))


def test_this_very_run_is_watched() -> None:
    assert any(isinstance(handler, Watch) for handler in logging.getLogger().handlers)
