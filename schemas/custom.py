"""The unit's own checklists (自定义管控清单), edited by its administrator."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.base import Answer, Code, Request, Text
from schemas.checklists import Group, InspectionDuty
from schemas.instants import Instant
from schemas.language import Duty, Grade


class CustomPath(Request):
    """Which list: of which duty, for which target kind; weekly and monthly, filling is one."""

    duty: InspectionDuty
    kind: Code


class NewItem(Request):
    """An item to be asked from the next task on. ``hazard`` is the sentence that a 不合格 stands for."""

    group: Group
    text: Text
    hazard: Text
    grade: Grade = Grade.GENERAL
    na_allowed: bool = True


class EndedItem(Request):
    """An item of the unit's own that is asked no more in buckets that begin on ``ends`` or later."""

    item: Code
    ends: date


class RaisedItem(Request):
    """An item, fixed or the unit's own, that is graded higher from the next task on."""

    item: Code
    grade: Grade


class RevisionRequest(Request):
    """A new version. ``version`` is the one that was seen, 0 when there was none."""

    version: Annotated[int, Field(ge=0)]
    add: Annotated[tuple[NewItem, ...], Field(max_length=20)] = ()
    end: Annotated[tuple[EndedItem, ...], Field(max_length=40)] = ()
    raised: Annotated[tuple[RaisedItem, ...], Field(max_length=60)] = ()


class CustomListItem(Answer):
    """A list in the overview, as it is asked from the next task on: how many items are fixed, how many the unit's own,
    and how many of both the unit grades higher."""

    duty: Duty
    kind: str
    name: str
    fixed: int
    own: int
    raised: int


class CustomLists(Answer):
    """Every list the unit may add to."""

    items: tuple[CustomListItem, ...]


class ListedItem(Answer):
    """An item of the list: ``released`` is the grade it was released with, ``ends`` from when it is asked no more."""

    code: str
    group: str
    text: str
    hazard: str
    grade: Grade
    released: Grade
    na_allowed: bool
    custom: bool
    ends: date | None = None


class CustomListAnswer(Answer):
    """A list as it is in force from the next task on, the fixed items first; who made this version, and what he is
    called."""

    duty: Duty
    kind: str
    name: str
    version: int
    edited_by: str | None = None
    edited_by_name: str | None = None
    edited_at: Instant | None = None
    items: tuple[ListedItem, ...]
