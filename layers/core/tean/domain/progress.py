"""How far a bucket is, for those who answer for others: what officers owe and have done in all that one sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.language import Role
from tean.domain.membership import Membership
from tean.domain.tasks import Sheet
from tean.domain.visibility import sees_kind


@dataclass(frozen=True)
class Progress:
    """What is to be done, is done, and was found suspended; each target, or target kind of an officer, once."""

    owed: int = 0
    done: int = 0
    suspended: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.owed + other.owed, self.done + other.done, self.suspended + other.suspended)


def progress(member: Membership, sheets: Iterable[Sheet]) -> Mapping[str, Progress]:
    """By officer, the sums of his sheet over the target kinds that ``member`` sees; who has nothing in them is left
    out."""
    by_officer = {sheet.person: _seen(member, sheet) for sheet in sheets if sheet.role is Role.OFFICER}
    return {person: sums for person, sums in sorted(by_officer.items()) if sums != Progress()}


def _seen(member: Membership, sheet: Sheet) -> Progress:
    counted = (sheet.owed, sheet.done, sheet.suspended)
    return Progress(*(sum(many for kind, many in counts.items() if sees_kind(member, kind)) for counts in counted))
