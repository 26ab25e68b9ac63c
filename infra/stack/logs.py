"""What the parts write down. Never a phone, a name or a code: an exception's own words may quote them."""

from __future__ import annotations

import sys
import traceback

from chalicelib.telemetry import write_json_lines


def write_log() -> None:
    """Log to standard error, which is the part's file under ``logs``, in lines as on Lambda."""
    write_json_lines(sys.stderr)


def without_words(error: BaseException) -> str:
    """The class and the way of an exception."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
