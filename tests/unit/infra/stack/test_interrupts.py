"""Ctrl-C at any moment loses nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from infra.stack.interrupts import SIGNALS, Interrupts, Stopped


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    before = [signal.getsignal(number) for number in SIGNALS]
    interrupts = Interrupts()
    interrupts.take()
    yield interrupts
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.usefixtures("interrupts")
def test_a_signal_stops(number: signal.Signals) -> None:
    with pytest.raises(Stopped):
        signal.raise_signal(number)


def test_what_was_begun_is_finished_first(interrupts: Interrupts) -> None:
    noted = []
    with pytest.raises(Stopped), interrupts.waiting():
        signal.raise_signal(signal.SIGINT)
        noted.append("the process that was just started")
    assert noted


def test_impatience_does_not_cut_the_farewell_short(interrupts: Interrupts) -> None:
    with pytest.raises(Stopped):
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    interrupts.ignore()
    signal.raise_signal(signal.SIGTERM)


def test_what_was_told_to_outlive_its_terminal_does(interrupts: Interrupts) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupts.take()
    signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
