"""Everything the product refuses, one tree.

::

    Problem                     what a caller is told: a stable code, an HTTP status, a sentence to act on
    ├── Invalid          400    the request itself is wrong
    ├── Unauthenticated  401    nobody we know
    ├── Forbidden        403    known, but not allowed
    ├── NotFound         404    nothing there for this caller
    ├── Conflict         409    somebody was faster, or it is not this step's turn
    ├── TooLarge         413    more than we take
    ├── TooOften         429    allowed, but not this often; it says when to try again
    └── Unavailable      503    a service we need does not answer; nothing was changed

A code is ``area.reason``. ``details`` never hold a name, phone number, openid or token.
"""

from __future__ import annotations

from math import ceil
from typing import Any, ClassVar


class Problem(Exception):
    """A refusal. ``sentence`` is Chinese and says what happened and what to do next."""

    status: ClassVar[int] = 500
    wait: int | None = None
    """In how many seconds it is worth another try, where that is known."""

    def __init__(self, code: str, sentence: str, **details: Any) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.details = details


class Invalid(Problem):
    """The request itself is wrong; sent again unchanged it will be refused again."""

    status = 400


class Unauthenticated(Problem):
    """Nobody we know: log in (again)."""

    status = 401


class Forbidden(Problem):
    """Known, but this membership may not do this."""

    status = 403


class NotFound(Problem):
    """Nothing there for this caller; what belongs to another unit is never said to exist."""

    status = 404


class Conflict(Problem):
    """Somebody was faster, or it is not this step's turn. Read again before the next try."""

    status = 409


class TooLarge(Problem):
    """More than one request may carry."""

    status = 413


class TooOften(Problem):
    """Allowed, but not this often; nothing was changed. ``what`` he did, in Chinese; ``wait`` in
    seconds, told in minutes."""

    status = 429

    def __init__(self, code: str, what: str, wait: int) -> None:
        super().__init__(code, f"{what}太频繁了，请过 {ceil(wait / 60)} 分钟再试。", wait=wait)
        self.wait = wait


class Unavailable(Problem):
    """A service we need does not answer; nothing was changed, trying again is safe."""

    status = 503
