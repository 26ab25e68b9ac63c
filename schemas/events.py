"""Messages between functions."""

from __future__ import annotations

from datetime import date

from schemas.base import Request
from schemas.language import Duty


class OpenUnit(Request):
    """Open one day of one duty for one unit."""

    unit: str
    duty: Duty
    due: date
