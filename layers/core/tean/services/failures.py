"""What goes wrong with one of many must not keep the others from their turn, and must not be passed over either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Failures:
    """Those of one run, told at its end."""

    def __init__(self) -> None:
        self._kept: list[Exception] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever is raised within is kept for the end."""
        try:
            yield
        except Exception as failure:
            self._kept.append(failure)

    def told(self, what: str) -> None:
        """Raise all of them as one, if there are any."""
        if self._kept:
            raise ExceptionGroup(what, self._kept)
