"""What every request and answer shares: strict shapes, clean text, ids that are safe in a URL.

Models are built when they are first used (``defer_build``): imports are cold-start time, and a cold start needs few.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _clean(text: str) -> str:
    """NFC, trimmed; line breaks and tabs are the only control characters a person means."""
    text = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and char not in "\n\t" for char in text):
        raise ValueError("含有不可见的控制字符，请删去后再试")
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError("不能为空")
    return text


Line = Annotated[str, StringConstraints(max_length=120), AfterValidator(_clean), AfterValidator(_filled)]
"""One short text: a reason, a name."""

Text = Annotated[str, StringConstraints(max_length=600), AfterValidator(_clean), AfterValidator(_filled)]
"""A few sentences."""

LongText = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_clean), AfterValidator(_filled)]
"""What a report says: a page at most."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
"""A code within a unit: of a person, a target, an item. URL-safe, and never containing a separator of our keys."""


def _each_once(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("同一台只能选一次")
    return codes


Devices = Annotated[tuple[Code, ...], Field(max_length=8), AfterValidator(_each_once)]
"""Targets a finding of a weekly or monthly inspection was made on, each once: each counts it among its open hazards."""

Day = Annotated[date, Field(ge=date(2023, 1, 1), le=date(2199, 12, 31))]
"""A business date that a person can mean; beyond it the calendar itself ends."""

FileId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\.[0-9a-f]{32}$")]
"""``<person>.<32 hex>``: names its owner, cannot be guessed."""

Cursor = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[A-Za-z0-9_.-]+$")]
"""An opaque, signed place in a list."""

Checklists = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}(\.[0-9a-f]{64}){0,3}$")]
"""The lists a task asks, each by its SHA-256."""

Secret = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[\x21-\x7e]+$")]
"""An opaque code handed out by WeChat."""


class Request(BaseModel):
    """What a client sends: nothing unknown is let through."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=2000, defer_build=True)


class Answer(BaseModel):
    """What a client gets; it can be made of any object that has its fields."""

    model_config = ConfigDict(frozen=True, from_attributes=True, defer_build=True)

    def to_json(self) -> str:
        """UTF-8 text without what is not set; Chinese is not escaped, it would triple."""
        return self.model_dump_json(exclude_none=True)


class ProblemAnswer(Answer):
    """The one shape of every refusal (``application/problem+json``): see ``tean.domain.errors``."""

    code: str
    status: int
    sentence: str
    details: dict[str, Any] = Field(default_factory=dict)
