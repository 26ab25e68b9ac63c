"""Ctrl-C and its kin, taken at moments when nothing gets lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody wants the stack to stop. Not an Exception, so that nothing on the way takes it for a failure."""


class Interrupts:
    """The first signal raises :class:`Stopped`."""

    def __init__(self) -> None:
        self._asked = False
        self._waiting = False

    def take(self) -> None:
        """From now on."""
        for number in SIGNALS:
            # Started under nohup it is to outlive its terminal.
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            signal.signal(number, self._ask)

    def ignore(self) -> None:
        """Whatever comes now would only cut the farewell short."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if not self._asked:
            self._asked = True
            if not self._waiting:
                raise Stopped

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """What is done in here is done to the end first: a process that was started must be noted too."""
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False
        if self._asked:
            raise Stopped
