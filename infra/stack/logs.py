"""What the parts write down. Never a phone, a name or a code: an exception's own words may quote them."""

from __future__ import annotations

import logging
import sys
import traceback


def write_log() -> None:
    """Log to standard error, which is the part's file under ``logs``."""
    shape = "%(asctime)s %(levelname)s %(name)s %(message)s"
    logging.basicConfig(format=shape, level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("tean").setLevel(logging.INFO)


def without_words(error: BaseException) -> str:
    """The class and the way of an exception."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
