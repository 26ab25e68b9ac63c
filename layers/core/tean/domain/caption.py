"""What is written on a photo: when the server permitted it to be sent, who sent it, what it is said to show.

Nothing that the server does not know itself. When a photo was taken only the phone could tell, and of one out of its
album not even the phone; the sender chooses the target, and it is printed as the unit has registered it, with the word
that it was chosen (ADR 23).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tean.domain import calendar
from tean.domain.errors import NotFound
from tean.domain.registry import PREFIX, as_target

if TYPE_CHECKING:
    from tean.domain.files import Upload
    from tean.domain.pictures import Caption
    from tean.domain.registry import Person, Target


def caption(upload: Upload, person: Person | None, target: Target | None) -> Caption:
    """The lines of a photo, with its sender and its target as they are registered.

    Codes come first: what is too long loses the end of a name. What is neither a target nor a kind is left out.
    """
    sent = f"上传 {upload.requested_at.astimezone(calendar.SHANGHAI):%Y-%m-%d %H:%M}"
    sender = f"{upload.person} {person.name}" if person else upload.person
    shown = _shown(upload.target, target)
    return (f"{sent}  {sender}", *([f"所选 {shown}"] if shown else ()))


def _shown(code: str | None, target: Target | None) -> str | None:
    if target:
        return f"{target.code.removeprefix(PREFIX[target.unit_kind])} {target.name}"
    # The code of a kind is ours, and says nothing to a person.
    with suppress(NotFound):
        return as_target(code).name if code else None
    return None
