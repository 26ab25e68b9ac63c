"""How far the officers are."""

from __future__ import annotations

from datetime import date

from schemas.base import Answer, Request
from schemas.checklists import InspectionDuty


class ProgressPath(Request):
    """Of which duty."""

    duty: InspectionDuty


class OfficerProgress(Answer):
    """How far one officer is."""

    person: str
    name: str
    owed: int
    done: int


class ProgressAnswer(Answer):
    """How far the officers are in the bucket that is on, over all that the caller sees: each target counted once or,
    weekly and monthly, each target kind of each officer.

    ``done`` counts what was checked in use, ``suspended`` the targets declared suspended: both are dealt with.
    ``officers`` are only told weekly and monthly, where each owes his own.
    """

    today: date
    due: date
    owed: int
    done: int
    suspended: int
    officers: tuple[OfficerProgress, ...] = ()
