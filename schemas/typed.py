"""What pydantic makes of a type that is no model of its own: built when it is first used.

Imports are cold-start time, and a cold start reads few kinds of things.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_built: dict[Any, TypeAdapter[Any]] = {}


def typed(type_: type[T]) -> TypeAdapter[T]:
    """How a value of ``type_`` is read, checked and written; made once."""
    if type_ not in _built:
        _built[type_] = TypeAdapter(type_)
    return _built[type_]
